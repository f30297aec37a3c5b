"""A customer as plain data: amounts are strings in major units, days are ISO; what does not exist is None or empty."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date

from domain.customer import Customer
from domain.customer import facts as customers
from domain.entry import Entry
from domain.money import major
from projections.projection import Row

Contact = Mapping[str, str]


def customer_answer(
    customer: Customer, entries: Iterable[Entry], contact: Contact | None, owed: Iterable[Row]
) -> dict[str, object]:
    """`entries` are the customer's own, for the reasons; `owed` are the rows of `debtors.owed`."""
    reasons = {type(entry.fact): entry.cause.reason for entry in entries}

    def shown(fact: object) -> dict[str, object] | None:
        return _fields(fact) | ({"reason": reasons[type(fact)]} if type(fact) in _REASONED else {}) if fact else None

    limit = shown(customer.limit)
    if limit and customer.limit:
        del limit["amount_minor"]
        limit = {"amount": major(customer.limit.amount_minor, customer.limit.currency), **limit}
    return {
        "customer": customer.registered.customer,
        "country": customer.registered.country,
        "contact": contact,
        "is_erased": customer.is_erased,
        "terms": shown(customer.terms),
        "limit": limit,
        "credit_check": shown(customer.check),
        "review": shown(customer.review),
        "holds": sorted(customer.holds),
        "prepayment": shown(customer.prepayment),
        "dunning_block": shown(customer.block),
        "collector": customer.collector,
        "owed": [_owed(*row) for row in owed],
    }


_REASONED = (customers.CreditLimitSet, customers.RiskReviewed, customers.PrepaymentRequired, customers.DunningBlocked)


def _owed(entity: str, currency: str, items: int, open_minor: int, disputed: int, unapplied: int) -> dict[str, object]:
    amounts = {"open": open_minor, "disputed": disputed, "unapplied": unapplied}
    shown = {name: major(minor, currency) for name, minor in amounts.items()}
    return {"entity": entity, "currency": currency, "items": items, **shown}


def _fields(fact: object) -> dict[str, object]:
    fields: dict[str, object] = asdict(fact)  # type: ignore[call-overload]
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}
