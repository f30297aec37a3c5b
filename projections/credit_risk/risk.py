"""Risk: each customer's figures, from what they owe and owed (`open_items`) and their `credit_risk`.

A row per customer and currency. Every figure comes with its `because`: the rule in words, the facts that weigh most in
it, and how many facts there were.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from projections.credit_risk import exposure
from projections.credit_risk import score as scoring
from projections.credit_risk.exposure import SHOWN, Asked, Item, Owed, Paid, Sales
from projections.credit_risk.view import CreditFact, facts_of, in_force
from projections.projection import Query, Row
from projections.ratios import four, ratio

NO_HISTORY = "no history: nothing was settled in the window and nothing is overdue"
SCALE = ", ".join(f"{days}: {points}" for days, points in scoring.SCALE)
CLASSES = ", ".join(f"{name} from {at_least}" for name, at_least in scoring.CLASSES)
TOPICS = ("limit", "review", "country", "collector", "hold")
DECIDED = ("invoice.promise_kept", "invoice.promise_partly_kept", "invoice.promise_broken")


class Because(NamedTuple):
    message: str
    facts: Sequence[Item | CreditFact] = ()
    of: int = 0


@dataclass(frozen=True, slots=True)
class Risk:
    """Amounts are minor units; what has no meaning for this customer is None, and its `because` says why."""

    customer: str
    currency: str
    exposure: int
    overdue: int
    limit: int | None
    headroom: int | None
    utilisation: Fraction | None
    weighted_average_days_late: Fraction | None
    late_share: Fraction | None
    trend: Fraction | None
    broken_promises: int
    promise_kept_rate: Fraction | None
    disputes: int
    disputed: int
    score: Fraction | None
    risk_class: str | None
    proposed_limit: int | None
    because: Mapping[str, Because]
    country: str | None = None
    collector: str | None = None
    holds: Sequence[str] = ()


class Found(NamedTuple):
    """The rows of the questions a risk report asks."""

    owed: Iterable[Row]
    paid: Iterable[Row]
    sales: Iterable[Row]
    in_force: Iterable[Row]
    promises: Iterable[Row]
    disputes: Iterable[Row]


def questions(asked: Asked) -> tuple[Query, ...]:
    """Their answers, in this order, are what was `Found`."""
    window = asked.from_on, asked.as_of, asked.position, asked.customer
    return (
        exposure.owed(asked),
        exposure.paid(asked),
        exposure.sales(asked),
        in_force(TOPICS, asked.as_of, asked.position, asked.customer),
        facts_of("promise", *window),
        facts_of("dispute", *window),
    )


@dataclass(slots=True)
class _Customer:
    """All that is known of one customer in one currency."""

    owed: Owed | None = None
    paid: list[Paid] = field(default_factory=list)
    sales: Sales | None = None
    limit: CreditFact | None = None
    promises: list[CreditFact] = field(default_factory=list)
    disputes: list[CreditFact] = field(default_factory=list)


def risks(asked: Asked, found: Found) -> Iterator[Risk]:
    """By customer and currency; a customer with a limit has a row, though they never bought."""
    known: dict[tuple[str, str], _Customer] = defaultdict(_Customer)
    about: dict[str, list[CreditFact]] = defaultdict(list)
    for owed in map(Owed._make, found.owed):
        known[owed.customer, owed.currency].owed = owed
    for paid in map(Paid._make, found.paid):
        known[paid.customer, paid.currency].paid.append(paid)
    for sales in map(Sales._make, found.sales):
        known[sales.customer, sales.currency].sales = sales
    for promise in map(CreditFact._make, found.promises):
        known[promise.customer, promise.currency or ""].promises.append(promise)
    for dispute in map(CreditFact._make, found.disputes):
        known[dispute.customer, dispute.currency or ""].disputes.append(dispute)
    for fact in map(CreditFact._make, found.in_force):
        if fact.topic == "limit" and fact.currency:
            known[fact.customer, fact.currency].limit = fact
        else:
            about[fact.customer].append(fact)
    for key in sorted(known):
        yield _risk(asked, *key, known[key], about[key[0]])


def _risk(asked: Asked, customer: str, currency: str, known: _Customer, about: Sequence[CreditFact]) -> Risk:
    because: dict[str, Because] = {}
    owed, overdue = _owed(known.owed, because)
    limit = _limit(asked, known.limit, because)
    late, late_share, trend = _lateness(asked, known.paid, because)
    broken, kept_rate = _promises(known.promises, because)
    disputes, disputed = _disputes(known, because)
    score = None if late is None else scoring.score(late)
    because["score"] = Because(NO_HISTORY if score is None else f"{four(late)} days late on the scale {SCALE}")
    risk_class = _risk_class(asked, score, about, because)
    headroom = None if limit is None else limit - owed
    because["headroom"] = Because("there is no limit" if limit is None else "the limit less the exposure")
    because["utilisation"] = Because("the exposure as a share of the limit" if limit else "there is no limit to use")
    return Risk(
        customer,
        currency,
        owed,
        overdue,
        limit,
        headroom,
        ratio(owed, limit) if limit else None,
        late,
        late_share,
        trend,
        broken,
        kept_rate,
        disputes,
        disputed,
        score,
        risk_class,
        _proposed_limit(asked, risk_class, known.sales, because),
        because,
        *_who(about),
    )


def _owed(owed: Owed | None, because: dict[str, Because]) -> tuple[int, int]:
    if not owed:
        because["exposure"] = because["overdue"] = Because("nothing is open")
        return 0, 0
    because["exposure"] = Because("all that is open", _items(owed.largest), owed.items)
    because["overdue"] = Because("due before that day", _items(owed.largest_overdue), owed.overdue_items)
    return int(owed.minor), int(owed.overdue_minor)


def _limit(asked: Asked, fact: CreditFact | None, because: dict[str, Because]) -> int | None:
    if not fact:
        because["limit"] = Because("no limit was set in this currency")
        return None
    if fact.until_on and fact.until_on < asked.as_of:
        because["limit"] = Because(f"the limit ended on {fact.until_on}", [fact], 1)
        return None
    because["limit"] = Because("as it was last set", [fact], 1)
    return fact.amount_minor


def _lateness(
    asked: Asked, paid: Sequence[Paid], because: dict[str, Because]
) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    late = _days_late(paid)
    if late is None:
        for figure in ("weighted_average_days_late", "late_share", "trend"):
            because[figure] = Because(NO_HISTORY)
        return None, None, None
    latest = sorted((Item(*each) for half in paid for each in half.latest), key=lambda i: (-i.minor * i.days, -i.minor))
    items, late_items = sum(each.items for each in paid), sum(each.late_items for each in paid)
    settled = sum(each.items for each in paid if not each.is_open)
    message = (
        f"{settled} items settled since {asked.from_on} and {items - settled} open and overdue, weighted by amount"
    )
    because["weighted_average_days_late"] = Because(message, latest[:SHOWN], items)
    worst = [item for item in latest if item.days > 0][:SHOWN]
    because["late_share"] = Because("amounts late as a share of all of these", worst, late_items)
    trend = _trend(asked, paid, because)
    return late, ratio(sum(int(each.late_minor) for each in paid), sum(int(each.minor) for each in paid)), trend


def _trend(asked: Asked, paid: Sequence[Paid], because: dict[str, Because]) -> Fraction | None:
    recent = _days_late([each for each in paid if each.is_recent])
    earlier = _days_late([each for each in paid if not each.is_recent])
    if recent is None or earlier is None:
        because["trend"] = Because("one half of the window has no history to compare")
        return None
    message = f"{four(recent)} days late after {asked.middle_on}, {four(earlier)} until then; more than zero is worse"
    because["trend"] = Because(message)
    return recent - earlier


def _days_late(paid: Iterable[Paid]) -> Fraction | None:
    weighed = list(paid)
    return ratio(sum(int(each.minor_days) for each in weighed), sum(int(each.minor) for each in weighed))


def _promises(promises: Sequence[CreditFact], because: dict[str, Because]) -> tuple[int, Fraction | None]:
    decided = [each for each in promises if each.name in DECIDED]
    broken = [each for each in decided if each.name == "invoice.promise_broken"]
    kept = [each for each in decided if each.name == "invoice.promise_kept"]
    because["broken_promises"] = Because("promises broken in the window", broken[:SHOWN], len(broken))
    message = f"{len(kept)} kept in full of {len(decided)} that fell due" if decided else "no promise fell due"
    because["promise_kept_rate"] = Because(message, decided[:SHOWN], len(decided))
    return len(broken), ratio(len(kept), len(decided))


def _disputes(known: _Customer, because: dict[str, Because]) -> tuple[int, int]:
    raised = [each for each in known.disputes if each.name == "invoice.disputed"]
    items = known.owed.disputed_items if known.owed else 0
    because["disputes"] = Because(
        f"raised in the window; {items} open items are disputed now", raised[:SHOWN], len(raised)
    )
    return len(raised), int(known.owed.disputed_minor) if known.owed else 0


def _risk_class(
    asked: Asked, score: Fraction | None, about: Sequence[CreditFact], because: dict[str, Because]
) -> str | None:
    by_score = None if score is None else scoring.risk_class(score)
    by_rule = NO_HISTORY if score is None else f"a score of {four(score)} is class {by_score}: {CLASSES}"
    review = next((each for each in about if each.topic == "review"), None)
    if review and (review.until_on is None or asked.as_of <= review.until_on):
        until = f", valid until {review.until_on}" if review.until_on else ""
        message = f"reviewed by hand{until}: {review.reason}; without the review: {by_rule}"
        because["risk_class"] = Because(message, [review], 1)
        return review.value
    lapsed = f"; the review of {review.effective_on} was valid until {review.until_on}" if review else ""
    because["risk_class"] = Because(by_rule + lapsed, [review] if review else [], int(bool(review)))
    return by_score


def _proposed_limit(
    asked: Asked, risk_class: str | None, sales: Sales | None, because: dict[str, Because]
) -> int | None:
    minor, first_on = (int(sales.minor), sales.first_on) if sales else (0, asked.from_on)
    days = (asked.as_of - first_on).days + 1
    proposed = None if risk_class is None else scoring.proposed_limit(risk_class, minor, days)
    if proposed is None:
        because["proposed_limit"] = Because("no rule for a customer without a class of the table")
        return None
    percent = scoring.LIMIT_PERCENT[str(risk_class)]
    message = f"class {risk_class}: {percent} % of {scoring.QUARTER_DAYS} days' sales, by those since {first_on}"
    because["proposed_limit"] = Because(message, (), sales.items if sales else 0)
    return proposed


def _who(about: Sequence[CreditFact]) -> tuple[str | None, str | None, tuple[str, ...]]:
    last = {each.topic: each.value for each in about}
    holds = tuple(each.subject for each in about if each.name == "customer.placed_on_hold")
    return last.get("country"), last.get("collector"), holds


def _items(rows: Sequence[Sequence[object]] | None) -> list[Item]:
    return [Item(*row) for row in rows or ()]  # type: ignore[arg-type]
