"""What is recorded after what came later: each story told in the wrong order, and what was so on each day."""

from datetime import date

import pytest

from domain.entry import credit_note_stream, invoice_stream, receipt_stream
from domain.receipt import Remittance
from domain.refusal import Refused
from domain.terms import Instalment
from projections.open_items.view import Timelines
from services.catalogue import credit_notes, customers, invoices, receipts
from tests.services.clerk import Ledger

R1, P1, P2 = invoice_stream("R-1", "main"), receipt_stream("P-1"), receipt_stream("P-2")


def march(day):
    return date(2026, 3, day)


class Told:
    """R-1 of 100 of 1 March, and commands about it in any order."""

    def __init__(self, *parts):
        self.ledger = Ledger(march(31))
        due = tuple(Instalment(march(20 + n), minor) for n, minor in enumerate(parts or (100,)))
        self.give(R1, invoices.ISSUE(customer="ann", amount_minor=100, currency="EUR", instalments=due), 1)

    def give(self, stream, request, day=None):
        return self.ledger.give(stream, request, march(day) if day else None)

    def pay(self, receipt, minor, day, named=None):
        asked = {"amount_minor": minor, "currency": "EUR", "entity": "main", "customer": "ann"}
        self.give(receipt, receipts.RECORD(**asked, invoices=(Remittance("R-1", named or minor),)), day)

    def allocate(self, receipt, minor, day):
        return self.give(receipt, receipts.ALLOCATE(invoices=(Remittance("R-1", minor),)), day)

    def shown(self, day):
        timelines = Timelines()
        for entry in self.ledger.entries:
            timelines.take(entry)
        return [
            (stream, period)
            for stream, items in timelines._items.items()
            for each in items
            for period in each.now
            if period.valid_from <= march(day) < period.valid_to
        ]

    def open(self, *days, of=R1):
        return [[period.open_minor for stream, period in self.shown(day) if stream == of] for day in days]

    def settled(self, day):
        return [(period.settled_on, period.settled_by) for stream, period in self.shown(day) if stream == R1]


def test_money_that_came_before_a_payment_that_bounced_pays_first():
    told = Told()
    told.pay(P1, 100, 5)
    told.give(P1, receipts.REVERSE(), 10)
    told.pay(P2, 40, 3)
    assert told.open(3, 5, 9, 10) == [[60], [0], [0], [60]]
    assert told.open(5, 9, 10, of=P1) == [[40], [40], [0]]


def test_of_two_chargebacks_the_earlier_one_recorded_last_leaves_what_it_did_not_take():
    told = Told()
    told.pay(P1, 100, 5)
    told.give(P1, receipts.REVERSE(amount_minor=30), 12)
    told.give(P1, receipts.REVERSE(amount_minor=20), 9)
    assert told.open(5, 9, 11, 12) == [[0], [20], [20], [50]]


def test_a_chargeback_ends_what_was_allocated_last_by_its_day_not_by_its_recording():
    told = Told()
    told.give(R2 := invoice_stream("R-2", "main"), invoices.ISSUE(customer="ann", amount_minor=50, currency="EUR"), 1)
    told.pay(P1, 100, 5, named=1)
    told.give(P1, receipts.ALLOCATE(invoices=(Remittance("R-2", 50),)), 8)
    told.allocate(P1, 49, 6)
    told.give(P1, receipts.REVERSE(amount_minor=50), 10)
    assert told.open(10) == [[50]] and told.open(10, of=R2) == [[50]]


def test_what_money_paid_before_it_went_back_can_still_be_said():
    told = Told()
    told.give(P1, receipts.RECORD(amount_minor=100, currency="EUR", entity="main"), 2)
    told.give(P1, receipts.REVERSE(), 10)
    told.allocate(P1, 100, 5)
    assert told.open(4, 5, 9, 10) == [[100], [0], [0], [100]]
    with pytest.raises(Refused, match="reversed"):
        told.allocate(P1, 100, 10)


def test_after_a_chargeback_later_money_pays_the_instalment_that_is_due_first():
    told = Told(60, 40)
    told.pay(P1, 60, 5)
    told.pay(P2, 40, 12)
    told.give(P1, receipts.REVERSE(), 10)
    assert told.open(5, 10, 12) == [[0, 40], [60, 40], [20, 40]]


def test_money_of_a_day_on_which_all_was_paid_or_given_up_is_a_recovery():
    told = Told()
    told.pay(P1, 50, 3)
    told.pay(P2, 50, 4)
    told.give(P1, receipts.REVERSE(), 10)
    told.give(R1, invoices.WRITE_OFF(amount_minor=50), 2)
    assert told.open(2, 3, 4, 10) == [[50], [0], [0], [50]]
    assert told.ledger.state(R1).written_off_minor == 0


def test_a_write_off_of_a_part_goes_before_a_later_one_of_all():
    told = Told()
    told.give(R1, invoices.WRITE_OFF(), 9)
    told.give(R1, invoices.WRITE_OFF(amount_minor=30), 4)
    assert told.open(3, 4, 8, 9) == [[100], [70], [70], [0]]


def test_a_voided_invoice_stays_void_when_a_credit_note_on_it_is_undone():
    told = Told()
    note = credit_note_stream("C-1", "main")
    told.give(R1, invoices.CREDIT(credit_note="C-1", amount_minor=30), 4)
    told.give(R1, invoices.VOID(), 6)
    told.give(note, credit_notes.UNDO())
    assert told.open(5, 6) == [[100], [0]]


def test_a_void_goes_before_a_later_credit_note_which_is_then_on_account():
    told = Told()
    told.give(R1, invoices.CREDIT(credit_note="C-1", amount_minor=30), 6)
    told.give(R1, invoices.VOID(), 4)
    assert told.open(3, 4, 6) == [[100], [0], [0]]
    assert told.open(6, of=credit_note_stream("C-1", "main")) == [[30]]


def test_a_credit_note_recorded_late_does_not_take_the_settlement_from_the_payment_after_it():
    told = Told()
    told.pay(P1, 70, 8)
    told.give(R1, invoices.CREDIT(credit_note="C-1", amount_minor=30), 4)
    assert told.settled(9) == [(march(8), "invoice.partially_paid")]


def test_whose_money_it_was_is_put_right_to_an_earlier_day_and_said_of_money_that_went_back():
    told = Told()
    told.give("customer:ann", customers.REGISTER(), 1)
    told.give(P1, receipts.RECORD(amount_minor=100, currency="EUR", entity="main"), 2)
    told.give(P1, receipts.REVERSE(), 10)
    assert told.give(P1, receipts.IDENTIFY(customer="ann"), 8)
    assert told.give(P1, receipts.IDENTIFY(customer="ann"), 3)
    assert not told.give(P1, receipts.IDENTIFY(customer="ann"), 3)
    assert [period.customer for day in (2, 3) for stream, period in told.shown(day) if stream == P1] == ["", "ann"]


def test_of_two_write_offs_of_the_same_amount_the_one_of_the_day_is_undone():
    told = Told()
    told.give(R1, invoices.WRITE_OFF(amount_minor=30), 9)
    told.give(R1, invoices.WRITE_OFF(amount_minor=30), 4)
    told.pay(P1, 60, 6)
    assert told.open(4, 6, 9) == [[70], [10], [0]]
    assert [(loss.on, loss.amount_minor) for loss in told.ledger.state(R1).write_offs] == [
        (march(4), 30),
        (march(9), 10),
    ]
