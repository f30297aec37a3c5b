"""The page of a letter: what a mail prints, and what paper needs beside it."""

from collections.abc import Iterable
from datetime import date

from infra.texts.library import Edition
from infra.texts.locales import day, region_of
from infra.texts.payment_code import EURO, payment_code
from services.messages.content import Content, Creditor, Debtor
from services.messages.page import Page, one_line, page, payment_reference, spaced


def letter_page(content: Content, edition: Edition) -> Page:
    """Raises `TextUnfit` where a text cannot be printed."""
    return {
        **page(content, edition),
        **letterhead(content.creditor, content.debtor, edition, content.on, content.reference),
        "code": _code(content) or "",
    }


def letterhead(creditor: Creditor, debtor: Debtor, edition: Edition, on: date, reference: str = "") -> Page:
    """What the paper itself says: from whom, to whom, of which day, and the foot of every page."""
    labels, number, dated = edition.labels, one_line(debtor.number), day(on, edition.language)
    info = (
        ("customer_number", number),
        ("our_reference", reference),
        ("date", dated),
        ("contact", creditor.contact),
        ("phone", creditor.phone),
        ("email", creditor.email),
    )
    return {
        "region": region_of(edition.language),
        "customer": number,
        "date": dated,
        "return_address": " · ".join((creditor.name, *creditor.address)),
        "recipient": [one_line(each) for each in (debtor.name, *debtor.address) if each],
        "info": [{"label": labels[name], "value": value} for name, value in info if value],
        "foot": list(_foot(creditor, labels["tax_number"])),
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
