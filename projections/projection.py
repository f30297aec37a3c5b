"""What a projection is to whoever runs it: tables, and how a batch of facts becomes rows in them.

A projection is deterministic and does no I/O: it says what must be read, takes the facts, and says what to write.
All names in that SQL are unqualified; it is run in the schema `view_<name>`, or in one beside it while it is rebuilt.
Questions to the tables name that schema.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.entry import Entry

Row = tuple[Any, ...]
Values = Sequence[object] | Mapping[str, object]


class Query(NamedTuple):
    """SQL in psycopg's style (`%s`, `%(name)s`), and its values.

    What is `shared` writes rows that facts of several streams change: where several workers share the streams, they do
    that in turn. It comes after all that is not.
    """

    sql: str
    values: Values = ()
    shared: bool = False


class Rows(NamedTuple):
    """New rows of a table, which go there by COPY."""

    table: str
    columns: Sequence[str]
    rows: Sequence[Row]


Write = Rows | Query


class Batch(Protocol):
    """Facts on their way to rows. They come in the order of the log."""

    def take(self, entry: Entry) -> None:
        """Raises on a fact that does not fit, and is then as it was before."""
        ...

    def writes(self) -> Iterable[Write]:
        """What all facts taken come to, in the order it is to be done; asked once."""
        ...


class Rebuild(Batch, Protocol):
    """A faster way to the same rows when there are none yet: one batch for all its facts, which reads no rows.

    It is asked for `writes` now and then, and for the `rest` after the last fact; then come `steps` and the indexes.
    """

    @property
    def steps(self) -> Sequence[Query]: ...

    def rest(self) -> Iterable[Write]: ...

    def late(self) -> Sequence[int]:
        """Positions of the facts it left alone, in their order, which are then taken as when the view is live."""
        ...


class Projection(Protocol):
    """`version` rises when the same tables are to hold other rows. `indexes` are made after the rows in a rebuild, so
    what `needs` reads by must be a key in `tables`, unless there is a `rebuild`.

    What a fact comes to depends on facts of its own stream alone: in a long rebuild a second process takes half of
    the streams. It is given the projection as a pickle.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def tables(self) -> str: ...

    @property
    def indexes(self) -> str: ...

    def needs(self, entries: Sequence[Entry]) -> Sequence[Query]:
        """What must be known before these facts are taken."""
        ...

    def batch(self, answers: Sequence[Sequence[Row]]) -> Batch:
        """A batch that knows the rows of each of `needs`."""
        ...

    def rebuild(self) -> Rebuild | None: ...
