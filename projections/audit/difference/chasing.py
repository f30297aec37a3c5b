"""What a fact of a case or of a contact says."""

from typing import assert_never

from domain.case.facts import Fact as CaseFact
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
from domain.contact.facts import Fact as ContactFact
from domain.money import readable
from projections.audit.difference.phrases import joined, spaced


def of_case(fact: CaseFact) -> str:
    match fact:
        case PolicyAssigned(policy, version):
            return f"goes by policy {policy}, version {version}"
        case StepDecided(step, _, policy, version):
            demanded = readable(fact.because.demanded_minor, fact.because.currency)
            late = f"{fact.late_days} days late" if fact.late_days else ""
            waits = "the ladder waits for a person" if fact.held else ""
            return joined(f"step {step} of {policy}, version {version}, about {demanded}", late, waits)
        case TaskFinished(outcome=outcome):
            return f"the task is {spaced(outcome)}: the ladder goes on"
        case _:
            assert_never(fact)


def of_contact(fact: ContactFact) -> str:
    match fact:
        case Planned(kind=kind, channel=channel, step=step, about=about):
            invoices = f"{len(about)} invoice{'s' * (len(about) > 1)}"
            return f"{kind}{f' by {channel}' if channel else ''} planned about {invoices}, step {step}"
        case HandedOver(attempt, channel):
            return f"attempt {attempt}: handed over by {channel}"
        case Sent(attempt):
            return f"attempt {attempt}: sent"
        case Delivered(attempt):
            return f"attempt {attempt}: delivered"
        case Deferred(attempt, code, again_on):
            return f"attempt {attempt}: not taken for now ({code}), again on {again_on}"
        case DeliveryFailed(attempt, code):
            return f"attempt {attempt}: failed ({code})"
        case DeliveryUnknown(attempt, code):
            return f"attempt {attempt}: nobody knows whether it left ({code})"
        case Withheld(code):
            return f"withheld: {spaced(code)}"
        case Retried(attempt):
            return f"to be sent once more after attempt {attempt}"
        case Done(outcome, reached):
            return joined(f"done: {spaced(outcome)}", "debtor reached" if reached else "")
        case Skipped():
            return "skipped"
        case _:
            assert_never(fact)
