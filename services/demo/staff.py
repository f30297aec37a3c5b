"""The collectors of the demonstration: what is on the work list is done or skipped one to three days later."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from domain.contact import Contact
from domain.contact.rechecking import is_notice
from domain.contact.state import DECISION
from domain.entry import customer_stream
from domain.invoice.contacting import require_chaseable
from domain.refusal import Refused
from infra.clock import Dice, seeded
from projections.escalation import work
from projections.escalation.view import NAME as ESCALATION
from services.assembly import App
from services.catalogue.contacts import RETRY, SKIP
from services.demo.answers import Answer, answer
from services.demo.characters import Character
from services.demo.plot import Act, Bill
from services.demo.stage import Stage

SATURDAY = 5


class Staff:
    """`accounts` are customer and invoice, by the invoice's stream."""

    def __init__(self, app: App, stage: Stage, accounts: Mapping[str, tuple[Character, Bill]], seed: int):
        self._app, self._stage, self._accounts, self._seed = app, stage, accounts, seed

    def work(self, today: date) -> None:
        """Sees to the tasks whose day it is."""
        # What was planned this morning is in the view since the messenger looked for it there.
        with self._app.views.snapshot(ESCALATION) as snapshot:
            [rows] = snapshot.ask(work.waiting(today)[0])
        planned = {task.contact: task.planned_on for task in (work.Task(*row) for row in rows)}
        thrown = {stream: self._dice(stream) for stream in sorted(planned)}
        due = {stream: dice for stream, dice in thrown.items() if _day_after(planned[stream], dice) == today}
        contacts: Mapping[str, Contact] = self._app.ledger.states(due)
        for stream, dice in due.items():
            self._see_to(stream, contacts[stream], today, dice)

    def _dice(self, stream: str) -> Dice:
        """Each task's own, so that it is answered alike whatever else there is to do."""
        return seeded(f"{self._seed} {stream}")

    def _see_to(self, stream: str, contact: Contact, today: date, dice: Dice) -> None:
        about = sorted(contact.planned.about, key=lambda each: each.step != contact.planned.step)
        invoices = list(dict.fromkeys(each.invoice for each in about))
        character = self._accounts[invoices[0]][0]

        def do(given: Answer, command: str) -> None:
            acts = [Act(today, character.collector, invoices[0], request) for request in given.acts]
            end = Act(today, character.collector, stream, given.request, given.reason)
            self._stage.work(command, [*acts, end])

        try:
            do(self._answer(contact, invoices, today, dice), stream)
        except Refused as refusal:
            do(Answer(SKIP(), refusal.message), f"{stream} after all")

    def _answer(self, contact: Contact, invoices: Sequence[str], today: date, dice: Dice) -> Answer:
        if contact.is_message:
            return _sent_again(contact, today)
        if reason := self._why_not(contact, invoices, today):
            return Answer(SKIP(), reason)
        character, bills = self._accounts[invoices[0]][0], [self._accounts[each][1] for each in invoices]
        return answer(contact.planned, character, bills, today, dice)

    def _why_not(self, contact: Contact, invoices: Sequence[str], today: date) -> str | None:
        """Where none of its invoices is to be chased any more. A decision is made unless all is paid: what it leads to
        may have been done already when the demonstration was cut short."""
        owner, reason = customer_stream(contact.planned.customer), None
        known = self._app.ledger.states([*invoices, owner])
        for stream in invoices:
            try:
                require_chaseable(known[stream], today, known[owner].blocked_until(today))
                return None
            except Refused as refusal:
                if contact.planned.kind == DECISION and refusal.code != "nothing_open":
                    return None
                reason = refusal.message
        return reason


def _sent_again(contact: Contact, today: date) -> Answer:
    """It goes out on the next morning, if it is not too late for it then."""
    if contact.state == "withheld":
        return Answer(SKIP(), "nowhere to send it")
    pay_by = contact.planned.pay_by
    if is_notice(contact.planned) and pay_by and pay_by <= today:
        return Answer(SKIP(), "the day it was about is over")
    return Answer(RETRY())


def _day_after(planned_on: date, dice: Dice) -> date:
    """A day of the week on which people work."""
    day = planned_on + timedelta(days=dice.randint(1, 3))
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY
