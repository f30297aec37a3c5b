"""The general ladder, step by step: which day each step has, what moves it, and that each is taken once."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.case.deciding import Due, Surroundings, decide
from domain.case.ladder import business_day, business_days_between
from domain.customer.facts import RiskReviewed, TermsAgreed
from domain.policy.document import COMPRESS, Amount, Condition, Step, StepTask
from domain.terms import Share
from tests.domain.climbing import Debtor, days
from tests.domain.ladders import GENERAL, Weekdays, altered

# A Tuesday; the notices are on 24 and, since the 28th is a Saturday, on 27 February.
DUE = date(2026, 3, 3)
BEGIN = date(2026, 2, 1)
ONE_DAY = timedelta(days=1)
GENERAL_DAYS = [
    ("notice_7", date(2026, 2, 24)),
    ("notice_3", date(2026, 2, 27)),
    ("due_today", date(2026, 3, 3)),
    ("friendly_reminder", date(2026, 3, 6)),
    ("second_reminder", date(2026, 3, 13)),
    ("firm_call", date(2026, 3, 20)),
    ("compromise", date(2026, 3, 27)),
    ("bureau_warning", date(2026, 3, 31)),
    ("bureau_report", date(2026, 4, 3)),
    ("factoring", date(2026, 4, 17)),
    ("agency", date(2026, 5, 4)),
    ("legal", date(2026, 5, 18)),
    ("write_off", date(2027, 3, 3)),
]


def debtor(policy=GENERAL, minor=5000_00, due=DUE, **given):
    return Debtor(policy, **given).issue("R-1", due, minor=minor)


# Each step on its day


def test_the_thirteen_steps_are_taken_each_on_its_day_and_none_is_late():
    ann = debtor()
    assert ann.run(BEGIN, date(2027, 4, 1)) == [(on, name) for name, on in GENERAL_DAYS]
    assert {fact.late_days for fact in ann.decisions("R-1")} == {0}
    assert {fact.run for fact in ann.decisions("R-1")} == {1}


@pytest.mark.parametrize(("step", "on"), GENERAL_DAYS)
def test_a_step_is_due_on_its_day_not_on_the_day_before_it_and_not_again_on_the_day_after(step, on):
    ann = debtor()
    ann.run(BEGIN, on - 2 * ONE_DAY)
    assert ann.tick(on - ONE_DAY) == []
    assert ann.why("R-1", on) == step
    assert [each.name for each in ann.tick(on)] == [step]
    ann.finish(on)
    assert ann.why("R-1", on) == "not_due"
    assert ann.tick(on + ONE_DAY) == []


@pytest.mark.parametrize(("step", "on"), GENERAL_DAYS)
def test_a_step_is_not_taken_about_what_was_paid_on_its_day(step, on):
    ann = debtor()
    ann.run(BEGIN, on - ONE_DAY)
    ann.pay("R-1", on)
    assert ann.why("R-1", on) == "paid"
    assert ann.tick(on) == []


def test_after_the_last_step_nothing_is_due():
    ann = debtor()
    ann.run(BEGIN, date(2027, 3, 3))
    outcome = ann.outcome("R-1", date(2027, 6, 1))
    assert (outcome.code, outcome.next) == ("not_due", None)
    assert ann.decisions("R-1")[-1].next_on is None


def test_what_was_decided_says_on_what_it_rests():
    ann = debtor()
    ann.run(BEGIN, date(2026, 3, 6))
    fact = ann.decisions("R-1")[-1]
    assert (fact.step, fact.level, fact.policy, fact.version) == ("friendly_reminder", 1, "general", 1)
    because = fact.because
    assert (because.open_minor, because.demanded_minor, because.days_past_due) == (5000_00, 5000_00, 3)
    assert (because.currency, because.last_contact_on) == ("EUR", DUE)
    assert (fact.invoice_due_on, fact.due_on, fact.next_on) == (DUE, date(2026, 3, 6), date(2026, 3, 13))


# Weekends and holidays


@pytest.mark.parametrize(
    ("due", "notice_7", "due_today", "friendly"),
    [
        (date(2026, 3, 2), date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 5)),
        (date(2026, 3, 7), date(2026, 2, 27), date(2026, 3, 6), date(2026, 3, 10)),
        (date(2026, 3, 8), date(2026, 2, 27), date(2026, 3, 6), date(2026, 3, 11)),
    ],
    ids=["Monday", "Saturday", "Sunday"],
)
def test_notices_move_to_the_business_day_before_and_reminders_to_the_one_after(due, notice_7, due_today, friendly):
    policy = altered(quiet_days=0)
    steps = {name: on for on, name in debtor(policy, due=due).run(BEGIN, due + timedelta(days=9))}
    assert (steps["notice_7"], steps["due_today"], steps["friendly_reminder"]) == (notice_7, due_today, friendly)


def test_a_step_that_a_weekend_or_holiday_moved_is_not_late_and_moves_no_later_step():
    """+3 is Friday the 6th; the Friday and the Monday are holidays."""
    ann = debtor(calendar=Weekdays(date(2026, 3, 6), date(2026, 3, 9)))
    assert days(ann.run(BEGIN, date(2026, 3, 13)))[2:] == [
        "03-03 due_today",
        "03-10 friendly_reminder",
        "03-13 second_reminder",
    ]
    assert {fact.late_days for fact in ann.decisions("R-1")} == {0}


def test_over_the_end_of_a_year_days_go_on():
    """24 to 26 December and the first of January are holidays: +3 is the 27th, a Sunday."""
    calendar = Weekdays(date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1))
    ann = debtor(due=date(2026, 12, 24), calendar=calendar)
    assert days(ann.run(date(2026, 12, 1), date(2027, 1, 15))) == [
        "12-17 notice_7",
        "12-21 notice_3",
        "12-24 due_today",
        "12-28 friendly_reminder",
        "01-04 second_reminder",
        "01-11 firm_call",
    ]


def test_the_29th_of_february_is_a_day_like_any_other():
    ann = debtor(due=date(2028, 2, 29))
    steps = {name: on for on, name in ann.run(date(2028, 2, 1), date(2029, 3, 10))}
    assert steps["due_today"] == date(2028, 2, 29)
    assert steps["friendly_reminder"] == date(2028, 3, 3)
    assert steps["write_off"] == date(2029, 2, 28)


def test_business_days_are_counted_after_the_first_day_and_with_the_last():
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    assert business_days_between(friday, friday, Weekdays()) == 0
    assert business_days_between(friday, monday, Weekdays()) == 1
    assert business_days_between(friday, monday, Weekdays(monday)) == 0
    assert business_day(date(2026, 3, 7), Weekdays(), is_notice=True) == friday
    assert business_day(date(2026, 3, 7), Weekdays(monday), is_notice=False) == date(2026, 3, 10)


# Late, but once and in order


def test_a_step_missed_because_nothing_ran_is_taken_when_the_tick_comes_back_and_moves_the_ladder_along():
    """Ten days without a tick: the reminder is eight days late, and so is everything after it."""
    ann = debtor()
    ann.run(BEGIN, date(2026, 3, 4))
    steps = ann.run(date(2026, 3, 14), date(2026, 4, 30))
    assert days(steps) == [
        "03-14 friendly_reminder",
        "03-23 second_reminder",
        "03-30 firm_call",
        "04-06 compromise",
        "04-08 bureau_warning",
        "04-13 bureau_report",
        "04-27 factoring",
    ]
    assert [fact.late_days for fact in ann.decisions("R-1")][3:6] == [8, 0, 0]


def test_a_policy_that_compresses_drops_lateness_and_keeps_the_quiet_days():
    ann = debtor(altered(late=COMPRESS))
    ann.run(BEGIN, date(2026, 3, 4))
    steps = ann.run(date(2026, 3, 19), date(2026, 3, 31))
    assert days(steps) == [
        "03-19 friendly_reminder",
        "03-22 second_reminder",
        "03-25 firm_call",
        "03-27 compromise",
        "03-31 bureau_warning",
    ]


def test_one_step_a_day_even_where_none_keeps_quiet():
    ann = debtor(altered(late=COMPRESS, quiet_days=0))
    assert days(ann.run(date(2026, 4, 6), date(2026, 4, 9))) == [
        "04-06 friendly_reminder",
        "04-07 second_reminder",
        "04-08 firm_call",
        "04-09 compromise",
    ]


def test_notices_lapse_when_the_due_day_is_over():
    ann = debtor()
    assert ann.why("R-1", DUE) == "notice_7"
    assert [step.name for step in ann.tick(DUE + ONE_DAY)] == []
    assert ann.outcome("R-1", DUE + ONE_DAY).next.step.name == "friendly_reminder"


def test_a_notice_that_lateness_moved_past_the_due_day_lapses():
    ann = debtor()
    steps = ann.run(date(2026, 3, 2), date(2026, 3, 20))
    assert days(steps) == ["03-02 notice_7", "03-12 friendly_reminder", "03-19 second_reminder"]


def test_an_invoice_that_enters_late_begins_with_the_friendly_reminder_and_its_distances_are_kept():
    ann = debtor()
    entered = DUE + timedelta(days=100)
    assert days(ann.run(entered, entered + timedelta(days=16))) == [
        "06-11 friendly_reminder",
        "06-18 second_reminder",
        "06-25 firm_call",
    ]
    assert ann.decisions("R-1")[0].late_days == 97


# Quiet days


@pytest.mark.parametrize(("gap", "expected"), [(1, "quiet"), (2, "quiet"), (3, "friendly_reminder")])
def test_at_least_three_days_lie_between_two_contacts(gap, expected):
    ann = debtor()
    subject, _ = ann.subject("R-1", date(2026, 3, 6))
    around = Surroundings(date(2026, 3, 6) - gap * ONE_DAY)
    outcome: Any = decide(subject, GENERAL, Weekdays(), date(2026, 3, 6), around)
    assert (outcome.step.name if isinstance(outcome, Due) else outcome.code) == expected
    if expected == "quiet":
        assert outcome.next.on == date(2026, 3, 6) + (3 - gap) * ONE_DAY


def test_quiet_days_hold_for_all_invoices_of_the_customer_and_a_step_that_waits_joins_the_next_contact():
    ann = Debtor().issue("R-1", DUE).issue("R-2", DUE + 2 * ONE_DAY)
    ann.run(date(2026, 3, 6), date(2026, 3, 8))
    assert [(step.invoice, step.name) for step in ann.steps] == [("R-1", "friendly_reminder")]
    taken = ann.tick(date(2026, 3, 9))
    assert [(step.invoice, step.name) for step in taken] == [("R-2", "friendly_reminder")]
    assert [fact.late_days for fact in ann.decisions("R-2")] == [0]


def test_a_message_that_did_not_go_out_keeps_no_quiet_days():
    ann = debtor()
    ann.tick(date(2026, 3, 6))
    assert ann.around(date(2026, 3, 7)).last_contact_on == date(2026, 3, 6)
    ann.withhold(date(2026, 3, 6))
    assert ann.around(date(2026, 3, 7)).last_contact_on is None


def test_a_decision_among_ourselves_keeps_no_quiet_days_and_waits_for_none():
    ann = debtor()
    ann.run(BEGIN, date(2026, 3, 26))
    assert ann.outcome("R-1", date(2026, 3, 27)).step.name == "compromise"
    subject, _ = ann.subject("R-1", date(2026, 3, 27))
    reached_today = Surroundings(date(2026, 3, 27))
    assert isinstance(decide(subject, GENERAL, Weekdays(), date(2026, 3, 27), reached_today), Due)


# People


def test_a_step_that_holds_keeps_its_ladder_until_it_is_done_and_the_time_counts_as_lateness():
    ann = debtor()
    ann.run(BEGIN, date(2026, 3, 19))
    ann.run(date(2026, 3, 20), date(2026, 4, 9), finishing=False)
    assert ann.steps[-1].name == "firm_call"
    assert ann.decisions("R-1")[-1].held
    assert ann.decisions("R-1")[-1].next_on is None
    assert ann.why("R-1", date(2026, 4, 10)) == "held"
    ann.finish(date(2026, 4, 10))
    assert days(ann.run(date(2026, 4, 10), date(2026, 4, 20))) == [
        "04-10 compromise",
        "04-14 bureau_warning",
        "04-17 bureau_report",
    ]
    assert [fact.late_days for fact in ann.decisions("R-1")][-3:] == [14, 0, 0]


def test_the_call_on_the_due_day_holds_nothing():
    ann = debtor()
    ann.run(BEGIN, DUE, finishing=False)
    assert days(ann.run(DUE + ONE_DAY, date(2026, 3, 6), finishing=False)) == ["03-06 friendly_reminder"]
    assert not ann.decisions("R-1")[2].held


# Conditions


def test_a_step_whose_conditions_are_not_met_is_passed_over():
    """Legal action is for several thousand euro."""
    ann = debtor(minor=2999_99)
    assert "legal" not in [name for _, name in ann.run(BEGIN, date(2027, 4, 1))]
    assert "legal" in [name for _, name in debtor(minor=3000_00).run(BEGIN, date(2027, 4, 1))]
    other = Debtor().issue("R-1", DUE, minor=100_00, currency="USD")
    assert "legal" in [name for _, name in other.run(BEGIN, date(2027, 4, 1))]


def test_a_consumer_is_not_reported_to_a_bureau():
    terms = TermsAgreed((Share(0, 10000),), is_consumer=True)
    names = [name for _, name in debtor(customer=[terms]).run(BEGIN, date(2027, 4, 1))]
    assert [name for name in names if name.startswith("bureau")] == []


@pytest.mark.parametrize(("risk_class", "expected"), [("D", True), ("A", False)])
def test_a_step_for_a_class_of_risk_is_taken_in_that_class_alone(risk_class, expected):
    policy = altered(steps=(Step("visit", 3, ("email",), when=Condition(risk_classes=("D", "E"))),))
    assert bool(debtor(policy, customer=[RiskReviewed(risk_class)]).run(BEGIN, DUE + 9 * ONE_DAY)) == expected
    assert not debtor(policy).run(BEGIN, DUE + 9 * ONE_DAY)


def test_a_step_may_want_so_many_steps_before_it():
    steps = (
        Step("first", 3, ("email",)),
        Step("never", 6, ("email",), when=Condition(contacts_at_least=2)),
        Step("second", 9, ("email",), when=Condition(contacts_at_least=1)),
    )
    assert days(debtor(altered(steps=steps)).run(BEGIN, DUE + 20 * ONE_DAY)) == ["03-06 first", "03-12 second"]


def test_a_step_after_another_counts_from_the_day_that_one_was_taken():
    steps = (
        Step("first", 3, ("email",)),
        Step("warning", 10, ("email",)),
        Step("report", 14, after="warning", task=StepTask("decision")),
        Step("never", 1, after="not taken", task=StepTask("decision")),
    )
    ann = debtor(altered(steps=steps))
    ann.run(BEGIN, date(2026, 3, 12))
    assert days(ann.run(date(2026, 3, 16), date(2026, 4, 30))) == ["03-16 warning", "03-30 report"]


def test_below_the_least_amount_nothing_is_chased_and_from_it_on_everything():
    assert debtor(minor=4_99).why("R-1", date(2026, 3, 6)) == "minimum"
    assert debtor(minor=5_00).why("R-1", date(2026, 3, 6)) == "friendly_reminder"
    yen = Debtor(altered(least_amount=(Amount("EUR", 5_00),))).issue("R-1", DUE, minor=1, currency="JPY")
    assert yen.why("R-1", date(2026, 3, 6)) == "friendly_reminder"


# Another policy in the middle


def test_a_case_that_is_moved_goes_on_at_the_first_step_of_the_other_ladder_that_comes_later():
    ann = debtor()
    ann.run(BEGIN, date(2026, 3, 6))
    ann.policy = altered(
        name="other",
        steps=(Step("early", 2, ("email",)), Step("same", 3, ("email",)), Step("later", 12, ("email",))),
    )
    assert days(ann.run(date(2026, 3, 7), date(2026, 4, 1))) == ["03-16 later"]
