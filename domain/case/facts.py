"""What the ladder decided about an invoice. What was done about it is on the invoice and on its contacts."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PolicyAssigned:
    """From here on the case goes by this version of this policy, whatever its customer and entity have."""

    policy: str
    version: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the decision rested on. Amounts are minor units of `currency`; `demanded_minor` leaves out what is disputed.

    `last_contact_on` is that of the customer and entity; `calendar` whose business days counted.
    """

    currency: str
    open_minor: int
    demanded_minor: int
    days_past_due: int
    calendar: str
    last_contact_on: date | None = None


@dataclass(frozen=True, slots=True)
class StepDecided:
    """A step, recorded before it is acted on, by version `version` of `policy`.

    `due_on` was the step's day; `late_days` is how many days after it the step was taken. `run` numbers the runs of the
    case: one begins with each due day of the invoice (`invoice_due_on`) and after each payment that was taken back
    (`returned` of them so far). `contact` is the message, `task` what a person does, `held` that the ladder waits for
    them. Nothing is to be decided before `next_on`; None when nothing follows by itself.
    """

    step: str
    level: int
    policy: str
    version: int
    run: int
    invoice_due_on: date
    returned: int
    due_on: date
    late_days: int
    because: Inputs
    channel: str | None = None
    contact: str | None = None
    task: str | None = None
    held: bool = False
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class TaskFinished:
    """What a person was asked to do is done, or skipped: a ladder that waited for it goes on."""

    task: str
    outcome: str


Fact = PolicyAssigned | StepDecided | TaskFinished


# By the names they are stored under, which are for ever; classes and modules may move.
FACTS: dict[str, type] = {
    "case.policy_assigned": PolicyAssigned,
    "case.step_decided": StepDecided,
    "case.task_finished": TaskFinished,
}
