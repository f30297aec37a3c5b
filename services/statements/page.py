"""A statement as it is printed for the customer: in their language, on the creditor's paper, a block per currency.

What is between us and ourselves has a neutral word: that something was written off is an adjustment.
"""

from collections.abc import Iterable

from infra.creditors import Creditor
from infra.texts import locales
from infra.texts.library import Edition
from projections.open_items.drill_down import OpenItem
from projections.open_items.statement import OnAccount
from services.messages.content import Debtor
from services.messages.letter import letterhead
from services.messages.page import Page, one_line, spaced
from services.statements.content import Account, Line, Statement

# Items that are charges on an invoice, and say so.
_CHARGES = ("interest", "fee", "compensation")


def statement_page(statement: Statement, creditor: Creditor, edition: Edition) -> Page:
    """Of the accounts of one entity, whose letterhead it is."""
    language, labels = edition.language, edition.labels
    debtor = Debtor(statement.customer, statement.name, statement.address)
    as_of = locales.day(statement.as_of, language)
    return {
        **letterhead(creditor, debtor, edition, statement.as_of),
        "language": language,
        "labels": labels,
        "subject": f"{labels['statement_as_of']} {as_of}",
        "period": f"{locales.day(statement.first, language)} – {as_of}",
        "groups": [_group(each, edition) for each in statement.accounts],
        "compare": labels["compare"],
        "payment": _payment(statement, creditor, edition),
        "code": "",
        "creditor": {"name": creditor.name},
    }


def _group(account: Account, edition: Edition) -> Page:
    def number(minor: int) -> str:
        return locales.number(minor, account.currency, edition.language)

    return {
        "currency": account.currency,
        "opening": number(account.opening_minor),
        "lines": [_line(each, account.currency, edition) for each in account.lines],
        "closing": number(account.closing_minor),
        "items": [_item(each, edition) for each in account.items],
        "overdue": number(account.overdue_minor) if account.overdue_minor else "",
        "on_account": [_left(each, edition) for each in account.on_account],
        "unapplied": number(account.unapplied_minor),
    }


def _line(line: Line, currency: str, edition: Edition) -> Page:
    return {
        "on": locales.short_day(line.on, edition.language),
        "entry": edition.labels[f"entry_{line.what}"],
        "number": one_line(line.number),
        "amount": locales.number(line.minor, currency, edition.language),
        "balance": locales.number(line.balance_minor, currency, edition.language),
    }


def _item(item: OpenItem, edition: Edition) -> Page:
    return {
        "number": one_line(item.number),
        "note": ", ".join(_notes(item, edition)),
        "issued": locales.short_day(item.document_on, edition.language),
        "due": locales.short_day(item.due_on, edition.language),
        "days": max(0, item.days_past_due),
        "open": locales.number(item.open_minor, item.currency, edition.language),
    }


def _notes(item: OpenItem, edition: Edition) -> Iterable[str]:
    if item.kind in _CHARGES:
        yield edition.labels[f"entry_{item.kind}"]
    if item.disputed_minor:
        is_all = item.disputed_minor == item.open_minor
        amount = locales.amount(item.disputed_minor, item.currency, edition.language)
        yield edition.labels["also_disputed"] if is_all else f"{amount} {edition.labels['also_disputed']}"
    if item.is_assigned:
        yield edition.labels["factored"]


def _left(left: OnAccount, edition: Edition) -> Page:
    word = "entry_credit_note" if left.is_credit_note else "entry_payment"
    number = f" {one_line(left.document)}" if left.is_credit_note else ""
    return {
        "on": locales.short_day(left.on, edition.language),
        "entry": f"{edition.labels[word]}{number}",
        "amount": locales.number(left.minor, left.currency, edition.language),
    }


def _payment(statement: Statement, creditor: Creditor, edition: Edition) -> list[Page]:
    """How to pay; nothing where nothing is open, or where there is no account to pay to."""
    if not creditor.iban or not any(account.closing_minor for account in statement.accounts):
        return []
    rows = (
        ("recipient", creditor.name),
        ("iban", spaced(creditor.iban)),
        ("bic", creditor.bic),
        ("bank", creditor.bank),
        ("reference", one_line(statement.customer)),
    )
    return [{"label": edition.labels[name], "value": value} for name, value in rows if value]
