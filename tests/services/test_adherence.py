"""Adherence, with numbers counted by hand: which steps were on time, late, withheld, failed, skipped, and by whom."""

import pytest

from infra.post.message import Refused, Taken
from tests.services.chasing import Chase
from tests.services.conftest import keep_views
from tests.services.post import Tray, posting

PERIOD = ("--from", "2025-08-25", "--to", "2025-09-30")


@pytest.fixture
def tray():
    return Tray()


@pytest.fixture
def app(database_url, tmp_path, clock, tray):
    with posting(database_url, tmp_path, clock, tray) as app:
        keep_views(app)
        yield app


@pytest.fixture
def chase(app, tray):
    """ACME and BETA are due on 20 August, CARA on the 21st.

    25 August: three reminders on their day. ACME's is sent, BETA's refused, CARA's withheld: she is blocked until the
    3rd of September. 1 September, second reminders: nothing runs. ACME's and BETA's are taken on the 2nd, a day late,
    CARA's on the 5th, four days late. 8 and 11 September, firm calls on their day, ACME's skipped, CARA's done, BETA's
    still to be made.
    """
    chase = Chase(app)
    for customer, due_on in (("ACME", "2025-08-20"), ("BETA", "2025-08-20"), ("CARA", "2025-08-21")):
        chase.issue(f"R-{customer}", due_on, customer=customer)
        chase.give("customer.contact", customer=customer, email=f"{customer}@firm.example")
    chase.give("customer.collector", customer="BETA", collector="cleo")
    chase.tick("2025-08-25")
    chase.give("customer.block", customer="CARA", until="2025-09-03", on="2025-08-25", reason="in talks")
    tray.answers += [Taken(), Refused("550 5.1.1")]
    for day in ("2025-08-25", "2025-09-02", "2025-09-05", "2025-09-08", "2025-09-11"):
        chase.tick(day)
        chase.send(day)
    skipped, done = ("contact:main:2025-09-08:phone:1:ACME", "contact:main:2025-09-11:phone:1:CARA")
    chase.give("contact.skip", contact=skipped, reason="they called us", actor="dan", on="2025-09-08")
    chase.give("contact.done", contact=done, outcome="no answer", on="2025-09-11")
    return chase


STEP = dict.fromkeys(("late", "withheld", "failed", "unknown", "skipped", "held"), 0)


def step(name, on_time, **counts):
    counts = STEP | counts
    late = {"median_days_late": None, "most_days_late": None} | counts
    return {"policy": "general", "step": name, "decided": on_time + counts["late"], "on_time": on_time} | late


def customer(number, collector, **counts):
    named = dict.fromkeys(("skipped", "withheld", "failed", "unknown", "late"), 0) | counts
    return {"customer": number, "collector": collector, "steps": 3, "exceptions": 2} | named


def test_steps_are_counted_by_their_own_day(terminal, chase):
    found = terminal.json("adherence", *PERIOD)
    assert found["steps"] == [
        step("friendly_reminder", 3, withheld=1, failed=1),
        step("second_reminder", 0, late=3, median_days_late=1, most_days_late=4),
        step("firm_call", 3, skipped=1, held=1),
    ]
    assert found["skips"] == [
        {"policy": "general", "step": "firm_call", "by": "dan", "reason": "they called us", "steps": 1}
    ]
    assert found["customers"] == [
        customer("ACME", None, skipped=1, late=1),
        customer("BETA", "cleo", failed=1, late=1),
        customer("CARA", None, withheld=1, late=1),
    ]
    assert (found["from"], found["to"]) == ("2025-08-25", "2025-09-30")


def test_both_days_of_the_period_are_in_and_no_other(terminal, chase):
    def names(first, last):
        rows = terminal.json("adherence", "--from", first, "--to", last)["steps"]
        return {row["step"]: row["decided"] for row in rows}

    assert names("2025-08-25", "2025-08-25") == {"friendly_reminder": 3}
    # Taken on the 2nd and on the 5th, and due on the 1st.
    assert names("2025-08-26", "2025-09-01") == {"second_reminder": 3}
    assert names("2025-09-02", "2025-09-10") == {"firm_call": 2}
    assert names("2025-10-01", "2025-10-31") == {}


def test_of_a_collector_only_their_customers_are_counted(terminal, chase):
    found = terminal.json("adherence", *PERIOD, "--collector", "cleo")
    assert [(row["step"], row["decided"], row["failed"], row["held"]) for row in found["steps"]] == [
        ("friendly_reminder", 1, 1, 0),
        ("second_reminder", 1, 0, 0),
        ("firm_call", 1, 0, 1),
    ]
    assert [row["customer"] for row in found["customers"]] == ["BETA"]
    assert found["skips"] == []


def test_a_period_that_ends_before_it_begins_is_wrong_use(terminal):
    asked = ("adherence", "--from", "2025-09-02", "--to", "2025-09-01")
    assert terminal.refused(*asked, exits=2)[0] == "bad_period"


def test_people_read_who_skipped_what_and_why(terminal, chase):
    shown = terminal.run("adherence", *PERIOD).stdout
    for text in ("second_reminder", "Skipped by", "dan", "they called us", "Customers with exceptions", "BETA"):
        assert text in shown
