"""Facts as other services read them, and back: a contract of its own, which the stored form may leave behind.

The data of a fact follows from its fields by the rules that hold at every door: `amount_minor` is `amount`, in major
units as text; `fee_basis_points` is `fee`, in per cent as text; days are ISO days; what is None is left out, and what
is as by default where a later version added the field, so that an earlier version reads the same. Texts are published
only if they are named here: ids, codes and names of firms, and nothing that a person wrote freely.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from dataclasses import Field as Attribute
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from domain.entry import is_added
from domain.invoice.facts import DisputeResolved
from domain.money import basis_points, major, minor_units

# The version each type of message is in; one that is not named is in its first. A new one may only add (see `schemas`).
VERSIONS: Mapping[str, int] = {
    "customer.terms_agreed": 2,
    "invoice.credit_note_applied": 2,
    "invoice.payment_reversed": 2,
    "receipt.allocated": 2,
}

_COUNTRY = re.compile("[A-Z]{2}", re.ASCII)

TEXTS = frozenset((
    "agency", "bureau", "calendar", "channel", "code", "contact", "country", "credit_note", "currency", "customer",
    "entity", "factor", "invoice", "invoices", "jurisdiction", "kind", "language", "number", "policy", "reason_code",
    "rate", "receipt", "risk_class", "scope", "sha256", "source", "step", "task", "tone",
))  # fmt: skip
# Codes that nothing checks when they are recorded: what looks like none may be anything, and is published as empty.
_CODES = {"country": _COUNTRY, "jurisdiction": _COUNTRY, "language": re.compile("[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)}
# Words of this name are free in other facts, and here one of three.
_CODED = frozenset(((DisputeResolved, "outcome"),))

MINOR, BASIS_POINTS = "minor", "basis_points"

Data = dict[str, Any]
# How a value is written, or read; None for one that JSON has as it is.
_Way = Callable[[Any, str], Any] | None

# An amount comes again and again: in the total, the instalment, the item it opens and the payment that settles it.
amount = lru_cache(maxsize=10_000)(major)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a fact as `key` of its data; `form` is amount, percent, day, text, number, flag or a kind of parts.

    One that `is_added` is in no message of the first version, and is left out where it is as by default.
    """

    name: str
    key: str
    form: str | type
    is_many: bool
    is_optional: bool
    is_added: bool
    default: Any


@cache
def published(kind: type) -> tuple[Field, ...]:
    """What is published of a dataclass."""
    hints = get_type_hints(kind)
    found = [_field(kind, each, hints[each.name]) for each in fields(kind)]
    return tuple(each for each in found if each)


def data_of(fact: Any, currency: str) -> Data:
    """`currency` is that of what the fact is about; a fact that has one of its own goes by that. Days stay days."""
    kind: type = type(fact)
    return _writer(kind)(fact, currency)


def fact_of(kind: type, data: Mapping[str, Any], currency: str) -> Any:
    """The fact again; what was not published is empty. Raises `KeyError`, `ValueError`, or refuses as amounts do."""
    return _reader(kind)(data, currency)


def percent(points: int) -> str:
    """250 basis points -> '2.5'."""
    whole, rest = divmod(abs(points), 100)
    text = f"{whole}.{rest:02}".rstrip("0").rstrip(".")
    return f"-{text}" if points < 0 else text


def _field(kind: type, attribute: Attribute[Any], hint: Any) -> Field | None:
    name, added = attribute.name, is_added(attribute)
    inner = [part for part in get_args(hint) if part is not NoneType] if NoneType in get_args(hint) else [hint]
    [of] = inner
    is_many = get_origin(of) is tuple
    if is_many:
        of = get_args(of)[0]
    if of is str and name not in TEXTS and (kind, name) not in _CODED:
        return None
    form = _form(name, of)
    is_optional = added or NoneType in get_args(hint)
    return Field(name, _key(name, form), form, is_many, is_optional, added, attribute.default) if form else None


def _form(name: str, of: Any) -> str | type | None:
    if is_dataclass(of):
        # A policy is a document with texts of people in it.
        return of if isinstance(of, type) and of.__module__ != "domain.policy.document" else None
    if of is int:
        return "amount" if name.endswith(MINOR) else "percent" if name.endswith(BASIS_POINTS) else "number"
    return _FORMS[of]


def _key(name: str, form: object) -> str:
    if form == "amount":
        return name.removesuffix(MINOR).rstrip("_") or "amount"
    if form == "percent":
        return name.removesuffix(BASIS_POINTS).rstrip("_") or "percent"
    return name


@cache
def _writer(kind: type) -> Callable[[object, str], Data]:
    found = published(kind)
    has_currency = any(each.name == "currency" for each in found)
    if not found:
        return lambda fact, currency: {}
    names = [each.name for each in found]
    # With a second name there are always several, and so a tuple.
    values_of = attrgetter(*names, names[0])
    keys, ways = [each.key for each in found], [_written(each) for each in found]

    def write(fact: Any, currency: str) -> Data:
        if has_currency:
            currency = fact.currency or currency
        return {
            key: written(value, currency) if written else value
            for key, written, value in zip(keys, ways, values_of(fact), strict=False)
            if value is not None
        }

    return _without_added(found, write) if any(each.is_added for each in found) else write


def _without_added(found: Sequence[Field], write: Callable[[Any, str], Data]) -> Callable[[Any, str], Data]:
    """Without what was added and is as by default."""
    added = [each for each in found if each.is_added]

    def lean(fact: Any, currency: str) -> Data:
        data = write(fact, currency)
        for each in added:
            if getattr(fact, each.name) == each.default:
                data.pop(each.key, None)
        return data

    return lean


def _written(field: Field) -> _Way:
    return _way(field, 0, _writer, _list)


@cache
def _reader(kind: type) -> Callable[[Mapping[str, Any], str], Any]:
    steps = [(each.name, each.key, _reading(each), _absent(each)) for each in published(kind)]
    hints = get_type_hints(kind)
    empty = {
        each.name: () if get_origin(hints[each.name]) is tuple else ""
        for each in fields(kind)
        if each.default is MISSING and each.name not in {name for name, *_ in steps}
    }

    def read(data: Mapping[str, Any], currency: str) -> Any:
        currency = data.get("currency") or currency
        values: Data = {**empty}
        for name, key, reading, absent in steps:
            if key in data:
                values[name] = reading(data[key], currency) if reading else data[key]
            elif absent is MISSING:
                raise KeyError(key)
            else:
                values[name] = absent
        return kind(**values)

    return read


def _absent(field: Field) -> Any:
    return None if field.default is MISSING and field.is_optional else field.default


def _reading(field: Field) -> _Way:
    return _way(field, 1, _reader, _tuple)


def _way(field: Field, side: int, of_parts: Callable[[type], Any], many: Callable[[Any, str], Any]) -> _Way:
    if code := _CODES.get(field.name):
        return lambda text, _: text if code.fullmatch(text) else ""
    one: _Way = of_parts(field.form) if isinstance(field.form, type) else _WAYS.get(field.form, _AS_IT_IS)[side]
    if not field.is_many:
        return one
    return (lambda values, currency: many([one(each, currency) for each in values], currency)) if one else many


def _percent(points: int, _: str) -> str:
    return percent(points)


def _basis_points(text: Any, _: str) -> int:
    return basis_points(text)


def _day_of(text: str, _: str) -> date:
    return date.fromisoformat(text)


def _list(values: tuple[Any, ...], _: str) -> list[Any]:
    return [*values]


def _tuple(values: list[Any], _: str) -> tuple[Any, ...]:
    return (*values,)


_FORMS: dict[Any, str] = {str: "text", bool: "flag", date: "day"}
_AS_IT_IS: tuple[_Way, _Way] = (None, None)
_WAYS: dict[str, tuple[_Way, _Way]] = {
    "amount": (amount, minor_units),
    "percent": (_percent, _basis_points),
    "day": (None, _day_of),
}
