"""The collector, notes of contacts, and blocks of dunning."""

from datetime import date

from domain.customer.account import Channel, Customer, require_channel, require_customer
from domain.customer.facts import (
    CollectorAssigned,
    ContactNoted,
    DunningBlocked,
    DunningUnblocked,
    Fact,
    PolicyAssigned,
)
from domain.refusal import Refused


def assign_collector(customer: Customer | None, *, collector: str) -> list[Fact]:
    customer = require_customer(customer)
    return [] if customer.collector == collector else [CollectorAssigned(collector)]


def assign_policy(customer: Customer | None, *, policy: str | None) -> list[Fact]:
    customer = require_customer(customer)
    return [] if customer.policy == policy else [PolicyAssigned(policy)]


def note_contact(
    customer: Customer | None, *, channel: Channel, spoke_with: str, purpose: str, outcome: str, next_step: str = ""
) -> list[Fact]:
    require_customer(customer)
    require_channel(channel)
    return [ContactNoted(channel, spoke_with, purpose, outcome, next_step)]


def block(customer: Customer | None, on: date, *, until: date) -> list[Fact]:
    customer = require_customer(customer)
    if until < on:
        raise Refused("day_is_past", "a dunning block ends today or on a day to come")
    asked = DunningBlocked(until)
    return [] if customer.block == asked else [asked]


def unblock(customer: Customer | None) -> list[Fact]:
    customer = require_customer(customer)
    return [DunningUnblocked()] if customer.block else []
