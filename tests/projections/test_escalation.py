"""The rows that say which cases are worth a look, what became of each contact, and since when a customer has peace."""

from datetime import date, timedelta

import pytest

from domain.contact.facts import (
    About,
    Deferred,
    Delivered,
    DeliveryFailed,
    DeliveryUnknown,
    Done,
    HandedOver,
    Planned,
    Retried,
    Sent,
    Skipped,
    Withheld,
)
from domain.customer.facts import Registered
from domain.entry import Cause
from domain.invoice.facts import BureauWarned, Called, Issued, Reminded
from domain.receipt import Received
from domain.terms import Instalment
from infra.log.ledger import Batch
from infra.views.projector import Projector
from projections.escalation import asking
from projections.escalation.view import Escalation
from projections.open_items.view import OpenItems

DAY = date(2026, 3, 6)
CLAIM = "invoice:main:R-1"
LETTER, CALL = "contact:main:2026-03-06:email:1:ann", "contact:main:2026-03-06:phone:1:ann"
ABOUT = About(CLAIM, "friendly_reminder", 1, 1, date(2026, 3, 3), "EUR", 100, 100)
MESSAGE = Planned("message", "main", "ann", "friendly_reminder", "friendly", "en", "general", 1, (ABOUT,), "email")
TASK = Planned("call", "main", "ann", "firm_call", "firm", "en", "general", 1, (ABOUT,), "phone")
HANDED = HandedOver(1, "email", "<1@x>", "ab", (CLAIM,), "t")


def later(days):
    return DAY + timedelta(days=days)


class Told:
    """Facts of an invoice of ann's, and the views over them."""

    def __init__(self, ledger, pool):
        self.ledger, self.pool = ledger, pool
        self.projector = Projector(ledger, pool, [OpenItems(), Escalation()])
        self.tell("customer:ann", later(-60), Registered("ann"))
        terms = (Instalment(date(2026, 3, 3), 100),)
        self.tell(CLAIM, later(-30), Issued("R-1", "main", "ann", "EUR", 100, 0, later(-30), terms))

    def tell(self, stream, on, *facts):
        version = self.ledger.read([stream])[stream].version
        self.ledger.record_many([Batch(stream, version, [(fact, on) for fact in facts], Cause("t", "c"))])
        return self

    def ask(self, query):
        self.projector.catch_up()
        assert self.projector.parked("escalation") == []
        with self.pool.connection() as conn:
            return conn.execute(query.sql.encode(), query.values).fetchall()

    def last_contact(self, today=date(2026, 4, 15)):
        rows = self.ask(asking.last_contacts(["ann"], later(-90), today))
        return {(customer, entity): on for customer, entity, on in rows}.get(("ann", "main"))


@pytest.fixture
def told(ledger, pool):
    return Told(ledger, pool)


# Since when a customer has peace


def test_a_message_that_is_to_go_counts_from_the_day_it_was_planned_for(told):
    assert told.last_contact() is None
    told.tell(LETTER, DAY, MESSAGE)
    assert told.last_contact() == DAY
    assert told.last_contact(later(-1)) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([(Sent(1), 0)], 0),
        ([(Sent(1), 0), (Delivered(1), 2)], 0),
        ([(DeliveryUnknown(1, "lost"), 0)], 0),
        ([(DeliveryUnknown(1, "lost"), 0), (Skipped(), 1)], 0),
        ([(DeliveryFailed(1, "550"), 0)], None),
        ([(DeliveryFailed(1, "550"), 0), (Skipped(), 1)], None),
        ([(DeliveryFailed(1, "550"), 0), (Done("called instead", True), 1)], 1),
        ([(DeliveryFailed(1, "550"), 0), (Done("no answer", False), 1)], None),
        ([(DeliveryFailed(1, "550"), 0), (Retried(1), 9)], 9),
        ([(DeliveryFailed(1, "550"), 0), (Retried(1), 9), (HANDED, 10), (Sent(2), 10)], 10),
        ([(Deferred(1, "451", later(2)), 0)], 0),
        ([(Deferred(1, "451", later(2)), 0), (HANDED, 2), (Sent(2), 2)], 2),
    ],
)
def test_a_message_counts_from_the_day_it_went_out_and_not_at_all_where_it_did_not(told, facts, expected):
    told.tell(LETTER, DAY, MESSAGE, HANDED)
    for fact, days in facts:
        told.tell(LETTER, later(days), fact)
    assert told.last_contact() == (None if expected is None else later(expected))


def test_a_message_withheld_counts_for_nothing(told):
    told.tell(LETTER, DAY, MESSAGE, Withheld("paid"))
    assert told.last_contact() is None


@pytest.mark.parametrize(
    ("fact", "expected"),
    [(Done("reached", True), 2), (Done("no answer", False), None), (Skipped(), None)],
)
def test_a_call_counts_from_the_day_somebody_was_reached(told, fact, expected):
    told.tell(CALL, DAY, TASK)
    assert told.last_contact() is None
    told.tell(CALL, later(2), fact)
    assert told.last_contact() == (None if expected is None else later(expected))


@pytest.mark.parametrize(
    "fact",
    [
        Called("accounts payable", "reached", "forgot"),
        Reminded("a letter of my own", "letter", "a1b2"),
        BureauWarned("bureau", "letter", "a1b2"),
    ],
)
def test_what_people_did_beside_the_ladder_counts(told, fact):
    told.tell(CLAIM, DAY, fact)
    assert told.last_contact() == DAY


def test_the_reminder_that_a_message_leaves_on_its_invoice_counts_as_far_as_the_message_does(told):
    told.tell(LETTER, DAY, MESSAGE, Withheld("blocked"))
    told.tell(CLAIM, DAY, Reminded("friendly_reminder", "email", level=1, contact=LETTER, run=1))
    assert told.last_contact() is None


# The bank


def test_the_bank_is_known_where_entries_of_it_came_and_by_their_days(told):
    assert told.ask(asking.last_bank_day(DAY)) == [(None,)]
    told.tell("receipt:B-1", DAY, Received("B-1", "main", "EUR", 5, DAY, "ann"))
    assert told.ask(asking.last_bank_day(DAY)) == [(None,)]
    told.tell("receipt:B-2", later(2), Received("B-2", "main", "EUR", 5, later(2), "ann", bank_entry="E-2"))
    told.tell("receipt:B-3", DAY, Received("B-3", "main", "EUR", 5, DAY, "ann", bank_entry="E-3"))
    assert told.ask(asking.last_bank_day(later(9))) == [(later(2),)]
    assert told.ask(asking.last_bank_day(later(1))) == [(DAY,)]
