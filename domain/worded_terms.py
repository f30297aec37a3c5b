"""What the words of payment terms say: until when to pay, and what paying early is worth.

Read are the form that XRechnung prescribes, `#SKONTO#TAGE=14#PROZENT=2.25#`, and plain sentences in English, German,
Dutch and Norwegian that leave one reading. Whatever else the words say is not guessed at.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from domain.money import basis_points
from domain.refusal import Refused
from domain.terms import MOST_DAYS, WHOLE, EarlyDiscount

_NUMBER = r"([0-9]{1,3}(?:[.,][0-9]{1,2})?)"
_DAYS = r"([0-9]{1,3})\s*(?:calendar |Kalender)?(?:days?|Tagen?|dagen|dager|dag)\b"

# XRechnung, BR-DE-18: one line each; the base is named only where it is not the amount due.
_CODED = re.compile(
    r"#(SKONTO|VERZUG)#TAGE=([0-9]+)#PROZENT=([0-9]+\.[0-9]{2})#(?:BASISBETRAG=(-?[0-9.]+)#)?", re.ASCII
)
_EARLY = re.compile(r"discount|skonto|korting|rabatt?", re.IGNORECASE)
_PERCENT = re.compile(rf"{_NUMBER}\s*(?:%|percent\b|per cent\b|Prozent\b|procent\b|prosent\b)", re.IGNORECASE)
_WITHIN = re.compile(_DAYS, re.IGNORECASE)
_DATE = re.compile(r"\b(?:([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})|([0-9]{4}-[0-9]{2}-[0-9]{2}))\b", re.ASCII)
_LATE = re.compile(
    r"penalt|interest|late|overdue|Verzug|Mahn|rente|after (?:the )?due|from (?:the )?due", re.IGNORECASE
)
_AT_ONCE = re.compile(
    r"\b(?:sofort|umgehend|bei Erhalt|nach Erhalt|immediately|(?:up)?on receipt|bij ontvangst|per omgaande|direct)\b",
    re.IGNORECASE,
)
_TO_PAY = re.compile(
    r"\bnet(?:to)?\b|pay|due\b|zahl|fällig|begleich|überweis|betaal|betal|voldaan|forfall", re.IGNORECASE
)
_NO_DEDUCTION = re.compile(r"(?:rein )?net(?:to)?|ohne (?:jeden )?Abzug|zonder korting", re.IGNORECASE)
_SENTENCE = re.compile(r"[\r\n;]+|(?<![0-9])\.\s|\.\s+(?=[A-ZÄÖÜ])|\.$|,\s+(?=[0-9])")


class WordedTerms(NamedTuple):
    """`due_on` is None where the words do not say it; `is_all`: they say nothing else."""

    due_on: date | None
    discounts: tuple[EarlyDiscount, ...]
    is_all: bool


def terms_in(text: str, issued_on: date) -> WordedTerms:
    """Two different due days are none: which one is meant is not for us to say."""
    coded = [*_CODED.finditer(text)]
    early = [found for each in coded if (found := _coded(each))]
    is_all = len(early) == len(coded)
    due = set[date]()
    for sentence in filter(None, map(str.strip, _SENTENCE.split(_CODED.sub("\n", text)))):
        is_read = _read(sentence, issued_on, due, early)
        is_all = is_all and is_read
    [due_on] = due if len(due) == 1 else [None]
    return WordedTerms(due_on, tuple(dict.fromkeys(early)), is_all and len(due) < 2)


def _read(sentence: str, issued_on: date, due: set[date], early: list[EarlyDiscount]) -> bool:
    """Adds what the sentence says; whether that is all it says."""
    percent, days = _PERCENT.findall(sentence), {*_days(sentence, issued_on)}
    if _LATE.search(sentence):
        return False
    if percent:
        is_one = len(percent) == len(days) == 1 and _EARLY.search(sentence)
        found = _discount(days.pop(), percent[0].replace(",", ".")) if is_one else None
        early += [found] if found else []
        return found is not None
    if not days and _AT_ONCE.search(sentence):
        days = {0}
    if not (days and _TO_PAY.search(sentence)):
        return bool(_NO_DEDUCTION.fullmatch(sentence))
    due |= {issued_on + timedelta(days=each) for each in days}
    return len(days) == 1


def _days(sentence: str, issued_on: date) -> Iterator[int]:
    """After issue, as the sentence counts them, and up to each day it names; one before issue is not to pay by."""
    yield from map(int, _WITHIN.findall(sentence))
    for day, month, year, iso in _DATE.findall(sentence):
        try:
            named = date.fromisoformat(iso) if iso else date(int(year), int(month), int(day))
        except ValueError:
            continue
        if named >= issued_on:
            yield (named - issued_on).days


def _coded(found: re.Match[str]) -> EarlyDiscount | None:
    kind, within, percent, base = found.groups()
    return _discount(int(within), percent) if kind == "SKONTO" and not base else None


def _discount(days: int, percent: str) -> EarlyDiscount | None:
    try:
        points = basis_points(percent)
    except Refused:
        return None
    return EarlyDiscount(days, points) if 0 <= days <= MOST_DAYS and 0 < points < WHOLE else None
