"""Just before a message leaves: which of its invoices it may still be about."""

from datetime import date

from domain.case.ladder import demanded_minor
from domain.contact.facts import About
from domain.customer import Customer
from domain.invoice import Invoice
from domain.invoice.contacting import require_chaseable
from domain.refusal import Refused


def why_left_out(invoice: Invoice | None, customer: Customer | None, about: About, today: date) -> str | None:
    """None where it is still to be demanded; else a code, `paid` for one on which nothing is open."""
    try:
        invoice = require_chaseable(invoice, today, customer.blocked_until(today) if customer else None)
    except Refused as refusal:
        if refusal.code != "nothing_open":
            return refusal.code
        return "written_off" if invoice and invoice.written_off_minor else "paid"
    if invoice.legal:
        return "legal"
    if demanded_minor(invoice, about.due_on, today) > 0:
        return None
    return "disputed" if invoice.disputes else "not_due"
