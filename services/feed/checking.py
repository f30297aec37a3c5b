"""The check of the feed: what the publisher wrote, read with another client, against the log."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from domain.kinds import KINDS
from infra.database import Pool
from infra.kafka import topics
from infra.kafka.message import Record
from infra.kafka.reader import Reader, Spans, reading, size_of
from infra.log import positions
from infra.log.chain import Row
from infra.log.garbage import searched_seldom
from infra.log.incarnations import Incarnations, select_incarnations
from infra.log.ledger import Ledger
from infra.log.workers import select_workers
from infra.views.applying import Unreadable, select_parked
from services.feed.comparison import (
    DIFFERENT,
    DIFFERENT_STATES,
    FAULTS,
    MISSING,
    STALE_STATES,
    FactComparison,
    Finding,
    Findings,
    StateComparison,
)
from services.feed.expectation import OUTLINED, Facts, Streams, content_of, place_of, state_digest_of
from services.feed.messages import Messages
from services.feed.pages import pages
from services.feed.parking import code_of
from services.feed.publisher import NAME, STATES
from services.feed.states import States

PAGE = 5_000
# Until a publisher that is at work has come as far as the log was when the check began.
WAIT_SECONDS = 20.0
LOOK_SECONDS = 0.1
_EVERY = 1_000

Progress = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Checked:
    """`log` counts facts, `topic` ids on the topics of facts, whatever they are of; `counts` has faults and more.

    `waiting` are those of the missing facts that were only not published yet, `parked` those that could not be.
    """

    log: int
    topic: int
    waiting: int
    parked: int
    counts: Counter[str]
    findings: Sequence[Finding]

    @property
    def is_clean(self) -> bool:
        return not any(self.counts[fault] for fault in FAULTS)


class _Published(NamedTuple):
    """Up to which positions."""

    facts: int
    states: int


class FeedCheck:
    def __init__(self, ledger: Ledger, pool: Pool, servers: Sequence[str], partitions: int):
        self._ledger, self._pool, self._servers, self._partitions = ledger, pool, servers, partitions

    def run(self, progress: Progress = lambda done, total, note: None) -> Checked:
        """By the log as it is when the check begins. Raises `BrokerAway`."""
        head = self._ledger.head().position
        # Before the ends of the topics are asked for: what the publisher has left behind it is there.
        published = self._published(head, progress)
        with reading(self._servers) as reader, searched_seldom():
            spans = reader.spans([*topics.FACTS.values(), topics.INVOICE_STATE])
            findings, incarnations = Findings(), self._incarnations()
            current = States(self._ledger, incarnations, self._partitions)
            facts, streams = self._expected(head, current, progress)
            compared = FactComparison(facts, streams, incarnations, findings)
            states = StateComparison(streams)
            for record in _reported(reader, spans, progress):
                states.take(record) if record.topic == topics.INVOICE_STATE else compared.take(record)
        compared.finish(self._ledger.head().position)
        waiting, parked = self._find_missing(facts, published.facts, findings)
        self._find_states(current, streams, states, published.states, findings)
        self._describe(findings, incarnations)
        return Checked(facts.count, compared.ids, waiting, parked, findings.counts, findings.named)

    def _published(self, head: int, progress: Progress) -> _Published:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            with self._pool.connection() as conn:
                reached = positions.positions(conn, [NAME, STATES])
                workers = [each for each in select_workers(conn) if each.name == NAME]
            published = _Published(reached.get(NAME, 0), reached.get(STATES, 0))
            is_kept = any(each.state == "following" and each.is_alive for each in workers)
            if min(published) >= head or not is_kept or time.monotonic() > deadline:
                return published
            progress(min(published), head, "waiting for the publisher")
            time.sleep(LOOK_SECONDS)

    def _incarnations(self) -> Incarnations:
        with self._pool.connection() as conn:
            return select_incarnations(conn, str(self._ledger.ledger_id))

    def _expected(self, head: int, current: States, progress: Progress) -> tuple[Facts, Streams]:
        facts, streams = Facts(head), Streams()
        messages = Messages(self._ledger, self._incarnations(), self._partitions)
        position = 0
        while position < head and (rows := self._ledger.rows(position, min(PAGE, head - position))):
            for row, message in zip(rows, messages.read(rows), strict=True):
                place = place_of(row.stream, row.version)
                if isinstance(message, Unreadable):
                    facts.expect_outlined(row.position, place, messages.outline(row))
                else:
                    facts.expect(row.position, place, message)
                number = streams.expect(row.stream.encode())
                streams.positions[number], streams.versions[number] = row.position, row.version
            for state in current.of(rows):
                assert state.key and state.partition is not None
                number = streams.expect(state.key)
                streams.state_partitions[number] = state.partition
                streams.state_versions[number] = int(dict(state.headers)["ce_sequence"])
                streams.digests[number] = state_digest_of(state)
            position = rows[-1].position
            progress(position, head, "reading the log")
        return facts, streams

    def _find_missing(self, facts: Facts, published: int, findings: Findings) -> tuple[int, int]:
        """How many of them only wait, and how many are parked."""
        with self._pool.connection() as conn:
            parked = {each.position: each.reason for each in select_parked(conn, NAME)}
        waiting = held = 0
        for position in facts.unseen():
            held += position in parked
            waiting += position > published and position not in parked
            reason_code = code_of(parked[position]) if position in parked else None
            findings.add(Finding(MISSING, "", position, reason_code=reason_code))
        return waiting, held

    def _find_states(
        self, current: States, streams: Streams, states: StateComparison, published: int, findings: Findings
    ) -> None:
        for number in states.differing():
            findings.add(Finding(DIFFERENT_STATES, "", streams.positions[number]))
        for page in pages(states.other_versions(), PAGE):
            rows = {row.position: row for row in self._ledger.rows_at(sorted(streams.positions[n] for n in page))}
            later = [n for n in page if streams.found_versions[n] > streams.state_versions[n]]
            now = current.read({rows[streams.positions[n]].stream: streams.positions[n] for n in later})
            for number in page:
                position, found = streams.positions[number], streams.found_versions[number]
                if found > streams.state_versions[number]:
                    # Recorded since, or before the database was restored.
                    state = now.get(rows[position].stream)
                    is_stale = state is not None and found > state.version
                else:
                    is_stale = found < streams.versions[number] and position <= published
                if is_stale:
                    findings.add(Finding(STALE_STATES, rows[position].stream, position))
        for names in pages(sorted(states.strangers), PAGE):
            asked = {name: 0 for name in names if name.partition(":")[0] in KINDS}
            known = current.read(asked)
            for name in names:
                if name not in asked or (name in known and not known[name].version):
                    findings.add(Finding(STALE_STATES, name))

    def _describe(self, findings: Findings, incarnations: Incarnations) -> None:
        """Streams of the facts that were found, and in what a message differs."""
        named = sorted({each.position for each in findings.named if each.position})
        rows = {row.position: row for row in self._ledger.rows_at(named)}
        for each in findings.named:
            if each.position in rows:
                row = rows[each.position]
                each.stream = row.stream
                if each.fault == DIFFERENT and each.record:
                    each.names = self._differing(row, each.record, incarnations)

    def _differing(self, row: Row, record: Record, incarnations: Incarnations) -> tuple[str, ...]:
        messages = Messages(self._ledger, incarnations, self._partitions)
        [message] = messages.read([row])
        found = content_of(record)
        if isinstance(message, Unreadable):
            expected, told = content_of(messages.outline(row)), OUTLINED
        else:
            expected = content_of(message)
            told = (*expected, *found)
        names = [name for name in told if expected.get(name) != found.get(name)]
        return tuple(dict.fromkeys(names))


def _reported(reader: Reader, spans: Spans, progress: Progress) -> Iterator[Record]:
    total = size_of(spans)
    for number, record in enumerate(reader.read(spans), 1):
        yield record
        if number % _EVERY == 0:
            progress(number, total, "reading the topics")
