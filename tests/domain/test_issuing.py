from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import invoice as invoices
from domain.entry import customer_stream, invoice_stream, receipt_stream
from domain.invoice.facts import (
    Part,
    Voided,
)
from domain.refusal import Refused
from domain.terms import Discount, Instalment
from tests.domain.examples import (
    DUE,
    FIRST,
    IN_THREE,
    INVOICE,
    ISSUED_ON,
    SECOND,
    THIRD,
    invoice_of,
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


def asked(**other):
    return ASKED | other


def owing(total, **other):
    return asked(total_minor=total, tax_minor=0, instalments=[Instalment(DUE, total)], **other)


# Issuing


def test_an_invoice_is_issued_with_what_was_asked():
    given().when(invoices.issue, **ASKED).then(INVOICE)


def test_everything_on_the_paper_is_kept():
    discounts = [Discount(date(2026, 2, 9), 20_00), Discount(date(2026, 2, 19), 10_00)]
    given().when(
        invoices.issue,
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
    invoice = invoice_of(IN_THREE)
    assert [(item.kind, item.due_on, item.open_minor) for item in invoice.items] == [
        ("principal", FIRST, 300_00),
        ("principal", SECOND, 300_00),
        ("principal", THIRD, 400_00),
    ]
    assert invoice.open_minor == 1000_00


def test_an_invoice_bears_no_tax_unless_it_says_so():
    given().when(invoices.issue, **{key: value for key, value in ASKED.items() if key != "tax_minor"}).then(
        replace(INVOICE, tax_minor=0)
    )


def test_an_invoice_may_be_due_on_the_day_it_is_issued():
    at_once = (Instalment(ISSUED_ON, 1000_00),)
    given().when(invoices.issue, **asked(instalments=at_once)).then(replace(INVOICE, instalments=at_once))


@pytest.mark.parametrize(("currency", "total"), [("JPY", 5), ("KWD", 1234), ("EUR", 1)])
def test_the_smallest_amounts_of_any_currency_can_be_owed(currency, total):
    [issued] = invoices.issue(None, **owing(total, currency=currency))
    assert invoice_of(issued).open_minor == total


def test_the_same_invoice_again_changes_nothing():
    given(INVOICE).when(invoices.issue, **ASKED).then()
    given(INVOICE, part_paid(1_00)).when(invoices.issue, **ASKED).then()


def test_the_document_an_invoice_was_read_from_is_kept_and_a_second_one_changes_nothing():
    issued = replace(INVOICE, document="ab" * 32)
    given().when(invoices.issue, **ASKED | {"document": "ab" * 32}).then(issued)
    for document in (None, "ab" * 32, "cd" * 32):
        given(issued).when(invoices.issue, **ASKED | {"document": document}).then()
    given(INVOICE).when(invoices.issue, **ASKED | {"document": "ab" * 32}).then()


@pytest.mark.parametrize("document", ["", "ab" * 31, "AB" * 32, "invoice.pdf", "ab" * 32 + "\n"])
def test_a_document_is_named_by_its_sha_256(document: str):
    given().when(invoices.issue, **ASKED | {"document": document}).refused("bad_document")


def test_the_same_invoice_is_not_issued_again_after_it_was_voided():
    given(INVOICE, Voided((Part(1, 1000_00),))).when(invoices.issue, **ASKED).then()


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
    given(INVOICE).when(invoices.issue, **asked(**other)).refused("number_taken")


def test_a_currency_nobody_knows_is_refused_before_anything_else():
    given().when(invoices.issue, **asked(currency="EURO", total_minor=0)).refused("unknown_currency")


@pytest.mark.parametrize("total", [0, -1])
def test_an_invoice_over_nothing_is_refused(total):
    given().when(invoices.issue, **asked(total_minor=total)).refused("not_positive")


@pytest.mark.parametrize("tax", [-1, 1000_01])
def test_a_tax_that_is_no_part_of_the_total_is_refused(tax):
    given().when(invoices.issue, **asked(tax_minor=tax)).refused("tax_out_of_range")


@pytest.mark.parametrize("tax", [0, 1000_00])
def test_the_tax_may_be_nothing_or_all_of_the_total(tax):
    given().when(invoices.issue, **asked(tax_minor=tax)).then(replace(INVOICE, tax_minor=tax))


@pytest.mark.parametrize(
    "shares", [[], [999_99], [1000_01], [1000_00, 0], [1000_01, -1], [500_00, 499_99], [1] * 120 + [1000_00 - 120]]
)
def test_instalments_that_do_not_add_up_or_are_too_many_are_a_bad_schedule(shares):
    given().when(invoices.issue, **asked(instalments=[Instalment(DUE, share) for share in shares])).refused(
        "bad_schedule"
    )


def test_an_invoice_may_have_a_hundred_and_twenty_instalments():
    monthly = tuple(Instalment(DUE + timedelta(days=30 * month), 1_00) for month in range(120))
    [issued] = invoices.issue(None, **asked(total_minor=120_00, tax_minor=0, instalments=monthly))
    assert len(invoice_of(issued).items) == 120


def test_an_instalment_due_the_day_before_the_issue_is_refused():
    before = Instalment(ISSUED_ON - timedelta(days=1), 500_00)
    given().when(invoices.issue, **asked(instalments=[Instalment(DUE, 500_00), before])).refused("due_before_issue")


@pytest.mark.parametrize("minor", [0, -1, 1000_00, 1000_01])
def test_a_discount_of_nothing_or_of_everything_is_refused(minor):
    given().when(invoices.issue, **asked(discounts=[Discount(DUE, 20_00), Discount(DUE, minor)])).refused(
        "bad_discount"
    )


@pytest.mark.parametrize("minor", [1, 999_99])
def test_a_discount_may_be_anything_between(minor):
    offered = (Discount(DUE, minor),)
    given().when(invoices.issue, **asked(discounts=offered)).then(replace(INVOICE, discounts=offered))


def test_a_discount_that_ends_before_the_issue_is_refused_and_one_for_that_very_day_is_not():
    day_before = [Discount(ISSUED_ON - timedelta(days=1), 20_00)]
    given().when(invoices.issue, **asked(discounts=day_before)).refused("bad_discount")
    that_day = (Discount(ISSUED_ON, 20_00),)
    given().when(invoices.issue, **asked(discounts=that_day)).then(replace(INVOICE, discounts=that_day))


# The names of streams


def test_a_stream_is_named_by_its_natural_key():
    assert invoice_stream("2026/17", "main") == "invoice:main:2026/17"
    assert invoice_stream("a:b", "main") == "invoice:main:a:b"
    assert customer_stream("1080-NDGAE") == "customer:1080-NDGAE"
    assert customer_stream("7") == "customer:7"
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
