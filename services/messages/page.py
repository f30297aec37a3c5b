"""A message as it is printed: every amount and day in its language, every paragraph and row, all of it text.

The mail and the letter print the same page. What comes from outside, a name above all, is one line of text by now.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias

from infra.texts import locales
from infra.texts.library import (
    ALREADY_PAID,
    BODY,
    CLOSING,
    GREETING,
    OPENING,
    QUESTIONS,
    REGARDS,
    SUBJECT,
    Edition,
)
from infra.texts.templates import Parts, Printable, TextUnfit
from services.messages.content import Content, Line, Sum

Plain: TypeAlias = "str | int | Sequence[Plain] | Mapping[str, Plain]"
Page = Mapping[str, Plain]

# As many rows as a statement of what else is open has; of the rest it gives the number and the sum.
MOST_ALSO_OPEN = 60
# What a payer can quote in a transfer.
LONGEST_REFERENCE = 140

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_RIGHT_TO_LEFT = {"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI"}


def page(content: Content, edition: Edition) -> Page:
    """Raises `TextUnfit` where a text cannot be printed."""
    values, language, labels = shown_values(content, edition), edition.language, edition.labels
    said = edition.print_all(content.step, content.tone, values)
    shown = content.also_open[:MOST_ALSO_OPEN]
    has_overdue = any(line.days_overdue > 0 for line in content.lines)
    return {
        "language": language,
        "labels": labels,
        "subject": said[SUBJECT],
        "greeting": said[GREETING],
        "opening": paragraphs(said[OPENING]),
        "body": paragraphs(said[BODY]),
        "closing": [text for part in (CLOSING, ALREADY_PAID, QUESTIONS) for text in paragraphs(said[part])],
        "regards": said[REGARDS],
        "groups": [
            _group(list(lines), has_overdue, language)
            for _, lines in groupby(_by_currency(content.lines), lambda line: line.currency)
        ],
        "has_overdue": int(has_overdue),
        "notes": _notes(content.lines, labels, language),
        "payment": _payment(content, values, labels),
        "also_open": [_also(line, labels, language) for line in shown],
        "also_more": f"+ {rest} {labels['also_further']}" if (rest := len(content.also_open) - len(shown)) else "",
        "also_total": _amounts(content.also_open_totals, edition) if len(content.also_open) > 1 else "",
        "unapplied": _amounts(content.unapplied, edition),
        "creditor": {
            "name": content.creditor.name,
            "address": content.creditor.address,
            "footer": content.creditor.footer,
        },
        "contact": _contact(content, labels),
    }


def shown_values(content: Content, edition: Edition) -> Mapping[str, Printable]:
    """What the texts may print."""
    if not content.lines:
        raise TextUnfit("there is nothing left to ask for")
    language, labels, lines = edition.language, edition.labels, content.lines
    creditor, debtor = content.creditor, content.debtor
    first = min(lines, key=lambda line: line.due_on)
    reminded = content.first_reminded_on
    return {
        "on": locales.day(content.on, language),
        "pay_by": locales.day(content.pay_by or content.on, language),
        "count": len(lines),
        "number": one_line(lines[0].number),
        "numbers": joined([one_line(line.number) for line in lines], labels),
        "due_on": locales.day(first.due_on, language),
        "days": max(0, first.days_overdue),
        "total": _amounts(content.totals, edition),
        "reminders": content.reminders_sent,
        "first_reminded_on": locales.day(reminded, language) if reminded else "",
        "reference": payment_reference(content),
        "consumer": int(debtor.is_consumer),
        "debtor": Parts(name=one_line(debtor.name), number=one_line(debtor.number)),
        "creditor": Parts(
            name=creditor.name,
            contact=creditor.contact,
            email=creditor.email,
            phone=creditor.phone,
            website=creditor.website,
            iban=spaced(creditor.iban),
            bic=creditor.bic,
            bank=creditor.bank,
            reach=", ".join(filter(None, (creditor.email, creditor.phone))),
        ),
        "lines": tuple(
            Parts(
                number=one_line(line.number),
                issued_on=locales.day(line.issued_on, language),
                due_on=locales.day(line.due_on, language),
                days=max(0, line.days_overdue),
                demanded=locales.amount(line.demanded_minor, line.currency, language),
                open=locales.amount(line.open_minor, line.currency, language),
            )
            for line in lines
        ),
    }


def payment_reference(content: Content) -> str:
    """What the payer is to quote: an invoice's own reference or number; the customer's number with those of several."""
    if len(content.lines) == 1:
        [line] = content.lines
        return one_line(line.reference or line.number)
    numbers = ", ".join(one_line(line.number) for line in content.lines)
    customer = one_line(content.debtor.number)
    return f"{customer}: {numbers}" if len(numbers) + len(customer) + 2 <= LONGEST_REFERENCE else customer


def paragraphs(text: str) -> list[str]:
    return [paragraph for each in text.split("\n\n") if (paragraph := each.strip(" \n"))]


def joined(parts: Sequence[str], labels: Mapping[str, str]) -> str:
    """`R-1, R-2 and R-3`."""
    return f"{', '.join(parts[:-1])} {labels['and']} {parts[-1]}" if len(parts) > 1 else "".join(parts)


@lru_cache(maxsize=10_000)
def one_line(text: str) -> str:
    """Without line breaks; of what is written from right to left, the marks change nothing of what stands around it."""
    if text.isascii() and text.isprintable():
        return text
    shown = _CONTROLS.sub(" ", text).strip()
    if shown.isascii() or not any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in shown):
        return shown
    return f"{_ISOLATE}{shown}{_END}"


def spaced(iban: str) -> str:
    """In groups of four, as it is printed on paper."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _amounts(sums: Iterable[Sum], edition: Edition) -> str:
    """`1.234,56 € und 100,00 $`; nothing of none."""
    return joined([locales.amount(minor, currency, edition.language) for currency, minor in sums], edition.labels)


def _by_currency(lines: Iterable[Line]) -> list[Line]:
    lines = list(lines)
    order = {currency: number for number, currency in enumerate(dict.fromkeys(line.currency for line in lines))}
    return sorted(lines, key=lambda line: (order[line.currency], line.due_on, line.number))


def _group(lines: Sequence[Line], has_overdue: bool, language: str) -> Page:
    """The invoices of one currency, and their sum."""
    currency = lines[0].currency
    has_paid = any(line.paid_minor or line.charges_minor for line in lines)
    total = sum(line.demanded_minor for line in lines)
    return {
        "currency": currency,
        "lines": [_row(line, language) for line in lines],
        "total": locales.amount(total, currency, language),
        "total_number": locales.number(total, currency, language),
        "has_paid": int(has_paid),
        "columns": 2 + has_overdue,
    }


def _row(line: Line, language: str) -> Page:
    def number(minor: int) -> str:
        return locales.number(minor, line.currency, language) if minor else ""

    return {
        "number": one_line(line.number),
        "reference": one_line(line.reference) if line.reference != line.number else "",
        "issued_on": locales.day(line.issued_on, language),
        "issued_short": locales.short_day(line.issued_on, language),
        "due_on": locales.day(line.due_on, language),
        "due_short": locales.short_day(line.due_on, language),
        "days": line.days_overdue,
        "total": number(line.total_minor),
        "charges": number(line.charges_minor),
        "paid": number(line.paid_minor),
        "demanded": locales.number(line.demanded_minor, line.currency, language),
        "demanded_amount": locales.amount(line.demanded_minor, line.currency, language),
    }


def _notes(lines: Iterable[Line], labels: Mapping[str, str], language: str) -> list[str]:
    """What is open of these invoices and not asked for now, and why."""
    notes = []
    for line in lines:
        later = line.open_minor - line.disputed_minor - line.demanded_minor
        for minor, why in ((line.disputed_minor, labels["disputed"]), (later, labels["due_later"])):
            if minor:
                amount = locales.amount(minor, line.currency, language)
                notes.append(f"{labels['invoice']} {one_line(line.number)}: {amount} {why}.")
    return notes


def _payment(content: Content, values: Mapping[str, Printable], labels: Mapping[str, str]) -> list[Page]:
    """How to pay; nothing where there is no account to pay to."""
    creditor = content.creditor
    if not creditor.iban:
        return []
    rows = (
        ("recipient", creditor.name),
        ("iban", spaced(creditor.iban)),
        ("bic", creditor.bic),
        ("bank", creditor.bank),
        ("reference", str(values["reference"])),
        ("amount", str(values["total"])),
        ("pay_by", str(values["pay_by"])),
    )
    return [{"label": labels[name], "value": value} for name, value in rows if value]


def _contact(content: Content, labels: Mapping[str, str]) -> list[Page]:
    creditor = content.creditor
    rows = (
        ("contact", creditor.contact),
        ("phone", creditor.phone),
        ("email", creditor.email),
        ("website", creditor.website),
    )
    return [{"label": labels[name], "value": value} for name, value in rows if value]


def _also(line: Line, labels: Mapping[str, str], language: str) -> Page:
    is_disputed = line.disputed_minor and line.disputed_minor == line.open_minor
    return {
        "number": one_line(line.number),
        "due_on": locales.day(line.due_on, language),
        "due_short": locales.short_day(line.due_on, language),
        "amount": locales.amount(line.open_minor, line.currency, language),
        "note": labels["also_disputed"] if is_disputed else "",
    }
