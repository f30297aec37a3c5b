"""The stage of the demonstration: where its acts become commands, each under an id that is its own for ever."""

from collections.abc import Sequence
from datetime import date

from domain.entry import Cause, customer_stream
from domain.refusal import Refused
from services.assembly import App
from services.catalogue.customers import COLLECTOR, CONTACT, LIMIT, REGISTER, TERMS
from services.demo.characters import Character
from services.demo.plot import Act


class Stage:
    """Command ids begin with `part`. Acts numbered up to `performed` were decided by an earlier run, and not again."""

    def __init__(self, app: App, part: str, performed: int):
        self.app, self._part, self._performed = app, part, performed
        self.number = self.refused = 0

    def introduce(self, character: Character, on: date) -> None:
        who, currency = customer_stream(character.customer), character.currency
        terms = TERMS(
            schedule=character.schedule,
            discounts=character.discounts,
            currency=currency,
            jurisdiction=character.country,
            language=character.language,
            channel=character.channel,
        )
        for request, reason in (
            (REGISTER(country=character.country), None),
            (terms, None),
            (CONTACT(**character.contact._asdict()), None),
            (LIMIT(amount_minor=character.limit_minor, currency=currency), "opening"),
            (COLLECTOR(collector=character.collector), None),
        ):
            self.perform(Act(on, "sales", who, request, reason))

    def perform(self, act: Act) -> None:
        """The next one of the plot; what is refused does not happen."""
        self.number += 1
        if self.number <= self._performed:
            return
        try:
            self._give(act, str(self.number))
        except Refused:
            self.refused += 1

    def work(self, task: str, acts: Sequence[Act]) -> None:
        """What is done about a task, one act after another; raises `Refused` at the first that is not possible.

        Done again after an interruption, what was done before stays as it was.
        """
        for nth, act in enumerate(acts, 1):
            self._give(act, f"{task} {nth}")

    def _give(self, act: Act, command: str) -> None:
        cause = Cause(act.actor, f"{self._part}{command}", act.reason)
        self.app.commands.give(act.stream, act.request, on=act.on, cause=cause)
