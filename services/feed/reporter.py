"""The reporter: keeps views of the reporting database from the feed, beside others who have the other partitions.

Kafka says which partitions are this worker's, the reporting database how far each was read. What comes a second time is
known by its position: a page that was sent again, a replay, topics that were emptied and filled again change nothing.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from infra.kafka import topics
from infra.kafka.consumer import Consumer
from infra.kafka.message import Place, Record
from infra.log.garbage import searched_seldom
from infra.log.incarnations import END, Incarnation, Incarnations
from infra.log.positions import Fenced
from infra.logs import logger
from infra.views.applying import Read
from infra.views.sharing import NEW, Mark, Move, Page, SharedViews, StartOver
from services.feed.origin import Origin, origin_of
from services.feed.received import read

NAME = "reporter"
GROUP = "receivables-reporting"
PAGE = 10_000
POLL_SECONDS = 0.5
COMMIT_SECONDS = 5.0

_TOPICS = [*topics.FACTS.values()]
# Facts of other kinds only count: whoever has seen all positions up to one knows that nothing is missing.
_READ = frozenset(topics.FACTS[kind] for kind in ("invoice", "receipt", "credit_note", "customer"))


class Applied(NamedTuple):
    """Of one page: facts that were new, those of them that were parked, and how long it took."""

    facts: int
    parked: int
    seconds: float


@dataclass(slots=True)
class _Cursor:
    """`mark` is what the database says, `next` what is to come; `proven` once the topic is known to be the one that
    was read."""

    mark: Mark
    next: int
    proven: bool


class _Found(NamedTuple):
    place: Place
    record: Record
    origin: Origin


class Reporter:
    """`applied` hears of each page. For one thread at a time."""

    def __init__(
        self,
        views: SharedViews,
        servers: Sequence[str],
        database_id: str,
        *,
        size: int = PAGE,
        applied: Callable[[Applied], None] = lambda page: None,
    ):
        self.views, self._size, self._applied = views, size, applied
        # Of its own for each database: two that shared a group would have half of the facts each.
        self.group = f"{GROUP}-{database_id}"
        self._consumer = Consumer(servers, self.group, _TOPICS)
        self._placed: int | None = None
        self._cursors: dict[Place, _Cursor] = {}
        self._incarnations: Incarnations | None = None
        self._committed_at = 0.0

    def close(self) -> None:
        """Leaves the group, so that others take over at once."""
        self._consumer.close()
        self._placed = None

    def begin_anew(self) -> None:
        """What was read and not applied is read again, from where the database says."""
        self._placed = None

    def unread(self, marks: Mapping[Place, Mark]) -> int:
        """How many messages nobody has read yet, of all partitions, when it was last looked."""
        return sum(max(0, end - marks.get(place, NEW).next_offset) for place, end in self._consumer.ends.items())

    def advance(self, seconds: float = POLL_SECONDS) -> bool:
        """Waits for messages and applies them; False when none came in time.

        Raises `BrokerAway`, the errors of the database, and `StartOver` when the database is to be made anew.
        """
        if self._placed is None:
            self.views.prepare()
        if self._placed != self._consumer.generation:
            self._place()
        generation, records = self._consumer.poll(self._size, seconds)
        if self._placed != self._consumer.generation or self._placed != generation:
            return True
        with searched_seldom():
            return self._take(records)

    def _take(self, records: Mapping[Place, Sequence[Record]]) -> bool:
        began = time.perf_counter()
        page = self._page(records)
        if page.moves:
            try:
                parked = self.views.apply(page)
            except Fenced as fenced:
                logger(worker=NAME).info("overtaken", reason=str(fenced))
                self.begin_anew()
                return True
            for place, move in page.moves.items():
                self._cursors[place].mark = move.after
            if parked:
                logger(worker=NAME).warning("parked", facts=parked, until=max(page.applied))
            if page.applied:
                self._applied(Applied(len(page.applied), parked, time.perf_counter() - began))
        self._commit()
        return bool(page.moves)

    def _place(self) -> None:
        """Every partition that is ours begins where the database says, with the message before: is it still there?"""
        # A change that comes while we ask makes another round.
        generation = self._consumer.generation
        assigned = self._consumer.assigned()
        marks = self.views.marks()
        self._incarnations = self.views.incarnations()
        self._cursors = {}
        for place in assigned:
            mark = marks.get(place, NEW)
            first = max(0, mark.next_offset - 1)
            self._cursors[place] = _Cursor(mark, first, proven=mark == NEW)
        self._consumer.seek({place: cursor.next for place, cursor in self._cursors.items()})
        self._placed = generation

    def _page(self, records: Mapping[Place, Sequence[Record]]) -> Page:
        found: list[_Found] = []
        lasts: dict[Place, tuple[int, int]] = {}
        for place, each in records.items():
            cursor = self._cursors.get(place)
            if cursor is None or not each:
                continue
            for record in self._following(place, cursor, each):
                origin = origin_of(record)
                lasts[place] = record.offset + 1, origin.position if origin else 0
                if origin and self._belongs(origin):
                    found.append(_Found(place, record, origin))
        return self._made(self._new(found), lasts)

    def _following(self, place: Place, cursor: _Cursor, records: Sequence[Record]) -> Iterator[Record]:
        """What comes after what was read; all of a topic that is another than the one that was read."""
        first = records[0]
        if first.offset < cursor.next:
            # The client has begun anew at the beginning, since what it asked for is not there.
            cursor.proven = True
        elif not cursor.proven:
            cursor.proven = True
            origin = origin_of(first)
            if first.offset == cursor.next and (origin.position if origin else 0) == cursor.mark.last:
                records = records[1:]
            else:
                logger(worker=NAME).warning("topic made anew", topic=place.topic, partition=place.partition)
                cursor.next = 0
                self._consumer.seek({place: 0})
                return
        cursor.next = (records[-1].offset if records else first.offset) + 1
        yield from records

    def _belongs(self, origin: Origin) -> bool:
        """Not what was rolled back in a restore. Raises `StartOver` for another name than those begun with."""
        if self._incarnations is None:
            self._incarnations = Incarnations([Incarnation(origin.incarnation, 1, END)])
        known = self._incarnations.named(origin.incarnation)
        if known is None:
            raise StartOver(
                "The feed holds facts under another name of the ledger than the reporting database has: the ledger was "
                "restored from a backup, or it is another one"
            )
        return known.first <= origin.position <= known.last

    def _new(self, found: Sequence[_Found]) -> list[_Found]:
        """Those that were not applied yet, each once."""
        done = self.views.applied([each.origin.position for each in found]) if found else set()
        highest = {place: cursor.mark.highest for place, cursor in self._cursors.items()}
        new = []
        for each in found:
            position = each.origin.position
            if position in done:
                continue
            if position < highest[each.place]:
                raise StartOver(
                    f"Position {position:,} came after later ones of its partition: the topics have lost facts that "
                    "were published again, or have another number of partitions now"
                )
            done.add(position)
            highest[each.place] = position
            new.append(each)
        return new

    def _made(self, new: Sequence[_Found], lasts: Mapping[Place, tuple[int, int]]) -> Page:
        count: dict[Place, int] = {}
        highest: dict[Place, int] = {}
        facts: list[Read] = []
        for each in new:
            count[each.place] = count.get(each.place, 0) + 1
            highest[each.place] = each.origin.position
            if each.place.topic in _READ:
                facts.append(read(each.record, each.origin))
        facts.sort(key=lambda fact: fact.position)
        moves = {}
        for place, (next_offset, last) in lasts.items():
            before = self._cursors[place].mark
            after = Mark(next_offset, last, highest.get(place, before.highest), before.facts + count.get(place, 0))
            moves[place] = Move(before, after)
        name = new[-1].origin.incarnation if new else ""
        return Page(facts, [each.origin.position for each in new], moves, name)

    def _commit(self) -> None:
        if time.monotonic() - self._committed_at > COMMIT_SECONDS:
            self._committed_at = time.monotonic()
            self._consumer.commit(
                {place: cursor.mark.next_offset for place, cursor in self._cursors.items() if cursor.mark != NEW}
            )
