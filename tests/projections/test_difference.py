"""What an auditor reads beside each fact, against cases worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain import credit_note, entity, text, tick
from domain.case import facts as case
from domain.contact import facts as contact
from domain.customer import facts as customer
from domain.entry import Cause, Entry
from domain.invoice import facts as invoice_facts
from domain.invoice.facts import Part
from domain.kinds import FACTS
from domain.policy import Published
from domain.policy.document import Policy, Step
from domain.receipt import (
    Allocated,
    AllocationReinstated,
    Identified,
    Moved,
    Received,
    Refunded,
    Reversed,
    Unallocated,
)
from domain.terms import EarlyDiscount, Instalment, Share
from projections.audit.difference import difference, differences

# What happened before, the fact, and what an auditor reads.
Worked = tuple[list[Any], Any, str]

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
TODAY = date(2026, 3, 10)

ISSUED = invoice_facts.Issued(
    "R-1", "main", "ann", "EUR", 100000, 0, date(2026, 1, 1), (Instalment(JAN, 40000), Instalment(FEB, 60000))
)
SINGLE = invoice_facts.Issued("R-2", "main", "ann", "EUR", 100000, 0, date(2026, 1, 1), (Instalment(MAR, 100000),))
ALL = (Part(1, 40000), Part(2, 60000))
DISPUTED = invoice_facts.Disputed(1, "quality", 30000, (Part(2, 30000),), "half of it is rust")
PROMISED = invoice_facts.PromiseMade(1, 50000, date(2026, 3, 20))
OFFERED = invoice_facts.SettlementOffered(1, 80000, MAR, "free training")
PLAN = invoice_facts.InstalmentPlanAgreed((Instalment(MAR, 50000), Instalment(date(2026, 4, 30), 50000)), 3, ALL)
SOLD = invoice_facts.Factored("Faktor AG", 100000, 90000, 3000, 7000, True, date(2026, 6, 30))
PLACED = invoice_facts.PlacedWithAgency("Inkasso GmbH", 1250, 100000)
LOST = invoice_facts.WrittenOff(100000, 16000, ALL)

CLAIMS: list[Worked] = [
    ([], ISSUED, "open 0.00 -> 1,000.00 EUR; 2 instalments due 2026-01-31 to 2026-02-28"),
    ([], SINGLE, "open 0.00 -> 1,000.00 EUR; due 2026-03-31"),
    ([ISSUED], invoice_facts.Delivered("email", "a1"), "delivered by email"),
    ([ISSUED], invoice_facts.DeliveryFailed("letter", "a1"), "not delivered by letter"),
    ([ISSUED], invoice_facts.Reminded("first", "email", "b2"), "reminded by email, step first"),
    ([ISSUED], invoice_facts.Called("the owner", "will_pay", "forgot"), "called, spoke with the owner: will pay"),
    ([ISSUED], invoice_facts.Noted("the crate was opened at customs"), "note added"),
    ([ISSUED], invoice_facts.BureauWarned("Schufa", "letter", "c3"), "warned by letter of a report to Schufa"),
    (
        [ISSUED],
        invoice_facts.PartiallyPaid("m1", 1, 60000, (Part(2, 60000),)),
        "open 1,000.00 -> 400.00 EUR; overdue instalment 2 paid",
    ),
    (
        [SINGLE, PLACED],
        invoice_facts.PartiallyPaid("m1", 1, 40000, (Part(1, 40000),), 5000),
        "open 1,000.00 -> 600.00 EUR; instalment 1 paid in part, 600.00 EUR left; the agency keeps 50.00 EUR",
    ),
    (
        [ISSUED],
        invoice_facts.Paid("m1", 1, 100000, ALL),
        "open 1,000.00 -> 0.00 EUR; overdue instalment 1 paid; overdue instalment 2 paid",
    ),
    (
        [SINGLE],
        invoice_facts.DiscountTaken("m1", 1, 2000, (Part(1, 2000),)),
        "open 1,000.00 -> 980.00 EUR; 20.00 EUR of early payment discount taken",
    ),
    (
        [
            SINGLE,
            invoice_facts.DiscountTaken("m1", 1, 2000, (Part(1, 2000),)),
            invoice_facts.Paid("m1", 1, 98000, (Part(1, 98000),)),
        ],
        invoice_facts.PaymentReversed("m1", 1, 98000, 2000, (Part(1, 100000),)),
        "open 0.00 -> 1,000.00 EUR; payment reversed; instalment 1 open again; 20.00 EUR of discount taken back",
    ),
    (
        [SINGLE],
        invoice_facts.CreditNoteApplied("G-1", 25000, 0, (Part(1, 25000),)),
        "open 1,000.00 -> 750.00 EUR; credit note G-1; instalment 1 credited in part, 750.00 EUR left",
    ),
    ([ISSUED], DISPUTED, "disputed 0.00 -> 300.00 EUR; dispute 1 raised: quality"),
    (
        [ISSUED, DISPUTED],
        invoice_facts.DisputeResolved(1, "part_upheld", 10000, (Part(2, 30000),)),
        "disputed 300.00 -> 0.00 EUR; dispute 1 part upheld, 100.00 EUR won",
    ),
    (
        [ISSUED, DISPUTED],
        invoice_facts.DisputeResolved(1, "rejected", 0, (Part(2, 30000),)),
        "disputed 300.00 -> 0.00 EUR; dispute 1 rejected",
    ),
    (
        [ISSUED],
        invoice_facts.InterestCharged(3, 1234, MAR, JAN, TODAY, "9 points over base"),
        "open 1,000.00 -> 1,012.34 EUR; interest of 12.34 EUR for 2026-01-31 to 2026-03-10, due 2026-03-31",
    ),
    (
        [ISSUED],
        invoice_facts.FeeCharged(3, 500, MAR, "second letter"),
        "open 1,000.00 -> 1,005.00 EUR; fee of 5.00 EUR, due 2026-03-31",
    ),
    (
        [ISSUED],
        invoice_facts.CompensationClaimed(3, 4000, MAR, "late payment law"),
        "open 1,000.00 -> 1,040.00 EUR; compensation of 40.00 EUR, due 2026-03-31",
    ),
    (
        [ISSUED, invoice_facts.FeeCharged(3, 500, MAR, "second letter")],
        invoice_facts.ChargeWaived(3, 500, (Part(3, 500),)),
        "open 1,005.00 -> 1,000.00 EUR; fee 3 waived",
    ),
    ([ISSUED], PROMISED, "promise 1 of 500.00 EUR for 2026-03-20 made"),
    ([ISSUED, PROMISED], invoice_facts.PromiseKept(1), "promise 1 of 500.00 EUR for 2026-03-20 kept"),
    (
        [ISSUED, PROMISED],
        invoice_facts.PromisePartlyKept(1, 20000),
        "promise 1 of 500.00 EUR for 2026-03-20 partly kept, 200.00 EUR paid",
    ),
    ([ISSUED, PROMISED], invoice_facts.PromiseBroken(1), "promise 1 of 500.00 EUR for 2026-03-20 broken"),
    (
        [ISSUED],
        OFFERED,
        "settlement 1 offered: 800.00 EUR by 2026-03-31 settles the invoice, with free training",
    ),
    ([ISSUED, OFFERED], invoice_facts.SettlementAccepted(1), "settlement 1 accepted"),
    (
        [ISSUED, PROMISED],
        PLAN,
        "instalment plan agreed, 2 instalments due 2026-03-31 to 2026-04-30; promise 1 gives way to it",
    ),
    ([ISSUED, PLAN], invoice_facts.InstalmentPlanBroken(3), "instalment plan broken, instalment 3 missed"),
    (
        [ISSUED, PLAN],
        invoice_facts.InstalmentPlanBroken(3, 5, date(2026, 4, 2), (Part(4, 50000),)),
        "instalment plan broken, instalment 3 missed; 500.00 EUR due 2026-04-02",
    ),
    ([ISSUED, PLAN], invoice_facts.InstalmentPlanCompleted(), "instalment plan completed"),
    (
        [ISSUED],
        SOLD,
        "factored to Faktor AG with recourse until 2026-06-30; advance 900.00 EUR, fee 30.00 EUR, reserve 70.00 EUR",
    ),
    ([ISSUED, SOLD], invoice_facts.FactorAdvancePaid(90000), "advance of 900.00 EUR paid by Faktor AG"),
    ([ISSUED, SOLD], invoice_facts.FactorReserveReleased(7000), "reserve of 70.00 EUR released by Faktor AG"),
    ([ISSUED, SOLD], invoice_facts.Reassigned(90000), "back from Faktor AG, 900.00 EUR repaid"),
    ([ISSUED], PLACED, "1,000.00 EUR placed with Inkasso GmbH at 12.5 % commission"),
    ([ISSUED, PLACED], invoice_facts.RecalledFromAgency(), "back from Inkasso GmbH"),
    (
        [ISSUED],
        invoice_facts.LegalActionStarted("order_for_payment", "B 12/26"),
        "legal action started: order for payment B 12/26",
    ),
    ([ISSUED], invoice_facts.JudgmentObtained("B 12/26", 100000), "judgment B 12/26 over 1,000.00 EUR"),
    (
        [ISSUED],
        LOST,
        "open 1,000.00 -> 0.00 EUR; written off 0.00 -> 1,000.00 EUR; overdue instalment 1 written off; "
        "overdue instalment 2 written off",
    ),
    (
        [ISSUED, LOST],
        invoice_facts.Recovered("m2", 1, 30000),
        "written off 1,000.00 -> 700.00 EUR; 300.00 EUR recovered",
    ),
    ([ISSUED], invoice_facts.Voided(ALL), "open 1,000.00 -> 0.00 EUR; the invoice is void"),
]

REGISTERED = customer.Registered("ann", "DE")
NET_30 = customer.TermsAgreed((Share(30, 10000),))
BLOCKED = customer.DunningBlocked(MAR)

CUSTOMERS: list[Worked] = [
    ([], REGISTERED, "customer ann registered in DE"),
    ([customer.Registered("ann")], REGISTERED, "country none -> DE"),
    ([REGISTERED], NET_30, "terms none -> net 30 days; language none -> en; channel none -> email"),
    (
        [REGISTERED, NET_30],
        customer.TermsAgreed((Share(0, 3000), Share(30, 7000)), (EarlyDiscount(10, 200),), holds_delivery=True),
        "terms net 30 days -> 30 % after 0 days, 70 % after 30 days; discount none -> 2 % within 10 days; "
        "delivery held until paid no -> yes",
    ),
    ([REGISTERED], customer.ContactSet("c2VhbGVk"), "contact set, encrypted"),
    ([REGISTERED, customer.ContactSet("b25l")], customer.ContactSet("dHdv"), "contact replaced, encrypted"),
    (
        [REGISTERED],
        customer.CreditChecked("Creditreform", 62, MAR),
        "credit score none -> 62 by Creditreform, until 2026-03-31",
    ),
    (
        [REGISTERED, customer.CreditLimitSet(500000, "EUR")],
        customer.CreditLimitSet(750000, "EUR", MAR),
        "credit limit 5,000.00 EUR -> 7,500.00 EUR until 2026-03-31",
    ),
    ([REGISTERED], customer.PlacedOnHold("orders"), "orders on hold"),
    (
        [REGISTERED, customer.PlacedOnHold("orders")],
        customer.ReleasedFromHold("orders"),
        "orders released",
    ),
    ([REGISTERED], customer.PrepaymentRequired(5000), "prepayment 0 % -> 50 %"),
    ([REGISTERED], BLOCKED, "reminders blocked until 2026-03-31"),
    (
        [REGISTERED, BLOCKED],
        customer.DunningBlocked(date(2026, 5, 1)),
        "reminders blocked until 2026-05-01, earlier until 2026-03-31",
    ),
    ([REGISTERED, BLOCKED], customer.DunningUnblocked(), "reminders allowed again"),
    (
        [REGISTERED],
        customer.ContactNoted("phone", "accounts payable", "overdue list", "will look"),
        "contact by phone with accounts payable noted: overdue list",
    ),
    (
        [REGISTERED, customer.CollectorAssigned("eve")],
        customer.CollectorAssigned("joe"),
        "collector eve -> joe",
    ),
    (
        [REGISTERED],
        customer.RetainerAgreed(500000, "EUR", 100000),
        "retainer none -> 5,000.00 EUR; replenished below 1,000.00 EUR",
    ),
    ([REGISTERED], customer.RetainerReplenishmentRequested(420000, "EUR"), "4,200.00 EUR of retainer asked for"),
    (
        [REGISTERED, customer.RiskReviewed("B")],
        customer.RiskReviewed("C", MAR),
        "risk class B -> C; next review 2026-03-31",
    ),
    (
        [REGISTERED, customer.RiskReviewed("C")],
        customer.RiskReviewed("C"),
        "risk class C confirmed",
    ),
    (
        [REGISTERED],
        customer.ReportedToBureau("Schufa", "invoice:main:R-1"),
        "reported to Schufa for invoice R-1 of main",
    ),
    (
        [REGISTERED, customer.ReportedToBureau("Schufa", "invoice:main:R-1")],
        customer.BureauReportWithdrawn("Schufa", "invoice:main:R-1"),
        "report to Schufa for invoice R-1 of main withdrawn",
    ),
    (
        [REGISTERED, customer.ContactSet("b25l")],
        customer.DataErased(),
        "personal data erased: what was encrypted can no longer be read",
    ),
]

RECEIVED = Received("m1", "main", "KWD", 5000, TODAY, "ann")
UNKNOWN = Received("m2", "main", "JPY", 5000, TODAY)
ALLOCATED = Allocated(1, "invoice:main:R:1", 3000)

RECEIPTS: list[Worked] = [
    ([], RECEIVED, "unallocated 0.000 -> 5.000 KWD; received from ann, value 2026-03-10"),
    ([], UNKNOWN, "unallocated 0 -> 5,000 JPY; received from an unidentified payer, value 2026-03-10"),
    ([UNKNOWN], Identified("bob"), "customer none -> bob"),
    ([RECEIVED], ALLOCATED, "unallocated 5.000 -> 2.000 KWD; 3.000 KWD to invoice R:1 of main, allocation 1"),
    (
        [RECEIVED, ALLOCATED],
        Unallocated(1, "invoice:main:R:1", 3000),
        "unallocated 2.000 -> 5.000 KWD; 3.000 KWD back from invoice R:1 of main, allocation 1",
    ),
    ([RECEIVED], Refunded(2000, "SEPA 7"), "unallocated 5.000 -> 3.000 KWD; 2.000 KWD refunded, SEPA 7"),
    ([RECEIVED], Reversed(5000), "unallocated 5.000 -> 0.000 KWD; 5.000 KWD taken back by the bank"),
]

NOTE = credit_note.Issued("C-1", "main", "ann", "EUR", 30000, 4790, TODAY, "R-1")
NOTED = credit_note.Allocated(1, "invoice:main:R-1", 20000)
NOTE_BACK = credit_note.Unallocated(1, "invoice:main:R-1", 20000)
BACK = Unallocated(1, "invoice:main:R:1", 3000)
CREDITED = invoice_facts.CreditNoteApplied("C-1", 20000, 0, (Part(2, 20000),), 1)
CREDIT_UNDONE = invoice_facts.CreditNoteUndone("C-1", 1, 20000, 0, (Part(2, 20000),))
PAID_BACK = invoice_facts.PaymentReversed("m1", 1, 60000, 0, (Part(2, 60000),))

# What was a mistake, what holds after all, and what is on account as credit.
PUT_RIGHT: list[Worked] = [
    (
        [RECEIVED, ALLOCATED, BACK],
        AllocationReinstated(1, "invoice:main:R:1", 3000),
        "unallocated 5.000 -> 2.000 KWD; 3.000 KWD still to invoice R:1 of main, allocation 1",
    ),
    ([RECEIVED], Moved("north", 5000, 2), "5.000 KWD moved to north"),
    ([], NOTE, "unallocated 0.00 -> 300.00 EUR; credit note for ann, invoice R-1"),
    ([NOTE], NOTED, "unallocated 300.00 -> 100.00 EUR; 200.00 EUR to invoice R-1 of main, allocation 1"),
    (
        [NOTE, NOTED],
        NOTE_BACK,
        "unallocated 100.00 -> 300.00 EUR; 200.00 EUR back from invoice R-1 of main, allocation 1",
    ),
    (
        [NOTE, NOTED, NOTE_BACK],
        credit_note.AllocationReinstated(1, "invoice:main:R-1", 20000),
        "unallocated 300.00 -> 100.00 EUR; 200.00 EUR still to invoice R-1 of main, allocation 1",
    ),
    ([NOTE], credit_note.Refunded(10000, "SEPA 8"), "unallocated 300.00 -> 200.00 EUR; 100.00 EUR refunded, SEPA 8"),
    ([NOTE], credit_note.Undone(30000), "unallocated 300.00 -> 0.00 EUR; 300.00 EUR of it undone"),
    (
        [ISSUED, CREDITED],
        CREDIT_UNDONE,
        "open 800.00 -> 1,000.00 EUR; credit note C-1 taken back; overdue instalment 2 open again",
    ),
    (
        [ISSUED, CREDITED, CREDIT_UNDONE],
        invoice_facts.CreditNoteReinstated("C-1", 1, 20000, 0, (Part(2, 20000),)),
        "open 1,000.00 -> 800.00 EUR; credit note C-1 reinstated; "
        "overdue instalment 2 credited in part, 400.00 EUR left",
    ),
    (
        [ISSUED, LOST],
        invoice_facts.WriteOffUndone(100000, 16000, ALL),
        "open 0.00 -> 1,000.00 EUR; written off 1,000.00 -> 0.00 EUR; write-off undone; "
        "overdue instalment 1 open again; overdue instalment 2 open again",
    ),
    (
        [ISSUED, invoice_facts.Voided(ALL)],
        invoice_facts.VoidUndone(ALL),
        "open 0.00 -> 1,000.00 EUR; void undone; overdue instalment 1 open again; overdue instalment 2 open again",
    ),
    (
        [ISSUED, invoice_facts.PartiallyPaid("m1", 1, 60000, (Part(2, 60000),)), PAID_BACK],
        invoice_facts.PaymentReinstated("m1", 1, 60000, 0, (Part(2, 60000),)),
        "open 1,000.00 -> 400.00 EUR; payment reinstated; overdue instalment 2 paid",
    ),
    (
        [ISSUED],
        invoice_facts.ExchangeDifferenceTaken("m1", 1, 150, (Part(1, 150),)),
        "open 1,000.00 -> 998.50 EUR; 1.50 EUR given up as an exchange difference",
    ),
]

STEP = case.StepDecided(
    "second_reminder",
    2,
    "general",
    1,
    1,
    JAN,
    0,
    TODAY,
    3,
    case.Inputs("EUR", 100000, 40000, 38, "DE"),
    "email",
    "c",
    "t",
)
ABOUT = (contact.About("invoice:main:R-1", "second_reminder", 2, 1, JAN, "EUR", 100000, 40000),)
LETTER = contact.Planned("message", "main", "ann", "second_reminder", "firm", "de", "general", 1, ABOUT, "letter")
VISIT = contact.Planned("decision", "main", "ann", "agency", "last", "de", "general", 1, ABOUT * 2)
HANDED_OVER = contact.HandedOver(1, "letter", "<1@x>", "ab", ("invoice:main:R-1",), "cd")
POLICY = Policy("general", (Step("first", 3, ("email",)),))

CHASING: list[Worked] = [
    ([], case.PolicyAssigned("mild", 2), "goes by policy mild, version 2"),
    ([], STEP, "step second_reminder of general, version 1, about 400.00 EUR; 3 days late"),
    (
        [],
        replace(STEP, late_days=0, held=True),
        "step second_reminder of general, version 1, about 400.00 EUR; the ladder waits for a person",
    ),
    ([STEP], case.TaskFinished("t", "not_reached"), "the task is not reached: the ladder goes on"),
    ([], LETTER, "message by letter planned about 1 invoice, step second_reminder"),
    ([], VISIT, "decision planned about 2 invoices, step agency"),
    ([LETTER], HANDED_OVER, "attempt 1: handed over by letter"),
    ([LETTER, HANDED_OVER], contact.Sent(1), "attempt 1: sent"),
    ([LETTER, HANDED_OVER], contact.Delivered(1), "attempt 1: delivered"),
    ([LETTER, HANDED_OVER], contact.Deferred(1, "451", MAR), "attempt 1: not taken for now (451), again on 2026-03-31"),
    ([LETTER, HANDED_OVER], contact.DeliveryFailed(1, "550"), "attempt 1: failed (550)"),
    (
        [LETTER, HANDED_OVER],
        contact.DeliveryUnknown(1, "cut"),
        "attempt 1: nobody knows whether it left (cut)",
    ),
    ([LETTER], contact.Withheld("nothing_open"), "withheld: nothing open"),
    ([LETTER, contact.Withheld("no_address")], contact.Retried(0), "to be sent once more after attempt 0"),
    ([VISIT], contact.Done("will_pay", True), "done: will pay; debtor reached"),
    ([VISIT], contact.Done("not_reached", False), "done: not reached"),
    ([VISIT], contact.Skipped(), "skipped"),
    ([], Published(1, POLICY), "version 1 published"),
    ([], entity.PolicyAssigned("mild"), "dunning policy mild"),
    ([], entity.PolicyAssigned(), "dunning policy by jurisdiction"),
    ([], tick.Taken(TODAY, 7, 3), "7 steps and 3 contacts for 2026-03-10"),
    ([], text.Approved("de", "ab12"), "texts in de approved"),
    ([ISSUED], invoice_facts.DunningBlocked(MAR), "reminders blocked until 2026-03-31"),
    ([ISSUED, invoice_facts.DunningBlocked(MAR)], invoice_facts.DunningUnblocked(), "reminders allowed again"),
    ([REGISTERED], customer.PolicyAssigned("mild"), "dunning policy none -> mild"),
]

WORKED = [*CLAIMS, *CUSTOMERS, *RECEIPTS, *PUT_RIGHT, *CHASING]


@pytest.mark.parametrize(("history", "fact", "message"), WORKED, ids=[type(fact).__name__ for _, fact, _ in WORKED])
def test_the_difference_says_what_the_fact_changed(history, fact, message):
    state = None
    for earlier in history:
        state, _ = difference(state, earlier, TODAY)
    assert difference(state, fact, TODAY)[1] == message


def test_every_fact_that_can_be_stored_has_a_worked_difference():
    assert {type(fact) for _, fact, _ in WORKED} == set(FACTS.values())


def test_an_item_is_overdue_from_the_day_after_its_due_day():
    paid = invoice_facts.Paid("m1", 1, 100000, (Part(1, 100000),))
    invoice, _ = difference(None, SINGLE, JAN)
    assert difference(invoice, paid, MAR)[1].endswith("; instalment 1 paid")
    assert difference(invoice, paid, MAR + timedelta(days=1))[1].endswith("; overdue instalment 1 paid")


def test_a_payment_over_a_hundred_instalments_is_told_in_one_line():
    schedule = tuple(Instalment(JAN + timedelta(days=n), 1000) for n in range(100))
    issued = invoice_facts.Issued("R-3", "main", "ann", "EUR", 100000, 0, date(2026, 1, 1), schedule)
    invoice, _ = difference(None, issued, JAN)
    parts = tuple(Part(n, 1000) for n in range(1, 101))
    message = difference(invoice, invoice_facts.Paid("m1", 1, 100000, parts), TODAY)[1]
    assert message.endswith("overdue instalment 4 paid; 96 more items paid")


def test_paying_a_disputed_part_ends_what_is_disputed_too():
    invoice, _ = difference(None, SINGLE, JAN)
    invoice, _ = difference(invoice, invoice_facts.Disputed(1, "price", 100000, (Part(1, 100000),)), TODAY)
    message = difference(invoice, invoice_facts.Paid("m1", 1, 100000, (Part(1, 100000),)), TODAY)[1]
    assert message == "open 1,000.00 -> 0.00 EUR; disputed 1,000.00 -> 0.00 EUR; instalment 1 paid"


def test_streams_that_lie_mixed_in_the_log_are_told_each_by_itself():
    cause = Cause("eve", "c1")
    log = [
        Entry("invoice:main:R-1", 1, ISSUED, JAN, cause),
        Entry("receipt:m2", 1, UNKNOWN, JAN, cause),
        Entry("invoice:main:R-1", 2, invoice_facts.PartiallyPaid("m2", 1, 60000, (Part(2, 60000),)), TODAY, cause),
        Entry("receipt:m2", 2, Identified("bob"), TODAY, cause),
    ]
    told = [message for _, message in differences(log)]
    assert told[2:] == ["open 1,000.00 -> 400.00 EUR; overdue instalment 2 paid", "customer none -> bob"]


def test_what_people_wrote_freely_stays_out_of_the_difference():
    free = "half of it is rust", "insolvent", "returned debit", "moved away", "goodwill"
    told = [message for _, _, message in WORKED]
    assert not any(comment in message for comment in free for message in told)
