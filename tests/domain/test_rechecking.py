"""Just before a message leaves: what of it may still be demanded, and else why not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.contact.facts import About, Planned
from domain.contact.rechecking import furthest, is_notice, pay_by, why_left_out
from domain.customer import Customer
from domain.customer.facts import DunningBlocked as CustomerBlocked
from domain.customer.facts import Registered
from domain.invoice.facts import (
    Disputed,
    DunningBlocked,
    Factored,
    InstalmentPlanAgreed,
    LegalActionStarted,
    Part,
    PlacedWithAgency,
    PromiseMade,
    Voided,
    WrittenOff,
)
from domain.terms import Instalment
from tests.domain.examples import DUE, IN_THREE, INVOICE, SECOND, invoice_of, paid, part_paid

TODAY = date(2026, 3, 10)
ONE_DAY = timedelta(days=1)
YESTERDAY, TOMORROW = TODAY - ONE_DAY, TODAY + ONE_DAY
ALL = (Part(1, 1000_00),)


def about(due_on=DUE):
    return About("invoice:main:R-1", "friendly_reminder", 1, 1, due_on, "EUR", 1000_00, 1000_00)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ([INVOICE], None),
        ([INVOICE, part_paid(999_99)], None),
        ([INVOICE, paid()], "paid"),
        ([INVOICE, WrittenOff(1000_00, 0, ALL)], "written_off"),
        ([INVOICE, Voided(ALL)], "voided"),
        ([INVOICE, Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)], "factored"),
        ([INVOICE, PlacedWithAgency("Inkasso", 2500, 1000_00)], "placed"),
        ([INVOICE, LegalActionStarted("lawyer", "A-1")], "legal"),
        ([INVOICE, Disputed(1, "quality", 1000_00, ALL)], "disputed"),
        ([INVOICE, Disputed(1, "quality", 400_00, (Part(1, 400_00),))], None),
        ([INVOICE, Disputed(1, "quality", 400_00, (Part(1, 400_00),)), part_paid(600_00)], "disputed"),
        ([INVOICE, PromiseMade(1, 500_00, TODAY)], "promised"),
        ([INVOICE, PromiseMade(1, 500_00, YESTERDAY)], None),
        ([INVOICE, DunningBlocked(TODAY)], "blocked"),
        ([INVOICE, DunningBlocked(YESTERDAY)], None),
        ([INVOICE, InstalmentPlanAgreed((Instalment(TOMORROW, 1000_00),), 2, ALL)], "plan_open"),
        ([INVOICE, InstalmentPlanAgreed((Instalment(YESTERDAY, 1000_00),), 2, ALL)], None),
        ([], "not_issued"),
    ],
)
def test_an_invoice_is_left_out_for_what_has_happened_since(facts, reason):
    assert why_left_out(invoice_of(*facts), None, about(), TODAY) == reason


def test_what_was_due_is_paid_and_the_rest_is_not_due_yet():
    invoice = invoice_of(IN_THREE, part_paid(300_00))
    assert why_left_out(invoice, None, about(), TODAY) == "not_due"
    assert why_left_out(invoice, None, about(), SECOND) is None
    assert why_left_out(invoice, None, about(SECOND), TODAY) is None, "a notice of what is to come"


@pytest.mark.parametrize(("until", "reason"), [(TODAY, "blocked"), (YESTERDAY, None)])
def test_a_customer_who_is_blocked_is_left_alone_up_to_the_last_day(until, reason):
    customer = Customer(Registered("ann"), block=CustomerBlocked(until))
    assert why_left_out(invoice_of(INVOICE), customer, about(), TODAY) == reason


# What had to wait


def message(planned_to_pay_by, *abouts):
    return Planned("message", "main", "ann", "any", "friendly", "en", "general", 1, abouts, "email", planned_to_pay_by)


def test_a_notice_is_no_longer_sent_once_the_due_day_is_over():
    notice = message(DUE, replace(about(), level=0))
    assert is_notice(notice)
    assert why_left_out(invoice_of(INVOICE), None, about(), DUE, lapses=True) is None
    assert why_left_out(invoice_of(INVOICE), None, about(), DUE + ONE_DAY, lapses=True) == "lapsed"
    assert not is_notice(message(DUE + ONE_DAY, about()))


def test_a_reminder_that_had_to_wait_gives_as_many_days_to_pay_as_it_was_to_give():
    reminder = message(TODAY + 7 * ONE_DAY, about())
    assert pay_by(reminder, TODAY, ["invoice:main:R-1"], TODAY) == TODAY + 7 * ONE_DAY
    assert pay_by(reminder, TODAY, ["invoice:main:R-1"], TODAY + 10 * ONE_DAY) == TODAY + 17 * ONE_DAY


def test_a_notice_asks_for_payment_on_the_first_due_day_of_what_is_left():
    other = About("invoice:main:R-2", "notice_7", 0, 1, SECOND, "EUR", 1, 1)
    notice = message(DUE, replace(about(), level=0), other)
    assert pay_by(notice, YESTERDAY, ["invoice:main:R-1", "invoice:main:R-2"], YESTERDAY) == DUE
    assert pay_by(notice, YESTERDAY, ["invoice:main:R-2"], TODAY) == SECOND


def test_once_the_invoice_of_the_furthest_step_is_left_out_the_message_is_in_the_tone_of_the_rest():
    warned = About("invoice:main:R-2", "bureau_warning", 4, 1, SECOND, "EUR", 1, 1, "last")
    firm = About("invoice:main:R-3", "second_reminder", 2, 1, DUE, "EUR", 1, 1, "firm")
    letter = replace(message(TODAY, about(), firm, warned), step="bureau_warning", tone="last")
    assert furthest(letter, ["invoice:main:R-1", "invoice:main:R-2"]) == ("bureau_warning", "last")
    assert furthest(letter, ["invoice:main:R-1", "invoice:main:R-3"]) == ("second_reminder", "firm")


def test_of_two_steps_of_one_level_that_of_the_earlier_due_day_is_the_furthest():
    later = About("invoice:main:R-2", "notice_7", 0, 1, DUE + ONE_DAY, "EUR", 1, 1, "friendly")
    sooner = About("invoice:main:R-3", "notice_3", 0, 1, DUE, "EUR", 1, 1, "friendly")
    reminder = replace(message(TODAY, about(), later, sooner), step="friendly_reminder")
    assert furthest(reminder, ["invoice:main:R-2", "invoice:main:R-3"]) == ("notice_3", "friendly")


def test_a_contact_from_before_tones_were_kept_by_invoice_has_its_own():
    assert furthest(replace(message(TODAY, about()), step="second_reminder", tone="firm"), ["invoice:main:R-1"]) == (
        "friendly_reminder",
        "firm",
    )


def test_where_only_notices_are_left_of_a_reminder_they_ask_for_payment_by_the_due_day():
    notice = About("invoice:main:R-2", "notice_3", 0, 1, TODAY + 3 * ONE_DAY, "EUR", 1, 1, "friendly")
    reminder = message(TODAY + 7 * ONE_DAY, about(), notice)
    assert pay_by(reminder, TODAY, ["invoice:main:R-2"], TODAY) == TODAY + 3 * ONE_DAY
    assert pay_by(reminder, TODAY, ["invoice:main:R-1", "invoice:main:R-2"], TODAY) == TODAY + 7 * ONE_DAY


def test_what_came_below_the_least_amount_of_the_policy_is_no_longer_demanded():
    invoice = invoice_of(INVOICE, part_paid(999_99))
    about_it = About("invoice:main:R-1", "friendly_reminder", 1, 1, DUE, "EUR", 1000_00, 1000_00)
    assert why_left_out(invoice, None, about_it, TODAY, least_minor=1) is None
    assert why_left_out(invoice, None, about_it, TODAY, least_minor=2) == "minimum"
