"""Days far ahead: what counts for one is refused as a slip of the year, what falls due then is not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.days import require_near, require_reached
from tests.services.filing import HISTORY, INVOICES, PAYMENTS, Filing, counts
from tests.services.terminal import Terminal


@pytest.mark.parametrize(
    ("today", "near", "ahead"),
    [
        (date(2026, 11, 22), date(2027, 11, 22), date(2027, 11, 23)),
        (date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2029, 3, 1), date(2029, 3, 2)),
    ],
)
def test_a_day_counts_up_to_a_year_after_today(refused, today, near, ahead):
    require_near(near, today)
    with refused("day_is_ahead"):
        require_near(ahead, today)


def test_a_ladder_is_run_up_to_today(refused):
    today = date(2026, 11, 22)
    assert require_reached(today, today) == today
    with refused("day_is_ahead"):
        require_reached(date(2026, 11, 23), today)


# What is typed; the command line has the clock of the machine


@pytest.fixture
def issued(terminal: Terminal) -> Terminal:
    terminal.run(*message("invoice issue Q1 --customer acme --amount 100 --currency EUR --issued-on 2026-01-05"))
    return terminal


def message(typed):
    return typed.split()


@pytest.mark.parametrize(
    "typed",
    [
        "invoice write-off Q1 --reason lost --approval board --on 2226-01-01",
        "invoice issue Q2 --customer acme --amount 1 --currency EUR --issued-on 2226-01-01",
        "receipt record P1 --amount 1 --currency EUR --value-on 2226-01-01",
        "receipt identify P1 --customer acme --on 2226-01-01",
        "customer limit acme --amount 1 --currency EUR --reason asked --on 2226-01-01",
    ],
)
def test_nothing_is_recorded_for_a_day_that_is_a_slip_of_the_year(issued, typed):
    head = issued.json("views", "list")["views"][0]["head"]
    code, said = issued.refused(*message(typed), exits=2)
    assert code == "day_is_ahead"
    assert "2226-01-01 is more than a year after today, 20" in said and ": check the year" in said
    assert issued.json("views", "list")["views"][0]["head"] == head


def test_what_falls_due_or_is_promised_may_lie_further_ahead(issued):
    issued.run(*message("invoice issue Q2 --customer acme --amount 1 --currency EUR --due-on 2036-01-01"))
    issued.run(*message("invoice promise Q1 --pay-on 2036-01-01 --on 2026-02-01"))


def test_a_ladder_is_not_run_for_a_day_to_come_and_still_runs_today(issued):
    # Two days, so that midnight may pass meanwhile.
    ahead = datetime.now(UTC).date() + timedelta(days=2)
    assert issued.refused("escalate", "run", "--today", ahead, exits=2)[0] == "day_is_ahead"
    issued.run("escalate", "run")


@pytest.mark.parametrize(
    "typed",
    [
        "run --today 0001-01-01",
        "explain Q1 --today 0001-01-01",
        "forecast Q1 --today 9999-12-31",
        "why-not Q1 --on 9999-12-31",
        "why-not Q1 --on 0001-01-01",
    ],
)
def test_a_ladder_is_not_asked_about_days_outside_the_years_of_a_ledger(issued, typed):
    assert issued.refused("escalate", *message(typed), exits=2)[0] == "bad_day"


def test_a_question_may_be_about_any_day(issued):
    assert issued.json("aging", "--as-of", "2226-01-01")["totals"][0]["open"] == "100.00"


# What a file says; it is 2026-01-05


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        ("invoices", INVOICES + "ann,R-1,2062-01-05,2062-02-04,1,EUR\n", "issued_on"),
        ("payments", PAYMENTS + "R-1,,1,2062-01-05,EUR,\n", "value_on"),
        ("history", HISTORY + "ann,R-1,2026-01-05,2026-02-04,1,EUR,2062-01-05,no\n", "settled_on"),
        ("history", HISTORY + "ann,R-1,2062-01-05,2062-02-04,1,EUR,2062-01-05,no\n", "issued_on"),
    ],
)
def test_a_row_of_a_day_far_ahead_is_rejected_with_its_field(app, tmp_path, kind, content, field):
    summary = Filing(app, tmp_path).load(kind, content)
    [reject] = summary.first_rejects
    said = "2062-01-05 is more than a year after today, 2026-01-05: check the year"
    assert reject == (2, field, "day_is_ahead", said)
    assert app.ledger.head().position == 0


def test_a_row_may_fall_due_far_ahead(app, tmp_path):
    assert counts(Filing(app, tmp_path).load("invoices", INVOICES + "ann,R-1,2027-01-05,2036-02-04,1,EUR\n"))[1] == 1


def test_the_today_of_an_import_is_the_ledgers(app, clock, tmp_path):
    row = PAYMENTS + "R-1,,1,2027-01-06,EUR,\n"
    assert Filing(app, tmp_path).load("payments", row).rejected == 1
    clock.pass_by(days=1)
    assert Filing(app, tmp_path).load("payments", row).imported == 1
