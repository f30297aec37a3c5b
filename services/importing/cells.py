"""One row's values by field, each checked as it is asked for."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from domain.entry import invoice_stream
from domain.money import EXPONENTS, minor_units, readable
from domain.notes import ROUNDED, Note
from domain.refusal import Refused
from domain.terms import Share, shares, step
from domain.written_amount import Separator, plainly, rounded, separator
from domain.written_day import EXAMPLES, DayForm, day_of, forms_of, iso_day, serial
from infra.files.table import Day, Number
from infra.files.tabular import Unreadable
from services.days import require_near
from services.importing.column_names import CREDITS, normal
from services.importing.columns import Columns
from services.importing.options import Options
from services.importing.reading import AMOUNTS, Reading, is_day

LONGEST_KEY = 100  # characters of a number or a customer
LONGEST_ENTITY = 50
LONGEST_TEXT = 200
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

_PLAIN = re.compile(r"[+-]?[0-9.,]+", re.ASCII)
_MOST_WRITTEN = 6
_THREE = 3  # decimals of some currencies, and digits of a group

_YES = {"yes", "y", "true", "t", "1", "x", "ja", "j"}
_NO = {"no", "n", "false", "f", "0", "", "nein"}


class Place(NamedTuple):
    """The line of a row, and the file and line it had at first, which differ for rows of a reject file."""

    line: int
    origin: str

    @property
    def file(self) -> str:
        return self.origin.rpartition(":")[0]


class Zones(NamedTuple):
    """That of the ledger, and by field that of times which name none."""

    ledger: tzinfo = UTC
    of_times: Mapping[str, tzinfo] = {}


class Cells:
    """`columns` says where the fields are that may be asked for. `notes` are what reading says about the row."""

    def __init__(self, columns: Columns, reading: Reading, options: Options, *, today: date, zones: Zones):
        self._at, self._known, self._reading = columns.at, columns.known, reading
        self._form = _tried(options.date_format)
        self._rounds = options.rounds
        self.accepts_due_before_issue = options.accepts_due_before_issue
        self.is_number_per_year = options.is_number_per_year
        self._currency = _known(options.currency)
        self._entity, self._is_entity_given = _fit(options.entity), options.is_entity_given
        self._today, self._zones = today, zones
        self._values: Sequence[str] = ()
        self.notes: list[Note] = []
        self.place = Place(0, "")

    def of(self, values: Sequence[str], place: Place) -> "Cells":
        self._values, self.place = values, place
        self.notes = []
        return self

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
        return self._day(field, self.required(field))

    def day_if_any(self, field: str) -> date | None:
        text = self.text(field)
        return self._day(field, text) if text else None

    def counting_day(self, field: str) -> date:
        """An effective date."""
        return self._near(field, self.day(field))

    def counting_day_if_any(self, field: str) -> date | None:
        found = self.day_if_any(field)
        return self._near(field, found) if found else None

    def amount(self, field: str, currency: str) -> int:
        return self.minor(field, self.required(field), currency)

    def amount_if_any(self, field: str, currency: str) -> int | None:
        text = self.text(field)
        return self.minor(field, text, currency) if text else None

    def signed_amount(self, currency: str) -> int:
        """Below zero where it is a credit, as some programs say in a column beside it, or by a column of its own."""
        if "amount" in self._at:
            minor = self.amount("amount", currency)
            return -abs(minor) if "side" in self._at and normal(self.text("side") or "") in CREDITS else minor
        debit, credit = self.amount_if_any("debit", currency), self.amount_if_any("credit", currency)
        if debit is None and credit is None:
            raise Refused("missing", "neither debit nor credit says an amount", "amount")
        return (debit or 0) - (credit or 0)

    def minor(self, field: str, text: str, currency: str) -> int:
        try:
            return self._minor(field, text, currency)
        except Refused as refusal:
            hint = self._hint(text, currency, refusal.code)
            raise Refused(refusal.code, refusal.message + hint, field) from None

    def plain_amount(self, field: str) -> str:
        """The same for an amount however it is grouped, and whatever its currency."""
        text = self.required(field)
        if not _PLAIN.fullmatch(text):
            with suppress(Refused):
                text = self._plainly(text, None).replace(",", "")
        elif self._is_with_comma(text):
            text = text.replace(".", "").replace(",", ".")
        whole, _, fraction = text.replace(",", "").partition(".")
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

    def _minor(self, field: str, text: str, currency: str) -> int:
        plain = text
        try:
            found = minor_units(text, currency, decimal_comma=self._is_with_comma(text))
        except Refused as refusal:
            if refusal.code == "too_many_decimals" and self._rounds and self._is_noise(text):
                return self._rounded(field, text, currency)
            if refusal.code != "not_an_amount":
                raise
            plain = self._plainly(text, currency)
            try:
                found = minor_units(plain, currency)
            except Refused as closer:
                if closer.code == "too_many_decimals" and self._rounds:
                    return self._rounded(field, text, currency)
                raise refusal if closer.code == "not_an_amount" else closer from None
        may_be_doubtful = EXPONENTS[currency] == _THREE or self._reading.is_mixed
        if may_be_doubtful and not self._reading.is_stated and self._is_doubtful(plain, text, currency):
            raise Refused("two_readings", f"{text[:20]!r} may be {_both(text)}: use --decimal-point or --decimal-comma")
        return found

    def _plainly(self, text: str, currency: str | None) -> str:
        try:
            return plainly(text, currency, decimal_comma=self._is_with_comma(text))
        except Refused as refusal:
            if refusal.code != "not_an_amount":
                raise
            example = "1.234,56" if self._reading.decimal_comma else "1,234.56"
            raise Refused(refusal.code, f"{refusal.message} such as {example}") from None

    def _rounded(self, field: str, text: str, currency: str) -> int:
        found = rounded(self._plainly(text, currency), currency)
        self.notes.append(Note(ROUNDED, f"{field} {text[:30]} was rounded to {readable(found, currency)}"))
        return found

    def _is_with_comma(self, text: str) -> bool:
        return self._reading.decimal_comma and not isinstance(text, Number)

    def _is_noise(self, text: str) -> bool:
        """And not perhaps thousands."""
        return isinstance(text, Number) or self._reading.is_sure or separator(text) != Separator.EITHER

    def _is_doubtful(self, plain: str, text: str, currency: str) -> bool:
        """As a thousand or as one and a bit, where no other value of the column tells, or none ever could."""
        if isinstance(text, Number):
            return False
        is_of_thousands = "," in plain and "." not in plain if plain is not text else _is_grouped(text, self._reading)
        is_of_three = EXPONENTS[currency] == _THREE and is_of_thousands
        return (is_of_three or self._reading.is_mixed) and separator(text) == Separator.EITHER

    def _hint(self, text: str, currency: str, code: str) -> str:
        if code == "too_many_decimals" and not self._rounds and _is_fine(text):
            return "; --round rounds it"
        if code != "not_an_amount":
            return ""
        try:
            minor_units(text, currency, decimal_comma=not self._reading.decimal_comma)
        except Refused:
            return ""
        is_comma = self._reading.decimal_comma
        return "; it would be without --decimal-comma" if is_comma else "; it would be with --decimal-comma"

    def _day(self, field: str, text: str) -> date:
        found = self._parsed(field, text)
        if found is None:
            raise Refused("not_a_day", f"{text[:20]!r} is not a day such as {self._example(field)}", field)
        if not FIRST_DAY <= found <= LAST_DAY:
            raise Refused("day_out_of_range", f"{found} does not lie between {FIRST_DAY} and {LAST_DAY}", field)
        if self._reading.mixed_days and field in self._reading.mixed_days and len(forms_of(text)) > 1:
            raise Refused("two_readings", f"{text[:20]!r} may be day/month or month/day: use --date-format", field)
        return found

    def _parsed(self, field: str, text: str) -> date | None:
        if self._form is None and (found := iso_day(text)):
            return found
        if isinstance(text, Number):
            return serial(text) or day_of(text, DayForm.COMPACT, self._zones.ledger)
        form = DayForm.ISO if isinstance(text, Day) else self._form or self._reading.days.get(field, DayForm.ISO)
        if isinstance(form, DayForm):
            found = day_of(text, form, self._zones.ledger, self._zones.of_times.get(field))
        else:
            found = _by_format(text, form)
        # As days of a workbook are written in a reject file.
        return found or iso_day(text)

    def _example(self, field: str) -> str:
        form = self._form or self._reading.days.get(field, DayForm.ISO)
        if not isinstance(form, DayForm):
            return date(2026, 1, 31).strftime(form)
        return f"{EXAMPLES[form]} (--date-format names another form)"

    def _near(self, field: str, found: date) -> date:
        try:
            require_near(found, self._today)
        except Refused as refusal:
            raise Refused(refusal.code, refusal.message, field) from None
        return found


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
def _by_format(text: str, date_format: str) -> date | None:
    try:
        return datetime.strptime(text, date_format).date()
    except (ValueError, OverflowError):
        return None


def _tried(date_format: str | None) -> DayForm | str | None:
    """The format, if a day written in it is read as the same day."""
    if date_format is None:
        return None
    if date_format in {*DayForm}:
        return DayForm(date_format)
    try:
        if all(
            _by_format(day.strftime(date_format), date_format) == day for day in (date(2026, 1, 31), date(2027, 12, 2))
        ):
            return date_format
    except ValueError:
        pass
    raise Unreadable(f"--date-format {date_format!r} does not name day, month and year: use %d/%m/%Y or the like")


def _is_grouped(text: str, reading: Reading) -> bool:
    return ("." if reading.decimal_comma else ",") in text


def _is_fine(text: str) -> bool:
    """As computers calculate: more digits than anybody writes."""
    return isinstance(text, Number) or len(text) - max(text.rfind("."), text.rfind(",")) > _MOST_WRITTEN


def _both(text: str) -> str:
    bare = text.strip()
    return f"{bare.replace(',', '').replace('.', '')[:20]} or {bare.replace(',', '.')[:20]}"


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
