"""The same invoice in UBL and in CII says the same, term by term, and what is not taken is named."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.einvoice import EInvoice
from domain.refusal import Refused
from domain.terms import EarlyDiscount, Instalment
from infra.einvoice import read_einvoice
from tests.einvoices import FEB_4, cii, tag, ubl

MAR_4 = FEB_4.replace("20260204", "20260304")


def block(*parts: str) -> str:
    return f"<ram:SpecifiedTradePaymentTerms>{''.join(parts)}</ram:SpecifiedTradePaymentTerms>"


def offered(*parts: str) -> str:
    return f"<ram:ApplicableTradePaymentDiscountTerms>{''.join(parts)}</ram:ApplicableTradePaymentDiscountTerms>"


DAYS_10 = "<ram:BasisPeriodMeasure unitCode='DAY'>10</ram:BasisPeriodMeasure>"
PER_CENT_2 = "<ram:CalculationPercent>2.00</ram:CalculationPercent>"


def refusal_of(data: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        read_einvoice(data)
    return refused.value.code, refused.value.field or ""


def without_places(found: EInvoice) -> EInvoice:
    """Lines alone are not kept of the small invoice in UBL; the one in CII has none."""
    return replace(found, not_kept=(), totals=found.totals._replace(lines=None))


def test_both_syntaxes_say_the_same():
    found = without_places(read_einvoice(ubl()))
    assert found == without_places(read_einvoice(cii()))
    assert (found.number, found.issued_on, found.due_on) == ("R-1", date(2026, 1, 5), date(2026, 2, 4))
    assert (found.currency, found.totals.due, found.totals.tax) == ("EUR", Decimal(119), Decimal(19))
    assert (found.reference, found.purchase_order) == ("RF18 R1", "PO-7")
    buyer = found.buyer
    assert (buyer.name, buyer.identifier, buyer.vat, buyer.country) == ("Acme GmbH", "C-1", "DE123456789", "DE")
    assert (buyer.address, buyer.email) == (("Hafenweg 3", "20457 Hamburg"), "ap@acme.example")


# What must be there, and what it must be


@pytest.mark.parametrize(
    ("missing", "term"),
    [
        ({"number": None}, "BT-1"),
        ({"number": "  "}, "BT-1"),
        ({"issued_on": None}, "BT-2"),
        ({"type_code": None}, "BT-3"),
        ({"currency": None}, "BT-5"),
        ({"name": None}, "BT-44"),
        ({"gross": None}, "BT-112"),
        ({"due": None}, "BT-115"),
    ],
)
def test_what_an_invoice_must_say_is_refused_as_missing(missing: dict[str, Any], term: str):
    assert refusal_of(ubl(**missing)) == ("missing", term)


@pytest.mark.parametrize(
    ("wrong", "code", "term"),
    [
        ({"issued_on": "5 January"}, "not_a_day", "BT-2"),
        ({"issued_on": "2026-02-30"}, "not_a_day", "BT-2"),
        ({"issued_on": "0026-02-03"}, "not_a_day", "BT-2"),
        ({"due_on": "soon"}, "not_a_day", "BT-9"),
        ({"due": "1,19"}, "not_an_amount", "BT-115"),
        ({"due": "1e5"}, "not_an_amount", "BT-115"),
        ({"due": "1" * 15}, "not_an_amount", "BT-115"),
        ({"due": "NaN"}, "not_an_amount", "BT-115"),
        ({"number": "R" * 101}, "too_long", "BT-1"),
        ({"reference": "x" * 201}, "too_long", "BT-83"),
        ({"number": "R\u200b1"}, "not_printable", "BT-1"),
    ],
)
def test_values_that_are_none_of_their_kind_are_refused_with_their_term(wrong: dict[str, Any], code: str, term: str):
    assert refusal_of(ubl(**wrong)) == (code, term)


def test_a_country_is_one_of_two_letters():
    assert refusal_of(ubl().replace(b">DE</cbc:Id", b">Germany</cbc:Id")) == ("not_a_country", "BT-55")


def test_a_day_may_have_a_time_zone():
    assert read_einvoice(ubl(issued_on="2026-01-05+01:00")).issued_on == date(2026, 1, 5)


def test_a_credit_note_in_ubl_cannot_have_the_type_of_an_invoice():
    assert refusal_of(ubl(root="CreditNote", type_code="380")) == ("type_contradicts", "BT-3")
    assert read_einvoice(ubl(root="CreditNote", type_code="381")).is_credit


def test_the_invoices_before_it_are_named_once_each():
    assert read_einvoice(ubl(preceding=("R-0", "R-0", "Q-9"))).preceding == ("R-0", "Q-9")
    before = tag("ram:InvoiceReferencedDocument", tag("ram:IssuerAssignedID", "R-0"))
    assert read_einvoice(cii(settled=before)).preceding == ("R-0",)


# Terms of payment in CII, which has fields for them


def test_a_discount_counts_its_days_from_issue():
    found = read_einvoice(cii(terms=FEB_4 + offered(DAYS_10, PER_CENT_2)))
    assert (found.due_on, found.discounts) == (date(2026, 2, 4), (EarlyDiscount(10, 200),))


def test_a_discount_may_begin_to_count_later_or_end_on_a_day():
    later = "<ram:BasisDateTime><udt:DateTimeString format='102'>20260107</udt:DateTimeString></ram:BasisDateTime>"
    assert read_einvoice(cii(terms=FEB_4 + offered(later, DAYS_10, PER_CENT_2))).discounts == (EarlyDiscount(12, 200),)
    on_its_day = block(FEB_4.replace("0204", "0115"), offered(PER_CENT_2)) + block(FEB_4)
    found = read_einvoice(cii(terms=on_its_day))
    assert (found.due_on, found.discounts) == (date(2026, 2, 4), (EarlyDiscount(10, 200),))


def test_a_discount_on_a_part_or_of_an_amount_is_left_over():
    for parts in (
        (DAYS_10, PER_CENT_2, tag("ram:BasisAmount", "50.00")),
        (DAYS_10, tag("ram:ActualDiscountAmount", "2.38")),
    ):
        found = read_einvoice(cii(terms=FEB_4 + offered(*parts)))
        assert found.discounts == ()
        assert any("discount of an amount, or of a part" in each for each in found.not_kept)
    whole = read_einvoice(cii(terms=FEB_4 + offered(DAYS_10, PER_CENT_2, tag("ram:BasisAmount", "119.00"))))
    assert (whole.discounts, whole.not_kept) == ((EarlyDiscount(10, 200),), ())


@pytest.mark.parametrize(
    "parts", [(PER_CENT_2,), (DAYS_10.replace("DAY", "MON"), PER_CENT_2), (DAYS_10, PER_CENT_2.replace("2.00", "x"))]
)
def test_a_discount_without_days_or_per_cent_is_refused(parts: tuple[str, ...]):
    assert refusal_of(cii(terms=block(offered(*parts)))) == ("bad_discount", "BT-20")


def test_parts_with_a_day_each_are_instalments():
    def half(day: str) -> str:
        return block(day, "<ram:PartialPaymentAmount>59.50</ram:PartialPaymentAmount>")

    found = read_einvoice(cii(terms=half(FEB_4) + half(MAR_4)))
    halves = (Instalment(date(2026, 2, 4), 59_50), Instalment(date(2026, 3, 4), 59_50))
    assert (found.instalments, found.due_on) == (halves, None)
    assert refusal_of(cii(terms=half(FEB_4) + half(""))) == ("bad_schedule", "BT-9")


def test_two_due_days_without_amounts_are_refused():
    assert refusal_of(cii(terms=block(FEB_4) + block(MAR_4))) == ("terms_contradict", "BT-9")
    assert read_einvoice(cii(terms=block(FEB_4) + block(FEB_4))).due_on == date(2026, 2, 4)


# Tax in two currencies, and lines that are sums of others


def test_the_tax_is_that_in_the_currency_of_the_invoice():
    other = "<ram:TaxTotalAmount currencyID='SEK'>212.80</ram:TaxTotalAmount>"
    found = read_einvoice(cii(tax=f"{other}<ram:TaxTotalAmount currencyID='EUR'>19.00</ram:TaxTotalAmount>"))
    assert found.totals.tax == Decimal(19)
    assert found.not_kept == ("BT-111 tax in the tax currency (TaxTotalAmount)",)


def test_the_tax_in_ubl_is_that_in_the_currency_of_the_invoice_with_its_breakdown():
    def total(currency: str, amount: str, part: str) -> str:
        said = f"<cbc:TaxAmount currencyID='{currency}'>{amount}</cbc:TaxAmount>"
        return tag("cac:TaxTotal", said + tag("cac:TaxSubtotal", tag("cbc:TaxAmount", part)))

    found = read_einvoice(ubl(tax=None, more=total("SEK", "212.80", "212.80") + total("EUR", "19.00", "18.99")))
    assert (found.totals.tax, found.totals.taxes) == (Decimal("19.00"), Decimal("18.99"))
    assert "BT-111 tax in the tax currency (TaxAmount)" in found.not_kept


def test_lines_that_sum_up_others_are_not_counted_twice():
    def line(amount: str, status: str = "") -> str:
        return (
            f"<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>{status}"
            "</ram:AssociatedDocumentLineDocument><ram:SpecifiedLineTradeSettlement>"
            f"<ram:SpecifiedTradeSettlementLineMonetarySummation>{tag('ram:LineTotalAmount', amount)}"
            "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
            "</ram:IncludedSupplyChainTradeLineItem>"
        )

    group = line("100.00", tag("ram:LineStatusReasonCode", "GROUP"))
    words = line("7.00", tag("ram:LineStatusReasonCode", "INFORMATION"))
    assert read_einvoice(cii(lines=group + line("60.00") + words + line("40.00"))).totals.lines == Decimal(100)


# What is not taken


def test_what_the_ledger_has_no_place_for_is_named_with_its_term_and_element():
    more = (
        "<cbc:Note>Thank you</cbc:Note>"
        "<cac:Delivery><cbc:ActualDeliveryDate>2026-01-04</cbc:ActualDeliveryDate></cac:Delivery>"
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID></cac:AdditionalDocumentReference>"
        "<cac:AdditionalDocumentReference><cbc:ID>2</cbc:ID></cac:AdditionalDocumentReference>"
    )
    assert read_einvoice(ubl(more=more)).not_kept == (
        "BG-25 lines (InvoiceLine, 2 times)",
        "BT-22 notes (Note)",
        "BG-13 delivery (Delivery)",
        "BG-24 supporting documents (AdditionalDocumentReference, 2 times)",
    )


def test_what_no_standard_has_is_named_by_its_path():
    more = "<cac:Strange><cbc:Thing>7</cbc:Thing><cbc:Empty/></cac:Strange>"
    assert "Strange/Thing" in read_einvoice(ubl(more=more)).not_kept


def test_of_very_many_strange_elements_the_number_is_named():
    more = "".join(f"<cbc:Odd{n}>1</cbc:Odd{n}>" for n in range(100))
    found = read_einvoice(ubl(more=more)).not_kept
    assert (len(found), found[-1]) == (41, "61 more")


def test_which_standard_it_follows_is_nothing_to_keep():
    more = "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>"
    assert read_einvoice(ubl(more=more)).not_kept == ("BG-25 lines (InvoiceLine, 2 times)",)
