"""The customers of the demonstration: where they are, what was agreed with them, and how they pay."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.customer.account import Channel
from domain.terms import EarlyDiscount, Share
from infra.clock import Dice
from services.demo.addresses import Contact, contact, language

PROMPT, LATE, SLOW, PATCHY, QUARRELSOME, NEVER = "prompt", "late", "slow", "patchy", "quarrelsome", "never"

_MANNERS = [PROMPT] * 12 + [LATE] * 6 + [SLOW] * 2 + [PATCHY] * 2 + [QUARRELSOME] * 2 + [NEVER]
_COUNTRIES = [("DE", "EUR")] * 5 + [("NL", "EUR")] * 4 + [("NO", "NOK")] * 3 + [("GB", "GBP")] * 2 + [("US", "USD")] * 2
_COUNTRIES += [("JP", "JPY")]
_TERMS: list[tuple[tuple[Share, ...], tuple[EarlyDiscount, ...]]] = [
    ((Share(0, 3000), Share(30, 3000), Share(60, 4000)), ()),
    ((Share(30, 10000),), ()),
    ((Share(14, 10000),), ()),
    ((Share(45, 10000),), ()),
    ((Share(30, 10000),), (EarlyDiscount(10, 200),)),
    ((Share(30, 10000),), ()),
]
_FIRST = (
    "Alder Birch Cedar Dune Elm Fjord Glade Harbour Island Juniper Kestrel Linden Meadow North Oak Pine Quarry River"
)
_SECOND = "Logistics|Bakeries|Robotics|Textiles|Print|Foods|Marine|Optics|Energy|Paper|Tools|Media|Pharma|Glass"
_COLLECTORS = ("amira", "bas", "chidi")
# One in so many has agreed on letters.
_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Character:
    """`channel` is that of reminders; notices before the due day go by e-mail."""

    customer: str
    contact: Contact
    country: str
    language: str
    channel: Channel
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
        digits = 1 if currency == "JPY" else 100
        typical = dice.choice((300, 800, 1_500, 4_000, 12_000)) * digits * (100 if currency == "JPY" else 1)
        manner = first_of_each[i] if i < len(first_of_each) else dice.choice(_MANNERS)
        # Nobody agrees on instalments with those who do not keep their days, or sells much to those who do not pay.
        schedule, discounts = _TERMS[max(i % len(_TERMS), 0 if manner == PROMPT else 1)]
        if manner in (NEVER, SLOW, PATCHY):
            typical = max(typical // 3 // 10_000 * 10_000, 30_000)
        name = f"{firsts[i % len(firsts)]} {seconds[(i * 5 + i // len(firsts) * 3) % len(seconds)]}"
        yield Character(
            customer=f"C{1001 + i}",
            contact=contact(name, country, i),
            country=country,
            language=language(country),
            channel="letter" if i % _LETTERS == _LETTERS - 1 else "email",
            currency=currency,
            manner=manner,
            schedule=schedule,
            discounts=discounts,
            limit_minor=typical * dice.choice((4, 6, 10)),
            collector=_COLLECTORS[i % len(_COLLECTORS)],
            typical_minor=typical,
            first_turn=1 + i // len(first_of_each),
        )
