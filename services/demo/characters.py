"""The customers of the demonstration: where they are, what was agreed with them, and how they pay."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.terms import EarlyDiscount, Share
from infra.clock import Dice

PROMPT, LATE, SLOW, PATCHY, QUARRELSOME, NEVER = "prompt", "late", "slow", "patchy", "quarrelsome", "never"

_MANNERS = [PROMPT] * 12 + [LATE] * 6 + [SLOW] * 2 + [PATCHY] * 2 + [QUARRELSOME] * 2 + [NEVER]
_COUNTRIES = [("DE", "EUR")] * 5 + [("NL", "EUR")] * 4 + [("NO", "NOK")] * 3 + [("GB", "GBP")] * 2 + [("US", "USD")] * 2
_COUNTRIES += [("JP", "JPY")]
_TERMS: list[tuple[tuple[Share, ...], tuple[EarlyDiscount, ...]]] = [
    ((Share(30, 10000),), ()),
    ((Share(30, 10000),), ()),
    ((Share(14, 10000),), ()),
    ((Share(60, 10000),), ()),
    ((Share(30, 10000),), (EarlyDiscount(10, 200),)),
    ((Share(0, 3000), Share(30, 3000), Share(60, 4000)), ()),
]
_FIRST = (
    "Alder Birch Cedar Dune Elm Fjord Glade Harbour Island Juniper Kestrel Linden Meadow North Oak Pine Quarry River"
)
_SECOND = "Logistics|Bakeries|Robotics|Textiles|Print|Foods|Marine|Optics|Energy|Paper|Tools|Media|Pharma|Glass"
_COLLECTORS = ("amira", "bas", "chidi")


@dataclass(frozen=True, slots=True)
class Character:
    customer: str
    name: str
    country: str
    currency: str
    manner: str
    schedule: tuple[Share, ...]
    discounts: tuple[EarlyDiscount, ...]
    limit_minor: int
    collector: str
    typical_minor: int
    first_turn: int


def cast(count: int, dice: Dice) -> Iterator[Character]:
    """As many customers as asked, the manners of paying in believable shares and each of them at least once."""
    firsts, seconds = _FIRST.split(), _SECOND.split("|")
    first_of_each = [PROMPT, LATE, NEVER, PATCHY, QUARRELSOME, SLOW]
    for i in range(count):
        country, currency = dice.choice(_COUNTRIES) if i >= len(_COUNTRIES) else _COUNTRIES[-1 - i]
        schedule, discounts = _TERMS[i % len(_TERMS)]
        digits = 1 if currency == "JPY" else 100
        typical = dice.choice((300, 800, 1_500, 4_000, 12_000)) * digits * (100 if currency == "JPY" else 1)
        manner = first_of_each[i] if i < len(first_of_each) else dice.choice(_MANNERS)
        if manner in (NEVER, SLOW, PATCHY):
            typical = max(typical // 3 // 10_000 * 10_000, 30_000)  # nobody sells much to those who do not pay
        yield Character(
            customer=f"C{1001 + i}",
            name=f"{firsts[i % len(firsts)]} {seconds[(i * 5 + i // len(firsts) * 3) % len(seconds)]}",
            country=country,
            currency=currency,
            manner=manner,
            schedule=schedule,
            discounts=discounts,
            limit_minor=typical * dice.choice((4, 6, 10)),
            collector=_COLLECTORS[i % len(_COLLECTORS)],
            typical_minor=typical,
            first_turn=1 + i // len(first_of_each),
        )
