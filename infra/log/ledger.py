"""The ledger: the one door through which facts are recorded and read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from domain.entry import Cause, Entry
from domain.kinds import Kind
from domain.refusal import Refused
from infra.clock import Clock, Pause, now, pause
from infra.database import Pool
from infra.log import chain
from infra.log.appends import Appended, Event, PreviousAnswer, expected_versions
from infra.log.chain import Checkpoint, Head, Row, Verified
from infra.log.clock_guard import ClockGuard
from infra.log.codec import UPCASTS, VERSIONS, Envelope, FactMapper, UnreadableFact, Upcast
from infra.log.combiner import Combiner
from infra.log.decision import Decide, Decision, Done, Overtaken, answered, done, repeat
from infra.log.memory import EMPTY, Memory, Stream, Turns
from infra.log.recorder import LogRecorder, Share

# As many times a change may come too late before it is let in alone.
TRIES = 4
PAGE = 5000
BEFORE_ALL = -(2**63)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Unless:
    """Facts beyond a position that would make a decision out of date."""

    read_to: int
    concerns: Callable[[Entry], bool]


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts for one stream, each with the day it counts for, to follow version `expected`."""

    stream: str
    expected: int
    facts: Sequence[tuple[Any, date]]
    cause: Cause


class Ledger:
    """Records and reads facts in streams of the `kinds` given, which are by prefix."""

    def __init__(
        self,
        pool: Pool,
        *,
        clock: Clock,
        kinds: Mapping[str, Kind],
        versions: Mapping[str, int] = VERSIONS,
        upcasts: Mapping[tuple[str, int], Upcast] = UPCASTS,
        pause: Pause = pause,
        memory: Memory | None = None,
        guard: ClockGuard | None = None,
    ):
        self.recorder = LogRecorder(pool, clock, guard)
        names = {name: fact for kind in kinds.values() for name, fact in kind.facts.items()}
        self.mapper = FactMapper(names, versions=versions, upcasts=upcasts)
        self._kinds = kinds
        self._opener = partial(Ledger, clock=now, kinds=kinds, versions=versions, upcasts=upcasts)
        self._pause = pause
        self._memory = Memory() if memory is None else memory
        self._turns = Turns()
        # The last position this process has recorded: what it asks views for is no older.
        self.recorded_to = 0
        self._combiner = Combiner(self.recorder.append)

    def close(self) -> None:
        self.recorder.close()

    # Recording

    def change(
        self,
        streams: Sequence[str],
        decide: Decide,
        *,
        on: date,
        cause: Cause,
        content: object,
        unless: Unless | None = None,
    ) -> Done:
        """Appends what `decide(*states)` says for each of `streams`, in one commit, once per `cause.command_id`.

        `decide` must be pure: it is called again when another writer was faster. The same command again gives the
        first answer; with other `content` it is refused as `command_reused`. One who keeps coming too late is let
        in alone: while it reads, decides and appends, all others wait. So is one that must not be decided if something
        was recorded meanwhile (`unless`): then `Overtaken` is raised, and nothing was recorded.
        """
        content_hash = hash_of(content)
        if unless:
            return self._changed_alone(streams, decide, on, cause, content_hash, unless)
        with self._turns.taken(streams):
            decision = self._decided_from_memory(streams, decide, on)
            for attempt in range(TRIES):
                if decision is None:
                    known, current = self._read(self.recorder, streams, cause.command_id)
                    if known:
                        return repeat(cause.command_id, known, content_hash)
                    decision = Decision(current, decide(*_states(current, streams)), on)
                request = decision.request(self.mapper, cause, content_hash)
                outcome = self._combiner.append(request)
                if isinstance(outcome, Appended):
                    self._remember(decision)
                    self.recorded_to = max(self.recorded_to, outcome.position)
                    return done(cause.command_id, outcome.position, [event[:3] for event in request.events])
                if isinstance(outcome, PreviousAnswer):
                    return repeat(cause.command_id, outcome, content_hash)
                decision = None
                self._pause(attempt)
            return self._changed_alone(streams, decide, on, cause, content_hash)

    def record_many(self, batches: Iterable[Batch], read: Mapping[str, int] | None = None) -> Head:
        """Bulk: everything in one commit, by COPY; returns the end of the log.

        `read` is the version of each stream that was looked at, whether there are facts for it or not. Raises `MovedOn`
        naming those that have others by now.
        """
        events = [
            Event(batch.stream, version, *self.mapper.encode(fact, effective_on, batch.cause))
            for batch in batches
            for version, (fact, effective_on) in enumerate(batch.facts, batch.expected + 1)
        ]
        if not events:
            return self.head()
        head = self.recorder.append_many(events, {**(read or {}), **expected_versions(events)})
        self.recorded_to = max(self.recorded_to, head.position)
        return head

    def repeated(self, command_id: str, content: object) -> Done | None:
        """The first answer of a command that was answered before, None else. Refuses `command_reused`."""
        known = self.recorder.select_command(command_id)
        return repeat(command_id, known, hash_of(content)) if known else None

    def answer(self, command_id: str) -> Done | None:
        """What a command was answered, None if it never was."""
        known = self.recorder.select_command(command_id)
        return answered(command_id, known) if known else None

    # Reading

    # All of these raise `UnreadableFact` where a fact of theirs cannot be read or does not fit its stream.

    def state(self, stream: str) -> Any:
        return self.read([stream])[stream].state

    def states(self, streams: Iterable[str]) -> dict[str, Any]:
        """The state of each stream, None for those that do not exist; one query however many."""
        return {stream: known.state for stream, known in self.read(streams).items()}

    def read(self, streams: Iterable[str]) -> dict[str, Stream]:
        """As `states`, with the version of each: what `record_many` wants to know as `expected`."""
        remembered = self._remembered(streams)
        return self._advanced(remembered, self.recorder.select_streams(_versions(remembered)))

    def read_on(self, streams: Iterable[str], on: date) -> dict[str, Stream]:
        """As `read`, by the facts that are effective up to a day, whenever they were recorded."""
        known = dict.fromkeys(streams, EMPTY)
        for stream, version, name, data, *_ in self.recorder.select_streams(dict.fromkeys(known, 0)):
            try:
                fact, effective_on = self.mapper.fact(name, data)
                kind, state = self._kinds[stream.partition(":")[0]], known[stream].state
                after = kind.evolve(state, fact, effective_on) if effective_on <= on else kind.defer(state, fact)
            except Exception as error:
                raise UnreadableFact(stream, version, name, error) from error
            known[stream] = Stream(version, after)
        return known

    def firsts(self, streams: Iterable[str]) -> dict[str, Envelope]:
        """What began each of those streams that exist; one query however many."""
        rows = self.recorder.select_firsts([*streams])
        return {stream: self._envelope(stream, 1, name, data) for stream, name, data in rows}

    def causes(self, streams: Iterable[str]) -> dict[str, Cause]:
        """Who began each of those streams that exist, and why."""
        return {stream: first.cause for stream, first in self.firsts(streams).items()}

    def histories(self, streams: Iterable[str]) -> dict[str, list[Envelope]]:
        """The facts of each stream in their order; one query however many."""
        found: dict[str, list[Envelope]] = {stream: [] for stream in streams}
        for stream, version, name, data, *_ in self.recorder.select_streams(dict.fromkeys(found, 0)):
            found[stream].append(self._envelope(stream, version, name, data))
        return found

    def facts(self, stream: str) -> list[Entry]:
        return [self._readable_entry(row) for row in self.recorder.select_stream(stream)]

    def facts_of(self, streams: Iterable[str]) -> dict[str, list[Entry]]:
        """As `facts`, of each of those streams that exist; one query however many."""
        found: dict[str, list[Entry]] = {}
        for row in self.recorder.select_rows_of([*streams]):
            found.setdefault(row.stream, []).append(self._readable_entry(row))
        return found

    def entries(self, after: int, limit: int = PAGE) -> list[Entry]:
        """A page of the log beyond a position."""
        return [self._readable_entry(row) for row in self.rows(after, limit)]

    def rows(self, after: int, limit: int = PAGE) -> list[Row]:
        """As `entries`, undecoded."""
        return self.recorder.select_rows(after, limit)

    def rows_at(self, positions: Sequence[int]) -> list[Row]:
        """The rows at these positions, those there are."""
        return self.recorder.select_rows_at(positions) if positions else []

    def first_of_kinds(self, kinds: Sequence[str], until: int) -> int | None:
        """The first position, up to another, of a stream of one of these kinds; looks through the log for it."""
        return self.recorder.select_first_of_kinds(kinds, until)

    def rows_of(self, share: Share, after: int, until: int) -> list[Row]:
        """The rows of some streams beyond a position, up to another."""
        return self.recorder.select_share(share, after, until)

    def opener(self) -> "Callable[[Pool], Ledger]":
        """What another process, to which it goes as a pickle, opens this log with to read it."""
        return self._opener

    def entry(self, row: Row) -> Entry:
        """What a row says; raises the mapper's own errors, for those who go on after them."""
        fact, effective_on, cause = self.mapper.decode(row.name, row.state)
        return Entry(row.stream, row.version, fact, effective_on, cause, row.position, row.recorded_at)

    def head(self) -> Head:
        return self.recorder.select_head()

    @cached_property
    def ledger_id(self) -> UUID:
        """Which ledger this is: made with its tables, and another one after they were made anew."""
        return self.recorder.select_ledger_id()

    def position_at(self, instant: datetime) -> int:
        """The last position recorded at or before an instant: what was known then."""
        return self.recorder.select_position_at(instant)

    def verify(self, checkpoints: Sequence[Checkpoint] = (), progress: Progress | None = None) -> Verified:
        """Recomputes the whole chain, a page at a time; `progress` hears how far it is, and of how many facts."""
        head = self.recorder.select_head_row()
        rows = self._all_rows(lambda done: progress and progress(done, max(done, head.position)))
        verified = chain.verify(rows, checkpoints, head=head, ledger_id=str(self.ledger_id))
        end = self.recorder.select_head_row().position
        if verified.broken_at is None and verified.verified > end:
            return replace(verified, broken_at=end + 1, message=f"the log goes on after its head at {end}")
        return verified

    def _changed_alone(
        self,
        streams: Sequence[str],
        decide: Decide,
        on: date,
        cause: Cause,
        content_hash: bytes,
        unless: Unless | None = None,
    ) -> Done:
        with self.recorder.alone() as recorder:
            known, current = self._read(recorder, streams, cause.command_id)
            if known:
                return repeat(cause.command_id, known, content_hash)
            if unless and self._is_overtaken(recorder, unless):
                raise Overtaken
            decision = Decision(current, decide(*_states(current, streams)), on)
            request = decision.request(self.mapper, cause, content_hash)
            [outcome] = recorder.append([request])
        assert isinstance(outcome, Appended), "nobody else can have appended"
        self.recorded_to = max(self.recorded_to, outcome.position)
        return done(cause.command_id, outcome.position, [event[:3] for event in request.events])

    def _is_overtaken(self, recorder: LogRecorder, unless: Unless) -> bool:
        """While all others wait, so no more than a page is looked through: who read longer ago must look again."""
        rows = recorder.select_rows(unless.read_to, PAGE)
        return len(rows) == PAGE or any(unless.concerns(self._readable_entry(row)) for row in rows)

    def _all_rows(self, reached: Callable[[int], object]) -> Iterator[Row]:
        page = self.rows(BEFORE_ALL)
        while page:
            yield from page
            reached(page[-1].position)
            # A short page is the end, or a verification would follow busy writers for ever.
            page = self.rows(page[-1].position) if len(page) == PAGE else []

    def _read(
        self, recorder: LogRecorder, streams: Sequence[str], command_id: str
    ) -> tuple[PreviousAnswer | None, dict[str, Stream]]:
        remembered = self._remembered(streams)
        known, rows = recorder.select_command_and_streams(command_id, _versions(remembered))
        return known, self._advanced(remembered, rows)

    def _advanced(self, known: dict[str, Stream], rows: Iterable[Any]) -> dict[str, Stream]:
        for stream, version, name, data, *_ in rows:
            try:
                fact, on = self.mapper.fact(name, data)
                known[stream] = Stream(version, self._evolve(stream, known[stream].state, fact, on))
            except Exception as error:
                raise UnreadableFact(stream, version, name, error) from error
        self._memory.put_all(known)
        return known

    def _envelope(self, stream: str, version: int, name: str, data: bytes) -> Envelope:
        try:
            return self.mapper.decode(name, data)
        except Exception as error:
            raise UnreadableFact(stream, version, name, error) from error

    def _readable_entry(self, row: Row) -> Entry:
        try:
            return self.entry(row)
        except Exception as error:
            raise UnreadableFact(row.stream, row.version, row.name, error, row.position) from error

    def _evolve(self, stream: str, state: Any, fact: Any, on: date) -> Any:
        return self._kinds[stream.partition(":")[0]].evolve(state, fact, on)

    def _decided_from_memory(self, streams: Sequence[str], decide: Decide, on: date) -> Decision | None:
        """Saves a round trip most of the time; the append checks.

        The first stream, if not remembered, is taken to be new. The others are what it refers to: they are likely to
        be there, and an append that fails costs more than reading them.
        """
        remembered = self._remembered(streams)
        if EMPTY in [remembered[stream] for stream in streams[1:]]:
            return None
        try:
            return Decision(remembered, decide(*_states(remembered, streams)), on)
        except (Refused, Overtaken):
            # What is remembered may have been overtaken; only what is stored may refuse.
            return None

    def _remembered(self, streams: Iterable[str]) -> dict[str, Stream]:
        return self._memory.get_all(streams)

    def _remember(self, decision: Decision) -> None:
        for stream, known in decision.outcome(self._evolve):
            self._memory.put(stream, known)


def hash_of(content: object) -> bytes:
    """Of a command's content: the same for the same names and values, whatever their order."""
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


def _states(known: Mapping[str, Stream], streams: Sequence[str]) -> list[Any]:
    return [known[stream].state for stream in streams]


def _versions(known: Mapping[str, Stream]) -> dict[str, int]:
    return {stream: each.version for stream, each in known.items()}
