"""Which column of a file is which field: as somebody says, by the field's own name, or by one of its usual names."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from infra.files.rejects import own_columns
from infra.files.tabular import Table, Unreadable
from services.importing.reading.balances import BALANCES, goes_on
from services.importing.reading.column_names import INSTEAD, OPEN_AMOUNTS, STANDS_IN, normal

# Field -> the usual names of its column, as `normal` gives them.
Vocabulary = Mapping[str, Sequence[str]]
NONE_KNOWN: Vocabulary = {}
# In place of the name of a column: the field is in none, whatever the columns are called.
NO_COLUMN = "-"


@dataclass(frozen=True, slots=True)
class Columns:
    """`at` is where each field is; `known` is field -> column of those that were taken by a usual name.

    `is_of_open_amounts`: the amount is what is still open.
    """

    at: Mapping[str, int]
    known: Mapping[str, str]
    is_of_open_amounts: bool = False


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
    at = dict(_named(table, [field for field in fields if field not in absent], vocabulary, mapped))
    left = [field for field in fields if field not in at and field not in mapped]
    known = dict(_known(table, left, vocabulary, {*at.values()}))
    known = _without_running_balance(table, known, vocabulary)
    if known.get("amount") is not None and normal(table.columns[known["amount"]]) in OPEN_AMOUNTS:
        # It would be the tax of the whole invoice, of which less is open.
        known.pop("tax", None)
        if "tax" not in mapped:
            at.pop("tax", None)
    for field, others in INSTEAD.items():
        if field in known or field in at:
            known = {each: place for each, place in known.items() if each not in others}
    at |= known
    for field, others in STANDS_IN.items():
        other = next((each for each in others if each in at), None)
        if field in left and field not in at and other:
            at[field] = known[field] = at[other]
    for field, is_needed in fields.items():
        is_replaced = any(each in at for each in INSTEAD.get(field, ()))
        if field not in at and ((is_needed and not is_replaced) or (field in mapped and field not in absent)):
            raise Unreadable(_missing(table, field, field if field in absent else mapped.get(field, field)))
    found = {field: at[field] for field in fields if field in at}
    is_of_open_amounts = "amount" in found and normal(table.columns[found["amount"]]) in OPEN_AMOUNTS
    taken = {field: table.columns[place] for field, place in found.items() if field in known}
    return Columns(found, taken, is_of_open_amounts)


def _without_running_balance(table: Table, known: Mapping[str, int], vocabulary: Vocabulary) -> dict[str, int]:
    """The balance of an account is no amount of a row, but debit and credit beside it are, or another column is."""
    called = [normal(name) for name in table.columns]
    balance = known.get("amount")
    if balance is None or called[balance] not in BALANCES:
        return dict(known)
    others = {field: at for field, at in known.items() if field != "amount"}
    if {"debit", "credit"} <= {*others}:
        return others
    amount = next((called.index(name) for name in vocabulary["amount"] if name in {*called} - BALANCES), None)
    return {**others, "amount": amount} if amount is not None and goes_on(table, balance, amount) else dict(known)


def is_known(table: Table, field: str, vocabulary: Vocabulary, mapped: Mapping[str, str]) -> bool:
    """Whether the file has a column for it, or another that serves."""
    serving = (field, *STANDS_IN.get(field, ()))
    names = {name for each in serving for name in vocabulary.get(each, (normal(field),))}
    return any(each in mapped for each in serving) or any(normal(name) in names for name in table.columns)


def _named(
    table: Table, fields: Sequence[str], vocabulary: Vocabulary, mapped: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    """A field's own name in other capitals is one of its usual names, and may come after better ones."""
    for field in fields:
        if field not in mapped and field not in table.columns and normal(field) in vocabulary.get(field, ()):
            continue
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
    "number": (r"id$", r"invoice|rechnung|factuur|faktura|bill|^rg|^re", r"^(number|num|no|nr|nummer)$"),
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
