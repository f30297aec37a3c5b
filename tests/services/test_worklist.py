"""The work list: who is to do what today, what is worth most first, and what is left out until it is over."""

import csv
from datetime import date
from io import StringIO

import pytest

from infra.post.message import Refused, Unknown
from tests.services.chasing import Chase
from tests.services.conftest import keep_views
from tests.services.filing import HISTORY, INVOICES, Filing
from tests.services.post import PlainWriter, Tray, posting

# R-1 of ACME, due on a Wednesday: its firm call falls on 8 September.
DUE, FIRM_CALL = "2025-08-20", "2025-09-08"
ON_THE_WAY = ("2025-08-25", "2025-09-01", FIRM_CALL)
CALL = "contact:main:2025-09-08:phone:1:ACME"
# The default curve falls by 27 hundredths in the first 91 days: 7/91 of that in a week, of 1000.00 so much.
A_WEEK = "20.77"


@pytest.fixture
def tray():
    return Tray()


@pytest.fixture
def writer():
    return PlainWriter()


@pytest.fixture
def app(database_url, tmp_path, clock, tray, writer):
    with posting(database_url, tmp_path, clock, tray, writer) as app:
        keep_views(app)
        yield app


@pytest.fixture
def chase(app):
    return Chase(app)


@pytest.fixture
def reachable(chase):
    """ACME, BETA and CARA get mail: calls are those of the ladder."""
    for customer in ("ACME", "BETA", "CARA"):
        chase.give("customer.register", customer=customer)
        chase.give("customer.contact", customer=customer, email="pay@acme.example")
    return chase


@pytest.fixture
def called(chase):
    """R-1 at the step of its firm call."""
    chase.issue("R-1", DUE)
    chase.give("customer.contact", customer="ACME", name="Acme", email="pay@acme.example", phone="+49 40 1234")
    chase.tick(*ON_THE_WAY)
    return chase


# What is on it


def test_a_call_is_on_it_with_the_number_the_amount_and_why(called):
    [row] = called.rows(FIRM_CALL)
    assert row == {
        "task": CALL,
        "kind": "call",
        "customer": "ACME",
        "invoices": ["R-1"],
        "collector": None,
        "currency": "EUR",
        "value": A_WEEK,
        "due_on": FIRM_CALL,
        "phone": "+49 40 1234",
        "why": "firm call: 1,000.00 EUR open, 19 days overdue, no reminder so far",
    }


def test_it_is_not_on_it_on_the_day_before_it_was_planned(called):
    assert called.tasks("2025-09-07") == []


def test_reminders_that_went_out_and_promises_that_were_broken_are_counted(chase):
    chase.issue("R-1", DUE)
    chase.give("customer.contact", customer="ACME", email="pay@acme.example")
    for day in ("2025-08-25", "2025-09-01"):
        chase.tick(day)
        chase.send(day)
    chase.give("invoice.promise", number="R-1", pay_on="2025-09-03", on="2025-09-02")
    chase.tick("2025-09-04", FIRM_CALL)

    [promise, call] = sorted(chase.rows(FIRM_CALL), key=lambda row: row["due_on"])
    assert promise["kind"] == "promise"
    assert promise["why"] == (
        "a promise was broken: 1,000.00 EUR open, 19 days overdue, 2 reminders so far, 1 broken promise"
    )
    assert call["why"] == "firm call: 1,000.00 EUR open, 19 days overdue, 2 reminders so far, 1 broken promise"
    assert promise["phone"] is None


def test_a_decision_is_on_it_under_its_step(called):
    called.give("contact.done", contact=CALL, outcome="no answer", on=FIRM_CALL)
    called.tick("2025-09-15")
    [row] = called.rows("2025-09-15")
    assert (row["kind"], row["task"]) == ("decision", "contact:main:2025-09-15:decision:1:ACME")
    assert row["why"].startswith("to decide, compromise: 1,000.00 EUR open")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Refused("550 5.1.1"), "the email of friendly reminder did not arrive (550 5.1.1): "),
        (Unknown("timeout"), "nobody knows whether the email of friendly reminder has left (timeout): "),
    ],
)
def test_a_message_that_did_not_arrive_is_a_delivery_to_see_to(chase, tray, answer, why):
    chase.issue("R-1", DUE)
    chase.give("customer.contact", customer="ACME", email="pay@acme.example")
    tray.answers.append(answer)
    chase.tick("2025-08-25")
    chase.send("2025-08-25")

    [row] = chase.rows("2025-08-25")
    assert (row["kind"], row["task"]) == ("delivery", "contact:main:2025-08-25:email:1:ACME")
    assert row["why"].startswith(why)


@pytest.mark.parametrize("code", ["no_address", "text_not_approved", "text_unfit", "no_glyph"])
def test_a_message_withheld_is_a_persons_only_where_a_person_can_put_it_right(chase, writer, code):
    for customer in ("ACME", "BETA"):
        chase.issue(f"R-{customer}", DUE, customer=customer)
        chase.give("customer.contact", customer=customer, email="pay@acme.example")
    chase.tick("2025-08-25")
    writer.codes["ACME"] = code
    chase.give("customer.block", customer="BETA", until="2025-08-26", on="2025-08-25", reason="they asked")
    chase.send("2025-08-25")

    assert chase.tasks("2025-08-28") == ["contact:main:2025-08-25:email:1:ACME"]
    [row] = chase.rows("2025-08-28")
    assert row["why"].startswith(f"the email of friendly reminder was withheld ({code.replace('_', ' ')}): ")


def test_a_message_that_is_on_its_way_or_has_arrived_is_nobodys(chase):
    chase.issue("R-1", DUE)
    chase.give("customer.contact", customer="ACME", email="pay@acme.example")
    chase.tick("2025-08-25")
    assert chase.rows("2025-08-25") == []
    chase.send("2025-08-25")
    assert chase.rows("2025-08-25") == []


# Whose it is


def test_a_collector_sees_their_own_and_what_is_nobodys(chase):
    for number, customer, collector in (("R-1", "ACME", "cleo"), ("R-2", "BETA", "dan"), ("R-3", "CARA", None)):
        chase.issue(number, DUE, customer=customer)
        if collector:
            chase.give("customer.collector", customer=customer, collector=collector)
    chase.tick(*ON_THE_WAY)

    def owners(collector: str | None = None) -> set[tuple[str, str | None]]:
        return {(row["customer"], row["collector"]) for row in chase.rows(FIRM_CALL, collector)}

    assert owners() == {("ACME", "cleo"), ("BETA", "dan"), ("CARA", None)}
    assert owners("cleo") == {("ACME", "cleo"), ("CARA", None)}
    assert owners("nobody we know") == {("CARA", None)}


def test_the_number_goes_with_the_customers_data(called):
    assert called.rows(FIRM_CALL)[0]["phone"]
    called.app.encryption.destroy("ACME")
    assert called.rows(FIRM_CALL)[0]["phone"] is None


# What is left out, and comes back


LEFT_ALONE: dict[str, dict[str, object]] = {
    "invoice.dispute": {"reason_code": "goods"},
    "invoice.promise": {"pay_on": "2025-09-12"},
    "invoice.block": {"until": "2025-09-12"},
    "invoice.plan": {"instalments": [{"due_on": "2025-09-12", "amount": "1000.00"}]},
    "invoice.place": {"agency": "Inkasso", "commission": "25"},
    "invoice.legal": {"kind": "small_claims", "reference": "7 C 12"},
    "invoice.factor": {"factor": "Faktor", "advance": "90", "fee": "3"},
    "invoice.write_off": {},
    "customer.block": {"until": "2025-09-12"},
}
IS_OVER = {"invoice.promise", "invoice.block", "invoice.plan", "customer.block"}
BACK = {"invoice.place": "invoice.recall", "invoice.block": "invoice.unblock", "customer.block": "customer.unblock"}


@pytest.fixture
def many(chase):
    """An invoice for each of them, at its firm call, of a customer of the same name."""
    for name in LEFT_ALONE:
        chase.issue(name, DUE, customer=name)
        chase.give("customer.contact", customer=name, email="pay@acme.example")
    chase.tick(*ON_THE_WAY)
    return chase


def owing(chase, today):
    return {row["customer"] for row in chase.rows(today)}


def subject(command):
    return {"customer": command} if command.startswith("customer") else {"number": command}


def test_what_is_to_be_left_alone_is_no_task_until_that_is_over(many):
    assert owing(many, FIRM_CALL) == {*LEFT_ALONE}
    for command, arguments in LEFT_ALONE.items():
        many.give(command, on=FIRM_CALL, reason="in talks", **subject(command), **arguments)
    assert owing(many, FIRM_CALL) == set()
    assert owing(many, "2025-09-12") == set()
    assert owing(many, "2025-09-13") == IS_OVER


def test_what_comes_back_to_us_is_to_be_done_again(many):
    for command in BACK:
        many.give(command, on=FIRM_CALL, reason="in talks", **subject(command), **LEFT_ALONE[command])
    assert owing(many, "2025-09-09") == LEFT_ALONE.keys() - BACK.keys()
    for command, back in BACK.items():
        many.give(back, on="2025-09-09", reason="talks are over", **subject(command))
    assert owing(many, "2025-09-09") == {*LEFT_ALONE}
    assert many.app.projector.compare("escalation") == []


def test_what_is_paid_is_no_task_though_the_ladder_was_held(called):
    called.give("receipt.record", receipt="B-1", amount="1000.00", currency="EUR", invoices=["R-1"], value_on=FIRM_CALL)
    assert called.tasks(FIRM_CALL) == []
    # As it was on the day before it came.
    assert called.app.work_list.worklist(date(2025, 9, 7))["rows"] == []


def test_what_a_factor_may_give_back_is_still_ours_to_call_about(called):
    asked = {"factor": "Faktor", "advance": "90", "fee": "3", "with_recourse": True, "recourse_on": "2025-12-31"}
    called.give("invoice.factor", number="R-1", on=FIRM_CALL, **asked)
    assert called.tasks(FIRM_CALL) == [CALL]


def test_a_part_that_is_disputed_leaves_the_rest_to_be_called_about(called):
    called.give("invoice.dispute", number="R-1", reason_code="goods", amount="999.99", on=FIRM_CALL)
    assert called.tasks(FIRM_CALL) == [CALL]


def test_an_invoice_that_is_paid_drops_out_of_a_task_about_two(reachable):
    for number, amount in (("R-1", "1000.00"), ("R-2", "500.00")):
        reachable.issue(number, DUE, amount)
    reachable.tick(*ON_THE_WAY)
    assert reachable.rows(FIRM_CALL)[0]["invoices"] == ["R-1", "R-2"]
    assert reachable.rows(FIRM_CALL)[0]["why"].startswith("firm call: 1,500.00 EUR open on 2 invoices, 19 days")
    reachable.give(
        "receipt.record", receipt="B-1", amount="1000.00", currency="EUR", invoices=["R-1"], value_on=FIRM_CALL
    )
    [row] = reachable.rows(FIRM_CALL)
    assert (row["invoices"], row["value"]) == (["R-2"], "10.38")


# In which order


def test_what_is_worth_most_comes_first(reachable):
    for customer, amount in (("ACME", "100.00"), ("BETA", "300.00"), ("CARA", "200.00")):
        reachable.issue(f"R-{customer}", DUE, amount, customer)
    reachable.tick(*ON_THE_WAY)
    assert [(row["customer"], row["value"]) for row in reachable.rows(FIRM_CALL)] == [
        ("BETA", "6.23"),
        ("CARA", "4.15"),
        ("ACME", "2.08"),
    ]


def test_of_the_same_worth_the_one_that_waits_longer_comes_first_then_the_lesser_name(reachable):
    reachable.issue("R-2", DUE, customer="BETA")
    reachable.issue("R-3", DUE, customer="ACME")
    reachable.issue("R-1", "2025-08-19", customer="CARA")
    reachable.tick("2025-08-22", "2025-08-25", "2025-08-29", "2025-09-01", "2025-09-05", FIRM_CALL)
    assert [(row["customer"], row["due_on"]) for row in reachable.rows(FIRM_CALL)] == [
        ("CARA", "2025-09-05"),
        ("ACME", FIRM_CALL),
        ("BETA", FIRM_CALL),
    ]
    assert {row["value"] for row in reachable.rows(FIRM_CALL)} == {A_WEEK}


def test_currencies_are_never_added_and_stand_in_the_order_of_their_numbers(reachable):
    reachable.issue("R-1", DUE, "1000.00", "ACME")
    reachable.issue("R-2", DUE, "5000", "BETA", currency="JPY")
    reachable.issue("R-3", DUE, "900.00", "CARA")
    reachable.issue("R-4", DUE, "5", "CARA", currency="JPY")
    reachable.tick(*ON_THE_WAY)
    assert [(row["customer"], row["currency"], row["value"]) for row in reachable.rows(FIRM_CALL)] == [
        ("BETA", "JPY", "104"),
        ("ACME", "EUR", A_WEEK),
        ("CARA", "EUR", "18.69"),
    ]
    assert "900.00 EUR and 5 JPY open on 2 invoices" in reachable.rows(FIRM_CALL)[2]["why"]


def test_the_chance_to_collect_is_that_of_the_ledgers_own_history_where_there_is_enough(called, tmp_path):
    """Half were paid on day 22, in the week to come from day 19, and the others not to this day."""
    filing = Filing(called.app, tmp_path)
    paid = [f"old,P-{number},2024-09-20,2024-10-01,10.00,EUR,2024-10-23," for number in range(30)]
    unpaid = [f"old,U-{number},2024-09-20,2024-10-01,10.00,EUR" for number in range(29)]
    filing.load("history", HISTORY + "\n".join(paid))
    filing.load("invoices", INVOICES + "\n".join(unpaid))
    # One too few were watched in the week to come: the default curve.
    assert called.rows(FIRM_CALL)[0]["value"] == A_WEEK

    called.issue("U-29", "2024-10-01", "10.00", "old", issued_on="2024-09-20")
    assert called.rows(FIRM_CALL)[0]["value"] == "500.00"


# As it is typed


def test_it_is_typed_and_written_as_csv(terminal, called):
    assert [row["task"] for row in terminal.json("worklist", "--today", FIRM_CALL)["rows"]] == [CALL]
    rows = [*csv.DictReader(StringIO(terminal.run("worklist", "--today", FIRM_CALL, "--format", "csv").stdout))]
    assert [(row["Task"], row["Value"], row["Invoices"]) for row in rows] == [(CALL, A_WEEK, "R-1")]
    assert [each.purpose for each in called.app.disclosures.select("ACME")] == ["worklist", "worklist"]
    shown = terminal.run("worklist", "--today", FIRM_CALL, "--collector", "cleo").stdout
    for text in ("cleo", A_WEEK, "call", "ACME", "+49 40 1234", "R-1", "19 days overdue", CALL):
        assert text in shown
    assert "nothing to do" in terminal.run("worklist", "--today", "2025-09-07").stdout


def test_one_task_has_number_invoices_and_history(terminal, called):
    shown = terminal.json("task", "show", CALL.removeprefix("contact:"), "--today", FIRM_CALL)
    assert (shown["task"], shown["state"], shown["phone"]) == (CALL, "planned", "+49 40 1234")
    assert [each.purpose for each in called.app.disclosures.select("ACME")] == ["task show"]
    assert shown["invoices"] == [
        {
            "invoice": "R-1",
            "currency": "EUR",
            "open": "1000.00",
            "disputed": "0.00",
            "days_overdue": 19,
            "reminders": 0,
            "broken_promises": 0,
            "may_be_chased": True,
        }
    ]
    assert [row["step"] for row in shown["before"]] == ["friendly_reminder", "second_reminder"]
    assert [fact["name"] for fact in shown["facts"]] == ["contact.planned"]
    for text in ("+49 40 1234", "second_reminder", "19 days overdue"):
        assert text in terminal.run("task", "show", CALL, "--today", FIRM_CALL).stdout
    assert terminal.refused("task", "show", f"{CALL}X", "--today", FIRM_CALL)[0] == "no_such_contact"
    assert terminal.refused("task", "show", "R-1", exits=2)[0] == "bad_key"
