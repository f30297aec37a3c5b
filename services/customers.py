"""Questions about customers: who they are, what was agreed with them, how far they are trusted, what they owe."""

from collections.abc import Callable
from datetime import date, datetime

from domain.customer import Customer
from domain.customer.account import require_customer
from domain.entry import customer_stream
from infra.clock import Clock
from infra.disclosures import CONTACT, Disclose
from infra.encryption import Encryption
from infra.log.ledger import Ledger
from projections.audit.as_it_was import customer_facts_on, state_on
from services.answers.as_known import as_of_and_known_at
from services.answers.customer import Contact, CustomerAnswer, customer_answer
from services.debtors import Debtors
from services.snapshots import LAST, require_day, require_past


class Customers:
    def __init__(
        self,
        ledger: Ledger,
        encryption: Callable[[], Encryption],
        debtors: Debtors,
        disclose: Disclose,
        *,
        clock: Clock,
        today: Callable[[], date],
    ):
        self._ledger, self._encryption, self._debtors = ledger, encryption, debtors
        self._disclose, self._clock, self._today = disclose, clock, today

    def contact(self, customer: str) -> Contact | None:
        """None when there is none, or not any more."""
        account: Customer | None = self._ledger.state(customer_stream(customer))
        return self._decrypted(customer, account, "customer contact")

    def show(self, customer: str, as_of: date | None = None, known_at: datetime | None = None) -> CustomerAnswer:
        """Terms, trust, contact and what is owed; with a day or an instant as it was then.

        Refuses `not_registered`, `bad_day` and `not_yet`.
        """
        stream = customer_stream(customer)
        if as_of is None and known_at is None:
            account = require_customer(self._ledger.state(stream))
            position, owed = self._debtors.owed(customer)
            entries = self._ledger.facts(stream)
        else:
            as_of = require_day(as_of or self._today())
            then = self._ledger.position_at(require_past(known_at, self._clock())) if known_at else None
            position, owed = self._debtors.owed_on(customer, as_of, then)
            entries = customer_facts_on(self._ledger.facts(stream), as_of, LAST if then is None else then)
            account = require_customer(state_on(entries))
        contact = self._decrypted(customer, account, "customer show")
        answer = customer_answer(account, entries, contact, owed, position)
        return {**answer, **as_of_and_known_at(as_of, known_at)}

    def _decrypted(self, customer: str, account: Customer | None, purpose: str) -> Contact | None:
        if not account or not account.encrypted_contact:
            return None
        contact = self._encryption().decrypt(customer, account.encrypted_contact)
        if contact:
            self._disclose(purpose, [customer], CONTACT)
        return contact
