"""Billing: an invoice and its customer's terms, and the registration of a customer not known before."""

from collections.abc import Sequence
from datetime import date

from domain import customer as customers
from domain.customer import Customer
from domain.customer.facts import Fact as CustomerFact
from domain.invoice import Invoice, issuing
from domain.invoice.facts import Fact as InvoiceFact
from domain.terms import WHOLE, EarlyDiscount, Instalment, Share, instalments_by_shares, net
from domain.terms import discounts as dated_discounts
from domain.terms import instalments as dated_instalments

NET_DAYS = 30

# The facts of the customer, and those of the invoice.
Billed = tuple[Sequence[CustomerFact], Sequence[InvoiceFact]]


def bill(
    invoice: Invoice | None,
    debtor: Customer | None,
    number: str,
    entity: str,
    issued_on: date,
    *,
    customer: str,
    amount_minor: int,
    currency: str,
    due_on: date | None = None,
    schedule: Sequence[Share] = (),
    instalments: Sequence[Instalment] = (),
    discounts: Sequence[EarlyDiscount] | None = None,
    tax_minor: int = 0,
    country: str | None = None,
    document_on: date | None = None,
    reference: str | None = None,
    purchase_order: str | None = None,
    accept_due_before_issue: bool = False,
) -> Billed:
    """An invoice is due as given (instalments, one day or a schedule), else by the customer's terms, else net 30.

    A customer not known yet is registered. The same invoice again changes nothing, though the customer's terms may have
    changed since.
    Refuses as `issuing.issue` does.
    """
    terms = debtor.terms if debtor else None
    # An amount below zero is refused by the decision; until then arithmetic must not fail on it.
    total = max(amount_minor, 0)
    if instalments:
        due: Sequence[Instalment] = instalments
    elif due_on:
        due = net(amount_minor, due_on)
    else:
        shares = schedule or (terms.schedule if terms else (Share(NET_DAYS, WHOLE),))
        due = dated_instalments(total, issued_on, shares)
    tiers = discounts if discounts is not None else terms.discounts if terms else ()
    offered = dated_discounts(total, issued_on, tiers) if tiers else ()
    if invoice and (invoice.issued.total_minor, invoice.issued.issued_on) == (amount_minor, issued_on):
        is_due_as_given = instalments or due_on
        if not is_due_as_given and (not schedule or _is_by_shares(invoice, schedule)):
            due = invoice.issued.instalments
        offered = offered if discounts is not None else invoice.issued.discounts
    issued = issuing.issue(
        invoice,
        number=number,
        entity=entity,
        customer=customer,
        currency=currency,
        total_minor=amount_minor,
        issued_on=issued_on,
        instalments=due,
        tax_minor=tax_minor,
        discounts=offered,
        document_on=document_on,
        reference=reference,
        purchase_order=purchase_order,
        accept_due_before_issue=accept_due_before_issue,
    )
    registered = customers.register(debtor, customer, country=country)
    return registered, issued


def _is_by_shares(invoice: Invoice, schedule: Sequence[Share]) -> bool:
    issued = invoice.issued
    return issued.instalments == instalments_by_shares(issued.total_minor, issued.issued_on, schedule)
