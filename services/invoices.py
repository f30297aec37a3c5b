"""Claims: issuing invoices, and every decision on one of them."""

import inspect
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from domain import customer as customers
from domain import invoice as invoices
from domain.customer import Customer
from domain.entry import Cause, customer_stream, invoice_stream
from domain.invoice import Invoice
from domain.refusal import Refused
from domain.terms import WHOLE, EarlyDiscount, Instalment, Share, net
from domain.terms import discounts as dated_discounts
from domain.terms import instalments as dated_instalments
from infra.log.decision import Done
from infra.log.ledger import Ledger

NET_DAYS = 30

Decision = Callable[..., Sequence[Any]]


@lru_cache
def asks_for(decision: Decision, name: str) -> bool:
    return name in inspect.signature(decision).parameters


class Invoices:
    def __init__(self, ledger: Ledger):
        self._ledger = ledger

    def ask(
        self, decision: Decision, number: str, /, *, on: date, cause: Cause, entity: str = "main", **asked: Any
    ) -> Done:
        """A decision of `domain.invoice` on one invoice; a dunning block of the customer counts where it matters.

        Refuses `before_issue`: nothing happened to an invoice before the day it was issued; and `too_early`: nothing
        is taken from it on a day on which it was not open, nor answered before it was said.
        """
        stream = invoice_stream(number, entity)
        streams = [stream]
        given = asked | ({"on": on} if asks_for(decision, "on") else {})
        if asks_for(decision, "blocked_until") and (invoice := self._ledger.state(stream)):
            streams.append(customer_stream(invoice.issued.customer))

        def decide(invoice: Invoice | None, debtor: Customer | None = None) -> dict[str, Sequence[Any]]:
            if invoice and on < invoice.issued.issued_on:
                raise Refused("before_issue", f"invoice {number} was issued on {invoice.issued.issued_on}, after {on}")
            blocked = {"blocked_until": debtor.blocked_until(on)} if debtor else {}
            facts = decision(invoice, **given, **blocked)
            if invoice and (day := invoices.effective_from(invoice, facts, on)) > on:
                message = f"that can count from {day} on: what it is about was not there on every day since {on}"
                raise Refused("too_early", message)
            return {stream: facts}

        return self._ledger.change(streams, decide, on=on, cause=cause, content=[decision.__name__, stream, asked])

    def issue(
        self,
        number: str,
        *,
        customer: str,
        total_minor: int,
        currency: str,
        issued_on: date,
        cause: Cause,
        entity: str = "main",
        instalments: Sequence[Instalment] | None = None,
        due_on: date | None = None,
        schedule: Sequence[Share] | None = None,
        discounts: Sequence[EarlyDiscount] | None = None,
        tax_minor: int = 0,
        country: str | None = None,
        document_on: date | None = None,
        reference: str | None = None,
        purchase_order: str | None = None,
    ) -> Done:
        """Due as given (instalments, one day or a schedule), else by the customer's terms, else net 30.

        A customer nobody knows is registered in the same commit. The same invoice again changes nothing, though the
        customer's terms may have changed since.
        """
        stream, account = invoice_stream(number, entity), customer_stream(customer)
        written: dict[str, Any] = {
            "number": number,
            "entity": entity,
            "customer": customer,
            "currency": currency,
            "total_minor": total_minor,
            "issued_on": issued_on,
            "tax_minor": tax_minor,
            "document_on": document_on,
            "reference": reference,
            "purchase_order": purchase_order,
        }

        # What is no amount is for the decision to refuse, not for arithmetic.
        total = max(total_minor, 0)

        def decide(invoice: Invoice | None, debtor: Customer | None) -> dict[str, Sequence[Any]]:
            terms = debtor.terms if debtor else None
            shares = schedule or (terms.schedule if terms else (Share(NET_DAYS, WHOLE),))
            tiers = discounts if discounts is not None else terms.discounts if terms else ()
            due = instalments or (net(total_minor, due_on) if due_on else dated_instalments(total, issued_on, shares))
            offered = dated_discounts(total, issued_on, tiers)
            if invoice and (invoice.issued.total_minor, invoice.issued.issued_on) == (total_minor, issued_on):
                due = due if instalments or due_on or schedule else invoice.issued.instalments
                offered = offered if discounts is not None else invoice.issued.discounts
            return {
                account: customers.register(debtor, number=customer, country=country),
                stream: invoices.issue(invoice, **written, instalments=due, discounts=offered),
            }

        content = ["issue", written, instalments, due_on, schedule, discounts, country]
        return self._ledger.change([stream, account], decide, on=issued_on, cause=cause, content=content)
