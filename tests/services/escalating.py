"""The escalator of a test: on a real ledger, with one policy for all."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.policy.document import Policy
from services.assembly import App
from services.escalation.subjects import Chosen, Subjects
from services.escalation.ticking import Escalator
from tests.domain.ladders import GENERAL


class Fixed:
    """One policy for all: which one applies is told by other stories."""

    def __init__(self, policy: Policy = GENERAL):
        self.policy = policy

    def chosen(self, *_: Any) -> Chosen:
        return Chosen(self.policy, 1)

    def ensure_published(self) -> None:
        pass

    def refresh(self) -> None:
        pass

    def earliest_days(self) -> int:
        return min(step.days for step in self.policy.steps)


def escalator_of(app: App, policy: Policy = GENERAL, **substitutes: Any) -> Escalator:
    fixed = Fixed(policy)
    given: dict[str, Any] = {"refresh": app.bring_views_up_to_date, "pause": app.pause} | substitutes
    return Escalator(app.ledger, app.views, Subjects(app.ledger, fixed), fixed, lambda: app.encryption, **given)


def steps_of(app: App) -> list[tuple[date, str, str, int]]:
    """Day, invoice's number, step and run of all that was decided, in the order of the log."""
    return [
        (entry.effective_on, entry.stream.split(":")[-1], entry.fact.step, entry.fact.run)
        for entry in facts_of(app, "case")
        if type(entry.fact).__name__ == "StepDecided"
    ]


def facts_of(app: App, kind: str) -> Iterator[Any]:
    position = 0
    while page := app.ledger.entries(position):
        yield from (entry for entry in page if entry.stream.startswith(f"{kind}:"))
        position = page[-1].position
