"""Contents to be written: who owes whom what, as it suits a test."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from services.messages.content import Content, Creditor, Debtor, Line

ON = date(2026, 2, 1)
CREDITOR = Creditor(
    "main",
    "Nordwind Handels GmbH",
    ("Hafenstraße 12", "20457 Hamburg"),
    "Anna Petersen",
    "forderungen@nordwind.example",
    "+49 40 1234-560",
    "www.nordwind.example",
    "DE89370400440532013000",
    "COBADEFFXXX",
    "Commerzbank",
)
DEBTOR = Debtor("C-1001", "Müller & Søn GmbH", ("Industriestraße 5", "86150 Augsburg"), "ap@mueller.example")


def line(number: str = "R-1", minor: int = 123456, days: int = 27, **more: Any) -> Line:
    due_on = ON - timedelta(days=days)
    plain = Line(number, due_on - timedelta(days=30), due_on, days, "EUR", minor, 0, minor, minor)
    return replace(plain, **more)


def content(language: str = "de", step: str = "friendly_reminder", tone: str = "friendly", **more: Any) -> Content:
    plain = Content(language, step, tone, ON, CREDITOR, DEBTOR, (line(),), pay_by=ON + timedelta(days=7))
    return replace(plain, **more)
