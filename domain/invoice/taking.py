"""What takes from an invoice, and gives back: its items, payments, credit notes and write-offs after each such fact."""

from dataclasses import replace
from datetime import date

from domain.by_day import changed
from domain.invoice.facts import (
    CreditNoteApplied,
    CreditNoteReinstated,
    CreditNoteUndone,
    DiscountTaken,
    ExchangeDifferenceTaken,
    Paid,
    PartiallyPaid,
    Parts,
    PaymentReinstated,
    PaymentReversed,
    PromiseMade,
    Recovered,
    SettlementAccepted,
    WriteOffUndone,
    WrittenOff,
)
from domain.invoice.state import (
    PRINCIPAL,
    Credit,
    Invoice,
    Item,
    Offer,
    Payment,
    Promise,
    WriteOff,
    find_credit,
    find_payment,
    find_taken_back,
)
from domain.terms import Instalment

# Items


def principal(instalments: tuple[Instalment, ...], on: date) -> tuple[Item, ...]:
    return tuple(opened(PRINCIPAL, each.due_on, each.minor, on) for each in instalments)


def opened(kind: str, due_on: date, minor: int, on: date) -> Item:
    return Item(kind, due_on, minor, ((on, minor),))


def less(items: tuple[Item, ...], parts: Parts, on: date) -> tuple[Item, ...]:
    return _moved(items, parts, on, -1)


def more(items: tuple[Item, ...], parts: Parts, on: date) -> tuple[Item, ...]:
    return _moved(items, parts, on, +1)


# Payments


def paid(invoice: Invoice, fact: PartiallyPaid | Paid, on: date) -> Invoice:
    before = find_payment(invoice, fact.receipt, fact.allocation)
    # Money of before the promise was made, or the offer accepted, is not what it was made for.
    promise = invoice.promise if on >= invoice.days.get(PromiseMade, on) else None
    offer = invoice.offer if on >= invoice.days.get(SettlementAccepted, on) else None
    is_accepted = offer is not None and offer.is_accepted
    payment = Payment(
        fact.receipt,
        fact.allocation,
        fact.amount_minor,
        discount_minor=before.discount_minor if before else 0,
        parts=(before.parts if before else ()) + fact.parts,
        promise=promise.number if promise else 0,
        offer=offer.number if offer and is_accepted else 0,
        difference_minor=before.difference_minor if before else 0,
        on=on,
    )
    kept = tuple(each for each in invoice.payments if each is not before) if before else invoice.payments
    items = less(invoice.items, fact.parts, on)
    promise, offer = _towards(invoice, payment, fact.amount_minor)
    return replace(invoice, items=items, payments=(*kept, payment), promise=promise, offer=offer)


def discounted(invoice: Invoice, fact: DiscountTaken, on: date) -> Invoice:
    """The payment it is taken with follows."""
    payment = Payment(fact.receipt, fact.allocation, 0, fact.amount_minor, fact.parts, on=on)
    return _begun(invoice, payment, fact.parts, on)


def settled_by_exchange(invoice: Invoice, fact: ExchangeDifferenceTaken, on: date) -> Invoice:
    """The payment it is taken with follows."""
    payment = Payment(fact.receipt, fact.allocation, 0, 0, fact.parts, difference_minor=fact.amount_minor, on=on)
    return _begun(invoice, payment, fact.parts, on)


def recovered(invoice: Invoice, fact: Recovered, on: date) -> Invoice:
    payment = Payment(fact.receipt, fact.allocation, fact.amount_minor, 0, (), is_recovery=True, on=on)
    left = invoice.written_off_minor - fact.amount_minor
    return replace(invoice, payments=(*invoice.payments, payment), written_off_minor=left)


def payment_reversed(invoice: Invoice, fact: PaymentReversed, on: date) -> Invoice:
    payment = find_payment(invoice, fact.receipt, fact.allocation)
    invoice = replace(invoice, items=more(invoice.items, fact.parts, on), returned=invoice.returned + 1)
    if not payment:
        return invoice
    kept = tuple(each for each in invoice.payments if each is not payment)
    invoice = replace(invoice, payments=kept, taken_back=(*invoice.taken_back, payment))
    if payment.is_recovery:
        return replace(invoice, written_off_minor=invoice.written_off_minor + fact.amount_minor)
    promise, offer = _towards(invoice, payment, -fact.amount_minor)
    return replace(invoice, promise=promise, offer=offer)


def payment_reinstated(invoice: Invoice, fact: PaymentReinstated, on: date) -> Invoice:
    payment: Payment | None = find_taken_back(invoice, Payment, fact.receipt, fact.allocation)
    invoice = replace(invoice, items=less(invoice.items, fact.parts, on), returned=invoice.returned - 1)
    if not payment:
        return invoice
    left = tuple(each for each in invoice.taken_back if each is not payment)
    invoice = replace(invoice, payments=(*invoice.payments, payment), taken_back=left)
    if payment.is_recovery:
        return replace(invoice, written_off_minor=invoice.written_off_minor - fact.amount_minor)
    promise, offer = _towards(invoice, payment, fact.amount_minor)
    return replace(invoice, promise=promise, offer=offer)


# Credit notes


def credited(invoice: Invoice, fact: CreditNoteApplied, on: date) -> Invoice:
    credit = Credit(fact.credit_note, fact.allocation, fact.amount_minor, fact.tax_minor, fact.parts, on)
    items = less(invoice.items, fact.parts, on)
    return replace(invoice, items=items, credit_notes=(*invoice.credit_notes, credit))


def credit_undone(invoice: Invoice, fact: CreditNoteUndone, on: date) -> Invoice:
    credit = find_credit(invoice, fact.credit_note, fact.allocation)
    kept = tuple(each for each in invoice.credit_notes if each is not credit)
    taken_back = (*invoice.taken_back, credit) if credit else invoice.taken_back
    return replace(invoice, items=more(invoice.items, fact.parts, on), credit_notes=kept, taken_back=taken_back)


def credit_reinstated(invoice: Invoice, fact: CreditNoteReinstated, on: date) -> Invoice:
    credit: Credit | None = find_taken_back(invoice, Credit, fact.credit_note, fact.allocation)
    credits = (*invoice.credit_notes, credit) if credit else invoice.credit_notes
    left = tuple(each for each in invoice.taken_back if each is not credit)
    return replace(invoice, items=less(invoice.items, fact.parts, on), credit_notes=credits, taken_back=left)


# Write-offs


def written_off(invoice: Invoice, fact: WrittenOff, on: date) -> Invoice:
    loss = WriteOff(fact.amount_minor, fact.tax_minor, fact.parts, fact.approval, on)
    invoice = replace(
        invoice,
        items=less(invoice.items, fact.parts, on),
        written_off_minor=invoice.written_off_minor + fact.amount_minor,
        write_offs=(*invoice.write_offs, loss),
    )
    return invoice if invoice.open_minor else replace(invoice, promise=None, offer=None, plan=None)


def write_off_undone(invoice: Invoice, fact: WriteOffUndone, on: date) -> Invoice:
    like_it = [loss for loss in invoice.write_offs if loss.parts == fact.parts and loss.on <= on]
    undone = max(like_it, key=lambda loss: loss.on, default=None)
    return replace(
        invoice,
        items=more(invoice.items, fact.parts, on),
        written_off_minor=invoice.written_off_minor - fact.amount_minor,
        write_offs=tuple(loss for loss in invoice.write_offs if loss is not undone),
    )


def _begun(invoice: Invoice, payment: Payment, parts: Parts, on: date) -> Invoice:
    return replace(invoice, items=less(invoice.items, parts, on), payments=(*invoice.payments, payment))


def _towards(invoice: Invoice, payment: Payment, minor: int) -> tuple[Promise | None, Offer | None]:
    """The promise and the offer, with so much more, or less, paid of those that the payment went towards."""
    promise, offer = invoice.promise, invoice.offer
    if promise and promise.number == payment.promise:
        promise = replace(promise, paid_minor=promise.paid_minor + minor)
    if offer and offer.number == payment.offer:
        offer = replace(offer, paid_minor=offer.paid_minor + minor)
    return promise, offer


def _moved(items: tuple[Item, ...], parts: Parts, on: date, sign: int) -> tuple[Item, ...]:
    moved = list(items)
    for part in parts:
        item, minor = moved[part.item - 1], sign * part.minor
        changes = changed(item.by_day, on, minor)
        moved[part.item - 1] = Item(item.kind, item.due_on, item.open_minor + minor, changes)
    return tuple(moved)
