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
    left = _left(planned, invoices)
    if is_notice(planned) or all(about.level == 0 and about.due_on >= today for about in left):
        return min((about.due_on for about in left), default=None)
    return planned.pay_by + (today - planned_on)


def furthest(planned: Planned, invoices: Collection[str]) -> tuple[str, str]:
    """Step and tone of those invoices that are left: nobody is warned for what another invoice had come to."""
    left = _left(planned, invoices)
    if not left or any(about.step == planned.step for about in left):
        return planned.step, planned.tone
    about = max(left, key=lambda about: (about.level, -about.due_on.toordinal()))
    return about.step, about.tone or planned.tone


def _left(planned: Planned, invoices: Collection[str]) -> list[About]:
    return [about for about in planned.about if about.invoice in invoices]


def why_left_out(
    invoice: Invoice | None,
    customer: Customer | None,
    about: About,
    today: date,
    *,
    least_minor: int = 0,
    lapses: bool = False,
) -> str | None:
    """None where it is still to be demanded; else a code, `paid` for one on which nothing is open.

    Below `least_minor` the policy chases nothing. `lapses`: it is about a notice.
    """
    try:
        invoice = require_chaseable(invoice, today, customer.blocked_until(today) if customer else None)
    except Refused as refusal:
        if refusal.code != "nothing_open":
            return refusal.code
        return "written_off" if invoice and invoice.written_off_minor else "paid"
    if invoice.legal:
        return "legal"
    demanded = demanded_minor(invoice, about.due_on, today)
    if not demanded:
        return "disputed" if invoice.disputes else "not_due"
    if demanded < least_minor:
        return "minimum"
    return "lapsed" if lapses and today > about.due_on else None
