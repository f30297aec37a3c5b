from dataclasses import fields
from datetime import date
from fractions import Fraction

import pytest

from domain.customer.facts import ContactNoted, CreditLimitSet, Registered, RiskReviewed
from domain.entry import Cause, Entry
from domain.invoice.facts import Disputed, Paid, PromiseBroken, PromiseMade, Reminded
from projections.credit_risk.exposure import Asked
from projections.credit_risk.risk import Found, risks
from projections.credit_risk.score import CLASSES, LIMIT_PERCENT, proposed_limit, risk_class, score, two_digits
from projections.credit_risk.view import CreditRisk
from projections.projection import Rows
from tests.domain.examples import INVOICE

ON = date(2026, 3, 2)
CLAIM = "invoice:main:R-1"


def entries(*told):
    """(stream, version, fact) as entries at positions 1, 2, 3 …"""
    return [Entry(stream, n, fact, ON, Cause("t", "c"), at) for at, (stream, n, fact) in enumerate(told, 1)]


def project(*told, known=()):
    projection, read = CreditRisk(), entries(*told)
    batch = projection.batch([known])
    for entry in read:
        batch.take(entry)
    new = [each for each in batch.writes() if isinstance(each, Rows)]
    written = {each.table: [dict(zip(each.columns, row, strict=True)) for row in each.rows] for each in new}
    return written["invoices"], written["credit_facts"]


# The score


@pytest.mark.parametrize(
    ("days", "points"),
    [(0, 80), (15, 70), (22, 60), (30, 50), (60, 40), (90, 30), (120, 20), (150, 10), (180, 0), (400, 0)],
)
def test_the_score_is_the_published_one_at_each_point_of_the_scale_and_goes_down_to_zero(days, points):
    assert score(Fraction(days)) == points


@pytest.mark.parametrize(("days", "points"), [("7.5", 75), ("18.5", 65), ("26", 55), ("45", 45), ("105", 25)])
def test_between_two_points_of_the_scale_the_score_runs_straight(days, points):
    assert score(Fraction(days)) == points


def test_paying_before_the_due_day_earns_no_more_than_paying_on_it():
    assert score(Fraction(-10)) == 80


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "A"), (15, "A"), (16, "B"), (22, "B"), (23, "C"), (30, "C"), (31, "D"), (90, "D"), (91, "E")],
)
def test_a_class_ends_where_its_last_day_of_lateness_does(days, expected):
    assert risk_class(score(Fraction(days))) == expected


def test_every_class_has_a_rule_for_its_limit():
    assert {name for name, _ in CLASSES} == set(LIMIT_PERCENT)


@pytest.mark.parametrize(
    ("name", "sales", "days", "limit"),
    [
        ("A", 36_500_00, 365, 13_000_00),
        ("B", 36_500_00, 365, 9_000_00),
        ("D", 36_500_00, 365, 4_500_00),
        ("E", 36_500_00, 365, 0),
        ("B", 1_234_56, 10, 1_200_00),
        ("watch", 36_500_00, 365, None),
    ],
)
def test_a_proposed_limit_is_a_share_of_a_quarters_sales_and_never_more_than_the_rule_gives(name, sales, days, limit):
    assert proposed_limit(name, sales, days) == limit


@pytest.mark.parametrize(("minor", "cut"), [(0, 0), (7, 7), (99, 99), (109, 100), (12_345, 12_000)])
def test_a_limit_is_cut_to_two_leading_digits(minor, cut):
    assert two_digits(minor) == cut


# Facts to rows


def test_a_promise_is_a_row_of_the_customer_its_invoice_was_issued_to():
    invoices, standing = project((CLAIM, 1, INVOICE), (CLAIM, 2, PromiseMade(1, 500_00, date(2026, 3, 9))))
    assert invoices == [{"stream": CLAIM, "customer": "ann", "currency": "EUR", "invoice": CLAIM}]
    [row] = standing
    assert (row["customer"], row["currency"], row["topic"], row["subject"]) == ("ann", "EUR", "promise", "1")
    assert (row["name"], row["amount_minor"], row["until_on"]) == ("invoice.promise_made", 500_00, date(2026, 3, 9))
    assert (row["position"], row["version"], row["stream"]) == (2, 2, CLAIM)


def test_an_invoice_issued_in_an_earlier_batch_is_known_from_the_table():
    _, [row] = project((CLAIM, 2, PromiseBroken(1)), known=[(CLAIM, "bob", "NOK", CLAIM)])
    assert (row["customer"], row["currency"]) == ("bob", "NOK")


def test_the_owners_of_all_invoices_of_a_batch_are_asked_for_at_once_and_only_those_needed():
    other = "invoice:main:R-2"
    read = entries(
        (CLAIM, 1, INVOICE),
        (CLAIM, 2, PromiseBroken(1)),
        (other, 7, PromiseBroken(1)),
        ("invoice:main:R-3", 4, Paid("b", 1, 1, ())),
    )
    [query] = CreditRisk().needs(read)
    assert query.values == [[other]]


def test_a_promise_on_an_invoice_nobody_knows_is_refused_and_leaves_no_row():
    batch = CreditRisk().batch([()])
    [promise] = entries((CLAIM, 2, PromiseBroken(1)))
    with pytest.raises(LookupError):
        batch.take(promise)
    assert not any(each.rows for each in batch.writes() if isinstance(each, Rows))


def test_a_customers_limit_names_its_currency_and_a_review_its_class():
    _, [limit, review] = project(
        ("customer:ann", 2, CreditLimitSet(400_00, "EUR", date(2026, 12, 31))),
        ("customer:ann", 3, RiskReviewed("B", date(2026, 9, 30))),
    )
    assert (limit["customer"], limit["topic"], limit["currency"], limit["amount_minor"]) == (
        "ann",
        "limit",
        "EUR",
        400_00,
    )
    assert (review["topic"], review["value"], review["until_on"]) == ("review", "B", date(2026, 9, 30))


def test_reminders_and_disputes_count_and_notes_and_payments_do_not():
    _, standing = project(
        (CLAIM, 1, INVOICE),
        (CLAIM, 2, Reminded("first", "email", "hash")),
        (CLAIM, 3, Disputed(1, "price", 100, ())),
        (CLAIM, 4, Paid("b", 1, 100, ())),
        ("customer:ann", 2, ContactNoted("phone", "accounts", "reminder", "will pay")),
    )
    assert [row["topic"] for row in standing] == ["contact", "dispute"]


def test_a_customer_number_may_hold_colons():
    _, [row] = project(("customer:DE:4711", 1, Registered("DE:4711", "DE")))
    assert row["customer"] == "DE:4711"


# Rows to figures

ASKED = Asked(date(2026, 6, 30), date(2025, 7, 1), 99)


def found(owed=(), paid=(), sold=(), in_force=(), promises=(), disputes=()):
    return list(risks(ASKED, Found(owed, paid, sold, in_force, promises, disputes)))


def held(topic, subject="", value=None, amount=None, until=None, currency=None):
    return ("ann", topic, subject, f"customer.{topic}", "customer:ann", 2, 5, ON, value, amount, until, currency, "why")


def test_the_halves_of_a_year_meet_on_its_middle_day():
    assert (ASKED.days, ASKED.middle_on) == (365, date(2025, 12, 29))


def test_a_customer_with_nothing_but_a_limit_has_all_of_it_left():
    [ann] = found(in_force=[held("limit", "EUR", None, 400_00, None, "EUR")])
    assert (ann.exposure, ann.limit, ann.headroom, ann.utilisation) == (0, 400_00, 400_00, 0)
    assert (ann.score, ann.risk_class, ann.proposed_limit) == (None, None, None)


def test_a_limit_of_zero_is_no_credit_at_all_and_has_no_utilisation():
    [ann] = found(in_force=[held("limit", "EUR", None, 0, None, "EUR")])
    assert (ann.limit, ann.headroom, ann.utilisation) == (0, 0, None)


def test_a_customer_merely_registered_has_no_row():
    assert found(in_force=[held("country", value="DE")]) == []


def test_every_figure_of_a_row_has_its_reason():
    [ann] = found(in_force=[held("limit", "EUR", None, 400_00, None, "EUR")])
    about = {"customer", "currency", "country", "collector", "holds", "because", "disputed"}
    assert set(ann.because) == {each.name for each in fields(ann)} - about


def test_a_reviewers_own_class_is_kept_though_no_rule_proposes_a_limit_for_it():
    paid = [("ann", "EUR", True, False, 1, 0, 100, 0, 0, [[CLAIM, 1, 100, 0, 7]])]
    [ann] = found(paid=paid, in_force=[held("review", value="watch")])
    assert (ann.risk_class, ann.proposed_limit) == ("watch", None)


def test_what_is_said_of_a_customer_shows_in_each_of_their_currencies():
    limits = [held("limit", code, None, 100, None, code) for code in ("EUR", "USD")]
    both = found(in_force=[*limits, held("collector", value="kim")])
    assert [(row.currency, row.collector) for row in both] == [("EUR", "kim"), ("USD", "kim")]
