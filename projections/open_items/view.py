"""Open items over two axes of time: what was owed on any day, as known at any position of the log.

Every item (an instalment, a charge, the unapplied rest of a receipt) is a set of periods (see `timeline`). They lie in
three tables, so that what is long closed costs nothing when what is open is read:

- `open_periods`: what is owed after all days known; one row for each open item, and no others;
- `closed_periods`: known as well, but of days before a later change, or since which nothing is open;
- `superseded_periods`: what was known once and is corrected since.

`item_periods` shows them as one. `open_by_day` and `open_by_customer` add up `open_periods` and nothing else.
Nothing that changes at midnight is stored: age and buckets are computed when they are read.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from domain.entry import Entry
from projections.open_items.item_rows import COLUMNS, Changes
from projections.open_items.items import Items, history, moved
from projections.open_items.lifetimes import Lifetimes
from projections.open_items.movements import MOVING, movements
from projections.projection import Batch, Query, Rebuild, Row, Write

TABLES = """
-- Exact, and fails rather than overflow; the server's own sum of bigints is a numeric, several times as dear.
create aggregate sum_minor (bigint) (
    sfunc = int8pl, stype = bigint, initcond = '0', combinefunc = int8pl, parallel = safe
);

create table open_periods (
    open_minor     bigint   not null,
    disputed_minor bigint   not null,
    original_minor bigint   not null,
    from_position     bigint   not null,
    to_position       bigint   not null,
    valid_from      date     not null,
    valid_to        date     not null,
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
create table closed_periods (like open_periods);
create table superseded_periods (like open_periods);
create view item_periods as
    select * from open_periods union all select * from closed_periods union all select * from superseded_periods;

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
-- `open_until[i]` and `items_until[i]` are sums of what is due on `due_on[i]` or before: any bucket of a customer is
-- the difference of two of them, found by halving, however many items there are.
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

# What a question costs must not grow with what is closed: by `valid_to` a past day finds what was open then, by
# `to_position` a past position what was known then; settled items are no part of either. Each has the other bounds of
# the rectangle beside it, since what ended later mostly began later, too. A past day needs a large part of what is
# open, in the order of the table: fetching it row by row through a B-tree costs more than reading all.
INDEXES = """
create unique index open_periods_item on open_periods (stream, item);
create index open_periods_customer on open_periods (customer);
create index open_periods_on_account on open_periods (customer) where kind = 'unapplied';
create index open_periods_valid_from on open_periods using brin (valid_from) with (pages_per_range = 32);
create index open_periods_issued_on on open_periods (issued_on);
create unique index closed_periods_item on closed_periods (stream, item, valid_from);
create index closed_periods_valid_to on closed_periods (valid_to, valid_from) where open_minor <> 0;
create index closed_periods_valid_from on closed_periods using brin (valid_from) with (pages_per_range = 32);
create index closed_periods_settled_on on closed_periods (settled_on) where open_minor = 0;
create index closed_periods_issued_on on closed_periods (issued_on);
create index closed_periods_customer on closed_periods (customer, valid_to);
create index superseded_periods_to_position on superseded_periods (to_position, from_position, valid_from);
create index superseded_periods_stream on superseded_periods (stream);
"""


_KNOWN = ", ".join(COLUMNS)
_LOAD = (
    f"select {_KNOWN} from open_periods where stream = any (%(streams)s)"
    f" union all select {_KNOWN} from closed_periods where stream = any (%(streams)s)"
    " order by stream, item, valid_from"
)


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


class Timelines:
    """The items that a batch of facts moves."""

    def __init__(self, stored: Iterable[Row] = ()):
        self._items: dict[str, Items] = {}
        for (stream, _), rows in groupby(stored, itemgetter(0, 1)):
            self._items.setdefault(stream, []).append(history(list(rows)))

    def take(self, entry: Entry) -> None:
        moves = movements(entry)
        if moves:
            self._items[entry.stream] = moved(self._items.get(entry.stream, []), moves)

    def writes(self) -> Iterator[Write]:
        changes = Changes()
        for stream, items in self._items.items():
            changes.add(stream, items)
        yield from changes.writes()
