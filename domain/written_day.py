"""Days as programs and people write them; what two readings are possible of is never guessed."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache

# Of Excel: the last of 1899 is day 1 but one, for it holds 1900 for a leap year.
_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_001)


class DayForm(StrEnum):
    """How the days of a column are written; one with a time, and perhaps a zone, is of the same form."""

    ISO = "iso"
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    YEAR_FIRST = "year-first"
    COMPACT = "compact"
    SERIAL = "serial"
    WORDS = "words"


EXAMPLES: Mapping[str, str] = {
    DayForm.ISO: "2026-01-31",
    DayForm.DAY_FIRST: "31/01/2026",
    DayForm.MONTH_FIRST: "01/31/2026",
    DayForm.YEAR_FIRST: "2026/01/31",
    DayForm.COMPACT: "20260131",
    DayForm.SERIAL: "46053",
    DayForm.WORDS: "31 Jan 2026",
}

_TIME = re.compile(
    r"(?P<day>.*[^\s])(?:[Tt]|,?\s+)(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)"
    r"(?:\s?(?P<half>[AaPp]\.?[Mm]\.?))?(?:\s?(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}))?",
    re.ASCII,
)
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})", re.ASCII)
_BY_NAME = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?[\s-]+([^\W\d_]+)\.?,?[\s-]+(\d{4}|\d{2})")
_NAME_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
# English, German, Dutch, Norwegian: what the months begin with.
_MONTHS = {
    begins: number
    for number, names in enumerate(
        ("jan jän", "feb", "mar mär mrz maa mrt", "apr", "may mai mei", "jun", "jul", "aug", "sep", "oct okt", "nov",
         "dec dez des"),
        1,
    )
    for begins in names.split()
}  # fmt: skip


@lru_cache(maxsize=8192)
def day_of(text: str, form: DayForm, zone: tzinfo, zone_of_times: tzinfo | None = None) -> date | None:
    """None where it is not of that form. A time with a zone is of the day it was in `zone` then.

    `zone_of_times` is that of times that name none.
    """
    try:
        bare = _READ[form](text)
        if bare or form == DayForm.SERIAL:
            return bare
        return _of_timestamp(text, form, zone, zone_of_times)
    except (ValueError, OverflowError):
        return None


def forms_of(text: str) -> frozenset[DayForm]:
    """The forms in which it is a day."""
    if len(text) == 10 and text[4] == text[7] == "-":
        return _ISO_ALONE if _READ[DayForm.ISO](text) else frozenset()
    return frozenset(form for form in DayForm if _is_of(text, form))


_ISO_ALONE = frozenset((DayForm.ISO,))


def is_same_in_any(text: str, forms: Iterable[DayForm]) -> bool:
    """As 03/03/2026 is, whichever of both is the month."""
    return len({day_of(text, form, _ANY) for form in forms}) == 1


def _is_of(text: str, form: DayForm) -> bool:
    return day_of(text, form, _ANY) is not None


def serial(number: str) -> date | None:
    """The day of a serial number of Excel; what follows the point is the time of day."""
    whole, _, time_of_day = number.partition(".")
    if len(whole) != 5 or not whole.isdecimal() or (time_of_day and not time_of_day.isdecimal()):
        return None
    return _EPOCH + timedelta(int(whole)) if int(whole) in _SERIALS else None


def _of_timestamp(text: str, form: DayForm, zone: tzinfo, zone_of_times: tzinfo | None) -> date | None:
    found = _TIME.fullmatch(text)
    day = _READ[form](found["day"]) if found else None
    if found is None or day is None:
        return None
    clock, _, _ = found["time"].partition(".")
    hour, minute, *seconds = map(int, clock.split(":"))
    if half := found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half[0] in "pP")
    moment = datetime.combine(day, time(hour, minute, seconds[0] if seconds else 0))
    named = _zone(found["zone"]) if found["zone"] else zone_of_times
    return moment.replace(tzinfo=named).astimezone(zone).date() if named else day


def _zone(text: str) -> tzinfo:
    offset = "+00:00" if text.upper() in ("Z", "UTC", "GMT") else text
    found = datetime.strptime(offset if len(offset) > 3 else f"{offset}:00", "%z").tzinfo
    assert found
    return found


_ANY = _zone("Z")


@lru_cache(maxsize=8192)
def iso_day(text: str) -> date | None:
    """An ISO day without a time."""
    try:
        # fromisoformat would also take 20260131 and 2026-W05-6.
        return date.fromisoformat(text) if len(text) == 10 and text[4] == text[7] == "-" else None
    except ValueError:
        return None


def _day_first(text: str) -> date | None:
    if not (found := _NUMBERS.fullmatch(text)):
        return None
    day, mark, month, year = found.groups()
    return _made(year, month, day) if len(year) == 4 or mark != "-" else None


def _month_first(text: str) -> date | None:
    if not (found := _NUMBERS.fullmatch(text)):
        return None
    month, mark, day, year = found.groups()
    return _made(year, month, day) if mark != "." and (len(year) == 4 or mark != "-") else None


def _year_first(text: str) -> date | None:
    found = _YEAR_FIRST.fullmatch(text)
    return _made(found[1], found[3], found[4]) if found and iso_day(text) is None else None


def _compact(text: str) -> date | None:
    return _made(text[:4], text[4:6], text[6:]) if len(text) == 8 and text.isascii() and text.isdecimal() else None


def _words(text: str) -> date | None:
    if found := _BY_NAME.fullmatch(text):
        day, name, year = found.groups()
    elif found := _NAME_FIRST.fullmatch(text):
        name, day, year = found.groups()
    else:
        return None
    month = _MONTHS.get(name.casefold()[:3])
    return _made(year, str(month), day) if month else None


def _made(year: str, month: str, day: str) -> date | None:
    try:
        # As everywhere: 69 is of the last century.
        whole = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 69 else 1900)
        return date(whole, int(month), int(day))
    except ValueError:
        return None


_READ: dict[DayForm, Callable[[str], date | None]] = {
    DayForm.ISO: iso_day,
    DayForm.DAY_FIRST: _day_first,
    DayForm.MONTH_FIRST: _month_first,
    DayForm.YEAR_FIRST: _year_first,
    DayForm.COMPACT: _compact,
    DayForm.SERIAL: serial,
    DayForm.WORDS: _words,
}
