"""The rows of which each stream has one, and how a fact changes them. The first field is the key of the table."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from domain.case.facts import PolicyAssigned, StepDecided, TaskFinished
from domain.contact.facts import (
    Deferred,
    Delivered,
    DeliveryFailed,
    DeliveryUnknown,
    Done,
    HandedOver,
    Planned,
    Retried,
    Sent,
    Skipped,
    Withheld,
)
from domain.contact.state import MESSAGE
from domain.customer import facts as customer
from domain.entry import Entry
from domain.invoice import facts as invoice


@dataclass(frozen=True, slots=True)
class CaseRow:
    """`next_on` is the first day on which a step may be due; None before the first step, and when none follows.

    `decided_at` is the position of the last step.
    """

    case_stream: str
    invoice: str
    assigned: str | None = None
    policy: str | None = None
    version: int = 0
    run: int = 0
    step: str | None = None
    decided_on: date | None = None
    invoice_due_on: date | None = None
    returned: int = 0
    next_on: date | None = None
    held_by: str | None = None
    decided_at: int = 0

    def decided(self, fact: StepDecided, entry: Entry) -> Self:
        return replace(
            self,
            policy=fact.policy,
            version=fact.version,
            run=fact.run,
            step=fact.step,
            decided_on=entry.effective_on,
            decided_at=entry.position,
            invoice_due_on=fact.invoice_due_on,
            returned=fact.returned,
            next_on=fact.next_on,
            held_by=fact.task if fact.held else None,
        )

    def after(self, fact: PolicyAssigned | TaskFinished, on: date) -> Self:
        if isinstance(fact, PolicyAssigned):
            # Another ladder: whether a step of it is due is to be looked at.
            looked_at_on = None if self.held_by else on
            return replace(self, assigned=fact.policy, policy=fact.policy, version=fact.version, next_on=looked_at_on)
        return replace(self, held_by=None, next_on=on) if fact.task == self.held_by else self


@dataclass(frozen=True, slots=True)
class Agreements:
    """`promise_on` is the day of an open promise, `plan_on` the first due day of an open plan.

    `eased_at` and `eased_on` are position and day of the last fact after which a step may be possible that was not
    before: a dispute that ended, a charge, a reassignment.
    `blocked_until` is the last day of a dunning block; `is_factored` leaves out what a factor may give back.
    """

    invoice: str
    promise_on: date | None = None
    plan_on: date | None = None
    returned: int = 0
    eased_at: int = 0
    eased_on: date | None = None
    blocked_until: date | None = None
    is_factored: bool = False
    is_placed: bool = False
    is_legal: bool = False

    def after(self, entry: Entry) -> Self:
        match fact := entry.fact:
            case invoice.PromiseMade(pay_on=pay_on):
                return replace(self, promise_on=pay_on)
            case invoice.PromiseKept() | invoice.PromisePartlyKept() | invoice.PromiseBroken():
                return replace(self, promise_on=None)
            case invoice.InstalmentPlanAgreed(instalments=instalments):
                return replace(self, promise_on=None, plan_on=min(each.due_on for each in instalments))
            case invoice.InstalmentPlanBroken() | invoice.InstalmentPlanCompleted():
                return replace(self, plan_on=None)
            case invoice.PaymentReversed():
                return replace(self, returned=self.returned + 1)
            case invoice.PaymentReinstated():
                return replace(self, returned=self.returned - 1)
            case invoice.Voided():
                return replace(self, promise_on=None, plan_on=None)
            case invoice.DunningBlocked(until):
                return replace(self, blocked_until=until)
            case invoice.DunningUnblocked():
                return replace(self, blocked_until=None)
            case invoice.Factored(with_recourse=with_recourse):
                return replace(self, is_factored=not with_recourse)
            case invoice.Reassigned():
                return replace(self._eased(entry), is_factored=False)
            case invoice.PlacedWithAgency():
                return replace(self, is_placed=True)
            case invoice.RecalledFromAgency():
                return replace(self, is_placed=False)
            case invoice.LegalActionStarted():
                return replace(self, is_legal=True)
            case _ if isinstance(fact, EASING):
                return self._eased(entry)
        raise TypeError(f"agreements are not changed by {type(fact).__name__}")

    def _eased(self, entry: Entry) -> Self:
        return replace(self, eased_at=entry.position, eased_on=_later(self.eased_on, entry.effective_on))


EASING = (
    invoice.DisputeResolved,
    invoice.InterestCharged,
    invoice.FeeCharged,
    invoice.CompensationClaimed,
    invoice.Reassigned,
)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """`encrypted_contact` is under the customer's own key, as in the log.

    `eased_at` and `eased_on` are position and day of the last terms and the last review, on which steps depend.
    """

    customer: str
    collector: str | None = None
    policy: str | None = None
    blocked_until: date | None = None
    encrypted_contact: str | None = None
    eased_at: int = 0
    eased_on: date | None = None

    def after(self, entry: Entry) -> Self:
        match entry.fact:
            case customer.CollectorAssigned(collector):
                return replace(self, collector=collector)
            case customer.PolicyAssigned(policy):
                return replace(self, policy=policy)
            case customer.TermsAgreed(policy=policy):
                return replace(self._eased(entry), policy=policy or self.policy)
            case customer.RiskReviewed():
                return self._eased(entry)
            case customer.DunningBlocked(until):
                return replace(self, blocked_until=until)
            case customer.DunningUnblocked():
                return replace(self, blocked_until=None)
            case customer.ContactSet(encrypted):
                return replace(self, encrypted_contact=encrypted)
            case customer.DataErased():
                return replace(self, encrypted_contact=None)
        raise TypeError(f"a customer's row is not changed by {type(entry.fact).__name__}")

    def _eased(self, entry: Entry) -> Self:
        return replace(self, eased_at=entry.position, eased_on=_later(self.eased_on, entry.effective_on))


@dataclass(frozen=True, slots=True)
class ContactRow:
    """`actor` and `reason` are those of the last fact; `demanded` is by invoice, in `currencies`, minor units.

    `quiet_from` is the day from which the customer is left in peace: that on which the message went out, or is to go,
    or on which somebody was reached; None where nobody was.
    """

    contact: str
    kind: str
    channel: str | None
    entity: str
    customer: str
    step: str
    tone: str
    policy: str
    policy_version: int
    planned_on: date
    position: int
    state: str
    changed_on: date
    again_on: date | None
    attempt: int
    message_id: str | None
    sha256: str | None
    code: str
    actor: str
    reason: str | None
    reached: bool
    holds: bool
    script: str | None
    invoices: list[str]
    currencies: list[str]
    demanded: list[int]
    quiet_from: date | None

    @classmethod
    def planned(cls, entry: Entry, fact: Planned) -> Self:
        return cls(
            entry.stream,
            fact.kind,
            fact.channel,
            fact.entity,
            fact.customer,
            fact.step,
            fact.tone,
            fact.policy,
            fact.policy_version,
            entry.effective_on,
            entry.position,
            "planned",
            entry.effective_on,
            None,
            0,
            None,
            None,
            "",
            entry.cause.actor,
            entry.cause.reason,
            False,
            fact.holds,
            fact.script,
            [each.invoice for each in fact.about],
            [each.currency for each in fact.about],
            [each.demanded_minor for each in fact.about],
            entry.effective_on if fact.kind == MESSAGE else None,
        )

    def after(self, entry: Entry) -> Self:
        on, cause = entry.effective_on, entry.cause
        row = replace(self, changed_on=on, actor=cause.actor, reason=cause.reason, code="", again_on=None)
        match entry.fact:
            case HandedOver(attempt, channel, message_id, sha256):
                row = replace(row, state="handed_over", attempt=attempt, channel=channel)
                return replace(row, message_id=message_id, sha256=sha256, quiet_from=on)
            case Sent():
                return replace(row, state="sent")
            case Delivered():
                return replace(row, state="delivered")
            case Deferred(_, code, again_on):
                return replace(row, state="deferred", code=code, again_on=again_on)
            case DeliveryFailed(_, code):
                return replace(row, state="failed", code=code, quiet_from=None)
            case DeliveryUnknown(_, code):
                return replace(row, state="unknown", code=code)
            case Withheld(code):
                return replace(row, state="withheld", code=code, quiet_from=None)
            case Retried():
                return replace(row, state="planned", quiet_from=on)
            case Done(outcome, reached):
                return replace(
                    row, state="done", code=outcome, reached=reached, quiet_from=on if reached else self.quiet_from
                )
            case Skipped():
                return replace(row, state="skipped")
        raise TypeError(f"a contact is not changed by {type(entry.fact).__name__}")


def _later(day: date | None, other: date) -> date:
    return max(day, other) if day else other
