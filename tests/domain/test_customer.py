from datetime import date, timedelta
from typing import Any

import pytest

from domain import customer
from domain.customer.facts import (
    CollectorAssigned,
    ContactNoted,
    ContactSet,
    CreditChecked,
    CreditLimitSet,
    DataErased,
    DunningBlocked,
    DunningUnblocked,
    PlacedOnHold,
    PrepaymentRequired,
    Registered,
    ReportedToBureau,
    RetainerAgreed,
    RiskReviewed,
    TermsAgreed,
)
from domain.terms import EarlyDiscount, Share
from tests.stories import given

TODAY = date(2026, 3, 10)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ANN = Registered("ann", "DE")

NET_30 = (Share(30, 10000),)

TERMS = TermsAgreed(NET_30)
LIMIT = CreditLimitSet(5000_00, "EUR")
RETAINER = RetainerAgreed(1000_00, "EUR", 300_00)
EVERY = [
    (customer.agree_terms, {"schedule": NET_30}, TERMS),
    (customer.set_contact, {"encrypted": "gAAA"}, ContactSet("gAAA")),
    (
        customer.agree_retainer,
        {"amount_minor": 1000_00, "currency": "EUR", "replenish_below_minor": 300_00},
        RETAINER,
    ),
    (customer.erase, {"retained_until": None, "on": TODAY}, DataErased()),
    (customer.assign_collector, {"collector": "kim"}, CollectorAssigned("kim")),
    (
        customer.block,
        {"until": TOMORROW, "on": TODAY},
        DunningBlocked(TOMORROW),
    ),
    (
        customer.check_credit,
        {"source": "Creditinfo", "score": 71, "expires_on": TOMORROW},
        CreditChecked("Creditinfo", 71, TOMORROW),
    ),
    (customer.set_limit, {"amount_minor": 5000_00, "currency": "EUR"}, LIMIT),
    (customer.hold, {"scope": "orders"}, PlacedOnHold("orders")),
    (customer.require_prepayment, {"share_basis_points": 5000}, PrepaymentRequired(5000)),
    (
        customer.review_risk,
        {"risk_class": "C", "next_review_on": TOMORROW},
        RiskReviewed("C", TOMORROW),
    ),
    (
        customer.report_to_bureau,
        {"bureau": "Schufa", "invoice": "R-1", "was_warned": True},
        ReportedToBureau("Schufa", "R-1"),
    ),
]


def customer_of(*facts: Any) -> Any:
    return customer.fold(facts)


NOTE = {"channel": "phone", "spoke_with": "owner", "purpose": "overdue", "outcome": "will pay"}


@pytest.mark.parametrize(("decision", "asked", "fact"), EVERY, ids=[decision.__name__ for decision, _, _ in EVERY])
def test_what_is_asked_happens_once_and_only_to_a_customer_we_know(decision, asked, fact):
    given(ANN).when(decision, **asked).then(fact)
    given(ANN, fact).when(decision, **asked).then()
    given().when(decision, **asked).refused("not_registered")


# Registration


def test_a_customer_is_registered_with_a_country_or_without():
    given().when(customer.register, number="ann", country="DE").then(ANN)
    given().when(customer.register, number="ann").then(Registered("ann"))


def test_registering_again_changes_nothing_and_another_country_is_refused():
    given(ANN).when(customer.register, number="ann", country="DE").then()
    given(ANN).when(customer.register, number="ann").then()
    given(ANN).when(customer.register, number="ann", country="NL").refused("number_taken")


def test_a_country_is_added_where_none_was_known():
    given(Registered("ann")).when(customer.register, number="ann", country="DE").then(ANN)
    given(Registered("ann"), ANN).when(customer.register, number="ann", country="DE").then()
    given(Registered("ann"), ANN).when(customer.register, number="ann", country="NL").refused("number_taken")
    assert customer_of(Registered("ann"), TERMS, ANN) == customer_of(ANN, TERMS)


def test_a_story_of_a_customer_begins_with_the_registration():
    with pytest.raises(AssertionError):
        customer_of(TERMS)
    assert customer_of(ANN, ANN) == customer_of(ANN)


# Terms


def test_all_that_was_agreed_is_kept():
    asked: dict[str, Any] = {
        "schedule": [Share(0, 3000), Share(30, 7000)],
        "discounts": [EarlyDiscount(10, 200)],
        "currency": "CHF",
        "jurisdiction": "DE",
        "language": "de",
        "channel": "letter",
        "is_consumer": True,
        "interest_clause": "5 points over base",
        "cost_clause": "2.50 a reminder",
        "holds_delivery": True,
        "policy": "gentle",
    }
    kept = asked | {"schedule": (Share(0, 3000), Share(30, 7000)), "discounts": (EarlyDiscount(10, 200),)}
    given(ANN).when(customer.agree_terms, **asked).then(TermsAgreed(**kept))


def test_new_terms_take_the_place_of_the_old():
    given(ANN, TERMS).when(customer.agree_terms, schedule=[Share(14, 10000)]).then(TermsAgreed((Share(14, 10000),)))
    given(ANN, TERMS, TermsAgreed((Share(14, 10000),))).when(customer.agree_terms, schedule=NET_30).then(TERMS)


@pytest.mark.parametrize(
    "schedule", [[], [Share(30, 9999)], [Share(-1, 10000)], [Share(0, 0), Share(30, 10000)], [Share(0, 10001)]]
)
def test_a_schedule_that_does_not_add_up_is_refused(schedule):
    given(ANN).when(customer.agree_terms, schedule=schedule).refused("bad_schedule")


@pytest.mark.parametrize("tier", [EarlyDiscount(-1, 200), EarlyDiscount(10, 0), EarlyDiscount(10, 10000)])
def test_a_discount_of_nothing_or_everything_is_refused(tier):
    given(ANN).when(customer.agree_terms, schedule=NET_30, discounts=[EarlyDiscount(10, 200), tier]).refused(
        "bad_discount"
    )


@pytest.mark.parametrize("tier", [EarlyDiscount(0, 1), EarlyDiscount(10, 9999)])
def test_a_discount_may_be_anything_between_from_the_day_of_issue(tier):
    given(ANN).when(customer.agree_terms, schedule=NET_30, discounts=[tier]).then(TermsAgreed(NET_30, (tier,)))


def test_a_channel_or_currency_nobody_knows_is_refused():
    given(ANN).when(customer.agree_terms, schedule=NET_30, channel="pigeon").refused("unknown_channel")
    given(ANN).when(customer.agree_terms, schedule=NET_30, currency="BTC").refused("unknown_currency")


@pytest.mark.parametrize("channel", ["email", "letter", "phone", "visit", "portal"])
def test_a_customer_is_reached_by_any_of_five_channels(channel):
    given(ANN).when(customer.agree_terms, schedule=NET_30, channel=channel).then(TermsAgreed(NET_30, channel=channel))
    given(ANN).when(customer.note_contact, **(NOTE | {"channel": channel})).then(
        ContactNoted(channel, "owner", "overdue", "will pay")
    )


# Contact


def test_a_new_address_takes_the_place_of_the_old():
    given(ANN, ContactSet("gAAA")).when(customer.set_contact, encrypted="gBBB").then(ContactSet("gBBB"))


def test_erased_data_does_not_come_back():
    given(ANN, ContactSet("gAAA"), DataErased()).when(customer.set_contact, encrypted="gAAA").refused("erased")
    assert customer_of(ANN, ContactSet("gAAA"), DataErased()).encrypted_contact is None


def test_data_is_erased_from_the_day_after_the_law_lets_go_of_it():
    asked = {"on": TODAY}
    given(ANN).when(customer.erase, **asked, retained_until=YESTERDAY).then(DataErased())
    given(ANN).when(customer.erase, **asked, retained_until=TODAY).refused("must_be_kept")
    given(ANN, DataErased()).when(customer.erase, **asked, retained_until=TODAY).then()


def test_every_contact_is_noted_the_same_one_twice_too():
    noted = ContactNoted("phone", "owner", "overdue", "will pay", "call back")
    given(ANN).when(customer.note_contact, **NOTE, next_step="call back").then(noted)
    given(ANN, noted).when(customer.note_contact, **NOTE, next_step="call back").then(noted)
    given().when(customer.note_contact, **NOTE).refused("not_registered")
    given(ANN).when(customer.note_contact, **(NOTE | {"channel": "pigeon"})).refused("unknown_channel")


def test_a_customer_has_one_collector_at_a_time():
    given(ANN, CollectorAssigned("kim")).when(customer.assign_collector, collector="lee").then(CollectorAssigned("lee"))


# Dunning blocks


def test_a_block_ends_today_or_later():
    given(ANN).when(customer.block, until=TODAY, on=TODAY).then(DunningBlocked(TODAY))
    given(ANN).when(customer.block, until=YESTERDAY, on=TODAY).refused("day_is_past")


def test_a_block_holds_until_its_last_day():
    blocked = customer_of(ANN, DunningBlocked(TODAY))
    assert blocked.blocked_until(YESTERDAY) == TODAY
    assert blocked.blocked_until(TODAY) == TODAY
    assert blocked.blocked_until(TOMORROW) is None
    assert customer_of(ANN).blocked_until(TODAY) is None


def test_a_longer_block_takes_the_place_of_the_shorter():
    given(ANN, DunningBlocked(TODAY)).when(customer.block, until=TOMORROW, on=TODAY).then(DunningBlocked(TOMORROW))


def test_a_block_is_lifted_once():
    blocked, lifted = DunningBlocked(TOMORROW), DunningUnblocked()
    given(ANN, blocked).when(customer.unblock).then(lifted)
    given(ANN, blocked, lifted).when(customer.unblock).then()
    given(ANN).when(customer.unblock).then()
    given().when(customer.unblock).refused("not_registered")
    assert customer_of(ANN, blocked, lifted).blocked_until(TODAY) is None
