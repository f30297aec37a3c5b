"""The views kept ready over the log, as plain data: how far each is, what it parked, what a rebuild would change."""

from collections.abc import Sequence
from typing import TypedDict

from infra.views.projector import Difference, Lag, Parked


class ViewLag(TypedDict):
    """`waits_since` is when the first fact it has not seen was recorded."""

    name: str
    position: int
    head: int
    parked: int
    waits_since: str | None
    needs_rebuild: bool


class ViewsAnswer(TypedDict):
    views: list[ViewLag]


class DifferentRow(TypedDict):
    table: str
    is_live: bool
    row: list[str]


class ComparisonAnswer(TypedDict):
    view: str
    differences: list[DifferentRow]


class ParkedFact(TypedDict):
    position: int
    stream: str
    reason: str


class ParkedAnswer(TypedDict):
    view: str
    parked: list[ParkedFact]


class RefilledAnswer(TypedDict):
    emptied: list[str]


class RebuiltAnswer(TypedDict):
    rebuilt: str


def view_lag(lag: Lag) -> ViewLag:
    return {
        "name": lag.name,
        "position": lag.position,
        "head": lag.head,
        "parked": lag.parked,
        "waits_since": lag.waits_since.isoformat() if lag.waits_since else None,
        "needs_rebuild": lag.needs_rebuild,
    }


def views_answer(lags: Sequence[Lag]) -> ViewsAnswer:
    return {"views": [view_lag(lag) for lag in lags]}


def rebuilt_answer(view: str | None) -> RebuiltAnswer:
    return {"rebuilt": view or "all"}


def refilled_answer(views: Sequence[str]) -> RefilledAnswer:
    return {"emptied": list(views)}


def comparison_answer(view: str, differences: Sequence[Difference]) -> ComparisonAnswer:
    rows: list[DifferentRow] = [
        {"table": each.table, "is_live": each.is_live, "row": [str(value) for value in each.row]}
        for each in differences
    ]
    return {"view": view, "differences": rows}


def parked_answer(view: str, parked: Sequence[Parked]) -> ParkedAnswer:
    facts: list[ParkedFact] = [
        {"position": each.position, "stream": each.stream, "reason": each.reason} for each in parked
    ]
    return {"view": view, "parked": facts}
