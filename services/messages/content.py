"""What a message says, as data: who asks whom for what, by when, and what else is open between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from infra.creditors import Creditor

__all__ = ["Content", "Creditor", "Debtor", "Line", "Sum"]


class Sum(NamedTuple):
    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class Debtor:
    """`name` is empty where none is known, or not any more."""

    number: str
    name: str = ""
    address: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    is_consumer: bool = False

    @property
    def is_known(self) -> bool:
        """Whether anything personal is in it."""
        return bool(self.name or self.address or self.email or self.phone)


@dataclass(frozen=True, slots=True)
class Line:
    """An invoice: `open_minor` is `total_minor` and `charges_minor` less `paid_minor` (payments, credits, discounts).

    `demanded_minor` is what is asked for now: of what is open neither what is disputed nor what falls due later.
    `due_on` is the first due day of that, `days_overdue` is negative before it.
    """

    number: str
    issued_on: date
    due_on: date
    days_overdue: int
    currency: str
    total_minor: int
    paid_minor: int
    open_minor: int
    demanded_minor: int
    disputed_minor: int = 0
    charges_minor: int = 0
    step: str = ""
    level: int = 0
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """`lines` are the invoices it is about, `also_open` the rest of the account.

    `reference` is ours for the contact, to be named on the phone. `unapplied` is what no invoice was paid with yet.
    """

    language: str
    step: str
    tone: str
    on: date
    creditor: Creditor
    debtor: Debtor
    lines: tuple[Line, ...]
    also_open: tuple[Line, ...] = ()
    pay_by: date | None = None
    reference: str = ""
    reminders_sent: int = 0
    first_reminded_on: date | None = None
    unapplied: tuple[Sum, ...] = ()

    @property
    def totals(self) -> tuple[Sum, ...]:
        """What is demanded, by currency in the order of the lines."""
        return sums((line.currency, line.demanded_minor) for line in self.lines)

    @property
    def also_open_totals(self) -> tuple[Sum, ...]:
        return sums((line.currency, line.open_minor) for line in self.also_open)


def sums(amounts: Iterable[tuple[str, int]]) -> tuple[Sum, ...]:
    """Amounts of one currency added up, those of two never."""
    found: dict[str, int] = {}
    for currency, minor in amounts:
        found[currency] = found.get(currency, 0) + minor
    return tuple(Sum(*each) for each in found.items())
