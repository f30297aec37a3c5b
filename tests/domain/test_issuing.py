from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import invoice
from domain.entry import customer_stream, invoice_stream, receipt_stream
from domain.invoice.facts import (
    CreditNoteApplied,
    Factored,
    FeeCharged,
    InterestCharged,
    Part,
    PlacedWithAgency,
    Recovered,
    Voided,
    WrittenOff,
)
from domain.refusal import Refused
from domain.terms import Discount, Instalment
from tests.domain.examples import (
    DISCOUNTED,
    DUE,
    FIRST,
    IN_THREE,
    INVOICE,
    ISSUED_ON,
    SECOND,
    THIRD,
    claim_of,
    paid,
    part_paid,
)
from tests.stories import given

ASKED = {
    "number": "R-1",
    "entity": "main",
    "customer": "ann",
    "currency": "EUR",
    "total_minor": 1000_00,
    "tax_minor": 159_66,
    "issued_on": ISSUED_ON,
    "instalments": (Instalment(DUE, 1000_00),),
}
CREDITED = CreditNoteApplied("C-1", 100_00, 0, (Part(1, 100_00),), "short delivery")
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)


def asked(**other):
    return ASKED | other


def owing(total, **other):
    return asked(total_minor=total, tax_minor=0, instalments=[Instalment(DUE, total)], **other)


# Issuing


def test_an_invoice_is_issued_with_what_was_asked():
    given().when(invoice.issue, **ASKED).then(INVOICE)


def test_everything_on_the_paper_is_kept():
    discounts = [Discount(date(2026, 2, 9), 20_00), Discount(date(2026, 2, 19), 10_00)]
    given().when(
        invoice.issue,
        **asked(
            discounts=discounts, document_on=date(2026, 2, 1), reference="RF18 5390 0754 7034", purchase_order="PO 7"
        ),
    ).then(
        replace(
            INVOICE,
            discounts=tuple(discounts),
            document_on=date(2026, 2, 1),
            reference="RF18 5390 0754 7034",
            purchase_order="PO 7",
        )
    )


def test_an_invoice_over_30_30_40_owes_each_instalment_on_its_day():
    claim = claim_of(IN_THREE)
    assert [(item.kind, item.due_on, item.open_minor) for item in claim.items] == [
        ("principal", FIRST, 300_00),
        ("principal", SECOND, 300_00),
        ("principal", THIRD, 400_00),
    ]
    assert claim.open_minor == 1000_00


def test_an_invoice_may_be_due_on_the_day_it_is_issued():
    at_once = (Instalment(ISSUED_ON, 1000_00),)
    given().when(invoice.issue, **asked(instalments=at_once)).then(replace(INVOICE, instalments=at_once))


@pytest.mark.parametrize(("currency", "total"), [("JPY", 5), ("KWD", 1234), ("EUR", 1)])
def test_the_smallest_amounts_of_any_currency_can_be_owed(currency, total):
    [issued] = invoice.issue(None, **owing(total, currency=currency))
    assert claim_of(issued).open_minor == total


def test_the_same_invoice_again_changes_nothing():
    given(INVOICE).when(invoice.issue, **ASKED).then()
    given(INVOICE, part_paid(1_00)).when(invoice.issue, **ASKED).then()


def test_the_same_invoice_is_not_issued_again_after_it_was_voided():
    given(INVOICE, Voided("typing error", (Part(1, 1000_00),))).when(invoice.issue, **ASKED).then()


@pytest.mark.parametrize(
    "other",
    [
        {"customer": "bob"},
        {"currency": "USD"},
        {"tax_minor": 0},
        {"reference": "other"},
        {"issued_on": date(2026, 1, 29)},
        {"instalments": (Instalment(date(2026, 3, 2), 1000_00),)},
    ],
)
def test_a_number_that_was_used_for_another_invoice_is_taken(other):
    given(INVOICE).when(invoice.issue, **asked(**other)).refused("number_taken")


def test_a_currency_nobody_knows_is_refused_before_anything_else():
    given().when(invoice.issue, **asked(currency="EURO", total_minor=0)).refused("unknown_currency")


@pytest.mark.parametrize("total", [0, -1])
def test_an_invoice_over_nothing_is_refused(total):
    given().when(invoice.issue, **asked(total_minor=total)).refused("not_positive")


@pytest.mark.parametrize("tax", [-1, 1000_01])
def test_a_tax_that_is_no_part_of_the_total_is_refused(tax):
    given().when(invoice.issue, **asked(tax_minor=tax)).refused("tax_out_of_range")


@pytest.mark.parametrize("tax", [0, 1000_00])
def test_the_tax_may_be_nothing_or_all_of_the_total(tax):
    given().when(invoice.issue, **asked(tax_minor=tax)).then(replace(INVOICE, tax_minor=tax))


@pytest.mark.parametrize(
    "shares", [[], [999_99], [1000_01], [1000_00, 0], [1000_01, -1], [500_00, 499_99], [1] * 120 + [1000_00 - 120]]
)
def test_instalments_that_do_not_add_up_or_are_too_many_are_a_bad_schedule(shares):
    given().when(invoice.issue, **asked(instalments=[Instalment(DUE, share) for share in shares])).refused(
        "bad_schedule"
    )


def test_an_invoice_may_have_a_hundred_and_twenty_instalments():
    monthly = tuple(Instalment(DUE + timedelta(days=30 * month), 1_00) for month in range(120))
    [issued] = invoice.issue(None, **asked(total_minor=120_00, tax_minor=0, instalments=monthly))
    assert len(claim_of(issued).items) == 120


def test_an_instalment_due_the_day_before_the_issue_is_refused():
    before = Instalment(ISSUED_ON - timedelta(days=1), 500_00)
    given().when(invoice.issue, **asked(instalments=[Instalment(DUE, 500_00), before])).refused("due_before_issue")


@pytest.mark.parametrize("minor", [0, -1, 1000_00, 1000_01])
def test_a_discount_of_nothing_or_of_everything_is_refused(minor):
    given().when(invoice.issue, **asked(discounts=[Discount(DUE, 20_00), Discount(DUE, minor)])).refused("bad_discount")


@pytest.mark.parametrize("minor", [1, 999_99])
def test_a_discount_may_be_anything_between(minor):
    offered = (Discount(DUE, minor),)
    given().when(invoice.issue, **asked(discounts=offered)).then(replace(INVOICE, discounts=offered))


def test_a_discount_that_ends_before_the_issue_is_refused_and_one_for_that_very_day_is_not():
    day_before = [Discount(ISSUED_ON - timedelta(days=1), 20_00)]
    given().when(invoice.issue, **asked(discounts=day_before)).refused("bad_discount")
    that_day = (Discount(ISSUED_ON, 20_00),)
    given().when(invoice.issue, **asked(discounts=that_day)).then(replace(INVOICE, discounts=that_day))


# The names of streams


def test_a_stream_is_named_by_its_natural_key():
    assert invoice_stream("2026/17", "main") == "invoice:main:2026/17"
    assert invoice_stream("a:b", "main") == "invoice:main:a:b"
    assert customer_stream("1080-NDGAE") == "customer:1080-NDGAE"
    assert receipt_stream("k" * 200) == "receipt:" + "k" * 200


def test_two_invoices_never_share_a_stream():
    with pytest.raises(Refused) as refused:
        invoice_stream("c", "a:b")
    assert refused.value.code == "bad_key"


@pytest.mark.parametrize("key", ["", " ", " 17", "17 ", "1\x007", "1\n7", "\ud800", "k" * 201])
@pytest.mark.parametrize(
    "stream",
    [customer_stream, receipt_stream, lambda key: invoice_stream(key, "m"), lambda key: invoice_stream("1", key)],
)
def test_a_key_that_nobody_could_type_or_the_store_could_not_keep_is_refused(stream, key):
    with pytest.raises(Refused) as refused:
        stream(key)
    assert refused.value.code == "bad_key"


# Credit notes

CREDIT = {"credit_note": "C-1", "amount_minor": 100_00, "reason": "short delivery"}


def test_a_credit_note_lessens_what_is_owed():
    given(INVOICE).when(invoice.credit, **CREDIT).then(CREDITED)
    assert claim_of(INVOICE, CREDITED).open_minor == 900_00


def test_a_credit_note_takes_the_last_instalment_first():
    given(IN_THREE).when(invoice.credit, **(CREDIT | {"amount_minor": 450_00})).then(
        CreditNoteApplied("C-1", 450_00, 0, (Part(3, 400_00), Part(2, 50_00)), "short delivery")
    )


def test_a_credit_note_takes_charges_only_when_no_principal_is_left():
    fee = FeeCharged(2, 40_00, DUE, "§ 288 BGB")
    interest = InterestCharged(3, 10_00, date(2026, 2, 1), DUE, DUE, "9 points over base")
    given(INVOICE, fee, interest).when(invoice.credit, **(CREDIT | {"amount_minor": 1045_00})).then(
        CreditNoteApplied("C-1", 1045_00, 0, (Part(1, 1000_00), Part(3, 10_00), Part(2, 35_00)), "short delivery")
    )


def test_a_credit_note_over_all_that_is_open_closes_the_claim():
    given(INVOICE, part_paid(1_00)).when(
        invoice.credit, **(CREDIT | {"amount_minor": 999_00, "tax_minor": 999_00})
    ).then(CreditNoteApplied("C-1", 999_00, 999_00, (Part(1, 999_00),), "short delivery"))


def test_a_credit_note_over_one_cent_more_than_is_open_is_refused():
    given(INVOICE, part_paid(1_00)).when(invoice.credit, **(CREDIT | {"amount_minor": 999_01})).refused("over_open")


def test_the_same_credit_note_again_changes_nothing():
    given(INVOICE, CREDITED).when(invoice.credit, **CREDIT).then()


def test_the_same_credit_note_again_changes_nothing_even_when_all_is_paid_since():
    given(INVOICE, CREDITED, paid(900_00)).when(invoice.credit, **CREDIT).then()


@pytest.mark.parametrize("other", [{"amount_minor": 100_01}, {"tax_minor": 1}])
def test_a_credit_note_s_number_is_not_used_for_another_amount(other):
    given(INVOICE, CREDITED).when(invoice.credit, **(CREDIT | other)).refused("number_taken")


def test_a_second_credit_note_over_the_same_amount_is_another():
    given(INVOICE, CREDITED).when(invoice.credit, **(CREDIT | {"credit_note": "C-2"})).then(
        replace(CREDITED, credit_note="C-2")
    )


@pytest.mark.parametrize("tax", [-1, 100_01])
def test_a_credit_note_s_tax_lies_within_it(tax):
    given(INVOICE).when(invoice.credit, **(CREDIT | {"tax_minor": tax})).refused("tax_out_of_range")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_credit_note_over_nothing_is_refused(amount):
    given(INVOICE).when(invoice.credit, **(CREDIT | {"amount_minor": amount})).refused("not_positive")


def test_nothing_is_credited_on_what_was_never_issued_is_paid_sold_or_void():
    given().when(invoice.credit, **CREDIT).refused("not_issued")
    given(INVOICE, paid()).when(invoice.credit, **CREDIT).refused("nothing_open")
    given(INVOICE, SOLD).when(invoice.credit, **CREDIT).refused("sold")
    given(INVOICE, Voided("typing error", (Part(1, 1000_00),))).when(invoice.credit, **CREDIT).refused("voided")


def test_a_claim_sold_with_recourse_may_still_be_credited():
    with_recourse = replace(SOLD, with_recourse=True, recourse_on=date(2026, 6, 30))
    given(INVOICE, with_recourse).when(invoice.credit, **CREDIT).then(CREDITED)


def test_a_credited_invoice_earns_its_discount_only_on_what_was_not_credited():
    claim = claim_of(DISCOUNTED, replace(CREDITED, amount_minor=500_00, parts=(Part(1, 500_00),)))
    assert invoice.payable_minor(claim, on=ISSUED_ON) == 490_00


# Voiding


def test_an_invoice_issued_by_mistake_is_voided():
    given(INVOICE).when(invoice.void, reason="typing error").then(Voided("typing error", (Part(1, 1000_00),)))


def test_a_voided_invoice_owes_nothing_not_even_its_charges():
    story = [INVOICE, FeeCharged(2, 40_00, DUE, "reminder fee")]
    [voided] = invoice.void(claim_of(*story), reason="typing error")
    claim = claim_of(*story, voided)
    assert (claim.open_minor, claim.is_voided) == (0, True)


def test_what_a_credit_note_left_open_is_voided():
    given(INVOICE, CREDITED).when(invoice.void, reason="duplicate").then(Voided("duplicate", (Part(1, 900_00),)))


def test_a_fully_credited_invoice_may_be_voided():
    all_of_it = replace(CREDITED, amount_minor=1000_00, parts=(Part(1, 1000_00),))
    given(INVOICE, all_of_it).when(invoice.void, reason="duplicate").then(Voided("duplicate", ()))


def test_voiding_twice_changes_nothing():
    given(INVOICE, Voided("typing error", (Part(1, 1000_00),))).when(invoice.void, reason="typing error").then()


def test_an_invoice_that_was_never_issued_is_not_voided():
    given().when(invoice.void, reason="typing error").refused("not_issued")


def test_an_invoice_with_payments_is_not_voided():
    given(INVOICE, part_paid(1_00)).when(invoice.void, reason="typing error").refused("has_payments")
    given(INVOICE, paid()).when(invoice.void, reason="typing error").refused("has_payments")


@pytest.mark.parametrize("with_recourse", [True, False])
def test_an_invoice_with_a_factor_is_not_voided(with_recourse):
    given(INVOICE, replace(SOLD, with_recourse=with_recourse)).when(invoice.void, reason="typing error").refused("sold")


def test_an_invoice_with_an_agency_is_not_voided():
    given(INVOICE, PlacedWithAgency("Inkasso", 2500, 1000_00)).when(invoice.void, reason="typing error").refused(
        "placed"
    )


def test_an_invoice_written_off_is_not_voided_and_a_recovered_one_has_payments():
    lost = WrittenOff("insolvent", 1000_00, 0, (Part(1, 1000_00),))
    given(INVOICE, lost).when(invoice.void, reason="typing error").refused("written_off")
    given(INVOICE, lost, Recovered("B-1", 1, 1000_00)).when(invoice.void, reason="typing error").refused("has_payments")
