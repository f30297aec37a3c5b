"""The rollforward of a period: what was open, what became of it, what is open, tied out to aging; and its journal."""

from collections.abc import Iterator
from datetime import date, datetime

from domain.money import exponent, readable
from domain.refusal import Refused
from infra.unavailable import Unavailable
from projections.open_items import aging, rollforward
from projections.open_items.asking import Question
from projections.open_items.rollforward import Period, Rollforward
from services.answers.journal import JournalRow, journal_rows
from services.answers.rollforward import RollforwardReport, rollforward_report
from services.snapshots import Answer, Ask, AsOfPosition, Snapshots, answer, require_day, require_named

VIEW = "open_items"
# Bookings that are read at once.
PAGE = 20_000


class DoesNotTieOut(Unavailable):
    """The facts of the period do not explain the difference of its two agings: a view, or the log, is not as it was."""

    code = "does_not_tie_out"


class Rollforwards:
    """Asked of the views over the log: a reporting database has no facts."""

    def __init__(self, snapshots: Snapshots):
        self._snapshots = snapshots

    def rollforward(
        self,
        first: date,
        last: date,
        known_at: datetime | None = None,
        *,
        entity: str | None = None,
        currency: str | None = None,
    ) -> RollforwardReport:
        """From what was open before the first day to what is open on the last, per entity and currency.

        Refuses `bad_period`, `bad_day`, `not_yet`, `unknown_currency` and `unknown_entity`; raises `DoesNotTieOut`.
        """
        period, as_known, found = self._found(first, last, known_at, entity, currency)
        return rollforward_report(period, as_known, found)

    def journal(
        self,
        first: date,
        last: date,
        known_at: datetime | None = None,
        *,
        entity: str | None = None,
        currency: str | None = None,
    ) -> Iterator[JournalRow]:
        """Both sides of every booking, by day; refuses and raises as `rollforward` before the first line.

        A part of the days is read at a time, each as known at the same position, so that whoever reads may take long.
        """
        period, _, _ = self._found(first, last, known_at, entity, currency)
        parts = self._asked(rollforward.stretches(period, PAGE))
        return (row for part in parts for each in self._asked(rollforward.journal(part)) for row in journal_rows(each))

    def _found(
        self, first: date, last: date, known_at: datetime | None, entity: str | None, currency: str | None
    ) -> tuple[Period, AsOfPosition, list[Rollforward]]:
        if require_day(first) > require_day(last):
            raise Refused("bad_period", f"the period begins on {first}, after its last day {last}")
        if currency is not None:
            exponent(currency)
        with self._snapshots.at(known_at, VIEW) as (as_known, ask):
            is_past = known_at is not None or as_known.has_more
            position = as_known.position
            period = Period(first, last, position, position if is_past else None, entity, currency)
            found = _rollforwards(ask, period)
            if not found:
                require_named(ask, entity=entity)
        _require_tied(found)
        return period, as_known, found

    def _asked(self, question: Question[Answer]) -> Answer:
        with self._snapshots.at(None, VIEW) as (_, ask):
            return answer(ask, question)


def _rollforwards(ask: Ask, period: Period) -> list[Rollforward]:
    before, after = period.ends
    questions = aging.by_entity(before), rollforward.moved(period), aging.by_entity(after)
    opening, moves, closing = ask(*(each.query for each in questions))
    return rollforward.rollforwards(questions[0].read(opening), questions[1].read(moves), questions[2].read(closing))


def _require_tied(found: list[Rollforward]) -> None:
    for each in found:
        if each.difference_minor:
            amount = readable(each.difference_minor, each.currency)
            raise DoesNotTieOut(
                f"{each.entity} does not tie out: no fact explains {amount} of the difference of the two agings. "
                "`receivables doctor --deep` looks closer, `receivables views rebuild open_items` makes the view anew."
            )
