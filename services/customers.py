"""Questions about customers: who they are, what was agreed with them, how far they are trusted, what they owe."""

from collections.abc import Callable

from domain.customer import Customer
from domain.customer.account import require_customer
from domain.entry import customer_stream
from infra.disclosures import CONTACT, Disclose
from infra.encryption import Encryption
from infra.log.ledger import Ledger
from services.answers.customer import Contact, CustomerAnswer, customer_answer
from services.debtors import Debtors


class Customers:
    def __init__(self, ledger: Ledger, encryption: Callable[[], Encryption], debtors: Debtors, disclose: Disclose):
        self._ledger, self._encryption, self._debtors = ledger, encryption, debtors
        self._disclose = disclose

    def contact(self, customer: str) -> Contact | None:
        """None when there is none, or not any more."""
        account: Customer | None = self._ledger.state(customer_stream(customer))
        return self._decrypted(customer, account, "customer contact")

    def show(self, customer: str) -> CustomerAnswer:
        """Terms, trust, contact and what is owed; refuses `not_registered`."""
        stream = customer_stream(customer)
        account = require_customer(self._ledger.state(stream))
        position, owed = self._debtors.owed(customer)
        contact = self._decrypted(customer, account, "customer show")
        return customer_answer(account, self._ledger.facts(stream), contact, owed, position)

    def _decrypted(self, customer: str, account: Customer | None, purpose: str) -> Contact | None:
        if not account or not account.encrypted_contact:
            return None
        contact = self._encryption().decrypt(customer, account.encrypted_contact)
        if contact:
            self._disclose(purpose, [customer], CONTACT)
        return contact
