"""One contact per customer: how steps become letters, calls and decisions, and what can become of a message."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain import contact as contacts
from domain.case.deciding import Due, decide
from domain.contact.facts import (
    About,
    Deferred,
    Delivered,
    DeliveryFailed,
    DeliveryUnknown,
    Done,
    HandedOver,
    Planned,
    Retried,
    Sent,
    Skipped,
    Withheld,
)
from domain.contact.planning import (
    BrokenPromise,
    DueStep,
    Recipient,
    Served,
    channel_of,
    channel_shown,
    plan,
    reachable,
)
from domain.policy.document import INVOICE, Charge, Step, StepTask
from domain.refusal import Refused
from tests.domain.climbing import Debtor
from tests.domain.ladders import CALL, DECISION, GENERAL, HOLDING_CALL, Weekdays, altered

DUE = date(2026, 3, 3)
TODAY = date(2026, 3, 31)
ANN = Recipient("main", "ann", "de", ("email", "letter"))
LETTER = Planned(
    "message",
    "main",
    "ann",
    "friendly_reminder",
    "friendly",
    "en",
    "general",
    1,
    (About("invoice:main:R-1", "friendly_reminder", 1, 1, DUE, "EUR", 100, 100),),
    "email",
)
PHONE = replace(LETTER, kind="call", channel="phone")


def due(number, name, policy=GENERAL, minor=1000_00):
    """A step as it is due about an invoice of ann's."""
    step = policy.steps[policy.index(name)]
    due_on = TODAY if step.lapses_when_due else TODAY - timedelta(days=60)
    subject, _ = Debtor(policy).issue(number, due_on, minor=minor).subject(number, TODAY)
    found = decide(subject, altered(policy, steps=(step,)), Weekdays(), TODAY)
    assert isinstance(found, Due)
    return DueStep(f"invoice:main:{number}", found, policy, 1)


def planned(*dues, broken=(), to=ANN, used=None):
    return plan(list(dues), list(broken), to, TODAY, used or {})


def shown(plan):
    """Channel or kind, step and invoices of each contact."""
    return sorted(
        (each.channel or each.kind, each.step, [about.invoice.split(":")[-1] for about in each.about])
        for each in plan.contacts.values()
    )


# Planning


def test_nine_late_invoices_are_one_letter_that_lists_nine_in_the_tone_of_the_furthest_step():
    dues = [due(f"R-{n}", "friendly_reminder") for n in range(8)]
    found = planned(*dues[:4], due("R-8", "second_reminder"), *dues[4:])
    [(stream, letter)] = found.contacts.items()
    assert stream == "contact:main:2026-03-31:email:1:ann"
    assert (letter.step, letter.tone, letter.language, letter.kind) == ("second_reminder", "firm", "de", "message")
    assert [about.invoice[-3:] for about in letter.about] == [
        "R-0",
        "R-1",
        "R-2",
        "R-3",
        "R-8",
        "R-4",
        "R-5",
        "R-6",
        "R-7",
    ]
    assert {about.step for about in letter.about} == {"friendly_reminder", "second_reminder"}
    assert letter.pay_by == TODAY + timedelta(days=7)
    assert all(served == Served("email", stream) for served in found.served.values())
    assert len(found.served) == 9


def test_each_channel_has_a_contact_of_its_own():
    found = planned(due("R-1", "friendly_reminder"), due("R-2", "bureau_warning"), due("R-3", "firm_call"))
    assert shown(found) == [
        ("email", "friendly_reminder", ["R-1"]),
        ("letter", "bureau_warning", ["R-2"]),
        ("phone", "bureau_warning", ["R-2", "R-3"]),
    ]
    letter, call = "contact:main:2026-03-31:letter:1:ann", "contact:main:2026-03-31:phone:1:ann"
    assert found.served["invoice:main:R-2"] == Served("letter", letter, call)
    assert found.served["invoice:main:R-3"] == Served("phone", None, call)
    assert found.contacts[call].holds


def test_a_policy_may_want_a_contact_for_each_invoice():
    each = altered(one_contact_per=INVOICE)
    found = planned(due("R-1", "friendly_reminder", each), due("R-2", "friendly_reminder", each))
    assert list(found.contacts) == ["contact:main:2026-03-31:email:1:ann", "contact:main:2026-03-31:email:2:ann"]


def test_decisions_are_one_each():
    found = planned(due("R-1", "compromise"), due("R-2", "compromise"), due("R-2", "agency"))
    assert shown(found) == [
        ("decision", "agency", ["R-2"]),
        ("decision", "compromise", ["R-1"]),
        ("decision", "compromise", ["R-2"]),
    ]
    assert {contact.channel for contact in found.contacts.values()} == {None}


def test_contacts_of_a_day_are_numbered_on_from_those_there_are():
    found = planned(due("R-1", "friendly_reminder"), due("R-2", "firm_call"), used={"email": 2, "letter": 7})
    assert list(found.contacts) == ["contact:main:2026-03-31:email:3:ann", "contact:main:2026-03-31:phone:1:ann"]


def test_a_notice_asks_for_payment_on_the_due_day():
    debtor = Debtor().issue("R-1", TODAY)
    subject, _ = debtor.subject("R-1", TODAY)
    found = decide(subject, GENERAL, Weekdays(), TODAY)
    assert isinstance(found, Due)
    [letter] = planned(DueStep("invoice:main:R-1", found, GENERAL, 1)).contacts.values()
    assert (letter.step, letter.pay_by) == ("notice_7", TODAY)


def test_a_visit_is_a_contact_of_its_own():
    policy = altered(steps=(Step("visit", 9, task=StepTask("visit", script="door")), Step("call", 9, task=CALL)))
    found = planned(due("R-1", "visit", policy), due("R-2", "call", policy))
    assert shown(found) == [("phone", "call", ["R-2"]), ("visit", "visit", ["R-1"])]
    assert found.contacts["contact:main:2026-03-31:visit:1:ann"].script == "door"


# Channels and their fallback


@pytest.mark.parametrize(
    ("email", "address", "expected"),
    [
        ("a@x", "Weg 1", ("email", "letter")),
        ("a@x", None, ("email",)),
        (None, "Weg 1", ("letter",)),
        ("", "", ()),
        (None, None, ()),
    ],
)
def test_a_customer_is_reached_where_there_is_an_address(email, address, expected):
    assert reachable(email=email, address=address) == expected


@pytest.mark.parametrize(
    ("channels", "prefers", "expected"),
    [
        (("email", "letter"), None, "email"),
        (("letter", "email"), None, "letter"),
        (("email", "letter"), "letter", "letter"),
        (("email",), "letter", "email"),
    ],
)
def test_the_channels_of_a_step_are_tried_in_its_order_unless_the_customer_prefers_one_of_them(
    channels, prefers, expected
):
    step = replace(GENERAL.steps[3], channels=channels)
    assert channel_of(step, ANN._replace(prefers=prefers)) == expected


def test_without_an_email_address_a_reminder_is_a_letter_and_without_any_a_call():
    step = GENERAL.steps[3]
    assert channel_of(step, ANN) == "email"
    assert channel_of(step, ANN._replace(channels=("letter",))) == "letter"
    assert channel_of(step, ANN._replace(channels=())) is None
    found = planned(due("R-1", "friendly_reminder"), to=ANN._replace(channels=()))
    assert shown(found) == [("phone", "friendly_reminder", ["R-1"])]
    [call] = found.contacts.values()
    assert (call.kind, call.holds, call.pay_by) == ("call", False, None)


def test_a_notice_that_no_address_serves_is_a_person_s_as_every_other_step():
    found = planned(due("R-1", "notice_7"), to=ANN._replace(channels=("letter",)))
    assert shown(found) == [("phone", "notice_7", ["R-1"])]
    found = planned(due("R-1", "due_today"), to=ANN._replace(channels=()))
    assert shown(found) == [("phone", "due_today", ["R-1"])]


def test_a_step_with_a_task_that_cannot_be_written_is_the_task_alone():
    found = planned(due("R-1", "bureau_warning"), to=ANN._replace(channels=("email",)))
    assert shown(found) == [("phone", "bureau_warning", ["R-1"])]


def test_a_step_by_visit_is_a_visit_and_not_a_call():
    visit = altered(steps=(Step("look", 20, ("visit",), level=3),))
    found = planned(due("R-1", "look", visit))
    [contact] = found.contacts.values()
    assert (contact.kind, contact.channel) == ("visit", "visit")
    assert channel_shown(visit.steps[0], ANN) == "visit"


def test_whether_a_charge_is_made_a_person_decides_before_anything_is_sent():
    costs = Step("costs", 20, ("email",), level=3, charges=(Charge("interest"),))
    found = planned(due("R-1", "costs", altered(steps=(costs,))))
    [contact] = found.contacts.values()
    assert (contact.kind, contact.channel, contact.holds) == ("decision", None, True)
    assert (costs.holds, costs.is_contact, channel_shown(costs, ANN)) == (True, False, None)


def test_of_several_scripts_that_of_the_furthest_step_is_read():
    last = altered(steps=(Step("last_call", 30, level=4, task=StepTask("call", script="last")),))
    firm = altered(steps=(Step("firm_call", 17, level=3, task=StepTask("call", script="firm")),))
    dues = (due("R-1", "firm_call", firm), due("R-2", "last_call", last), due("R-3", "firm_call", firm))
    [contact] = planned(*dues).contacts.values()
    assert (contact.step, contact.script) == ("last_call", "last")


# Broken promises


def test_a_broken_promise_is_a_task_of_its_own():
    broken = BrokenPromise("invoice:main:R-1", CALL, GENERAL, 1, "EUR", 700_00, DUE)
    found = planned(due("R-1", "friendly_reminder"), broken=[broken])
    task = found.contacts["contact:main:2026-03-31:promise:1:ann"]
    assert (task.kind, task.channel, task.holds) == ("promise", "phone", False)
    assert (task.about[0].open_minor, task.about[0].due_on) == (700_00, DUE)
    assert found.served["invoice:main:R-1"].task is None


# On its way

STATES: dict[str, list[Any]] = {
    "planned": [],
    "handed_over": [HandedOver(1, "email", "<1@x>", "ab", (), "t")],
}
STATES |= {
    "sent": [*STATES["handed_over"], Sent(1)],
    "delivered": [*STATES["handed_over"], Delivered(1)],
    "deferred": [*STATES["handed_over"], Deferred(1, "451", TODAY)],
    "failed": [*STATES["handed_over"], DeliveryFailed(1, "550")],
    "unknown": [*STATES["handed_over"], DeliveryUnknown(1, "lost")],
    "withheld": [Withheld("paid")],
    "done": [*STATES["handed_over"], DeliveryFailed(1, "550"), Done("called instead", True)],
    "skipped": [Withheld("no_address"), Skipped()],
}
HAND_OVER: dict[str, Any] = {
    "on": TODAY,
    "channel": "email",
    "message_id": "<2@x>",
    "sha256": "cd",
    "invoices": (),
    "texts": "t",
}
DECISIONS: dict[str, Any] = {
    "hand_over": lambda contact: contacts.hand_over(contact, **HAND_OVER),
    "withhold": lambda contact: contacts.withhold(contact, TODAY, code="paid"),
    "send": lambda contact: contacts.send(contact, attempt=1),
    "defer": lambda contact: contacts.defer(contact, attempt=1, code="451", again_on=TODAY),
    "fail": lambda contact: contacts.fail(contact, attempt=1, code="550"),
    "lose": lambda contact: contacts.lose(contact, attempt=1, code="lost"),
    "deliver": lambda contact: contacts.deliver(contact, attempt=1),
    "retry": lambda contact: contacts.retry(contact),
    "finish": lambda contact: contacts.finish(contact, outcome="called"),
    "skip": lambda contact: contacts.skip(contact),
}
NO, NOTHING = "refused", ""
# What each decision comes to, in their order, by the state that the message is in.
TRANSITIONS = {
    "planned":     ("handed_over", "withheld", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NO, NO),
    "deferred":    ("handed_over", "withheld", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NO, NO),
    "handed_over": (NO, NO, "sent", "deferred", "failed", "unknown", "delivered", NO, NO, NO),
    "sent":        (NO, NO, NOTHING, NOTHING, "failed", NOTHING, "delivered", NO, NO, NO),
    "delivered":   (NO, NO, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NO, NO, NO),
    "failed":      (NO, NO, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, "planned", "done", "skipped"),
    "unknown":     (NO, NO, "sent", NOTHING, "failed", NOTHING, "delivered", "planned", "done", "skipped"),
    "withheld":    (NO, NO, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, "planned", "done", "skipped"),
    "done":        (NO, NO, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NO, NO, NO),
    "skipped":     (NO, NO, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NO, NO, NOTHING),
}  # fmt: skip


def message_in(state):
    contact = told(*STATES[state])
    assert contact.state == state
    return contact


def told(*facts, planned=LETTER) -> Any:
    return contacts.fold([planned, *facts])


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("nth", range(len(DECISIONS)), ids=list(DECISIONS))
def test_what_becomes_of_a_message_by_its_state(state, nth):
    decision, contact = list(DECISIONS.values())[nth], message_in(state)
    expected = TRANSITIONS[state][nth]
    if expected == NO:
        with pytest.raises(Refused):
            decision(contact)
        return
    facts = decision(contact)
    for fact in facts:
        contact = contacts.evolve(contact, fact, TODAY)
    assert bool(facts) == bool(expected)
    assert contact.state == (expected or state)


def test_only_a_person_has_what_is_unknown_sent_again():
    """Of all that a program asks, nothing leads from unknown back to where the messenger takes it up."""
    by_programs = {name: ask for name, ask in DECISIONS.items() if name not in ("retry", "finish", "skip")}
    for ask in by_programs.values():
        contact = message_in("unknown")
        try:
            facts = ask(contact)
        except Refused:
            continue
        assert all(contacts.evolve(contact, fact).state not in ("planned", "deferred", "handed_over") for fact in facts)


def test_an_outcome_of_an_attempt_before_the_last_changes_nothing():
    again = [*STATES["failed"], Retried(1), HandedOver(2, "email", "<2@x>", "cd", (), "t")]
    contact = told(*again)
    assert contact.attempt == 2
    assert contacts.fail(contact, attempt=1, code="550") == []
    assert contacts.send(contact, attempt=2) == [Sent(2)]


def test_a_message_put_off_is_not_taken_up_before_its_day():
    later = TODAY + timedelta(days=1)
    contact = told(*STATES["handed_over"], Deferred(1, "451", later))
    with pytest.raises(Refused):
        contacts.hand_over(contact, **HAND_OVER)
    assert contacts.hand_over(contact, **HAND_OVER | {"on": later}) == [HandedOver(2, "email", "<2@x>", "cd", (), "t")]


def test_a_call_is_done_or_skipped_once_and_is_nothing_for_the_messenger():
    call = told(planned=PHONE)
    assert contacts.finish(call, outcome="paid", reached=True, reason_given="forgot") == [Done("paid", True, "forgot")]
    done = contacts.evolve(call, Done("paid", True, "forgot"))
    assert contacts.finish(done, outcome="paid") == []
    for ask in (lambda: contacts.finish(done, outcome="other"), lambda: contacts.skip(done)):
        with pytest.raises(Refused, check=lambda refusal: refusal.code == "not_a_task"):
            ask()
    assert contacts.skip(call) == [Skipped()]
    assert contacts.skip(contacts.evolve(call, Skipped())) == []
    assert contacts.retry(call) == []
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "not_waiting"):
        contacts.hand_over(call, **HAND_OVER)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "unknown_reason"):
        contacts.finish(call, outcome="x", reason_given="rich")  # type: ignore[arg-type]


def test_there_is_nothing_to_do_about_a_contact_that_is_not_there():
    for ask in DECISIONS.values():
        with pytest.raises(Refused, check=lambda refusal: refusal.code == "no_such_contact"):
            ask(None)


def test_a_contact_holds_where_one_of_its_tasks_does_and_asks_for_approval_where_one_does():
    approval = StepTask("decision", holds=True, approval=True)
    policy = altered(
        steps=(Step("call", 9, task=CALL), Step("hold", 10, task=HOLDING_CALL), Step("end", 11, task=approval))
    )
    calls = planned(due("R-1", "call", policy), due("R-2", "hold", policy)).contacts.values()
    assert [(each.holds, each.approval) for each in calls] == [(True, False)]
    ends = planned(due("R-1", "end", policy)).contacts.values()
    assert [(each.holds, each.approval) for each in ends] == [(True, True)]
    assert DECISION.holds
