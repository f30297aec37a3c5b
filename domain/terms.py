"""Payment terms: how a total becomes instalments with due days, and what paying early is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.money import percentage, split
from domain.refusal import Refused

WHOLE = 10000  # basis points


@dataclass(frozen=True, slots=True)
class Share:
    """One step of an instalment schedule: this share of the total, due this many days after issue."""

    days: int
    basis_points: int


@dataclass(frozen=True, slots=True)
class EarlyDiscount:
    """`2/10` is 200 basis points within 10 days of issue."""

    days: int
    basis_points: int


@dataclass(frozen=True, slots=True)
class Instalment:
    due_on: date
    minor: int


@dataclass(frozen=True, slots=True)
class Discount:
    """What may be deducted from the total when it is paid on or before `until_on`."""

    until_on: date
    minor: int


def instalments(total_minor: int, issued_on: date, schedule: Sequence[Share]) -> tuple[Instalment, ...]:
    """The total over a schedule such as 30/30/40, by largest remainder; refuses `bad_schedule`.

    A total too small for its schedule has fewer instalments.
    """
    require_schedule(schedule)
    shares = split(total_minor, [share.basis_points for share in schedule])
    return tuple(
        Instalment(issued_on + timedelta(days=share.days), minor)
        for share, minor in zip(schedule, shares, strict=True)
        if minor
    )


def require_schedule(schedule: Sequence[Share]) -> None:
    if sum(share.basis_points for share in schedule) != WHOLE or any(
        share.days < 0 or share.basis_points <= 0 for share in schedule
    ):
        raise Refused("bad_schedule", "instalments fall on or after the issue day and their shares add up to 100 %")


def net(total_minor: int, due_on: date) -> tuple[Instalment, ...]:
    return (Instalment(due_on, total_minor),)


def discounts(total_minor: int, issued_on: date, tiers: Sequence[EarlyDiscount]) -> tuple[Discount, ...]:
    """What each tier is worth; one that comes to nothing, or to the whole of a tiny total, is left out."""
    worth = [Discount(issued_on + timedelta(days=t.days), percentage(total_minor, t.basis_points)) for t in tiers]
    return tuple(discount for discount in worth if 0 < discount.minor < total_minor)
