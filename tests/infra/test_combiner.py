from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Event, Lock, Thread
from time import sleep

import pytest
from eventsourcing.persistence import DataError, OperationalError

from infra.log.appends import Append, Appended, Outcome
from infra.log.combiner import Combiner
from infra.log.ledger import Ledger
from infra.log.recorder import LogRecorder
from tests.infra.accounts import DAY, because, open_account

AT = datetime(2026, 1, 5, tzinfo=UTC)


class Log:
    """A log that takes a while to commit, and tells which requests it committed together."""

    def __init__(self, refuse: Callable[[Sequence[Append]], None] = lambda requests: None):
        self.commits: list[list[str]] = []
        self.may_commit = Event()
        self.is_committing = Event()
        self._refuse = refuse

    def append(self, requests: Sequence[Append]) -> list[Outcome]:
        self.commits.append([str(request.command_id) for request in requests])
        self.is_committing.set()
        assert self.may_commit.wait(5)
        self._refuse(requests)
        return [Appended(len(self.commits), AT) for _ in requests]


def request(command_id: str, *streams: str) -> Append:
    return Append([], dict.fromkeys(streams or [command_id], 0), command_id)


def together(log: Log, combiner: Combiner, requests: Sequence[Append]) -> list[Outcome | Exception]:
    """The first request is on its way when the others arrive, in their order."""
    with ThreadPoolExecutor(len(requests)) as callers:
        futures = []
        for each in requests:
            futures.append(callers.submit(combiner.append, each))
            assert log.is_committing.wait(5)
            # The callers queue one by one, so that the order of what waits is known.
            while len(combiner.waiting) < len(futures) - 1:
                sleep(0.001)
        log.may_commit.set()
        return [future.exception(10) or future.result() for future in futures]  # type: ignore[misc]


def test_what_waits_during_a_commit_shares_the_next():
    log = Log()
    outcomes = together(log, Combiner(log.append), [request(name) for name in "abcde"])
    assert log.commits == [["a"], ["b", "c", "d", "e"]]
    assert outcomes == [Appended(1, AT), *[Appended(2, AT)] * 4]


def test_a_commit_takes_no_more_than_it_may():
    log = Log()
    together(log, Combiner(log.append, most=2), [request(name) for name in "abcdef"])
    assert log.commits == [["a"], ["b", "c"], ["d", "e"], ["f"]]


def test_appends_to_one_stream_never_share_a_commit_and_keep_their_order():
    log = Log()
    waiting = [request("b", "x"), request("c", "x", "y"), request("d", "y"), request("e", "z")]
    together(log, Combiner(log.append), [request("a"), *waiting])
    assert log.commits == [["a"], ["b", "e"], ["c"], ["d"]]


def test_bad_data_of_one_caller_fails_nobody_else():
    def refuse(requests: Sequence[Append]) -> None:
        if any(each.command_id == "bad" for each in requests):
            raise DataError("bad data")

    log = Log(refuse)
    outcomes = together(log, Combiner(log.append), [request(name) for name in ("a", "b", "bad", "c")])
    assert [type(each) for each in outcomes] == [Appended, Appended, DataError, Appended]
    assert log.commits == [["a"], ["b", "bad", "c"], ["b"], ["bad"], ["c"]]


def test_a_server_that_is_away_fails_all_who_wait_at_once():
    def refuse(requests: Sequence[Append]) -> None:
        raise OperationalError("the server is away")

    log = Log(refuse)
    outcomes = together(log, Combiner(log.append), [request(name) for name in "abc"])
    assert [type(each) for each in outcomes] == [OperationalError] * 3
    assert log.commits == [["a"], ["b", "c"]]


def test_a_leader_that_is_interrupted_leaves_nobody_waiting():
    def refuse(requests: Sequence[Append]) -> None:
        if requests[0].command_id == "b":
            raise KeyboardInterrupt

    log = Log(refuse)
    combiner = Combiner(log.append)
    outcomes: list[BaseException | Outcome] = []

    def call(each: Append) -> None:
        try:
            outcomes.append(combiner.append(each))
        except BaseException as error:
            outcomes.append(error)

    threads = [Thread(target=call, args=(request(name),)) for name in "abc"]
    for number, thread in enumerate(threads):
        thread.start()
        assert log.is_committing.wait(5)
        while len(combiner.waiting) < number:
            sleep(0.001)
    log.may_commit.set()
    for thread in threads:
        thread.join(5)
    assert sorted(type(each).__name__ for each in outcomes) == ["Appended", "KeyboardInterrupt", "OperationalError"]
    assert combiner.append(request("d")) == Appended(3, AT)


def test_eight_clients_take_far_fewer_commits_than_appends(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    commits: list[int] = []
    append = LogRecorder._append
    is_alone = Lock()

    def counted(recorder: LogRecorder, requests: Sequence[Append]) -> list[Outcome]:
        assert is_alone.acquire(blocking=False), "there is one commit at a time"
        commits.append(len(requests))
        outcomes = append(recorder, requests)
        is_alone.release()
        return outcomes

    monkeypatch.setattr(LogRecorder, "_append", counted)
    start = Barrier(8)

    def work(client: int) -> None:
        start.wait()
        for number in range(25):
            stream = f"account:{client}-{number}"
            ledger.change(
                [stream],
                lambda account: {stream: open_account(account)},  # noqa: B023
                on=DAY,
                cause=because(stream),
                content=stream,
            )

    with ThreadPoolExecutor(8) as clients:
        list(clients.map(work, range(8)))
    assert sum(commits) == ledger.head().position == 200
    assert len(commits) < 120
    assert ledger.verify().broken_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_one_caller_after_the_other_commits_each_at_once(count: int):
    log = Log()
    log.may_commit.set()
    combiner = Combiner(log.append)
    for number in range(count):
        combiner.append(request(str(number)))
    assert log.commits == [[str(number)] for number in range(count)]
