"""Which column of a file is which field: as somebody says, by the field's own name, or by one of its usual names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from infra.files.rejects import own_columns
from infra.files.tabular import Table, Unreadable
from services.importing.column_names import normal

# Field -> the usual names of its column, as `normal` gives them.
Vocabulary = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """`at` is where each field is; `known` is field -> column of those that were taken by a usual name."""

    at: Mapping[str, int]
    known: Mapping[str, str]


def names_of(
    fields: Mapping[str, bool], vocabulary: Vocabulary, mapped: Mapping[str, str]
) -> Callable[[Sequence[str]], int]:
    """How many fields a line would give columns to, if it was the head line."""
    by_name = {normal(name): field for field in fields for name in (field, *vocabulary.get(field, ()))}
    by_name |= {normal(name): field for field, name in mapped.items()}
    return lambda values: len({by_name[name] for name in map(normal, values) if name in by_name})


def placed(table: Table, fields: Mapping[str, bool], vocabulary: Vocabulary, mapped: Mapping[str, str]) -> Columns:
    """Raises `Unreadable` for a column that is needed and not there, and where two could be the same field."""
    strangers = [field for field in mapped if field not in fields]
    if strangers:
        raise Unreadable(f"--map {strangers[0]}=...: there is no such field, only {', '.join(fields)}")
    at = dict(_named(table, fields, mapped))
    known: dict[str, str] = {}
    for field, place in _known(table, [each for each in fields if each not in at], vocabulary, {*at.values()}):
        at[field], known[field] = place, table.columns[place]
    for field, is_needed in fields.items():
        if field not in at and (is_needed or field in mapped):
            raise Unreadable(_missing(table, field, mapped.get(field, field)))
    return Columns({field: at[field] for field in fields if field in at}, known)


def _named(table: Table, fields: Mapping[str, bool], mapped: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for field in fields:
        wanted = mapped.get(field, field)
        found = _called(table.columns, wanted, own_columns(table))
        if len(found) > 1:
            raise Unreadable(f"{table.path} has {len(found)} columns named {wanted}: rename all but one")
        if found:
            yield field, found[0]


def _called(columns: Sequence[str], wanted: str, first: int) -> list[int]:
    """Where the column of that name is; capitals count only when two names differ by nothing else."""
    own = [*enumerate(columns)][first:]
    exact = [at for at, name in own if name == wanted]
    return exact or [at for at, name in own if name.casefold() == wanted.strip().casefold()]


def _known(
    table: Table, fields: Sequence[str], vocabulary: Vocabulary, taken: set[int]
) -> Iterator[tuple[str, int]]:
    called = [normal(name) for name in table.columns]
    for field in fields:
        usual = {normal(field), *vocabulary.get(field, ())}
        found = [
            at for at, name in enumerate(called) if at >= own_columns(table) and at not in taken and name in usual
        ]
        if len(found) > 1:
            both = " and ".join(table.columns[at] for at in found[:2])
            raise Unreadable(
                f"{table.path} has {both}, and both could be {field}: say which with --map {field}=COLUMN"
            )
        if found:
            taken.add(found[0])
            yield field, found[0]


def _missing(table: Table, field: str, wanted: str) -> str:
    present = ", ".join(name for name in table.columns if name)[:500]
    return f"{table.path} has no column {wanted}, only {present}: name it with --map {field}=COLUMN"
