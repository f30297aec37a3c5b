from datetime import date
from typing import Any

import pytest

from domain import customer
from domain import invoice as invoices
from domain.entry import Cause, customer_stream, invoice_stream
from domain.terms import EarlyDiscount, Instalment, Share
from tests.services.desk import FEB_10, JAN_12, JAN_20, ask_customer, ask_invoice, issue_invoice

ISSUED_ON = date(2026, 1, 5)
DEBTOR = customer_stream("acme")


@pytest.fixture
def issue(app):
    def issue(number="R-1", command="issue", **given):
        asked: dict[str, Any] = {
            "customer": "acme",
            "amount_minor": 100_00,
            "currency": "EUR",
            "issued_on": ISSUED_ON,
        } | given
        return issue_invoice(app, number, **asked, cause=Cause("ann", command))

    return issue


@pytest.fixture
def ask(app):
    def ask(decision, number="R-1", /, *, command, on=ISSUED_ON, **asked):
        return ask_invoice(app, decision, number, on=on, cause=Cause("ann", command), **asked)

    return ask


def issued(app, number="R-1"):
    return app.ledger.state(invoice_stream(number, "main")).issued


def test_issuing_registers_an_unknown_customer_in_the_same_commit(app, issue):
    done = issue(country="DE")

    assert [fact.name for fact in done.facts] == ["customer.registered", "invoice.issued"]
    assert app.ledger.state(DEBTOR).registered.country == "DE"
    assert [entry.effective_on for entry in app.ledger.entries(0)] == [ISSUED_ON, ISSUED_ON]


def test_issuing_for_a_known_customer_registers_nobody(app, issue):
    issue()

    assert [fact.name for fact in issue("R-2", "second").facts] == ["invoice.issued"]


def test_notes_are_shown_with_day_and_author_from_their_day_on_as_far_as_they_were_known(app, issue, ask, clock):
    issue()
    ask(invoices.note, command="n1", on=JAN_12, text="the crate was opened at customs")
    before = clock.at
    clock.pass_by(days=20)
    ask(invoices.note, command="n2", on=JAN_20, text="carrier accepts the damage")

    def notes(as_of, known_at=None):
        return [tuple(note.values()) for note in app.audit.state("R-1", as_of=as_of, known_at=known_at)["notes"]]

    first, second = (
        ("2026-01-12", "ann", "the crate was opened at customs"),
        ("2026-01-20", "ann", "carrier accepts the damage"),
    )
    assert notes(ISSUED_ON) == []
    assert notes(JAN_12) == [first]
    assert notes(FEB_10) == [first, second]
    assert notes(FEB_10, known_at=before) == [first]


def test_an_invoice_without_terms_is_due_net_thirty(app, issue):
    issue()

    assert issued(app).instalments == (Instalment(date(2026, 2, 4), 100_00),)


def test_an_invoice_follows_the_terms_agreed_with_the_customer(app, issue):
    ask_customer(app, customer.register, "acme", on=ISSUED_ON, cause=Cause("ann", "1"))
    thirds = (Share(0, 3000), Share(30, 3000), Share(60, 4000))
    terms = {"schedule": thirds, "discounts": (EarlyDiscount(10, 200),)}
    ask_customer(app, customer.agree_terms, "acme", on=ISSUED_ON, cause=Cause("ann", "2"), **terms)

    issue(amount_minor=100_01)

    assert [(each.due_on, each.minor) for each in issued(app).instalments] == [
        (date(2026, 1, 5), 30_00),
        (date(2026, 2, 4), 30_00),
        (date(2026, 3, 6), 40_01),
    ]
    assert [(each.until_on, each.minor) for each in issued(app).discounts] == [(date(2026, 1, 15), 2_00)]


def test_what_is_given_comes_before_the_customers_terms(app, issue):
    ask_customer(app, customer.register, "acme", on=ISSUED_ON, cause=Cause("ann", "1"))
    terms = {"schedule": (Share(60, 10000),), "discounts": (EarlyDiscount(10, 200),)}
    ask_customer(app, customer.agree_terms, "acme", on=ISSUED_ON, cause=Cause("ann", "2"), **terms)

    issue("R-1", "a", due_on=date(2026, 1, 20), discounts=())
    issue("R-2", "b", schedule=(Share(7, 5000), Share(14, 5000)))
    issue("R-3", "c", instalments=(Instalment(date(2026, 5, 1), 100_00),))

    assert issued(app, "R-1").instalments == (Instalment(date(2026, 1, 20), 100_00),)
    assert issued(app, "R-1").discounts == ()
    assert [each.due_on for each in issued(app, "R-2").instalments] == [date(2026, 1, 12), date(2026, 1, 19)]
    assert issued(app, "R-3").instalments == (Instalment(date(2026, 5, 1), 100_00),)


def test_the_same_command_again_gives_the_first_answer(app, issue):
    first = issue()
    again = issue()

    assert again.is_repeat
    assert (again.position, again.facts) == (first.position, first.facts)
    assert app.ledger.head().position == 2


def test_the_same_command_with_other_content_is_refused(issue, refused):
    issue()

    with refused("command_reused"):
        issue(amount_minor=99_00)


def test_the_same_invoice_under_another_command_changes_nothing(app, issue):
    issue()

    assert issue(command="again").facts == ()


def test_an_invoice_stays_as_it_was_issued_when_the_terms_change_afterwards(app, issue):
    issue()
    ask_customer(app, customer.agree_terms, "acme", on=ISSUED_ON, cause=Cause("ann", "2"), schedule=(Share(7, 10000),))

    assert issue(command="again").facts == ()


def test_the_same_number_with_other_content_is_refused(issue, refused):
    issue()

    with refused("number_taken"):
        issue(command="again", amount_minor=99_00)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("not_positive", {"amount_minor": 0}),
        ("not_positive", {"amount_minor": -5}),
        ("unknown_currency", {"currency": "XYZ"}),
        ("due_before_issue", {"due_on": date(2026, 1, 4)}),
        ("bad_schedule", {"schedule": (Share(7, 9000),)}),
        ("bad_key", {"customer": ""}),
    ],
)
def test_a_refused_invoice_leaves_no_trace(app, issue, code, given, refused):
    with refused(code):
        issue(**given)

    assert app.ledger.head().position == 0


def test_a_decision_is_recorded_under_its_cause(app, issue, ask):
    issue()

    done = ask(invoices.dispute, command="d", reason_code="price", amount_minor=40_00)

    [entry] = app.ledger.entries(done.position - 1)
    assert entry.fact.amount_minor == 40_00
    assert (entry.cause.actor, entry.cause.command_id) == ("ann", "d")


def test_a_decision_that_takes_a_number_of_its_own_gets_it(app, issue, ask):
    issue()
    ask(invoices.dispute, command="d", reason_code="price", amount_minor=40_00)

    ask(invoices.resolve, command="r", dispute=1, outcome="rejected")

    assert app.ledger.state(invoice_stream("R-1", "main")).disputes == ()


def test_a_dunning_block_of_the_customer_stops_a_reminder(app, issue, ask, refused):
    issue()
    block = {"reason": "asked for a moment", "until": date(2026, 3, 31)}
    ask_customer(app, customer.block, "acme", on=ISSUED_ON, cause=Cause("ann", "b"), **block)
    reminder = {"step": "first", "channel": "email", "document": "abc"}

    with refused("blocked"):
        ask(invoices.remind, command="m", on=date(2026, 3, 1), **reminder)
    assert ask(invoices.remind, command="m", on=date(2026, 4, 1), **reminder).facts


def test_the_approval_of_a_write_off_is_kept(app, issue, ask):
    issue()

    done = ask(invoices.write_off, command="w", reason="insolvent", approval="board 12")

    assert app.ledger.entries(done.position - 1)[0].fact.approval == "board 12"


def test_a_decision_done_already_adds_nothing_and_its_command_is_remembered(app, issue, ask):
    issue()
    ask(invoices.void, command="v", reason="typing error")

    assert ask(invoices.void, command="w", reason="typing error").facts == ()
    assert ask(invoices.void, command="w", reason="typing error").is_repeat


def test_a_decision_on_an_unknown_invoice_is_refused(ask, refused):
    with refused("not_issued"):
        ask(invoices.void, command="v", reason="typing error")


def test_nothing_happens_to_an_invoice_before_its_issue(issue, ask, refused):
    issue()

    with refused("before_issue"):
        ask(invoices.void, command="v", on=date(2026, 1, 4), reason="typing error")


def test_nothing_is_taken_from_an_invoice_on_a_day_on_which_it_was_paid(desk, refused):
    desk.issue("R-1", 100_00)
    desk.receive("B-1", 100_00, invoices=["R-1"], value_on=JAN_12)
    desk.do("reverse", "B-1", on=FEB_10, reason="debit returned")

    for decision in (invoices.write_off, invoices.void):
        with refused("too_early"):
            desk.ask(decision, "R-1", on=JAN_20, reason="insolvent")
    desk.ask(invoices.credit, "R-1", on=JAN_20, credit_note="C-1", amount_minor=1)
    assert desk.open_minor("R-1") == [100_00]
    assert desk.ask(invoices.write_off, "R-1", on=FEB_10, reason="insolvent").facts


def test_nothing_is_answered_before_it_was_said(desk, refused):
    desk.issue("R-1", 100_00)
    desk.ask(invoices.dispute, "R-1", on=JAN_20, reason_code="price")
    with refused("too_early"):
        desk.ask(invoices.resolve, "R-1", on=JAN_12, dispute=1, outcome="rejected")
    desk.ask(invoices.resolve, "R-1", on=JAN_20, dispute=1, outcome="rejected")

    desk.ask(invoices.offer_settlement, "R-1", on=JAN_20, pay_minor=50_00, until_on=FEB_10)
    with refused("too_early"):
        desk.ask(invoices.accept_settlement, "R-1", on=JAN_12)

    sale = {"factor": "bank", "advance_basis_points": 9000, "fee_basis_points": 300, "with_recourse": True}
    desk.ask(invoices.factor, "R-1", on=JAN_20, recourse_on=FEB_10, **sale)
    with refused("too_early"):
        desk.ask(invoices.reassign, "R-1", on=JAN_12, reason="not paid")
    assert desk.ask(invoices.reassign, "R-1", on=JAN_20, reason="not paid").facts


def test_the_same_number_of_another_entity_is_another_invoice(app, issue):
    issue()
    issue(command="b", entity="branch", amount_minor=7_00)

    assert app.ledger.state(invoice_stream("R-1", "branch")).issued.total_minor == 7_00
    assert issued(app).total_minor == 100_00
