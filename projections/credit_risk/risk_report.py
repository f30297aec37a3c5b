"""The risk report: the questions it asks, and its rows as they are shown."""

from typing import Any

from domain.money import major
from projections.credit_risk import exposure
from projections.credit_risk import view as credit_risk
from projections.credit_risk.exposure import Asked, Item
from projections.credit_risk.risk import Because, Risk
from projections.credit_risk.view import CreditFact
from projections.projection import Query
from projections.ratios import four

TOPICS = ("limit", "review", "country", "collector", "hold")


def questions(asked: Asked) -> tuple[Query, ...]:
    """Their answers, in this order, make a `risk.Found`."""
    window = asked.from_on, asked.as_of, asked.position, asked.customer
    return (
        exposure.owed(asked),
        exposure.paid(asked),
        exposure.sold(asked),
        credit_risk.in_force(TOPICS, asked.as_of, asked.position, asked.customer),
        credit_risk.facts_of("promise", *window),
        credit_risk.facts_of("dispute", *window),
    )


def readable(risk: Risk) -> dict[str, Any]:
    """Amounts are strings in major units, ratios strings with four decimals; None is what has no meaning."""
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
        "because": {figure: _because(because, currency) for figure, because in risk.because.items()},
    }


def _because(because: Because, currency: str) -> dict[str, Any]:
    facts = [_item(fact, currency) if isinstance(fact, Item) else _credit_fact(fact) for fact in because.facts]
    return {"message": because.message, "facts": facts, "of": because.of}


def _item(item: Item, currency: str) -> dict[str, Any]:
    _, entity, number = item.stream.split(":", 2)
    return {
        "invoice": number,
        "entity": entity,
        "item": item.item,
        "amount": major(item.minor, currency),
        "days_late": item.days,
        "position": item.position,
    }


def _credit_fact(fact: CreditFact) -> dict[str, Any]:
    shown = {
        "name": fact.name,
        "event": fact.event,
        "position": fact.position,
        "effective_on": fact.effective_on.isoformat(),
    }
    if fact.stream.startswith("invoice:"):
        shown["invoice"] = fact.stream.split(":", 2)[2]
    if fact.amount_minor is not None and fact.currency:
        shown["amount"] = major(fact.amount_minor, fact.currency)
    if fact.until_on:
        shown["until_on"] = fact.until_on.isoformat()
    return shown | {name: text for name, text in (("value", fact.value), ("reason", fact.reason)) if text}


def _amount(minor: int | None, currency: str) -> str | None:
    return None if minor is None else major(minor, currency)
