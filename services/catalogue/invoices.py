"""The commands on an invoice."""

from collections.abc import Callable
from datetime import date
from typing import Concatenate, ParamSpec

from domain import invoice as invoices
from domain.billing import Billed, bill
from domain.customer import Customer
from domain.entry import customer_stream
from domain.invoice import Invoice
from services.catalogue.command import (
    Asked,
    Change,
    Command,
    Decided,
    Permission,
    Reader,
    of_invoice,
    of_invoice_and_debtor,
    of_invoice_on,
)

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


ISSUE = _of_bill(bill)
CREDIT = of_invoice(
    "invoice.credit",
    invoices.credit,
    "Apply a credit note: it lessens the principal, the last instalment first.",
    BILL,
    needs_reason=True,
)
VOID = of_invoice(
    "invoice.void",
    invoices.void,
    "Take the invoice back: it is no longer owed from that day on; only while nothing was paid on it.",
    BILL,
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
RESOLVE = of_invoice(
    "invoice.resolve",
    invoices.resolve,
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
WRITE_OFF = of_invoice(
    "invoice.write_off",
    invoices.write_off,
    "Write off all that is open, or part of it.",
    SETTLE,
    needs_reason=True,
)

COMMANDS: tuple[Command[...], ...] = (
    ISSUE, CREDIT, VOID, DELIVER, FAIL_DELIVERY, REMIND, CALL, BLOCK, UNBLOCK, DISPUTE, RESOLVE, INTEREST, FEE,
    COMPENSATION, WAIVE, PROMISE, REVIEW_PROMISE, SETTLE_FOR_LESS, ACCEPT_SETTLEMENT, PLAN, REVIEW_PLAN, WARN_OF_BUREAU,
    FACTOR, PAY_ADVANCE, RELEASE_RESERVE, REASSIGN, PLACE, RECALL, LEGAL, JUDGMENT, WRITE_OFF,
)  # fmt: skip
