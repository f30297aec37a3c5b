"""Phrases that all differences share."""

from collections.abc import Sequence

from domain.money import readable
from domain.terms import Instalment


def joined(*phrases: str) -> str:
    return "; ".join(phrase for phrase in phrases if phrase)


def balance(what: str, before: int, after: int, currency: str) -> str:
    """'open 1,000.00 -> 400.00 EUR', or nothing when it is the same amount."""
    if before == after:
        return ""
    was = readable(before, currency).removesuffix(f" {currency}")
    return f"{what} {was} -> {readable(after, currency)}"


def change(what: str, before: object, after: object) -> str:
    return f"{what} {_named(before)} -> {_named(after)}" if before != after else ""


def per_cent(basis_points: int) -> str:
    return f"{basis_points / 100:g} %"


def spaced(code: str) -> str:
    """A code such as `order_for_payment` as people say it."""
    return code.replace("_", " ")


def falling_due(instalments: Sequence[Instalment]) -> str:
    days = sorted(each.due_on for each in instalments)
    if len(days) == 1:
        return f"due {days[0]}"
    return f"{len(days)} instalments due {days[0]} to {days[-1]}"


def invoice_named(stream: str) -> str:
    _, _, named = stream.partition(":")
    entity, _, number = named.partition(":")
    return f"invoice {number} of {entity}" if number else f"invoice {stream}"


def _named(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None or value == "" else str(value)
