from dataclasses import replace
from datetime import date

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    Disputed,
    Factored,
    JudgmentObtained,
    LegalActionStarted,
    Part,
    PlacedWithAgency,
    Reassigned,
    RecalledFromAgency,
    Voided,
    WrittenOff,
)
from tests.domain.examples import INVOICE, invoice_of, paid, part_paid
from tests.stories import given

RECOURSE_ON = date(2026, 6, 30)
SALE = {
    "factor": "Faktor AG",
    "advance_basis_points": 9000,
    "fee_basis_points": 300,
    "with_recourse": True,
    "recourse_on": RECOURSE_ON,
}
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, with_recourse=True, recourse_on=RECOURSE_ON)
SOLD_FOR_GOOD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, with_recourse=False)
PLACED = PlacedWithAgency("Inkasso", 2500, 1000_00)
RECALLED = RecalledFromAgency()
SUED = LegalActionStarted("order_for_payment", "26-1234")
JUDGED = JudgmentObtained("26-1234", 1000_00)
DISPUTED = Disputed(1, "price", 1_00, (Part(1, 1_00),))
VOIDED = Voided((Part(1, 1000_00),))


# Agencies


def test_an_invoice_is_placed_with_an_agency_for_what_is_open():
    given(INVOICE, part_paid(400_00)).when(invoices.place, agency="Inkasso", commission_basis_points=2500).then(
        PlacedWithAgency("Inkasso", 2500, 600_00)
    )


def test_the_same_placement_again_changes_nothing():
    given(INVOICE, PLACED).when(invoices.place, agency="Inkasso", commission_basis_points=2500).then()
    given(INVOICE, PLACED, paid()).when(invoices.place, agency="Inkasso", commission_basis_points=2500).then()


@pytest.mark.parametrize("other", [{"agency": "Fairway"}, {"commission_basis_points": 3000}])
def test_an_invoice_is_with_one_agency_on_one_commission(other):
    given(INVOICE, PLACED).when(
        invoices.place, **({"agency": "Inkasso", "commission_basis_points": 2500} | other)
    ).refused("placed")


@pytest.mark.parametrize("commission", [0, 10000])
def test_a_commission_may_be_nothing_or_all(commission):
    given(INVOICE).when(invoices.place, agency="Inkasso", commission_basis_points=commission).then(
        PlacedWithAgency("Inkasso", commission, 1000_00)
    )


@pytest.mark.parametrize("commission", [-1, 10001])
def test_a_commission_is_a_share_of_what_is_collected(commission):
    given(INVOICE).when(invoices.place, agency="Inkasso", commission_basis_points=commission).refused("bad_rates")


def test_a_disputed_invoice_is_not_placed():
    given(INVOICE, DISPUTED).when(invoices.place, agency="Inkasso", commission_basis_points=2500).refused("disputed")


def test_nothing_is_placed_that_is_not_there_paid_or_void():
    asked = {"agency": "Inkasso", "commission_basis_points": 2500}
    given().when(invoices.place, **asked).refused("not_issued")
    given(INVOICE, paid()).when(invoices.place, **asked).refused("nothing_open")
    given(INVOICE, VOIDED).when(invoices.place, **asked).refused("voided")


def test_an_invoice_is_recalled_once_and_may_be_placed_again():
    given(INVOICE, PLACED).when(invoices.recall).then(RECALLED)
    given(INVOICE, PLACED, RECALLED).when(invoices.recall).then()
    given(INVOICE).when(invoices.recall).then()
    given().when(invoices.recall).refused("not_issued")
    given(INVOICE, PLACED, RECALLED).when(invoices.place, agency="Inkasso", commission_basis_points=2500).then(PLACED)


# The courts


@pytest.mark.parametrize("kind", ["lawyer", "order_for_payment", "small_claims"])
def test_legal_action_is_started_with_its_reference(kind):
    given(INVOICE).when(invoices.start_legal_action, kind=kind, reference="26-1234").then(
        LegalActionStarted(kind, "26-1234")
    )


def test_the_same_action_is_started_once():
    asked = {"kind": "order_for_payment", "reference": "26-1234"}
    given(INVOICE, SUED).when(invoices.start_legal_action, **asked).then()
    given(INVOICE, SUED, paid()).when(invoices.start_legal_action, **asked).then()


@pytest.mark.parametrize("other", [{"kind": "small_claims"}, {"reference": "26-9999"}])
def test_one_step_may_follow_another(other):
    asked = {"kind": "order_for_payment", "reference": "26-1234"} | other
    given(INVOICE, SUED).when(invoices.start_legal_action, **asked).then(LegalActionStarted(**asked))


def test_an_action_nobody_knows_is_refused():
    given(INVOICE).when(invoices.start_legal_action, kind="duel", reference="1").refused("unknown_kind")


def test_no_legal_action_on_an_invoice_that_is_not_there_paid_or_void():
    asked = {"kind": "lawyer", "reference": "26-1234"}
    given().when(invoices.start_legal_action, **asked).refused("not_issued")
    given(INVOICE, paid()).when(invoices.start_legal_action, **asked).refused("nothing_open")
    given(INVOICE, VOIDED).when(invoices.start_legal_action, **asked).refused("voided")


def test_a_judgment_ends_the_action_and_is_entered_once():
    asked = {"reference": "26-1234", "amount_minor": 1000_00}
    given(INVOICE, SUED).when(invoices.obtain_judgment, **asked).then(JUDGED)
    given(INVOICE, SUED, JUDGED).when(invoices.obtain_judgment, **asked).then()
    given(INVOICE, SUED, JUDGED).when(invoices.obtain_judgment, reference="26-1234", amount_minor=1_00).then(
        JudgmentObtained("26-1234", 1_00)
    )
    given(INVOICE, SUED, JUDGED).when(invoices.obtain_judgment, reference="26-9", amount_minor=1000_00).then(
        JudgmentObtained("26-9", 1000_00)
    )


def test_there_is_no_judgment_without_an_action_or_over_nothing():
    given(INVOICE).when(invoices.obtain_judgment, reference="26-1234", amount_minor=1_00).refused("not_in_court")
    given(INVOICE, SUED).when(invoices.obtain_judgment, reference="26-1234", amount_minor=0).refused("not_positive")
    given().when(invoices.obtain_judgment, reference="26-1234", amount_minor=1_00).refused("not_issued")


def test_the_same_judgment_of_a_second_action_is_a_second_judgment():
    again = LegalActionStarted("small_claims", "26-1234")
    given(INVOICE, SUED, JUDGED, again).when(invoices.obtain_judgment, reference="26-1234", amount_minor=1000_00).then(
        JUDGED
    )


TO_FACTOR = (invoices.factor, SALE)
TO_AGENCY = (invoices.place, {"agency": "Inkasso", "commission_basis_points": 2500})
TO_COURT = (invoices.start_legal_action, {"kind": "lawyer", "reference": "26-1"})


# Each excludes the others


@pytest.mark.parametrize(
    ("held", "asked", "code"),
    [
        (SOLD, TO_AGENCY, "factored"),
        (SOLD, TO_COURT, "factored"),
        (SOLD_FOR_GOOD, TO_AGENCY, "factored"),
        (PLACED, TO_FACTOR, "placed"),
        (PLACED, TO_COURT, "placed"),
        (SUED, TO_FACTOR, "in_court"),
        (SUED, TO_AGENCY, "in_court"),
    ],
)
def test_an_invoice_is_with_a_factor_an_agency_or_a_court_never_with_two(held, asked, code):
    decision, keywords = asked
    given(INVOICE, held).when(decision, **keywords).refused(code)


@pytest.mark.parametrize("asked", [TO_FACTOR, TO_AGENCY, TO_COURT])
@pytest.mark.parametrize(
    "back",
    [(SOLD, Reassigned(0)), (PLACED, RECALLED), (SUED, JUDGED)],
    ids=["factored", "placed", "judged"],
)
def test_an_invoice_that_came_back_may_go_to_any_of_them(asked, back):
    decision, keywords = asked
    assert len(decision(invoice_of(INVOICE, *back), **keywords)) == 1


def test_a_second_action_after_a_judgment_is_in_court_again():
    given(INVOICE, SUED, JUDGED, replace(SUED, reference="27-1")).when(TO_AGENCY[0], **TO_AGENCY[1]).refused("in_court")


def test_an_invoice_written_off_is_handed_to_nobody():
    lost = WrittenOff(1000_00, 0, (Part(1, 1000_00),))
    for decision, keywords in (TO_FACTOR, TO_AGENCY, TO_COURT):
        given(INVOICE, lost).when(decision, **keywords).refused("nothing_open")
