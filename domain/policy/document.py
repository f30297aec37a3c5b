"""A dunning policy: the steps of a ladder in order, and when none is taken. It is data, written as TOML."""

from dataclasses import dataclass
from typing import Literal, get_args

# How a contact is made. A visit and a call are made by a person.
ContactChannel = Literal["email", "letter", "phone", "visit"]
CONTACT_CHANNELS: tuple[str, ...] = get_args(ContactChannel)
# Those a program can serve.
EMAIL, LETTER = "email", "letter"
MESSAGE_CHANNELS = (EMAIL, LETTER)

TaskKind = Literal["call", "visit", "decision"]
TASK_KINDS: tuple[str, ...] = get_args(TaskKind)

Tone = Literal["friendly", "firm", "last", "formal"]
TONES: tuple[str, ...] = get_args(Tone)

Debtors = Literal["everyone", "businesses", "consumers"]
DEBTORS: tuple[str, ...] = get_args(Debtors)

# What an invoice may be while a step is not taken.
Exclusion = Literal["factored", "placed", "legal", "disputed"]
EXCLUSIONS: tuple[str, ...] = get_args(Exclusion)

MOVE_ALONG, COMPRESS = "move_along", "compress"
CUSTOMER, INVOICE = "customer", "invoice"


@dataclass(frozen=True, slots=True)
class Amount:
    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class StepTask:
    """What a person does. While it `holds`, no later step is taken; `approval` says that a second person decides."""

    kind: str
    holds: bool = False
    script: str | None = None
    approval: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A step is taken only where all of this is so: the amount open by currency, who owes, and what the invoice is not.

    `unless` names what rules the step out. `contacts_at_least` counts the steps taken in this run of the case.
    """

    open_at_least: tuple[Amount, ...] = ()
    customers: str = "everyone"
    unless: tuple[str, ...] = ()
    risk_classes: tuple[str, ...] = ()
    contacts_at_least: int = 0


@dataclass(frozen=True, slots=True)
class Charge:
    """What a step is to charge. `kind` is interest, fee or compensation; a fee has an amount."""

    kind: str
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """`days` count from the due day, or from the day on which the step `after` was taken.

    `channels` are tried in order. A notice `lapses_when_due`: once the due day is over it is no longer taken.
    """

    name: str
    days: int
    channels: tuple[str, ...] = ()
    tone: str = "friendly"
    level: int = 0
    after: str | None = None
    lapses_when_due: bool = False
    task: StepTask | None = None
    when: Condition = Condition()
    shows: tuple[str, ...] = ()
    charges: tuple[Charge, ...] = ()
    pay_within_days: int = 7

    @property
    def work(self) -> StepTask | None:
        """What a person does. No ladder charges anything by itself: whether and how it is charged, a person decides."""
        return StepTask("decision", holds=True) if self.charges else self.task

    @property
    def ways(self) -> tuple[str, ...]:
        """The channels by which it is served without a decision."""
        return () if self.charges else self.channels

    @property
    def holds(self) -> bool:
        return self.work is not None and self.work.holds

    @property
    def is_contact(self) -> bool:
        """Whether it reaches the debtor, and so keeps the quiet days; a decision is among ourselves."""
        return bool(self.ways) or (self.work is not None and self.work.kind != "decision")


@dataclass(frozen=True, slots=True)
class PlanRules:
    """An instalment plan is broken so many days after an instalment was missed; then the rest may fall due at once."""

    broken_after_days: int = 1
    accelerate: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Below `least_amount` nothing is chased; in a currency it does not name, everything is.

    `quiet_days` lie at least between two contacts of one customer and entity. `stale_bank_days` are business days
    without a bank entry after which messages wait. `start_again_at` is the step at which a returned payment begins a
    new run; `broken_promise` what a person does about one.
    """

    name: str
    steps: tuple[Step, ...]
    jurisdiction: str | None = None
    applies_to: str = "everyone"
    one_contact_per: str = CUSTOMER
    quiet_days: int = 3
    least_amount: tuple[Amount, ...] = ()
    late: str = MOVE_ALONG
    most_contacts_a_day: int = 2000
    stale_bank_days: int = 5
    start_again_at: str = "friendly_reminder"
    broken_promise: StepTask | None = None
    plan: PlanRules = PlanRules()

    def index(self, step: str) -> int:
        """Raises `KeyError` for a step it does not have."""
        for index, each in enumerate(self.steps):
            if each.name == step:
                return index
        raise KeyError(step)

    def least(self, currency: str) -> int:
        return next((amount.minor for amount in self.least_amount if amount.currency == currency), 0)
