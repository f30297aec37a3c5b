"""Cash: money that came in, which invoices it pays, and what happens when it does not stay."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from domain import cash_application
from domain import receipt as receipts
from domain.cash_application import Dated
from domain.customer import Customer
from domain.customer.account import require_customer
from domain.entry import Cause, customer_stream, invoice_stream, receipt_stream
from domain.invoice import Invoice
from domain.invoice.paying import COSTS_FIRST, Order
from domain.receipt import Receipt
from domain.refusal import Refused
from infra.encryption import Encryption
from infra.log.appends import Contended
from infra.log.decision import Done
from infra.log.ledger import Ledger
from services.standing import Standing

TRIES = 5

# Invoice numbers, or how much the payer wants to go to each.
Invoices = Iterable[str] | Mapping[str, int]


Undo = Callable[[Receipt | None], Sequence[receipts.Fact]]


class Cash:
    def __init__(self, ledger: Ledger, encryption: Encryption, standing: Standing):
        self._ledger, self._encryption, self._standing = ledger, encryption, standing

    def receive(
        self,
        receipt: str,
        *,
        amount_minor: int,
        currency: str,
        value_on: date,
        cause: Cause,
        entity: str = "main",
        customer: str | None = None,
        invoices: Invoices = (),
        references: Iterable[str] = (),
        bank_entry: str | None = None,
        payer: str | None = None,
        order: Order = COSTS_FIRST,
    ) -> Done:
        """Money that came in pays the invoices named, else the customer's oldest; what is left stays on account.

        Money is never refused for want of an invoice or a customer: unknown ones stay on the receipt as references,
        and it waits to be identified and allocated.
        """
        own, wanted = receipt_stream(receipt), _wanted(invoices)
        account = [stream for stream in [_if_fit(customer_stream, customer)] if stream]
        if wanted or not account:
            streams = {number: stream for number in wanted if (stream := _if_fit(invoice_stream, number, entity))}
        else:
            streams = {stream: stream for stream in self._standing.oldest_first(customer or "", entity, currency)}
        amounts = {stream: wanted.get(number) for number, stream in streams.items()}
        money: dict[str, Any] = {
            "number": receipt,
            "entity": entity,
            "currency": currency,
            "amount_minor": amount_minor,
            "value_on": value_on,
            "bank_entry": bank_entry,
        }
        named = (*references, *wanted)

        def decide(state: Receipt | None, *loaded: Any) -> Mapping[str, Sequence[Any]]:
            debtor = customer if account and loaded[0] else None
            unknown = (customer,) if customer and not debtor else ()
            said = money | {"references": tuple(dict.fromkeys([*named, *unknown]))}
            if state:
                return {own: _again(state, customer=debtor, **said)}
            invoices = dict(zip(amounts, loaded[len(account) :], strict=True))
            whose = debtor or cash_application.owner(invoices)
            encrypted = self._encrypted(payer, whose or own) if payer else None
            return cash_application.receive(
                invoices, amounts, customer=whose, order=order, payer_encrypted=encrypted, **said
            )

        content = ["receive", money, customer, [*wanted.items()], named, order]
        return self._ledger.change([own, *account, *amounts], decide, on=value_on, cause=cause, content=content)

    def identify(self, receipt: str, *, customer: str, on: date, cause: Cause) -> Done:
        own = receipt_stream(receipt)

        def decide(state: Receipt | None, debtor: Customer | None) -> Mapping[str, Sequence[Any]]:
            require_customer(debtor)
            return {own: _dated(receipts.identify(state, customer=customer), state, on)}

        streams, content = [own, customer_stream(customer)], ["identify", own, customer]
        return self._ledger.change(streams, decide, on=on, cause=cause, content=content)

    def allocate(
        self, receipt: str, *, cause: Cause, on: date | None = None, invoices: Invoices = (), order: Order = COSTS_FIRST
    ) -> Done:
        """What is left of a receipt goes to the invoices named, else to the oldest of its customer.

        It counts from the day the money came, or `on`: a clerk's delay makes no customer late. Refuses an invoice that
        takes no money, and an amount that is more than is left or open.
        """
        own, wanted = receipt_stream(receipt), _wanted(invoices)
        known = receipts.require_received(self._ledger.state(own))
        day = on or known.received.value_on
        streams = [invoice_stream(number, known.received.entity) for number in wanted]
        streams = streams or self._oldest(known)
        amounts = dict(zip(streams, wanted.values(), strict=False))

        def decide(state: Receipt | None, *loaded: Invoice | None) -> Dated:
            state = receipts.require_not_reversed(state)
            if not state.unallocated_minor:
                raise Refused("over_unallocated", f"nothing of receipt {receipt} is left to allocate")
            currency, invoices = state.received.currency, dict(zip(streams, loaded, strict=True))
            if wanted:
                takers = {stream: cash_application.require_payable(each, currency) for stream, each in invoices.items()}
            else:
                takers = cash_application.payable(invoices, currency)
            asked = {stream: minor for stream, minor in amounts.items() if minor is not None}
            given = cash_application.shares(state, takers, amounts) | asked
            return cash_application.allocate(state, takers, given, on=day, order=order)

        content = ["allocate", own, [*wanted.items()], order]
        return self._ledger.change([own, *streams], decide, on=day, cause=cause, content=content)

    def unallocate(self, receipt: str, *, allocation: int, reason: str, on: date, cause: Cause) -> Done:
        """What the allocation took is open on its invoice again, and left on the receipt."""
        undo = partial(receipts.unallocate, allocation=allocation, reason=reason)
        content = ["unallocate", receipt_stream(receipt), allocation, reason]
        return self._take_back(receipt, undo, on=on, cause=cause, content=content)

    def reverse(self, receipt: str, *, reason: str, on: date, cause: Cause) -> Done:
        """A returned debit or a chargeback: every invoice the receipt paid is open again, in the same commit."""
        undo = partial(receipts.reverse, reason=reason)
        content = ["reverse", receipt_stream(receipt), reason]
        return self._take_back(receipt, undo, on=on, cause=cause, content=content)

    def refund(self, receipt: str, *, amount_minor: int, reference: str, on: date, cause: Cause) -> Done:
        own = receipt_stream(receipt)
        asked: dict[str, Any] = {"amount_minor": amount_minor, "reference": reference}

        def decide(state: Receipt | None) -> Mapping[str, Sequence[Any]]:
            return {own: _dated(receipts.refund(state, **asked), state, on)}

        content = ["refund", own, asked]
        return self._ledger.change([own], decide, on=on, cause=cause, content=content)

    def _encrypted(self, payer: str, key: str) -> str | None:
        """Under the customer's key, or that of a receipt nobody claims; money is worth more than a name."""
        try:
            return self._encryption.encrypt(key, {"payer": payer})
        except Refused:
            return None

    def _oldest(self, known: Receipt) -> list[str]:
        if not known.customer:
            raise Refused("unidentified", "say whose money it is, or which invoice it is for")
        return [*self._standing.oldest_first(known.customer, known.received.entity, known.received.currency)]

    def _take_back(self, receipt: str, undo: Undo, *, on: date, cause: Cause, content: object) -> Done:
        for _ in range(TRIES):
            with suppress(_Overtaken):
                return self._taken_back(receipt_stream(receipt), undo, on=on, cause=cause, content=content)
        raise Contended(f"others kept allocating receipt {receipt}; nothing was recorded, try again")

    def _taken_back(self, own: str, undo: Undo, *, on: date, cause: Cause, content: object) -> Done:
        undone = undo(self._ledger.state(own))
        streams = list(dict.fromkeys(fact.invoice for fact in undone if isinstance(fact, receipts.Unallocated)))

        def decide(state: Receipt | None, *invoices: Invoice | None) -> Dated:
            if undo(state) != undone:
                raise _Overtaken
            found = dict(zip(streams, invoices, strict=True))
            return cash_application.take_back(receipts.require_received(state), found, undone, on=on)

        return self._ledger.change([own, *streams], decide, on=on, cause=cause, content=content)


class _Overtaken(Exception):
    """The receipt pays other invoices than it did when they were looked up."""


def _wanted(invoices: Invoices) -> dict[str, int | None]:
    return {**invoices} if isinstance(invoices, Mapping) else dict.fromkeys(invoices)


def _dated(facts: Iterable[receipts.Fact], state: Receipt | None, on: date) -> list[tuple[receipts.Fact, date]]:
    return [(fact, receipts.effective_from(state, fact, on)) for fact in facts]


def _if_fit(stream: Callable[..., str], *key: str | None) -> str | None:
    """What a payer wrote need not be a number at all."""
    try:
        return stream(*(part or "" for part in key))
    except Refused:
        return None


def _again(state: Receipt, *, customer: str | None, **money: Any) -> Sequence[receipts.Fact]:
    """The same money again; whose it is may have been found out since, and with it whose key sealed the payer."""
    first = state.received
    return receipts.receive(state, customer=customer or first.customer, payer_encrypted=first.payer_encrypted, **money)
