"""The ladder on a real ledger: each day once, in one commit with what it rests on, whoever else is at work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from domain import customer as customers
from domain import invoice as invoices
from domain import receipt as receipts
from domain.case.facts import StepDecided
from domain.contact.facts import Planned
from domain.customer.facts import Registered, TermsAgreed
from domain.entry import Cause, customer_stream, invoice_stream
from domain.invoice.facts import Paid, PromiseBroken, Reminded
from domain.policy.document import Amount, Condition, Step
from domain.terms import Instalment, Share
from infra.clock import pause
from infra.log.ledger import Batch
from infra.settings import Settings
from services.assembly import assemble
from services.escalation.subjects import Subjects
from tests.domain.ladders import altered
from tests.services.escalating import Fixed, escalator_of, facts_of, steps_of

# A Tuesday. Invoices are issued 30 days before they are due.
DUE = date(2026, 3, 3)
BEGIN, FRIENDLY, SECOND = date(2026, 2, 20), date(2026, 3, 6), date(2026, 3, 13)
CAUSE = Cause("tester", "given")


def march(day):
    return date(2026, 3, 1) + timedelta(days=day - 1)


class Shop:
    """Facts put straight into a ledger, effective on a day."""

    def __init__(self, app):
        self.app, self.ledger = app, app.ledger

    def tell(self, stream, on, *facts):
        version = self.ledger.read([stream])[stream].version
        self.ledger.record_many([Batch(stream, version, [(fact, on) for fact in facts], CAUSE)])

    def issue(self, number, due=DUE, customer="ann", minor=1000_00, issued_on=None, entity="main"):
        issued_on = issued_on or due - timedelta(days=30)
        asked = {"customer": customer, "currency": "EUR", "total_minor": minor, "issued_on": issued_on}
        terms = [Instalment(due, minor)]
        facts = invoices.issue(None, number=number, entity=entity, **asked, instalments=terms)
        self.tell(invoice_stream(number, entity), issued_on, *facts)

    def register(self, customer="ann", on=date(2026, 1, 1), **contact):
        self.tell(customer_stream(customer), on, Registered(customer))
        if contact:
            [encrypted] = self.app.encryption.encrypt_many([(customer, contact)])
            self.tell(
                customer_stream(customer), on, *customers.set_contact(self.customer(customer), encrypted=encrypted)
            )

    def customer(self, customer):
        return self.ledger.state(customer_stream(customer))

    def pay(self, number, on, minor=None):
        stream = invoice_stream(number, "main")
        invoice = self.ledger.state(stream)
        amount = minor or invoice.open_minor
        paid = invoices.pay(invoice, receipt=f"B-{on}", allocation=1, currency="EUR", amount_minor=amount, on=on)
        self.tell(stream, on, *paid)

    def ask(self, number, effective, decision, /, **asked):
        stream = invoice_stream(number, "main")
        self.tell(stream, effective, *decision(self.ledger.state(stream), **asked))

    def case(self, number):
        return self.ledger.state(f"case:main:{number}")

    def contacts(self):
        return [entry.fact for entry in facts_of(self.app, "contact") if isinstance(entry.fact, Planned)]


@pytest.fixture
def shop(app):
    shop = Shop(app)
    shop.register(email="ann@example.org")
    return shop


def run(app, first, last, policy=None, every=1):
    escalator = escalator_of(app, policy) if policy else escalator_of(app)
    day, ticks = first, []
    while day <= last:
        ticks.append(escalator.run(day))
        day += timedelta(days=every)
    return ticks


# Once, and late


def test_a_step_its_reminder_and_its_contact_are_one_commit(app, shop):
    shop.issue("R-1")
    shop.issue("R-2")
    before = app.ledger.head().position
    [tick] = run(app, FRIENDLY, FRIENDLY)
    assert (tick.decided, tick.contacts, tick.considered) == (2, 1, 2)
    entries = app.ledger.entries(before)
    assert len({entry.recorded_at for entry in entries}) == 1
    [contact] = [entry for entry in entries if isinstance(entry.fact, Planned)]
    steps = [entry for entry in entries if isinstance(entry.fact, StepDecided)]
    reminders = [entry for entry in entries if isinstance(entry.fact, Reminded)]
    assert [step.fact.contact for step in steps] == [contact.stream] * 2
    assert [(each.fact.contact, each.fact.level, each.fact.run) for each in reminders] == [(contact.stream, 1, 1)] * 2
    assert [each.cause.causation_id for each in reminders] == [step.event_id for step in steps]
    assert contact.cause.causation_id == steps[0].event_id
    assert {about.invoice for about in contact.fact.about} == {"invoice:main:R-1", "invoice:main:R-2"}
    assert {entry.effective_on for entry in entries} == {FRIENDLY}


def test_the_second_tick_of_a_day_decides_nothing(app, shop):
    shop.issue("R-1")
    first, second = run(app, FRIENDLY, FRIENDLY) + run(app, FRIENDLY, FRIENDLY)
    assert (first.decided, second.decided) == (1, 0)
    assert app.ledger.facts("tick:ledger")[-1].fact.decided == 1
    head = app.ledger.head().position
    run(app, FRIENDLY, FRIENDLY)
    assert app.ledger.head().position == head


def test_a_day_before_the_last_run_is_refused_even_if_that_one_decided_nothing(app, shop, refused):
    run(app, march(10), march(10))
    with refused("day_before_last_run"):
        run(app, march(9), march(9))
    run(app, march(10), march(10))


def test_ten_days_without_a_tick_make_the_ladder_late_and_never_two_letters_in_a_week(app, shop, databases, tmp_path):
    shop.issue("R-1")
    run(app, BEGIN, march(4))
    run(app, march(15), march(31))
    late = steps_of(app)
    assert [(on.day, step) for on, _, step, _ in late[3:]] == [
        (15, "friendly_reminder"),
        (23, "second_reminder"),
        (30, "firm_call"),
    ]
    with assemble(Settings(home=tmp_path / "daily"), database_url=databases()) as other:
        daily = Shop(other)
        daily.register(email="ann@example.org")
        daily.issue("R-1")
        run(other, BEGIN, march(31))
        steps = steps_of(other)
    assert [step[1:] for step in late] == [step[1:] for step in steps[: len(late)]]
    assert all(on >= on_time for (on, *_), (on_time, *_) in zip(late, steps, strict=False))


def test_a_ledger_where_nothing_is_due_records_that_it_was_looked_at_once(app, shop):
    run(app, march(1), march(1))
    run(app, march(1), march(1))
    assert [entry.fact.today for entry in facts_of(app, "tick")] == [march(1)]


def test_each_entity_writes_for_itself_and_keeps_its_own_quiet_days(app, shop):
    shop.issue("R-1")
    shop.issue("R-2", entity="north")
    shop.issue("R-3", due=march(4), entity="north")
    run(app, FRIENDLY, FRIENDLY)
    assert sorted((contact.entity, len(contact.about)) for contact in shop.contacts()) == [("main", 1), ("north", 1)]
    shop.issue("R-4", due=march(5))
    [tick] = run(app, march(9), march(9))
    assert sorted(contact.entity for contact in shop.contacts()[2:]) == ["main", "north"]
    assert (tick.decided, tick.contacts) == (2, 2)


def test_a_step_of_another_invoice_waits_for_the_quiet_days_and_joins_the_next_letter(app, shop):
    shop.issue("R-1", due=march(6))
    shop.issue("R-2", due=march(7))
    ticks = run(app, march(9), march(11))
    shop.issue("R-3", due=march(9))
    ticks += run(app, march(12), march(12))
    assert [(tick.decided, dict(tick.waiting)) for tick in ticks] == [
        (1, {}),
        (0, {"quiet": 1}),
        (0, {"quiet": 1}),
        (2, {}),
    ]
    assert [len(contact.about) for contact in shop.contacts()] == [1, 2]


# The daily bound


def test_the_daily_bound_stops_what_is_beyond_it_and_says_so_and_the_next_day_goes_on(app, caplog):
    shop, policy = Shop(app), altered(most_contacts_a_day=3)
    for n in range(5):
        shop.register(f"c{n}", email="x@example.org")
        shop.issue(f"R-{n}", customer=f"c{n}")
    [tick] = run(app, FRIENDLY, FRIENDLY, policy)
    assert (tick.decided, tick.contacts, tick.waiting["bound"]) == (3, 3, 2)
    assert "daily bound reached" in caplog.text
    [again] = run(app, FRIENDLY, FRIENDLY, policy)
    assert (again.decided, again.waiting["bound"]) == (0, 2)
    [tomorrow] = run(app, march(7), march(7), policy)
    assert (tomorrow.decided, tomorrow.waiting) == (2, {})


def test_a_broken_promise_is_a_task_though_the_bound_is_reached(app, shop):
    shop.issue("R-1")
    shop.ask("R-1", march(4), invoices.promise, on=march(4), pay_on=march(5))
    [tick] = run(app, FRIENDLY, FRIENDLY, altered(most_contacts_a_day=0))
    assert (tick.decided, tick.waiting["bound"]) == (0, 1)
    assert [contact.kind for contact in shop.contacts()] == ["promise"]


# What a tick sees


def test_money_that_counts_later_is_not_seen_and_money_recorded_late_is(app, shop):
    for number in ("later", "late"):
        shop.issue(number)
    shop.pay("later", march(9))
    shop.pay("late", march(5))
    run(app, FRIENDLY, FRIENDLY)
    assert [number for _, number, _, _ in steps_of(app)] == ["later"]


def test_an_invoice_issued_for_a_later_day_is_not_there_yet(app, shop):
    shop.issue("R-1", due=march(20), issued_on=march(16))
    [tick] = run(app, march(13), march(13))
    assert tick.considered == 0
    run(app, march(16), march(16))
    assert [step for _, _, step, _ in steps_of(app)] == ["notice_7"]


def test_a_customer_registered_after_the_day_of_the_tick_is_reached_where_they_are_now(app):
    shop = Shop(app)
    shop.register("ann", on=date(2026, 5, 5), email="ann@example.org")
    shop.issue("R-1")
    run(app, FRIENDLY, FRIENDLY)
    assert [(contact.kind, contact.channel) for contact in shop.contacts()] == [("message", "email")]


def test_terms_agreed_for_an_earlier_day_than_the_registration_are_no_obstacle(app):
    shop = Shop(app)
    shop.register("ann", on=date(2026, 5, 5), email="ann@example.org")
    shop.tell(customer_stream("ann"), date(2026, 1, 2), TermsAgreed((Share(0, 10000),), language="nl"))
    shop.issue("R-1")
    run(app, FRIENDLY, FRIENDLY)
    assert [contact.language for contact in shop.contacts()] == ["nl"]


def test_a_customer_nobody_registered_is_called(app):
    shop = Shop(app)
    shop.issue("R-1", customer="nobody")
    run(app, FRIENDLY, FRIENDLY)
    assert [(contact.kind, contact.channel, contact.language) for contact in shop.contacts()] == [
        ("call", "phone", "en")
    ]


def test_a_customer_whose_data_was_erased_is_written_to_no_more(app, shop):
    shop.issue("R-1")
    shop.tell(customer_stream("ann"), march(5), *customers.erase(shop.customer("ann"), march(5), None))
    app.encryption.destroy("ann")
    run(app, FRIENDLY, FRIENDLY)
    assert [(contact.kind, contact.channel) for contact in shop.contacts()] == [("call", "phone")]


def test_an_address_that_is_known_now_is_used_whatever_day_is_ticked(app, shop):
    shop.register("bob")
    [encrypted] = app.encryption.encrypt_many([("bob", {"address": "Weg 1"})])
    shop.tell(customer_stream("bob"), march(30), *customers.set_contact(shop.customer("bob"), encrypted=encrypted))
    shop.issue("R-1", customer="bob")
    run(app, FRIENDLY, FRIENDLY)
    assert [contact.channel for contact in shop.contacts()] == ["letter"]


def test_a_promise_is_judged_by_the_first_tick_after_its_day_and_the_step_follows_in_it(app, shop):
    shop.issue("R-1")
    shop.ask("R-1", march(4), invoices.promise, on=march(4), pay_on=march(10))
    run(app, march(10), march(10))
    assert steps_of(app) == []
    run(app, march(12), march(12))
    told = [type(entry.fact).__name__ for entry in app.ledger.facts("invoice:main:R-1")]
    assert told[-2:] == ["PromiseBroken", "Reminded"]
    assert app.ledger.facts("invoice:main:R-1")[-2].effective_on == march(12)
    assert sorted(contact.kind for contact in shop.contacts()) == ["message", "promise"]


def test_of_an_invoice_that_was_credited_a_promise_is_judged_all_the_same(app, shop):
    """By what was open on its day: nothing had come, and no call follows since nothing is owed now."""
    shop.issue("R-1")
    shop.ask("R-1", march(4), invoices.promise, on=march(4), pay_on=march(5))
    shop.ask("R-1", march(6), invoices.credit, credit_note="C-1", amount_minor=1000_00)
    run(app, march(9), march(9))
    assert isinstance(app.ledger.facts("invoice:main:R-1")[-1].fact, PromiseBroken)
    assert shop.contacts() == []


def test_messages_wait_for_the_bank_only_where_bank_entries_ever_came(app, shop):
    shop.issue("R-1")
    shop.issue("R-2", due=march(10))
    run(app, FRIENDLY, FRIENDLY)
    entry = {"currency": "EUR", "amount_minor": 5, "value_on": march(2), "bank_entry": "E-1", "customer": "ann"}
    shop.tell("receipt:B-1", march(2), *receipts.receive(None, number="B-1", entity="main", **entry))
    [tick] = run(app, march(13), march(13))
    assert (tick.decided, tick.waiting) == (0, {"stale_bank": 2})


# Others at work


class Between:
    """`what` happens once, after the invoices were read and before anything is recorded."""

    def __init__(self, subjects, what):
        self._subjects, self._what = subjects, what

    def load(self, streams, today):
        loaded = self._subjects.load(streams, today)
        if self._what:
            what, self._what = self._what, None
            what()
        return loaded


def interrupted(app, what):
    escalator: Any = escalator_of(app)
    escalator._subjects = Between(Subjects(app.ledger, Fixed()), what)
    return escalator


def test_after_a_payment_that_came_while_it_was_decided_nothing_is_reminded(app, shop):
    shop.issue("R-1")
    shop.issue("R-2")
    tick = interrupted(app, lambda: shop.pay("R-1", march(6))).run(FRIENDLY)
    assert (tick.decided, tick.contacts) == (1, 1)
    assert [number for _, number, _, _ in steps_of(app)] == ["R-2"]
    assert isinstance(app.ledger.facts("invoice:main:R-1")[-1].fact, Paid)
    [letter] = shop.contacts()
    assert [about.invoice for about in letter.about] == ["invoice:main:R-2"]


def test_after_a_payment_that_came_while_it_was_decided_nobody_is_asked_to_call_either(app, shop):
    shop.issue("R-1")
    run(app, FRIENDLY, march(19))
    tick = interrupted(app, lambda: shop.pay("R-1", march(20))).run(march(20))
    assert tick.decided == 0
    assert {contact.kind for contact in shop.contacts()} == {"message"}


def test_what_others_record_while_the_views_are_refreshed_is_not_waited_for(app, shop, monkeypatch):
    """Nobody else keeps the views here: who waited for that fact would wait in vain."""
    shop.issue("R-1")
    monkeypatch.setattr(app.views, "wait_seconds", 0.1)
    monkeypatch.setattr(app.views, "snapshot", type(app.views).snapshot.__get__(app.views))

    def refresh():
        app.bring_views_up_to_date()
        shop.register(f"c{app.ledger.head().position}")

    assert escalator_of(app, refresh=refresh).run(FRIENDLY).decided == 1


def test_a_block_of_the_customer_that_came_while_it_was_decided_counts(app, shop):
    shop.issue("R-1")
    block = lambda: shop.tell(  # noqa: E731
        customer_stream("ann"), march(6), *customers.block(shop.customer("ann"), march(6), until=march(8))
    )
    tick = interrupted(app, block).run(FRIENDLY)
    assert (tick.decided, tick.waiting) == (0, {"blocked": 1})
    assert shop.contacts() == []


def test_a_day_that_another_began_meanwhile_is_not_decided_for_the_day_before(app, shop, refused):
    shop.issue("R-1")
    with refused("day_before_last_run"):
        interrupted(app, lambda: escalator_of(app).run(march(7))).run(FRIENDLY)
    assert [on for on, *_ in steps_of(app)] == [march(7)]


def test_two_escalators_over_the_same_invoices_take_no_step_twice(app, database_url, tmp_path):
    shop = Shop(app)
    for n in range(300):
        shop.issue(f"R-{n}", customer=f"c{n // 5}")
    app.bring_views_up_to_date()
    with assemble(Settings(home=tmp_path), database_url=database_url) as other, ThreadPoolExecutor(2) as pool:
        ticks = [pool.submit(escalator_of(each, pause=pause).run, FRIENDLY) for each in (app, other)]
        decided = [tick.result().decided for tick in ticks]
    steps = steps_of(app)
    assert sum(decided) == len(steps) == len({number for _, number, _, _ in steps}) == 300
    assert len(shop.contacts()) == len({contact.customer for contact in shop.contacts()}) == 60
    assert app.ledger.verify().broken_at is None


# Steps that become possible later

FIRST, LAST = Step("first", 3, ("email",)), Step("last", 90, ("email",))


def test_a_step_for_large_amounts_is_taken_when_another_instalment_has_made_it_large(app, shop):
    large = Step("large", 5, ("email",), when=Condition((Amount("EUR", 800_00),)))
    terms = [Instalment(DUE, 500_00), Instalment(march(13), 500_00)]
    asked: dict[str, Any] = {"customer": "ann", "currency": "EUR", "total_minor": 1000_00, "issued_on": march(1)}
    shop.tell(
        "invoice:main:R-1", march(1), *invoices.issue(None, number="R-1", entity="main", **asked, instalments=terms)
    )
    run(app, FRIENDLY, march(14), altered(steps=(FIRST, large, LAST)))
    assert [(on.day, step) for on, _, step, _ in steps_of(app)] == [(6, "first"), (13, "large")]


def test_a_step_for_businesses_is_taken_when_a_customer_turns_out_to_be_one(app, shop):
    businesses = Step("businesses", 5, ("email",), when=Condition(customers="businesses"))
    shop.tell(customer_stream("ann"), march(1), TermsAgreed((Share(0, 10000),), is_consumer=True))
    shop.issue("R-1")
    policy = altered(steps=(FIRST, businesses, LAST))
    run(app, FRIENDLY, march(11), policy)
    shop.tell(customer_stream("ann"), march(11), TermsAgreed((Share(0, 10000),)))
    run(app, march(12), march(12), policy)
    assert [(on.day, step) for on, _, step, _ in steps_of(app)] == [(6, "first"), (12, "businesses")]


def test_a_step_that_a_dispute_ruled_out_is_taken_on_its_day_once_the_dispute_has_ended(app, shop):
    undisputed = Step("undisputed", 9, ("email",), when=Condition(unless=("disputed",)))
    shop.issue("R-1")
    shop.ask("R-1", march(4), invoices.dispute, reason_code="price", amount_minor=100_00)
    policy = altered(steps=(FIRST, undisputed, LAST))
    run(app, FRIENDLY, march(9), policy)
    shop.ask("R-1", march(10), invoices.resolve, outcome="rejected")
    run(app, march(10), march(13), policy)
    assert [(on.day, step) for on, _, step, _ in steps_of(app)] == [(6, "first"), (12, "undisputed")]


def test_of_an_invoice_of_which_only_a_fee_is_undisputed_the_fee_has_a_way_of_its_own(app, shop):
    """The ladder of the invoice waits for a person, and no day is named on which it would go on."""
    shop.issue("R-1")
    run(app, FRIENDLY, march(20))
    assert steps_of(app)[-1][2] == "firm_call"
    shop.ask("R-1", march(21), invoices.dispute, reason_code="price")
    shop.ask("R-1", march(23), invoices.charge_fee, on=march(23), amount_minor=40_00, basis="given")
    run(app, march(21), march(24))
    assert [(on.day, step, run) for on, _, step, run in steps_of(app)][-1] == (23, "notice_7", 2)


def test_a_tick_says_how_many_wait_for_a_promise_or_a_dispute_though_no_step_of_theirs_is_due(app, shop):
    shop.register(email="ann@example.org")
    for number in ("R-1", "R-2", "R-3"):
        shop.issue(number)
    escalator_of(app).run(FRIENDLY)
    day_after = FRIENDLY + timedelta(days=1)
    shop.ask("R-1", FRIENDLY, invoices.promise, on=FRIENDLY, pay_on=march(20))
    shop.ask("R-2", FRIENDLY, invoices.dispute, reason_code="price")
    found = escalator_of(app).run(day_after)
    assert (found.decided, dict(found.waiting)) == (0, {"promised": 1, "disputed": 1})


@pytest.mark.parametrize(("email", "channel"), [("ann@example.org", "email"), ("bad addr x@y", "letter")])
def test_an_address_that_no_mail_can_be_sent_to_gives_way_to_a_letter(app, shop, email, channel):
    shop.register(email=email, address="Weg 1")
    shop.issue("R-1")
    escalator_of(app).run(FRIENDLY)
    [contact] = [entry.fact for entry in facts_of(app, "contact")]
    assert contact.channel == channel
