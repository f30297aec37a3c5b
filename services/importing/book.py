"""What the ledger holds of the streams that some rows touch, and what these rows add to it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from domain.entry import Cause
from domain.kinds import kind_of
from infra.log.ledger import Batch, Ledger
from infra.log.memory import Stream

# What a row adds, in the order it is recorded: facts for a stream, each with the day it counts for.
Facts = Sequence[tuple[str, Sequence[tuple[Any, date]]]]


class Book:
    def __init__(self, ledger: Ledger):
        self._ledger = ledger
        self._streams: dict[str, Stream] = {}
        self._batches: list[Batch] = []
        self._unfolded: dict[str, list[tuple[Any, date]]] = {}

    def open(self, streams: Iterable[str]) -> None:
        """Reads those not yet read, in one query; whatever a decision looks at must have been opened."""
        missing = [stream for stream in dict.fromkeys(streams) if stream not in self._streams]
        if missing:
            self._streams |= self._ledger.read(missing)

    def state(self, stream: str) -> Any:
        version, state = self._streams[stream]
        if stream in self._unfolded:
            evolve = kind_of(stream).evolve
            for fact, on in self._unfolded.pop(stream):
                state = evolve(state, fact, on)
            self._streams[stream] = Stream(version, state)
        return state

    def add(self, facts: Facts, cause: Cause) -> bool:
        """Whether there was anything to add."""
        is_more = False
        for stream, dated in facts:
            if dated:
                is_more = True
                known = self._streams[stream]
                self._batches.append(Batch(stream, known.version, dated, cause))
                self._streams[stream] = Stream(known.version + len(dated), known.state)
                self._unfolded.setdefault(stream, []).extend(dated)
        return is_more

    def commit(self) -> None:
        """Records all that was added, or nothing; raises `MovedOn` when another writer was faster."""
        if self._batches:
            self._ledger.record_many(self._batches)
            self._batches = []

    def pretend(self) -> None:
        """Goes on as if all that was added had been recorded."""
        self._batches = []

    def forget(self) -> None:
        """As if nothing had been read or added."""
        self._streams, self._batches, self._unfolded = {}, [], {}

    def turn_page(self) -> None:
        """Keeps the customers, who come again; the rest would fill the memory."""
        kept = [stream for stream in self._streams if stream.startswith("customer:")]
        streams = {stream: Stream(self._streams[stream].version, self.state(stream)) for stream in kept}
        self.forget()
        self._streams = streams
