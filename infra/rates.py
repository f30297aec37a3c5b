"""Dated exchange rates from a CSV file with the columns date, from, to, rate."""

import csv
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from domain.exchange import Rate
from domain.money import EXPONENTS
from infra.unavailable import Unavailable

COLUMNS = ("date", "from", "to", "rate")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_RATE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)


class Rates:
    """Rates by pair and day. Of two rates for one day and pair the later line counts."""

    def __init__(self, rates: Iterable[Rate] = ()):
        by_pair: dict[tuple[str, str], dict[date, Rate]] = defaultdict(dict)
        for rate in rates:
            by_pair[rate.source, rate.target][rate.on] = rate
        self._rates = {pair: [days[on] for on in sorted(days)] for pair, days in by_pair.items()}

    @classmethod
    def load(cls, path: Path | None) -> "Rates":
        """No file is no rates; a file that cannot be read as rates is `Unavailable`, with its line."""
        if path is None:
            return cls()
        try:
            with path.open(newline="", encoding="utf-8-sig") as stream:
                return cls(_read(stream, path))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise Unavailable(f"The rates file {path} cannot be read: {error}.") from None

    def rate(self, source: str, target: str, on: date) -> Rate | None:
        """The last rate of that day or before it, in either direction; the newer one when both are there."""
        if source == target:
            return Rate(on, source, target, Decimal(1))
        found = [self._last((source, target), on), self._last((target, source), on)]
        return max((rate for rate in found if rate), key=lambda rate: rate.on, default=None)

    def _last(self, pair: tuple[str, str], on: date) -> Rate | None:
        rates = self._rates.get(pair, [])
        i = bisect_right(rates, on, key=lambda rate: rate.on)
        return rates[i - 1] if i else None


def _read(stream: Iterable[str], path: Path) -> Iterator[Rate]:
    rows = csv.DictReader(stream)
    if missing := set(COLUMNS) - set(rows.fieldnames or ()):
        raise Unavailable(
            f"The rates file {path} has no column {', '.join(sorted(missing))}: it needs date,from,to,rate."
        )
    for row in rows:
        try:
            yield _rate(row)
        except ValueError as problem:
            raise Unavailable(f"The rates file {path}, line {rows.line_num}: {problem}.") from None


def _rate(row: dict[str, str | None]) -> Rate:
    day, source, target, text = ((row[column] or "").strip() for column in COLUMNS)
    for code in (source, target):
        if code not in EXPONENTS:
            raise ValueError(f"{code[:10]!r} is not an ISO 4217 currency code")
    if not _RATE.fullmatch(text) or not Decimal(text):
        raise ValueError(f"{text[:20]!r} is not a rate such as 1.0825")
    if not _DAY.fullmatch(day):
        raise ValueError(f"{day[:20]!r} is not a day such as 2026-01-31")
    return Rate(date.fromisoformat(day), source, target, Decimal(text))
