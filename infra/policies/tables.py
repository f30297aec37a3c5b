"""Tables of a TOML document, of which nobody knows yet whether they hold what they should.

A key is taken with the type it must have; what is wrong is noted and something harmless taken instead, so that all
that is wrong is found at once.
"""

import difflib
from collections.abc import Mapping
from datetime import date, time
from typing import NamedTuple, TypeVar

from domain.money import minor_units
from domain.policy.document import Amount
from domain.refusal import Refused
from infra.policies.places import Keys

LONGEST_TEXT = 200
Kind = TypeVar("Kind")

_NAMES: dict[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number with a point",
    list: "a list",
    dict: "a table",
    date: "a day",
    time: "a time",
}


class Misfit(NamedTuple):
    """`rule` is stable; `path` leads to what is wrong."""

    rule: str
    path: Keys
    message: str


class Table:
    def __init__(self, content: Mapping[str, object], path: Keys, misfits: list[Misfit]):
        self._content, self._path, self._misfits = dict(content), path, misfits
        self._asked: list[str] = []

    def needed(self, key: str, default: Kind) -> Kind:
        """What must be there; `default` is taken where it is not."""
        if key not in self._content:
            self._note("missing_key", f"{key} is missing: it is {_NAMES[type(default)]}", key)
        return self.taken(key, default)

    def taken(self, key: str, default: Kind) -> Kind:
        found = self._of_type(key, type(default))
        return default if found is None else self._printable(key, found)

    def text(self, key: str) -> str | None:
        found = self._of_type(key, str)
        return None if found is None else self._printable(key, found)

    def texts(self, key: str) -> tuple[str, ...]:
        found = []
        for n, each in enumerate(self._list(key)):
            if isinstance(each, str):
                found.append(self._printable(key, each, n))
            else:
                self._note("wrong_type", f"{key} must be a list of texts, {_named(each)} is in it", key, n)
        return tuple(found)

    def amounts(self, key: str) -> tuple[Amount, ...]:
        """By currency, in major units: `{ EUR = "5.00" }`."""
        content = self._dict(key) or {}
        found = [self._amount(text, currency, key, currency) for currency, text in content.items()]
        return tuple(amount for amount in found if amount)

    def amount(self) -> Amount | None:
        """`amount` and `currency`, which go together."""
        text, currency = self._content.get("amount"), self.text("currency")
        self._of_type("amount", str)
        if text is None and currency is None:
            return None
        if text is None or currency is None:
            missing = "amount" if text is None else "currency"
            self._note("missing_key", f"{missing} is missing: amount and currency go together", missing)
            return None
        return self._amount(text, currency, "amount") if isinstance(text, str) else None

    def table(self, key: str) -> "Table | None":
        content = self._dict(key)
        return None if content is None else Table(content, (*self._path, key), self._misfits)

    def tables(self, key: str) -> list["Table"]:
        found = []
        for n, each in enumerate(self._list(key)):
            if isinstance(each, dict):
                found.append(Table(each, (*self._path, key, n), self._misfits))
            else:
                self._note("wrong_type", f"{key} must be a list of tables, {_named(each)} is in it", key, n)
        return found

    def close(self) -> None:
        """Notes the keys that nobody asked for."""
        for key in self._content.keys() - {*self._asked}:
            near = difflib.get_close_matches(key, self._asked, n=1, cutoff=0.7)
            hint = f"did you mean {near[0]}?" if near else f"keys are {', '.join(self._asked)}"
            self._note("unknown_key", f"{_shown(key)} is no key here; {hint}", key)

    def _list(self, key: str) -> list[object]:
        return self._of_type(key, list) or []

    def _dict(self, key: str) -> dict[str, object] | None:
        return self._of_type(key, dict)

    def _of_type(self, key: str, kind: type[Kind]) -> Kind | None:
        self._asked.append(key)
        found = self._content.get(key)
        # True is no number here.
        if isinstance(found, kind) and type(found) is kind:
            return found
        if found is not None:
            self._note("wrong_type", f"{key} must be {_NAMES[kind]}, not {_named(found)}", key)
        return None

    def _printable(self, key: str, found: Kind, *rest: int) -> Kind:
        if isinstance(found, str) and (len(found) > LONGEST_TEXT or not found.isprintable()):
            self._note("bad_text", f"{key} must be up to {LONGEST_TEXT} printable characters", key, *rest)
        return found

    def _amount(self, text: object, currency: str, *at: str) -> Amount | None:
        if not isinstance(text, str):
            message = f'an amount is text such as "250.00", not {_named(text)}'
            self._note("wrong_type", message, *at)
            return None
        try:
            return Amount(currency, minor_units(text, currency))
        except Refused as refusal:
            self._note(refusal.code, refusal.message, *at)
            return None

    def _note(self, rule: str, message: str, *at: str | int) -> None:
        self._misfits.append(Misfit(rule, (*self._path, *at), message))


def _named(value: object) -> str:
    return next((name for kind, name in _NAMES.items() if isinstance(value, kind)), "that")


def _shown(key: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in key[:40]) or '""'
