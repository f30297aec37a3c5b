"""Customers one by one: what they owed on a day and how far they were trusted, a row for each of their currencies."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from projections.credit_risk.view import CreditFact
from projections.open_items.aging import Line

TOPICS = ("country", "limit", "hold", "collector", "terms")
PLACED = "customer.placed_on_hold"


@dataclass(frozen=True, slots=True)
class Hold:
    scope: str
    since: date


@dataclass(frozen=True, slots=True)
class ListedCustomer:
    """`currency` is None of one who owes nothing and has no limit; `limit_minor` is None where none held that day."""

    customer: str
    currency: str | None
    open_minor: int
    overdue_minor: int
    unapplied_minor: int
    limit_minor: int | None
    holds: Sequence[Hold]
    country: str | None
    collector: str | None
    terms: str | None

    @property
    def headroom_minor(self) -> int | None:
        return None if self.limit_minor is None else self.limit_minor - self.open_minor

    @property
    def is_over_limit(self) -> bool:
        return self.headroom_minor is not None and self.headroom_minor < 0


@dataclass(slots=True)
class _Known:
    """What held of one customer on the day; limits are by currency."""

    limits: dict[str, int] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    said: dict[str, str | None] = field(default_factory=dict)


def customers(lines: Iterable[Line], facts: Iterable[CreditFact], as_of: date) -> Iterator[ListedCustomer]:
    """By customer and currency: `lines` are those of aging by customer, `facts` those in force of the `TOPICS`."""
    owed: dict[str, dict[str, Line]] = defaultdict(dict)
    for line in lines:
        if line.group:
            owed[line.group][line.currency] = line
    known = _known(facts, as_of)
    for customer in sorted(owed.keys() | known.keys()):
        theirs, lines_of = known.get(customer, _Known()), owed.get(customer, {})
        currencies: Sequence[str | None] = sorted(lines_of.keys() | theirs.limits.keys())
        for currency in currencies or [None]:
            yield _listed(customer, currency, lines_of.get(currency or ""), theirs)


def _known(facts: Iterable[CreditFact], as_of: date) -> dict[str, _Known]:
    known: dict[str, _Known] = defaultdict(_Known)
    for fact in facts:
        theirs = known[fact.customer]
        match fact.topic:
            case "limit":
                if fact.until_on is None or as_of <= fact.until_on:
                    theirs.limits[fact.currency or ""] = fact.amount_minor or 0
            case "hold":
                if fact.name == PLACED:
                    theirs.holds.append(Hold(fact.subject, fact.effective_on))
            case topic:
                theirs.said[topic] = fact.value
    return known


def _listed(customer: str, currency: str | None, line: Line | None, known: _Known) -> ListedCustomer:
    return ListedCustomer(
        customer,
        currency,
        line.open_minor if line else 0,
        line.open_minor - line.open_by_bucket[0] if line else 0,
        line.unapplied_minor if line else 0,
        known.limits.get(currency or ""),
        known.holds,
        known.said.get("country"),
        known.said.get("collector"),
        known.said.get("terms"),
    )
