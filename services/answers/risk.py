"""Credit risk as plain data: a row per customer and currency, each figure with the facts behind it."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from domain.kinds import number_of
from domain.money import major
from projections.credit_risk.exposure import Item
from projections.credit_risk.risk import Because, Risk
from projections.credit_risk.view import CreditFact
from projections.ratios import four
from services.answers.as_known import AsKnown, From, as_known
from services.answers.named import Named
from services.answers.reporting_total import InReportingCurrency
from services.snapshots import AsOfPosition


class Reasons(TypedDict):
    """The rule in words, the facts that weigh most, and how many there were."""

    message: str
    facts: list[dict[str, str | int]]
    of: int


class RiskRow(Named):
    """None is what has no meaning for this customer; ratios have four decimals."""

    customer: str
    currency: str
    country: str | None
    collector: str | None
    holds: list[str]
    exposure: str
    overdue: str
    disputed: str
    limit: str | None
    headroom: str | None
    utilisation: str | None
    weighted_average_days_late: str | None
    late_share: str | None
    trend: str | None
    broken_promises: int
    promise_kept_rate: str | None
    disputes: int
    score: str | None
    risk_class: str | None
    proposed_limit: str | None
    because: dict[str, Reasons]


class RiskReport(AsKnown, From, InReportingCurrency):
    rows: list[RiskRow]


def risk_report(
    as_of: date, snapshot: AsOfPosition, first: date, risks: Iterable[Risk], reporting: InReportingCurrency
) -> RiskReport:
    rows = [risk_row(each) for each in risks]
    return {**as_known(as_of, snapshot), "from": first.isoformat(), "rows": rows, **reporting}


def risk_row(risk: Risk) -> RiskRow:
    currency = risk.currency
    return {
        "customer": risk.customer,
        "currency": currency,
        "country": risk.country,
        "collector": risk.collector,
        "holds": list(risk.holds),
        "exposure": major(risk.exposure, currency),
        "overdue": major(risk.overdue, currency),
        "disputed": major(risk.disputed, currency),
        "limit": _amount(risk.limit, currency),
        "headroom": _amount(risk.headroom, currency),
        "utilisation": four(risk.utilisation),
        "weighted_average_days_late": four(risk.weighted_average_days_late),
        "late_share": four(risk.late_share),
        "trend": four(risk.trend),
        "broken_promises": risk.broken_promises,
        "promise_kept_rate": four(risk.promise_kept_rate),
        "disputes": risk.disputes,
        "score": four(risk.score),
        "risk_class": risk.risk_class,
        "proposed_limit": _amount(risk.proposed_limit, currency),
        "because": {figure: _reasons(because, currency) for figure, because in risk.because.items()},
    }


def _reasons(because: Because, currency: str) -> Reasons:
    facts = [_item(fact, currency) if isinstance(fact, Item) else _credit_fact(fact) for fact in because.facts]
    return {"message": because.message, "facts": facts, "of": because.of}


def _item(item: Item, currency: str) -> dict[str, str | int]:
    _, entity, number = item.stream.split(":", 2)
    return {
        "invoice": number,
        "entity": entity,
        "item": item.item,
        "amount": major(item.minor, currency),
        "days_late": item.days,
        "position": item.position,
    }


def _credit_fact(fact: CreditFact) -> dict[str, str | int]:
    shown: dict[str, str | int] = {
        "name": fact.name,
        "event": fact.event,
        "position": fact.position,
        "effective_on": fact.effective_on.isoformat(),
    }
    if fact.stream.startswith("invoice:"):
        shown["invoice"] = number_of(fact.stream)
    if fact.amount_minor is not None and fact.currency:
        shown["amount"] = major(fact.amount_minor, fact.currency)
    if fact.until_on:
        shown["until_on"] = fact.until_on.isoformat()
    return shown | {name: text for name, text in (("value", fact.value), ("reason", fact.reason)) if text}


def _amount(minor: int | None, currency: str) -> str | None:
    return None if minor is None else major(minor, currency)
