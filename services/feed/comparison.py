"""The messages of the topics held against what the log says they are, one by one, in any order of partitions."""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from infra.kafka.message import Record
from infra.log.incarnations import Incarnations
from services.feed.expectation import Facts, Streams, place_of, state_digest_of
from services.feed.origin import Origin, origin_of

MISSING, DOUBLED, DISORDERED, DIFFERENT = "missing", "doubled", "disordered", "different"
STALE_STATES, DIFFERENT_STATES = "stale_states", "different_states"
RESENT, WITHDRAWN = "resent", "withdrawn"
FAULTS = (MISSING, DOUBLED, DISORDERED, DIFFERENT, STALE_STATES, DIFFERENT_STATES)

# Of each fault; of more only the number is said.
NAMED = 5


@dataclass(slots=True)
class Finding:
    """`position` is None for a message that is no fact of the log; `record` is what was found, if anything was.

    `reason_code` is why the fact cannot be published.
    """

    fault: str
    stream: str
    position: int | None = None
    record: Record | None = None
    names: tuple[str, ...] = ()
    reason_code: str | None = None


@dataclass(slots=True)
class Findings:
    counts: Counter[str] = field(default_factory=Counter)
    named: list[Finding] = field(default_factory=list)

    def are_wanted(self, fault: str) -> bool:
        return self.counts[fault] < NAMED

    def add(self, found: Finding) -> None:
        if self.are_wanted(found.fault):
            self.named.append(found)
        self.counts[found.fault] += 1


class FactComparison:
    """`ids` counts those of facts that the log had when the check began, and of all that are no facts of it."""

    def __init__(self, facts: Facts, streams: Streams, incarnations: Incarnations, findings: Findings):
        self._facts, self._streams, self._incarnations, self._findings = facts, streams, incarnations, findings
        self._partitions: dict[tuple[str, int], int] = {}
        self._other_ids: set[int] = set()
        self._nameless = self._known = 0
        # Beyond the log as it was: it may have grown since.
        self._later = array("q")
        self._later_named: list[tuple[int, Record]] = []

    @property
    def ids(self) -> int:
        return self._known + len(self._other_ids) + self._nameless

    def take(self, record: Record) -> None:
        origin = origin_of(record)
        if origin is None:
            self._take_stranger(record, origin)
        elif self._is_given_up(origin):
            self._other_ids.add(hash((origin.incarnation, origin.position)))
            self._findings.counts[WITHDRAWN] += 1
        elif origin.incarnation != self._incarnations.name_at(origin.position):
            self._take_stranger(record, origin)
        elif self._facts.is_expected(origin.position):
            self._take(record, origin)
        else:
            self._later.append(origin.position)
            if len(self._later_named) < NAMED:
                self._later_named.append((origin.position, record))

    def finish(self, head: int) -> None:
        """What lies beyond the end of the log as it is now is no fact of it."""
        beyond = [position for position in self._later if position > head]
        self._other_ids.update(hash(("", position)) for position in beyond)
        named = [record for position, record in self._later_named if position > head]
        for record in named:
            self._findings.add(_finding(DIFFERENT, record))
        self._findings.counts[DIFFERENT] += len(beyond) - len(named)

    def _take(self, record: Record, origin: Origin) -> None:
        was_seen = self._facts.see(origin.position)
        self._known += not was_seen
        if not self._facts.is_same(origin.position, record):
            self._findings.add(_finding(DIFFERENT, record, origin.position))
        elif self._is_disordered(record, origin.version, was_seen):
            self._findings.add(_finding(DISORDERED, record, origin.position))
        else:
            self._findings.counts[RESENT] += was_seen

    def _is_disordered(self, record: Record, version: int, was_seen: bool) -> bool:
        """What is sent again may come late, but nowhere else."""
        number = self._streams.number(record.key)
        assert number is not None, "a fact of the log is of a stream of the log"
        partition = self._partitions.setdefault((record.topic, record.partition), len(self._partitions))
        if was_seen:
            return self._streams.is_elsewhere(number, partition)
        return self._streams.comes_late(number, partition, version)

    def _take_stranger(self, record: Record, origin: Origin | None) -> None:
        """Its id is none that the log gives; whether it is a fact of the log nevertheless, its key and number say."""
        if origin:
            self._other_ids.add(hash((origin.incarnation, origin.position)))
        else:
            self._nameless += 1
        headers = dict(record.headers)
        stream, sequence = (record.key or b"").decode("utf-8", "replace"), headers.get("ce_sequence") or b""
        place = place_of(stream, int(sequence)) if sequence.isdigit() and len(sequence) < 18 else 0
        fault = DOUBLED if place and self._facts.has(place) else DIFFERENT
        if self._findings.are_wanted(fault):
            position = self._facts.position_of(place) if fault == DOUBLED else None
            self._findings.add(_finding(fault, record, position))
        else:
            self._findings.counts[fault] += 1

    def _is_given_up(self, origin: Origin) -> bool:
        known = self._incarnations.named(origin.incarnation)
        return known is not None and not known.first <= origin.position <= known.last


class StateComparison:
    """Of the states on the compacted topic the last of each invoice counts, and none may be in another partition."""

    def __init__(self, streams: Streams):
        self._streams = streams
        self._misplaced: set[int] = set()
        self.strangers: set[str] = set()

    def take(self, record: Record) -> None:
        number = self._streams.number(record.key)
        if number is None:
            stream = (record.key or b"").decode("utf-8", "replace")
            self.strangers.add(stream) if record.value is not None else self.strangers.discard(stream)
            return
        if self._streams.state_partitions[number] not in (-1, record.partition):
            self._misplaced.add(number)
            return
        sequence = dict(record.headers).get("ce_sequence") or b""
        is_state = record.value is not None and sequence.isdigit() and len(sequence) < 18
        self._streams.found_versions[number] = int(sequence) if is_state else 0
        self._streams.found_digests[number] = state_digest_of(record)

    def differing(self) -> Iterator[int]:
        """The numbers of the streams whose last state has another content than that of the same version in the log.

        Those that have one in another partition, which nothing will compact, as well.
        """
        each = self._streams
        yield from sorted(self._misplaced)
        same = (n for n in range(len(each)) if each.digests[n] and each.found_versions[n] == each.state_versions[n])
        yield from (n for n in same if each.found_digests[n] != each.digests[n] and n not in self._misplaced)

    def other_versions(self) -> Iterator[int]:
        """Those whose last state is of another version, or is not there."""
        each = self._streams
        return (n for n in range(len(each)) if each.digests[n] and each.found_versions[n] != each.state_versions[n])


def _finding(fault: str, record: Record, position: int | None = None) -> Finding:
    return Finding(fault, (record.key or b"").decode("utf-8", "replace"), position, record)
