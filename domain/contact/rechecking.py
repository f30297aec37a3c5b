"""Just before a message leaves: which of its invoices it may still be about."""

from collections.abc import Collection
from datetime import date

from domain.case.ladder import demanded_minor
from domain.contact.facts import About, Planned
from domain.customer import Customer
from domain.invoice import Invoice
from domain.invoice.contacting import require_chaseable
from domain.refusal import Refused


def is_notice(planned: Planned) -> bool:
    """Whether the message asks for payment by the due day: once that is over it is no longer sent."""
    is_before_levels = all(about.level == 0 for about in planned.about)
    return is_before_levels and planned.pay_by in [about.due_on for about in planned.about]


def pay_by(planned: Planned, planned_on: date, invoices: Collection[str], today: date) -> date | None:
    """The day to pay by, of those invoices that are left: a message that waited gives as many days as was planned."""
    if planned.pay_by is None:
        return None
    if is_notice(planned):
        return min((about.due_on for about in planned.about if about.invoice in invoices), default=None)
    return planned.pay_by + (today - planned_on)


def why_left_out(
    invoice: Invoice | None, customer: Customer | None, about: About, today: date, *, lapses: bool = False
) -> str | None:
    """None where it is still to be demanded; else a code, `paid` for one on which nothing is open.

    `lapses`: it is about a notice.
    """
    try:
        invoice = require_chaseable(invoice, today, customer.blocked_until(today) if customer else None)
    except Refused as refusal:
        if refusal.code != "nothing_open":
            return refusal.code
        return "written_off" if invoice and invoice.written_off_minor else "paid"
    if invoice.legal:
        return "legal"
    if demanded_minor(invoice, about.due_on, today) > 0:
        return "lapsed" if lapses and today > about.due_on else None
    return "disputed" if invoice.disputes else "not_due"
