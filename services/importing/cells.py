"""One row's values by field, each checked as it is asked for."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from domain.entry import invoice_stream
from domain.money import EXPONENTS, minor_units
from domain.refusal import Refused
from domain.terms import Share, shares, step
from infra.files.rejects import own_columns
from infra.files.tabular import Table, Unreadable
from services.days import require_near
from services.importing.options import Options

LONGEST_KEY = 100  # characters of a number or a customer
LONGEST_ENTITY = 50
LONGEST_TEXT = 200
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

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
    """`fields` says which are there to be asked for; those marked True need a column."""

    def __init__(self, table: Table, fields: Mapping[str, bool], options: Options, today: date):
        self._at = _places(table, fields, options.columns)
        self._date_format = _tried(options.date_format)
        self._decimal_comma = options.decimal_comma
        self._currency = _known(options.currency)
        self._entity, self._is_entity_given = _fit(options.entity), options.is_entity_given
        self._today = today
        self._values: Sequence[str] = ()
        self.place = Place(0, "")

    def of(self, values: Sequence[str], place: Place) -> "Cells":
        self._values, self.place = values, place
        return self

    def has(self, field: str) -> bool:
        return field in self._at

    def text(self, field: str, longest: int = LONGEST_TEXT) -> str | None:
        at = self._at.get(field)
        if at is None:
            return None
        text = self._values[at].strip()
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
        return self._day(field, self.required(field))

    def day_if_any(self, field: str) -> date | None:
        text = self.text(field)
        return self._day(field, text) if text else None

    def counting_day(self, field: str) -> date:
        """An effective date."""
        return self.near(field, self.day(field))

    def counting_day_if_any(self, field: str) -> date | None:
        found = self.day_if_any(field)
        return self.near(field, found) if found else None

    def amount(self, field: str, currency: str) -> int:
        return self.minor(field, self.required(field), currency)

    def amount_if_any(self, field: str, currency: str) -> int | None:
        text = self.text(field)
        return self.minor(field, text, currency) if text else None

    def minor(self, field: str, text: str, currency: str) -> int:
        try:
            return minor_units(text, currency, decimal_comma=self._decimal_comma)
        except Refused as refusal:
            hint = self._comma_meant(text, currency) if refusal.code == "not_an_amount" else ""
            raise Refused(refusal.code, refusal.message + hint, field) from None

    def plain_amount(self, field: str) -> str:
        """The same for an amount however it is grouped, and whatever its currency."""
        group, point = (".", ",") if self._decimal_comma else (",", ".")
        whole, _, fraction = self.required(field).replace(group, "").partition(point)
        return f"{whole.lstrip('+0')}.{fraction.rstrip('0')}"

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

    def _day(self, field: str, text: str) -> date:
        found = _parsed(text, self._date_format)
        if found is None:
            raise Refused("not_a_day", f"{text[:20]!r} is not a day such as {_example(self._date_format)}", field)
        if not FIRST_DAY <= found <= LAST_DAY:
            raise Refused("day_out_of_range", f"{found} does not lie between {FIRST_DAY} and {LAST_DAY}", field)
        return found

    def near(self, field: str, found: date) -> date:
        try:
            require_near(found, self._today)
        except Refused as refusal:
            raise Refused(refusal.code, refusal.message, field) from None
        return found

    def _comma_meant(self, text: str, currency: str) -> str:
        try:
            minor_units(text, currency, decimal_comma=not self._decimal_comma)
        except Refused:
            return ""
        return "; it would be without --decimal-comma" if self._decimal_comma else "; it would be with --decimal-comma"


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


@lru_cache(maxsize=8192)
def _parsed(text: str, date_format: str | None) -> date | None:
    try:
        if date_format:
            return datetime.strptime(text, date_format).date()
        # fromisoformat would also take 20260131 and 2026-W05-6.
        return date.fromisoformat(text) if len(text) == 10 and text[4] == text[7] == "-" else None
    except (ValueError, OverflowError):
        return None


def _example(date_format: str | None) -> str:
    return date(2026, 1, 31).strftime(date_format) if date_format else "2026-01-31 (--date-format names another form)"


def _tried(date_format: str | None) -> str | None:
    """The format, if a day written in it is read as the same day."""
    if date_format is None:
        return None
    try:
        if all(
            _parsed(day.strftime(date_format), date_format) == day for day in (date(2026, 1, 31), date(2027, 12, 2))
        ):
            return date_format
    except ValueError:
        pass
    raise Unreadable(f"--date-format {date_format!r} does not name day, month and year: use %d/%m/%Y or the like")


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


def _places(table: Table, fields: Mapping[str, bool], columns: Mapping[str, str]) -> dict[str, int]:
    strangers = [field for field in columns if field not in fields]
    if strangers:
        raise Unreadable(f"--map {strangers[0]}=...: there is no such field, only {', '.join(fields)}")
    places: dict[str, int] = {}
    for field, is_needed in fields.items():
        wanted = columns.get(field, field)
        found = _named(table.columns, wanted, own_columns(table))
        if len(found) > 1:
            raise Unreadable(f"{table.path} has {len(found)} columns named {wanted}: rename all but one")
        if found:
            places[field] = found[0]
        elif is_needed or field in columns:
            present = ", ".join(name for name in table.columns if name)[:500]
            raise Unreadable(f"{table.path} has no column {wanted}, only {present}: name it with --map {field}=COLUMN")
    return places


def _named(columns: Sequence[str], wanted: str, first: int) -> list[int]:
    """Where the column of that name is; capitals count only when two names differ by nothing else."""
    own = [*enumerate(columns)][first:]
    exact = [at for at, name in own if name == wanted]
    return exact or [at for at, name in own if name.casefold() == wanted.strip().casefold()]
