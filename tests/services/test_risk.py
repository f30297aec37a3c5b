from datetime import UTC, date, datetime

import pytest

from domain import customer
from domain import invoice as invoices
from domain.entry import Cause
from infra.settings import Settings
from services.assembly import assemble
from tests.services.desk import ask_customer, ask_invoice, issue_invoice, record_receipt

TODAY = date(2026, 6, 30)
YEAR_AGO = date(2025, 7, 1)


@pytest.fixture
def told(app):
    """`told(decision, key, on, ...)`: one more command, each under an id of its own."""

    def tell(decision, key, *, on, **asked):
        ask = ask_customer if decision.__module__.startswith("domain.customer") else ask_invoice
        return ask(app, decision, key, on=on, cause=Cause("tester", app.new_id()), **asked)

    return tell


@pytest.fixture
def sell(app):
    def issue(number, owner, amount, issued_on, due_on, currency="EUR"):
        issue_invoice(
            app,
            number,
            customer=owner,
            amount_minor=amount,
            currency=currency,
            issued_on=issued_on,
            due_on=due_on,
            cause=Cause("tester", app.new_id()),
        )

    return issue


@pytest.fixture
def pay(app):
    def receive(number, amount, on, currency="EUR"):
        record_receipt(
            app,
            f"for {number} {on}",
            invoices=(number,),
            amount_minor=amount,
            currency=currency,
            value_on=on,
            cause=Cause("tester", app.new_id()),
        )

    return receive


def row(app, owner, as_of=TODAY, currency="EUR", **asked):
    app.projector.catch_up()
    rows = app.risk.risk(as_of, customer=owner, **asked)["rows"]
    return next(each for each in rows if (each["customer"], each["currency"]) == (owner, currency))


def test_a_large_invoice_paid_30_days_late_and_a_small_one_on_time_score_near_the_large_one(app, sell, pay):
    sell("R-1", "ann", 9_000_00, date(2026, 1, 1), date(2026, 1, 31))
    sell("R-2", "ann", 1_000_00, date(2026, 1, 1), date(2026, 1, 31))
    pay("R-1", 9_000_00, date(2026, 3, 2))
    pay("R-2", 1_000_00, date(2026, 1, 20))
    ann = row(app, "ann")
    assert ann["weighted_average_days_late"] == "27.0000"
    assert ann["late_share"] == "0.9000"
    # Between 22 days (60) and 30 days (50).
    assert ann["score"] == "53.7500"
    assert ann["risk_class"] == "C"
    reason = ann["because"]["weighted_average_days_late"]
    assert [(fact["invoice"], fact["days_late"]) for fact in reason["facts"]] == [("R-1", 30), ("R-2", 0)]


def test_what_is_open_and_overdue_counts_with_its_age_to_date_before_it_is_paid(app, sell):
    sell("R-1", "ann", 500_00, date(2026, 3, 1), date(2026, 3, 31))
    ann = row(app, "ann")
    assert (ann["weighted_average_days_late"], ann["score"], ann["risk_class"]) == ("91.0000", "29.6667", "E")
    assert (ann["exposure"], ann["overdue"]) == ("500.00", "500.00")
    not_due = row(app, "ann", as_of=date(2026, 3, 31))
    assert (not_due["exposure"], not_due["overdue"]) == ("500.00", "0.00")


def test_a_customer_without_history_has_no_score_and_is_told_why(app, sell):
    sell("R-1", "ann", 500_00, date(2026, 6, 1), date(2026, 7, 31))
    ann = row(app, "ann")
    assert (ann["score"], ann["risk_class"], ann["proposed_limit"]) == (None, None, None)
    assert "no history" in ann["because"]["score"]["message"]


def test_an_invoice_credited_or_voided_says_nothing_about_how_late_a_customer_pays(app, sell, told):
    sell("R-1", "ann", 500_00, date(2026, 1, 1), date(2026, 1, 31))
    sell("R-2", "ann", 500_00, date(2026, 1, 1), date(2026, 1, 31))
    credit = {"credit_note": "C-1", "amount_minor": 500_00, "reason": "goods returned"}
    told(invoices.credit, "R-1", on=date(2026, 5, 1), **credit)
    told(invoices.void, "R-2", on=date(2026, 5, 1), reason="entered twice")
    assert row(app, "ann")["score"] is None


def test_an_invoice_written_off_counts_as_late_until_it_was_given_up(app, sell, told):
    sell("R-1", "ann", 500_00, date(2026, 1, 1), date(2026, 1, 31))
    told(invoices.write_off, "R-1", on=date(2026, 5, 1), reason="insolvent")
    assert row(app, "ann")["weighted_average_days_late"] == "90.0000"


def test_headroom_is_the_limit_less_the_exposure_and_may_be_less_than_nothing(app, sell, told):
    sell("R-1", "ann", 500_00, date(2026, 6, 1), date(2026, 7, 31))
    limit = {"amount_minor": 400_00, "currency": "EUR", "reason": "credit check"}
    told(customer.set_limit, "ann", on=date(2026, 6, 2), **limit)
    ann = row(app, "ann")
    assert (ann["limit"], ann["headroom"], ann["utilisation"]) == ("400.00", "-100.00", "1.2500")
    [fact] = ann["because"]["limit"]["facts"]
    assert (fact["event"], fact["amount"], fact["reason"]) == ("customer:ann@2", "400.00", "credit check")


def test_a_limit_counts_from_its_day_until_its_end_and_only_in_its_own_currency(app, sell, told):
    sell("R-1", "ann", 500, date(2026, 1, 1), date(2026, 7, 31), "JPY")
    limit = {"amount_minor": 400_00, "currency": "EUR", "reason": "trial", "until": date(2026, 6, 15)}
    told(customer.set_limit, "ann", on=date(2026, 6, 2), **limit)
    assert row(app, "ann", as_of=date(2026, 6, 15))["limit"] == "400.00"
    assert row(app, "ann", as_of=date(2026, 6, 16))["limit"] is None
    assert "ended on 2026-06-15" in row(app, "ann")["because"]["limit"]["message"]
    assert row(app, "ann", currency="JPY")["limit"] is None
    before = app.risk.risk(date(2026, 6, 1), customer="ann")["rows"]
    assert [each["currency"] for each in before] == ["JPY"]


def test_a_review_by_hand_overrules_the_score_while_it_is_valid_and_says_so(app, sell, pay, told):
    sell("R-1", "ann", 500_00, date(2026, 1, 1), date(2026, 1, 31))
    pay("R-1", 500_00, date(2026, 1, 31))
    review = {"risk_class": "D", "reason": "new owner", "next_review_on": date(2026, 6, 30)}
    told(customer.review_risk, "ann", on=date(2026, 5, 1), **review)
    reviewed = row(app, "ann")
    assert (reviewed["score"], reviewed["risk_class"]) == ("80.0000", "D")
    assert "new owner" in reviewed["because"]["risk_class"]["message"]
    assert "without the review: a score of 80.0000 is class A" in reviewed["because"]["risk_class"]["message"]
    lapsed = row(app, "ann", as_of=date(2026, 7, 1))
    assert lapsed["risk_class"] == "A"
    assert "was valid until 2026-06-30" in lapsed["because"]["risk_class"]["message"]


def test_the_proposed_limit_is_the_class_share_of_an_average_quarters_sales(app, sell, pay):
    """36,500.00 over 365 days are 9,000.00 in 90 days; class A may owe 150 % of that at once."""
    sell("R-1", "ann", 30_000_00, YEAR_AGO, YEAR_AGO)
    sell("R-2", "ann", 6_500_00, date(2026, 1, 1), date(2026, 1, 1))
    pay("R-1", 30_000_00, YEAR_AGO)
    pay("R-2", 6_500_00, date(2026, 1, 1))
    ann = row(app, "ann")
    assert ann["proposed_limit"] == "13000.00"
    assert "class A: 150 % of 90 days' sales" in ann["because"]["proposed_limit"]["message"]


def test_a_broken_promise_is_counted_with_the_fact_that_says_so(app, sell, told):
    sell("R-1", "ann", 500_00, date(2026, 1, 1), date(2026, 1, 31))
    told(invoices.promise, "R-1", on=date(2026, 2, 10), pay_on=date(2026, 2, 20))
    told(invoices.review_promise, "R-1", on=date(2026, 2, 21))
    ann = row(app, "ann")
    assert (ann["broken_promises"], ann["promise_kept_rate"]) == (1, "0.0000")
    [fact] = ann["because"]["broken_promises"]["facts"]
    assert (fact["name"], fact["invoice"], fact["event"]) == ("invoice.promise_broken", "R-1", "invoice:main:R-1@3")
    assert row(app, "ann", as_of=date(2026, 2, 20))["promise_kept_rate"] is None


def test_a_dispute_is_counted_when_raised_and_its_amount_while_it_is_open(app, sell, told):
    sell("R-1", "ann", 500_00, date(2026, 1, 1), date(2026, 1, 31))
    told(invoices.dispute, "R-1", on=date(2026, 2, 1), reason_code="quality", amount_minor=200_00)
    told(invoices.resolve, "R-1", on=date(2026, 3, 1), outcome="rejected")
    during, after = row(app, "ann", as_of=date(2026, 2, 28)), row(app, "ann", as_of=date(2026, 3, 1))
    assert (during["disputes"], during["disputed"]) == (1, "200.00")
    assert (after["disputes"], after["disputed"]) == (1, "0.00")
    assert during["because"]["disputes"]["facts"][0]["value"] == "quality"


def test_the_trend_says_how_many_days_later_the_recent_half_came(app, sell, pay):
    sell("R-1", "ann", 500_00, date(2025, 8, 1), date(2025, 8, 31))
    sell("R-2", "ann", 500_00, date(2026, 2, 1), date(2026, 2, 28))
    pay("R-1", 500_00, date(2025, 9, 5))
    pay("R-2", 500_00, date(2026, 3, 20))
    assert row(app, "ann")["trend"] == "15.0000"
    assert row(app, "ann", as_of=date(2025, 12, 31))["trend"] is None


def test_a_payment_booked_late_changes_what_was_owed_then_but_not_what_we_knew_then(app, clock, sell, pay):
    clock.at = datetime(2026, 1, 1, 9, tzinfo=UTC)
    sell("R-1", "ann", 500_00, date(2026, 1, 1), date(2026, 1, 31))
    clock.at = known_then = datetime(2026, 3, 31, 9, tzinfo=UTC)
    clock.at = datetime(2026, 4, 2, 9, tzinfo=UTC)
    pay("R-1", 500_00, date(2026, 1, 31))
    now, then = row(app, "ann", date(2026, 3, 31)), row(app, "ann", date(2026, 3, 31), known_at=known_then)
    assert (now["overdue"], now["weighted_average_days_late"]) == ("0.00", "0.0000")
    assert (then["overdue"], then["weighted_average_days_late"]) == ("500.00", "59.0000")


def test_who_looks_after_the_customer_where_they_are_and_what_is_held_is_as_of_the_day(app, told):
    told(customer.register, "ann", on=date(2026, 1, 1), country="NO")
    told(
        customer.set_limit,
        "ann",
        on=date(2026, 1, 1),
        amount_minor=1,
        currency="EUR",
        reason="new",
    )
    told(customer.assign_collector, "ann", on=date(2026, 2, 1), collector="kim")
    told(customer.assign_collector, "ann", on=date(2026, 3, 1), collector="lee")
    told(customer.hold, "ann", on=date(2026, 3, 1), scope="orders", reason="late")
    told(customer.release, "ann", on=date(2026, 4, 1), scope="orders", reason="paid")

    def who(on):
        found = row(app, "ann", as_of=on)
        return found["country"], found["collector"], found["holds"]

    assert who(date(2026, 2, 28)) == ("NO", "kim", [])
    assert who(date(2026, 3, 31)) == ("NO", "lee", ["orders"])
    assert who(date(2026, 4, 1)) == ("NO", "lee", [])


def test_only_the_five_weightiest_facts_are_named_and_the_rest_are_counted(app, sell):
    for number in range(8):
        sell(f"R-{number}", "ann", 100_00 + number, date(2026, 6, 1), date(2026, 7, 31))
    reason = row(app, "ann")["because"]["exposure"]
    assert [fact["invoice"] for fact in reason["facts"]] == ["R-7", "R-6", "R-5", "R-4", "R-3"]
    assert reason["of"] == 8


def test_every_position_named_as_a_reason_is_that_of_a_fact_about_the_invoice_named(app, sell, pay):
    sell("R-1", "ann", 500_00, date(2026, 1, 1), date(2026, 1, 31))
    sell("R-2", "ann", 700_00, date(2026, 1, 1), date(2026, 1, 31))
    pay("R-2", 300_00, date(2026, 2, 3))
    for reason in row(app, "ann")["because"].values():
        for fact in reason["facts"]:
            [entry] = app.ledger.entries(fact["position"] - 1, 1)
            assert entry.stream == f"invoice:main:{fact['invoice']}"


def test_currencies_are_never_added_but_a_second_total_takes_the_last_rates_and_shows_them(
    database_url, tmp_path, clock
):
    rates = tmp_path / "rates.csv"
    rates.write_text("date,from,to,rate\n2026-06-26,USD,EUR,0.90\n2026-07-01,USD,EUR,0.10\n", encoding="utf-8")
    settings = Settings(home=tmp_path, rates_file=rates, reporting_currency="EUR")
    with assemble(settings, database_url=database_url, clock=clock) as app:
        for number, currency in (("R-1", "EUR"), ("R-2", "USD")):
            issue_invoice(
                app,
                number,
                customer="ann",
                amount_minor=100_00,
                currency=currency,
                issued_on=TODAY,
                due_on=TODAY,
                cause=Cause("tester", app.new_id()),
            )
        app.projector.catch_up()
        answer = app.risk.risk(TODAY)
        assert [each["exposure"] for each in answer["rows"]] == ["100.00", "100.00"]
        assert answer["reporting"] == {
            "currency": "EUR",
            "exposure": "190.00",
            "overdue": "0.00",
            "rates": [{"from": "USD", "to": "EUR", "rate": "0.90", "on": "2026-06-26"}],
            "missing_rates": [],
        }


def test_a_window_that_ends_before_it_begins_is_refused(app, refused):
    with refused("bad_period"):
        app.risk.risk(TODAY, from_on=date(2026, 7, 1))
