"""UBL 2.1, as EN 16931 maps it: Invoice and CreditNote; XRechnung and Peppol BIS are written so."""

from collections.abc import Iterator
from datetime import date

from domain.einvoice import INVOICES, Buyer, EInvoice, Totals
from domain.refusal import Refused
from domain.terms import EarlyDiscount, Instalment
from infra.einvoice.markup import Markup, missing
from infra.einvoice.values import (
    country,
    discount,
    ibans,
    instalment,
    lines_of,
    mailbox,
    of_currency,
    required,
    sum_of,
    vat,
    zero,
)

_INVOICE = "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
_CREDIT_NOTE = "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote"
ROOTS = (_INVOICE, _CREDIT_NOTE)

_PARTY = "cac:AccountingCustomerParty/cac:Party"
_BUYER = "AccountingCustomerParty/Party"

# What an invoice may say and the ledger has no place for; a party's tax scheme only says whose number it is.
NOT_KEPT = {
    "CustomizationID": "",
    "ProfileID": "",
    "UBLVersionID": "",
    "Note": "BT-22 notes",
    "TaxPointDate": "BT-7 tax point",
    "TaxCurrencyCode": "BT-6 currency of tax accounting",
    "AccountingCost": "BT-19 buyer's booking reference",
    "BuyerReference": "BT-10 buyer's reference",
    "InvoicePeriod": "BG-14 invoicing period",
    "OrderReference/SalesOrderID": "BT-14 sales order",
    "BillingReference/InvoiceDocumentReference/IssueDate": "BT-26 day of the preceding invoice",
    "DespatchDocumentReference": "BT-16 despatch advice",
    "ReceiptDocumentReference": "BT-15 receiving advice",
    "OriginatorDocumentReference": "BT-17 tender",
    "ContractDocumentReference": "BT-12 contract",
    "AdditionalDocumentReference": "BG-24 supporting documents",
    "ProjectReference": "BT-11 project",
    "AccountingSupplierParty": "BG-4 seller",
    f"{_BUYER}/EndpointID": "BT-49 buyer's electronic address",
    f"{_BUYER}/PartyIdentification/ID": "BT-46 further identifiers of the buyer",
    f"{_BUYER}/PartyName/Name": "BT-45 buyer's trading name",
    f"{_BUYER}/PartyTaxScheme/TaxScheme": "",
    f"{_BUYER}/PartyTaxScheme/CompanyID": "BT-48 further tax numbers of the buyer",
    f"{_BUYER}/PartyLegalEntity/CompanyID": "BT-47 buyer's registration",
    f"{_BUYER}/Contact/Name": "BT-56 buyer's contact",
    "PayeeParty": "BG-10 payee",
    "TaxRepresentativeParty": "BG-11 seller's tax representative",
    "Delivery": "BG-13 delivery",
    "PaymentMeans/PaymentMeansCode": "BT-81 payment means",
    "PaymentMeans/PaymentID": "BT-83 further payment references",
    "PaymentMeans/PayeeFinancialAccount": "BG-17 account to pay to",
    "PaymentMeans/CardAccount": "BG-18 card",
    "PaymentMeans/PaymentMandate": "BG-19 direct debit",
    "AllowanceCharge": "BG-20 and BG-21 allowances and charges",
    "TaxTotal/TaxAmount": "BT-111 tax in the tax currency",
    "TaxTotal/TaxSubtotal": "BG-23 VAT breakdown",
    "InvoiceLine": "BG-25 lines",
    "CreditNoteLine": "BG-25 lines",
}


def read(root: Markup) -> EInvoice:
    """Refuses `missing`, `type_contradicts`, and values that are none of their kind, each naming its term."""
    number, issued_on = root.required("cbc:ID", "BT-1", "the number"), _issued_on(root)
    currency = root.required("cbc:DocumentCurrencyCode", "BT-5", "the currency")
    due_on = root.day("cbc:DueDate", "BT-9") or root.day("cac:PaymentMeans/cbc:PaymentDueDate", "BT-9")
    terms = [*_terms(root, currency, issued_on)]
    return EInvoice(
        number=number,
        issued_on=issued_on,
        type_code=_type_code(root),
        currency=currency,
        buyer=_buyer(root),
        totals=_totals(root, currency),
        due_on=due_on,
        wording=root.wording("cac:PaymentTerms/cbc:Note"),
        discounts=tuple(each for each in terms if isinstance(each, EarlyDiscount)),
        instalments=tuple(each for each in terms if isinstance(each, Instalment)),
        reference=root.text("cac:PaymentMeans/cbc:PaymentID", "BT-83"),
        purchase_order=root.text("cac:OrderReference/cbc:ID", "BT-13"),
        preceding=root.keys("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", "BT-25"),
        ibans=ibans(root.keys("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", "BT-84")),
        not_kept=root.left_over(NOT_KEPT),
    )


def _issued_on(root: Markup) -> date:
    found = root.day("cbc:IssueDate", "BT-2")
    if found is None:
        raise missing("BT-2", "the day of issue")
    return found


def _type_code(root: Markup) -> str:
    if root.tag == _INVOICE:
        return root.required("cbc:InvoiceTypeCode", "BT-3", "the type")
    found = root.required("cbc:CreditNoteTypeCode", "BT-3", "the type")
    if found in INVOICES:
        message = f"it is a CreditNote, and its type (BT-3) {found} is that of an invoice"
        raise Refused("type_contradicts", message, "BT-3")
    return found


def _buyer(root: Markup) -> Buyer:
    party = root.one(_PARTY)
    name = party and (
        party.text("cac:PartyLegalEntity/cbc:RegistrationName", "BT-44")
        or party.text("cac:PartyName/cbc:Name", "BT-44")
    )
    if not party or not name:
        raise missing("BT-44", "the buyer's name")
    at = "cac:PostalAddress/"
    return Buyer(
        name=name,
        identifier=party.key("cac:PartyIdentification/cbc:ID", "BT-46"),
        vat=vat(
            each.key("cbc:CompanyID", "BT-48")
            for each in party.all("cac:PartyTaxScheme")
            if each.text("cac:TaxScheme/cbc:ID", "BT-48") == "VAT"
        ),
        address=lines_of(
            party.text(f"{at}cbc:StreetName", "BT-50"),
            party.text(f"{at}cbc:AdditionalStreetName", "BT-51"),
            party.text(f"{at}cac:AddressLine/cbc:Line", "BT-163"),
            (party.text(f"{at}cbc:PostalZone", "BT-53"), party.text(f"{at}cbc:CityName", "BT-52")),
            party.text(f"{at}cbc:CountrySubentity", "BT-54"),
        ),
        country=country(party.text(f"{at}cac:Country/cbc:IdentificationCode", "BT-55")),
        phone=party.text("cac:Contact/cbc:Telephone", "BT-57"),
        email=party.text("cac:Contact/cbc:ElectronicMail", "BT-58") or mailbox(party.one("cbc:EndpointID")),
    )


def _totals(root: Markup, currency: str) -> Totals:
    at, tax = "cac:LegalMonetaryTotal/cbc:", of_currency(root.all("cac:TaxTotal"), "cbc:TaxAmount", currency)
    parts = tax.all("cac:TaxSubtotal/cbc:TaxAmount") if tax else []
    lines = [
        *root.all("cac:InvoiceLine/cbc:LineExtensionAmount"),
        *root.all("cac:CreditNoteLine/cbc:LineExtensionAmount"),
    ]
    return Totals(
        due=required(root.amount(f"{at}PayableAmount", "BT-115"), "BT-115", "the amount due"),
        gross=required(root.amount(f"{at}TaxInclusiveAmount", "BT-112"), "BT-112", "the total with tax"),
        net=root.amount(f"{at}TaxExclusiveAmount", "BT-109"),
        tax=tax.amount("cbc:TaxAmount", "BT-110") if tax else None,
        prepaid=zero(root.amount(f"{at}PrepaidAmount", "BT-113")),
        rounding=zero(root.amount(f"{at}PayableRoundingAmount", "BT-114")),
        line_total=root.amount(f"{at}LineExtensionAmount", "BT-106"),
        allowances=zero(root.amount(f"{at}AllowanceTotalAmount", "BT-107")),
        charges=zero(root.amount(f"{at}ChargeTotalAmount", "BT-108")),
        lines=sum_of(lines, "BT-131"),
        taxes=sum_of(parts, "BT-117"),
    )


def _terms(root: Markup, currency: str, issued_on: date) -> Iterator[EarlyDiscount | Instalment]:
    """What UBL has fields for and EN 16931 has not: some countries use them beside it."""
    for each in root.all("cac:PaymentTerms"):
        if percent := each.text("cbc:SettlementDiscountPercent", "BT-20"):
            until_on = each.day("cac:SettlementPeriod/cbc:EndDate", "BT-20")
            days = each.one("cac:SettlementPeriod/cbc:DurationMeasure")
            yield discount(percent, issued_on, until_on, days)
        elif amount := each.amount("cbc:Amount", "BT-20"):
            yield instalment(amount, each.day("cbc:PaymentDueDate", "BT-9"), currency)
