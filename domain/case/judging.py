"""What was agreed, judged by the first tick after its day: promises, instalment plans."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce

from domain.invoice import Invoice, evolve, review_plan, review_promise
from domain.invoice.facts import Fact
from domain.invoice.state import plan_items
from domain.policy.document import PlanRules


def judged(invoice: Invoice, on_promised_day: Invoice | None, rules: PlanRules, today: date) -> Sequence[Fact]:
    """Facts of today: a promise kept, partly kept or broken, a plan broken or completed.

    A promise is judged by what had come in on its day, whenever the tick comes: `on_promised_day` is the invoice then.
    """
    if invoice.is_voided or not (invoice.promise or invoice.plan):
        return []
    facts: list[Fact] = []
    if invoice.promise and today > invoice.promise.pay_on:
        # What came later counts against what is owed, and not towards the promise.
        facts += review_promise(on_promised_day or invoice, on=today)
    after = reduce(lambda state, fact: evolve(state, fact, today), facts, invoice)
    return [*facts, *_judged_plan(after, rules, today)]


def _judged_plan(invoice: Invoice, rules: PlanRules, today: date) -> Sequence[Fact]:
    if invoice.plan and not invoice.plan_minor:
        return review_plan(invoice, today)
    broken_after = timedelta(days=rules.broken_after_days)
    if any(item.due_on + broken_after <= today for _, item in plan_items(invoice)):
        return review_plan(invoice, today, accelerate=rules.accelerate)
    return []
