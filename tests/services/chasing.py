"""The general ladder on a ledger of a test's own, tick by tick."""

from datetime import date
from typing import Any

from domain.case import Case
from domain.customer import Customer
from domain.entity import Entity
from domain.entry import Cause
from domain.policy.document import Policy
from services.assembly import App
from services.escalation.subjects import Chosen, Subjects
from services.escalation.ticking import Escalator, Tick
from tests.domain.ladders import GENERAL


class Fixed:
    """One policy for all."""

    def __init__(self, policy: Policy):
        self._policy = policy

    def chosen(self, case: Case, customer: Customer | None, entity: Entity | None) -> Chosen:
        return Chosen(self._policy, 1)

    def ensure_published(self) -> None:
        pass

    def earliest_days(self) -> int:
        return min(step.days for step in self._policy.steps)


def tick(app: App, today: date, policy: Policy = GENERAL) -> Tick:
    fixed = Fixed(policy)
    escalator = Escalator(
        app.ledger,
        app.views,
        Subjects(app.ledger, fixed),
        fixed,
        lambda: app.encryption,
        refresh=app.bring_views_up_to_date,
        pause=app.pause,
    )
    return escalator.run(today)


class Chase:
    """Commands by name, each under an id of its own."""

    def __init__(self, app: App):
        self.app = app
        self._given = 0

    def give(self, command: str, /, reason: str | None = None, actor: str = "ann", **arguments: Any) -> Any:
        self._given += 1
        self.app.bring_views_up_to_date()
        return self.app.commands.run(command, arguments, Cause(actor, f"{command} {self._given}", reason))

    def issue(self, number: str, due_on: str, amount: str = "1000.00", customer: str = "ACME", **more: Any) -> None:
        asked = {"number": number, "customer": customer, "amount": amount, "currency": "EUR", "due_on": due_on}
        self.give("invoice.issue", **asked | {"issued_on": "2025-06-02"} | more)

    def tick(self, today: str, policy: Policy = GENERAL) -> Tick:
        return tick(self.app, date.fromisoformat(today), policy)

    def facts(self, stream: str) -> list[str]:
        """Names of the facts of a stream, in their order."""
        return [type(entry.fact).__name__ for entry in self.app.ledger.facts(stream)]

    def rows(self, today: str, collector: str | None = None) -> list[Any]:
        self.app.bring_views_up_to_date()
        return [*self.app.work_list.worklist(date.fromisoformat(today), collector)["rows"]]
