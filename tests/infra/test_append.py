"""`ledger.append` and its bulk sister: what one commit promises."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from eventsourcing.persistence import IntegrityError

from infra.database import Pool, open_pool
from infra.log import chain
from infra.log.appends import Append, Appended, Conflict, Event, PreviousAnswer
from infra.log.bulk import MovedOn
from infra.log.chain import GENESIS, microseconds
from infra.log.recorder import LogRecorder
from tests.infra.conftest import Ticking

TEXTS = ("", "a", "Müller & Söhne", "発票", "\U0001f4b6")


@pytest.fixture
def recorder(pool: Pool, clock: Ticking) -> LogRecorder:
    return LogRecorder(pool, clock)


def request(stream: str, *versions: int, command_id: str | None = None, content: bytes = b"content") -> Append:
    events = [Event(stream, version, "noted", b'{"a":"\xc3\xa4"}') for version in versions]
    return Append(events, {stream: versions[0] - 1}, command_id, content, b"answer of " + stream.encode())


def streams(recorder: LogRecorder) -> list[tuple[int, str, int]]:
    return [(row.position, row.stream, row.version) for row in recorder.select_rows(0, 1000)]


def test_each_request_is_answered_for_itself(recorder: LogRecorder, clock: Ticking):
    recorder.append([request("account:a", 1, command_id="c1")])
    first_at = clock.at
    outcomes = recorder.append(
        [
            request("account:a", 1, command_id="c2"),
            request("account:b", 1, 2, command_id="c3"),
            request("account:z", 1, command_id="c1", content=b"other"),
            request("account:c", 1),
        ]
    )
    assert outcomes == [
        Conflict(),
        Appended(3, clock.at),
        PreviousAnswer(1, first_at, b"content", b"answer of account:a"),
        Appended(4, clock.at),
    ]
    assert streams(recorder) == [(1, "account:a", 1), (2, "account:b", 1), (3, "account:b", 2), (4, "account:c", 1)]


def test_several_streams_in_one_request_are_all_or_nothing(recorder: LogRecorder):
    recorder.append([request("account:a", 1)])
    both = Append(
        [Event("account:b", 1, "noted", b"{}"), Event("account:a", 1, "noted", b"{}")],
        {"account:b": 0, "account:a": 0},
        "c1",
    )
    assert recorder.append([both]) == [Conflict()]
    assert streams(recorder) == [(1, "account:a", 1)]
    assert recorder.select_command("c1") is None


def test_a_stream_that_was_only_looked_at_must_not_have_moved_on_either(recorder: LogRecorder):
    recorder.append([request("account:a", 1)])
    looked = Append([Event("account:b", 1, "noted", b"{}")], {"account:b": 0, "account:a": 0})
    assert recorder.append([looked]) == [Conflict()]
    assert recorder.append([replace(looked, command_id="c1")]) == [Conflict()]
    assert streams(recorder) == [(1, "account:a", 1)]


@pytest.mark.parametrize("command_id", [None, "c1"])
def test_who_listens_is_told_how_far_the_log_has_come(recorder: LogRecorder, pool: Pool, command_id: str | None):
    with pool.connection() as listener:
        listener.execute("listen ledger")
        recorder.append([request("account:a", 1, 2, command_id=command_id)])
        assert [told.payload for told in listener.notifies(timeout=5, stop_after=1)] == ["2"]
        listener.execute("unlisten ledger")


def test_the_same_command_alone_in_its_commit_gets_the_first_answer(recorder: LogRecorder, clock: Ticking):
    recorder.append([request("account:a", 1, command_id="c1")])
    first_at = clock.at
    again = request("account:b", 1, command_id="c1", content=b"other")
    assert recorder.append([again]) == [PreviousAnswer(1, first_at, b"content", b"answer of account:a")]
    assert streams(recorder) == [(1, "account:a", 1)]


def test_a_version_that_would_leave_a_gap_is_a_conflict_though_nobody_has_taken_it(recorder: LogRecorder):
    assert recorder.append([request("account:a", 2, command_id="c1")]) == [Conflict()]
    assert streams(recorder) == []


def test_of_one_command_from_many_processes_at_once_one_is_recorded(ledger_url: str, clock: Ticking):
    with open_pool(ledger_url) as pool, ThreadPoolExecutor(8) as processes:
        recorders = [LogRecorder(pool, clock) for _ in range(8)]
        asked = [[request(f"account:{n}", 1, command_id="c1")] for n in range(8)]
        outcomes = [*processes.map(lambda recorder, one: recorder.append(one)[0], recorders, asked)]
        for recorder in recorders:
            recorder.close()
        assert sorted(type(each).__name__ for each in outcomes) == ["Appended", *["PreviousAnswer"] * 7]
        assert len(streams(recorders[0])) == 1


def test_many_threads_that_append_over_one_recorder_get_each_their_own_answer(recorder: LogRecorder):
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def append(number: int) -> tuple[int, str]:
        stream = f"account:{number}"
        [outcome] = recorder.append([request(stream, 1, command_id=stream)])
        assert isinstance(outcome, Appended)
        return outcome.position, stream

    try:
        with ThreadPoolExecutor(8) as threads:
            answered = [*threads.map(append, range(200))]
    finally:
        sys.setswitchinterval(usual)
    assert sorted(answered) == [(position, stream) for position, stream, _ in streams(recorder)]


def test_a_command_without_events_is_answered_and_remembered_at_the_end_of_the_log(recorder: LogRecorder):
    recorder.append([request("account:a", 1, 2)])
    nothing = Append([], {"account:a": 2}, "c1", b"content", b"[]")
    first, second = recorder.append([nothing])[0], recorder.append([nothing])[0]
    assert isinstance(first, Appended)
    assert isinstance(second, PreviousAnswer)
    assert first.position == second.position == 2


def test_the_second_of_two_with_one_command_id_in_one_commit_gets_the_first_answer(recorder: LogRecorder):
    first, second = recorder.append(
        [request("account:a", 1, command_id="c1"), request("account:b", 1, command_id="c1")]
    )
    assert isinstance(first, Appended)
    assert isinstance(second, PreviousAnswer)
    assert streams(recorder) == [(1, "account:a", 1)]


def test_the_second_of_two_for_one_stream_in_one_commit_is_a_conflict(recorder: LogRecorder):
    outcomes = recorder.append([request("account:a", 1), request("account:a", 1)])
    assert outcomes[1] == Conflict()


def test_a_call_the_server_rejects_leaves_nothing_of_any_request(recorder: LogRecorder):
    with pytest.raises(Exception, match="0x00"):
        recorder.append([request("account:a", 1, command_id="c1"), request("account:\0", 1)])
    assert streams(recorder) == []
    assert recorder.select_command("c1") is None
    assert recorder.select_head().position == 0


def test_a_bulk_append_names_the_streams_that_moved_on_and_appends_nothing(recorder: LogRecorder):
    recorder.append([request("account:a", 1), request("account:b", 1)])
    events = [Event(f"account:{name}", 1, "noted", b"{}") for name in "abcdefgh"]
    with pytest.raises(MovedOn, match="account:a, account:b") as refusal:
        recorder.append_many(events, {event.stream: 0 for event in events})
    assert sorted(refusal.value.streams) == ["account:a", "account:b"]
    assert len(streams(recorder)) == 2


def test_a_bulk_append_of_one_version_twice_is_an_integrity_error(recorder: LogRecorder):
    with pytest.raises(IntegrityError):
        recorder.append_many([Event("account:a", 1, "noted", b"{}")] * 2, {"account:a": 0})
    assert streams(recorder) == []


def test_both_ways_into_the_log_make_one_chain(recorder: LogRecorder, clock: Ticking):
    recorder.append([request("account:ä", 1, 2), request("account:b", 1)])
    recorder.append([request("account:ö", 1, 2, 3, command_id="c1")])
    recorder.append_many([Event("account:ä", 3, "renamed.ß", b'"\x00\xff"')], {"account:ä": 2})
    clock.at -= timedelta(hours=1)
    recorder.append([request("account:b", 2)])
    recorder.append_many([Event("account:b", 3, "noted", b""), Event("account:c", 1, "noted", b"{}")], {})
    recorder.append([request("account:c", 2)])
    head = recorder.select_head()
    assert chain.verify(recorder.select_rows(0, 100), head=head).verified == head.position == 11


def test_the_database_and_python_make_the_same_link(pool: Pool, clock: Ticking):
    at = clock().replace(microsecond=123456)
    with pool.connection() as conn:
        for text, state in product(TEXTS, (b"", b"{}", bytes(range(256)) * 20)):
            row = conn.execute(
                "select ledger.link(%s, %s, %s, %s, %s, %s, %s)", (GENESIS, 2**40, at, text, 7, text[::-1], state)
            ).fetchone()
            link = chain.link(GENESIS, 2**40, microseconds(at), text.encode(), 7, text[::-1].encode(), state)
            assert row == (link,), text


def test_a_long_query_elsewhere_does_not_make_every_append_look_through_what_was(recorder: LogRecorder, pool: Pool):
    with pool.connection() as slow, slow.transaction():
        # Where the planner knows that the table is small, it would rather read it whole.
        with pool.connection() as other:
            other.execute("vacuum analyze ledger.head")
        slow.execute("set transaction isolation level repeatable read")
        slow.execute("select count(*) from ledger.head")
        for number in range(1500):
            recorder.append([request(f"account:{number}", 1)])
        before = head_pages_read(recorder, pool, 1)
        for number in range(100):
            recorder.append([request(f"account:more-{number}", 1)])
        assert head_pages_read(recorder, pool, 2) - before < 100 * 10


def head_pages_read(recorder: LogRecorder, pool: Pool, at: int) -> int:
    # A session tells what it has read with the first commit after a second.
    time.sleep(1.1)
    recorder.append([request(f"account:told-{at}", 1)])
    with pool.connection() as conn:
        row = conn.execute(
            "select heap_blks_read + heap_blks_hit from pg_statio_user_tables"
            " where schemaname = 'ledger' and relname = 'head'"
        ).fetchone()
    assert row
    return int(row[0])
