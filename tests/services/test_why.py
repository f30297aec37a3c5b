"""Why a ladder did what it did, why it does nothing, and what it will do."""

from datetime import date, timedelta
from functools import partial

import pytest

from domain import contact as contacts
from domain import customer as customers
from domain import invoice as invoices
from domain.policy.document import Amount
from domain.terms import Instalment
from tests.domain.ladders import GENERAL, altered
from tests.services.desk import ask_customer, set_contact_of
from tests.services.ladder import Ladder

# A Wednesday; the friendly reminder falls on the Saturday after it, and so on a Monday.
DUE = date(2026, 1, 14)
FRIENDLY, SECOND, FIRM = date(2026, 1, 19), date(2026, 1, 26), date(2026, 2, 2)
TUESDAY = date(2026, 1, 20)


@pytest.fixture
def ladder(app, desk):
    """One invoice of 100 euros, R-1 of acme, due on a Wednesday; acme has an e-mail address."""
    desk.issue("R-1", 100_00, due_on=DUE)
    set_contact_of(app, "acme", {"email": "post@acme.example"}, on=DUE, cause=desk.cause())
    return Ladder(app)


def blocked(ladder, on=FRIENDLY, number="R-1"):
    """What is said to be in the way, after checking that a tick of that day takes no step because of it."""
    answer = ladder.why_not(number, on)
    before = ladder.steps(number)
    ladder.run(on)
    assert ladder.steps(number) == before
    assert answer["step"] is None
    assert ladder.why_not(number, on)["blocked_by"] == answer["blocked_by"]
    return answer


def following(step, on):
    return {"step": step, "on": on.isoformat()}


# Nothing in the way


def test_a_step_that_is_due_is_not_blocked_and_the_command_that_takes_it_is_named(ladder):
    answer = ladder.why_not("R-1", FRIENDLY)
    assert answer == {
        "invoice": "R-1",
        "on": "2026-01-19",
        "blocked_by": None,
        "step": "friendly_reminder",
        "message": "Nothing stands in the way: friendly_reminder, due on 2026-01-19, is taken on 2026-01-19. "
        "`receivables escalate run` takes it.",
        "next": following("second_reminder", SECOND),
    }


def test_a_step_that_was_taken_that_day_is_named_with_its_contact(ladder):
    ladder.run(FRIENDLY)
    answer = ladder.why_not("R-1", FRIENDLY)
    assert (answer["blocked_by"], answer["step"]) == (None, "friendly_reminder")
    assert answer["message"] == ("friendly_reminder was taken that day: contact:main:2026-01-19:email:1:acme.")
    assert answer["next"] == following("second_reminder", SECOND)


def test_a_past_day_is_answered_by_the_case_as_it_was_that_day(ladder):
    ladder.run_daily(FRIENDLY, SECOND)
    assert ladder.why_not("R-1", FRIENDLY)["step"] == "friendly_reminder"
    between = ladder.why_not("R-1", TUESDAY)
    assert (between["blocked_by"], between["next"]) == ("not_due", following("second_reminder", SECOND))
    assert ladder.why_not("R-1", SECOND)["step"] == "second_reminder"


def test_of_a_past_day_without_a_run_it_is_said_that_the_ladder_did_not_run(ladder):
    ladder.run(TUESDAY)
    answer = ladder.why_not("R-1", FRIENDLY)
    assert (answer["blocked_by"], answer["step"]) == (None, "friendly_reminder")
    assert "the ladder did not run for that day" in answer["message"]


def test_a_step_that_was_taken_late_says_so(ladder):
    ladder.run(TUESDAY)
    assert "taken that day, 1 day after its day" in ladder.why_not("R-1", TUESDAY)["message"]


def test_a_day_to_come_is_answered_after_the_steps_that_come_before_it(ladder):
    """On that day the reminder before it has been sent, although none is yet."""
    answer = ladder.why_not("R-1", SECOND, today=FRIENDLY)
    assert (answer["blocked_by"], answer["step"], answer["next"]) == (
        None,
        "second_reminder",
        following("firm_call", FIRM),
    )
    assert answer["message"].endswith("is taken on 2026-01-26. Nothing is to be done before.")
    assert ladder.why_not("R-1", TUESDAY, today=FRIENDLY)["blocked_by"] == "not_due"


def test_nothing_follows_by_itself_on_a_step_that_a_person_must_act_on(ladder):
    ladder.run_daily(FRIENDLY, FIRM - timedelta(days=1))
    assert (ladder.why_not("R-1", FIRM)["step"], ladder.why_not("R-1", FIRM)["next"]) == ("firm_call", None)
    ladder.run(FIRM)
    answer = ladder.why_not("R-1", FIRM)
    assert (answer["step"], answer["next"]) == ("firm_call", None)
    assert "waits until that task is done" in answer["message"]


# What can be in the way, in the order in which it is looked for


def test_a_voided_invoice(ladder, desk):
    desk.ask(invoices.void, "R-1", on=FRIENDLY)
    answer = blocked(ladder)
    assert (answer["blocked_by"], answer["next"]) == ("voided", None)


def test_an_invoice_written_off(ladder, desk):
    desk.ask(invoices.write_off, "R-1", on=FRIENDLY)
    answer = blocked(ladder)
    assert (answer["blocked_by"], answer["next"]) == ("written_off", None)
    assert "100.00 EUR, is written off" in answer["message"]


def test_an_invoice_paid(ladder, desk):
    desk.receive("Z-1", 100_00, customer="acme", invoices=["R-1"], value_on=FRIENDLY)
    answer = blocked(ladder)
    assert (answer["blocked_by"], answer["next"]) == ("paid", None)


def test_money_that_came_a_day_later_is_not_in_the_way_of_the_day_before(ladder, desk):
    ladder.run(FRIENDLY)
    desk.receive("Z-1", 100_00, customer="acme", invoices=["R-1"], value_on=TUESDAY)
    assert ladder.why_not("R-1", FRIENDLY)["step"] == "friendly_reminder"
    assert ladder.why_not("R-1", TUESDAY)["blocked_by"] == "paid"


def test_an_invoice_factored_for_good(ladder, desk):
    desk.ask(invoices.factor, "R-1", on=FRIENDLY, factor="Fast Cash", advance_basis_points=9000, fee_basis_points=300)
    answer = blocked(ladder)
    assert (answer["blocked_by"], answer["next"]) == ("factored", None)
    assert "belongs to Fast Cash" in answer["message"]


def test_an_invoice_with_an_agency(ladder, desk):
    desk.ask(invoices.place, "R-1", on=FRIENDLY, agency="Atlas", commission_basis_points=2500)
    answer = blocked(ladder)
    assert (answer["blocked_by"], answer["next"]) == ("placed", None)
    assert "is with Atlas" in answer["message"] and "`receivables invoice recall R-1`" in answer["message"]


def test_an_invoice_at_court(ladder, desk):
    desk.ask(invoices.start_legal_action, "R-1", on=FRIENDLY, kind="order_for_payment", reference="12 B 34")
    answer = blocked(ladder)
    assert (answer["blocked_by"], answer["next"]) == ("legal", None)
    assert "12 B 34" in answer["message"]


def test_an_invoice_disputed_as_a_whole(ladder, desk):
    desk.ask(invoices.dispute, "R-1", on=FRIENDLY, reason_code="quality")
    answer = blocked(ladder)
    assert (answer["blocked_by"], answer["next"]) == ("disputed", None)
    assert "(1: quality, since 2026-01-19)" in answer["message"]


def test_of_an_invoice_disputed_in_part_the_rest_is_demanded(ladder, desk):
    desk.ask(invoices.dispute, "R-1", on=FRIENDLY, reason_code="quality", amount_minor=40_00)
    assert ladder.why_not("R-1", FRIENDLY)["step"] == "friendly_reminder"
    ladder.run(FRIENDLY)
    [step] = ladder.explain("R-1", FRIENDLY)["steps"]
    assert (step["because"]["open"], step["because"]["demanded"]) == ("100.00", "60.00")


def test_a_promise_up_to_and_with_its_day_and_what_follows_it(ladder, desk):
    desk.ask(invoices.promise, "R-1", on=FRIENDLY, pay_on=TUESDAY)
    answer = blocked(ladder)
    assert (answer["blocked_by"], answer["next"]) == ("promised", following("friendly_reminder", date(2026, 1, 21)))
    assert answer["message"] == (
        "100.00 EUR is promised for 2026-01-20. Nothing is to be done until then; the promise is judged the morning "
        "after. friendly_reminder follows on 2026-01-21."
    )
    assert blocked(ladder, TUESDAY)["blocked_by"] == "promised"
    assert ladder.why_not("R-1", date(2026, 1, 21))["step"] == "friendly_reminder"


def test_a_plan_that_is_kept(ladder, desk):
    parts = [Instalment(date(2026, 1, 21), 50_00), Instalment(date(2026, 2, 20), 50_00)]
    desk.ask(invoices.agree_plan, "R-1", on=FRIENDLY, instalments=parts)
    answer = blocked(ladder)
    assert answer["blocked_by"] == "plan_open"
    assert "50.00 EUR is due on 2026-01-21" in answer["message"]


def test_a_block_of_the_invoice_up_to_and_with_its_last_day(ladder, desk):
    desk.ask(invoices.block, "R-1", on=FRIENDLY, until=TUESDAY)
    answer = blocked(ladder)
    assert (answer["blocked_by"], answer["next"]) == ("blocked", following("friendly_reminder", date(2026, 1, 21)))
    assert "`receivables invoice unblock R-1`" in answer["message"]
    assert blocked(ladder, TUESDAY)["blocked_by"] == "blocked"
    assert ladder.why_not("R-1", date(2026, 1, 21))["blocked_by"] is None


def test_a_block_of_the_customer(ladder, app, desk):
    ask_customer(app, customers.block, "acme", until=TUESDAY, on=FRIENDLY, reason="moving", cause=desk.cause())
    answer = blocked(ladder)
    assert answer["blocked_by"] == "blocked"
    assert "`receivables customer unblock acme`" in answer["message"]


def test_the_block_that_ends_last_is_the_one_to_lift(ladder, app, desk):
    ask_customer(app, customers.block, "acme", until=TUESDAY, on=FRIENDLY, reason="moving", cause=desk.cause())
    desk.ask(invoices.block, "R-1", on=FRIENDLY, until=SECOND)
    answer = ladder.why_not("R-1", FRIENDLY)
    assert "until 2026-01-26" in answer["message"].replace("up to and with", "until")
    assert "`receivables invoice unblock R-1`" in answer["message"]


def test_a_bank_that_has_booked_nothing_for_more_than_five_business_days(ladder, desk):
    desk.receive("Z-9", 1_00, value_on=date(2026, 1, 9), bank_entry="B-1")
    answer = blocked(ladder)
    assert (answer["blocked_by"], answer["next"]) == ("stale_bank", None)
    assert "nothing since 2026-01-09" in answer["message"]
    desk.receive("Z-10", 1_00, value_on=date(2026, 1, 12), bank_entry="B-2")
    assert ladder.why_not("R-1", FRIENDLY)["step"] == "friendly_reminder"


def test_less_than_the_policy_chases(app, desk):
    desk.issue("R-1", 4_99, due_on=DUE)
    answer = blocked(Ladder(app))
    assert (answer["blocked_by"], answer["next"]) == ("minimum", None)
    assert "4.99 EUR is to be demanded" in answer["message"] and "below 5.00 EUR" in answer["message"]


def test_exactly_what_the_policy_chases_is_chased(app, desk):
    desk.issue("R-1", 5_00, due_on=DUE)
    assert Ladder(app).why_not("R-1", FRIENDLY)["step"] == "friendly_reminder"


def test_a_ladder_that_waits_for_a_person_names_the_task(ladder):
    ladder.run_daily(FRIENDLY, FIRM)
    answer = blocked(ladder, date(2026, 2, 3))
    assert (answer["blocked_by"], answer["next"]) == ("held", None)
    assert (
        "since 2026-02-02: firm_call. `receivables task done contact:main:2026-02-02:phone:1:acme`" in answer["message"]
    )
    ladder.finish_tasks(date(2026, 2, 3))
    answer = ladder.why_not("R-1", date(2026, 2, 4))
    assert (answer["blocked_by"], answer["next"]) == ("not_due", following("compromise", date(2026, 2, 9)))


def test_a_day_before_the_step(ladder):
    answer = blocked(ladder, FRIENDLY - timedelta(days=1))
    assert (answer["blocked_by"], answer["next"]) == ("not_due", following("friendly_reminder", FRIENDLY))
    assert answer["message"] == "Nothing is due yet: the next step, friendly_reminder, comes on 2026-01-19."


def test_a_ladder_at_its_end(app, desk):
    desk.issue("R-1", 100_00, due_on=DUE)
    ladder = Ladder(app, altered(steps=GENERAL.steps[:4]))
    ladder.run(FRIENDLY)
    answer = blocked(ladder, TUESDAY)
    assert (answer["blocked_by"], answer["next"]) == ("not_due", None)
    assert "no step left after friendly_reminder of 2026-01-19" in answer["message"]


def test_the_quiet_days_after_a_contact_about_another_invoice(ladder, desk):
    desk.issue("R-2", 100_00, due_on=DUE - timedelta(days=3))
    ladder.run(date(2026, 1, 17))
    assert blocked(ladder, FRIENDLY) == {
        "invoice": "R-1",
        "on": "2026-01-19",
        "blocked_by": "quiet",
        "step": None,
        "message": "Customer acme was last contacted on 2026-01-17, and 3 days are kept between two contacts. Nothing "
        "is to be done. friendly_reminder follows on 2026-01-20.",
        "next": following("friendly_reminder", TUESDAY),
    }
    assert ladder.why_not("R-1", TUESDAY)["step"] == "friendly_reminder"


def test_the_first_that_applies_is_named(ladder, desk):
    """A dispute of all that is open comes before a block, and money before both."""
    desk.ask(invoices.block, "R-1", on=FRIENDLY, until=SECOND)
    assert ladder.why_not("R-1", FRIENDLY)["blocked_by"] == "blocked"
    desk.ask(invoices.dispute, "R-1", on=FRIENDLY, reason_code="quality")
    assert ladder.why_not("R-1", FRIENDLY)["blocked_by"] == "disputed"
    desk.receive("Z-1", 100_00, customer="acme", invoices=["R-1"], value_on=FRIENDLY)
    assert ladder.why_not("R-1", FRIENDLY)["blocked_by"] == "paid"


def test_an_invoice_there_is_not_or_not_yet_is_refused(ladder, refused):
    with refused("not_issued"):
        ladder.why_not("R-2", FRIENDLY)
    with refused("not_issued"):
        ladder.why_not("R-1", date(2026, 1, 4))
    with refused("not_issued"):
        ladder.explain("R-2", FRIENDLY)
    with refused("not_issued"):
        ladder.forecast("R-2", FRIENDLY)


def test_asking_records_nothing(ladder, app):
    ladder.run(FRIENDLY)
    before = app.ledger.head().position
    for ask in (ladder.why_not, ladder.explain, ladder.forecast):
        ask("R-1", TUESDAY)
    assert app.ledger.head().position == before


# What was done


def test_an_invoice_without_a_step_has_a_policy_to_go_by(ladder):
    assert ladder.explain("R-1", DUE) == {"invoice": "R-1", "policy": {"name": "general", "version": 1}, "steps": []}


def test_every_step_is_explained_by_what_it_rested_on_and_what_became_of_it(ladder, app):
    ladder.run_daily(FRIENDLY, SECOND)
    first, second = ladder.explain("R-1", SECOND)["steps"]
    assert first == {
        "step": "friendly_reminder",
        "due_on": "2026-01-19",
        "decided_on": "2026-01-19",
        "channel": "email",
        "contact": "contact:main:2026-01-19:email:1:acme",
        "outcome": "planned",
        "because": {
            "policy": "general",
            "version": 1,
            "run": 1,
            "late_days": 0,
            "currency": "EUR",
            "open": "100.00",
            "demanded": "100.00",
            "days_past_due": 5,
            "calendar": "",
            "last_contact_on": None,
        },
    }
    assert (second["step"], second["because"]["last_contact_on"]) == ("second_reminder", "2026-01-19")


def test_the_outcome_is_what_has_become_of_the_contact_by_then(ladder, app, desk):
    ladder.run(FRIENDLY)
    [stream] = ladder.contacts()
    hand_over = partial(
        contacts.hand_over, channel="email", message_id="<1@x>", sha256="ab", invoices=("invoice:main:R-1",), texts="1"
    )

    def record(facts, on):
        app.ledger.change([stream], lambda contact: {stream: facts(contact)}, on=on, cause=desk.cause(), content=None)

    record(lambda contact: hand_over(contact, FRIENDLY), FRIENDLY)
    assert ladder.explain("R-1", FRIENDLY)["steps"][0]["outcome"] == "planned"
    record(lambda contact: contacts.send(contact, attempt=1), FRIENDLY)
    record(lambda contact: contacts.fail(contact, attempt=1, code="5.1.1"), TUESDAY)
    assert ladder.explain("R-1", FRIENDLY)["steps"][0]["outcome"] == "sent"
    assert ladder.explain("R-1", TUESDAY)["steps"][0]["outcome"] == "failed"


def test_a_step_that_holds_is_held_until_its_task_is_done(ladder):
    ladder.run_daily(FRIENDLY, FIRM)
    held = ladder.explain("R-1", FIRM)["steps"][-1]
    assert (held["channel"], held["contact"], held["outcome"]) == (
        "phone",
        "contact:main:2026-02-02:phone:1:acme",
        "held",
    )
    ladder.finish_tasks(date(2026, 2, 3))
    assert ladder.explain("R-1", FIRM)["steps"][-1]["outcome"] == "held"
    assert ladder.explain("R-1", date(2026, 2, 3))["steps"][-1]["outcome"] == "done"


def test_the_runs_before_a_payment_was_taken_back_are_explained_too(ladder, desk):
    ladder.run_daily(FRIENDLY, SECOND)
    desk.receive("Z-1", 100_00, customer="acme", invoices=["R-1"], value_on=date(2026, 1, 27))
    desk.do("reverse", "Z-1", on=date(2026, 1, 29), reason="returned debit")
    ladder.run_daily(date(2026, 1, 27), date(2026, 1, 30))
    steps = ladder.explain("R-1", date(2026, 1, 30))["steps"]
    assert [(each["step"], each["because"]["run"]) for each in steps] == [
        ("friendly_reminder", 1),
        ("second_reminder", 1),
        ("friendly_reminder", 2),
    ]


# What is to come


def test_the_forecast_names_step_day_and_channel(ladder):
    assert [tuple(each.values()) for each in ladder.forecast("R-1", FRIENDLY)["steps"]][:5] == [
        ("friendly_reminder", "2026-01-19", "email"),
        ("second_reminder", "2026-01-26", "email"),
        ("firm_call", "2026-02-02", "phone"),
        ("compromise", "2026-02-09", None),
        ("bureau_warning", "2026-02-11", "phone"),
    ]


def test_without_an_address_a_person_is_to_reach_them(app, desk):
    desk.issue("R-1", 100_00, due_on=DUE)
    first, second, *_ = Ladder(app).forecast("R-1", FRIENDLY)["steps"]
    assert (first["channel"], second["channel"]) == ("phone", "phone")


def test_after_a_promise_the_forecast_begins_the_day_after_it(ladder, desk):
    desk.ask(invoices.promise, "R-1", on=FRIENDLY, pay_on=SECOND)
    first, *_ = ladder.forecast("R-1", FRIENDLY)["steps"]
    assert (first["step"], first["on"]) == ("friendly_reminder", "2026-01-27")


def test_nothing_is_forecast_of_what_only_people_can_set_going(ladder, desk):
    desk.ask(invoices.dispute, "R-1", on=FRIENDLY, reason_code="quality")
    assert ladder.forecast("R-1", FRIENDLY)["steps"] == []


def test_a_bank_that_is_silent_today_is_expected_to_go_on(ladder, desk):
    desk.receive("Z-9", 1_00, value_on=date(2026, 1, 5), bank_entry="B-1")
    assert ladder.why_not("R-1", FRIENDLY)["blocked_by"] == "stale_bank"
    assert ladder.forecast("R-1", FRIENDLY)["steps"][0]["on"] == "2026-01-19"


@pytest.mark.parametrize("country", [None, "DE"])
def test_what_is_forecast_is_what_then_happens_when_nothing_else_does(app, desk, country):
    """Of invoices due on every day of three weeks around a year's end, each of a customer of its own."""
    ladder = Ladder(app, altered(steps=GENERAL.steps[:10], least_amount=(Amount("EUR", 5_00),)))
    first = date(2025, 12, 15)
    numbers = {f"R-{n}": first + timedelta(days=n) for n in range(21)}
    for number, due_on in numbers.items():
        ask_customer(app, customers.register, number, country=country, on=first, cause=desk.cause())
        desk.issue(number, 100_00, debtor=number, issued_on=date(2025, 12, 1), due_on=due_on)
    began_on = date(2025, 12, 18)
    promised = {number: ladder.forecast(number, began_on)["steps"] for number in numbers}
    ladder.run_daily(began_on, date(2026, 2, 26), works=True)
    for number, steps in promised.items():
        taken = [(step, on.isoformat()) for step, on in ladder.steps(number)]
        assert [(each["step"], each["on"]) for each in steps if each["on"] <= "2026-02-26"] == taken
    assert sum(len(ladder.steps(number)) for number in numbers) > 150
