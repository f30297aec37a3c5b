"""CII (Cross Industry Invoice), as EN 16931 maps it: XRechnung, and what Factur-X and ZUGFeRD attach to a PDF."""

from collections.abc import Iterator
from datetime import date

from domain.einvoice import Buyer, EInvoice, Totals
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
    required,
    sum_of,
    vat,
    zero,
)

ROOT = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"

_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREED, _SETTLED = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement", f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_LINE = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"
_SUMS = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_DAY = "udt:DateTimeString"
_TERMS, _DISCOUNT = "ram:SpecifiedTradePaymentTerms", "ram:ApplicableTradePaymentDiscountTerms"
_IBAN = "ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount/ram:IBANID"
_DUE = f"ram:DueDateDateTime/{_DAY}"
# Lines of the extended profile that are the sums of others, or words alone.
_NO_LINES = ("GROUP", "INFORMATION")

_A = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
_S = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
_BUYER = f"{_A}/BuyerTradeParty"
_MEANS = f"{_S}/SpecifiedTradeSettlementPaymentMeans"

# What an invoice may say and the ledger has no place for.
NOT_KEPT = {
    "ExchangedDocumentContext": "",
    "ExchangedDocument/IncludedNote": "BT-22 notes",
    "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem": "BG-25 lines",
    "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery": "BG-13 delivery",
    f"{_A}/BuyerReference": "BT-10 buyer's reference",
    f"{_A}/SellerTradeParty": "BG-4 seller",
    f"{_A}/SellerTaxRepresentativeTradeParty": "BG-11 seller's tax representative",
    f"{_A}/SellerOrderReferencedDocument": "BT-14 sales order",
    f"{_A}/ContractReferencedDocument": "BT-12 contract",
    f"{_A}/AdditionalReferencedDocument": "BG-24 supporting documents",
    f"{_A}/SpecifiedProcuringProject": "BT-11 project",
    f"{_BUYER}/ID": "BT-46 further identifiers of the buyer",
    f"{_BUYER}/GlobalID": "BT-46 further identifiers of the buyer",
    f"{_BUYER}/SpecifiedLegalOrganization/TradingBusinessName": "BT-45 buyer's trading name",
    f"{_BUYER}/SpecifiedLegalOrganization/ID": "BT-47 buyer's registration",
    f"{_BUYER}/DefinedTradeContact/PersonName": "BT-56 buyer's contact",
    f"{_BUYER}/DefinedTradeContact/DepartmentName": "BT-56 buyer's contact",
    f"{_BUYER}/URIUniversalCommunication/URIID": "BT-49 buyer's electronic address",
    f"{_BUYER}/SpecifiedTaxRegistration/ID": "BT-48 further tax numbers of the buyer",
    f"{_S}/CreditorReferenceID": "BT-90 creditor identifier",
    f"{_S}/TaxCurrencyCode": "BT-6 currency of tax accounting",
    f"{_S}/PayeeTradeParty": "BG-10 payee",
    f"{_MEANS}/TypeCode": "BT-81 payment means",
    f"{_MEANS}/Information": "BT-82 payment means in words",
    f"{_MEANS}/ApplicableTradeSettlementFinancialCard": "BG-18 card",
    f"{_MEANS}/PayerPartyDebtorFinancialAccount": "BT-91 account to debit",
    f"{_MEANS}/PayeePartyCreditorFinancialAccount": "BG-17 account to pay to",
    f"{_MEANS}/PayeeSpecifiedCreditorFinancialInstitution": "BT-86 bank to pay to",
    f"{_S}/ApplicableTradeTax": "BG-23 VAT breakdown",
    f"{_S}/BillingSpecifiedPeriod": "BG-14 invoicing period",
    f"{_S}/SpecifiedTradeAllowanceCharge": "BG-20 and BG-21 allowances and charges",
    f"{_S}/SpecifiedLogisticsServiceCharge": "BG-21 charges for logistics",
    f"{_S}/SpecifiedTradePaymentTerms/DirectDebitMandateID": "BT-89 direct debit mandate",
    f"{_S}/SpecifiedTradePaymentTerms/ApplicableTradePaymentPenaltyTerms": "BT-20 penalty terms",
    f"{_S}/SpecifiedTradePaymentTerms/ApplicableTradePaymentDiscountTerms": "BT-20 discount of an amount, or of a part",
    f"{_S}/SpecifiedTradeSettlementHeaderMonetarySummation/TaxTotalAmount": "BT-111 tax in the tax currency",
    f"{_S}/InvoiceReferencedDocument/FormattedIssueDateTime": "BT-26 day of the preceding invoice",
    f"{_S}/ReceivableSpecifiedTradeAccountingAccount": "BT-19 buyer's booking reference",
}


def read(root: Markup) -> EInvoice:
    """Refuses `missing`, and values that are none of their kind, each naming its term."""
    number = root.required("rsm:ExchangedDocument/ram:ID", "BT-1", "the number")
    type_code = root.required("rsm:ExchangedDocument/ram:TypeCode", "BT-3", "the type")
    issued_on = root.day(f"rsm:ExchangedDocument/ram:IssueDateTime/{_DAY}", "BT-2")
    if issued_on is None:
        raise missing("BT-2", "the day of issue")
    settled = root.one(_SETTLED)
    if settled is None:
        raise missing("BT-115", "the amount due")
    currency = settled.required("ram:InvoiceCurrencyCode", "BT-5", "the currency")
    terms = [*_terms(settled, currency, issued_on)]
    return EInvoice(
        number=number,
        issued_on=issued_on,
        type_code=type_code,
        currency=currency,
        buyer=_buyer(root),
        totals=_totals(root, settled, currency),
        due_on=_due_on(settled),
        wording=settled.wording("ram:SpecifiedTradePaymentTerms/ram:Description"),
        discounts=tuple(each for each in terms if isinstance(each, EarlyDiscount)),
        instalments=tuple(each for each in terms if isinstance(each, Instalment)),
        reference=settled.text("ram:PaymentReference", "BT-83"),
        purchase_order=root.text(f"{_AGREED}/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", "BT-13"),
        preceding=settled.keys("ram:InvoiceReferencedDocument/ram:IssuerAssignedID", "BT-25"),
        ibans=ibans(settled.keys(_IBAN, "BT-84")),
        not_kept=root.left_over(NOT_KEPT),
    )


def _buyer(root: Markup) -> Buyer:
    party = root.one(f"{_AGREED}/ram:BuyerTradeParty")
    name = party and party.text("ram:Name", "BT-44")
    if not party or not name:
        raise missing("BT-44", "the buyer's name")
    at, contact = "ram:PostalTradeAddress/ram:", "ram:DefinedTradeContact/ram:"
    return Buyer(
        name=name,
        identifier=party.key("ram:ID", "BT-46") or party.key("ram:GlobalID", "BT-46"),
        vat=vat(
            each.key(".", "BT-48")
            for each in party.all("ram:SpecifiedTaxRegistration/ram:ID")
            if each.attribute("schemeID") == "VA"
        ),
        address=lines_of(
            party.text(f"{at}LineOne", "BT-50"),
            party.text(f"{at}LineTwo", "BT-51"),
            party.text(f"{at}LineThree", "BT-163"),
            (party.text(f"{at}PostcodeCode", "BT-53"), party.text(f"{at}CityName", "BT-52")),
            party.text(f"{at}CountrySubDivisionName", "BT-54"),
        ),
        country=country(party.text(f"{at}CountryID", "BT-55")),
        phone=party.text(f"{contact}TelephoneUniversalCommunication/ram:CompleteNumber", "BT-57"),
        email=party.text(f"{contact}EmailURIUniversalCommunication/ram:URIID", "BT-58")
        or mailbox(party.one("ram:URIUniversalCommunication/ram:URIID")),
    )


def _totals(root: Markup, settled: Markup, currency: str) -> Totals:
    at, named = f"{_SUMS}/ram:", settled.all(f"{_SUMS}/ram:TaxTotalAmount")
    tax = next((each for code in (currency, "") for each in named if each.attribute("currencyID") == code), None)
    return Totals(
        due=required(settled.amount(f"{at}DuePayableAmount", "BT-115"), "BT-115", "the amount due"),
        gross=required(settled.amount(f"{at}GrandTotalAmount", "BT-112"), "BT-112", "the total with tax"),
        net=settled.amount(f"{at}TaxBasisTotalAmount", "BT-109"),
        tax=tax.amount(".", "BT-110") if tax else None,
        prepaid=zero(settled.amount(f"{at}TotalPrepaidAmount", "BT-113")),
        rounding=zero(settled.amount(f"{at}RoundingAmount", "BT-114")),
        line_total=settled.amount(f"{at}LineTotalAmount", "BT-106"),
        allowances=zero(settled.amount(f"{at}AllowanceTotalAmount", "BT-107")),
        charges=zero(settled.amount(f"{at}ChargeTotalAmount", "BT-108")),
        lines=sum_of([total for line in root.all(_LINE) for total in _line_totals(line)], "BT-131"),
        taxes=sum_of(settled.all("ram:ApplicableTradeTax/ram:CalculatedAmount"), "BT-117"),
    )


def _line_totals(line: Markup) -> list[Markup]:
    if line.text("ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode", "BG-25") in _NO_LINES:
        return []
    sums = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    return line.all(f"ram:SpecifiedLineTradeSettlement/{sums}")


def _due_on(settled: Markup) -> date | None:
    """Not that of an instalment; that of a discount only where it is all there is. Refuses `terms_contradict`."""
    terms = [each for each in settled.all(_TERMS) if not each.one("ram:PartialPaymentAmount")]
    net = [each for each in terms if not each.one(_DISCOUNT)]
    days = {day for each in net or terms if (day := each.day(_DUE, "BT-9"))}
    if len(days) > 1:
        several = ", ".join(sorted(map(str, days)))
        raise Refused("terms_contradict", f"BT-9 is several days ({several}), and no amount is named for each", "BT-9")
    return next(iter(days), None)


def _terms(settled: Markup, currency: str, issued_on: date) -> Iterator[EarlyDiscount | Instalment]:
    due = settled.amount(f"{_SUMS}/ram:DuePayableAmount", "BT-115")
    for each in settled.all(_TERMS):
        if offered := each.one(_DISCOUNT):
            percent = offered.one("ram:CalculationPercent")
            base = offered.one("ram:BasisAmount")
            # One of another amount than the claim has no place in the ledger, and is left over.
            if percent and (base is None or base.amount(".", "BT-20") == due):
                yield _discount(each, offered, percent.value(), issued_on)
        elif amount := each.amount("ram:PartialPaymentAmount", "BT-20"):
            yield instalment(amount, each.day(_DUE, "BT-9"), currency)


def _discount(terms: Markup, offered: Markup, percent: str, issued_on: date) -> EarlyDiscount:
    offered.take()
    days = offered.one("ram:BasisPeriodMeasure")
    from_on = offered.day(f"ram:BasisDateTime/{_DAY}", "BT-20") or issued_on
    until_on = terms.day(_DUE, "BT-9") if days is None else None
    return discount(percent, issued_on, until_on, days, from_on)
