"""What is typed for amounts, shares and schedules, read as the domain has it; what is none of it is wrong use."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import typer

from domain.money import minor_units
from domain.refusal import Refused
from domain.terms import EarlyDiscount, Instalment, Share
from services.cli.options import any_day

MOST_DAYS = 36_500


def amount(text: str, currency: str | None) -> int:
    """Minor units of an amount in major units."""
    if currency is None:
        raise typer.BadParameter("name the currency with --currency")
    try:
        return minor_units(text, currency)
    except Refused as refusal:
        raise typer.BadParameter(refusal.message) from None


def basis_points(text: str) -> int:
    """Of a share in per cent."""
    try:
        points = Decimal(text.strip().removesuffix("%")) * 100
    except InvalidOperation:
        raise typer.BadParameter(f"{text!r} is not a per cent such as 25 or 2.5") from None
    if not points.is_finite() or points != int(points):
        raise typer.BadParameter(f"{text!r} is finer than a hundredth of a per cent")
    return int(points)


def step(text: str) -> Share:
    """`30` is net 30, `30:40` is 40 % in 30 days."""
    days, _, share = text.partition(":")
    return Share(_days(days), basis_points(share or "100"))


def discount(text: str) -> EarlyDiscount:
    """`2/10` is 2 % within 10 days."""
    share, slash, days = text.partition("/")
    if not slash:
        raise typer.BadParameter(f"{text!r} is not PERCENT/DAYS such as 2/10")
    return EarlyDiscount(_days(days), basis_points(share))


def instalment(text: str, currency: str | None) -> Instalment:
    """`2026-06-30=120.50`."""
    due_on, equals, share = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not DAY=AMOUNT such as 2026-06-30=120.50")
    return Instalment(any_day(due_on), amount(share, currency))


def invoices(named: Sequence[str] | None, currency: str) -> tuple[str, ...] | dict[str, int]:
    """`NUMBER` each, or `NUMBER=AMOUNT` each."""
    pairs = [text.rpartition("=") if "=" in text else (text, "", "") for text in named or ()]
    if not any(equals for _, equals, _ in pairs):
        return tuple(number for number, _, _ in pairs)
    if not all(equals for _, equals, _ in pairs):
        raise typer.BadParameter("give each --invoice its amount, or none")
    return {number: amount(share, currency) for number, _, share in pairs}


def _days(text: str) -> int:
    if not text.strip().isdecimal() or (days := int(text[:10])) > MOST_DAYS:
        raise typer.BadParameter(f"{text!r} is not a number of days up to {MOST_DAYS:,}")
    return days
