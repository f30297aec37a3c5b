"""Risk of books nobody planned, against the same figures added up the plain way."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from domain import customer
from domain import invoice as invoices
from domain.money import minor_units
from tests.projections import plain_book, random_book
from tests.projections.plain_book import same


@pytest.mark.parametrize("seed", range(6))
def test_risk_as_of_any_day_as_known_at_any_position_is_what_the_plain_book_gives(app, seed):
    random_book.play(app.ledger, seed)
    app.projector.catch_up()
    assert not any(view.parked for view in app.projector.lag())
    entries = app.ledger.entries(0)
    dice = Random(seed)
    for _ in range(12):
        position = dice.choice((len(entries), dice.randrange(len(entries))))
        as_of = random_book.BEGIN + timedelta(dice.randrange(700))
        first = as_of - timedelta(dice.randrange(400))
        found = _ask(app, as_of, first, position)
        expected = _expected(entries, position, as_of, first)
        assert {(each["customer"], each["currency"]) for each in found} == set(expected)
        for each in found:
            _compare(each, expected[each["customer"], each["currency"]])


def _ask(app, as_of, first, position):
    """As if the views knew no more than up to that position."""
    app.risk._snapshots._position_at = lambda at: position
    return app.risk.risk(as_of, known_at=datetime(2026, 1, 1, tzinfo=UTC), from_on=first)["rows"]


def _expected(entries, position, as_of, first):
    book = plain_book.items(entries, position)
    known: dict[tuple[str, str], dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for item in book:
        known_of = known[item.customer, item.currency] if item.open_on(as_of) else defaultdict(int)
        known_of["exposure"] += item.open_on(as_of)
        known_of["overdue"] += item.open_on(as_of) if item.due_on < as_of else 0
        known_of["disputed"] += item.disputed_on(as_of) if item.open_on(as_of) else 0
        ended = item.settled(as_of)
        if (
            item.kind == "principal"
            and first <= item.issued_on <= as_of
            and (not ended or ended[1] != "invoice.voided")
        ):
            known[item.customer, item.currency]["factored"] += item.original
    for item, minor, days in _weighed(book, as_of, first):
        known_of = known[item.customer, item.currency]
        known_of["amount"] += minor
        known_of["late"] += minor if days > 0 else 0
        known_of["amount_days"] += minor * max(0, days)
    _add_standing(known, entries, position, as_of, first)
    return known


def _weighed(book, as_of, first):
    for item, settled_on in plain_book.settled_between(book, first, as_of):
        yield item, item.original, (settled_on - item.due_on).days
    for item in book:
        if item.kind == "principal" and item.due_on < as_of and item.open_on(as_of) > 0:
            yield item, item.open_on(as_of), (as_of - item.due_on).days


def _add_standing(known, entries, position, as_of, first):
    owners = {
        e.stream: (e.fact.customer, e.fact.currency) for e in entries if isinstance(e.fact, invoices.facts.Issued)
    }
    counted = [each for each in entries if each.position <= position and each.effective_on <= as_of]
    names = {"PromiseMade": "made", "PromiseKept": "kept", "PromisePartlyKept": "partly", "PromiseBroken": "broken"}
    for entry in counted:
        name = names.get(type(entry.fact).__name__, "disputes" if type(entry.fact).__name__ == "Disputed" else None)
        resolved = type(entry.fact).__name__ == "DisputeResolved"
        if (name or resolved) and entry.effective_on >= first:
            known[owners[entry.stream]][name or "resolved"] += 1
    for entry in sorted(counted, key=lambda each: (each.effective_on, each.position)):
        if isinstance(entry.fact, customer.facts.CreditLimitSet):
            limit = entry.fact
            is_over = limit.until is not None and limit.until < as_of
            known[entry.stream.split(":")[1], limit.currency]["limit"] = -1 if is_over else limit.amount_minor + 1
    reviews = sorted(
        (e for e in counted if isinstance(e.fact, customer.facts.RiskReviewed)),
        key=lambda e: (e.effective_on, e.position),
    )
    for entry in reviews:
        for key in known:
            if key[0] == entry.stream.split(":")[1]:
                is_over = entry.fact.next_review_on is not None and entry.fact.next_review_on < as_of
                known[key]["class"] = "" if is_over else entry.fact.risk_class


def _compare(row, expected):
    currency = row["currency"]

    def minor(name):
        return minor_units(row[name], currency)

    assert (minor("exposure"), minor("overdue"), minor("disputed")) == (
        expected["exposure"],
        expected["overdue"],
        expected["disputed"],
    )
    assert same(row["weighted_average_days_late"], expected["amount_days"], expected["amount"])
    assert same(row["late_share"], expected["late"], expected["amount"])
    assert (row["broken_promises"], row["disputes"]) == (expected["broken"], expected["disputes"])
    assert same(row["promise_kept_rate"], expected["kept"], expected["kept"] + expected["partly"] + expected["broken"])
    has_limit = expected["limit"] > 0
    assert (minor("limit") if row["limit"] else None) == (expected["limit"] - 1 if has_limit else None)
    assert not has_limit or minor("headroom") == expected["limit"] - 1 - expected["exposure"]
    score = _score(Fraction(expected["amount_days"], expected["amount"])) if expected["amount"] else None
    assert same(row["score"], score.numerator, score.denominator) if score is not None else row["score"] is None
    by_score = None if score is None else next(name for name, at_least in _CLASSES if score >= at_least)
    assert row["risk_class"] == (expected["class"] or by_score)


_CLASSES = (("A", 70), ("B", 60), ("C", 50), ("D", 30), ("E", 0))


def _score(days):
    """100-to-0: ten points for 15, 7, 8, 30, 30 and 30 days, then ten for every 30."""
    score = Fraction(80)
    for length in (15, 7, 8, 30, 30, 30, 30, 30):
        score -= Fraction(min(days, length), length) * 10
        days -= min(days, length)
    return score


def test_the_standing_of_all_customers_made_anew_is_the_live_one_row_for_row(app):
    random_book.play(app.ledger, seed=3)
    app.projector.catch_up()
    assert app.projector.compare("credit_risk") == []
