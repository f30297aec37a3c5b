"""A ladder played again over the log: as the real one would have gone, and without a trace."""

from datetime import date, timedelta

import pytest

from domain import customer as customers
from domain import invoice as invoices
from domain.case.facts import StepDecided
from domain.entry import Cause
from domain.kinds import kind_of
from domain.policy.document import PlanRules, Step, StepTask
from domain.terms import Share
from projections.escalation.replaying import Period
from services.cli.session import as_json
from services.escalation import simulation
from services.escalation.history import History
from services.escalation.simulation import Simulation
from tests.domain.ladders import GENERAL, altered
from tests.services.desk import ask_customer, set_contact_of
from tests.services.escalating import facts_of
from tests.services.ladder import Ladder
from tests.services.random_year import Year

FIRST, LAST = date(2026, 1, 5), date(2026, 3, 31)


def simulated(app, policy=GENERAL, first=FIRST, last=LAST, **whom):
    asked = Simulation(app.ledger, app.views, lambda: app.encryption, app.recorded_to)
    return asked.simulate(policy, 1, Period(from_on=first, to_on=last, **whom))


@pytest.fixture
def played(monkeypatch):
    """What a simulation has done, step by step."""
    kept = []
    given = simulation.simulation_answer

    def keep(policy, version, period, doings, *rest):
        kept.append(doings)
        return given(policy, version, period, doings, *rest)

    monkeypatch.setattr(simulation, "simulation_answer", keep)
    return kept


def steps_of(app, first):
    return sorted(
        (entry.effective_on, f"invoice:{entry.stream.partition(':')[2]}", entry.fact.step, entry.fact.channel)
        for entry in facts_of(app, "case")
        if isinstance(entry.fact, StepDecided) and entry.effective_on >= first
    )


PLAN = PlanRules(broken_after_days=3, accelerate=True)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("share", [1.0, 0.3], ids=["all tasks done", "some tasks done"])
def test_the_ladder_that_ran_is_found_again_step_by_step(app, played, seed, share):
    """Over weeks in which debtors pay, take back, promise, dispute and agree plans, from the beginning or from amid."""
    policy, last = altered(plan=PLAN, most_contacts_a_day=4), FIRST + timedelta(days=50)
    year, ladder, day = Year(app.ledger, seed, FIRST, invoices=25), Ladder(app, policy), FIRST
    while day <= last:
        ladder.run(day)
        year.finish_tasks(ladder.open_tasks(), day, share)
        day += timedelta(days=1)
        year.live(day, 1, days=(0, 0, 3))
    for first in (FIRST, FIRST + timedelta(days=25)):
        answer = simulated(app, policy, first, last)
        found = sorted((each.on, each.invoice, each.step, each.channel) for each in played.pop().steps)
        assert found == steps_of(app, first)
        assert answer["simulated"] == answer["done"]
        assert answer["done"]["decided"] > 20


@pytest.fixture
def ladder(app, desk):
    """R-1 of acme was reminded once and paid three days later; R-2 of bolt was called, and is not paid."""
    desk.issue("R-1", 100_00, due_on=DUE)
    desk.issue("R-2", 200_00, debtor="bolt", due_on=DUE)
    set_contact_of(app, "acme", {"email": "post@acme.example"}, on=FIRST, cause=desk.cause())
    ladder = Ladder(app)
    ladder.run(FRIENDLY)
    desk.receive("Z-1", 100_00, customer="acme", invoices=["R-1"], value_on=FRIENDLY + timedelta(days=3))
    return ladder


# A Wednesday, and the Monday on which the friendly reminder falls.
DUE, FRIENDLY = date(2026, 1, 14), date(2026, 1, 19)
EAGER = altered(
    name="eager",
    steps=(
        Step("nudge", 1, ("email",), level=1),
        Step("friendly_reminder", 5, ("email",), level=1),
        Step("visit", 9, (), level=2, task=StepTask("visit", holds=True)),
    ),
)


def test_a_simulation_records_nothing_and_says_the_same_twice_byte_for_byte(app, ladder):
    before = app.ledger.head().position
    first = as_json(simulated(app, EAGER))
    assert as_json(simulated(app, EAGER)) == first
    assert app.ledger.head().position == before


def test_another_ladder_is_compared_with_what_was_done(app, ladder):
    """R-1 is paid before the visit is due; R-2 has no address, and is called instead."""
    answer = simulated(app, EAGER)
    assert (answer["policy"], answer["version"], answer["from"], answer["to"]) == (
        "eager",
        1,
        "2026-01-05",
        "2026-03-31",
    )
    would, did = answer["simulated"], answer["done"]
    assert would["steps"] == {"nudge": 2, "friendly_reminder": 2, "visit": 1}
    assert did["steps"] == {"nudge": 0, "friendly_reminder": 2, "visit": 0}
    assert would["channels"] == {"email": 2, "letter": 0, "phone": 2, "visit": 1}
    assert did["channels"] == {"email": 1, "letter": 0, "phone": 1, "visit": 0}
    assert answer["difference"] == {
        "contacts": 3,
        "decided": 3,
        "decisions": 0,
        "customers": 0,
        "invoices": 0,
        "steps": {"nudge": 2, "friendly_reminder": 0, "visit": 1},
        "channels": {"email": 1, "letter": 0, "phone": 1, "visit": 1},
    }
    assert (would["policies"], did["policies"]) == (
        [{"policy": "eager", "version": 1, "contacts": 5, "decided": 5}],
        [{"policy": "general", "version": 1, "contacts": 2, "decided": 2}],
    )


def test_payments_are_told_by_the_last_step_before_them(app, ladder):
    answer = simulated(app, EAGER)
    for figures in (answer["simulated"], answer["done"]):
        assert figures["paid"] == {
            "invoices": 1,
            "without_step": 0,
            "after": [{"step": "friendly_reminder", "channel": "email", "invoices": 1, "days": 3}],
        }


def test_the_days_tell_how_much_there_is_to_do_at_once(app, ladder):
    answer = simulated(app, EAGER)
    assert answer["days"][:2] == [
        {"on": "2026-01-15", "simulated": 2, "done": 0},
        {"on": "2026-01-19", "simulated": 2, "done": 2},
    ]
    assert (answer["simulated"]["busiest"], answer["done"]["busiest"]) == (2, 2)


def test_a_ladder_goes_on_from_the_step_that_was_reached_before_the_period(app, ladder):
    answer = simulated(app, first=FRIENDLY + timedelta(days=1))
    assert answer["simulated"]["steps"]["friendly_reminder"] == 0
    assert answer["simulated"]["steps"]["second_reminder"] == 1


def test_a_simulation_of_one_customer_is_compared_with_what_was_done_about_that_one(app, ladder):
    answer = simulated(app, EAGER, customer="bolt")
    assert (answer["simulated"]["invoices"], answer["done"]["decided"]) == (1, 1)
    assert simulated(app, EAGER, entity="elsewhere")["simulated"]["decided"] == 0


def test_a_policy_of_a_jurisdiction_is_played_for_its_debtors_alone(app, ladder, desk):
    dutch = {"schedule": (Share(30, 10_000),), "jurisdiction": "NL"}
    ask_customer(app, customers.agree_terms, "bolt", on=FIRST, cause=desk.cause(), **dutch)
    assert simulated(app, altered(EAGER, jurisdiction="NL"))["simulated"]["customers"] == 1
    assert simulated(app, altered(EAGER, applies_to="consumers"))["simulated"]["customers"] == 0


def test_tasks_the_log_does_not_know_take_as_long_as_is_usual(app, ladder, desk):
    """Calls were finished two days after they were planned; the ladder goes on the day after."""
    [stream] = ladder.open_tasks()
    ladder.finish(stream, FRIENDLY + timedelta(days=2))
    called = altered(EAGER, steps=(Step("call", 1, task=StepTask("call", holds=True)), Step("letter", 1, ("letter",))))
    days = simulated(app, called, customer="acme")["days"]
    assert [day["on"] for day in days if day["simulated"]] == ["2026-01-15", "2026-01-20"]


def days_of(app, policy, **whom):
    """On which there is a contact, as simulated."""
    return [day["on"] for day in simulated(app, policy, **whom)["days"] if day["simulated"]]


def test_what_the_daily_bound_leaves_no_room_for_comes_the_day_after(app, ladder):
    nudges = altered(EAGER, steps=EAGER.steps[:1], most_contacts_a_day=1)
    assert days_of(app, nudges) == ["2026-01-15", "2026-01-16"]


def test_messages_wait_for_the_bank_and_go_on_with_its_next_entry(app, ladder, desk):
    desk.receive("Z-8", 1_00, value_on=date(2026, 1, 5), bank_entry="B-1")
    desk.receive("Z-9", 1_00, value_on=date(2026, 1, 17), bank_entry="B-2")
    assert days_of(app, altered(EAGER, steps=EAGER.steps[:1]), customer="bolt") == ["2026-01-17"]


def test_a_call_that_was_made_for_the_ladder_keeps_no_quiet_days_for_another(app, ladder):
    """Bolt was called on the 21st, by a step that the other ladder does not have."""
    [stream] = ladder.open_tasks()
    done = {"contact": stream, "outcome": "will look into it", "spoke_with": "accountant", "on": date(2026, 1, 21)}
    app.commands.run("contact.done", done, Cause("cleo", "done"))
    other = altered(EAGER, steps=(EAGER.steps[0], EAGER.steps[2]))
    assert days_of(app, other, customer="bolt") == ["2026-01-15", "2026-01-23"]


def test_a_call_that_somebody_made_beside_the_ladder_keeps_quiet_days(app, ladder, desk):
    desk.ask(invoices.call, "R-2", on=date(2026, 1, 21), spoke_with="accountant", outcome="will look into it")
    other = altered(EAGER, steps=(EAGER.steps[0], EAGER.steps[2]))
    assert days_of(app, other, customer="bolt") == ["2026-01-15", "2026-01-24"]


def test_a_promise_is_judged_by_what_had_come_on_its_day(app, ladder, desk):
    """What came the day after, when it had been judged, does not make it partly kept: somebody calls."""
    desk.ask(invoices.promise, "R-2", on=FRIENDLY, pay_on=date(2026, 1, 20))
    ladder.run(date(2026, 1, 21))
    desk.receive("Z-9", 50_00, customer="bolt", invoices=["R-2"], value_on=date(2026, 1, 21))
    never = altered(EAGER, steps=(Step("late", 300, ("email",)),))
    assert days_of(app, never, customer="bolt") == ["2026-01-21"]


def test_a_promise_after_a_broken_one_is_waited_for(app, ladder, desk):
    desk.ask(invoices.promise, "R-2", on=FRIENDLY, pay_on=date(2026, 1, 20))
    ladder.run(date(2026, 1, 21))
    desk.ask(invoices.promise, "R-2", on=date(2026, 2, 2), pay_on=date(2026, 2, 10))
    late = altered(EAGER, steps=(Step("late", 20, ("email",)),), broken_promise=None)
    assert days_of(app, late, customer="bolt") == ["2026-02-11"]


@pytest.mark.parametrize("first, last", [(LAST, FIRST), (date(1990, 1, 1), LAST)])
def test_a_period_that_ends_before_it_begins_or_is_endless_is_refused(app, first, last, refused):
    with refused("bad_period"):
        simulated(app, first=first, last=last)


def test_a_history_is_on_every_day_what_the_ledger_reads_of_it(app):
    """Though facts were recorded days after, or before, the day they count for."""
    year = Year(app.ledger, 5, FIRST, invoices=12)
    for n in range(40):
        year.live(FIRST + timedelta(days=n), 3)
    found = app.ledger.histories(year.streams)
    histories = {stream: History(kind_of(stream), [each[:2] for each in facts]) for stream, facts in found.items()}
    for n in range(-35, 80, 3):
        day = FIRST + timedelta(days=n)
        known = app.ledger.read_on(year.streams, day)
        assert {stream: known[stream].state for stream in year.streams} == {
            stream: history.on(day) for stream, history in histories.items()
        }
