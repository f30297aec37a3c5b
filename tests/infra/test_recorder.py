"""The library's own tests of a recorder, and what ours does beyond them."""

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from eventsourcing.persistence import (
    DataError,
    IntegrityError,
    Notification,
    NotSupportedError,
    OperationalError,
    StoredEvent,
    Tracking,
)
from psycopg.conninfo import make_conninfo
from psycopg_pool import PoolTimeout

from infra.clock import new_id, now
from infra.database import Pool, open_pool
from infra.log.appends import Append, Event
from infra.log.recorder import MOST_IN_ONE_CALL, LogRecorder
from tests.infra.conftest import Ticking

with pytest.MonkeyPatch.context() as patch:
    # Among the library's tests are some of a cipher, for which it wants a package that we have no other use for.
    patch.setitem(sys.modules, "eventsourcing.cipher", SimpleNamespace(AESCipher=None))
    from eventsourcing.tests.persistence import ApplicationRecorderTestCase


def events(stream: str, *versions: int, state: bytes = b"{}") -> list[StoredEvent]:
    return [StoredEvent(stream, version, "noted", state) for version in versions]


class CountingFromZero(LogRecorder):
    """The library's tests begin their streams at version 0, ours begin at 1."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> list[int]:
        return super().insert_events([_moved(event, 1) for event in stored_events], **kwargs)

    def select_events(self, originator_id: Any, *, gt: int | None = None, lte: int | None = None, **kwargs: Any):
        found = super().select_events(
            originator_id, gt=None if gt is None else gt + 1, lte=None if lte is None else lte + 1, **kwargs
        )
        return [_moved(event, -1) for event in found]

    def select_notifications(self, *args: Any, **kwargs: Any) -> list[Any]:
        return [
            Notification(each.originator_id, each.originator_version - 1, each.topic, each.state, each.id)
            for each in super().select_notifications(*args, **kwargs)
        ]


def _moved(event: StoredEvent, by: int) -> StoredEvent:
    return StoredEvent(event.originator_id, event.originator_version + by, event.topic, event.state)


class TestTheLibrarysOwnTests(ApplicationRecorderTestCase[CountingFromZero]):
    INITIAL_VERSION = 0

    @pytest.fixture(autouse=True)
    def _pool(self, pool: Pool) -> Iterator[None]:
        self.pool = pool
        yield

    def create_recorder(self) -> CountingFromZero:
        return CountingFromZero(self.pool, now)

    def new_originator_id(self) -> str:
        return f"account:{new_id()}"

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


@pytest.fixture
def recorder(pool: Pool, clock: Ticking) -> LogRecorder:
    return LogRecorder(pool, clock)


def test_positions_are_answered_for_every_event(recorder: LogRecorder):
    assert recorder.insert_events([*events("account:a", 1, 2), *events("account:b", 1)]) == [1, 2, 3]
    assert recorder.insert_events(events("account:a", 3)) == [4]
    assert recorder.insert_events([]) == []


@pytest.mark.parametrize("versions", [(1,), (4,), (3, 5), (3, 3)])
def test_a_version_that_is_taken_or_leaves_a_gap_is_an_integrity_error(
    recorder: LogRecorder, versions: tuple[int, ...]
):
    recorder.insert_events(events("account:a", 1, 2))
    with pytest.raises(IntegrityError):
        recorder.insert_events(events("account:a", *versions))
    assert recorder.max_notification_id() == 2


def test_many_events_at_once_go_by_copy_and_answer_the_same(recorder: LogRecorder):
    count = MOST_IN_ONE_CALL + 1
    assert recorder.insert_events(events("account:a", *range(1, count + 1))) == list(range(1, count + 1))
    with pytest.raises(IntegrityError, match="account:a"):
        recorder.insert_events(events("account:a", *range(2, count + 2)))


def test_what_postgresql_cannot_hold_is_a_data_error(recorder: LogRecorder):
    with pytest.raises(DataError):
        recorder.insert_events(events("account:\0", 1))


def test_tracking_is_refused_rather_than_forgotten(recorder: LogRecorder):
    with pytest.raises(NotSupportedError):
        recorder.insert_events(events("account:a", 1), tracking=Tracking("elsewhere", 1))


def test_a_lock_that_does_not_come_free_is_an_error_to_retry(ledger_url: str):
    impatient = make_conninfo(ledger_url, options="-c lock_timeout=50ms")
    with open_pool(impatient) as pool, pool.connection() as holder, holder.transaction():
        holder.execute("select from ledger.head for update")
        with pytest.raises(OperationalError):
            LogRecorder(pool, now).insert_events(events("account:a", 1))


def test_a_connection_is_kept_for_appends_once_there_was_one(ledger_url: str):
    with open_pool(ledger_url, size=0) as pool:  # it has no other connection
        recorder = LogRecorder(pool, now)
        recorder.select_command_and_streams("c1", {"account:a": 0})
        with pool.connection(timeout=5):
            pass
        recorder.insert_events(events("account:a", 1))
        with pytest.raises(PoolTimeout), pool.connection(timeout=0.1):
            pass
        recorder.close()


def test_the_connection_kept_for_appends_can_be_limited_like_any_other(ledger_url: str):
    impatient = make_conninfo(ledger_url, options="-c lock_timeout=50ms")
    with open_pool(impatient) as pool, pool.connection() as holder:
        recorder = LogRecorder(pool, now)
        recorder.insert_events(events("account:a", 1))
        with holder.transaction(), pytest.raises(OperationalError):
            holder.execute("select from ledger.head for update")
            recorder.insert_events(events("account:a", 2))
        assert recorder.insert_events(events("account:a", 2)) == [2]
        recorder.close()


def test_notifications_say_when_they_were_recorded_and_carry_their_hash(recorder: LogRecorder, clock: Ticking):
    recorder.insert_events(events("account:a", 1, 2))
    first, second = recorder.select_notifications(start=None, limit=10)
    assert first.recorded_at == second.recorded_at == clock.at
    assert len({first.hash, second.hash, bytes(32)}) == 3


def test_recorded_times_never_fall_though_the_clock_does(recorder: LogRecorder, clock: Ticking):
    recorder.insert_events(events("account:a", 1))
    clock.at -= timedelta(days=1)
    recorder.insert_events(events("account:a", 2))
    recorder.append_many([Event("account:a", 3, "noted", b"{}")], {"account:a": 2})
    recorder.append([Append([Event("account:a", 4, "noted", b"{}")], {"account:a": 3}, command_id="c1")])
    clock.at += timedelta(days=2)
    recorder.insert_events(events("account:a", 5))
    times = [each.recorded_at for each in recorder.select_notifications(start=None, limit=10)]
    assert times[0] == times[1] == times[2] == times[3] < times[4]


def test_a_subscription_yields_what_is_there_and_what_comes_in_order(recorder: LogRecorder):
    recorder.insert_events(events("account:a", 1, 2))

    def write() -> None:
        for version in range(3, 103):
            recorder.insert_events(events("account:a", version))

    with recorder.subscribe(gt=0) as subscription:
        writer = Thread(target=write)
        writer.start()
        seen = [notification.id for notification in islice(subscription, 102)]
        writer.join()
    assert seen == list(range(1, 103))


def test_a_subscription_misses_nothing_that_was_appended_while_it_began(recorder: LogRecorder):
    for version in range(1, 11):
        with recorder.subscribe(gt=version - 1) as subscription:
            recorder.insert_events(events("account:a", version))
            assert next(subscription).id == version
