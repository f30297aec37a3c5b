"""What people do about tasks: a held step holds its ladder until then, and what was said is recorded in one commit."""

from datetime import date

import pytest

from domain.case.facts import TaskFinished
from domain.invoice.facts import Called, Disputed, PromiseMade
from tests.services.chasing import Chase

DUE, FIRM_CALL, COMPROMISE = "2025-08-20", "2025-09-08", "2025-09-15"
CALL = "contact:main:2025-09-08:phone:1:ACME"
R_1, R_2, CASE = "invoice:main:R-1", "invoice:main:R-2", "case:main:R-1"


@pytest.fixture
def chase(app):
    """R-1 (1,000.00) and R-2 (300.00) of ACME at the step of their firm call."""
    chase = Chase(app)
    chase.issue("R-1", DUE)
    chase.issue("R-2", DUE, "300.00")
    chase.give("customer.contact", customer="ACME", email="pay@acme.example", phone="+49 40 1234")
    chase.tick("2025-08-25", "2025-09-01", FIRM_CALL)
    return chase


def done(chase, **asked):
    return chase.give("contact.done", contact=CALL, on=FIRM_CALL, **{"outcome": "no answer"} | asked)


def streams(answer):
    return {fact.stream for fact in answer.facts}


# The ladder waits


def test_a_ladder_waits_for_a_person_and_goes_on_once_the_task_is_done(chase):
    assert chase.tick(COMPROMISE).decided == 0
    chase.give("contact.done", contact=CALL, outcome="no answer", on=COMPROMISE)
    assert chase.tick("2025-09-22").decided == 2
    assert chase.last(CASE).fact.step == "compromise"


def test_it_goes_on_as_well_where_a_person_decides_against_it_and_the_log_says_who_and_why(chase):
    chase.give("contact.skip", contact=CALL, reason="they called us", actor="cleo", on=FIRM_CALL)

    skipped = chase.last(CALL)
    assert (type(skipped.fact).__name__, skipped.cause.actor, skipped.cause.reason) == (
        "Skipped",
        "cleo",
        "they called us",
    )
    assert chase.last(CASE).fact == TaskFinished(CALL, "skipped")
    assert chase.tick(COMPROMISE).decided == 2


def test_a_task_cannot_be_skipped_without_a_reason(chase, refused):
    with refused("reason_missing"):
        chase.give("contact.skip", contact=CALL, on=FIRM_CALL)


def test_it_is_off_the_list_once_it_is_done_or_skipped(chase):
    assert chase.tasks(FIRM_CALL) == [CALL]
    done(chase)
    assert chase.tasks(FIRM_CALL) == []


def test_done_twice_is_done_already(chase, refused):
    assert len(done(chase).facts) == 3
    assert done(chase).facts == ()
    with refused("not_a_task"):
        done(chase, outcome="will pay")
    with refused("not_a_task"):
        chase.give("contact.skip", contact=CALL, reason="x", on=FIRM_CALL)


# In one commit


def test_task_ladders_calls_and_promises_are_one_commit(chase):
    answer = done(chase, outcome="will pay on Friday", spoke_with="accounts payable", promise_on="2025-09-12")
    assert streams(answer) == {CALL, CASE, "case:main:R-2", R_1, R_2}
    [*_, called, promised] = [entry.fact for entry in chase.app.ledger.facts(R_1)]
    assert called == Called("accounts payable", "will pay on Friday", "")
    assert promised == PromiseMade(1, 1000_00, date(2025, 9, 12))
    assert {fact.position for fact in answer.facts} == {answer.position - n for n in range(len(answer.facts))}


def test_where_the_promise_is_refused_the_task_is_not_done(chase, refused):
    chase.give("invoice.promise", number="R-2", pay_on="2025-09-30", on=FIRM_CALL)
    before = chase.app.ledger.head().position

    with refused("promise_open"):
        done(chase, promise_on="2025-09-12")

    assert chase.app.ledger.head().position == before
    assert chase.app.ledger.state(CALL).state == "planned"


def test_an_amount_promised_is_in_the_currency_of_the_invoices_and_goes_to_the_earliest_due(chase):
    done(chase, promise_on="2025-09-12", promise_amount="1100.00")
    assert chase.last(R_1).fact == PromiseMade(1, 1000_00, date(2025, 9, 12))
    assert chase.last(R_2).fact == PromiseMade(1, 100_00, date(2025, 9, 12))


def test_an_amount_in_another_currency_is_refused(chase, refused):
    with refused("currency_differs"):
        done(chase, promise_on="2025-09-12", promise_amount="10.00", currency="USD")


def test_amounts_of_a_task_about_two_currencies_are_said_of_an_invoice(app, refused):
    chase = Chase(app)
    chase.issue("R-1", DUE)
    chase.issue("R-2", DUE, currency="USD")
    chase.give("customer.contact", customer="ACME", email="pay@acme.example")
    chase.tick("2025-08-25", "2025-09-01", FIRM_CALL)
    with refused("several_currencies"):
        done(chase, promise_on="2025-09-12", promise_amount="10.00")
    assert R_2 in streams(done(chase, promise_on="2025-09-12"))


def test_one_of_two_is_contested_and_the_other_promised(chase):
    done(chase, dispute_reason="goods", disputed=["R-1"], promise_on="2025-09-12", next_step="send the delivery note")
    assert isinstance(chase.last(R_1).fact, Disputed)
    assert isinstance(chase.last(R_2).fact, PromiseMade)
    assert chase.tick(COMPROMISE).waiting == {"disputed": 1}


def test_who_was_reached_is_left_in_peace_for_the_quiet_days(chase):
    done(chase, reached=True)
    chase.issue("R-3", "2025-09-05")
    assert chase.tick("2025-09-09", "2025-09-10").waiting == {"quiet": 1}
    assert chase.tick("2025-09-11").decided == 1


def test_who_was_not_reached_is_written_to_the_next_day(chase):
    done(chase)
    chase.issue("R-3", "2025-09-05")
    assert chase.tick("2025-09-09").decided == 1


def test_a_task_nobody_knows_of_and_a_name_that_is_none_are_refused(chase, refused):
    with refused("no_such_contact"):
        chase.give("contact.done", contact="main:2025-09-08:phone:9:ACME", outcome="x")
    with refused("no_such_contact"):
        chase.give("contact.done", contact="main:2025-09-08:phone:9:ACME", outcome="x", promise_amount="1.00")
    with refused("bad_key"):
        chase.give("contact.done", contact="R-1", outcome="x")


# As it is typed


def test_it_is_typed_with_or_without_the_prefix(terminal, chase):
    typed = ("task", "done", CALL.removeprefix("contact:"), "--outcome", "will look", "--reached", "--on", FIRM_CALL)
    told = ("--reason-given", "forgot", "--promise-on", "2025-09-12", "--dispute", "price", "--dispute-amount", "10")
    terminal.run(*typed, *told, "--disputed", "R-2", "--spoke-with", "reception", "--next-step", "call again")

    assert [fact.__class__.__name__ for fact in (chase.last(R_1).fact, chase.last(R_2).fact)] == ["PromiseMade"] * 2
    assert chase.last(R_2).fact.amount_minor == 290_00
    called = chase.app.ledger.facts(R_1)[-2].fact
    assert called == Called("reception", "will look", "forgot", "call again")
    assert "Nothing to do" in terminal.run("task", "done", CALL, *typed[3:], *told, "--disputed", "R-2").stdout


def test_an_outcome_of_many_words_is_wrong_use(terminal, chase):
    typed = ("task", "done", CALL, "--outcome", "x" * 201, "--on", FIRM_CALL)
    assert terminal.refused(*typed, exits=2)[0] == "bad_outcome"


def test_a_skip_is_typed_with_its_reason(terminal, chase):
    terminal.run("task", "skip", CALL, "--reason", "they called us", "--actor", "cleo", "--on", FIRM_CALL)
    assert chase.last(CALL).cause[:1] == ("cleo",)
