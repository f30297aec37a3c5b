"""One row's values by field, each checked as it is asked for."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from domain.entry import invoice_stream
from domain.money import EXPONENTS
from domain.notes import Note
from domain.refusal import Refused
from domain.terms import Share, shares, step
from infra.files.tabular import Unreadable
from services.importing.options import Options
from services.importing.reading.amounts import Amounts
from services.importing.reading.columns import Columns
from services.importing.reading.days import Days, Zones
from services.importing.reading.forms import AMOUNTS, Reading, is_day

LONGEST_KEY = 100  # characters of a number or a customer
LONGEST_ENTITY = 50
LONGEST_TEXT = 200

_YES = {"yes", "y", "true", "t", "1", "x", "ja", "j"}
_NO = {"no", "n", "false", "f", "0", "", "nein"}


class Place(NamedTuple):
    """The line of a row, and the file and line it had at first, which differ for rows of a reject file."""

    line: int
    origin: str

    @property
    def file(self) -> str:
        return self.origin.rpartition(":")[0]


class Cells:
    """`columns` says where the fields are that may be asked for. `notes` are what reading says about the row."""

    def __init__(self, columns: Columns, reading: Reading, options: Options, *, today: date, zones: Zones):
        self._at, self._known = columns.at, columns.known
        self._amounts, self._days = Amounts(reading, options), Days(reading, options, today=today, zones=zones)
        self.accepts_due_before_issue = options.accepts_due_before_issue
        self.is_number_per_year = options.is_number_per_year
        self.is_of_open_amounts = columns.is_of_open_amounts
        self._currency = _known(options.currency)
        self._entity, self._is_entity_given = _fit(options.entity), options.is_entity_given
        self._values: Sequence[str] = ()
        self.place = Place(0, "")

    def of(self, values: Sequence[str], place: Place) -> "Cells":
        self._values, self.place = values, place
        self._amounts.notes = []
        return self

    @property
    def notes(self) -> Sequence[Note]:
        return self._amounts.notes

    def has(self, field: str) -> bool:
        return field in self._at

    def text(self, field: str, longest: int = LONGEST_TEXT) -> str | None:
        at = self._at.get(field)
        if at is None:
            return None
        text = self._values[at]
        if type(text) is str:
            text = text.strip()
        elif field not in AMOUNTS and not is_day(field):
            text = str(text)
        if len(text) > longest:
            raise Refused("too_long", f"it has {len(text):,} characters, at most {longest} are kept", field)
        return (text if text.isprintable() else _printable(field, text)) or None

    def lines(self, field: str, longest: int = LONGEST_TEXT) -> str | None:
        """As `text`, of a cell of several lines with commas between them."""
        at = self._at.get(field)
        if at is not None and len(lines := self._values[at].split("\n")) > 1:
            parts = (line.strip(" \t\r,") for line in lines)
            self._values = [*self._values[:at], ", ".join(filter(None, parts)), *self._values[at + 1 :]]
        return self.text(field, longest)

    def required(self, field: str, longest: int = LONGEST_TEXT) -> str:
        text = self.text(field, longest)
        if text is None:
            raise Refused("missing", "it is empty", field)
        return text

    def key(self, field: str) -> str:
        return self.required(field, LONGEST_KEY)

    def key_if_any(self, field: str) -> str | None:
        return self.text(field, LONGEST_KEY)

    def country(self) -> str | None:
        """A code; what stands in a column that nobody named may be anything else, and is then left alone."""
        if "country" not in self._known:
            return self.text("country", longest=3)
        text = self.text("country") or ""
        return text.upper() if len(text) == len("DE") and text.isascii() and text.isalpha() else None

    def is_entity_given(self) -> bool:
        """By the row, or by the person who imports it."""
        return self._is_entity_given or self.text("entity", LONGEST_ENTITY) is not None

    def entity(self) -> str:
        entity = self.text("entity", LONGEST_ENTITY)
        if entity is None:
            return self._entity
        if ":" in entity:
            raise Refused("not_an_entity", f"{entity!r} holds a colon", "entity")
        return entity

    def currency(self) -> str:
        currency = self.currency_if_any()
        if currency is None:
            raise Refused("missing", "it is empty: fill it in, or name one for all with --currency", "currency")
        return currency

    def currency_if_any(self) -> str | None:
        text = self.text("currency")
        return _currency(text) if text else self._currency

    def day(self, field: str) -> date:
        return self._days.read(field, self.required(field))

    def day_if_any(self, field: str) -> date | None:
        text = self.text(field)
        return self._days.read(field, text) if text else None

    def counting_day(self, field: str) -> date:
        """An effective date."""
        return self.near(field, self.day(field))

    def counting_day_if_any(self, field: str) -> date | None:
        found = self.day_if_any(field)
        return self.near(field, found) if found else None

    def near(self, field: str, found: date) -> date:
        """Refuses `day_is_ahead`."""
        return self._days.near(field, found)

    def amount(self, field: str, currency: str) -> int:
        return self.minor(field, self.required(field), currency)

    def amount_if_any(self, field: str, currency: str) -> int | None:
        text = self.text(field)
        return self.minor(field, text, currency) if text else None

    def minor(self, field: str, text: str, currency: str) -> int:
        return self._amounts.minor(field, text, currency)

    def plain_amount(self, field: str) -> str:
        """The same for an amount however it is grouped, and whatever its currency."""
        return self._amounts.plain(self.required(field))

    def yes(self, field: str) -> bool:
        text = (self.text(field) or "").casefold()
        if text not in _YES and text not in _NO:
            raise Refused("neither_yes_nor_no", f"{text[:20]!r} is neither yes nor no", field)
        return text in _YES

    def schedule(self, field: str) -> tuple[Share, ...]:
        """Instalments as `30:30 60:30 90:40`, each as `domain.terms.step` reads it."""
        text = self.text(field)
        if text is None:
            return ()
        try:
            # 30/30/40 alone may be per cent as well as days.
            return shares([step(part) for part in re.split(r"[,;/ ]+" if ":" in text else r"[,; ]+", text)])
        except Refused:
            raise Refused(
                "bad_schedule", f"{text[:40]!r} is not a schedule of 100 % such as 30:30 60:30 90:40", field
            ) from None


def _printable(field: str, text: str) -> str:
    # Line breaks and hard spaces are read as spaces.
    text = " ".join(text.split())
    if not text.isprintable():
        raise Refused("not_printable", f"{text[:20]!r} holds characters that cannot be printed", field)
    return text


@lru_cache
def _currency(text: str) -> str:
    if text.upper() not in EXPONENTS:
        raise Refused("unknown_currency", f"{text[:10]!r} is not an ISO 4217 currency code", "currency")
    return text.upper()


def _fit(entity: str) -> str:
    try:
        invoice_stream("1", entity)
    except Refused as refusal:
        raise Unreadable(f"--entity: {refusal.message}") from None
    return entity


def _known(currency: str | None) -> str | None:
    if currency is None or currency.upper() in EXPONENTS:
        return currency.upper() if currency else None
    raise Unreadable(f"--currency {currency[:10]!r} is not an ISO 4217 code: use EUR, USD or the like")
