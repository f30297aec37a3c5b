"""Who the customer is and what was agreed: registration, terms, contact, retainer, erasure."""

from collections.abc import Sequence
from datetime import date

from domain.customer.account import Channel, Customer, require_channel, require_customer
from domain.customer.facts import (
    ContactSet,
    DataErased,
    Fact,
    Registered,
    RetainerAgreed,
    RetainerReplenishmentRequested,
    TermsAgreed,
)
from domain.money import exponent
from domain.refusal import Refused
from domain.terms import WHOLE, EarlyDiscount, Share, require_schedule


def register(customer: Customer | None, number: str, *, country: str | None = None) -> list[Fact]:
    """Registering again adds a country where none was known; another one is refused as `number_taken`."""
    known = customer.registered.country if customer else None
    if not customer or (country and not known):
        return [Registered(number, country)]
    if country in (None, known):
        return []
    raise Refused("number_taken", f"customer {number} is registered with country {known}", "country")


def agree_terms(
    customer: Customer | None,
    *,
    schedule: Sequence[Share],
    discounts: Sequence[EarlyDiscount] = (),
    currency: str | None = None,
    jurisdiction: str | None = None,
    language: str = "en",
    channel: Channel = "email",
    is_consumer: bool = False,
    interest_clause: str | None = None,
    cost_clause: str | None = None,
    holds_delivery: bool = False,
    policy: str | None = None,
) -> list[Fact]:
    """Net days are a schedule of one step; refuses `bad_schedule`, `bad_discount`, `unknown_channel`."""
    customer = require_customer(customer)
    schedule, discounts = tuple(schedule), tuple(discounts)
    require_schedule(schedule)
    if any(tier.days < 0 or not 0 < tier.basis_points < WHOLE for tier in discounts):
        raise Refused("bad_discount", "an early-payment discount is between 0 and 100 % within days of issue")
    require_channel(channel)
    if currency:
        exponent(currency)
    terms = TermsAgreed(
        schedule,
        discounts,
        currency,
        jurisdiction,
        language,
        channel,
        is_consumer,
        interest_clause,
        cost_clause,
        holds_delivery,
        policy,
    )
    return [] if customer.terms == terms else [terms]


def set_contact(customer: Customer | None, *, encrypted: str) -> list[Fact]:
    customer = require_customer(customer)
    if customer.is_erased:
        raise Refused("erased", "this customer's personal data was erased")
    return [] if customer.encrypted_contact == encrypted else [ContactSet(encrypted)]


def agree_retainer(
    customer: Customer | None, *, amount_minor: int, currency: str, replenish_below_minor: int
) -> list[Fact]:
    customer = require_customer(customer)
    exponent(currency)
    if not 0 <= replenish_below_minor <= amount_minor or not amount_minor:
        raise Refused("bad_retainer", "a retainer is more than zero and replenished below that amount")
    retainer = RetainerAgreed(amount_minor, currency, replenish_below_minor)
    return [] if customer.retainer == retainer else [retainer]


def request_replenishment(customer: Customer | None, *, left_minor: int) -> list[Fact]:
    """Asks for what is missing once less is left than agreed, each time anew; refuses `no_retainer`."""
    customer = require_customer(customer)
    retainer = customer.retainer
    if not retainer:
        raise Refused("no_retainer", "no retainer was agreed with this customer")
    if left_minor >= retainer.replenish_below_minor:
        return []
    return [RetainerReplenishmentRequested(retainer.amount_minor - left_minor, retainer.currency)]


def erase(customer: Customer | None, on: date, retained_until: date | None) -> list[Fact]:
    """Refuses `must_be_kept` until the retention of the customer's last voucher ends."""
    customer = require_customer(customer)
    if customer.is_erased:
        return []
    if retained_until and on <= retained_until:
        raise Refused("must_be_kept", f"the law keeps this customer's vouchers until {retained_until}")
    return [DataErased()]
