"""Many writers and a reader that follows the log: it must see every position, in order, whatever commits when.

The same observation is made of an append without the lock, and must notice what that loses: a test that could not
see the harm would prove nothing.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

from infra.clock import now
from infra.database import Pool, open_pool
from infra.log.appends import Append
from infra.log.appends import Event as LogEvent
from infra.log.bulk import append as append_in_bulk
from infra.log.recorder import LogRecorder
from tests.tampering import unguarded

WRITERS = 8
SECONDS = 4.0
TRIES = 20

Write = Callable[[int, int], None]


def observed(pool: Pool, write: Write, seconds: float) -> tuple[list[int], list[int]]:
    """What a tailing reader saw while the writers wrote, and what the log held in the end."""
    is_over = Event()
    recorder = LogRecorder(pool, now)
    seen: list[int] = []

    def follow() -> None:
        was_over = False
        while not was_over:
            # Looked at before the page, so that the last page is read after the last write.
            was_over = is_over.is_set()
            while page := recorder.select_rows(seen[-1] if seen else 0, 1000):
                seen.extend(row.position for row in page)

    def write_on(writer: int) -> None:
        number = 0
        while time.monotonic() < deadline:
            number += 1
            write(writer, number)

    reader = Thread(target=follow)
    deadline = time.monotonic() + seconds
    reader.start()
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write_on, range(WRITERS)))
    is_over.set()
    reader.join()
    with pool.connection() as conn:
        rows = conn.execute("select notification_id from ledger.log order by 1").fetchall()
    return seen, [position for (position,) in rows]


def test_a_reader_behind_eight_writers_misses_nothing(ledger_url: str):
    with open_pool(ledger_url, size=2 * WRITERS) as pool:
        # Each keeps a connection for its appends, as in a process of its own.
        recorders = [LogRecorder(pool, now) for _ in range(WRITERS)]

        def write(writer: int, number: int) -> None:
            stream, recorder = f"account:{writer}-{number}", recorders[writer]
            if number % 5:
                events = [LogEvent(stream, version, "noted", b"{}") for version in range(1, number % 3 + 2)]
                request, beside = Append(events, {stream: 0}, command_id=stream), Append(_of(f"{stream}b"), {})
                recorder.append([request, beside] if number % 5 == 1 else [request])
            else:
                many = [LogEvent(stream, version, "noted", b"{}") for version in range(1, 20)]
                recorder.append_many(many, {stream: 0})

        seen, held = observed(pool, write, SECONDS)
        for recorder in recorders:
            recorder.close()
    assert seen == held == list(range(1, len(held) + 1))
    assert len(held) > 100


def test_the_same_reader_notices_an_append_without_the_lock(pool: Pool):
    with pool.connection() as conn:
        conn.execute("create sequence if not exists ledger.unsafe_position")

    def write_unsafely(writer: int, number: int) -> None:
        with pool.connection() as conn, conn.transaction():
            conn.execute(
                "insert into ledger.log values (%s, %s, 'noted', '{}', nextval('ledger.unsafe_position'), now(), '')",
                (f"account:{attempt}-{writer}", number),
            )

    for attempt in range(TRIES):  # noqa: B007 - used by the writers
        seen, held = observed(pool, write_unsafely, 0.3)
        if set(held) - set(seen):
            return
        with pool.connection() as conn, unguarded(conn):
            conn.execute("truncate ledger.log")
    raise AssertionError("the reader never noticed that positions became visible out of order")


def test_a_position_is_not_given_out_before_the_one_ahead_of_it_is_committed(pool: Pool):
    recorder = LogRecorder(pool, now)
    events = [LogEvent("account:a", 1, "noted", b"{}")]
    later = Thread(target=lambda: recorder.append([Append(_of("account:b"), {"account:b": 0})]))
    with pool.connection() as conn, conn.transaction():
        append_in_bulk(conn, events, {"account:a": 0}, now())
        later.start()
        later.join(0.3)
        assert later.is_alive()
        assert recorder.select_rows(0, 10) == []
    later.join()
    assert [(row.position, row.stream) for row in recorder.select_rows(0, 10)] == [(1, "account:a"), (2, "account:b")]


def _of(stream: str) -> list[LogEvent]:
    return [LogEvent(stream, 1, "noted", b"{}")]
