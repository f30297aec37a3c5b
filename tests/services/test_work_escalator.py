"""`receivables work escalator`: it takes what is due, day by day, and outlives a clock that is set back."""

from datetime import UTC, date, datetime

import pytest

from services.processes import PROCESSES
from services.processes.process import keep
from tests.infra.following import becomes, running
from tests.services.escalating import facts_of, steps_of

ESCALATOR = PROCESSES["escalator"]
DUE, TODAY = date(2026, 2, 6), datetime(2026, 2, 9, 9, tzinfo=UTC)


@pytest.fixture
def overdue(app, desk, clock):
    clock.at = TODAY
    desk.issue("R-1", 50_00, due_on=DUE)


def last_tick(app):
    return max((entry.fact.today for entry in facts_of(app, "tick")), default=None)


def decided(app):
    return [step for _, _, step, _ in steps_of(app)]


def test_it_takes_what_is_due_each_day_from_the_hour_that_is_set(app, overdue, desk, clock):
    clock.at = TODAY.replace(hour=4)
    with running(lambda stop: keep(app, ESCALATOR, stop)) as worker:
        assert not becomes(lambda: last_tick(app) is not None, 0.5)
        move_on(desk, clock, TODAY)
        assert becomes(lambda: decided(app) == ["friendly_reminder"])
        move_on(desk, clock, TODAY.replace(day=16))
        assert becomes(lambda: decided(app) == ["friendly_reminder", "second_reminder"])
        assert worker.end() < 5
        assert worker.error is None


def test_a_clock_that_is_set_back_makes_it_wait_until_the_day_has_come_again(app, overdue, desk, clock):
    app.escalator.run(TODAY.date())
    clock.at = TODAY.replace(day=8)
    with running(lambda stop: keep(app, ESCALATOR, stop)) as worker:
        assert not becomes(lambda: worker.error is not None, 0.5)
        move_on(desk, clock, TODAY.replace(day=16))
        assert becomes(lambda: decided(app) == ["friendly_reminder", "second_reminder"])
        assert worker.error is None


def move_on(desk, clock, at):
    """To another time; a fact that is recorded wakes the worker."""
    clock.at = at
    desk.issue(f"W-{at:%d}", 1_00, due_on=date(2026, 12, 1))
