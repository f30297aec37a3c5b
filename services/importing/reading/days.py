"""How the days of a file are read."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from domain.refusal import Refused
from domain.written_day import EXAMPLES, DayForm, day_of, forms_of, is_same_in_any, iso_day, serial
from infra.files.table import Day, Number
from infra.files.tabular import Unreadable
from services.days import require_near
from services.importing.options import Options
from services.importing.reading.forms import Reading

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


class Zones(NamedTuple):
    """That of the ledger, and by field that of times which name none."""

    ledger: tzinfo = UTC
    of_times: Mapping[str, tzinfo] = {}


class Days:
    """`today` is what days that count are held against."""

    def __init__(self, reading: Reading, options: Options, *, today: date, zones: Zones):
        self._reading, self._form = reading, _tried(options.date_format)
        self._today, self._zones = today, zones

    def read(self, field: str, text: str) -> date:
        found = self._parsed(field, text)
        if found is None:
            raise Refused("not_a_day", f"{text[:20]!r} is not a day such as {self._example(field)}", field)
        if not FIRST_DAY <= found <= LAST_DAY:
            raise Refused("day_out_of_range", f"{found} does not lie between {FIRST_DAY} and {LAST_DAY}", field)
        if self._reading.mixed_days and field in self._reading.mixed_days and not is_same_in_any(text, forms_of(text)):
            raise Refused("two_readings", f"{text[:20]!r} may be day/month or month/day: use --date-format", field)
        return found

    def near(self, field: str, found: date) -> date:
        """Refuses an effective date that is far ahead."""
        try:
            require_near(found, self._today)
        except Refused as refusal:
            raise Refused(refusal.code, refusal.message, field) from None
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
        # As days of a workbook are written in a reject file, unless the year may come first in another way.
        return found or (None if form.startswith("%Y") else iso_day(text))

    def _example(self, field: str) -> str:
        form = self._form or self._reading.days.get(field, DayForm.ISO)
        if not isinstance(form, DayForm):
            return date(2026, 1, 31).strftime(form)
        return f"{EXAMPLES[form]} (--date-format names another form)"


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
