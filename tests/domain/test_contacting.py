from datetime import date, timedelta

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    BureauWarned,
    Called,
    CreditNoteApplied,
    Delivered,
    DeliveryFailed,
    Disputed,
    DisputeResolved,
    Factored,
    FeeCharged,
    InstalmentPlanAgreed,
    InstalmentPlanBroken,
    LegalActionStarted,
    Noted,
    Part,
    PlacedWithAgency,
    PromiseBroken,
    PromiseMade,
    Reassigned,
    RecalledFromAgency,
    Reminded,
    Voided,
    WrittenOff,
)
from domain.terms import Instalment
from tests.domain.examples import DAY_AFTER, DUE, IN_THREE, INVOICE, invoice_of, paid, part_paid
from tests.stories import given

TODAY = date(2026, 3, 10)
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)
LETTER = {"step": "first reminder", "channel": "email", "document": "a1b2"}
REMINDED = Reminded("first reminder", "email", "a1b2")
CALL = {"spoke_with": "accounts payable", "outcome": "reached", "reason_given": "forgot", "next_step": "resend"}
WARNING = {"bureau": "Creditinfo", "channel": "letter", "document": "c3d4"}
WARNED = BureauWarned("Creditinfo", "letter", "c3d4")
CONTACTS = [(invoices.remind, LETTER), (invoices.call, CALL), (invoices.warn_of_bureau, WARNING)]
every_contact = pytest.mark.parametrize(("decision", "asked"), CONTACTS, ids=["letter", "call", "warning"])
PLAN = InstalmentPlanAgreed((Instalment(TODAY, 600_00), Instalment(TOMORROW, 400_00)), 2, (Part(1, 1000_00),))

# Notes


def test_a_note_is_taken_each_time_anew_whatever_became_of_the_invoice():
    seen = Noted("the crate was opened at customs")
    voided = Voided((Part(1, 1000_00),))
    for before in ([INVOICE], [INVOICE, seen], [INVOICE, paid()], [INVOICE, voided]):
        given(*before).when(invoices.note, text=" the crate was opened at customs ").then(seen)


def test_a_note_changes_nothing_about_the_invoice():
    assert invoices.fold([INVOICE, Noted("seen")]) == invoices.fold([INVOICE])


def test_a_note_needs_an_invoice_and_words():
    given().when(invoices.note, text="seen").refused("not_issued")
    given(INVOICE).when(invoices.note, text=" ").refused("argument_missing")


# Delivery


def test_a_delivery_and_a_failed_one_are_noted():
    given(INVOICE).when(invoices.deliver, channel="email", document="a1b2").then(Delivered("email", "a1b2"))
    given(INVOICE).when(invoices.fail_delivery, channel="letter", document="a1b2").then(
        DeliveryFailed("letter", "a1b2")
    )
    given(INVOICE, paid()).when(invoices.deliver, channel="email", document="a1b2").then(Delivered("email", "a1b2"))


def test_nothing_is_delivered_for_an_invoice_that_is_not_there_or_void():
    given().when(invoices.deliver, channel="email", document="a1b2").refused("not_issued")
    voided = Voided((Part(1, 1000_00),))
    given(INVOICE, voided).when(invoices.deliver, channel="email", document="a1b2").refused("voided")
    given().when(invoices.fail_delivery, channel="email", document="a").refused("not_issued")
    given(INVOICE, voided).when(invoices.fail_delivery, channel="email", document="a").refused("voided")


# Letters, calls, warnings


def test_a_reminder_names_its_rung_and_what_is_sent():
    given(INVOICE).when(invoices.remind, **LETTER, on=TODAY).then(REMINDED)


def test_a_friendly_notice_may_come_before_the_due_day():
    given(INVOICE).when(invoices.remind, **LETTER, on=DUE - timedelta(days=7)).then(REMINDED)


def test_each_rung_is_taken_once():
    given(INVOICE, REMINDED).when(invoices.remind, **LETTER, on=TODAY).then()
    given(INVOICE, REMINDED, paid()).when(invoices.remind, **LETTER, on=TODAY).then()
    second = LETTER | {"step": "second reminder"}
    given(INVOICE, REMINDED).when(invoices.remind, **second, on=TODAY).then(
        Reminded("second reminder", "email", "a1b2")
    )
    given(INVOICE, REMINDED, Reminded("second reminder", "email", "a1b2")).when(
        invoices.remind, **LETTER, on=TODAY
    ).then()


def test_a_call_says_who_was_reached_why_nothing_came_and_what_comes_next():
    given(INVOICE).when(invoices.call, **CALL, on=TODAY).then(Called("accounts payable", "reached", "forgot", "resend"))


def test_a_second_call_is_another_call():
    called = Called("accounts payable", "reached", "forgot", "resend")
    given(INVOICE, called).when(invoices.call, **CALL, on=TODAY).then(called)


@pytest.mark.parametrize("reason", ["forgot", "dissatisfied", "cannot_pay", "other"])
def test_a_debtor_forgot_is_dissatisfied_cannot_pay_or_has_another_reason(reason):
    given(INVOICE).when(invoices.call, **(CALL | {"reason_given": reason}), on=TODAY).then(
        Called("accounts payable", "reached", reason, "resend")
    )
    given(INVOICE).when(invoices.call, **(CALL | {"reason_given": "weather"}), on=TODAY).refused("unknown_reason")


def test_a_call_nobody_answered_gives_no_reason():
    given(INVOICE).when(invoices.call, spoke_with="nobody", outcome="no_answer", on=TODAY).then(
        Called("nobody", "no_answer", "")
    )


def test_a_debtor_is_warned_of_the_bureau_from_the_day_after_the_due_day():
    given(INVOICE).when(invoices.warn_of_bureau, **WARNING, on=DAY_AFTER).then(WARNED)
    given(INVOICE).when(invoices.warn_of_bureau, **WARNING, on=DUE).refused("not_overdue")


def test_an_invoice_whose_overdue_instalments_are_paid_is_not_overdue():
    first = part_paid(300_00)
    given(IN_THREE, first).when(invoices.warn_of_bureau, **WARNING, on=DAY_AFTER).refused("not_overdue")
    given(IN_THREE, part_paid(299_99)).when(invoices.warn_of_bureau, **WARNING, on=DAY_AFTER).then(WARNED)


def test_an_invoice_disputed_in_part_is_not_reported():
    disputed = Disputed(1, "price", 1_00, (Part(1, 1_00),))
    given(INVOICE, disputed).when(invoices.warn_of_bureau, **WARNING, on=TODAY).refused("disputed")


def test_the_same_warning_again_changes_nothing_and_another_bureau_is_another_warning():
    given(INVOICE, WARNED).when(invoices.warn_of_bureau, **WARNING, on=TODAY).then()
    given(INVOICE, WARNED, paid()).when(invoices.warn_of_bureau, **WARNING, on=TODAY).then()
    schufa = BureauWarned("Schufa", "letter", "c3d4")
    given(INVOICE, WARNED).when(invoices.warn_of_bureau, **(WARNING | {"bureau": "Schufa"}), on=TODAY).then(schufa)
    given(INVOICE, WARNED, schufa).when(invoices.warn_of_bureau, **WARNING, on=TODAY).then()


# When there must be no contact


@every_contact
@pytest.mark.parametrize(
    ("story", "code"),
    [
        ([], "not_issued"),
        ([INVOICE, Voided((Part(1, 1000_00),))], "voided"),
        ([INVOICE, paid()], "nothing_open"),
        ([INVOICE, WrittenOff(1000_00, 0, (Part(1, 1000_00),))], "nothing_open"),
        ([INVOICE, CreditNoteApplied("C-1", 1000_00, 0, (Part(1, 1000_00),))], "nothing_open"),
        ([INVOICE, Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)], "factored"),
        ([INVOICE, PlacedWithAgency("Inkasso", 2500, 1000_00)], "placed"),
        ([INVOICE, Disputed(1, "price", 1000_00, (Part(1, 1000_00),))], "disputed"),
        ([INVOICE, Disputed(1, "price", 300_00, (Part(1, 300_00),)), part_paid(700_00)], "disputed"),
        ([INVOICE, PromiseMade(1, 500_00, TODAY)], "promised"),
        ([INVOICE, PLAN], "plan_open"),
    ],
)
def test_no_contact_about_an_invoice_that_is_not_to_be_chased(decision, asked, story, code):
    given(*story).when(decision, **asked, on=TODAY).refused(code)


@every_contact
def test_no_contact_until_the_last_day_of_a_dunning_block(decision, asked):
    given(INVOICE).when(decision, **asked, on=TODAY, blocked_until=TODAY).refused("blocked")
    assert decision(invoice_of(INVOICE), **asked, on=TODAY, blocked_until=YESTERDAY)
    assert decision(invoice_of(INVOICE), **asked, on=TODAY, blocked_until=None)


@pytest.mark.parametrize(
    "story",
    [
        [INVOICE],
        [INVOICE, part_paid(999_99)],
        [INVOICE, Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, True, TOMORROW)],
        [INVOICE, Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, True, TOMORROW), Reassigned(0)],
        [INVOICE, PlacedWithAgency("Inkasso", 2500, 1000_00), RecalledFromAgency()],
        [INVOICE, Disputed(1, "price", 999_99, (Part(1, 999_99),))],
        [INVOICE, Disputed(1, "price", 1000_00, (Part(1, 1000_00),)), DisputeResolved(1, "rejected", 0, ())],
        [INVOICE, PromiseMade(1, 500_00, YESTERDAY)],
        [INVOICE, PromiseMade(1, 500_00, TOMORROW), PromiseBroken(1)],
        [INVOICE, LegalActionStarted("lawyer", "26-1")],
        [INVOICE, PLAN, InstalmentPlanBroken(2)],
    ],
)
def test_an_invoice_that_is_ours_open_undisputed_and_unpromised_is_chased(story):
    given(*story).when(invoices.remind, **LETTER, on=TODAY).then(REMINDED)


def test_a_plan_is_quiet_until_the_day_after_a_missed_instalment():
    given(INVOICE, PLAN).when(invoices.remind, **LETTER, on=TODAY).refused("plan_open")
    given(INVOICE, PLAN).when(invoices.remind, **LETTER, on=TOMORROW).then(REMINDED)


def test_a_missed_instalment_that_is_disputed_does_not_end_the_quiet():
    disputed = Disputed(1, "price", 600_00, (Part(2, 600_00),))
    given(INVOICE, PLAN, disputed).when(invoices.remind, **LETTER, on=TOMORROW).refused("plan_open")


def test_a_fee_beside_a_kept_plan_is_not_chased_but_one_left_over_after_it_is():
    fee = FeeCharged(4, 40_00, DUE, "reminder fee")
    given(INVOICE, PLAN, fee).when(invoices.remind, **LETTER, on=TODAY).refused("plan_open")
    credited = CreditNoteApplied("C-1", 1000_00, 0, (Part(3, 400_00), Part(2, 600_00)))
    given(INVOICE, PLAN, fee, credited).when(invoices.remind, **LETTER, on=TODAY).then(REMINDED)


def test_of_two_obstacles_the_one_that_lasts_longer_is_named():
    promised = PromiseMade(1, 500_00, TODAY)
    disputed = Disputed(1, "price", 1000_00, (Part(1, 1000_00),))
    placed = PlacedWithAgency("Inkasso", 2500, 1000_00)
    asked = LETTER | {"on": TODAY}
    given(INVOICE, placed, disputed).when(invoices.remind, **asked, blocked_until=TODAY).refused("placed")
    given(INVOICE, disputed, promised).when(invoices.remind, **asked, blocked_until=TODAY).refused("blocked")
    given(INVOICE, disputed, promised).when(invoices.remind, **asked).refused("disputed")
    given(INVOICE, PLAN, promised).when(invoices.remind, **asked).refused("promised")


def test_a_chaseable_invoice_is_given_back():
    invoice = invoice_of(INVOICE)
    assert invoices.require_chaseable(invoice, on=TODAY) is invoice
