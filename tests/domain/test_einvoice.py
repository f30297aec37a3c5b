"""What makes an electronic invoice a claim: its type, its sums, and whose it is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.einvoice import CREDIT_NOTES, INVOICES, Buyer, EInvoice, Totals, customer_of, require_sound
from domain.refusal import Refused

ACME = Buyer(name="Acme GmbH", identifier="C-1", vat="DE123456789")
SUMS = Totals(
    due=Decimal("119.00"),
    gross=Decimal("119.00"),
    net=Decimal("100.00"),
    tax=Decimal("19.00"),
    line_total=Decimal("100.00"),
    lines=Decimal("100.00"),
    taxes=Decimal("19.00"),
)
CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))


def invoice(type_code: str = "380", currency: str = "EUR", **totals: Any) -> EInvoice:
    sums = SUMS._replace(**{name: Decimal(amount) for name, amount in totals.items()})
    return EInvoice(
        number="R-1", issued_on=date(2026, 1, 5), type_code=type_code, currency=currency, buyer=ACME, totals=sums
    )


def refusal_of(found: EInvoice) -> tuple[str, str, str]:
    with pytest.raises(Refused) as refused:
        require_sound(found)
    return refused.value.code, refused.value.field or "", refused.value.message


@pytest.mark.parametrize("type_code", ["380", "384", "389", "326", "386", "751"])
def test_invoices_of_every_type_are_claims(type_code: str):
    require_sound(invoice(type_code))
    assert not invoice(type_code).is_credit


@pytest.mark.parametrize("type_code", ["381", "396", "261"])
def test_credit_notes_are_told_by_their_type(type_code: str):
    require_sound(invoice(type_code))
    assert invoice(type_code).is_credit


def test_an_invoice_below_zero_is_a_credit():
    below = invoice(due="-119", gross="-119", net="-100", tax="-19", line_total="-100", lines="-100", taxes="-19")
    require_sound(below)
    assert (below.is_credit, below.claim_minor, below.tax_minor) == (True, -119_00, 19_00)


@pytest.mark.parametrize(("type_code", "what"), [("325", "a pro forma invoice"), ("9", "neither an invoice nor")])
def test_what_is_no_claim_is_refused_by_its_type(type_code: str, what: str):
    code, field, message = refusal_of(invoice(type_code))
    assert (code, field) == ("not_a_claim", "BT-3")
    assert what in message


def test_no_type_is_both():
    assert not INVOICES & CREDIT_NOTES


@pytest.mark.parametrize(
    ("totals", "field", "message"),
    [
        ({"due": "120.00"}, "BT-115", "BT-115 is 120.00, but BT-112 - BT-113 + BT-114 is 119.00"),
        ({"prepaid": "19.00"}, "BT-115", "BT-115 is 119.00, but BT-112 - BT-113 + BT-114 is 100.00"),
        ({"gross": "118.00"}, "BT-112", "BT-112 is 118.00, but BT-109 + BT-110 is 119.00"),
        ({"net": "90.00"}, "BT-109", "BT-109 is 90.00, but BT-106 - BT-107 + BT-108 is 100.00"),
        ({"allowances": "10.00"}, "BT-109", "BT-109 is 100.00, but BT-106 - BT-107 + BT-108 is 90.00"),
        ({"lines": "99.99"}, "BT-106", "BT-106 is 100.00, but the sum of the lines (BT-131) is 99.99"),
        ({"taxes": "18.99"}, "BT-110", "BT-110 is 19.00, but the sum of the VAT breakdown (BT-117) is 18.99"),
    ],
)
def test_sums_that_contradict_are_refused_with_their_terms(totals: dict[str, str], field: str, message: str):
    assert refusal_of(invoice(**totals)) == ("sums_contradict", field, message)


def test_allowances_charges_and_rounding_are_part_of_the_sums():
    sound = invoice(allowances="10", charges="5", net="95", tax="18.05", taxes="18.05", gross="113.05", due="113.00")
    require_sound(replace(sound, totals=sound.totals._replace(rounding=Decimal("-0.05"))))


def test_lines_with_more_decimals_than_the_sums_may_be_rounded():
    require_sound(invoice(lines="100.0049"))
    assert refusal_of(invoice(lines="100.0051"))[:2] == ("sums_contradict", "BT-106")


def test_what_an_invoice_does_not_say_contradicts_nothing():
    require_sound(replace(invoice(), totals=Totals(due=Decimal(119), gross=Decimal(119))))


def test_an_invoice_with_nothing_due_is_no_claim():
    assert refusal_of(invoice(prepaid="119.00", due="0.00"))[0] == "nothing_due"


@pytest.mark.parametrize(("currency", "code"), [("EURO", "unknown_currency"), ("XXX", "unknown_currency")])
def test_a_currency_nobody_knows_is_refused(currency: str, code: str):
    assert refusal_of(invoice(currency=currency))[0] == code


def test_an_amount_finer_than_the_currency_is_refused_and_zeros_are_not():
    assert invoice(due="119.0000").claim_minor == 119_00
    with pytest.raises(Refused, match=r"BT-115 is 119\.005, and EUR has fewer decimals"):
        _ = invoice(due="119.005").claim_minor
    assert invoice(currency="JPY", due="12000.00").claim_minor == 12_000


def test_the_tax_in_a_claim_that_was_paid_in_part_is_in_proportion():
    assert invoice().tax_minor == 19_00
    assert invoice(prepaid="59.50", due="59.50").tax_minor == 9_50


@given(CENTS, CENTS, CENTS, CENTS, CENTS, CENTS)
def test_sums_made_by_the_formulas_never_contradict(
    lines: Decimal, allowances: Decimal, charges: Decimal, tax: Decimal, prepaid: Decimal, rounding: Decimal
):
    net = lines - allowances + charges
    due = net + tax - prepaid + rounding
    sums = Totals(due, net + tax, net, tax, prepaid, rounding, lines, allowances, charges, lines, tax)
    found = replace(invoice(), totals=sums)
    if due:
        require_sound(found)
    assert found.claim_minor == due * 100
    for name in ("due", "gross", "net", "line_total", "tax"):
        shifted = sums._replace(**{name: getattr(sums, name) + Decimal("0.01")})
        assert refusal_of(replace(found, totals=shifted))[0] == "sums_contradict"


# Whose it is


def test_a_customer_is_known_by_the_identifier_else_the_vat_number_else_the_name():
    assert customer_of(ACME) == ("C-1", "identifier")
    assert customer_of(replace(ACME, identifier=None)) == ("DE123456789", "vat")
    assert customer_of(replace(ACME, identifier=None, vat=None)) == ("Acme GmbH", "name")


def test_what_customers_are_known_by_can_be_said():
    assert customer_of(ACME, "vat") == ("DE123456789", "vat")
    assert customer_of(ACME, "name") == ("Acme GmbH", "name")


@pytest.mark.parametrize(
    ("by", "buyer", "field"), [("identifier", {"identifier": None}, "BT-46"), ("vat", {"vat": None}, "BT-48")]
)
def test_a_buyer_without_what_customers_are_to_be_known_by_is_refused(by: Any, buyer: dict[str, Any], field: str):
    with pytest.raises(Refused) as refused:
        customer_of(replace(ACME, **buyer), by)
    assert (refused.value.code, refused.value.field) == ("missing", field)
