"""Business days by country, of a kept library of public holidays; elsewhere Monday to Friday."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

SATURDAY = 5
# Of the United Kingdom those of England, where no part of it is named.
_PARTS = {"GB": "ENG"}


@dataclass(frozen=True, slots=True)
class Calendar:
    """`name` is the country whose holidays count, empty where none do."""

    name: str = ""

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in _holidays(self.name, day.year)


def calendar(jurisdiction: str | None, country: str | None = None) -> Calendar:
    """That of the jurisdiction, else of the country; where neither is known, Monday to Friday."""
    return next((Calendar(code) for code in (jurisdiction, country) if code and _is_known(code)), Calendar())


@lru_cache(maxsize=2_000)
def _holidays(country: str, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    return frozenset(holidays.country_holidays(country, subdiv=_PARTS.get(country), years=year))


@lru_cache
def _is_known(country: str) -> bool:
    return country in holidays.list_supported_countries(include_aliases=False)
