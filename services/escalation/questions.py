"""Why the ladder of an invoice did what it did, why it does nothing, and what it will do. Asking changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Protocol

from domain import tick
from domain.case import case_of, fold
from domain.case.deciding import Ahead, Due, Surroundings, Waiting, ahead, decide
from domain.case.facts import StepDecided
from domain.case.ladder import Next
from domain.contact.planning import Recipient, channel_shown
from domain.entry import invoice_stream
from domain.refusal import Refused
from infra.encryption import Encryption
from infra.log.ledger import Ledger
from infra.views.answers import Views
from projections.escalation import asking
from projections.escalation.view import NAME as VIEW
from projections.open_items.debtors import VIEW as OPEN_ITEMS
from services.answers.escalation import (
    Coming,
    Explanation,
    StepForecast,
    Taken,
    WhyNot,
    explanation,
    step_forecast,
    why_not,
)
from services.escalation.sentences import Blocked, is_taken, was_not_taken, was_taken, what_blocks
from services.escalation.subjects import PolicyChoice, Pursued, Subjects
from services.escalation.ticking import QUIET, recipient
from services.snapshots import require_day


class LatestPolicies(PolicyChoice, Protocol):
    def refresh(self) -> None:
        """What is the latest version of a policy is looked up anew."""


class Questions:
    """All refuse `bad_day`, and `not_issued` for an invoice there is not, or not yet on that day; raise `Behind`."""

    def __init__(
        self,
        ledger: Ledger,
        views: Views,
        policies: LatestPolicies,
        encryption: Callable[[], Encryption],
        recorded_to: Callable[[], int],
    ):
        self._ledger, self._views, self._policies = ledger, views, policies
        self._subjects = Subjects(ledger, policies)
        self._encryption, self._recorded_to = encryption, recorded_to

    def explain(self, number: str, entity: str, today: date) -> Explanation:
        """Every step taken up to a day, in all runs of the case, and what had become of it by then."""
        pursued = self._pursued(number, entity, today)
        facts = [each for each in self._ledger.facts(case_of(pursued.stream)) if each.effective_on <= today]
        steps = [(each.fact, each.effective_on) for each in facts if isinstance(each.fact, StepDecided)]
        contacts = self._ledger.read_on([led for fact, _ in steps if (led := fact.contact or fact.task)], today)
        then = fold(each.fact for each in facts)
        held_by = then.held_by if then else None
        taken = [
            Taken(fact, on, contacts[led].state if (led := fact.contact or fact.task) else None, _holds(fact, held_by))
            for fact, on in steps
        ]
        return explanation(pursued, taken)

    def why_not(self, number: str, entity: str, on: date, today: date | None = None) -> WhyNot:
        """What is taken on a day, or the first thing that stands in the way of it.

        A day to come, after `today`, is answered as if nothing happened until then but the steps to come.
        """
        known_on = min(require_day(on), today or on)
        pursued = self._pursued(number, entity, known_on)
        around = self._around(pursued, known_on)
        if known_on < on:
            pursued, around = _until(pursued, around, known_on, on)
        outcome = decide(pursued.subject, pursued.policy, pursued.calendar, on, around)
        case = pursued.subject.case
        if case.last and case.last.on == on:
            message = was_taken(case.last.decided, is_held=_holds(case.last.decided, case.held_by))
            following = outcome.next if isinstance(outcome, Waiting) else None
            return why_not(pursued, on, None, case.last.decided.step, message, following)
        if isinstance(outcome, Waiting):
            message = what_blocks(outcome.code, Blocked(pursued, on, around, outcome.next))
            return why_not(pursued, on, outcome.code, None, message, outcome.next)
        message = self._would_be_taken(outcome, on, is_to_come=known_on < on)
        return why_not(pursued, on, None, outcome.step.name, message, _after(outcome, pursued, around, on))

    def forecast(self, number: str, entity: str, today: date) -> StepForecast:
        """The steps to come if nothing happens but that people do what they are asked to, and the bank goes on."""
        pursued = self._pursued(number, entity, today)
        around = replace(self._around(pursued, today), last_bank_on=None)
        to = self._recipient(pursued)
        coming = _ahead(pursued, around, today)
        return step_forecast(
            pursued, (Coming(each.step.name, each.on, channel_shown(each.step, to)) for each in coming)
        )

    def _pursued(self, number: str, entity: str, on: date) -> Pursued:
        require_day(on)
        self._policies.refresh()
        pursued = self._subjects.load([invoice_stream(number, entity)], on).pursued
        if not pursued:
            raise Refused("not_issued", f"there is no invoice {number} of {entity} on {on}")
        return pursued[0]

    def _around(self, pursued: Pursued, on: date) -> Surroundings:
        with self._views.snapshot(VIEW, OPEN_ITEMS, not_before=self._recorded_to()) as snapshot:
            contacted, [(bank_on,)] = snapshot.ask(
                asking.last_contacts([pursued.owner.customer], on - QUIET, on), asking.last_bank_day(on)
            )
        last = {entity: last_on for _, entity, last_on in contacted}
        return Surroundings(last.get(pursued.owner.entity), bank_on)

    def _recipient(self, pursued: Pursued) -> Recipient:
        customer = pursued.subject.customer
        encrypted = customer.encrypted_contact if customer else None
        contact = self._encryption().decrypt(pursued.owner.customer, encrypted) if encrypted else None
        return recipient(pursued.owner, customer, contact)

    def _would_be_taken(self, due: Due, on: date, is_to_come: bool) -> str:
        last: tick.Ticks | None = self._ledger.state(tick.STREAM)
        if is_to_come:
            return f"{is_taken(due, on)} Nothing is to be done before."
        if last is None or last.today <= on:
            return f"{is_taken(due, on)} `receivables escalate run` takes it."
        return was_not_taken(due)


def _until(pursued: Pursued, around: Surroundings, today: date, on: date) -> tuple[Pursued, Surroundings]:
    """As it will be before the step of a day to come."""
    around = replace(around, last_bank_on=None)
    for each in _ahead(pursued, around, today):
        if each.on >= on:
            break
        pursued, around = replace(pursued, subject=each.subject), each.around
    return pursued, around


def _after(due: Due, pursued: Pursued, around: Surroundings, on: date) -> Next | None:
    """What follows by itself on a step that is taken on this day: nothing, where it holds the ladder."""
    if due.step.holds:
        return None
    return next((Next(each.step, each.on) for each in _ahead(pursued, around, on) if each.on > on), None)


def _ahead(pursued: Pursued, around: Surroundings, today: date) -> Iterator[Ahead]:
    return ahead(pursued.subject, pursued.policy, pursued.version, pursued.calendar, today, around)


def _holds(fact: StepDecided, held_by: str | None) -> bool:
    return fact.held and fact.task == held_by
