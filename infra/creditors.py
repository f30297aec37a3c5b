"""Who writes to the debtors: name, address and bank account of each entity, from creditors.toml in the home."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from infra.files.toml_tables import read_tables
from infra.post.address import deliverable
from infra.unavailable import Unavailable

FILE = "creditors.toml"
LONGEST_LINE, MOST_LINES = 200, 6

_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Creditor:
    """What letters say of an entity; empty is what they do not say.

    `contact` is the person or department to turn to. `footer` ends every page of a letter.
    """

    entity: str
    name: str
    address: tuple[str, ...] = ()
    contact: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""
    tax_number: str = ""
    registration: str = ""
    footer: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What debtors need to know and are not told."""
        return tuple(key for key in ("address", "email", "phone", "iban") if not getattr(self, key))


class Creditors:
    """By entity. One that the file does not name has its name alone: its letters say nothing of an account."""

    def __init__(self, by_entity: Mapping[str, Creditor]):
        self._by_entity = by_entity

    @classmethod
    def load(cls, home: Path) -> "Creditors":
        """No file is no creditors; what is wrong in one is `Unavailable`, which names file, key and rule."""
        path = home / FILE
        return cls({entity: _creditor(entity, table, path) for entity, table in read_tables(path, "entity").items()})

    def of(self, entity: str) -> Creditor:
        return self._by_entity.get(entity) or Creditor(entity, entity)


def is_iban(text: str) -> bool:
    """Whether the check digits fit (ISO 13616): a slip of one sign, or two swapped, is always seen.

    Five lines, where a package for them would be one more to keep.
    """
    if not _IBAN.fullmatch(text):
        return False
    digits = "".join(str(int(sign, 36)) for sign in text[4:] + text[:4])
    return int(digits) % 97 == 1


# How each is read; a reader raises ValueError with what is wrong, in words that follow "which"


def _line(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > LONGEST_LINE:
        raise ValueError(f"is no line of up to {LONGEST_LINE} printable characters")
    return value.strip()


def _lines(value: object) -> tuple[str, ...]:
    lines = value.splitlines() if isinstance(value, str) else value
    if not isinstance(lines, list) or not 0 < len(lines) <= MOST_LINES:
        raise ValueError(f"is no text of one to {MOST_LINES} lines")
    return tuple(_line(each) for each in lines)


def _email(value: object) -> str:
    text = _line(value)
    if deliverable(text) != text or "." not in text.rpartition("@")[2]:
        raise ValueError("is no e-mail address such as accounts@example.com")
    return text


def _iban(value: object) -> str:
    if not is_iban(iban := "".join(_line(value).split()).upper()):
        raise ValueError("is no IBAN: its check digits do not fit")
    return iban


def _bic(value: object) -> str:
    if not _BIC.fullmatch(bic := _line(value).upper()):
        raise ValueError("is no BIC of 8 or 11 signs such as COBADEFFXXX")
    return bic


_READ: dict[str, Callable[[object], Any]] = {
    "address": _lines,
    "footer": _lines,
    "email": _email,
    "iban": _iban,
    "bic": _bic,
}
_KEYS = tuple(each.name for each in fields(Creditor) if each.name != "entity")


def _creditor(entity: str, table: Mapping[str, object], path: Path) -> Creditor:
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.6)
            raise Unavailable(
                f"{path} sets {entity}.{key}, which is none{f': did you mean {near[0]}?' if near else '.'}"
            )
    if "name" not in table:
        raise Unavailable(f"{path} gives {entity} no name, which every letter needs.")
    values: dict[str, Any] = {}
    for key, value in table.items():
        try:
            values[key] = _READ.get(key, _line)(value)
        except ValueError as problem:
            raise Unavailable(f"{entity}.{key} in {path} is {value!r}, which {problem}.") from None
    return Creditor(entity, **values)
