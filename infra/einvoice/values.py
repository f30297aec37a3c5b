"""Single values as both syntaxes have them: parts of parties, sums, and terms of payment."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from domain.einvoice import ZERO, minor
from domain.money import basis_points
from domain.refusal import Refused
from domain.terms import MOST_DAYS, WHOLE, EarlyDiscount, Instalment
from infra.einvoice.markup import Markup, missing

# ISO/IEC 6523 has no code for an e-mail address: EAS has this one.
_MAIL = "EM"
_COUNTRY = re.compile("[A-Z]{2}", re.ASCII)
_DAY_UNITS = ("", "DAY", "D")


def vat(numbers: Iterable[str | None]) -> str | None:
    """As registers have it: in capitals and without spaces."""
    return next(("".join(each.split()).upper() for each in numbers if each), None)


def ibans(accounts: Iterable[str]) -> tuple[str, ...]:
    """As machines write them."""
    return tuple("".join(each.split()).upper() for each in accounts)


def country(code: str | None) -> str | None:
    """Refuses `not_a_country`."""
    if code and not _COUNTRY.fullmatch(code):
        raise Refused("not_a_country", f"BT-55 is {code[:10]!r}, which is no ISO 3166 code of two letters", "BT-55")
    return code


def mailbox(endpoint: Markup | None) -> str | None:
    """An electronic address (BT-49) that is one of e-mail."""
    return endpoint.text(".", "BT-49") if endpoint and endpoint.attribute("schemeID") == _MAIL else None


def lines_of(*parts: str | tuple[str | None, str | None] | None) -> tuple[str, ...]:
    """What is there of an address; a pair is one line."""
    lines = [" ".join(filter(None, each)) if isinstance(each, tuple) else each for each in parts]
    return tuple(filter(None, lines))


def required(amount: Decimal | None, term: str, called: str) -> Decimal:
    if amount is None:
        raise missing(term, called)
    return amount


def zero(amount: Decimal | None) -> Decimal:
    return ZERO if amount is None else amount


def sum_of(amounts: Sequence[Markup], term: str) -> Decimal | None:
    """None of none."""
    found = [each.amount(".", term) for each in amounts]
    return sum(map(zero, found), ZERO) if found else None


def of_currency(found: Sequence[Markup], path: str, currency: str) -> Markup | None:
    """Of amounts in several currencies that of the invoice, else the first that names none."""
    named = [(each, amount.attribute("currencyID")) for each in found if (amount := each.one(path))]
    return next((each for wanted in (currency, "") for each, code in named if code == wanted), None)


def discount(
    percent: str, issued_on: date, until_on: date | None, days: Markup | None, from_on: date | None = None
) -> EarlyDiscount:
    """Up to a day, or so many days from one on; the ledger counts from issue. Refuses `bad_discount`."""
    try:
        points = basis_points(percent)
        if until_on is not None:
            counted = (until_on - issued_on).days
        elif days is not None and days.attribute("unitCode").upper() in _DAY_UNITS:
            counted = int(days.value()) + ((from_on or issued_on) - issued_on).days
        else:
            counted = -1
    except (Refused, ArithmeticError, ValueError):
        points = counted = -1
    if not (0 <= counted <= MOST_DAYS and 0 < points < WHOLE):
        message = f"the early-payment discount of {percent[:10]} % has no number of days, or no per cent, that is one"
        raise Refused("bad_discount", message, "BT-20")
    return EarlyDiscount(counted, points)


def instalment(amount: Decimal, due_on: date | None, currency: str) -> Instalment:
    """Refuses `bad_schedule`."""
    if due_on is None:
        raise Refused("bad_schedule", f"the part of {amount} {currency} has no due day (BT-9)", "BT-9")
    return Instalment(due_on, minor(amount, currency, "BT-20"))
