"""A statement of account as plain data."""

from typing import TypedDict

from domain.money import major
from projections.open_items.statement import OnAccount
from services.answers.aging import Item, item_answer
from services.answers.as_known import AsKnown, From, as_known
from services.snapshots import AsOfPosition
from services.statements.content import Account, Line, Statement


class Movement(TypedDict):
    """`balance` is what is open of the account after it."""

    day: str
    number: str
    what: str
    document: str
    amount: str
    balance: str


class Unapplied(TypedDict):
    document: str
    is_credit_note: bool
    day: str
    amount: str


class AccountAnswer(TypedDict):
    """`closing` is opening and all movements, and what is open of the items; `unapplied` is no part of it."""

    entity: str
    currency: str
    opening: str
    movements: list[Movement]
    closing: str
    overdue: str
    items: list[Item]
    on_account: list[Unapplied]
    unapplied: str


class StatementReport(AsKnown, From):
    customer: str
    name: str
    address: list[str]
    language: str
    accounts: list[AccountAnswer]


def statement_report(snapshot: AsOfPosition, statement: Statement) -> StatementReport:
    return {
        **as_known(statement.as_of, snapshot),
        "from": statement.first.isoformat(),
        "customer": statement.customer,
        "name": statement.name,
        "address": [*statement.address],
        "language": statement.language,
        "accounts": [_account(each) for each in statement.accounts],
    }


def _account(account: Account) -> AccountAnswer:
    def amount(minor: int) -> str:
        return major(minor, account.currency)

    return {
        "entity": account.entity,
        "currency": account.currency,
        "opening": amount(account.opening_minor),
        "movements": [_movement(each, account.currency) for each in account.lines],
        "closing": amount(account.closing_minor),
        "overdue": amount(account.overdue_minor),
        "items": [item_answer(each) for each in account.items],
        "on_account": [_unapplied(each) for each in account.on_account],
        "unapplied": amount(account.unapplied_minor),
    }


def _movement(line: Line, currency: str) -> Movement:
    return {
        "day": line.on.isoformat(),
        "number": line.number,
        "what": line.what,
        "document": line.document,
        "amount": major(line.minor, currency),
        "balance": major(line.balance_minor, currency),
    }


def _unapplied(left: OnAccount) -> Unapplied:
    return {
        "document": left.document,
        "is_credit_note": left.is_credit_note,
        "day": left.on.isoformat(),
        "amount": major(left.minor, left.currency),
    }
