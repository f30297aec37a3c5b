"""The page of a letter: what a mail prints, and what paper needs beside it."""

from collections.abc import Iterable

from infra.texts.library import Edition
from infra.texts.locales import day, region_of
from infra.texts.payment_code import EURO, payment_code
from services.messages.content import Content, Creditor
from services.messages.page import Page, one_line, page, payment_reference, spaced


def letter_page(content: Content, edition: Edition) -> Page:
    """Raises `TextUnfit` where a text cannot be printed."""
    creditor, debtor, labels = content.creditor, content.debtor, edition.labels
    info = (
        ("customer_number", one_line(debtor.number)),
        ("our_reference", content.reference),
        ("date", day(content.on, edition.language)),
        ("contact", creditor.contact),
        ("phone", creditor.phone),
        ("email", creditor.email),
    )
    return {
        **page(content, edition),
        "region": region_of(edition.language),
        "customer": one_line(debtor.number),
        "date": day(content.on, edition.language),
        "return_address": " · ".join((creditor.name, *creditor.address)),
        "recipient": [one_line(each) for each in (debtor.name, *debtor.address) if each],
        "info": [{"label": labels[name], "value": value} for name, value in info if value],
        "foot": list(_foot(creditor, labels["tax_number"])),
        "code": _code(content) or "",
    }


def _foot(creditor: Creditor, tax_number: str) -> Iterable[list[str]]:
    """Columns at the end of every page: who we are, how to reach us, our account, what the law wants said."""
    columns = (
        (creditor.name, *creditor.address),
        (creditor.phone, creditor.email, creditor.website),
        (creditor.bank, spaced(creditor.iban), creditor.bic),
        (creditor.registration, f"{tax_number} {creditor.tax_number}" if creditor.tax_number else "", *creditor.footer),
    )
    return ([line for line in column if line] for column in columns if any(column))


def _code(content: Content) -> str | None:
    """Of what is demanded in euro, where an account is known."""
    creditor = content.creditor
    minor = next((each.minor for each in content.totals if each.currency == EURO), 0)
    return payment_code(
        name=creditor.name,
        iban=creditor.iban,
        bic=creditor.bic,
        currency=EURO,
        minor=minor,
        reference=payment_reference(content),
    )
