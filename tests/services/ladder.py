"""A ladder that runs in a test: everybody goes by one policy, and people do their tasks when they are told to."""

from datetime import date, timedelta

from domain import contact as contacts
from domain.case import case_of
from domain.case.facts import TaskFinished
from domain.contact.tasks import is_task
from domain.entry import Cause, invoice_stream
from domain.policy import Policy
from projections.projection import Query
from services.assembly import App
from services.escalation.questions import Questions
from services.escalation.ticking import Tick
from tests.domain.ladders import GENERAL
from tests.services.escalating import Fixed, escalator_of

ONE_DAY = timedelta(days=1)


class Ladder:
    def __init__(self, app: App, policy: Policy = GENERAL):
        self.app, self.policies = app, Fixed(policy)
        self.escalator = escalator_of(app, policy)
        self.questions = Questions(app.ledger, app.views, self.policies, lambda: app.encryption, app.recorded_to)

    def run(self, day: date) -> Tick:
        return self.escalator.run(day)

    def run_daily(self, first: date, last: date, *, works: bool = False) -> None:
        """`works`: people do on the day what they are asked to."""
        while first <= last:
            self.run(first)
            if works:
                self.finish_tasks(first)
            first += ONE_DAY

    def finish_tasks(self, on: date) -> None:
        """All that are open; who is called or visited is reached."""
        for stream in self.open_tasks():
            self.finish(stream, on, reached=":decision:" not in stream)

    def open_tasks(self) -> list[str]:
        return self._streams("state = 'planned' and kind <> 'message'")

    def contacts(self) -> list[str]:
        """Calls and visits too, but not what is decided among ourselves."""
        return self._streams("kind <> 'decision'")

    def _streams(self, those: str) -> list[str]:
        query = Query(f"select contact from view_escalation.contacts where {those} order by contact")
        return [stream for (stream,) in self.app.views.ask(query)]

    def finish(self, stream: str, on: date, *, reached: bool = True) -> None:
        """As `task done` does: the task, and every ladder that waits for it."""
        known = self.app.ledger.state(stream)
        assert is_task(known)
        cases = [case_of(each.invoice) for each in known.planned.about]
        held = [case for case in cases if (state := self.app.ledger.state(case)) and state.held_by == stream]

        def decide(contact, *_):
            finished = contacts.finish(contact, outcome="spoken", reached=reached)
            return {stream: finished, **{case: [TaskFinished(stream, "spoken")] for case in held}}

        cause = Cause("cleo", f"done {stream}")
        self.app.ledger.change([stream, *held], decide, on=on, cause=cause, content=[stream])

    def steps(self, number: str) -> list[tuple[str, date]]:
        """The steps taken on an invoice, each with its day."""
        facts = self.app.ledger.facts(case_of(invoice_stream(number, "main")))
        return [(each.fact.step, each.effective_on) for each in facts if not isinstance(each.fact, TaskFinished)]

    def why_not(self, number: str, on: date, today: date | None = None):
        return self.questions.why_not(number, "main", on, today)

    def explain(self, number: str, today: date):
        return self.questions.explain(number, "main", today)

    def forecast(self, number: str, today: date):
        return self.questions.forecast(number, "main", today)
