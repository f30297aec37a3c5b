"""What a collector's day is made of, in short words: commands by name, ticks of the general ladder, messages sent."""

from datetime import date
from typing import Any

from domain.entry import Cause, Entry
from domain.policy.document import Policy
from infra.log.decision import Done
from services.assembly import App
from services.escalation.ticking import Tick
from tests.domain.ladders import GENERAL
from tests.services.escalating import escalator_of


class Chase:
    def __init__(self, app: App):
        self.app = app
        self._given = 0

    def give(self, command: str, /, reason: str | None = None, actor: str = "ann", **arguments: Any) -> Done:
        """Under an id of its own."""
        self._given += 1
        self.app.bring_views_up_to_date()
        return self.app.commands.run(command, arguments, Cause(actor, f"{command} {self._given}", reason))

    def issue(self, number: str, due_on: str, amount: str = "1000.00", customer: str = "ACME", **more: Any) -> None:
        asked = {"number": number, "customer": customer, "amount": amount, "currency": "EUR", "due_on": due_on}
        self.give("invoice.issue", **asked | {"issued_on": "2025-06-02"} | more)

    def tick(self, *days: str, policy: Policy = GENERAL) -> Tick:
        """Of each of the days; what the last one came to."""
        for day in days:
            tick = escalator_of(self.app, policy).run(date.fromisoformat(day))
        return tick

    def send(self, today: str) -> None:
        self.app.bring_views_up_to_date()
        self.app.messenger.run_once(date.fromisoformat(today))

    def facts(self, stream: str) -> list[str]:
        """Names of the facts of a stream, in their order."""
        return [type(entry.fact).__name__ for entry in self.app.ledger.facts(stream)]

    def last(self, stream: str) -> Entry:
        return self.app.ledger.facts(stream)[-1]

    def rows(self, today: str, collector: str | None = None) -> list[Any]:
        """Of the work list."""
        self.app.bring_views_up_to_date()
        return [*self.app.work_list.worklist(date.fromisoformat(today), collector)["rows"]]

    def tasks(self, today: str, collector: str | None = None) -> list[str]:
        return [row["task"] for row in self.rows(today, collector)]
