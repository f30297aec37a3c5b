"""Aging and what belongs to it: open items of any day as known at any instant, and why an answer changed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from domain.money import exponent, major
from domain.refusal import Refused
from infra.rates import Rates
from infra.settings import Settings
from projections.credit_risk import view as credit_risk
from projections.open_items import aging, drill_down
from projections.open_items.aging import Aging, Line, Total
from projections.open_items.asking import Part, Question
from projections.open_items.drill_down import OpenItem
from projections.open_items.restatement import Change, restatement
from projections.projection import Query
from services.reporting_total import reporting_total
from services.snapshots import AsOfPosition, Snapshots, instant_text, require_day, require_named

DIMENSIONS = ("customer", "entity", "currency", "collector", "country", "risk_class")
NOBODY = "none"
VIEW = "open_items"

Labels = Callable[[date, datetime | None], Mapping[str, str]]


class Reports:
    """`risk_classes` gives each customer's class on a day; it is asked only when a report is by class."""

    def __init__(self, snapshots: Snapshots, rates: Rates, settings: Settings, risk_classes: Labels):
        self._snapshots, self._rates, self._settings = snapshots, rates, settings
        self._labels: dict[str, Labels] = {
            "collector": partial(self._in_force, "collector"),
            "country": partial(self._in_force, "country"),
            "risk_class": risk_classes,
        }

    def aging(
        self,
        as_of: date,
        known_at: datetime | None = None,
        *,
        by: str = "customer",
        entity: str | None = None,
        currency: str | None = None,
        customer: str | None = None,
        basis: str = "due_on",
    ) -> dict[str, Any]:
        """Open amounts by bucket, a total per currency and a row per group, ready for JSON.

        Refuses `unknown_dimension`, `unknown_basis`, `unknown_currency`, `unknown_entity`, `not_registered`, `bad_day`
        and `not_yet`.
        """
        if by not in DIMENSIONS:
            raise Refused("unknown_dimension", f"aging is by one of {', '.join(DIMENSIONS)}")
        if basis not in aging.BASES:
            raise Refused("unknown_basis", f"age is counted from one of {', '.join(aging.BASES)}")
        groups = {"currency": [], "entity": [aging.by_entity]}.get(by, [aging.by_customer])
        as_known, [totals, *more] = self._answers(
            [aging.totals, *groups], as_of, known_at, entity=entity, currency=currency, customer=customer, basis=basis
        )
        rows = more[0] if more else totals
        if by in self._labels:
            rows = aging.grouped(rows, self._labels[by](as_of, known_at), NOBODY)
        names = aging.bucket_names(self._settings.buckets)
        return {
            **_head(as_of, as_known),
            "basis": basis,
            "by": by,
            "buckets": names,
            "totals": [_total(line, names) for line in totals],
            "rows": [_row(line, by) for line in rows],
            **self._reporting(totals, as_of),
        }

    def items(
        self,
        as_of: date,
        known_at: datetime | None = None,
        *,
        customer: str,
        entity: str | None = None,
        currency: str | None = None,
        basis: str = "due_on",
    ) -> dict[str, Any]:
        """The open items of one customer: days past due, and the ladder's, on which a dispute does not count."""
        as_known, [items] = self._answers(
            [drill_down.items], as_of, known_at, entity=entity, currency=currency, customer=customer, basis=basis
        )
        return {**_head(as_of, as_known), "customer": customer, "items": [_item(each) for each in items]}

    def restatement(self, as_of: date, known_1: datetime, known_2: datetime | None = None) -> dict[str, Any]:
        """The facts learnt between two instants that changed what was owed on a day; they add up to the difference.

        Refuses `bad_period`, `not_yet` and `bad_day`.
        """
        require_day(as_of)
        if known_2 and known_1 > known_2:
            earlier, later = instant_text(known_2), instant_text(known_1)
            raise Refused("bad_period", f"name the earlier instant first: {earlier} was before {later}")
        first = self._snapshots.position(known_1, VIEW)
        with self._snapshots.at(known_2, VIEW) as (second, ask):
            question = restatement(Part(as_of=as_of, known_at=second.position), first.position)
            [rows] = ask(Query(question.sql, question.values))
        changes = question.read(rows)
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
            "facts": [_change(change) for change in changes],
        }

    def _answers(
        self,
        ways: Sequence[Callable[[Aging], Question[Any]]],
        as_of: date,
        known_at: datetime | None,
        *,
        customer: str | None,
        entity: str | None,
        currency: str | None,
        **more: Any,
    ) -> tuple[AsOfPosition, list[Any]]:
        require_day(as_of)
        if currency is not None:
            exponent(currency)
        narrowed: dict[str, Any] = {"customer": customer, "entity": entity, "currency": currency, **more}
        with self._snapshots.at(known_at, VIEW) as (as_known, ask):
            position = as_known.position if known_at else None
            asked = Aging(as_of=as_of, known_at=position, bounds=self._settings.buckets, **narrowed)
            questions = [way(asked) for way in ways]
            answers = ask(*(Query(each.sql, each.values) for each in questions))
            if not answers[0]:
                require_named(ask, customer=customer, entity=entity)
        return as_known, [question.read(rows) for question, rows in zip(questions, answers, strict=True)]

    def _in_force(self, topic: str, as_of: date, known_at: datetime | None) -> dict[str, str]:
        with self._snapshots.at(known_at, credit_risk.NAME) as (as_known, ask):
            [told] = ask(credit_risk.in_force([topic], as_of, as_known.position))
        said = (credit_risk.CreditFact._make(row) for row in told)
        return {each.customer: str(each.value) for each in said if each.value}

    def _reporting(self, totals: Sequence[Line], as_of: date) -> dict[str, Any]:
        sums = {line.currency: {"open": line.open_minor} for line in totals}
        total = reporting_total(self._settings.reporting_currency, sums, self._rates, as_of)
        return {"reporting": total} if total else {}


def _total(line: Total, names: Sequence[str]) -> dict[str, Any]:
    figures = zip(names, line.open_by_bucket, line.items_by_bucket, strict=True)
    buckets = [{"name": name, "open": major(minor, line.currency), "items": items} for name, minor, items in figures]
    amount = major(line.open_minor, line.currency)
    return {"currency": line.currency, "open": amount, "items": line.items, **_beside(line), "buckets": buckets}


def _head(as_of: date, as_known: AsOfPosition) -> dict[str, Any]:
    return {"as_of": as_of.isoformat(), "known_at": as_known.at_text, "position": as_known.position}


def _row(line: Line, by: str) -> dict[str, Any]:
    return {
        **({by: line.group} if by != "currency" else {}),
        "currency": line.currency,
        "open": major(line.open_minor, line.currency),
        "items": line.items,
        **_beside(line),
        "buckets": [major(minor, line.currency) for minor in line.open_by_bucket],
    }


def _beside(line: Line) -> dict[str, str]:
    """What is disputed and sold is part of what is open; what is unapplied is not."""
    return {
        "unapplied": major(line.unapplied_minor, line.currency),
        "disputed": major(line.disputed_minor, line.currency),
        "factored": major(line.assigned_minor, line.currency),
    }


def _item(item: OpenItem) -> dict[str, Any]:
    return {
        "number": item.number,
        "item": item.item,
        "kind": item.kind,
        "entity": item.entity,
        "currency": item.currency,
        "issued_on": item.issued_on.isoformat(),
        "due_on": item.due_on.isoformat(),
        "original": major(item.original_minor, item.currency),
        "open": major(item.open_minor, item.currency),
        "disputed": major(item.disputed_minor, item.currency),
        "is_factored": item.is_assigned,
        "days_past_due": max(0, item.days_past_due),
        "ladder_age": max(0, item.ladder_age),
    }


def _change(change: Change) -> dict[str, Any]:
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
