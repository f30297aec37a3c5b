"""Adherence: whether the ladder was kept, step by step, and by whom it was not."""

from datetime import date

from domain.refusal import Refused
from projections.escalation import adherence
from projections.escalation.adherence import Exceptions, Skips, StepKept
from projections.escalation.view import NAME as ESCALATION
from services.answers.adherence import AdherenceAnswer, adherence_answer
from services.snapshots import Snapshots, require_day


class Adherence:
    def __init__(self, snapshots: Snapshots):
        self._snapshots = snapshots

    def adherence(self, from_on: date, to_on: date, collector: str | None = None) -> AdherenceAnswer:
        """Of the steps whose day lies in the period, both days included. Refuses `bad_period` and `bad_day`."""
        if require_day(from_on) > require_day(to_on):
            raise Refused("bad_period", f"the period begins on {from_on}, after its last day {to_on}")
        with self._snapshots.at(None, ESCALATION) as (as_known, ask):
            steps, skips, customers = ask(*adherence.adherence(from_on, to_on, collector))
        return adherence_answer(
            from_on,
            to_on,
            collector,
            as_known,
            (StepKept(*row) for row in steps),
            (Skips(*row) for row in skips),
            (Exceptions(*row) for row in customers),
        )
