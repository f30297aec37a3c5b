from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import invoice
from domain.invoice.facts import (
    Disputed,
    FactorAdvancePaid,
    Factored,
    FactorReserveReleased,
    FeeCharged,
    InstalmentPlanAgreed,
    InstalmentPlanCompleted,
    JudgmentObtained,
    LegalActionStarted,
    Paid,
    Part,
    PaymentReversed,
    PlacedWithAgency,
    PromiseKept,
    PromiseMade,
    Reassigned,
    RecalledFromAgency,
    Voided,
    WrittenOff,
)
from domain.terms import Instalment
from tests.domain.examples import DUE, IN_THREE, INVOICE, ISSUED_ON, claim_of, paid, part_paid
from tests.stories import given

RECOURSE_ON = date(2026, 6, 30)
TEN_THOUSAND = replace(INVOICE, total_minor=10_000_00, tax_minor=0, instalments=(Instalment(DUE, 10_000_00),))
SALE = {
    "factor": "Faktor AG",
    "advance_basis_points": 9000,
    "fee_basis_points": 300,
    "with_recourse": True,
    "recourse_on": RECOURSE_ON,
}
FINAL = SALE | {"with_recourse": False, "recourse_on": None}
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, with_recourse=True, recourse_on=RECOURSE_ON)
SOLD_FOR_GOOD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, with_recourse=False)
ADVANCED = FactorAdvancePaid(900_00)
RELEASED = FactorReserveReleased(70_00)
FACTOR_PAID = Paid("factor:Faktor AG", 1, 1000_00, (Part(1, 1000_00),))
PLACED = PlacedWithAgency("Inkasso", 2500, 1000_00)
RECALLED = RecalledFromAgency("nothing collected")
SUED = LegalActionStarted("order_for_payment", "26-1234")
JUDGED = JudgmentObtained("26-1234", 1000_00)
DISPUTED = Disputed(1, "price", 1_00, (Part(1, 1_00),))
VOIDED = Voided("typing error", (Part(1, 1000_00),))


def sale_of(face, shares):
    advance, fee, reserve = shares
    return Factored("Faktor AG", face, advance, fee, reserve, with_recourse=False)


# Factoring


def test_ten_thousand_at_90_per_cent_with_a_3_per_cent_fee_is_9000_now_700_later_and_9700_net():
    given(TEN_THOUSAND).when(invoice.factor, **FINAL).then(
        Factored("Faktor AG", 10_000_00, 9_000_00, 300_00, 700_00, False)
    )
    sale = Factored("Faktor AG", 10_000_00, 9_000_00, 300_00, 700_00, False)
    given(TEN_THOUSAND, sale).when(invoice.pay_advance).then(FactorAdvancePaid(9_000_00))
    given(TEN_THOUSAND, sale).when(invoice.release_reserve).then(
        FactorReserveReleased(700_00), Paid("factor:Faktor AG", 1, 10_000_00, (Part(1, 10_000_00),))
    )
    assert 9_000_00 + 700_00 == 9_700_00


def test_what_is_sold_is_what_is_open():
    fee = FeeCharged(2, 40_00, DUE, "reminder fee")
    given(INVOICE, part_paid(540_00), fee).when(invoice.factor, **SALE).then(
        Factored("Faktor AG", 500_00, 450_00, 15_00, 35_00, True, RECOURSE_ON)
    )


@pytest.mark.parametrize(
    ("face", "advance", "fee", "shares"),
    [(3_33, 9000, 300, (3_00, 10, 23)), (1, 5000, 5000, (1, 0, 0)), (1, 9000, 300, (1, 0, 0)), (7, 7000, 0, (5, 0, 2))],
)
def test_advance_fee_and_reserve_add_up_to_the_face_value(face, advance, fee, shares):
    tiny = replace(INVOICE, total_minor=face, tax_minor=0, instalments=(Instalment(DUE, face),))
    rates = {"advance_basis_points": advance, "fee_basis_points": fee}
    given(tiny).when(invoice.factor, **(FINAL | rates)).then(sale_of(face, shares))


@pytest.mark.parametrize(("advance", "fee"), [(0, 0), (-1, 0), (9000, -1), (9000, 1001), (10001, 0)])
def test_rates_that_make_no_sale_are_refused(advance, fee):
    rates = {"advance_basis_points": advance, "fee_basis_points": fee}
    given(INVOICE).when(invoice.factor, **(SALE | rates)).refused("bad_rates")
    given(INVOICE, SOLD).when(invoice.factor, **(SALE | rates)).refused("bad_rates")


@pytest.mark.parametrize(
    ("advance", "fee", "shares"),
    [(1, 0, (10, 0, 999_90)), (9000, 1000, (900_00, 100_00, 0)), (10000, 0, (1000_00, 0, 0))],
)
def test_rates_may_share_out_everything(advance, fee, shares):
    rates = {"advance_basis_points": advance, "fee_basis_points": fee}
    given(INVOICE).when(invoice.factor, **(FINAL | rates)).then(sale_of(1000_00, shares))


def test_recourse_has_a_last_day_and_a_final_sale_has_none():
    given(INVOICE).when(invoice.factor, **(SALE | {"recourse_on": None})).refused("recourse_day_missing")
    given(INVOICE).when(invoice.factor, **(FINAL | {"recourse_on": RECOURSE_ON})).then(SOLD_FOR_GOOD)


def test_the_same_sale_again_changes_nothing():
    given(INVOICE, SOLD).when(invoice.factor, **SALE).then()
    given(INVOICE, SOLD, part_paid(1_00)).when(invoice.factor, **SALE).then()
    given(INVOICE, SOLD_FOR_GOOD).when(invoice.factor, **FINAL).then()


@pytest.mark.parametrize("other", [{"factor": "Nordfactor"}, {"advance_basis_points": 8000}, {"fee_basis_points": 301}])
def test_a_claim_is_sold_once(other):
    given(INVOICE, SOLD).when(invoice.factor, **(SALE | other)).refused("sold")


def test_a_disputed_claim_cannot_be_sold():
    given(INVOICE, DISPUTED).when(invoice.factor, **SALE).refused("disputed")


def test_nothing_is_sold_that_is_not_there_paid_or_void():
    given().when(invoice.factor, **SALE).refused("not_issued")
    given(INVOICE, paid()).when(invoice.factor, **SALE).refused("nothing_open")
    given(INVOICE, VOIDED).when(invoice.factor, **SALE).refused("voided")


def test_the_advance_is_paid_once():
    given(INVOICE, SOLD).when(invoice.pay_advance).then(ADVANCED)
    given(INVOICE, SOLD, ADVANCED).when(invoice.pay_advance).then()
    given(INVOICE).when(invoice.pay_advance).refused("not_factored")
    given().when(invoice.pay_advance).refused("not_issued")


def test_the_reserve_comes_when_the_debtor_has_paid_the_factor():
    given(INVOICE, SOLD_FOR_GOOD, ADVANCED).when(invoice.release_reserve).then(RELEASED, FACTOR_PAID)
    assert claim_of(INVOICE, SOLD_FOR_GOOD, ADVANCED, RELEASED, FACTOR_PAID).open_minor == 0


def test_the_reserve_comes_once():
    given(INVOICE, SOLD, ADVANCED, RELEASED, FACTOR_PAID).when(invoice.release_reserve).then()
    given(INVOICE).when(invoice.release_reserve).refused("not_factored")
    given().when(invoice.release_reserve).refused("not_issued")


def test_what_the_debtor_paid_to_us_by_mistake_is_not_paid_by_the_factor_again():
    given(INVOICE, SOLD, ADVANCED, part_paid(400_00)).when(invoice.release_reserve).then(
        RELEASED, Paid("factor:Faktor AG", 1, 600_00, (Part(1, 600_00),))
    )
    given(INVOICE, SOLD, ADVANCED, paid()).when(invoice.release_reserve).then(RELEASED)
    given(INVOICE, SOLD, ADVANCED, paid(), RELEASED).when(invoice.release_reserve).then()


def test_a_claim_reopened_after_the_reserve_is_paid_by_the_factor_without_a_second_reserve():
    back = PaymentReversed("B-1", 1, 400_00, 0, (Part(1, 400_00),), "debit returned")
    rest = Paid("factor:Faktor AG", 1, 600_00, (Part(1, 600_00),))
    given(INVOICE, SOLD, part_paid(400_00), RELEASED, rest, back).when(invoice.release_reserve).then(
        Paid("factor:Faktor AG", 2, 400_00, (Part(1, 400_00),))
    )


def test_the_factor_s_payment_takes_all_instalments_and_charges():
    fee = FeeCharged(4, 40_00, ISSUED_ON, "reminder fee")
    sold = replace(SOLD, face_minor=1040_00)
    given(IN_THREE, fee, sold).when(invoice.release_reserve).then(
        RELEASED,
        Paid("factor:Faktor AG", 1, 1040_00, (Part(4, 40_00), Part(1, 300_00), Part(2, 300_00), Part(3, 400_00))),
    )


def test_a_promise_and_a_plan_end_with_the_factor_s_payment():
    plan = InstalmentPlanAgreed((Instalment(RECOURSE_ON, 1000_00),), 2, (Part(1, 1000_00),))
    promised = PromiseMade(1, 500_00, RECOURSE_ON)
    given(INVOICE, plan, promised, SOLD).when(invoice.release_reserve).then(
        RELEASED, replace(FACTOR_PAID, parts=(Part(2, 1000_00),)), PromiseKept(1), InstalmentPlanCompleted()
    )


# Recourse


def test_recourse_is_taken_until_its_last_day():
    taken = {"reason": "debtor insolvent"}
    given(INVOICE, SOLD, ADVANCED).when(invoice.reassign, **taken, on=RECOURSE_ON).then(
        Reassigned(900_00, "debtor insolvent")
    )
    given(INVOICE, SOLD, ADVANCED).when(invoice.reassign, **taken, on=RECOURSE_ON + timedelta(days=1)).refused(
        "recourse_ended"
    )


def test_an_advance_never_paid_is_not_paid_back():
    given(INVOICE, SOLD).when(invoice.reassign, reason="insolvent", on=DUE).then(Reassigned(0, "insolvent"))


def test_a_claim_sold_for_good_never_comes_back():
    given(INVOICE, SOLD_FOR_GOOD, ADVANCED).when(invoice.reassign, reason="insolvent", on=DUE).refused(
        "without_recourse"
    )


def test_no_recourse_for_a_claim_the_debtor_has_paid_to_the_factor():
    given(INVOICE, SOLD, ADVANCED, RELEASED, FACTOR_PAID).when(invoice.reassign, reason="?", on=DUE).refused(
        "nothing_open"
    )


def test_a_claim_the_debtor_paid_to_us_is_bought_back_with_the_advance():
    given(INVOICE, SOLD, ADVANCED, paid()).when(invoice.reassign, reason="paid to us", on=DUE).then(
        Reassigned(900_00, "paid to us")
    )


def test_when_the_factor_s_payment_bounces_the_reserve_is_paid_back_too():
    back = PaymentReversed("factor:Faktor AG", 1, 1000_00, 0, (Part(1, 1000_00),), "debit returned")
    given(INVOICE, SOLD, ADVANCED, RELEASED, FACTOR_PAID, back).when(invoice.reassign, reason="insolvent", on=DUE).then(
        Reassigned(970_00, "insolvent")
    )


def test_nothing_comes_back_that_was_not_sold():
    given(INVOICE).when(invoice.reassign, reason="?", on=DUE).refused("not_factored")
    given().when(invoice.reassign, reason="?", on=DUE).refused("not_issued")


def test_a_claim_that_came_back_may_be_sold_again_with_a_new_advance_and_reserve():
    back = [INVOICE, SOLD, ADVANCED, Reassigned(900_00, "insolvent")]
    given(*back).when(invoice.factor, **SALE).then(SOLD)
    given(*back, SOLD).when(invoice.pay_advance).then(ADVANCED)
    released = [INVOICE, SOLD, ADVANCED, paid(), RELEASED, Reassigned(970_00, "paid to us")]
    reopened = PaymentReversed("B-1", 1, 1000_00, 0, (Part(1, 1000_00),), "debit returned")
    given(*released, reopened, SOLD).when(invoice.release_reserve).then(RELEASED, FACTOR_PAID)


# Agencies


def test_a_claim_is_placed_with_an_agency_for_what_is_open():
    given(INVOICE, part_paid(400_00)).when(invoice.place, agency="Inkasso", commission_basis_points=2500).then(
        PlacedWithAgency("Inkasso", 2500, 600_00)
    )


def test_the_same_placement_again_changes_nothing():
    given(INVOICE, PLACED).when(invoice.place, agency="Inkasso", commission_basis_points=2500).then()
    given(INVOICE, PLACED, paid()).when(invoice.place, agency="Inkasso", commission_basis_points=2500).then()


@pytest.mark.parametrize("other", [{"agency": "Fairway"}, {"commission_basis_points": 3000}])
def test_a_claim_is_with_one_agency_on_one_commission(other):
    given(INVOICE, PLACED).when(
        invoice.place, **({"agency": "Inkasso", "commission_basis_points": 2500} | other)
    ).refused("placed")


@pytest.mark.parametrize("commission", [0, 10000])
def test_a_commission_may_be_nothing_or_all(commission):
    given(INVOICE).when(invoice.place, agency="Inkasso", commission_basis_points=commission).then(
        PlacedWithAgency("Inkasso", commission, 1000_00)
    )


@pytest.mark.parametrize("commission", [-1, 10001])
def test_a_commission_is_a_share_of_what_is_collected(commission):
    given(INVOICE).when(invoice.place, agency="Inkasso", commission_basis_points=commission).refused("bad_rates")


def test_a_disputed_claim_is_not_placed():
    given(INVOICE, DISPUTED).when(invoice.place, agency="Inkasso", commission_basis_points=2500).refused("disputed")


def test_nothing_is_placed_that_is_not_there_paid_or_void():
    asked = {"agency": "Inkasso", "commission_basis_points": 2500}
    given().when(invoice.place, **asked).refused("not_issued")
    given(INVOICE, paid()).when(invoice.place, **asked).refused("nothing_open")
    given(INVOICE, VOIDED).when(invoice.place, **asked).refused("voided")


def test_a_claim_is_recalled_once_and_may_be_placed_again():
    given(INVOICE, PLACED).when(invoice.recall, reason="nothing collected").then(RECALLED)
    given(INVOICE, PLACED, RECALLED).when(invoice.recall, reason="nothing collected").then()
    given(INVOICE).when(invoice.recall, reason="nothing collected").then()
    given().when(invoice.recall, reason="nothing collected").refused("not_issued")
    given(INVOICE, PLACED, RECALLED).when(invoice.place, agency="Inkasso", commission_basis_points=2500).then(PLACED)


# The courts


@pytest.mark.parametrize("kind", ["lawyer", "order_for_payment", "small_claims"])
def test_legal_action_is_started_with_its_reference(kind):
    given(INVOICE).when(invoice.start_legal_action, kind=kind, reference="26-1234").then(
        LegalActionStarted(kind, "26-1234")
    )


def test_the_same_action_is_started_once():
    asked = {"kind": "order_for_payment", "reference": "26-1234"}
    given(INVOICE, SUED).when(invoice.start_legal_action, **asked).then()
    given(INVOICE, SUED, paid()).when(invoice.start_legal_action, **asked).then()


@pytest.mark.parametrize("other", [{"kind": "small_claims"}, {"reference": "26-9999"}])
def test_one_step_may_follow_another(other):
    asked = {"kind": "order_for_payment", "reference": "26-1234"} | other
    given(INVOICE, SUED).when(invoice.start_legal_action, **asked).then(LegalActionStarted(**asked))


def test_an_action_nobody_knows_is_refused():
    given(INVOICE).when(invoice.start_legal_action, kind="duel", reference="1").refused("unknown_kind")


def test_no_legal_action_on_a_claim_that_is_not_there_paid_or_void():
    asked = {"kind": "lawyer", "reference": "26-1234"}
    given().when(invoice.start_legal_action, **asked).refused("not_issued")
    given(INVOICE, paid()).when(invoice.start_legal_action, **asked).refused("nothing_open")
    given(INVOICE, VOIDED).when(invoice.start_legal_action, **asked).refused("voided")


def test_a_judgment_ends_the_action_and_is_entered_once():
    asked = {"reference": "26-1234", "amount_minor": 1000_00}
    given(INVOICE, SUED).when(invoice.obtain_judgment, **asked).then(JUDGED)
    given(INVOICE, SUED, JUDGED).when(invoice.obtain_judgment, **asked).then()
    given(INVOICE, SUED, JUDGED).when(invoice.obtain_judgment, reference="26-1234", amount_minor=1_00).then(
        JudgmentObtained("26-1234", 1_00)
    )
    given(INVOICE, SUED, JUDGED).when(invoice.obtain_judgment, reference="26-9", amount_minor=1000_00).then(
        JudgmentObtained("26-9", 1000_00)
    )


def test_there_is_no_judgment_without_an_action_or_over_nothing():
    given(INVOICE).when(invoice.obtain_judgment, reference="26-1234", amount_minor=1_00).refused("not_in_court")
    given(INVOICE, SUED).when(invoice.obtain_judgment, reference="26-1234", amount_minor=0).refused("not_positive")
    given().when(invoice.obtain_judgment, reference="26-1234", amount_minor=1_00).refused("not_issued")


def test_the_same_judgment_of_a_second_action_is_a_second_judgment():
    again = LegalActionStarted("small_claims", "26-1234")
    given(INVOICE, SUED, JUDGED, again).when(invoice.obtain_judgment, reference="26-1234", amount_minor=1000_00).then(
        JUDGED
    )


# Each excludes the others

TO_FACTOR = (invoice.factor, SALE)
TO_AGENCY = (invoice.place, {"agency": "Inkasso", "commission_basis_points": 2500})
TO_COURT = (invoice.start_legal_action, {"kind": "lawyer", "reference": "26-1"})


@pytest.mark.parametrize(
    ("held", "asked", "code"),
    [
        (SOLD, TO_AGENCY, "sold"),
        (SOLD, TO_COURT, "sold"),
        (SOLD_FOR_GOOD, TO_AGENCY, "sold"),
        (PLACED, TO_FACTOR, "placed"),
        (PLACED, TO_COURT, "placed"),
        (SUED, TO_FACTOR, "in_court"),
        (SUED, TO_AGENCY, "in_court"),
    ],
)
def test_a_claim_is_with_a_factor_an_agency_or_a_court_never_with_two(held, asked, code):
    decision, keywords = asked
    given(INVOICE, held).when(decision, **keywords).refused(code)


@pytest.mark.parametrize("asked", [TO_FACTOR, TO_AGENCY, TO_COURT])
@pytest.mark.parametrize(
    "back", [(SOLD, Reassigned(0, "insolvent")), (PLACED, RECALLED), (SUED, JUDGED)], ids=["sold", "placed", "judged"]
)
def test_a_claim_that_came_back_may_go_to_any_of_them(asked, back):
    decision, keywords = asked
    assert len(decision(claim_of(INVOICE, *back), **keywords)) == 1


def test_a_second_action_after_a_judgment_is_in_court_again():
    given(INVOICE, SUED, JUDGED, replace(SUED, reference="27-1")).when(TO_AGENCY[0], **TO_AGENCY[1]).refused("in_court")


def test_a_claim_written_off_is_handed_to_nobody():
    lost = WrittenOff("insolvent", 1000_00, 0, (Part(1, 1000_00),))
    for decision, keywords in (TO_FACTOR, TO_AGENCY, TO_COURT):
        given(INVOICE, lost).when(decision, **keywords).refused("nothing_open")
