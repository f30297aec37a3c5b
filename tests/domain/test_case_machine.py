"""Any story over the ladders of one debtor: payments, disputes, promises, blocks, people and a mail server at any time.

What must hold is told by books kept by hand, in the words of the rules: who is to be left alone, each step once, levels
that never fall within a run, quiet days for the whole customer. LADDER_EXAMPLES and MACHINE_STEPS make it longer.
"""

import os
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain import invoice as invoices
from domain.customer.facts import DunningBlocked as CustomerBlocked
from domain.customer.facts import TermsAgreed
from domain.entry import Cause
from domain.invoice.dating import effective_from
from domain.money import split
from domain.policy.document import Amount, Condition, Step
from domain.refusal import Refused
from domain.terms import Instalment, Share
from tests.domain.books import Books
from tests.domain.climbing import Debtor
from tests.domain.ladders import GENERAL, altered

BEGIN = date(2026, 1, 30)
ANY = st.integers(0, 11)
CAUSE = Cause("machine", "c")
POLICY = altered(
    steps=(
        *GENERAL.steps[:5],
        Step("for businesses", 13, ("letter",), level=2, when=Condition(customers="businesses", unless=("disputed",))),
        Step("large", 15, ("email",), level=2, when=Condition((Amount("EUR", 800_00),))),
        *GENERAL.steps[5:7],
        Step("after the call", 9, ("email",), after="firm_call", level=3),
        GENERAL.steps[-1],
    )
)
ORDER = [step.name for step in POLICY.steps]


class Ladders(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.ann = Debtor(POLICY)
        self.today = BEGIN
        self.books: dict[str, Books] = {}
        self.entered: dict[str, int] = {}
        self.blocked: dict[str, date] = {}
        # Of each invoice and run, the steps taken: their names and levels.
        self.climbed: defaultdict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
        # When messages left or are to leave, by contact, and when somebody was reached.
        self.out: dict[str, date] = {}

    @initialize()
    def begin(self):
        self.issue(1000_00, [12], 1)
        self.issue(900_00, [5, 25], 2)
        self.issue(600_00, [13], 1)

    # Beginnings, and days

    @precondition(lambda self: len(self.books) < 5)
    @rule(
        minor=st.sampled_from((3_00, 500_00, 1000_00)),
        days=st.lists(st.integers(0, 30), min_size=1, max_size=2),
        parts=st.integers(1, 2),
    )
    def issue(self, minor, days, parts):
        number = f"R-{len(self.books) + 1}"
        shares = split(minor, [1] * min(parts, len(days)))
        terms = [Instalment(self._in(day), share) for day, share in zip(sorted(days), shares, strict=False)]
        asked = {"customer": "ann", "currency": "EUR", "total_minor": minor, "issued_on": self.today}
        [issued] = invoices.issue(None, number=number, entity="main", **asked, instalments=terms)
        self.ann.told[number], self.ann.cases[number] = [(issued, self.today)], []
        self.books[number], self.entered[number] = Books(issued, self.today), 1

    @rule(days=st.sampled_from((1, 1, 1, 2, 3, 4, 12)), runs=st.booleans(), leave=st.booleans())
    def days_pass(self, days, runs, leave):
        """With a tick each day, or without any."""
        for _ in range(days):
            self.today += timedelta(days=1)
            if runs:
                self.tick()
            if leave:
                self.messages_leave()

    @rule()
    def tick(self):
        left_alone = {number: self.is_left_alone(number) for number in self.books}
        before = {number: len(self.ann.decisions(number)) for number in self.books}
        contacts = set(self.ann.contacts)
        taken = self.ann.tick(self.today)
        self._enter()
        for step in taken:
            assert not left_alone[step.invoice], f"{step.name} for what must be left alone: {left_alone[step.invoice]}"
            fact = self.ann.decisions(step.invoice)[-1]
            self._climbs(step.invoice, fact)
        for number in self.books:
            assert len(self.ann.decisions(number)) - before[number] <= 1, "at most one step a day"
        self._plans(set(self.ann.contacts) - contacts)
        assert self.ann.tick(self.today) == [], "the same day again takes nothing"

    def _climbs(self, number, fact):
        way = self.climbed[number, fact.run]
        assert fact.step not in [name for name, _ in way], "each step once"
        assert not way or ORDER.index(fact.step) > ORDER.index(way[-1][0])
        assert not way or fact.level >= way[-1][1], "levels never fall"
        assert fact.run == max(run for invoice, run in self.climbed if invoice == number)
        assert fact.due_on <= self.today
        assert fact.late_days == (self.today - fact.due_on).days
        assert fact.due_on.weekday() < 5
        way.append((fact.step, fact.level))

    def _plans(self, streams):
        messages = [stream for stream in streams if self.ann.contacts[stream].is_message]
        for stream in messages:
            for other, on in self.out.items():
                assert on == self.today or (self.today - on).days >= POLICY.quiet_days, f"{other} and {stream}"
        channels = [self.ann.contacts[stream].planned.channel for stream in messages]
        assert len(channels) == len(set(channels)), "one contact for each channel and day"
        self.out |= dict.fromkeys(messages, self.today)

    # What happens on the way to the debtor

    @rule()
    def messages_leave(self):
        self.ann.send(self.today)

    @rule(is_refused=st.booleans())
    def messages_do_not_leave(self, is_refused):
        waiting = [s for s, contact in self.ann.contacts.items() if contact.is_message and contact.state == "planned"]
        (self.ann.fail if is_refused else self.ann.withhold)(self.today)
        for stream in waiting:
            del self.out[stream]

    @rule(reached=st.booleans())
    def people_act(self, reached):
        acted = [s for s, c in self.ann.contacts.items() if not c.is_message and c.state == "planned"]
        self.ann.finish(self.today, reached=reached)
        if reached:
            self.out |= dict.fromkeys(acted, self.today)

    # What the debtor and others do

    @rule(pick=ANY, share=st.sampled_from((1, 1, 2, 3)), lag=st.sampled_from((0, 0, -2)))
    def pay(self, pick, share, lag):
        asked = {"receipt": f"B-{sum(self.entered.values())}", "allocation": 1, "currency": "EUR"}
        number = self._pick(pick)
        amount = max(1, self.books[number].balance // share)
        self.ask(number, invoices.pay, on=self._in(lag), lag=lag, amount_minor=amount, **asked)

    @rule(pick=ANY)
    def take_back(self, pick):
        number = self._pick(pick, lambda books: books.payments)
        payments = self.ann.invoice(number, date.max).payments
        if payments:
            asked = {"receipt": payments[-1].receipt, "allocation": payments[-1].allocation}
            self.ask(number, invoices.reverse_payment, **asked)

    @rule(pick=ANY, part=st.sampled_from((None, None, 100_00)), reason=st.sampled_from(("price", "goods")))
    def dispute(self, pick, part, reason):
        self.ask(self._pick(pick), invoices.dispute, reason_code=reason, amount_minor=part)

    @rule(pick=ANY)
    def resolve(self, pick):
        number = self._pick(pick, lambda books: books.disputes)
        for dispute in [*self.books[number].disputes][:1]:
            self.ask(number, invoices.resolve, outcome="rejected", dispute=dispute)

    @rule(pick=ANY, days=st.integers(0, 9))
    def promise(self, pick, days):
        self.ask(self._pick(pick), invoices.promise, on=self.today, pay_on=self._in(days))

    @rule(pick=ANY, days=st.integers(0, 9))
    def agree_plan(self, pick, days):
        number = self._pick(pick)
        shares = [share for share in split(self.books[number].balance, [1, 1]) if share]
        parts = [Instalment(self._in(days + 10 * n), share) for n, share in enumerate(shares)]
        if parts:
            self.ask(number, invoices.agree_plan, on=self.today, instalments=parts)

    @rule(pick=ANY, days=st.integers(0, 6), is_lifted=st.booleans())
    def block(self, pick, days, is_lifted):
        number = self._pick(pick)
        if is_lifted:
            self.ask(number, invoices.unblock)
            self.blocked.pop(number, None)
        elif self.ask(number, invoices.block, on=self.today, until=self._in(days)):
            self.blocked[number] = self._in(days)

    @rule(days=st.integers(-1, 6), is_consumer=st.booleans())
    def the_customer_changes(self, days, is_consumer):
        terms = TermsAgreed((Share(0, 10000),), is_consumer=is_consumer)
        block = CustomerBlocked(self._in(days)) if days >= 0 else None
        self.ann.customer = replace(self.ann.customer, block=block, terms=terms)

    @rule(pick=ANY, what=st.sampled_from(("factor", "with recourse", "reassign", "place", "recall", "void", "fee")))
    def others_act(self, pick, what):
        number = self._pick(pick, lambda books: books.sale or books.agency or pick > 8)
        sale = {"factor": "F", "advance_basis_points": 8000, "fee_basis_points": 200}
        match what:
            case "factor":
                self.ask(number, invoices.factor, **sale)
            case "with recourse":
                self.ask(number, invoices.factor, **sale, with_recourse=True, recourse_on=self._in(200))
            case "reassign":
                self.ask(number, invoices.reassign, on=self.today)
            case "place":
                self.ask(number, invoices.place, agency="A", commission_basis_points=100)
            case "recall":
                self.ask(number, invoices.recall)
            case "void":
                self.ask(number, invoices.void)
            case "fee":
                self.ask(number, invoices.charge_fee, on=self.today, amount_minor=40_00, basis="given")

    def ask(self, number, decision, lag=0, **asked):
        state = self.ann.invoice(number, date.max)
        try:
            facts = decision(state, **asked)
        except Refused:
            return []
        day = effective_from(state, facts, self._in(lag))
        if decision is invoices.pay:
            facts = decision(state, **asked, effective_on=day)
        self.ann.tell(number, day, *facts)
        self._enter()
        return facts

    def _enter(self):
        for number, books in self.books.items():
            for fact, on in self.ann.told[number][self.entered[number] :]:
                books.enter(fact, on)
            self.entered[number] = len(self.ann.told[number])

    # What always holds

    def is_left_alone(self, number):
        """Why, in the words of rule 7; nothing where it may be chased today."""
        books = Books(*self.ann.told[number][0])
        for fact, on in self.ann.told[number][1:]:
            if on > self.today:
                return self._is_left_alone_later(number)
            books.enter(fact, on)
        return self._why(number, books)

    def _is_left_alone_later(self, number):
        """Books cannot be read in the order of days; the domain's own check stands in for them."""
        try:
            until = self.ann.customer.blocked_until(self.today)
            invoices.require_chaseable(self.ann.subject(number, self.today)[0].invoice, self.today, until)
        except Refused as refused:
            return refused.code
        return ""

    def _why(self, number, books):
        if books.is_void:
            return "void"
        if not books.balance:
            return "paid"
        if books.is_factored:
            return "sold without recourse"
        if books.agency:
            return "with an agency"
        if books.disputed() == books.balance:
            return "wholly disputed"
        if books.promise and books.promise.pay_on >= self.today:
            return "under a promise"
        if books.planned() and not books.missed(self.today):
            return "under a plan"
        customer = self.ann.customer.block
        if self.blocked.get(number, date.min) >= self.today or (customer and customer.until >= self.today):
            return "blocked"
        return "below the least amount" if books.balance - books.disputed() < 5_00 else ""

    def _pick(self, pick, wanted=lambda books: books.balance and not books.is_elsewhere):
        fit = [number for number, books in self.books.items() if wanted(books)] if pick else []
        found = fit or [*self.books]
        return found[pick % len(found)]

    def _in(self, days):
        return self.today + timedelta(days=days)

    @invariant()
    def a_held_ladder_waits_for_somebody(self):
        for number in self.books:
            held = self.ann.case(number).held_by
            assert not held or self.ann.contacts[held].state == "planned"


TestLadders = Ladders.TestCase
TestLadders.settings = settings(
    max_examples=int(os.environ.get("LADDER_EXAMPLES", "60")),
    stateful_step_count=int(os.environ.get("MACHINE_STEPS", "30")),
    deadline=None,
)
