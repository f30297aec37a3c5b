"""The commands on an invoice."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Concatenate, ParamSpec

from domain import application_notes, credit_application, taking_back, writing_off
from domain import invoice as invoices
from domain.billing import Billed, bill
from domain.customer import Customer
from domain.entry import credit_note_stream, customer_stream
from domain.invoice import Invoice, dating
from domain.invoice.disputing import Outcome
from domain.invoice.facts import VoidUndone
from domain.notes import Note
from infra.log.decision import Overtaken
from services.catalogue.command import (
    Asked,
    Change,
    Command,
    Decided,
    Permission,
    Reader,
    across,
    of_invoice,
    of_invoice_and_debtor,
    of_invoice_on,
    planned,
    require_its_day,
)
from services.catalogue.receipts import taken_back

P = ParamSpec("P")

BILL, CHARGE, COLLECT = Permission.BILL, Permission.CHARGE, Permission.COLLECT
SETTLE, HAND_OVER = Permission.SETTLE, Permission.HAND_OVER


def _of_bill(
    decision: Callable[Concatenate[Invoice | None, Customer | None, str, str, date, P], Billed],
) -> Command[P]:
    run: Callable[..., Billed] = decision

    def plan(asked: Asked, reader: Reader) -> Change:
        account, key = customer_stream(str(asked.arguments["customer"])), asked.key

        def decide(invoice: Invoice | None, debtor: Customer | None) -> Decided:
            facts = run(invoice, debtor, key["number"], key["entity"], asked.day, **asked.arguments)
            return dict(zip((account, asked.stream), facts, strict=True))

        return Change([asked.stream, account], decide, asked.day)

    summary = "Issue an invoice; the same number with the same content again changes nothing."
    return Command("invoice.issue", summary, BILL, decision, plan, day="issued_on")


def _credit(asked: Asked, reader: Reader, *, credit_note: str, amount_minor: int, tax_minor: int = 0) -> Change:
    """What exceeds what is open on that day is on account of the customer."""
    key, notes = asked.key, list[Note]()
    note = credit_note_stream(credit_note, key["entity"])

    def decide(states: Mapping[str, Any]) -> Decided:
        if taking_back.is_without_stream(states[asked.stream], credit_note):
            again = invoices.credit(
                states[asked.stream], credit_note=credit_note, amount_minor=amount_minor, tax_minor=tax_minor
            )
            return {asked.stream: again}
        decided = credit_application.issue(
            states,
            credit_note=credit_note,
            entity=key["entity"],
            amount_minor=amount_minor,
            on=_day_of(states[note], asked),
            invoice=key["number"],
            tax_minor=tax_minor,
        )
        notes[:] = application_notes.of_money(states, {asked.stream: None}, decided, note)
        return decided

    return across(asked, [note], decide, takes_from=[asked.stream], notes=lambda: notes)


def _day_of(note: Any, asked: Asked) -> date:
    """The same credit note again, of which no day is given, is of the day it was of."""
    return note.received.value_on if note and not asked.on else asked.day


def _undo_credit(asked: Asked, reader: Reader, *, credit_note: str) -> Change:
    """Effective from the day of the credit note unless a day is given: it was never true."""
    note = credit_note_stream(credit_note, asked.key["entity"])
    if not taking_back.is_without_stream(reader.state(asked.stream), credit_note):
        return taken_back(
            asked._replace(stream=note),
            reader,
            lambda states: taking_back.undo_credit_note(states, note, on=asked.on, invoice=asked.stream),
        )

    def decide(invoice: Invoice | None) -> Decided:
        if not taking_back.is_without_stream(invoice, credit_note):
            raise Overtaken
        return taking_back.undo_applied(invoice, asked.stream, number=credit_note, on=asked.on)

    return Change([asked.stream], decide, asked.day)


def _write_off(
    asked: Asked,
    reader: Reader,
    *,
    amount_minor: int | None = None,
    tax_minor: int = 0,
    approval: str | None = None,
) -> Change:
    """All that is open on that day, or part of it; money that came after it is a recovery."""
    loss: dict[str, Any] = {"amount_minor": amount_minor, "tax_minor": tax_minor, "approval": approval}
    return _before_what_is_later(
        asked, lambda states: writing_off.write_off(states, asked.stream, on=asked.day, **loss)
    )


def _undo_write_off(asked: Asked, reader: Reader) -> Change:
    """Effective from the day of the write-off unless a day is given: it was never true."""
    known: Invoice | None = reader.state(asked.stream)
    at = asked._replace(on=asked.on or (known.write_offs[-1].on if known and known.write_offs else None))
    return _before_what_is_later(at, lambda states: writing_off.undo(states, asked.stream, on=asked.on))


def _void(asked: Asked, reader: Reader) -> Change:
    def decide(states: Mapping[str, Any]) -> Decided:
        invoice: Invoice | None = states[asked.stream]
        if invoice and invoice.void:
            days = [dating.void_on(invoice)]
            require_its_day(asked.on, days, "it was voided", "`invoice undo-void` first, then void it on the right day")
        return writing_off.void(states, asked.stream, on=asked.day)

    return _before_what_is_later(asked, decide)


def _before_what_is_later(asked: Asked, decide: Callable[[Mapping[str, Any]], Decided]) -> Change:
    """Says which money and credit notes are on account again, since they took from the invoice later."""
    notes = list[Note]()

    def decided(states: Mapping[str, Any]) -> Decided:
        found = decide(states)
        notes[:] = application_notes.of_displaced(states, found, asked.stream)
        return found

    return across(asked, [], decided, takes_from=[asked.stream], notes=lambda: notes)


def _undo_void(asked: Asked, reader: Reader) -> Change:
    """Effective from the day of the void unless a day is given: it was never true."""

    def decide(invoice: Invoice | None) -> Decided:
        facts = invoices.undo_void(invoice)
        if invoice and not facts and VoidUndone in invoice.days:
            way_out = "void it on the day of the first void, and undo that on the right day"
            require_its_day(asked.on, [invoice.days[VoidUndone]], "the void was undone", way_out)
        day = asked.on or (dating.void_on(invoice) if invoice and facts else asked.today)
        return {asked.stream: [(fact, day) for fact in dating.require_in_time(invoice, facts, day)]}

    return Change([asked.stream], decide, asked.day)


def _resolve(
    asked: Asked,
    reader: Reader,
    *,
    outcome: Outcome,
    dispute: int | None = None,
    upheld_minor: int | None = None,
    credit_note: str | None = None,
    tax_minor: int = 0,
) -> Change:
    notes = [credit_note_stream(credit_note, asked.key["entity"])] if credit_note else []
    arguments: dict[str, Any] = {"outcome": outcome, "dispute": dispute, "upheld_minor": upheld_minor}
    arguments |= {"credit_note": credit_note, "tax_minor": tax_minor}

    def decide(states: Mapping[str, Any]) -> Decided:
        dating.require_issued_by(states[asked.stream], asked.day)
        return credit_application.resolve(states, asked.stream, on=asked.day, **arguments)

    return across(asked, notes, decide)


ISSUE = _of_bill(bill)
CREDIT = planned(
    "invoice.credit",
    _credit,
    "Apply a credit note: it lessens the principal, the last instalment first; what is more than open is on account.",
    BILL,
    needs_reason=True,
)
UNDO_CREDIT = planned(
    "invoice.undo_credit",
    _undo_credit,
    "The credit note was entered by mistake: what it took is open again, by default from its own day.",
    BILL,
    needs_reason=True,
)
UNDO_VOID = planned(
    "invoice.undo_void",
    _undo_void,
    "The void was a mistake: the invoice is owed as before, by default from the day of the void.",
    BILL,
    needs_reason=True,
)
VOID: Command[...] = Command(
    "invoice.void",
    "Take the invoice back: it is no longer owed from that day on; only while nothing was paid on it.",
    BILL,
    invoices.void,
    _void,
    needs_reason=True,
)
DELIVER = of_invoice("invoice.deliver", invoices.deliver, "Note that a document reached the debtor.", COLLECT)
FAIL_DELIVERY = of_invoice(
    "invoice.fail_delivery",
    invoices.fail_delivery,
    "Note that a document did not reach the debtor, and why.",
    COLLECT,
    needs_reason=True,
)
REMIND = of_invoice_and_debtor(
    "invoice.remind",
    invoices.remind,
    "Record a reminder: each step once, and never about an invoice that must be left alone.",
    COLLECT,
)
CALL = of_invoice_and_debtor(
    "invoice.call",
    invoices.call,
    "Note a call with the debtor; never about an invoice that must be left alone.",
    COLLECT,
)
NOTE = of_invoice(
    "invoice.note", invoices.note, "Note something about the invoice, for all to see: roles, never names.", COLLECT
)
BLOCK = of_invoice_on(
    "invoice.block", invoices.block, "Block dunning of this invoice until a day.", COLLECT, needs_reason=True
)
UNBLOCK = of_invoice(
    "invoice.unblock", invoices.unblock, "End the dunning block of this invoice.", COLLECT, needs_reason=True
)
DISPUTE = of_invoice(
    "invoice.dispute",
    invoices.dispute,
    "Open a dispute about all, or part, of what is open and not yet disputed.",
    COLLECT,
)
RESOLVE = planned(
    "invoice.resolve",
    _resolve,
    "End a dispute: upheld (for the debtor, with a credit note for what was won), rejected or part_upheld.",
    COLLECT,
)
INTEREST = of_invoice_on("invoice.interest", invoices.charge_interest, "Charge interest, given as an amount.", CHARGE)
FEE = of_invoice_on("invoice.fee", invoices.charge_fee, "Charge a dunning fee.", CHARGE)
COMPENSATION = of_invoice_on(
    "invoice.compensation", invoices.claim_compensation, "Claim the fixed compensation for late payment.", CHARGE
)
WAIVE = of_invoice(
    "invoice.waive",
    invoices.waive,
    "Waive what is still open of a charge, or part of it.",
    CHARGE,
    needs_reason=True,
)
PROMISE = of_invoice_on(
    "invoice.promise", invoices.promise, "Record a promise to pay all that is open, or part of it, by a day.", COLLECT
)
REVIEW_PROMISE = of_invoice_on(
    "invoice.review_promise",
    invoices.review_promise,
    "Judge the promise once its day is over: kept, partly kept or broken.",
    COLLECT,
)
SETTLE_FOR_LESS = of_invoice_on(
    "invoice.settle",
    invoices.offer_settlement,
    "Offer a settlement: less than what is open, paid by a day, ends what is owed.",
    SETTLE,
)
ACCEPT_SETTLEMENT = of_invoice_on(
    "invoice.accept_settlement",
    invoices.accept_settlement,
    "The debtor takes the settlement; the rest falls away with the payment that completes it in time.",
    SETTLE,
)
PLAN = of_invoice_on("invoice.plan", invoices.agree_plan, "Agree an instalment plan for all that is open.", COLLECT)
REVIEW_PLAN = of_invoice_on(
    "invoice.review_plan",
    invoices.review_plan,
    "Break the plan when an instalment was missed, complete it when all is paid.",
    COLLECT,
)
WARN_OF_BUREAU = of_invoice_and_debtor(
    "invoice.warn_of_bureau",
    invoices.warn_of_bureau,
    "Record the warning that comes before a report to a bureau.",
    HAND_OVER,
)
FACTOR = of_invoice(
    "invoice.factor",
    invoices.factor,
    "Factor what is open: 10,000 at an advance of 90 and a fee of 3 per cent is 9,000 now and 700 later.",
    HAND_OVER,
)
PAY_ADVANCE = of_invoice("invoice.pay_advance", invoices.pay_advance, "The factor pays the advance.", HAND_OVER)
RELEASE_RESERVE = of_invoice(
    "invoice.release_reserve",
    invoices.release_reserve,
    "The factor has its money and releases the reserve; what the debtor did not pay to us is recorded as paid.",
    HAND_OVER,
)
REASSIGN = of_invoice_on(
    "invoice.reassign",
    invoices.reassign,
    "The factor takes recourse: it gets back what it paid, and the invoice is ours again.",
    HAND_OVER,
    needs_reason=True,
)
PLACE = of_invoice("invoice.place", invoices.place, "Place the invoice with a collection agency.", HAND_OVER)
RECALL = of_invoice(
    "invoice.recall", invoices.recall, "Recall the invoice from the agency.", HAND_OVER, needs_reason=True
)
LEGAL = of_invoice(
    "invoice.legal", invoices.start_legal_action, "Start legal action; one step may follow another.", HAND_OVER
)
JUDGMENT = of_invoice("invoice.judgment", invoices.obtain_judgment, "Record a judgment.", HAND_OVER)
WRITE_OFF = planned(
    "invoice.write_off",
    _write_off,
    "Write off all that is open, or part of it.",
    SETTLE,
    needs_reason=True,
)
UNDO_WRITE_OFF = planned(
    "invoice.undo_write_off",
    _undo_write_off,
    "The last write-off was a mistake: what it took is open again, by default from its own day.",
    SETTLE,
    needs_reason=True,
)

COMMANDS: tuple[Command[...], ...] = (
    ISSUE, CREDIT, VOID, DELIVER, FAIL_DELIVERY, REMIND, CALL, NOTE, BLOCK, UNBLOCK, DISPUTE, RESOLVE, INTEREST, FEE,
    COMPENSATION, WAIVE, PROMISE, REVIEW_PROMISE, SETTLE_FOR_LESS, ACCEPT_SETTLEMENT, PLAN, REVIEW_PLAN, WARN_OF_BUREAU,
    FACTOR, PAY_ADVANCE, RELEASE_RESERVE, REASSIGN, PLACE, RECALL, LEGAL, JUDGMENT, WRITE_OFF,
    UNDO_CREDIT, UNDO_VOID, UNDO_WRITE_OFF,
)  # fmt: skip
