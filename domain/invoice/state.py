"""The state of an invoice that decisions need, and what every decision checks first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.by_day import DayChanges
from domain.entry import ALWAYS
from domain.invoice.facts import (
    DunningBlocked,
    Factored,
    InstalmentPlanAgreed,
    Issued,
    JudgmentObtained,
    LegalActionStarted,
    Part,
    Parts,
    PlacedWithAgency,
    Voided,
)
from domain.refusal import Refused

# Before the name of a factor, where a payment is named after its receipt.
FACTOR = "factor:"
PRINCIPAL, INTEREST, FEE, COMPENSATION = "principal", "interest", "fee", "compensation"


@dataclass(frozen=True, slots=True)
class Item:
    """`open_minor` is what is open after all days, `by_day` what is open from each day on.

    A payment taken back restores `open_minor`; `by_day` keeps the days between.
    """

    kind: str
    due_on: date
    open_minor: int
    by_day: DayChanges = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment; `parts` is what it took, its discount included, and `on` its effective date.

    `promise` and `offer` number those it went towards.
    """

    receipt: str
    allocation: int
    amount_minor: int
    discount_minor: int
    parts: Parts
    is_recovery: bool = False
    promise: int = 0
    offer: int = 0
    difference_minor: int = 0
    on: date = field(default=ALWAYS, compare=False)

    @property
    def is_by_factor(self) -> bool:
        """It came from the factor, and is no receipt of ours."""
        return self.receipt.startswith(FACTOR)


@dataclass(frozen=True, slots=True)
class Credit:
    """What a credit note took; `allocation` is 0 for one from before credit notes had streams of their own."""

    credit_note: str
    allocation: int
    amount_minor: int
    tax_minor: int
    parts: Parts
    on: date = field(default=ALWAYS, compare=False)


@dataclass(frozen=True, slots=True)
class WriteOff:
    amount_minor: int
    tax_minor: int
    parts: Parts
    approval: str | None = None
    on: date = field(default=ALWAYS, compare=False)


@dataclass(frozen=True, slots=True)
class Dispute:
    number: int
    reason_code: str
    parts: Parts
    on: date

    @property
    def amount_minor(self) -> int:
        return sum(part.minor for part in self.parts)


@dataclass(frozen=True, slots=True)
class Promise:
    number: int
    amount_minor: int
    pay_on: date
    paid_minor: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    number: int
    pay_minor: int
    until_on: date
    service: str
    is_accepted: bool = False
    paid_minor: int = 0


@dataclass(frozen=True, slots=True)
class Invoice:
    """`days` has the latest day of each kind of fact that another fact answers, and of the last call.

    `taken_back` are payments and credit notes that no longer count, `returned` how many payments these were.
    `written_off_minor` is the loss: what was written off and has not been recovered.
    """

    issued: Issued
    items: tuple[Item, ...]
    payments: tuple[Payment, ...] = ()
    credit_notes: tuple[Credit, ...] = ()
    write_offs: tuple[WriteOff, ...] = ()
    taken_back: tuple[Payment | Credit, ...] = field(default=(), compare=False)
    disputes: tuple[Dispute, ...] = ()
    disputes_raised: int = 0
    promise: Promise | None = None
    promises_made: int = 0
    offer: Offer | None = None
    offers_made: int = 0
    plan: InstalmentPlanAgreed | None = None
    factored: Factored | None = None
    is_advance_paid: bool = False
    is_reserve_released: bool = False
    agency: PlacedWithAgency | None = None
    legal: LegalActionStarted | None = None
    judgment: JudgmentObtained | None = None
    bureaus: tuple[str, ...] = ()
    reminded_steps: tuple[str, ...] = ()
    block: DunningBlocked | None = None
    returned: int = field(default=0, compare=False)
    written_off_minor: int = 0
    void: Voided | None = None
    days: Mapping[type, date] = field(default_factory=dict, compare=False)

    @property
    def open_minor(self) -> int:
        # As a list: asked for ten times by a payment, and a generator takes half as long again.
        return sum([item.open_minor for item in self.items])

    @property
    def is_voided(self) -> bool:
        return self.void is not None

    @property
    def disputed_minor(self) -> int:
        """What is disputed and still open: a disputed part that was paid after all is no longer owed."""
        if not self.disputes:
            return 0
        return self.open_minor - sum(item.open_minor for _, item in undisputed(self))

    @property
    def plan_minor(self) -> int:
        """What is open of the instalment plan."""
        if not self.plan:
            return 0
        return sum(item.open_minor for _, item in _of_plan(self, enumerate(self.items, 1)))

    def blocked_until(self, on: date) -> date | None:
        """The last day of a dunning block that holds on that day."""
        return self.block.until if self.block and on <= self.block.until else None

    @property
    def is_factored(self) -> bool:
        return self.factored is not None and not self.factored.with_recourse


# What every decision checks first


def require_issued(invoice: Invoice | None) -> Invoice:
    if invoice is None:
        raise Refused("not_issued", "there is no such invoice")
    if invoice.is_voided:
        raise Refused("voided", f"invoice {invoice.issued.number} was voided")
    return invoice


def require_open(invoice: Invoice | None) -> Invoice:
    invoice = require_issued(invoice)
    if not invoice.open_minor:
        raise Refused("nothing_open", f"nothing is open on invoice {invoice.issued.number}")
    return invoice


def require_ours(invoice: Invoice | None) -> Invoice:
    """An open invoice that nobody else pursues: not factored without recourse, and with no agency."""
    return require_kept(require_open(invoice))


def require_kept(invoice: Invoice) -> Invoice:
    if invoice.is_factored:
        raise Refused("factored", f"invoice {invoice.issued.number} belongs to {invoice.factored.factor}")  # type: ignore[union-attr]
    if invoice.agency:
        raise Refused("placed", f"invoice {invoice.issued.number} is with {invoice.agency.agency}")
    return invoice


def require_positive(minor: int) -> None:
    if minor <= 0:
        raise Refused("not_positive", "the amount must be more than zero")


def take(items: Iterable[tuple[int, Item]], minor: int, first: Parts = ()) -> Parts:
    """The parts of `minor` that fall on these numbered items: as in `first` as far as it goes, then in their order."""
    if first:
        return _take_first([*items], minor, first)
    parts = []
    for number, item in items:
        taken = min(item.open_minor, minor)
        if taken:
            parts.append(Part(number, taken))
            minor -= taken
    return tuple(parts)


def _take_first(items: list[tuple[int, Item]], minor: int, first: Parts) -> Parts:
    left, taken = {number: item.open_minor for number, item in items}, Counter[int]()
    rest = (Part(number, item.open_minor) for number, item in items)
    for part in (*first, *rest):
        more = min(left.get(part.item, 0) - taken[part.item], part.minor, minor)
        taken[part.item] += more
        minor -= more
    return tuple(Part(number, minor) for number, minor in taken.items() if minor)


def oldest_first(invoice: Invoice, *kinds: str) -> list[tuple[int, Item]]:
    """The invoice's items of these kinds (of all kinds when none is named), the earliest due first."""
    numbered = [*enumerate(invoice.items, 1)]
    if kinds:
        numbered = [(n, item) for n, item in numbered if item.kind in kinds]
    if len(numbered) < 2:
        return numbered
    return sorted(numbered, key=lambda pair: (pair[1].due_on, pair[0]))


def find_payment(invoice: Invoice, receipt: str, allocation: int) -> Payment | None:
    return next((p for p in invoice.payments if p.receipt == receipt and p.allocation == allocation), None)


def find_credit(invoice: Invoice, credit_note: str, allocation: int) -> Credit | None:
    return next((c for c in invoice.credit_notes if (c.credit_note, c.allocation) == (credit_note, allocation)), None)


def find_taken_back(invoice: Invoice, kind: type[Payment] | type[Credit], number: str, allocation: int) -> Any:
    """The payment of a receipt, or what a credit note took, as it was before it was taken back; None if it was not."""
    for each in invoice.taken_back:
        if isinstance(each, kind) and (_number(each), each.allocation) == (number, allocation):
            return each
    return None


def undisputed(invoice: Invoice) -> list[tuple[int, Item]]:
    """The invoice's items, the earliest due first, with what is open of each and not disputed."""
    if not invoice.disputes:
        return oldest_first(invoice)
    disputed: Counter[int] = Counter()
    for case in invoice.disputes:
        for part in case.parts:
            disputed[part.item] += part.minor
    return [
        (n, Item(item.kind, item.due_on, max(0, item.open_minor - disputed[n]))) for n, item in oldest_first(invoice)
    ]


def plan_items(invoice: Invoice) -> list[tuple[int, Item]]:
    """The instalments of the plan that are to be paid: what is disputed of them is not."""
    if not invoice.plan:
        return []
    return [(n, item) for n, item in _of_plan(invoice, undisputed(invoice)) if item.open_minor]


def _number(taking: Payment | Credit) -> str:
    return taking.receipt if isinstance(taking, Payment) else taking.credit_note


def _of_plan(invoice: Invoice, items: Iterable[tuple[int, Item]]) -> list[tuple[int, Item]]:
    plan = invoice.plan
    if not plan:
        return []
    return [pair for pair in items if 0 <= pair[0] - plan.first_item < len(plan.instalments)]
