"""Electronic invoices, small and sound: what a story does not name is as in R-1, 119.00 EUR of Acme GmbH."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter

SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "einvoice"
NAMES = {
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
}
CII = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"the samples are not beside this checkout: {SAMPLES} is missing"
)


def tag(name: str, text: object) -> str:
    """Nothing for None."""
    return "" if text is None else f"<{name}>{text}</{name}>"


def party(identifier: str | None, vat: str | None, name: str | None) -> str:
    tax = f"<cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>" if vat else ""
    return (
        f"{tag('cac:PartyIdentification', tag('cbc:ID', identifier) or None)}"
        "<cac:PostalAddress><cbc:StreetName>Hafenweg 3</cbc:StreetName><cbc:CityName>Hamburg</cbc:CityName>"
        "<cbc:PostalZone>20457</cbc:PostalZone>"
        "<cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
        f"{tag('cac:PartyTaxScheme', tax or None)}"
        f"{tag('cac:PartyLegalEntity', tag('cbc:RegistrationName', name) or None)}"
        "<cac:Contact><cbc:Telephone>040 1234</cbc:Telephone><cbc:ElectronicMail>ap@acme.example</cbc:ElectronicMail>"
        "</cac:Contact>"
    )


def ubl(
    number: str | None = "R-1",
    *,
    type_code: str | None = "380",
    issued_on: str | None = "2026-01-05",
    due_on: str | None = "2026-02-04",
    terms: str | None = None,
    identifier: str | None = "C-1",
    vat: str | None = "DE 123 456 789",
    name: str | None = "Acme GmbH",
    currency: str | None = "EUR",
    lines: tuple[str, ...] = ("60.00", "40.00"),
    net: str | None = "100.00",
    tax: str | None = "19.00",
    gross: str | None = "119.00",
    prepaid: str | None = None,
    due: str | None = "119.00",
    preceding: tuple[str, ...] = (),
    reference: str | None = "RF18 R1",
    more: str = "",
    root: str = "Invoice",
) -> bytes:
    line = "InvoiceLine" if root == "Invoice" else "CreditNoteLine"
    said = "".join(f"<cac:{line}>{tag('cbc:LineExtensionAmount', each)}</cac:{line}>" for each in lines)
    before = "".join(
        f"<cac:BillingReference><cac:InvoiceDocumentReference>{tag('cbc:ID', each)}</cac:InvoiceDocumentReference>"
        "</cac:BillingReference>"
        for each in preceding
    )
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" {spaces}>'
        f"{tag('cbc:ID', number)}{tag('cbc:IssueDate', issued_on)}"
        f"{tag('cbc:DueDate', due_on) if root == 'Invoice' else ''}{tag(f'cbc:{root}TypeCode', type_code)}"
        f"{tag('cbc:DocumentCurrencyCode', currency)}"
        f"<cac:OrderReference><cbc:ID>PO-7</cbc:ID></cac:OrderReference>{before}"
        f"{tag('cac:AccountingCustomerParty', tag('cac:Party', party(identifier, vat, name)))}"
        f"<cac:PaymentMeans>{tag('cbc:PaymentID', reference)}</cac:PaymentMeans>"
        f"{tag('cac:PaymentTerms', tag('cbc:Note', terms) or None)}"
        f"<cac:TaxTotal>{tag('cbc:TaxAmount', tax)}</cac:TaxTotal>"
        f"<cac:LegalMonetaryTotal>{tag('cbc:LineExtensionAmount', net)}{tag('cbc:TaxExclusiveAmount', net)}"
        f"{tag('cbc:TaxInclusiveAmount', gross)}{tag('cbc:PrepaidAmount', prepaid)}{tag('cbc:PayableAmount', due)}"
        f"</cac:LegalMonetaryTotal>{said}{more}</{root}>"
    ).encode()


FEB_4 = "<ram:DueDateDateTime><udt:DateTimeString format='102'>20260204</udt:DateTimeString></ram:DueDateDateTime>"


def cii(
    number: str = "R-1",
    *,
    type_code: str = "380",
    terms: str = FEB_4,
    settled: str = "",
    lines: str = "",
    gross: str = "119.00",
    due: str = "119.00",
    tax: str = "<ram:TaxTotalAmount currencyID='EUR'>19.00</ram:TaxTotalAmount>",
) -> bytes:
    """`terms` are those of one block, unless they are whole blocks themselves."""
    block = (
        terms if terms.startswith("<ram:SpecifiedTradePaymentTerms>") else tag("ram:SpecifiedTradePaymentTerms", terms)
    )
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in CII.items())
    return (
        f"<rsm:CrossIndustryInvoice {spaces}>"
        f"<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{type_code}</ram:TypeCode><ram:IssueDateTime>"
        "<udt:DateTimeString format='102'>20260105</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>"
        f"<rsm:SupplyChainTradeTransaction>{lines}<ram:ApplicableHeaderTradeAgreement><ram:BuyerTradeParty>"
        "<ram:ID>C-1</ram:ID><ram:Name>Acme GmbH</ram:Name><ram:DefinedTradeContact>"
        "<ram:TelephoneUniversalCommunication><ram:CompleteNumber>040 1234</ram:CompleteNumber>"
        "</ram:TelephoneUniversalCommunication>"
        "<ram:EmailURIUniversalCommunication><ram:URIID>ap@acme.example</ram:URIID></ram:EmailURIUniversalCommunication>"
        "</ram:DefinedTradeContact><ram:PostalTradeAddress><ram:PostcodeCode>20457</ram:PostcodeCode>"
        "<ram:LineOne>Hafenweg 3</ram:LineOne><ram:CityName>Hamburg</ram:CityName><ram:CountryID>DE</ram:CountryID>"
        "</ram:PostalTradeAddress><ram:SpecifiedTaxRegistration><ram:ID schemeID='VA'>DE 123 456 789</ram:ID>"
        "</ram:SpecifiedTaxRegistration></ram:BuyerTradeParty>"
        "<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-7</ram:IssuerAssignedID>"
        "</ram:BuyerOrderReferencedDocument></ram:ApplicableHeaderTradeAgreement>"
        "<ram:ApplicableHeaderTradeSettlement><ram:PaymentReference>RF18 R1</ram:PaymentReference>"
        f"<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>{settled}{block}"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>100.00</ram:LineTotalAmount>"
        f"<ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>{tax}"
        f"<ram:GrandTotalAmount>{gross}</ram:GrandTotalAmount><ram:DuePayableAmount>{due}</ram:DuePayableAmount>"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


def pdf(attached: Mapping[str, bytes], *, password: str | None = None) -> bytes:
    """A page without a word, with files attached."""
    writer = PdfWriter()
    writer.add_blank_page(width=72, height=72)
    for name, data in attached.items():
        writer.add_attachment(name, data)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    written = BytesIO()
    writer.write(written)
    return written.getvalue()
