from datetime import date, timedelta

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    Factored,
    Part,
    PlacedWithAgency,
    SettlementAccepted,
    SettlementOffered,
    Voided,
)
from tests.domain.examples import INVOICE, paid
from tests.stories import given

TODAY = date(2026, 3, 10)
YESTERDAY = TODAY - timedelta(days=1)
BY = date(2026, 3, 20)
MORNING_AFTER = date(2026, 3, 21)
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)
PLACED = PlacedWithAgency("Inkasso", 2500, 1000_00)
VOIDED = Voided((Part(1, 1000_00),))
OFFER = {"pay_minor": 800_00, "until_on": BY, "on": TODAY}
OFFERED = SettlementOffered(1, 800_00, BY)
ACCEPTED = SettlementAccepted(1)


def test_a_settlement_asks_for_less_by_a_day():
    given(INVOICE).when(invoices.offer_settlement, **OFFER).then(OFFERED)
    given(INVOICE).when(invoices.offer_settlement, **(OFFER | {"until_on": TODAY})).then(
        SettlementOffered(1, 800_00, TODAY)
    )


def test_a_settlement_for_all_that_is_open_gives_a_service_at_least():
    all_of_it = OFFER | {"pay_minor": 1000_00}
    given(INVOICE).when(invoices.offer_settlement, **all_of_it).refused("no_concession")
    given(INVOICE).when(invoices.offer_settlement, **all_of_it, service="free training").then(
        SettlementOffered(1, 1000_00, BY, "free training")
    )
    given(INVOICE).when(invoices.offer_settlement, **(OFFER | {"pay_minor": 1000_01}), service="training").refused(
        "no_concession"
    )


def test_a_cent_less_is_a_concession():
    given(INVOICE).when(invoices.offer_settlement, **(OFFER | {"pay_minor": 999_99})).then(
        SettlementOffered(1, 999_99, BY)
    )


def test_an_offer_until_yesterday_is_refused():
    given(INVOICE).when(invoices.offer_settlement, **(OFFER | {"until_on": YESTERDAY})).refused("day_is_past")


@pytest.mark.parametrize("pay_minor", [0, -1])
def test_an_offer_to_end_the_invoice_for_nothing_is_refused(pay_minor):
    given(INVOICE).when(invoices.offer_settlement, **(OFFER | {"pay_minor": pay_minor})).refused("not_positive")


def test_the_same_offer_again_changes_nothing():
    given(INVOICE, OFFERED).when(invoices.offer_settlement, **OFFER).then()
    given(INVOICE, OFFERED, ACCEPTED).when(invoices.offer_settlement, **OFFER).then()


@pytest.mark.parametrize("other", [{"pay_minor": 700_00}, {"until_on": date(2026, 3, 21)}, {"service": "training"}])
def test_another_offer_takes_the_place_of_one_nobody_accepted(other):
    asked = OFFER | other
    given(INVOICE, OFFERED).when(invoices.offer_settlement, **asked).then(
        SettlementOffered(2, asked["pay_minor"], asked["until_on"], asked.get("service", ""))
    )


def test_another_offer_waits_until_an_accepted_one_has_lapsed():
    better = {"pay_minor": 700_00, "until_on": date(2026, 4, 30)}
    given(INVOICE, OFFERED, ACCEPTED).when(invoices.offer_settlement, **better, on=BY).refused("settlement_open")
    given(INVOICE, OFFERED, ACCEPTED).when(invoices.offer_settlement, **better, on=MORNING_AFTER).then(
        SettlementOffered(2, 700_00, date(2026, 4, 30))
    )


def test_nothing_is_settled_on_an_invoice_that_is_not_there_void_paid_or_not_ours():
    given().when(invoices.offer_settlement, **OFFER).refused("not_issued")
    given(INVOICE, VOIDED).when(invoices.offer_settlement, **OFFER).refused("voided")
    given(INVOICE, paid()).when(invoices.offer_settlement, **OFFER).refused("nothing_open")
    given(INVOICE, SOLD).when(invoices.offer_settlement, **OFFER).refused("factored")
    given(INVOICE, PLACED).when(invoices.offer_settlement, **OFFER).refused("placed")


def test_an_offer_is_accepted_until_its_last_day():
    given(INVOICE, OFFERED).when(invoices.accept_settlement, on=BY).then(ACCEPTED)
    given(INVOICE, OFFERED).when(invoices.accept_settlement, on=MORNING_AFTER).refused("offer_lapsed")


def test_the_newest_offer_is_the_one_accepted():
    given(INVOICE, OFFERED, SettlementOffered(2, 700_00, BY)).when(invoices.accept_settlement, on=BY).then(
        SettlementAccepted(2)
    )


def test_an_offer_is_accepted_once():
    given(INVOICE, OFFERED, ACCEPTED).when(invoices.accept_settlement, on=BY).then()
    given(INVOICE, OFFERED, ACCEPTED).when(invoices.accept_settlement, on=MORNING_AFTER).then()


def test_what_was_not_offered_is_not_accepted():
    given(INVOICE).when(invoices.accept_settlement, on=BY).refused("no_offer")
    given(INVOICE, OFFERED, paid()).when(invoices.accept_settlement, on=BY).refused("nothing_open")
    given().when(invoices.accept_settlement, on=BY).refused("not_issued")
