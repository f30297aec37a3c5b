from datetime import date, timedelta
from typing import Any

import pytest

from domain import customer
from domain.customer.facts import (
    BureauReportWithdrawn,
    CreditChecked,
    CreditLimitSet,
    PlacedOnHold,
    PrepaymentRequired,
    Registered,
    ReleasedFromHold,
    ReportedToBureau,
    RetainerAgreed,
    RetainerReplenishmentRequested,
    RiskReviewed,
    TermsAgreed,
)
from domain.terms import Share
from tests.stories import given

TODAY = date(2026, 3, 10)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ANN = Registered("ann", "DE")

NET_30 = (Share(30, 10000),)

TERMS = TermsAgreed(NET_30)
LIMIT = CreditLimitSet(5000_00, "EUR")
RETAINER = RetainerAgreed(1000_00, "EUR", 300_00)


def customer_of(*facts: Any) -> Any:
    return customer.fold(facts)


# Credit


@pytest.mark.parametrize("score", [0, 100])
def test_a_score_lies_between_0_and_100(score):
    given(ANN).when(customer.check_credit, source="Creditinfo", score=score, expires_on=TODAY).then(
        CreditChecked("Creditinfo", score, TODAY)
    )


@pytest.mark.parametrize("score", [-1, 101])
def test_and_nowhere_else(score):
    given(ANN).when(customer.check_credit, source="Creditinfo", score=score, expires_on=TODAY).refused("bad_score")


def test_a_limit_may_be_nothing_and_not_less():
    asked = {"currency": "EUR"}
    given(ANN).when(customer.set_limit, amount_minor=0, **asked).then(CreditLimitSet(0, "EUR"))
    given(ANN).when(customer.set_limit, amount_minor=-1, **asked).refused("negative")
    given(ANN).when(customer.set_limit, amount_minor=1, currency="BTC").refused("unknown_currency")


def test_a_limit_names_its_last_day_and_its_approval():
    given(ANN, LIMIT).when(
        customer.set_limit, amount_minor=9000_00, currency="EUR", until=TOMORROW, approval="board 12"
    ).then(CreditLimitSet(9000_00, "EUR", TOMORROW, "board 12"))


def test_orders_and_deliveries_are_held_and_released_apart():
    orders, deliveries = PlacedOnHold("orders"), PlacedOnHold("deliveries")
    given(ANN, orders).when(customer.hold, scope="deliveries").then(deliveries)
    given(ANN, orders, deliveries).when(customer.release, scope="orders").then(ReleasedFromHold("orders"))
    assert customer_of(ANN, orders, deliveries, ReleasedFromHold("orders")).holds == {"deliveries"}


def test_a_hold_is_released_once():
    given(ANN).when(customer.release, scope="orders").then()
    given(ANN, PlacedOnHold("orders"), ReleasedFromHold("orders")).when(customer.release, scope="orders").then()
    given().when(customer.release, scope="orders").refused("not_registered")


@pytest.mark.parametrize("decision", [customer.hold, customer.release])
def test_nothing_else_is_held(decision):
    given(ANN).when(decision, scope="phone calls").refused("unknown_hold")


@pytest.mark.parametrize("share", [1, 10000])
def test_part_or_all_of_an_order_is_paid_beforehand(share):
    given(ANN).when(customer.require_prepayment, share_basis_points=share).then(PrepaymentRequired(share))


@pytest.mark.parametrize("share", [-1, 10001])
def test_never_more_than_all_of_it(share):
    given(ANN).when(customer.require_prepayment, share_basis_points=share).refused("bad_share")


def test_a_prepayment_of_nothing_ends_it():
    given(ANN).when(customer.require_prepayment, share_basis_points=0).then()
    given(ANN, PrepaymentRequired(5000)).when(customer.require_prepayment, share_basis_points=0).then(
        PrepaymentRequired(0)
    )


def test_a_review_with_another_result_is_another_review():
    given(ANN, RiskReviewed("C", TODAY)).when(customer.review_risk, risk_class="C", next_review_on=TOMORROW).then(
        RiskReviewed("C", TOMORROW)
    )


def test_a_new_credit_check_takes_the_place_of_the_old():
    given(ANN, CreditChecked("Creditinfo", 71, TODAY)).when(
        customer.check_credit, source="Creditinfo", score=71, expires_on=TOMORROW
    ).then(CreditChecked("Creditinfo", 71, TOMORROW))


# Bureaus


def test_a_debtor_is_warned_before_a_report():
    given(ANN).when(customer.report_to_bureau, bureau="Schufa", invoice="R-1", was_warned=False).refused("not_warned")


def test_an_invoice_on_a_consumer_is_not_reported_warned_or_not():
    asked = {"bureau": "Schufa", "invoice": "R-1"}
    consumer = TermsAgreed(NET_30, is_consumer=True)
    given(ANN, consumer).when(customer.report_to_bureau, **asked, was_warned=True).refused("consumer")
    given(ANN, consumer).when(customer.report_to_bureau, **asked, was_warned=False).refused("consumer")
    given(ANN, TERMS).when(customer.report_to_bureau, **asked, was_warned=True).then(ReportedToBureau("Schufa", "R-1"))


def test_each_invoice_is_reported_to_each_bureau():
    reported = ReportedToBureau("Schufa", "R-1")
    given(ANN, reported).when(customer.report_to_bureau, bureau="Schufa", invoice="R-2", was_warned=True).then(
        ReportedToBureau("Schufa", "R-2")
    )
    given(ANN, reported).when(customer.report_to_bureau, bureau="Schufa", invoice="R-1", was_warned=False).then()


def test_a_report_is_withdrawn_once():
    asked = {"bureau": "Schufa", "invoice": "R-1"}
    reported, withdrawn = ReportedToBureau("Schufa", "R-1"), BureauReportWithdrawn("Schufa", "R-1")
    given(ANN, reported, ReportedToBureau("Schufa", "R-2")).when(customer.withdraw_report, **asked).then(withdrawn)
    given(ANN, reported, withdrawn).when(customer.withdraw_report, **asked).then()
    given(ANN).when(customer.withdraw_report, **asked).then()
    given().when(customer.withdraw_report, **asked).refused("not_registered")


# Retainers


@pytest.mark.parametrize("below", [0, 1000_00])
def test_a_retainer_is_replenished_below_any_part_of_it(below):
    given(ANN).when(customer.agree_retainer, amount_minor=1000_00, currency="EUR", replenish_below_minor=below).then(
        RetainerAgreed(1000_00, "EUR", below)
    )


@pytest.mark.parametrize(("amount", "below"), [(0, 0), (1000_00, -1), (1000_00, 1000_01), (-1, -1)])
def test_a_retainer_that_makes_no_sense_is_refused(amount, below):
    given(ANN).when(customer.agree_retainer, amount_minor=amount, currency="EUR", replenish_below_minor=below).refused(
        "bad_retainer"
    )


def test_a_retainer_has_a_currency():
    given(ANN).when(customer.agree_retainer, amount_minor=1, currency="BTC", replenish_below_minor=0).refused(
        "unknown_currency"
    )


def test_what_is_missing_is_asked_for_once_less_is_left_than_agreed():
    given(ANN, RETAINER).when(customer.request_replenishment, left_minor=299_99).then(
        RetainerReplenishmentRequested(700_01, "EUR")
    )
    given(ANN, RETAINER).when(customer.request_replenishment, left_minor=300_00).then()
    given(ANN).when(customer.request_replenishment, left_minor=0).refused("no_retainer")
    given().when(customer.request_replenishment, left_minor=0).refused("not_registered")


def test_a_retainer_used_up_again_is_asked_for_again():
    asked = RetainerReplenishmentRequested(1000_00, "EUR")
    given(ANN, RETAINER, asked).when(customer.request_replenishment, left_minor=0).then(asked)
