"""Open items over two axes of time: what was owed on any day, as known at any position of the log.

Every item (an instalment, a charge, the unapplied rest of a receipt) is a set of spans (see `timeline`). They lie in
three tables, so that what is long closed costs nothing when what is open is read:

- `open_spans`: what is owed at the end of all we know; one row for each open item, and no others;
- `closed_spans`: what we know, but of days that have ended, or since when nothing is open;
- `superseded_spans`: what we once held to be so and have learnt better.

`item_spans` shows them as one. `open_by_day` and `open_by_customer` add up `open_spans` and nothing else.
Nothing that grows older at midnight is kept: age and buckets are made when they are read.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

from domain.entry import Entry
from projections.movements import EVERY, MOVING, UNAPPLIED, Moved, Opening, movements
from projections.projection import Batch, Query, Rebuild, Row, Rows, Write
from projections.rollups import BY_CUSTOMER, BY_DAY, Delta, rollups
from projections.timeline import FOREVER, NEVER, Movement, Span, superpose

TABLES = """
-- Exact, and it fails rather than overflow; the sum of bigints is a numeric, several times as dear among many groups.
create aggregate sum_minor (bigint) (sfunc = int8pl, stype = bigint, initcond = '0', combinefunc = int8pl, parallel = safe);

create table open_spans (
    open_minor     bigint   not null,
    disputed_minor bigint   not null,
    original_minor bigint   not null,
    known_from     bigint   not null,
    known_to       bigint   not null,
    owed_from      date     not null,
    owed_to        date     not null,
    due_on         date     not null,
    issued_on      date     not null,
    document_on    date     not null,
    settled_on     date,
    paused_days    integer  not null,
    item           smallint not null,
    assignments    smallint not null,
    kind           text collate "C" not null,
    entity         text collate "C" not null,
    currency       text collate "C" not null,
    customer       text collate "C" not null,
    stream         text collate "C" not null,
    settled_by     text collate "C"
);
create table closed_spans (like open_spans);
create table superseded_spans (like open_spans);
create view item_spans as
    select * from open_spans union all select * from closed_spans union all select * from superseded_spans;

create table open_by_day (
    entity          text collate "C" not null,
    currency        text collate "C" not null,
    due_on          date   not null,
    items           bigint not null,
    open_minor      bigint not null,
    disputed_minor  bigint not null,
    assigned_minor  bigint not null,
    unapplied_minor bigint not null,
    primary key (entity, currency, due_on)
);
-- `open_until[i]` and `items_until[i]` are sums of what is due on `due_on[i]` or before: any bucket of a customer is the
-- difference of two of them, found by halving, however many items there are.
create table open_by_customer (
    entity          text collate "C" not null,
    currency        text collate "C" not null,
    customer        text collate "C" not null,
    items           bigint   not null,
    open_minor      bigint   not null,
    disputed_minor  bigint   not null,
    assigned_minor  bigint   not null,
    unapplied_minor bigint   not null,
    due_on          date[]   not null,
    open_until      bigint[] not null,
    items_until     bigint[] not null,
    primary key (customer, currency, entity)
) with (fillfactor = 80);
"""

# What a question costs must not grow with what is closed: by `owed_to` a past day finds what was open then, by
# `known_to` a past position what was believed then; settled items are no part of either.
INDEXES = """
create unique index open_spans_item on open_spans (stream, item);
create index open_spans_customer on open_spans (customer);
create index open_spans_owed_from on open_spans (owed_from);
create index open_spans_issued_on on open_spans (issued_on);
create unique index closed_spans_item on closed_spans (stream, item, owed_from);
create index closed_spans_owed_to on closed_spans (owed_to) where open_minor <> 0;
create index closed_spans_settled_on on closed_spans (settled_on) where open_minor = 0;
create index closed_spans_issued_on on closed_spans (issued_on);
create index closed_spans_customer on closed_spans (customer, owed_to);
create index superseded_spans_known_to on superseded_spans (known_to);
create index superseded_spans_stream on superseded_spans (stream);
create index superseded_spans_customer on superseded_spans (customer, known_to);
"""


# Some 100 MB.
MOST_CARRIED = 120_000


class Item(NamedTuple):
    """What never changes about an item."""

    kind: str
    original_minor: int
    due_on: date
    entity: str
    currency: str
    issued_on: date
    document_on: date


COLUMNS = ("stream", "item", *Item._fields, *Span._fields)
_KNOWN = ", ".join(COLUMNS)
_LOAD = (
    f"select {_KNOWN} from open_spans where stream = any (%(streams)s)"
    f" union all select {_KNOWN} from closed_spans where stream = any (%(streams)s)"
    " order by stream, item, owed_from"
)
_DROP_OPEN = (
    "delete from open_spans s using unnest(%s::text[], %s::smallint[]) as gone (stream, item)"
    " where s.stream = gone.stream and s.item = gone.item"
)
_DROP_CLOSED = (
    "delete from closed_spans s using unnest(%s::text[], %s::smallint[], %s::date[]) as gone (stream, item, owed_from)"
    " where s.stream = gone.stream and s.item = gone.item and s.owed_from = gone.owed_from"
)


class Unfit(Exception):
    """A fact that moves what is not there, or opens what is there already."""


class OpenItems:
    name = "open_items"
    version = 1
    tables = TABLES
    indexes = INDEXES

    def needs(self, entries: Sequence[Entry]) -> Sequence[Query]:
        moved = {entry.stream for entry in entries if type(entry.fact) in MOVING}
        begun = {entry.stream for entry in entries if entry.version == 1}
        return [Query(_LOAD, {"streams": sorted(moved - begun)})]

    def batch(self, answers: Sequence[Sequence[Row]]) -> Batch:
        return Timelines(answers[0])

    def rebuild(self) -> Rebuild:
        return Lifetimes()


class Known(NamedTuple):
    """An item as it is in the tables (`stored`), and as it is now."""

    item: Item
    stored: tuple[Span, ...]
    now: tuple[Span, ...]
    superseded: tuple[Span, ...]


# The items of a claim, item 1 first.
Claim = list[Known]


class Timelines:
    """The items that a batch of facts moves."""

    def __init__(self, stored: Iterable[Row] = ()):
        self._claims: dict[str, Claim] = {}
        for (stream, _), rows in groupby(stored, itemgetter(0, 1)):
            self._claims.setdefault(stream, []).append(_known(list(rows)))

    def take(self, entry: Entry) -> None:
        moves = movements(entry)
        if moves:
            self._claims[entry.stream] = moved(self._claims.get(entry.stream, []), moves)

    def writes(self) -> Iterator[Write]:
        changes = Changes()
        for stream, claim in self._claims.items():
            changes.add(stream, claim)
        yield from changes.writes()


class Lifetimes:
    """For a rebuild: claims are carried from batch to batch and written once, when nothing is open on them any more.

    When there are too many to carry, the oldest are written as they stand. What then still moves a claim that was
    written is late.
    """

    steps = (Query(BY_DAY), Query(BY_CUSTOMER))

    def __init__(self, most_carried: int = MOST_CARRIED):
        self._carried: dict[str, Claim] = {}
        self._most = most_carried
        self._changes = Changes()
        self._late: list[int] = []

    def take(self, entry: Entry) -> None:
        moves = movements(entry)
        if not moves:
            return
        stream = entry.stream
        claim = self._carried.get(stream)
        if claim is None and entry.version > 1:
            self._late.append(entry.position)
            return
        claim = moved(claim or [], moves)
        if any(known.now[-1].open_minor for known in claim):
            self._carried[stream] = claim
        else:
            self._changes.add(stream, claim)
            self._carried.pop(stream, None)

    def writes(self) -> Iterator[Write]:
        excess = len(self._carried) - self._most
        for stream in list(islice(self._carried, max(0, excess))):
            self._changes.add(stream, self._carried.pop(stream))
        yield from self._flush()

    def rest(self) -> Iterator[Write]:
        for stream, claim in self._carried.items():
            self._changes.add(stream, claim)
        self._carried.clear()
        yield from self._flush()

    def late(self) -> Sequence[int]:
        return self._late

    def _flush(self) -> Iterator[Write]:
        written, self._changes = self._changes, Changes()
        yield from written.rows()


def moved(claim: Claim, moves: Sequence[Moved]) -> Claim:
    after = claim.copy()
    for number, movement, opening in moves:
        if opening:
            if number != len(after) + 1:
                raise Unfit(f"item {number} cannot follow item {len(after)}")
            after.append(_opened(movement, opening, after))
        elif number == EVERY:
            after = [_superposed(known, movement) for known in after]
        elif number <= len(after):
            after[number - 1] = _superposed(after[number - 1], movement)
        else:
            raise Unfit(f"there is no item {number}")
    return after


def _known(rows: Sequence[Row]) -> Known:
    end = 2 + len(Item._fields)
    spans = tuple(Span._make(row[end:]) for row in rows)
    return Known(Item._make(rows[0][2:end]), spans, spans, ())


def _superposed(known: Known, movement: Movement) -> Known:
    item, stored, spans, before = known
    now, superseded = superpose(spans, movement, item.due_on)
    if not -NEVER < now[-1].open_minor < NEVER:
        raise Unfit("that is more than a table can hold")
    return Known(item, stored, now, (*before, *superseded))


def _opened(movement: Movement, opening: Opening, claim: Claim) -> Known:
    kind, original, due_on, entity, currency, issued_on, document_on = opening
    if entity is not None and currency is not None and issued_on is not None and document_on is not None:
        item = Item(kind, original, due_on, entity, currency, issued_on, document_on)
    elif claim:
        first = claim[0]
        item = first.item._replace(kind=kind, original_minor=original, due_on=due_on)
        movement = movement._replace(customer=first.now[-1].customer)
    else:
        raise Unfit("a claim begins with its issue")
    return Known(item, (), superpose((), movement, due_on).now, ())


def is_open(span: Span) -> bool:
    return span.open_minor != 0 and span.owed_to == FOREVER


class Changes:
    """What is to be dropped from the tables and put into them, and what that does to the sums."""

    def __init__(self) -> None:
        self.dropped_open: list[tuple[str, int]] = []
        self.dropped_closed: list[tuple[str, int, date]] = []
        self.open: list[Row] = []
        self.closed: list[Row] = []
        self.superseded: list[Row] = []
        self.deltas: list[Delta] = []

    def add(self, stream: str, claim: Claim) -> None:
        for number, (item, stored, now, superseded) in enumerate(claim, 1):
            if now is stored:
                continue
            row = (stream, number, *item)
            for span in stored:
                if span not in now:
                    self._drop(stream, number, item, span)
            for span in now:
                if span not in stored:
                    self._put(row, item, span)
            self.superseded += [row + span for span in superseded]

    def writes(self) -> Iterator[Write]:
        if self.dropped_open:
            yield Query(_DROP_OPEN, [list(each) for each in zip(*self.dropped_open, strict=True)])
        if self.dropped_closed:
            yield Query(_DROP_CLOSED, [list(each) for each in zip(*self.dropped_closed, strict=True)])
        yield from self.rows()
        yield from rollups(self.deltas)

    def rows(self) -> Iterator[Write]:
        yield Rows("open_spans", COLUMNS, self.open)
        yield Rows("closed_spans", COLUMNS, self.closed)
        yield Rows("superseded_spans", COLUMNS, self.superseded)

    def _drop(self, stream: str, number: int, item: Item, span: Span) -> None:
        if is_open(span):
            self.dropped_open.append((stream, number))
            self.deltas.append(_delta(item, span, -1))
        else:
            self.dropped_closed.append((stream, number, span.owed_from))

    def _put(self, row: Row, item: Item, span: Span) -> None:
        if is_open(span):
            self.open.append(row + span)
            self.deltas.append(_delta(item, span, +1))
        else:
            self.closed.append(row + span)


def _delta(item: Item, span: Span, sign: int) -> Delta:
    key = item.entity, item.currency, span.customer, item.due_on
    if item.kind == UNAPPLIED:
        return Delta(*key, 0, 0, 0, 0, sign * span.open_minor)
    disputed = max(0, min(span.open_minor, span.disputed_minor))
    assigned = span.open_minor if span.assignments > 0 else 0
    return Delta(*key, sign, sign * span.open_minor, sign * disputed, sign * assigned, 0)
