"""Which column of a file is which field: as somebody says, by the field's own name, or by one of its usual names."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from infra.files.rejects import own_columns
from infra.files.tabular import Table, Unreadable
from services.importing.column_names import OPEN_AMOUNTS, STANDS_IN, normal

# Field -> the usual names of its column, as `normal` gives them.
Vocabulary = Mapping[str, Sequence[str]]
NONE_KNOWN: Vocabulary = {}
# In place of the name of a column: the field is in none, whatever the columns are called.
NO_COLUMN = "-"


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
    by_name |= {normal(name): field for field, name in mapped.items() if name != NO_COLUMN}
    return lambda values: len({by_name[name] for name in map(normal, values) if name in by_name})


def placed(table: Table, fields: Mapping[str, bool], vocabulary: Vocabulary, mapped: Mapping[str, str]) -> Columns:
    """Raises `Unreadable` for a column that is needed and not there, and where two could be the same field."""
    strangers = [field for field in mapped if field not in fields]
    if strangers:
        raise Unreadable(f"--map {strangers[0]}=...: there is no such field, only {', '.join(fields)}")
    absent = {field for field, name in mapped.items() if name == NO_COLUMN}
    at = dict(_named(table, {field: need for field, need in fields.items() if field not in absent}, mapped))
    if "amount" not in mapped and _is_more_than_open(table, at, vocabulary):
        del at["amount"]
    left = [field for field in fields if field not in at and field not in mapped]
    known = dict(_known(table, left, vocabulary, {*at.values()}))
    if known.get("amount") is not None and normal(table.columns[known["amount"]]) in OPEN_AMOUNTS:
        # It would be the tax of the whole invoice, of which less is open.
        known.pop("tax", None)
        if "tax" not in mapped:
            at.pop("tax", None)
    if _is_running(table, known):
        del known["amount"]
    at |= known
    for field, other in STANDS_IN.items():
        if field in left and field not in at and other in at:
            at[field] = known[field] = at[other]
    for field, is_needed in fields.items():
        if field == "amount" and field not in mapped and "debit" in at:
            continue
        if field not in at and (is_needed or (field in mapped and field not in absent)):
            raise Unreadable(_missing(table, field, field if field in absent else mapped.get(field, field)))
    found = {field: at[field] for field in fields if field in at}
    return Columns(found, {field: table.columns[place] for field, place in found.items() if field in known})


def _is_more_than_open(table: Table, at: Mapping[str, int], vocabulary: Vocabulary) -> bool:
    """Whether the file names an open amount beside `Amount`; a column that is called `amount` is what it says."""
    if "amount" not in at or table.columns[at["amount"]] == "amount":
        return False
    usual = {*vocabulary.get("amount", ())[:1]} & OPEN_AMOUNTS
    return bool(usual) and any(name in OPEN_AMOUNTS and re.search(_OPEN, name) for name in map(normal, table.columns))


_OPEN = r"open|offen|outstanding|openstaand|remaining|unpaid|due|utestaaende|restbe"


def _is_running(table: Table, known: Mapping[str, int]) -> bool:
    """Whether the amount is the balance of an account, which goes on from row to row beside debit and credit."""
    return {"amount", "debit", "credit"} <= {*known} and normal(table.columns[known["amount"]]) in _BALANCES


_BALANCES = ("balance", "saldo")


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


def _known(table: Table, fields: Sequence[str], vocabulary: Vocabulary, taken: set[int]) -> Iterator[tuple[str, int]]:
    """Of names that say different things, such as the open amount and the total, the first of the vocabulary counts."""
    called = [normal(name) for name in table.columns]
    own = [at for at in range(own_columns(table), len(called)) if called[at]]
    for field in fields:
        usual = vocabulary.get(field, ())
        names = usual if normal(field) in usual else (normal(field), *usual)
        order = {name: number for number, name in enumerate(names)}
        found = [at for at in own if at not in taken and called[at] in order]
        found.sort(key=lambda at: order[called[at]])
        if len(found) > 1 and field in _KINDS and _sense(field, called[found[0]]) == _sense(field, called[found[1]]):
            both = " and ".join(table.columns[at] for at in sorted(found[:2]))
            raise Unreadable(f"{table.path} has {both}, and both could be {field}: say which with --map {field}=COLUMN")
        if found:
            taken.add(found[0])
            yield field, found[0]


# What a name says beyond its field: two columns of one kind could be the same.
_DAYS = (
    r"invoice|rechnung|factuur|faktura|faktur|issue|bill|utste|^rg|^re",
    r"^(date|datum|dato|created|dateutc|createdutc)$",
    r"posting|pstng|buch|boek|entry",
)
_KINDS: Mapping[str, Sequence[str]] = {
    "customer": (r"(number|nummer|nr|no|id|code|kode)$", r"konto|account"),
    "number": (r"invoice|rechnung|factuur|faktura|bill|^rg|^re", r"^(number|num|no|nr|nummer)$"),
    "amount": (
        rf"^({'|'.join(OPEN_AMOUNTS)})$",
        r"local|haus|lc$|company|cocode|inhw$|h[ae]uswae",
        r"doc|tran|beleg|bw$|valuta",
    ),
    "issued_on": _DAYS,
    "value_on": (r"value|wertst|valut|rente", *_DAYS),
    "due_on": (r"net",),
    "settled_on": (r"clear|clrng|ausgl",),
}


def _sense(field: str, name: str) -> int:
    patterns = _KINDS[field]
    return next((at for at, pattern in enumerate(patterns) if re.search(pattern, name)), len(patterns))


def _missing(table: Table, field: str, wanted: str) -> str:
    present = ", ".join(name for name in table.columns if name)[:500]
    return f"{table.path} has no column {wanted}, only {present}: name it with --map {field}=COLUMN"
