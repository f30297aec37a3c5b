"""The audit trail: which facts answer an auditor's question.

The facts stay in the log; this is only the index over it that the log itself does not have. An invoice's or a
receipt's own facts are found by its stream, those up to an instant by bisecting the positions; a customer's by the
streams that were ever theirs, so that money identified later is theirs from its first fact. Everything else is found by
the envelope.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain import credit_note
from domain.customer.facts import Registered
from domain.entry import Entry
from domain.invoice.facts import Issued
from domain.kinds import FACTS, NAMES
from domain.receipt import Identified, Received
from domain.refusal import Refused
from projections.projection import Query, Row, Rows, Write

TABLES = """
create table entries (
    position       bigint not null,
    effective_on   date   not null,
    name           text   not null,
    actor          text   not null,
    command_id     text   not null,
    correlation_id text
);
create table owners (
    customer text not null,
    stream   text not null
);
create table extents (
    what  text   not null,
    value text   not null,
    first bigint not null,
    last  bigint not null,
    primary key (what, value)
) with (fillfactor = 50);
"""

# BRIN (what a range of blocks holds) instead of a B-tree for each column: those cost ten times as much to keep, and
# this still finds a command among ten million facts in some twenty milliseconds.
INDEXES = """
create unique index entries_position on entries (position);
create index entries_envelope on entries using brin (
    effective_on   date_minmax_multi_ops,
    name           text_bloom_ops (n_distinct_per_range = 64),
    actor          text_bloom_ops (n_distinct_per_range = 256),
    command_id     text_bloom_ops (n_distinct_per_range = 1200),
    correlation_id text_bloom_ops (n_distinct_per_range = 1200)
) with (pages_per_range = 32, autosummarize = on);
create index owners_customer on owners (customer);
"""


_ENTRIES = ("position", "effective_on", "name", "actor", "command_id", "correlation_id")
_OWNERS = ("customer", "stream")
_EXTENTS = {"day": "effective_on", "name": "name", "actor": "actor"}
_ALL_EXTENTS = "insert into extents " + " union all ".join(
    f"select '{what}', {column}::text, min(position), max(position) from entries group by {column}"
    for what, column in _EXTENTS.items()
)
_NAMES_THE_CUSTOMER = frozenset((Issued, credit_note.Issued, Received, Identified, Registered))


class AuditTrail:
    name = "audit"
    version = 1
    tables = TABLES
    indexes = INDEXES

    def needs(self, entries: Sequence[Entry]) -> Sequence[Query]:
        return ()

    def batch(self, answers: Sequence[Sequence[Row]]) -> "_Indexed":
        return _Indexed([], [])

    def rebuild(self) -> "_IndexedAnew":
        return _IndexedAnew([], [])


@dataclass(slots=True)
class _Indexed:
    entries: list[Row]
    owners: list[Row]

    def take(self, entry: Entry) -> None:
        stream, _, fact, effective_on, (actor, command_id, _, correlation_id, *_), position, _ = entry
        kind = type(fact)
        self.entries.append((position, effective_on, NAMES[kind], actor, command_id, correlation_id))
        if kind in _NAMES_THE_CUSTOMER and fact.customer:
            self.owners.append((fact.customer, stream))

    def writes(self) -> Iterable[Write]:
        yield Rows("entries", _ENTRIES, self.entries)
        yield Rows("owners", _OWNERS, self.owners)
        if self.entries:
            yield _widened([extent for what, column in _EXTENTS.items() for extent in self._extents(what, column)])

    def _extents(self, what: str, column: str) -> Iterable[Row]:
        """Between which positions each value of a column lies; positions rise from row to row."""
        n = _ENTRIES.index(column)
        last = {row[n]: row[0] for row in self.entries}
        first = {row[n]: row[0] for row in reversed(self.entries)}
        return ((what, str(value), first[value], last[value]) for value in last)


class _IndexedAnew(_Indexed):
    """Every fact makes its own rows; the extents are taken from all of them at once."""

    __slots__ = ()
    steps = (Query(_ALL_EXTENTS),)

    def writes(self) -> Iterable[Write]:
        yield Rows("entries", _ENTRIES, self.entries)
        yield Rows("owners", _OWNERS, self.owners)
        self.entries, self.owners = [], []

    def rest(self) -> Iterable[Write]:
        return self.writes()

    def late(self) -> Sequence[int]:
        return ()


def _widened(extents: Sequence[Row]) -> Query:
    return Query(
        "insert into extents as e select * from unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[])"
        " on conflict (what, value) do update"
        " set first = least(e.first, excluded.first), last = greatest(e.last, excluded.last)",
        [list(column) for column in zip(*extents, strict=True)],
    )


# The questions it answers

LAST = 2**63 - 1
FEW = 10_000

# The best way to a rare value is the worst to a common one, so no plan is kept from question to question.
PLANNED_ANEW = Query("select set_config('plan_cache_mode', 'force_custom_plan', true)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is None is not asked for; `kind` is a stored name or what it begins with; positions and days are both in."""

    streams: Sequence[str] | None = None
    customer: str | None = None
    actor: str | None = None
    kind: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    correlation_id: str | None = None
    command_id: str | None = None
    first: int = 1
    last: int = LAST

    @property
    def is_about_streams(self) -> bool:
        return self.streams is not None or self.customer is not None

    @property
    def is_about_envelopes(self) -> bool:
        return bool(_of_envelope(self))


def extent(asked: Asked) -> Query:
    """The first and the last position between which all that is asked for must lie."""
    has_days = asked.effective_from or asked.effective_to
    days = (str(asked.effective_from or date.min), str(asked.effective_to or date.max)) if has_days else (None, None)
    return Query(
        "select greatest(%s, max(first)), least(%s, min(last)) from ("
        " select min(first) as first, max(last) as last from view_audit.extents"
        " where (what = 'day' and value between %s and %s)"
        " or (what = 'name' and value = any (%s::text[])) or (what = 'actor' and value = %s) group by what) e",
        (asked.first, asked.last, *days, None if asked.kind is None else names(asked.kind), asked.actor),
    )


def few(asked: Asked) -> Query:
    """The positions of all that is asked for, in no order, unless there are more than FEW."""
    conditions = [("position between %s", asked.first), ("%s", asked.last), *_of_envelope(asked)]
    return _query("select position from view_audit.entries e", conditions, f"limit {FEW + 1}")


def facts_at(positions: Sequence[int]) -> Query:
    return Query(f"{_ROWS} where f.position = any (%s::bigint[]) order by 1", (list(positions),))


def facts(asked: Asked, *, newest_first: bool, limit: int) -> Query:
    """A page of what is asked for, as rows of the log."""
    conditions = [("f.position between %s", asked.first), ("%s", asked.last), *_of_streams(asked)]
    source, by = _ROWS, "f.position"
    if asked.is_about_envelopes:
        source += " join view_audit.entries e on e.position = f.position"
        # PostgreSQL does not carry bounds from one side of a join to the other.
        conditions += [("e.position between %s", asked.first), ("%s", asked.last), *_of_envelope(asked)]
    if asked.command_id or asked.correlation_id:
        # The facts of one command or one import lie together: it is faster to find their place than to read on to it.
        by = "e.position + 0"
    return _query(source, conditions, f"order by {by} {'desc' if newest_first else 'asc'} limit {limit:d}")


def streams_between(after: Mapping[str, int], to: Mapping[str, int]) -> Query:
    """Stream, version, name and state of the facts beyond one version of each stream, up to another."""
    return Query(
        "select f.* from unnest(%s::text[], %s::bigint[], %s::bigint[]) as s (stream, after, upto)"
        " cross join lateral (select stream, version, name, state from ledger.facts"
        " where stream = s.stream and version > s.after and version <= s.upto"
        " order by version) f",
        (list(to), [after[stream] for stream in to], list(to.values())),
    )


def names(kind: str) -> list[str]:
    """The stored names meant by `invoice.paid`, `receipt.*` or `receipt`; refuses `unknown_kind`."""
    start = kind.removesuffix("*")
    found = [kind] if kind in FACTS else [name for name in FACTS if name.startswith(start)]
    if not found:
        raise Refused("unknown_kind", f"no fact's name begins with {start[:40]!r}")
    return found


_ROWS = "select f.position, f.recorded_at, f.stream, f.version, f.name, f.state, f.hash from ledger.facts f"
_Conditions = list[tuple[str, object]]


def _of_streams(asked: Asked) -> _Conditions:
    streams = None if asked.streams is None else list(asked.streams)
    return _narrowing(
        ("f.stream = any (%s::text[])", streams),
        ("f.stream in (select stream from view_audit.owners where customer = %s)", asked.customer),
    )


def _of_envelope(asked: Asked) -> _Conditions:
    return _narrowing(
        ("e.name = any (%s::text[])", None if asked.kind is None else names(asked.kind)),
        ("e.actor = %s", asked.actor),
        ("e.effective_on >= %s", asked.effective_from),
        ("e.effective_on <= %s", asked.effective_to),
        ("e.command_id = %s", asked.command_id),
        ("e.correlation_id = %s", asked.correlation_id),
    )


def _narrowing(*conditions: tuple[str, object]) -> _Conditions:
    return [(sql, value) for sql, value in conditions if value is not None]


def _query(source: str, conditions: _Conditions, ending: str) -> Query:
    where = " and ".join(sql for sql, _ in conditions)
    return Query(f"{source} where {where} {ending}", [value for _, value in conditions])
