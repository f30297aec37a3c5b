"""A business small enough for tests of the store: accounts that are opened, paid into and drawn from."""

from dataclasses import dataclass, replace
from datetime import date

from domain.entry import Cause
from domain.kinds import Kind
from domain.refusal import Refused

DAY = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Opened:
    owner: str
    opened_on: date
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Account:
    owner: str
    balance_minor: int = 0


def open_account(account: Account | None, owner: str = "ann") -> list[Opened]:
    return [] if account else [Opened(owner, DAY)]


def move(account: Account | None, amount_minor: int) -> list[Moved]:
    if account is None:
        raise Refused("no_account", "there is no such account")
    if account.balance_minor + amount_minor < 0:
        raise Refused("overdrawn", "an account is never below zero")
    return [Moved(amount_minor)]


def evolve(account: Account | None, fact: Opened | Moved, on: date = DAY) -> Account:
    match fact:
        case Opened(owner=owner):
            return Account(owner)
        case Moved(amount):
            assert account
            return replace(account, balance_minor=account.balance_minor + amount)


def because(command_id: str) -> Cause:
    return Cause("tester", command_id, "to see")


FACTS: dict[str, type] = {"account.opened": Opened, "account.moved": Moved}
KINDS = {"account": Kind("account", ("name",), FACTS, evolve)}
