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
from itertools import groupby
from operator import itemgetter

from domain.entry import Entry
from projections.open_items.item_rows import COLUMNS, Changes
from projections.open_items.items import Claim, known, moved
from projections.open_items.lifetimes import Lifetimes
from projections.open_items.movements import MOVING, movements
from projections.projection import Batch, Query, Rebuild, Row, Write

TABLES = """
-- Exact, and fails rather than overflow; the server's own sum of bigints is a numeric, several times as dear.
create aggregate sum_minor (bigint) (
    sfunc = int8pl, stype = bigint, initcond = '0', combinefunc = int8pl, parallel = safe
);

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

# What a question costs must not grow with what is closed: by `owed_to` a past day finds what was open then, by
# `known_to` a past position what was believed then; settled items are no part of either. Each has the other bounds of
# the rectangle beside it, since what ended later mostly began later, too. Of what is open a past day needs a good part,
# in the order of the table: one row after the other through a tree costs more than reading all.
INDEXES = """
create unique index open_spans_item on open_spans (stream, item);
create index open_spans_customer on open_spans (customer);
create index open_spans_owed_from on open_spans using brin (owed_from) with (pages_per_range = 32);
create index open_spans_issued_on on open_spans (issued_on);
create unique index closed_spans_item on closed_spans (stream, item, owed_from);
create index closed_spans_owed_to on closed_spans (owed_to, owed_from) where open_minor <> 0;
create index closed_spans_settled_on on closed_spans (settled_on) where open_minor = 0;
create index closed_spans_issued_on on closed_spans (issued_on);
create index closed_spans_customer on closed_spans (customer, owed_to);
create index superseded_spans_known_to on superseded_spans (known_to, known_from, owed_from);
create index superseded_spans_stream on superseded_spans (stream);
"""


_KNOWN = ", ".join(COLUMNS)
_LOAD = (
    f"select {_KNOWN} from open_spans where stream = any (%(streams)s)"
    f" union all select {_KNOWN} from closed_spans where stream = any (%(streams)s)"
    " order by stream, item, owed_from"
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
    """The claims that a batch of facts moves."""

    def __init__(self, stored: Iterable[Row] = ()):
        self._claims: dict[str, Claim] = {}
        for (stream, _), rows in groupby(stored, itemgetter(0, 1)):
            self._claims.setdefault(stream, []).append(known(list(rows)))

    def take(self, entry: Entry) -> None:
        moves = movements(entry)
        if moves:
            self._claims[entry.stream] = moved(self._claims.get(entry.stream, []), moves)

    def writes(self) -> Iterator[Write]:
        changes = Changes()
        for stream, claim in self._claims.items():
            changes.add(stream, claim)
        yield from changes.writes()
