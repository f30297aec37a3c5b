"""Contents made up to try texts with: one invoice and several, before the due day and after it, with all there is to
say and with as little as there may be."""

from dataclasses import replace
from datetime import date

from services.messages.content import Content, Creditor, Debtor, Line, Sum

_ON, _BEFORE, _PAY_BY = date(2026, 3, 2), date(2026, 1, 20), date(2026, 3, 9)
_CREDITOR = Creditor(
    "main",
    "Example Ltd",
    ("1 High Street", "London"),
    "Ann Example",
    "accounts@example.com",
    "+44 20 7946 0000",
    "www.example.com",
    "DE89370400440532013000",
    "COBADEFFXXX",
    "Example Bank",
)
_DEBTOR = Debtor("C-1", "Sample & Co", ("2 Low Street", "Leeds"), "pay@example.org", "+44 113 496 0000")
_LINE = Line("R-1", date(2026, 1, 2), date(2026, 2, 1), 29, "EUR", 120_00, 20_00, 100_00, 90_00, 10_00)
_OTHER = replace(_LINE, number="R-2", currency="NOK", paid_minor=0, open_minor=120_00, demanded_minor=120_00)


def samples(language: str, step: str, tone: str) -> tuple[Content, ...]:
    full = Content(
        language,
        step,
        tone,
        _ON,
        _CREDITOR,
        _DEBTOR,
        (_LINE, replace(_OTHER, disputed_minor=0)),
        (replace(_OTHER, number="R-3"),),
        _PAY_BY,
        "A1B2C3D4",
        2,
        date(2026, 2, 4),
        (Sum("EUR", 5_00),),
    )
    consumer = replace(_DEBTOR, name="", is_consumer=True)
    least = replace(
        full, creditor=Creditor("main", "main"), debtor=consumer, lines=(_LINE,), also_open=(), unapplied=()
    )
    first = replace(least, reminders_sent=0, first_reminded_on=None, pay_by=None)
    ahead = replace(first, on=_BEFORE, lines=(replace(_LINE, days_overdue=-12),))
    return full, replace(full, reminders_sent=1), least, first, ahead
