"""The commands on a receipt: money that came in, which invoices it pays, and what happens when it is taken back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from domain import application_notes, cash_application, exchanging, taking_back
from domain import receipt as receipts
from domain.customer.account import require_customer
from domain.entry import customer_stream, invoice_stream
from domain.exchanging import OWED, Difference
from domain.invoice import Invoice
from domain.invoice.paying import COSTS_FIRST, Order
from domain.kinds import key_of
from domain.notes import OTHER_ENTITY, UNKNOWN_INVOICE, Note
from domain.receipt import Receipt, Remittance
from domain.refusal import Refused
from infra.log.decision import Overtaken
from services.catalogue.command import (
    Asked,
    Change,
    Command,
    Decided,
    Permission,
    Reader,
    across,
    planned,
    require_its_day,
)

CASH = Permission.BOOK_CASH


def _record(
    asked: Asked,
    reader: Reader,
    *,
    amount_minor: int,
    currency: str,
    entity: str | None = None,
    customer: str | None = None,
    invoices: Sequence[Remittance] = (),
    references: Sequence[str] = (),
    bank_entry: str | None = None,
    payer: str | None = None,
    order: Order = COSTS_FIRST,
) -> Change:
    """Money pays the invoices named, else the customer's oldest; what a payer wrote need not be an invoice's number.

    Without an entity and an invoice it is the money of the one entity to which the customer owes, if it is one.
    """
    account = _if_fit(customer_stream, customer) if customer else None
    oldest: Sequence[str] = ()
    if account and customer and not invoices:
        known: Receipt | None = None if entity else reader.state(asked.stream)
        if known:
            # The same again: what is owed to whom may have changed.
            entity = known.received.entity
        else:
            oldest = reader.oldest_first(customer, entity, currency, asked.day)
    entity = entity or (key_of(oldest[0])["entity"] if oldest else reader.default_entity)
    wanted = wanted_of(invoices, entity) if invoices else dict.fromkeys(oldest)
    streams = [*([account] if account else []), *wanted]
    unfit = [customer] if customer and not account else []
    owner, encrypted = asked.stream, None
    if payer and not reader.state(asked.stream):
        owner = _owner(asked.stream, account and customer, (reader.state(stream) for stream in wanted))
        encrypted = reader.encrypt(owner, {"payer": payer})
    notes = list[Note]()

    def decide(states: Mapping[str, Any]) -> Decided:
        owner_now = _owner(asked.stream, account and customer, (states[stream] for stream in wanted))
        if payer and not states[asked.stream] and owner != owner_now:
            raise Overtaken
        decided = cash_application.record(
            states,
            wanted,
            number=asked.key["receipt"],
            entity=entity,
            currency=currency,
            amount_minor=amount_minor,
            value_on=asked.day,
            customer=customer if account else None,
            references=[*references, *(each.invoice for each in invoices), *unfit],
            bank_entry=bank_entry,
            payer_encrypted=encrypted,
            order=order,
        )
        no_numbers = [each.invoice for each in invoices if not _if_fit(invoice_stream, each.invoice, entity)]
        notes[:] = application_notes.of_money(states, wanted if invoices else {}, decided, asked.stream, no_numbers)
        return decided

    takes_from = [*wanted] if invoices else []
    return across(asked, streams, decide, takes_from=takes_from, notes=lambda: _of_other_entities(notes, reader))


def _identify(asked: Asked, reader: Reader, *, customer: str) -> Change:
    """From the day the money came unless a day is given: it was always theirs."""
    account = customer_stream(customer)

    def decide(states: Mapping[str, Any]) -> Decided:
        require_customer(states[account])
        known = receipts.require_received(states[asked.stream])
        paid = [states[stream] for stream in taking_back.invoices_of(known)]
        pays_theirs = all(invoice.issued.customer == customer for invoice in paid)
        facts = receipts.identify(known, asked.on, customer=customer, pays_theirs=pays_theirs)
        if asked.on:
            receipts.require_since_received(known, asked.on)
        return {asked.stream: [(fact, asked.on or known.received.value_on) for fact in facts]}

    return taken_back(asked, reader, decide, account)


def _allocate(
    asked: Asked,
    reader: Reader,
    *,
    invoices: Sequence[Remittance] = (),
    order: Order = COSTS_FIRST,
    rate: str | None = None,
    difference: Difference = OWED,
) -> Change:
    """Effective from the day the money came unless a day is given: a customer is not late because a clerk is."""
    known = receipts.require_received(reader.state(asked.stream))
    if rate is None:
        return allocation(asked, known, reader, invoices, order)
    if len(invoices) != 1:
        raise Refused("which_invoice", "at a rate of exchange, money goes to one invoice that is named", "invoices")
    [named] = invoices
    stream = invoice_stream(named.invoice, known.entity)

    def decide(states: Mapping[str, Any]) -> Decided:
        asked_for: dict[str, Any] = {"rate": rate, "minor": named.minor, "difference": difference}
        return exchanging.allocate(states, asked.stream, stream, **asked_for, on=asked.on, order=order)

    return across(asked, [stream], decide)


def allocation(
    asked: Asked, known: Receipt, reader: Reader, invoices: Sequence[Remittance], order: Order = COSTS_FIRST
) -> Change:
    """What is left of a receipt or a credit note goes to the invoices named, else to the customer's oldest."""
    wanted: dict[str, int | None] = {
        invoice_stream(number, known.entity): minor for number, minor in _summed(invoices).items()
    }
    if not wanted and not known.customer:
        raise Refused("unidentified", "say whose money it is, or which invoice it is for")
    is_named = bool(wanted)
    if not is_named:
        currency, day = known.received.currency, asked.on or known.received.value_on
        wanted = dict.fromkeys(reader.oldest_first(known.customer or "", known.entity, currency, day))
    notes = list[Note]()
    # Where some of it ended before, it may now be what was allocated last that ends.
    ended = _invoices_that_may_end(known)

    def decide(states: Mapping[str, Any]) -> Decided:
        source = states[asked.stream]
        if missing := [each for each in _invoices_that_may_end(source) if each not in states]:
            raise Overtaken(missing)
        decided = cash_application.apply(states, asked.stream, wanted, on=asked.on, order=order, is_named=is_named)
        notes[:] = application_notes.of_money(states, wanted if is_named else {}, decided, asked.stream)
        return decided

    at = asked._replace(on=asked.on or known.received.value_on)
    takes_from = [*(wanted if is_named else []), *ended]
    return across(at, [*wanted, *ended], decide, takes_from=takes_from, notes=lambda: notes)


def _invoices_that_may_end(source: Receipt) -> list[str]:
    return taking_back.invoices_of(source) if source.reversals or source.undone else []


def unallocate(asked: Asked, reader: Reader, *, allocation: int, amount_minor: int | None = None) -> Change:
    """Effective from the day of the allocation unless a day is given: it was never true."""
    return taken_back(
        asked,
        reader,
        lambda states: taking_back.unallocate(
            states, asked.stream, allocation=allocation, on=asked.on, amount_minor=amount_minor
        ),
    )


def _reverse(asked: Asked, reader: Reader, *, amount_minor: int | None = None) -> Change:
    def decide(states: Mapping[str, Any]) -> Decided:
        source: Receipt | None = states[asked.stream]
        if source and source.is_reversed:
            way_out = "record the money again under another number, and reverse that"
            require_its_day(asked.on, [day for day, _ in source.reversals], "it went back", way_out)
        return taking_back.reverse(states, asked.stream, on=day_of(asked, source), amount_minor=amount_minor)

    return taken_back(asked, reader, decide)


def _refund(asked: Asked, reader: Reader, *, amount_minor: int, reference: str) -> Change:
    def decide(receipt: Receipt | None) -> Decided:
        day = day_of(asked, receipt)
        require_its_refund_day(asked, receipt, reference)
        facts = receipts.refund(receipt, day, amount_minor=amount_minor, reference=reference)
        return {asked.stream: [(fact, day) for fact in facts]}

    return Change([asked.stream], decide, asked.day)


def _move(asked: Asked, reader: Reader, *, to_entity: str) -> Change:
    """Effective from the first day on which all that is left was there unless a day is given: it was always theirs."""

    def decide(receipt: Receipt | None) -> Decided:
        if receipt and receipt.entity == to_entity and receipt.moved_on:
            require_its_day(asked.on, [receipt.moved_on], "it went there", "move it back first")
        return {asked.stream: receipts.move(receipt, asked.on, entity=to_entity)}

    return Change([asked.stream], decide, asked.day)


def taken_back(asked: Asked, reader: Reader, decide: Callable[[Mapping[str, Any]], Decided], *also: str) -> Change:
    """Reads the invoices that it pays, or paid; if these change meanwhile, the command is planned again."""
    source: Receipt | None = reader.state(asked.stream)
    streams = taking_back.invoices_of(source)
    # What took from these later is taken again, and may take from other items.
    first = asked._replace(on=source.received.value_on) if source else asked

    notes = list[Note]()

    def decided(states: Mapping[str, Any]) -> Decided:
        if missing := [each for each in taking_back.invoices_of(states[asked.stream]) if each not in states]:
            raise Overtaken(missing)
        found = decide(states)
        notes[:] = application_notes.of_reopening(states, found, asked.stream)
        return found

    return across(first, [*also, *streams], decided, takes_from=streams, notes=lambda: notes)


def day_of(asked: Asked, source: Receipt | None) -> date:
    """The day given, else today, or the day the money comes where that is later."""
    return asked.on or max(asked.today, source.received.value_on if source else asked.today)


def require_its_refund_day(asked: Asked, source: Receipt | None, reference: str) -> None:
    """Refuses `another_day` for a refund that was recorded with another one."""
    if source:
        days = [
            day for made, day in zip(source.refunds, source.refunded_on, strict=True) if made.reference == reference
        ]
        require_its_day(asked.on, days, f"{reference} was paid back", "another refund has another reference")


def wanted_of(invoices: Sequence[Remittance], entity: str) -> dict[str, int | None]:
    """By stream, in the order named; what cannot be an invoice's number is kept as a reference only."""
    named = _summed(invoices).items()
    return {stream: minor for number, minor in named if (stream := _if_fit(invoice_stream, number, entity))}


def _of_other_entities(found: Sequence[Note], reader: Reader) -> list[Note]:
    """An invoice that is not there may be another entity's."""
    return [_of_other_entity(note, reader) if note.code == UNKNOWN_INVOICE else note for note in found]


def _of_other_entity(note: Note, reader: Reader) -> Note:
    for entity in reader.entities():
        if (stream := _if_fit(invoice_stream, note.about, entity)) and reader.state(stream):
            message = f"invoice {note.about} is of {entity}: the amount is on account; `receipt move` takes it there"
            return Note(OTHER_ENTITY, message, note.about)
    return note


def _owner(own: str, customer: str | None, invoices: Iterable[Invoice | None]) -> str:
    """Whose key encrypts the payer's name: the customer's, or the receipt's while no customer is known."""
    return customer or next((each.issued.customer for each in invoices if each), own)


def _summed(invoices: Sequence[Remittance]) -> dict[str, int | None]:
    """Amounts for an invoice that is named twice are added up."""
    wanted: dict[str, int | None] = {}
    for each in invoices:
        before = wanted.get(each.invoice)
        wanted[each.invoice] = each.minor if before is None else before + (each.minor or 0)
    return wanted


def _if_fit(stream: Callable[..., str], *key: str) -> str | None:
    try:
        return stream(*key)
    except Refused:
        return None


RECORD = planned(
    "receipt.record",
    _record,
    "Money came in: it pays the invoices named, else the customer's oldest; what is left stays on account.",
    CASH,
    day="value_on",
    personal=("payer",),
)
IDENTIFY = planned(
    "receipt.identify",
    _identify,
    "Say whose money it is; from the day it came if no day is given.",
    CASH,
    finish=lambda finisher, stream, position: finisher.destroy_key_if_erased(stream),
)
ALLOCATE = planned(
    "receipt.allocate",
    _allocate,
    "What is left goes to the invoices named, else to the customer's oldest; from the day it came if no day is given.",
    CASH,
)
UNALLOCATE = planned(
    "receipt.unallocate",
    unallocate,
    "Take an allocation back, or part of it, as if it had never been made, or from a day on; again with another day "
    "puts that right.",
    CASH,
    needs_reason=True,
)
REVERSE = planned(
    "receipt.reverse",
    _reverse,
    "A returned debit or a chargeback, of all that was not refunded or of a part: what it paid is open again.",
    CASH,
    needs_reason=True,
)
REFUND = planned("receipt.refund", _refund, "Money goes back to the payer.", CASH)
MOVE = planned(
    "receipt.move",
    _move,
    "The money is another entity's, by default since what is left of it was there: none of it may pay invoices.",
    CASH,
    needs_reason=True,
)

COMMANDS: tuple[Command[...], ...] = (RECORD, IDENTIFY, ALLOCATE, UNALLOCATE, REVERSE, REFUND, MOVE)
