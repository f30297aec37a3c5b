"""Customers: every decision on one of them, their personal data, and its end."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain import customer as customers
from domain.customer import Customer
from domain.customer.account import require_customer
from domain.entry import Cause, customer_stream
from domain.invoice import Invoice
from domain.receipt import Receipt
from infra.encryption import Encryption
from infra.log.decision import Done
from infra.log.ledger import Ledger
from projections.open_items.standing import readable_account
from services.invoices import Decision, asks_for
from services.standing import Standing

RETENTION_YEARS = 10


class Customers:
    """`standing` answers from views as fresh as the ledger."""

    def __init__(
        self, ledger: Ledger, encryption: Encryption, standing: Standing, retention_years: int = RETENTION_YEARS
    ):
        self._ledger, self._encryption, self._standing = ledger, encryption, standing
        self._retention_years = retention_years

    def ask(self, decision: Decision, customer: str, /, *, on: date, cause: Cause, **asked: Any) -> Done:
        """A decision of `domain.customer`; one about a bureau names the invoice by its stream."""
        stream = customer_stream(customer)
        streams, given = [stream], dict(asked)
        if asks_for(decision, "on"):
            given["on"] = on
        if asks_for(decision, "number"):
            given["number"] = customer
        if asks_for(decision, "was_warned"):
            streams.append(asked["invoice"])

        def decide(account: Customer | None, invoice: Invoice | None = None) -> Mapping[str, Sequence[Any]]:
            warned = {"was_warned": _was_warned(invoice, customer, asked["bureau"])} if len(streams) > 1 else {}
            return {stream: decision(account, **given, **warned)}

        return self._ledger.change(streams, decide, on=on, cause=cause, content=[decision.__name__, stream, asked])

    def set_contact(self, customer: str, contact: Mapping[str, Any], *, on: date, cause: Cause) -> Done:
        """Kept only as ciphertext under the customer's own key; the same contact again changes nothing."""
        require_customer(self._ledger.state(customer_stream(customer)))
        encrypted = self._encryption.encrypt(customer, contact)
        return self.ask(customers.set_contact, customer, on=on, cause=cause, encrypted=encrypted)

    def contact(self, customer: str) -> dict[str, Any] | None:
        """None when there is none, or not any more."""
        account: Customer | None = self._ledger.state(customer_stream(customer))
        return self._opened(customer, account)

    def show(self, customer: str) -> dict[str, Any]:
        """Terms, trust, contact and what is owed, as JSON has it; refuses `not_registered`."""
        account = require_customer(self._ledger.state(customer_stream(customer)))
        position, owed = self._standing.owed(customer)
        return readable_account(account, self._opened(customer, account), owed) | {"position": position}

    def erase(self, customer: str, *, why: str, on: date, cause: Cause) -> Done:
        """Destroys the keys of the customer's personal data; refuses `must_be_kept` while the law keeps the vouchers.

        Recorded first, destroyed after: asked again after a crash between the two, it destroys what is left.
        """
        retained_until = self._retained_until(customer)

        def decide(account: Customer | None) -> Mapping[str, Sequence[Any]]:
            return {stream: customers.erase(account, why=why, retained_until=retained_until, on=on)}

        stream = customer_stream(customer)
        done = self._ledger.change([stream], decide, on=on, cause=cause, content=["erase", stream, why])
        self._encryption.destroy(customer)
        for receipt in self._standing.receipts(customer):
            state: Receipt | None = self._ledger.state(receipt)
            if state and state.received.payer_encrypted and not state.received.customer:
                self._encryption.destroy(receipt)
        return done

    def _opened(self, customer: str, account: Customer | None) -> dict[str, Any] | None:
        return (
            self._encryption.decrypt(customer, account.encrypted_contact)
            if account and account.encrypted_contact
            else None
        )

    def _retained_until(self, customer: str) -> date | None:
        """Vouchers are kept for so many years from the end of the year of the last."""
        last = self._standing.last_voucher_on(customer)
        return date(last.year + self._retention_years, 12, 31) if last else None


def _was_warned(invoice: Invoice | None, customer: str, bureau: str) -> bool:
    return bool(invoice and invoice.issued.customer == customer and bureau in invoice.bureaus)
