"""A clock that runs ahead is refused before it marks the log for good, and one that nobody doubts is believed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from infra.clock import now
from infra.database import Pool
from infra.log.clock_guard import ClockAhead, ClockGuard, clock_trouble
from infra.log.ledger import Batch, Ledger
from tests.infra.accounts import DAY, KINDS, Moved, Opened, because

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
DAY_0 = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def machine(pool: Pool) -> Callable[..., Ledger]:
    """A ledger of a process whose clock says what it says after `ahead`; the server's clock is right."""

    def machine(ahead: timedelta = timedelta(), **how: Any) -> Ledger:
        guard = ClockGuard(**{"is_one_machine": False} | how)
        return Ledger(pool, clock=lambda: now() + ahead, kinds=KINDS, guard=guard)

    return machine


def record(ledger: Ledger, stream: str = "account:a") -> None:
    version = len(ledger.facts(stream))
    fact = Moved(5) if version else Opened("ann", DAY)
    ledger.record_many([Batch(stream, version, [(fact, DAY)], because(f"{stream}-{version}"))])


def recorded_long_ago(pool: Pool, ago: timedelta) -> None:
    record(Ledger(pool, clock=lambda: now() - ago, kinds=KINDS))


@pytest.mark.parametrize("ago", [timedelta(), timedelta(days=3), 3 * YEAR])
def test_a_clock_that_the_server_bears_out_is_believed_however_long_the_ledger_rested(
    machine: Callable[..., Ledger], pool: Pool, ago: timedelta
):
    recorded_long_ago(pool, ago)
    record(machine())
    record(machine(timedelta(minutes=30)))
    record(machine(-3 * YEAR))


@pytest.mark.parametrize("ahead", [2 * HOUR, timedelta(days=1), 100 * YEAR])
def test_a_clock_that_runs_ahead_of_the_servers_records_nothing(
    machine: Callable[..., Ledger], pool: Pool, ahead: timedelta
):
    recorded_long_ago(pool, timedelta(days=1))
    before = machine().head()
    with pytest.raises(ClockAhead, match="set the one that is wrong. Nothing was recorded"):
        record(machine(ahead))

    def change() -> None:
        ledger = machine(ahead)
        ledger.change(
            ["account:b"], lambda _: {"account:b": [Opened("bob", DAY)]}, on=DAY, cause=because("x"), content=1
        )

    with pytest.raises(ClockAhead):
        change()
    assert machine().head() == before


def test_a_clock_that_jumps_while_the_process_runs_is_noticed(pool: Pool):
    ahead = [timedelta()]
    ledger = Ledger(pool, clock=lambda: now() + ahead[0], kinds=KINDS, guard=ClockGuard(is_one_machine=False))
    record(ledger)
    ahead[0] = YEAR
    with pytest.raises(ClockAhead):
        record(ledger)
    ahead[0] = timedelta()
    record(ledger)


def test_a_server_that_is_late_does_not_stop_a_busy_ledger(machine: Callable[..., Ledger], pool: Pool):
    """The last fact, which another process recorded, bears the clock out as well."""
    record(Ledger(pool, clock=lambda: now() + 5 * HOUR, kinds=KINDS))
    record(machine(5 * HOUR))


def test_where_both_are_one_machine_a_leap_of_more_than_a_year_must_be_accepted(
    machine: Callable[..., Ledger], pool: Pool
):
    record(machine(is_one_machine=True))
    recorded_long_ago(pool, timedelta())
    with pool.connection() as conn:
        conn.execute("update ledger.head set recorded_at = recorded_at - interval '400 days'")
    with pytest.raises(ClockAhead, match="more than a year before: set the clock, if it is wrong"):
        record(machine(is_one_machine=True))
    yesterday = now().date() - timedelta(days=1)
    with pytest.raises(ClockAhead):
        record(machine(is_one_machine=True, accepted_to=yesterday))
    record(machine(is_one_machine=True, accepted_to=now().date()))
    record(machine(is_one_machine=True))


def test_a_clock_is_looked_at_once_a_minute_and_not_for_every_fact(pool: Pool):
    guard = ClockGuard(is_one_machine=False)
    with pool.connection() as conn:
        at = now()
        assert guard.wants_look(at)
        guard.look(at, conn)
    assert not guard.wants_look(at) and not guard.wants_look(at + timedelta(seconds=59))
    assert guard.wants_look(at + timedelta(seconds=61)) and guard.wants_look(at - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("at", "server_at", "last_at", "trouble"),
    [
        (DAY_0, DAY_0, DAY_0, None),
        (DAY_0, DAY_0, None, None),
        (DAY_0, DAY_0 + YEAR, DAY_0, None),
        (DAY_0 + 2 * HOUR, DAY_0, DAY_0, "set the one that is wrong"),
        (DAY_0, DAY_0, DAY_0 + HOUR, "which is still to come: a clock ran ahead"),
    ],
)
def test_what_is_wrong_with_the_clocks_is_said(
    at: datetime, server_at: datetime, last_at: datetime | None, trouble: str | None
):
    found = clock_trouble(at, server_at, last_at)
    assert (found is None) if trouble is None else (trouble in str(found))


def test_a_day_may_be_accepted_and_the_hour_does_not_matter(machine: Callable[..., Ledger]):
    record(machine(2 * HOUR, accepted_to=date(9000, 1, 1)))
