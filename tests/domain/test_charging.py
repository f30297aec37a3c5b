from datetime import date

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    ChargeWaived,
    CompensationClaimed,
    Factored,
    FeeCharged,
    InterestCharged,
    Part,
    PlacedWithAgency,
    Voided,
    WrittenOff,
)
from tests.domain.examples import DAY_AFTER, DUE, IN_THREE, INVOICE, invoice_of, paid, part_paid
from tests.stories import given

TODAY = date(2026, 4, 1)
INTEREST = {"amount_minor": 8_05, "from_on": DAY_AFTER, "until_on": date(2026, 3, 31), "basis": "9.27 %, 30/365"}
FEE = {"amount_minor": 40_00, "basis": "§ 288 (5) BGB"}
CHARGES = [
    (invoices.charge_interest, INTEREST),
    (invoices.charge_fee, FEE),
    (invoices.claim_compensation, FEE),
]
every_charge = pytest.mark.parametrize(("decision", "asked"), CHARGES)
FEE_CHARGED = FeeCharged(2, 40_00, TODAY, "§ 288 (5) BGB")
LOST = WrittenOff(1000_00, 0, (Part(1, 1000_00),))


def kinds(*facts):
    return [(item.kind, item.due_on, item.open_minor) for item in invoice_of(*facts).items[1:]]


def test_interest_becomes_an_item_due_on_the_day_it_is_charged():
    charged = InterestCharged(2, 8_05, TODAY, DAY_AFTER, date(2026, 3, 31), "9.27 %, 30/365")
    given(INVOICE).when(invoices.charge_interest, **INTEREST, on=TODAY).then(charged)
    assert kinds(INVOICE, charged) == [("interest", TODAY, 8_05)]


def test_a_fee_becomes_an_item_of_its_own():
    given(INVOICE).when(invoices.charge_fee, **FEE, on=TODAY).then(FEE_CHARGED)
    assert kinds(INVOICE, FEE_CHARGED) == [("fee", TODAY, 40_00)]


def test_so_does_the_fixed_compensation():
    claimed = CompensationClaimed(2, 40_00, TODAY, "§ 288 (5) BGB")
    given(INVOICE).when(invoices.claim_compensation, **FEE, on=TODAY).then(claimed)
    assert kinds(INVOICE, claimed) == [("compensation", TODAY, 40_00)]


@every_charge
def test_a_charge_is_numbered_after_the_instalments_and_the_charges_before_it(decision, asked):
    [first] = decision(invoice_of(IN_THREE), **asked, on=TODAY)
    [second] = decision(invoice_of(IN_THREE, first), **asked, on=TODAY)
    assert (first.item, second.item) == (4, 5)


@every_charge
@pytest.mark.parametrize("amount", [0, -1])
def test_a_charge_of_nothing_is_refused(decision, asked, amount):
    given(INVOICE).when(decision, **(asked | {"amount_minor": amount}), on=TODAY).refused("not_positive")


def test_interest_for_one_day_is_a_period_and_one_that_ends_before_it_begins_is_not():
    one_day = InterestCharged(2, 8_05, TODAY, DAY_AFTER, DAY_AFTER, "9.27 %, 30/365")
    given(INVOICE).when(invoices.charge_interest, **(INTEREST | {"until_on": DAY_AFTER}), on=TODAY).then(one_day)
    given(INVOICE).when(invoices.charge_interest, **(INTEREST | {"until_on": DUE}), on=TODAY).refused("bad_period")


@every_charge
def test_what_lateness_cost_is_charged_after_the_late_payment_too(decision, asked):
    [charged] = decision(invoice_of(INVOICE, paid()), **asked, on=TODAY)
    assert invoice_of(INVOICE, paid(), charged).open_minor == asked["amount_minor"]


@every_charge
def test_nothing_is_charged_on_an_invoice_that_is_not_there_or_not_ours(decision, asked):
    sold = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)
    given().when(decision, **asked, on=TODAY).refused("not_issued")
    given(INVOICE, Voided((Part(1, 1000_00),))).when(decision, **asked, on=TODAY).refused("voided")
    given(INVOICE, sold).when(decision, **asked, on=TODAY).refused("factored")
    given(INVOICE, PlacedWithAgency("Inkasso", 2500, 1000_00)).when(decision, **asked, on=TODAY).refused("placed")


@every_charge
def test_nothing_more_is_charged_on_an_invoice_given_up(decision, asked):
    given(INVOICE, LOST).when(decision, **asked, on=TODAY).refused("written_off")


@every_charge
def test_an_invoice_of_which_part_was_given_up_is_still_charged(decision, asked):
    part = WrittenOff(1, 0, (Part(1, 1),))
    assert decision(invoice_of(INVOICE, part), **asked, on=TODAY)


def test_an_invoice_sold_with_recourse_is_still_charged_by_us():
    sold = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, True, TODAY)
    given(INVOICE, sold).when(invoices.charge_fee, **FEE, on=TODAY).then(FEE_CHARGED)


# Waivers

CHARGED = [INVOICE, FEE_CHARGED]


def test_what_is_open_of_a_charge_is_waived():
    given(*CHARGED).when(invoices.waive, item=2).then(ChargeWaived(2, 40_00, (Part(2, 40_00),)))
    some_paid = part_paid(15_00, parts=(Part(2, 15_00),))
    given(*CHARGED, some_paid).when(invoices.waive, item=2).then(ChargeWaived(2, 25_00, (Part(2, 25_00),)))


def test_a_waived_charge_is_owed_no_longer():
    invoice = invoice_of(*CHARGED, ChargeWaived(2, 40_00, (Part(2, 40_00),)))
    assert [item.open_minor for item in invoice.items] == [1000_00, 0]


def test_part_of_a_charge_is_waived_up_to_all_of_it():
    given(*CHARGED).when(invoices.waive, item=2, amount_minor=10_00).then(ChargeWaived(2, 10_00, (Part(2, 10_00),)))
    given(*CHARGED).when(invoices.waive, item=2, amount_minor=40_00).then(ChargeWaived(2, 40_00, (Part(2, 40_00),)))
    given(*CHARGED).when(invoices.waive, item=2, amount_minor=40_01).refused("over_open")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_waiver_of_nothing_is_refused(amount):
    given(*CHARGED).when(invoices.waive, item=2, amount_minor=amount).refused("not_positive")


def test_a_charge_is_waived_once():
    given(*CHARGED, ChargeWaived(2, 40_00, (Part(2, 40_00),))).when(invoices.waive, item=2).then()


@pytest.mark.parametrize("item", [0, -1, 1, 3])
def test_what_is_no_charge_is_not_waived(item):
    given(*CHARGED).when(invoices.waive, item=item).refused("no_such_charge")


def test_nothing_is_waived_on_an_invoice_that_is_not_there():
    given().when(invoices.waive, item=2).refused("not_issued")
