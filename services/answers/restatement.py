"""A restatement as plain data: the facts learnt between two instants, and what each changed on a day."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from domain.money import major
from projections.open_items.restatement import Change
from services.snapshots import AsOfPosition, instant_text


class Difference(TypedDict):
    currency: str
    difference: str


class ChangedItem(TypedDict):
    position: int
    recorded_at: str
    effective_on: str
    stream: str
    name: str
    item: int
    customer: str
    currency: str
    difference: str


class RestatementReport(TypedDict):
    as_of: str
    known_1: str
    known_2: str
    position_1: int
    position_2: int
    totals: list[Difference]
    facts: list[ChangedItem]


def restatement_report(
    as_of: date, first: AsOfPosition, second: AsOfPosition, changes: Sequence[Change]
) -> RestatementReport:
    sums: dict[str, int] = {}
    for change in changes:
        sums[change.currency] = sums.get(change.currency, 0) + change.difference_minor
    return {
        "as_of": as_of.isoformat(),
        "known_1": first.at_text,
        "known_2": second.at_text,
        "position_1": first.position,
        "position_2": second.position,
        "totals": [{"currency": each, "difference": major(sums[each], each)} for each in sorted(sums)],
        "facts": [_changed(change) for change in changes],
    }


def _changed(change: Change) -> ChangedItem:
    return {
        "position": change.position,
        "recorded_at": instant_text(change.recorded_at),
        "effective_on": change.effective_on.isoformat(),
        "stream": change.stream,
        "name": change.name,
        "item": change.item,
        "customer": change.customer,
        "currency": change.currency,
        "difference": major(change.difference_minor, change.currency),
    }
