"""Credit notes: what they take from the invoice they name, and what is on account of the customer until it goes."""

from typing import Any

import pytest

from domain import credit_note as credit_notes
from domain import invoice as invoices
from domain.refusal import Refused
from tests.domain.account import Account, march, possible_from, refused


def owing(*minor: int) -> Account:
    ann = Account()
    for number, each in enumerate(minor or [100_00], 1):
        ann.issue(f"R-{number}", each)
    return ann


# What it takes


def test_a_credit_note_lessens_the_invoice_it_names_from_its_day_on():
    ann = owing()
    assert ann.credit("C-1", 30_00, "R-1", on=march(10)) == [
        "C-1: 10 March issued 30.00",
        "C-1: 10 March allocated 30.00",
        "R-1: 10 March credit note applied 30.00",
    ]
    assert [ann.open("R-1", march(day)) for day in (9, 10)] == [100_00, 70_00]


def test_the_same_credit_note_again_changes_nothing():
    ann = owing()
    ann.credit("C-1", 30_00, "R-1", on=march(10))
    assert ann.credit("C-1", 30_00, "R-1", on=march(10)) == []
    refused("number_taken", ann.credit, "C-1", 30_01, "R-1", on=march(10))
    refused("number_taken", ann.credit, "C-1", 30_00, "R-1", on=march(11))
    refused("number_taken", ann.credit, "C-1", 30_00, on=march(10))


def test_the_document_a_credit_note_was_read_from_is_kept_and_a_second_one_changes_nothing():
    asked: dict[str, Any] = {"credit_note": "C-1", "entity": "main", "customer": "ann", "currency": "EUR"}
    asked |= {"amount_minor": 30_00, "tax_minor": 0, "issued_on": march(10)}
    [issued] = credit_notes.issue(None, **asked, document="ab" * 32)
    assert issued.document == "ab" * 32
    note = credit_notes.fold([issued])
    assert all(credit_notes.issue(note, **asked, document=each) == [] for each in (None, "ab" * 32, "cd" * 32))
    with pytest.raises(Refused, match="is no SHA-256 of a document"):
        credit_notes.issue(None, **asked, document="invoice.pdf")


def test_what_exceeds_what_is_open_is_on_account():
    ann = owing()
    ann.pay("B-1", 80_00, "R-1", on=march(5))
    ann.credit("C-1", 30_00, "R-1", on=march(10), tax=3_00)
    [applied] = ann.invoice("R-1").credit_notes
    assert (applied.amount_minor, applied.tax_minor, ann.left("C-1")) == (20_00, 2_00, 10_00)


def test_a_credit_note_for_an_invoice_that_is_paid_is_on_account_as_a_whole():
    ann = owing()
    ann.pay("B-1", 100_00, "R-1", on=march(5))
    assert ann.credit("C-1", 30_00, "R-1", on=march(10)) == ["C-1: 10 March issued 30.00"]
    assert (ann.left("C-1"), ann.left("B-1")) == (30_00, 0)


def test_a_credit_note_that_names_no_invoice_is_on_account_until_it_is_allocated():
    ann = owing()
    assert ann.credit("C-1", 30_00, on=march(10)) == ["C-1: 10 March issued 30.00"]
    ann.allocate("C-1", "R-1")
    assert [ann.open("R-1", march(day)) for day in (9, 10)] == [100_00, 70_00]


def test_what_is_on_account_goes_to_the_oldest_invoices_when_none_is_named():
    ann = owing(20_00, 100_00)
    ann.credit("C-1", 50_00, on=march(10))
    ann.allocate("C-1")
    assert (ann.open("R-1"), ann.open("R-2"), ann.left("C-1")) == (0, 70_00, 0)


def test_a_credit_note_goes_to_no_invoice_before_it_was_issued():
    ann = owing()
    ann.credit("C-1", 30_00, on=march(10))
    possible_from(march(10), ann.allocate, "C-1", "R-1", on=march(5))


def test_a_credit_note_goes_to_an_invoice_of_later_from_the_day_that_was_issued():
    ann = owing()
    ann.credit("C-1", 30_00, on=march(10))
    ann.issue("R-2", 100_00, on=march(15))
    ann.allocate("C-1", "R-2")
    assert [ann.left("C-1", march(day)) for day in (10, 14, 15)] == [30_00, 30_00, 0]


def test_no_more_is_allocated_than_is_left_of_it():
    ann = owing()
    ann.credit("C-1", 30_00, on=march(10))
    refused("over_unallocated", ann.allocate, "C-1", "R-1", wanted=30_01)
    ann.allocate("C-1", "R-1", wanted=30_00)
    refused("over_unallocated", ann.allocate, "C-1", "R-1")


def test_what_is_left_of_it_is_paid_to_the_customer_from_the_day_it_was_there():
    ann = owing()
    ann.credit("C-1", 30_00, on=march(10))
    refused("over_unallocated", ann.refund, "C-1", 30_01, on=march(20))
    possible_from(march(10), ann.refund, "C-1", 30_00, on=march(5))
    assert ann.left("C-1") == 0


def test_a_credit_note_earns_no_discount_and_recovers_nothing():
    ann = owing()
    ann.write_off("R-1", 60_00, on=march(5))
    ann.credit("C-1", 50_00, "R-1", on=march(10))
    assert (ann.open("R-1"), ann.lost("R-1"), ann.left("C-1")) == (0, 60_00, 10_00)


# What it is refused for


def test_a_credit_note_for_an_invoice_that_is_not_there_void_lost_or_sold_is_refused():
    ann = owing(100_00, 100_00, 100_00)
    refused("not_issued", ann.credit, "C-1", 30_00, "R-9", on=march(10))
    ann.ask("R-1", invoices.void, on=march(5))
    refused("voided", ann.credit, "C-1", 30_00, "R-1", on=march(10))
    ann.write_off("R-2", on=march(5))
    refused("written_off", ann.credit, "C-1", 30_00, "R-2", on=march(10))
    sale = {"factor": "bank", "advance_basis_points": 9000, "fee_basis_points": 300}
    ann.ask("R-3", invoices.factor, on=march(5), **sale, with_recourse=False)
    refused("factored", ann.credit, "C-1", 30_00, "R-3", on=march(10))


def test_a_credit_note_on_account_goes_to_no_invoice_that_was_written_off():
    ann = owing()
    ann.write_off("R-1", on=march(5))
    ann.credit("C-1", 30_00, on=march(10))
    refused("nothing_open", ann.allocate, "C-1", "R-1")
    assert ann.lost("R-1") == 100_00


def test_a_credit_note_is_not_of_before_the_invoice_it_names():
    ann = Account()
    ann.issue("R-1", 100_00, on=march(5))
    refused("before_issue", ann.credit, "C-1", 30_00, "R-1", on=march(4))
    ann.credit("C-1", 30_00, "R-1", on=march(5))


@pytest.mark.parametrize("minor", [0, -1])
def test_a_credit_note_over_nothing_is_refused(minor):
    refused("not_positive", owing().credit, "C-1", minor, "R-1", on=march(10))


@pytest.mark.parametrize("tax", [-1, 30_01])
def test_the_tax_of_a_credit_note_lies_within_it(tax):
    refused("tax_out_of_range", owing().credit, "C-1", 30_00, "R-1", on=march(10), tax=tax)


@pytest.mark.parametrize(
    ("whose", "code"),
    [
        ({"currency": "EUR"}, "customer_missing"),
        ({"customer": "ann"}, "currency_missing"),
        ({"invoice": "R-1", "currency": "USD"}, "currency_differs"),
        ({"invoice": "R-1", "customer": "bob"}, "customer_differs"),
        ({"customer": "ann", "currency": "BTC"}, "unknown_currency"),
    ],
)
def test_customer_and_currency_are_those_of_the_invoice_or_are_given(whose, code):
    ann = owing()
    with pytest.raises(Refused) as refusal:
        ann.issue_credit(credit_note="C-1", amount_minor=30_00, on=march(10), **whose)
    assert refusal.value.code == code


# What a dispute won


def test_a_dispute_that_was_won_issues_a_credit_note_that_can_be_undone():
    ann = owing()
    ann.ask("R-1", invoices.dispute, on=march(5), reason_code="price", amount_minor=40_00)
    assert ann.resolve("R-1", on=march(10), outcome="upheld", credit_note="C-1") == [
        "R-1: 10 March dispute resolved 40.00",
        "R-1: 10 March credit note applied 40.00",
        "C-1: 10 March issued 40.00",
        "C-1: 10 March allocated 40.00",
    ]
    ann.undo_credit("C-1")
    assert ann.open("R-1", march(10)) == 100_00


def test_a_dispute_is_not_won_with_the_number_of_another_credit_note():
    ann = owing(100_00, 100_00)
    ann.credit("C-1", 40_00, "R-2", on=march(6))
    ann.ask("R-1", invoices.dispute, on=march(5), reason_code="price", amount_minor=40_00)
    refused("number_taken", ann.resolve, "R-1", on=march(10), outcome="upheld", credit_note="C-1")


def test_a_dispute_is_won_with_the_credit_note_that_was_issued_for_it_before():
    ann = owing()
    ann.ask("R-1", invoices.dispute, on=march(5), reason_code="price", amount_minor=40_00)
    ann.credit("C-1", 40_00, "R-1", on=march(6))
    assert ann.resolve("R-1", on=march(10), outcome="upheld", credit_note="C-1") == [
        "R-1: 10 March dispute resolved 40.00"
    ]


def test_a_credit_note_given_again_is_the_same_though_its_invoice_was_voided_since():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.credit("C-1", 40_00, "R-1", on=march(10))
    ann.ask("R-1", invoices.void, on=march(12))
    assert ann.credit("C-1", 40_00, "R-1", on=march(10)) == []
