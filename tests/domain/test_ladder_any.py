"""Any ladder, any due day and any ticks, against the rules written down once more as a plain loop."""

import os
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case.deciding import Due
from domain.policy.document import COMPRESS, MOVE_ALONG, Step, StepTask
from tests.domain.climbing import Debtor
from tests.domain.ladders import Weekdays, altered

BEGIN = date(2026, 1, 5)
EXAMPLES = int(os.environ.get("LADDER_EXAMPLES", "150"))
ONE_DAY = timedelta(days=1)


@st.composite
def ladders(draw):
    """Steps on rising days: notices first, then what contacts the debtor and what is decided among ourselves."""
    notices = sorted(draw(st.sets(st.integers(-12, 0), max_size=3)))
    others = sorted(draw(st.sets(st.integers(1, 60), min_size=1, max_size=6)))
    steps = [Step(f"n{day}", day, ("email",), lapses_when_due=True) for day in notices]
    for level, day in enumerate(others, 1):
        is_decision = draw(st.booleans())
        task = StepTask("decision") if is_decision else None
        steps.append(Step(f"s{day}", day, () if is_decision else ("email",), level=level, task=task))
    late = draw(st.sampled_from((MOVE_ALONG, MOVE_ALONG, COMPRESS)))
    return altered(steps=tuple(steps), quiet_days=draw(st.integers(0, 5)), late=late, stale_bank_days=5)


@st.composite
def calendars(draw):
    holidays = draw(st.sets(st.integers(0, 120), max_size=12))
    return Weekdays(*(BEGIN + timedelta(day) for day in holidays))


@st.composite
def ticks(draw):
    """Days on which something runs: mostly each, with gaps."""
    gaps = draw(st.lists(st.sampled_from((1, 1, 1, 1, 2, 3, 10, 30)), min_size=20, max_size=90))
    days, day = [], BEGIN + timedelta(draw(st.integers(0, 20)))
    for gap in gaps:
        days.append(day)
        day += timedelta(gap)
    return days


def by_the_rules(policy, calendar, due, ticks):
    """(day, step, days late) of each step, from the words of the rules alone."""
    taken, late, contact, at = [], 0, None, 0
    for today in ticks:
        while at < len(policy.steps) and policy.steps[at].lapses_when_due and today > due:
            at += 1
        if at == len(policy.steps):
            break
        step = policy.steps[at]
        day = due + timedelta(step.days + late)
        while day.weekday() > 4 or not calendar.is_business_day(day):
            day += -ONE_DAY if step.lapses_when_due else ONE_DAY
        is_quiet = step.channels and contact and (today - contact).days < policy.quiet_days
        if today < day or is_quiet:
            continue
        taken.append((today, step.name, (today - day).days))
        late += (today - day).days if policy.late == MOVE_ALONG else 0
        contact = today if step.channels else contact
        at += 1
    return taken


@settings(max_examples=EXAMPLES)
@given(ladders(), calendars(), st.integers(0, 60), ticks())
def test_steps_are_taken_on_the_days_that_the_rules_say(policy, calendar, due, days):
    due_on = BEGIN + timedelta(due)
    ann = Debtor(policy, calendar=calendar).issue("R-1", due_on)
    days = [day for day in days if day >= due_on - timedelta(30)]
    for day in days:
        ann.tick(day)
        ann.send(day)
    late = [fact.late_days for fact in ann.decisions("R-1")]
    found = [(step.on, step.name, days_late) for step, days_late in zip(ann.steps, late, strict=True)]
    assert found == by_the_rules(policy, calendar, due_on, days)


@settings(max_examples=EXAMPLES)
@given(ladders(), calendars(), st.integers(0, 60), ticks())
def test_nothing_is_due_before_the_day_that_a_step_names_for_the_next(policy, calendar, due, days):
    due_on = BEGIN + timedelta(due)
    ann = Debtor(altered(policy, quiet_days=0), calendar=calendar).issue("R-1", due_on)
    for day in (day for day in days if day >= due_on - timedelta(30)):
        if not ann.tick(day):
            continue
        until = ann.decisions("R-1")[-1].next_on or day + timedelta(90)
        for n in range(1, (until - day).days):
            assert not isinstance(ann.outcome("R-1", day + timedelta(n)), Due)


@settings(max_examples=EXAMPLES // 3)
@given(ladders(), calendars(), st.integers(0, 60), st.integers(0, 60), st.integers(1, 30))
def test_days_without_ticks_make_no_two_contacts_within_the_quiet_days_and_keep_the_order(
    policy, calendar, due, stop, gap
):
    due_on = BEGIN + timedelta(due)
    runs = []
    for pause in (0, gap):
        ann = Debtor(policy, calendar=calendar).issue("R-1", due_on)
        away = {BEGIN + timedelta(stop + n) for n in range(pause)}
        for day in (BEGIN + timedelta(n) for n in range(240)):
            if day not in away and ann.invoice("R-1", day):
                ann.tick(day)
                ann.send(day)
        contacts = sorted({contact.planned_on for contact in ann.contacts.values() if contact.is_message})
        for before, after in pairwise(contacts):
            assert (after - before).days >= max(1, policy.quiet_days)
        notices = {step.name for step in policy.steps if step.lapses_when_due}
        runs.append([step.name for step in ann.steps if step.name not in notices])
    assert runs[0] == runs[1]
