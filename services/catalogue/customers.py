"""The commands on a customer."""

from datetime import date

from domain import credit_note
from domain import customer as customers
from domain.customer import Customer
from domain.customer.account import require_customer
from domain.customer.facts import Registered
from domain.entry import Entry, invoice_stream
from domain.invoice import Invoice
from domain.invoice.facts import Issued
from domain.receipt import Identified, Received
from domain.refusal import Refused
from services.catalogue.command import Asked, Change, Command, Decided, Permission, Reader, of_customer, planned

COLLECT, GRANT_CREDIT, HAND_OVER = Permission.COLLECT, Permission.GRANT_CREDIT, Permission.HAND_OVER
KEEP_CUSTOMERS, ERASE_DATA = Permission.KEEP_CUSTOMERS, Permission.ERASE

RETENTION_YEARS = 10


def _register(asked: Asked, reader: Reader, *, country: str | None = None) -> Change:
    def decide(customer: Customer | None) -> Decided:
        return {asked.stream: customers.register(customer, asked.key["customer"], country=country)}

    return Change([asked.stream], decide, asked.day)


def _contact(
    asked: Asked,
    reader: Reader,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    address: str | None = None,
) -> Change:
    parts = {"name": name, "email": email, "phone": phone, "address": address}
    contact = {part: value for part, value in parts.items() if value}
    if not contact:
        raise Refused("argument_missing", "name at least one of name, email, phone and address")
    number = asked.key["customer"]
    require_customer(reader.state(asked.stream))
    encrypted = reader.encrypt(number, contact)
    if encrypted is None:
        raise Refused("data_erased", f"the personal data of customer {number} was erased; none can be added")

    def decide(customer: Customer | None) -> Decided:
        return {asked.stream: customers.set_contact(customer, encrypted=encrypted)}

    return Change([asked.stream], decide, asked.day)


def _block(asked: Asked, reader: Reader, *, until: date) -> Change:
    def decide(customer: Customer | None) -> Decided:
        return {asked.stream: customers.block(customer, asked.day, until=until)}

    return Change([asked.stream], decide, asked.day)


def _report(asked: Asked, reader: Reader, *, bureau: str, invoice: str, entity: str = "main") -> Change:
    stream = invoice_stream(invoice, entity)

    def decide(customer: Customer | None, state: Invoice | None) -> Decided:
        is_theirs = state is not None and state.issued.customer == asked.key["customer"]
        was_warned = state is not None and is_theirs and bureau in state.bureaus
        return {asked.stream: customers.report_to_bureau(customer, was_warned, bureau=bureau, invoice=stream)}

    return Change([asked.stream, stream], decide, asked.day)


def _withdraw(asked: Asked, reader: Reader, *, bureau: str, invoice: str, entity: str = "main") -> Change:
    stream = invoice_stream(invoice, entity)

    def decide(customer: Customer | None) -> Decided:
        return {asked.stream: customers.withdraw_report(customer, bureau=bureau, invoice=stream)}

    return Change([asked.stream], decide, asked.day)


def _erase(asked: Asked, reader: Reader) -> Change:
    """The last voucher is looked up in the views; if one is recorded meanwhile, the command is planned again."""
    number = asked.key["customer"]
    last_on, read_to = reader.last_voucher_on(number)
    # Vouchers are kept for so many years from the end of the year of the last.
    retained_until = date(last_on.year + RETENTION_YEARS, 12, 31) if last_on else None

    def decide(customer: Customer | None) -> Decided:
        return {asked.stream: customers.erase(customer, asked.day, retained_until)}

    def concerns(entry: Entry) -> bool:
        fact = entry.fact
        is_voucher = isinstance(fact, Issued | credit_note.Issued | Received | Identified | Registered)
        return is_voucher and fact.customer == number

    return Change([asked.stream], decide, asked.day, read_to, concerns)


REGISTER = planned("customer.register", _register, "Register a customer; again changes nothing.", KEEP_CUSTOMERS)
TERMS = of_customer(
    "customer.terms",
    customers.agree_terms,
    "Agree payment terms: net days or instalments, early-payment discount, language, channel.",
    KEEP_CUSTOMERS,
)
CONTACT = planned(
    "customer.contact",
    _contact,
    "Set the contact, in place of the one before; it is kept encrypted under the customer's own key.",
    KEEP_CUSTOMERS,
    personal=("name", "email", "phone", "address"),
)
COLLECTOR = of_customer(
    "customer.collector",
    customers.assign_collector,
    "Say which collector looks after the customer.",
    KEEP_CUSTOMERS,
)
CHECK = of_customer("customer.check", customers.check_credit, "Record a credit check.", GRANT_CREDIT)
LIMIT = of_customer(
    "customer.limit",
    customers.set_limit,
    "Set the credit limit; zero means no credit at all.",
    GRANT_CREDIT,
    needs_reason=True,
)
HOLD = of_customer("customer.hold", customers.hold, "Hold orders or deliveries.", GRANT_CREDIT, needs_reason=True)
RELEASE = of_customer("customer.release", customers.release, "Release a hold.", GRANT_CREDIT, needs_reason=True)
PREPAYMENT = of_customer(
    "customer.prepayment",
    customers.require_prepayment,
    "Require a share of each order beforehand.",
    GRANT_CREDIT,
    needs_reason=True,
)
REVIEW = of_customer(
    "customer.review",
    customers.review_risk,
    "Set the risk class by hand; it comes before the computed one.",
    GRANT_CREDIT,
    needs_reason=True,
)
RETAINER = of_customer("customer.retainer", customers.agree_retainer, "Agree a retainer.", GRANT_CREDIT)
REPLENISH = of_customer(
    "customer.replenish",
    customers.request_replenishment,
    "Ask for what is missing of the retainer.",
    GRANT_CREDIT,
)
BLOCK = planned("customer.block", _block, "Block dunning until a day.", COLLECT, needs_reason=True)
UNBLOCK = of_customer("customer.unblock", customers.unblock, "End the dunning block.", COLLECT, needs_reason=True)
NOTE = of_customer(
    "customer.note", customers.note_contact, "Note a contact, for all to see: roles, never names.", COLLECT
)
REPORT = planned(
    "customer.report",
    _report,
    "Record a report to a bureau; the debtor must have been warned of it.",
    HAND_OVER,
)
WITHDRAW = planned("customer.withdraw", _withdraw, "Withdraw a report to a bureau.", HAND_OVER, needs_reason=True)
ERASE = planned(
    "customer.erase",
    _erase,
    "Destroy the keys of the customer's personal data; refused while the law keeps their vouchers.",
    ERASE_DATA,
    needs_reason=True,
    finish=lambda finisher, stream, position: finisher.destroy_keys(stream, position),
)

COMMANDS: tuple[Command[...], ...] = (
    REGISTER, TERMS, CONTACT, COLLECTOR, CHECK, LIMIT, HOLD, RELEASE, PREPAYMENT, REVIEW, RETAINER, REPLENISH, BLOCK,
    UNBLOCK, NOTE, REPORT, WITHDRAW, ERASE,
)  # fmt: skip
