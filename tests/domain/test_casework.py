"""What a person did about a task: on the contact, on the ladder that waited for it, and on the invoices."""

from datetime import date

import pytest

from domain import casework
from domain.case import Case, case_of
from domain.case.facts import TaskFinished
from domain.case.holding import finish_task
from domain.casework import Task
from domain.contact import About, Contact, Planned
from domain.contact.facts import Done, Skipped
from domain.customer import Customer
from domain.customer.facts import DunningBlocked, Registered
from domain.invoice.facts import Called, Disputed, Issued, Part, PromiseBroken, PromiseMade
from domain.invoice.state import Invoice
from domain.refusal import Refused
from domain.terms import Instalment
from tests.domain.examples import invoice_of, paid

PLANNED_ON, TODAY, FRIDAY = date(2025, 9, 8), date(2025, 9, 9), date(2025, 9, 12)
CALL = "contact:main:2025-09-08:phone:1:ACME"
FIRST, SECOND = "invoice:main:R-1", "invoice:main:R-2"


def issued(number: str, due_on: date, minor: int = 1000_00) -> Issued:
    return Issued(number, "main", "ACME", "EUR", minor, 0, date(2025, 8, 1), (Instalment(due_on, minor),))


R_1, R_2 = issued("R-1", date(2025, 8, 20)), issued("R-2", date(2025, 8, 22), 300_00)


def about(invoice: str) -> About:
    return About(invoice, "firm_call", 3, 1, date(2025, 8, 20), "EUR", 1000_00, 1000_00)


def contact(kind: str = "call", channel: str | None = "phone", *invoices: str, **known: object) -> Contact:
    named = tuple(map(about, invoices or (FIRST,)))
    planned = Planned(kind, "main", "ACME", "firm_call", "firm", "en", "general", 1, named, channel, holds=True)
    return Contact(planned, PLANNED_ON, **known)  # type: ignore[arg-type]


def held(by: str = CALL) -> Case:
    return Case(held_by=by)


def task(
    on: Contact | None = None,
    cases: tuple[Case | None, ...] = (held(),),
    debtor: Customer | None = None,
    **invoices: Invoice | None,
) -> Task:
    known = {f"invoice:main:{number.replace('_', '-')}": each for number, each in invoices.items()}
    known = known or {FIRST: invoice_of(R_1)}
    return Task(
        CALL, on or contact("call", "phone", *known), debtor, dict(zip(map(case_of, known), cases, strict=False)), known
    )


def two(first: Invoice | None = None, second: Invoice | None = None) -> Task:
    return task(cases=(held(), held()), R_1=first or invoice_of(R_1), R_2=second or invoice_of(R_2))


def finished(about: Task, **asked: object) -> dict[str, list[object]]:
    worked = casework.finish(about, TODAY, **{"outcome": "no answer"} | asked)  # type: ignore[arg-type]
    return {stream: list(facts) for stream, facts in worked.items() if facts}


def refused(code: str, about: Task, **asked: object) -> None:
    with pytest.raises(Refused) as refusal:
        finished(about, **asked)
    assert refusal.value.code == code


# Done


def test_a_task_that_is_done_lets_the_ladder_go_on_that_waited_for_it():
    assert finished(task()) == {
        CALL: [Done("no answer", False, "")],
        "case:main:R-1": [TaskFinished(CALL, "no answer")],
    }


def test_a_ladder_that_waits_for_nothing_or_for_another_task_is_left_alone():
    assert finish_task(None, task=CALL, outcome="done") == []
    assert finish_task(Case(), task=CALL, outcome="done") == []
    assert finish_task(held("contact:main:2025-09-08:phone:2:ACME"), task=CALL, outcome="done") == []
    assert finish_task(held(), task=CALL, outcome="done") == [TaskFinished(CALL, "done")]


def test_done_twice_is_done_already():
    again = contact(state="done", code="no answer")
    assert finished(task(again, cases=(Case(),))) == {}


def test_what_was_done_otherwise_or_skipped_is_no_longer_to_do():
    refused("not_a_task", task(contact(state="done", code="promised")))
    refused("not_a_task", task(contact(state="skipped")))


def test_a_message_that_has_gone_out_is_nobodys_to_do_and_one_that_failed_is():
    sent, failed = contact("message", "email", state="sent"), contact("message", "email", state="failed")
    refused("not_a_task", task(sent))
    assert finished(task(failed, cases=(Case(),)), outcome="address corrected") == {
        CALL: [Done("address corrected", False, "")]
    }


def test_nothing_is_done_before_it_was_planned_and_the_same_day_is_early_enough():
    with pytest.raises(Refused, match="too_early"):
        casework.finish(task(), date(2025, 9, 7), outcome="done")
    assert casework.finish(task(), PLANNED_ON, outcome="done")[CALL]


@pytest.mark.parametrize("outcome", ["", "  ", "x" * 201, "two\nlines"])
def test_an_outcome_is_a_few_words_on_one_line(outcome):
    refused("bad_outcome", task(), outcome=outcome)
    assert finished(task(), outcome="x" * 200)


# Whom a call reached


def test_a_call_that_reached_somebody_is_noted_on_each_invoice():
    worked = finished(two(), outcome="will look", reached=True, spoke_with="accounts payable", next_step="call again")
    note = Called("accounts payable", "will look", "", "call again")
    assert (worked[FIRST], worked[SECOND], worked[CALL]) == ([note], [note], [Done("will look", True, "")])


def test_who_was_reached_is_the_debtor_where_nobody_says_more():
    assert finished(task(), reached=True)[FIRST] == [Called("debtor", "no answer", "")]


def test_a_call_that_reached_nobody_is_no_contact():
    assert FIRST not in finished(task())


@pytest.mark.parametrize(
    "told",
    [
        {"spoke_with": "accounts payable"},
        {"reason_given": "forgot"},
        {"promise_on": FRIDAY},
        {"dispute_reason": "goods"},
    ],
)
def test_who_says_why_promises_or_contests_was_reached(told):
    [done] = finished(task(), **told)[CALL]
    assert isinstance(done, Done) and done.reached


def test_a_decision_among_ourselves_reaches_nobody_though_something_is_promised():
    worked = finished(task(contact("decision", None)), promise_on=FRIDAY)
    assert worked[CALL] == [Done("no answer", False, "")]
    assert worked[FIRST] == [PromiseMade(1, 1000_00, FRIDAY)]


@pytest.mark.parametrize(
    ("left_alone", "debtor"),
    [
        (invoice_of(R_1, paid()), None),
        (invoice_of(R_1, PromiseMade(1, 1000_00, FRIDAY)), None),
        (invoice_of(R_1), Customer(Registered("ACME"), block=DunningBlocked(FRIDAY))),
    ],
)
def test_an_invoice_that_is_to_be_left_alone_by_now_has_no_call(left_alone, debtor):
    worked = finished(task(debtor=debtor, R_1=left_alone), reached=True)
    assert FIRST not in worked
    assert worked[CALL] == [Done("no answer", True, "")]


# Promises


def test_a_promise_is_for_all_that_is_open_of_every_invoice():
    worked = finished(two(), promise_on=FRIDAY)
    assert worked[FIRST][-1] == PromiseMade(1, 1000_00, FRIDAY)
    assert worked[SECOND][-1] == PromiseMade(1, 300_00, FRIDAY)


def test_an_amount_goes_to_the_earliest_due_first():
    worked = finished(two(), promise_on=FRIDAY, promise_amount_minor=1100_00)
    assert worked[FIRST][-1] == PromiseMade(1, 1000_00, FRIDAY)
    assert worked[SECOND][-1] == PromiseMade(1, 100_00, FRIDAY)


def test_an_amount_that_the_first_takes_whole_leaves_no_promise_on_the_second():
    worked = finished(two(), promise_on=FRIDAY, promise_amount_minor=1000_00)
    assert worked[FIRST][-1] == PromiseMade(1, 1000_00, FRIDAY)
    assert not any(isinstance(fact, PromiseMade) for fact in worked[SECOND])


def test_more_than_is_open_cannot_be_promised_and_neither_can_nothing():
    assert finished(two(), promise_on=FRIDAY, promise_amount_minor=1300_00)
    refused("over_open", two(), promise_on=FRIDAY, promise_amount_minor=1300_01)
    refused("not_positive", two(), promise_on=FRIDAY, promise_amount_minor=0)


def test_a_promise_passes_over_an_invoice_that_is_paid_by_now():
    worked = finished(two(first=invoice_of(R_1, paid())), promise_on=FRIDAY)
    assert FIRST not in worked
    assert worked[SECOND][-1] == PromiseMade(1, 300_00, FRIDAY)


def test_a_promise_about_nothing_that_is_open_is_refused():
    refused("nothing_open", task(R_1=invoice_of(R_1, paid())), promise_on=FRIDAY)


def test_a_promise_that_is_refused_on_one_invoice_refuses_all_of_it():
    promised = invoice_of(R_2, PromiseMade(1, 300_00, date(2025, 9, 30)))
    refused("promise_open", two(second=promised), promise_on=FRIDAY)
    refused("day_is_past", two(), promise_on=date(2025, 9, 8))


def test_a_promise_that_is_over_is_judged_before_the_next_one():
    broken = invoice_of(R_1, PromiseMade(1, 1000_00, date(2025, 9, 5)))
    assert finished(task(R_1=broken), promise_on=FRIDAY)[FIRST][1:] == [
        PromiseBroken(1),
        PromiseMade(2, 1000_00, FRIDAY),
    ]


def test_done_again_with_the_same_promise_changes_nothing_and_a_new_one_is_kept():
    again = contact(state="done", code="promised")
    known = invoice_of(R_1, PromiseMade(1, 1000_00, FRIDAY))
    assert finished(task(again, (Case(),), R_1=known), outcome="promised", promise_on=FRIDAY) == {}
    assert finished(task(again, (Case(),)), outcome="promised", promise_on=FRIDAY) == {
        FIRST: [PromiseMade(1, 1000_00, FRIDAY)]
    }


# Disputes


def test_a_dispute_is_about_all_that_is_open_where_nothing_else_is_said():
    worked = finished(two(), dispute_reason="goods")
    assert worked[FIRST][-1] == Disputed(1, "goods", 1000_00, (Part(1, 1000_00),))
    assert worked[SECOND][-1] == Disputed(1, "goods", 300_00, (Part(1, 300_00),))


def test_one_invoice_is_contested_and_the_others_are_promised():
    worked = finished(two(), dispute_reason="goods", disputed=["R-1"], promise_on=FRIDAY)
    assert worked[FIRST][-1] == Disputed(1, "goods", 1000_00, (Part(1, 1000_00),))
    assert worked[SECOND][-1] == PromiseMade(1, 300_00, FRIDAY)


def test_a_part_is_contested_and_the_rest_is_promised():
    worked = finished(task(), dispute_reason="price", dispute_amount_minor=200_00, promise_on=FRIDAY)
    assert worked[FIRST][1:] == [Disputed(1, "price", 200_00, (Part(1, 200_00),)), PromiseMade(1, 800_00, FRIDAY)]


def test_what_is_contested_in_whole_cannot_be_promised():
    refused("disputed", task(), dispute_reason="goods", promise_on=FRIDAY)


def test_an_amount_is_contested_of_one_invoice():
    refused("which_invoice", two(), dispute_reason="price", dispute_amount_minor=10_00)
    assert finished(two(), dispute_reason="price", dispute_amount_minor=10_00, disputed=["R-2"])[SECOND][-1] == (
        Disputed(1, "price", 10_00, (Part(1, 10_00),))
    )


def test_an_invoice_the_task_is_not_about_cannot_be_contested_in_it():
    refused("no_such_invoice", two(), dispute_reason="goods", disputed=["R-3"])


def test_a_dispute_about_what_is_paid_is_refused():
    refused("nothing_open", task(R_1=invoice_of(R_1, paid())), dispute_reason="goods")


# Skipped


def test_a_task_that_is_skipped_lets_the_ladder_go_on_too():
    assert casework.skip(task(), TODAY) == {CALL: [Skipped()], "case:main:R-1": [TaskFinished(CALL, "skipped")]}


def test_skipped_twice_is_skipped_already_and_what_is_done_cannot_be_skipped():
    assert casework.skip(task(contact(state="skipped"), (Case(),)), TODAY) == {CALL: []}
    with pytest.raises(Refused, match="not_a_task"):
        casework.skip(task(contact(state="done", code="x")), TODAY)
