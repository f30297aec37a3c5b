from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from threading import Barrier
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError

from domain.entry import Entry
from domain.refusal import Refused
from infra.clock import now
from infra.database import Pool, open_pool
from infra.log.bulk import MovedOn
from infra.log.codec import UnknownFact
from infra.log.decision import Done, Recorded
from infra.log.ledger import TRIES, Batch, Ledger
from infra.log.memory import Memory
from infra.log.recorder import LogRecorder
from tests.infra.accounts import DAY, KINDS, Account, Moved, Opened, because, move, open_account
from tests.infra.conftest import Ticking

A, B = "account:a", "account:b"

Decide = Callable[[Account], Sequence[Moved]]
Overtaken = Callable[[int], Decide]


def opened(ledger: Ledger, *streams: str) -> None:
    for stream in streams:
        change(ledger, stream, open_account)


def change(
    ledger: Ledger, stream: str, decision: Callable[..., Sequence[Any]], command_id: str = "", **asked: Any
) -> Done:
    return ledger.change(
        [stream],
        lambda account: {stream: decision(account, **asked)},
        on=DAY,
        cause=because(command_id or f"{decision.__name__} {stream}"),
        content={"stream": stream, **asked},
    )


def transfer(amount_minor: int) -> Callable[[Account, Account], Mapping[str, Sequence[Any]]]:
    return lambda a, b: {A: move(a, -amount_minor), B: move(b, amount_minor)}


@pytest.fixture
def elsewhere(pool: Pool, clock: Ticking) -> Ledger:
    """The same ledger in another process: it shares the database, not the memory."""
    return Ledger(pool, clock=clock, kinds=KINDS, pause=lambda attempt: None)


def test_a_ledger_that_is_closed_keeps_no_connection(ledger_url: str, clock: Ticking):
    with open_pool(ledger_url, size=0) as pool:
        ledger = Ledger(pool, clock=clock, kinds=KINDS)
        opened(ledger, A)
        ledger.close()
        with pool.connection(timeout=5):
            pass


# Changing


def test_what_is_decided_is_recorded_with_its_cause_day_and_time(ledger: Ledger, clock: Ticking):
    done = change(ledger, A, open_account, "c1")
    assert done == Done("c1", 1, (Recorded(1, A, 1, "account.opened"),))
    assert ledger.facts(A) == [Entry(A, 1, Opened("ann", DAY), DAY, because("c1"), 1, clock.at)]
    assert ledger.entries(0) == ledger.facts(A)


def test_what_began_each_stream_is_known_whatever_happened_to_it_since(ledger: Ledger):
    change(ledger, A, open_account, "c1")
    change(ledger, A, move, "c2", amount_minor=5)
    change(ledger, B, open_account, "c3")
    assert ledger.causes([A, B, "account:nobody"]) == {A: because("c1"), B: because("c3")}
    assert ledger.causes([]) == {}


def test_a_fact_may_count_for_another_day_than_its_command(ledger: Ledger):
    opened(ledger, A)
    earlier = DAY - timedelta(days=30)
    ledger.change([A], lambda _: {A: [(Moved(1), earlier), Moved(2)]}, on=DAY, cause=because("c1"), content=None)
    assert [entry.effective_on for entry in ledger.facts(A)[1:]] == [earlier, DAY]


def test_several_streams_change_in_one_commit(ledger: Ledger):
    opened(ledger, A, B)
    change(ledger, A, move, amount_minor=100)
    done = ledger.change([A, B], transfer(30), on=DAY, cause=because("c1"), content=30)
    assert [(fact.position, fact.stream, fact.version) for fact in done.facts] == [(4, A, 3), (5, B, 2)]
    assert ledger.states([A, B, "account:c"]) == {A: Account("ann", 70), B: Account("ann", 30), "account:c": None}


def test_a_change_that_one_stream_refuses_leaves_all_as_they_were(ledger: Ledger):
    opened(ledger, A, B)
    with pytest.raises(Refused) as refusal:
        ledger.change([A, B], transfer(30), on=DAY, cause=because("c1"), content=30)
    assert refusal.value.code == "overdrawn"
    assert ledger.head().position == 2
    assert ledger.answer("c1") is None


def test_a_decision_about_a_stream_it_was_not_shown_is_an_error(ledger: Ledger):
    with pytest.raises(ValueError, match="account:b, which the decision was not shown"):
        ledger.change([A], lambda _: {B: [Moved(1)]}, on=DAY, cause=because("c1"), content=None)


def test_a_fact_without_a_name_is_refused_before_anything_is_recorded(ledger: Ledger):
    with pytest.raises(UnknownFact):
        ledger.change([A], lambda _: {A: [object()]}, on=DAY, cause=because("c1"), content=None)
    assert ledger.head().position == 0


# The same command again


def test_the_same_command_again_gets_the_first_answer(ledger: Ledger, elsewhere: Ledger):
    first = change(ledger, A, open_account, "c1")
    change(ledger, B, open_account, "c2")
    again = replace(first, is_repeat=True)
    assert change(ledger, A, open_account, "c1") == change(elsewhere, A, open_account, "c1") == again
    assert ledger.answer("c1") == again
    assert ledger.head().position == 2


def test_a_repeat_that_would_be_refused_by_now_still_gets_the_first_answer(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A)
    change(ledger, A, move, "in", amount_minor=10)
    first = change(ledger, A, move, "out", amount_minor=-10)
    for again in (ledger, elsewhere):
        assert change(again, A, move, "out", amount_minor=-10) == replace(first, is_repeat=True)
    assert ledger.state(A) == Account("ann", 0)


def test_the_same_command_id_with_other_content_is_refused(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A)
    change(ledger, A, move, "c1", amount_minor=10)
    for again in (ledger, elsewhere):
        with pytest.raises(Refused) as refusal:
            change(again, A, move, "c1", amount_minor=11)
        assert refusal.value.code == "command_reused"
    assert ledger.state(A) == Account("ann", 10)


def test_content_is_the_same_in_whatever_order_it_is_written(ledger: Ledger):
    for content in ({"a": 1, "b": [DAY]}, {"b": [DAY], "a": 1}):
        ledger.change([A], lambda _: {A: [Opened("ann", DAY)]}, on=DAY, cause=because("c1"), content=content)
    assert len(ledger.facts(A)) == 1


def test_a_command_that_changes_nothing_is_answered_and_kept_too(ledger: Ledger):
    opened(ledger, A)
    assert change(ledger, A, open_account, "c1") == Done("c1", 1, ())
    assert change(ledger, A, open_account, "c1") == Done("c1", 1, (), is_repeat=True)


def test_one_command_asked_by_many_at_once_has_one_effect(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A)
    start = Barrier(8)

    def ask(number: int) -> Done:
        start.wait()
        return change((ledger, elsewhere)[number % 2], A, move, "c1", amount_minor=10)

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(ask, range(8)))
    assert len({answer.facts for answer in answers}) == 1
    assert [answer.is_repeat for answer in answers].count(False) == 1
    assert ledger.state(A) == elsewhere.state(A) == Account("ann", 10)


# Other writers


def test_a_decision_on_what_is_overtaken_is_taken_again(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A)
    change(elsewhere, A, move, "there", amount_minor=50)
    change(ledger, A, move, "here", amount_minor=-20)
    assert ledger.state(A) == elsewhere.state(A) == Account("ann", 30)


def test_a_refusal_rests_on_what_is_stored_not_on_what_is_remembered(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A)
    change(elsewhere, A, move, "there", amount_minor=50)
    assert change(ledger, A, move, "here", amount_minor=-50).facts
    change(elsewhere, A, move, "there again", amount_minor=10)
    with pytest.raises(Refused):
        change(ledger, A, move, "too much", amount_minor=-11)


def test_nothing_to_do_rests_on_what_is_stored_too(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A)
    change(elsewhere, A, move, "there", amount_minor=50)

    def empty(account: Account) -> list[Moved]:
        return move(account, -account.balance_minor) if account.balance_minor else []

    assert change(ledger, A, empty, "here").facts
    assert ledger.state(A) == Account("ann", 0)


def test_eight_writers_on_one_stream_lose_nothing(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A)

    def write(number: int) -> Done:
        return change((ledger, elsewhere)[number % 2], A, move, str(number), amount_minor=1)

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(120)))
    assert ledger.state(A) == Account("ann", 120)
    assert [entry.version for entry in ledger.facts(A)] == list(range(1, 122))


def test_two_writers_who_take_two_streams_crosswise_do_not_wait_for_each_other(ledger: Ledger):
    opened(ledger, A, B)
    change(ledger, A, move, "a", amount_minor=100)
    change(ledger, B, move, "b", amount_minor=100)

    def cross(number: int) -> Done:
        streams = [A, B] if number % 2 else [B, A]
        decide = lambda one, other: {streams[0]: move(one, -1), streams[1]: move(other, 1)}  # noqa: E731
        return ledger.change(streams, decide, on=DAY, cause=because(str(number)), content=number)

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(cross, range(40), timeout=20))
    assert ledger.states([A, B]) == {A: Account("ann", 100), B: Account("ann", 100)}


@pytest.fixture
def overtaken(elsewhere: Ledger) -> Overtaken:
    """A decision to pay in 5, and how many times another writer is faster."""

    def deciding(times: int) -> Decide:
        others = iter(range(times))

        def decide(account: Account) -> Sequence[Moved]:
            if (number := next(others, None)) is not None:
                change(elsewhere, A, move, f"other {number}", amount_minor=1)
            return move(account, 5)

        return decide

    return deciding


@pytest.mark.parametrize("times", [1, TRIES - 1, TRIES])
def test_a_writer_who_comes_too_late_tries_again_and_is_let_in_alone_at_last(
    pool: Pool, clock: Ticking, overtaken: Overtaken, times: int
):
    pauses: list[int] = []
    ledger = Ledger(pool, clock=clock, kinds=KINDS, pause=pauses.append)
    opened(ledger, A)
    done = change(ledger, A, overtaken(times), "late")
    assert (done.position, [fact.version for fact in done.facts]) == (times + 2, [times + 2])
    assert pauses == list(range(times))
    assert ledger.state(A) == Account("ann", times + 5)
    again = change(ledger, A, overtaken(0), "late")
    assert again.is_repeat and again.facts == done.facts


def test_while_one_is_let_in_alone_all_others_wait(pool: Pool, ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A, B)
    with ThreadPoolExecutor(1) as other:
        with ledger.recorder.alone():
            waiting = other.submit(change, elsewhere, B, move, "b", amount_minor=1)
            assert not wait([waiting], timeout=0.3).done
        assert waiting.result(timeout=5).facts


def test_one_who_is_let_in_alone_and_refused_leaves_nothing_and_keeps_nobody_waiting(
    pool: Pool, clock: Ticking, elsewhere: Ledger, overtaken: Overtaken
):
    ledger = Ledger(pool, clock=clock, kinds=KINDS, pause=lambda _: None)
    opened(ledger, A)
    late = overtaken(TRIES)

    def refused(account: Account) -> Sequence[Moved]:
        late(account)
        return move(account, 1 if account.balance_minor < TRIES else -100)

    with pytest.raises(Refused):
        change(ledger, A, refused, "late")
    assert change(elsewhere, A, move, "after", amount_minor=1).facts
    assert ledger.state(A) == Account("ann", TRIES + 1)
    assert ledger.answer("late") is None


# Memory


def test_memory_is_bounded_and_what_is_forgotten_is_read_again(pool: Pool, clock: Ticking):
    memory = Memory(most=2)
    ledger = Ledger(pool, clock=clock, kinds=KINDS, memory=memory)
    streams = [f"account:{number}" for number in range(5)]
    opened(ledger, *streams)
    for stream in streams:
        change(ledger, stream, move, f"in {stream}", amount_minor=7)
    assert len(memory) == 2
    assert set(ledger.states(streams).values()) == {Account("ann", 7)}


def test_a_second_change_needs_no_reading(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    opened(ledger, A)
    monkeypatch.setattr(LogRecorder, "_rows", lambda *args: pytest.fail("read although all is remembered"))
    change(ledger, A, move, "c1", amount_minor=1)
    change(ledger, A, move, "c2", amount_minor=1)


# Bulk


def test_many_streams_are_recorded_in_one_commit(ledger: Ledger, clock: Ticking):
    batches = [
        Batch(f"account:{number}", 0, [(Opened("ann", DAY), DAY), (Moved(number), date(2026, 2, 1))], because("import"))
        for number in range(1000)
    ]
    assert ledger.record_many(batches)[::2] == (2000, clock.at)
    assert ledger.state("account:999") == Account("ann", 999)
    assert [entry.effective_on for entry in ledger.facts("account:7")] == [DAY, date(2026, 2, 1)]
    assert ledger.verify().verified == 2000


def test_bulk_and_change_follow_on_each_other(ledger: Ledger):
    opened(ledger, A)
    read = ledger.read([A, B])
    ledger.record_many(
        [
            Batch(A, read[A].version, [(Moved(5), DAY)], because("import")),
            Batch(B, read[B].version, [(Opened("bob", DAY), DAY)], because("import")),
        ]
    )
    change(ledger, A, move, "c1", amount_minor=-5)
    change(ledger, B, move, "c2", amount_minor=1)
    assert ledger.states([A, B]) == {A: Account("ann", 0), B: Account("bob", 1)}


def test_a_bulk_that_comes_too_late_names_the_streams_and_records_nothing(ledger: Ledger):
    opened(ledger, B)
    with pytest.raises(MovedOn) as refusal:
        ledger.record_many([Batch(each, 0, [(Opened("ann", DAY), DAY)], because("import")) for each in (A, B)])
    assert list(refusal.value.streams) == [B]
    assert ledger.state(A) is None


def test_two_batches_of_one_stream_must_follow_on_each_other(ledger: Ledger):
    first = Batch(A, 0, [(Opened("ann", DAY), DAY)], because("import"))
    with pytest.raises(IntegrityError, match="version 3 does not follow 1"):
        ledger.record_many([first, Batch(A, 2, [(Moved(1), DAY)], because("import"))])
    ledger.record_many([first, Batch(A, 1, [(Moved(1), DAY)], because("import"))])
    assert ledger.state(A) == Account("ann", 1)


def test_nothing_in_bulk_is_nothing(ledger: Ledger):
    assert ledger.record_many([]) == ledger.head()


# Reading


def test_the_log_is_read_in_pages(ledger: Ledger):
    ledger.record_many([Batch(f"account:{n}", 0, [(Opened("ann", DAY), DAY)], because("i")) for n in range(25)])
    pages = [[row.position for row in ledger.rows(after, 10)] for after in (0, 10, 20, 25)]
    assert pages == [list(range(1, 11)), list(range(11, 21)), list(range(21, 26)), []]
    assert [entry.position for entry in ledger.entries(20, 10)] == pages[2]


def test_what_was_known_at_an_instant_is_known_by_its_position(ledger: Ledger, clock: Ticking):
    assert ledger.position_at(now()) == 0
    times = []
    for number in range(9):
        change(ledger, f"account:{number}", open_account)
        times.append(clock.at)
    assert [ledger.position_at(at) for at in times] == list(range(1, 10))
    assert ledger.position_at(times[3] + timedelta(microseconds=1)) == 4
    assert ledger.position_at(times[0] - timedelta(microseconds=1)) == 0
    assert ledger.position_at(times[-1] + timedelta(days=1)) == 9


def test_a_ledger_made_anew_has_another_id(ledger: Ledger, elsewhere: Ledger, pool: Pool):
    assert ledger.ledger_id == elsewhere.ledger_id
    with pool.connection() as conn:
        conn.execute("update ledger.head set ledger_id = gen_random_uuid()")
    assert Ledger(pool, clock=now, kinds=KINDS).ledger_id != ledger.ledger_id


# Programs written for the library


def test_a_program_of_the_library_follows_the_log_by_recorder_and_mapper(ledger: Ledger):
    opened(ledger, A)
    change(ledger, A, move, amount_minor=5)
    with ledger.recorder.subscribe(gt=0) as subscription:
        first, second = (ledger.mapper.to_domain_event(notification) for notification in islice(subscription, 2))
    assert (first.position, first.stream, first.version, first.fact) == (1, A, 1, Opened("ann", DAY))
    assert (second.position, second.fact) == (2, Moved(5))
    assert [first, second] == ledger.facts(A)


def test_what_a_program_of_the_library_records_is_part_of_the_chain(ledger: Ledger):
    entry = Entry(A, 1, Opened("ann", DAY), DAY, because("c1"))
    assert ledger.recorder.insert_events([ledger.mapper.to_stored_event(entry)]) == [1]
    assert ledger.state(A) == Account("ann")
    assert ledger.verify().verified == 1
