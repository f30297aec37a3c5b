"""What the ledger remembers of streams it has read, and the turns local writers take on them."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any, NamedTuple

MOST_STREAMS = 10_000
TURNS = 1024


class Stream(NamedTuple):
    """The state of a stream after its first `version` facts; state None and version 0 when it has none."""

    version: int
    state: Any


class Unfolded(NamedTuple):
    """A stream whose state is worked out when somebody asks for it, since most are not asked for again soon."""

    version: int
    fold: Callable[[], Any]


EMPTY = Stream(0, None)


class Memory:
    """The streams used last, bounded. What it holds is true of its version, but may have been overtaken."""

    def __init__(self, most: int = MOST_STREAMS):
        self._most = most
        self._streams: OrderedDict[str, Stream | Unfolded] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._streams)

    def get(self, stream: str) -> Stream:
        """`EMPTY` for a stream that is not remembered."""
        return self.get_all([stream])[stream]

    def get_all(self, streams: Iterable[str]) -> dict[str, Stream]:
        with self._lock:
            return {stream: self._got(stream) for stream in streams}

    def put(self, stream: str, known: Stream | Unfolded) -> None:
        self.put_all({stream: known})

    def put_all(self, known: Mapping[str, Stream | Unfolded]) -> None:
        with self._lock:
            for stream, each in known.items():
                if each is not EMPTY and each.version >= self._streams.get(stream, EMPTY).version:
                    self._streams[stream] = each
                    self._streams.move_to_end(stream)
                    if len(self._streams) > self._most:
                        self._streams.popitem(last=False)

    def _got(self, stream: str) -> Stream:
        found = self._streams.get(stream)
        if found is None:
            return EMPTY
        if isinstance(found, Unfolded):
            found = self._streams[stream] = Stream(found.version, found.fold())
        self._streams.move_to_end(stream)
        return found


class Turns:
    """One local writer at a time per stream, so that they queue instead of conflicting in the database."""

    def __init__(self, count: int = TURNS):
        self._locks = [Lock() for _ in range(count)]

    @contextmanager
    def taken(self, streams: Iterable[str]) -> Iterator[None]:
        taken: list[Lock] = []
        try:
            # In one order for everybody, or two writers could wait for each other.
            for number in sorted({hash(stream) % len(self._locks) for stream in streams}):
                self._locks[number].acquire()
                taken.append(self._locks[number])
            yield
        finally:
            for lock in taken:
                lock.release()
