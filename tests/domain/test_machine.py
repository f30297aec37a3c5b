"""Any story at all over invoices, receipts and customers, against books kept by hand.

MACHINE_EXAMPLES and MACHINE_STEPS make it longer.
"""

import os
from collections import Counter
from datetime import date, timedelta
from functools import reduce

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain import customer, invoice, receipt
from domain.entry import Cause, Entry, customer_stream, invoice_stream, receipt_stream
from domain.invoice.facts import DiscountTaken
from domain.invoice.paying import COSTS_FIRST, PRINCIPAL_FIRST
from domain.money import split
from domain.refusal import Refused
from domain.terms import Discount, Instalment
from tests.domain.books import Books

AGGREGATES = {"invoice": invoice, "receipt": receipt, "customer": customer}
CURRENCIES = st.sampled_from(("EUR", "EUR", "JPY", "KWD"))
CUSTOMERS = ("ann", "bob")
DAYS = st.integers(0, 25)
ANY = st.integers(0, 11)
PER_CENT = st.sampled_from((33, 50, 100, 1))
NEAR = st.sampled_from((0, 0, 0, 0, 1, -1))
SELDOM = st.sampled_from((False, False, False, True))
REASON = "as told"


class Ledger(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.today = date(2026, 1, 30)
        self.log: list[Entry] = []
        self.states = {}
        self.books: dict[str, Books] = {}
        self.cash: dict[str, Counter[str]] = {}

    # How a decision is asked for, and what must hold of any of them

    def ask(self, stream, decision, *, allowed=None, again=True, **asked):
        """`allowed` is what the books say; asked again, a decision that happened has nothing to add."""
        before = self.states.get(stream)
        try:
            facts = decision(before, **asked)
        except Refused as refused:
            assert not allowed, f"{decision.__name__} was refused: {refused}"
            return []
        assert allowed is not False or not facts, f"{decision.__name__} was not refused"
        self.append({stream: facts})
        if again and facts:
            assert decision(self.states[stream], **asked) == []
        return facts

    def append(self, facts_by_stream):
        for stream, facts in facts_by_stream.items():
            aggregate = AGGREGATES[stream.partition(":")[0]]
            versions = [entry.version for entry in self.log if entry.stream == stream]
            for fact in facts:
                versions.append(len(versions) + 1)
                self.log.append(Entry(stream, versions[-1], fact, self.today, Cause("machine", "c"), len(self.log) + 1))
                self._enter(stream, fact)
            self.states[stream] = reduce(aggregate.evolve, facts, self.states.get(stream))
            told = [entry.fact for entry in self.log if entry.stream == stream]
            assert aggregate.fold(told) == self.states[stream]
            assert versions == list(range(1, len(told) + 1))

    def _enter(self, stream, fact):
        if stream.startswith("invoice:"):
            if stream not in self.books:
                self.books[stream] = Books(fact)
            else:
                self.books[stream].enter(fact)
        if stream.startswith("receipt:"):
            self.cash.setdefault(stream, Counter())[type(fact).__name__] += getattr(fact, "amount_minor", 1)

    def claim(self, pick, wanted=lambda books: books.balance and not books.is_elsewhere):
        """Mostly one on which something can happen."""
        fit = [claim for claim, books in self.books.items() if wanted(books)] if pick else []
        found = fit or [*self.books]
        return found[pick % len(found)]

    def part_of(self, minor, per_cent, near):
        return minor * per_cent // 100 + near

    def blocked_until(self, claim):
        return self.states[customer_stream(self.states[claim].issued.customer)].blocked_until(self.today)

    def told(self, stream, *names):
        return [entry.fact for entry in self.log if entry.stream == stream and type(entry.fact).__name__ in names]

    def _in(self, days):
        return self.today + timedelta(days=days)

    # Beginnings

    @initialize()
    def begin(self):
        for name in CUSTOMERS:
            self.ask(customer_stream(name), customer.register, number=name, country="DE")
        self.issue("EUR", 1000_00, [3, 3, 4], [10, 20, 40], 2)
        self.issue("KWD", 77_001, [1], [5, 5, 5], 0)

    @precondition(lambda self: len(self.books) < 5)
    @rule(
        currency=CURRENCIES,
        total=st.integers(1, 500_00),
        weights=st.lists(st.integers(1, 9), min_size=1, max_size=3),
        days=st.lists(DAYS, min_size=3, max_size=3),
        discount=st.integers(0, 30),
    )
    def issue(self, currency, total, weights, days, discount):
        number = f"R-{len(self.books) + 1}"
        shares = [share for share in split(total, weights) if share]
        off = total * discount // 100
        self.ask(
            invoice_stream(number, "main"),
            invoice.issue,
            allowed=True,
            number=number,
            entity="main",
            customer=CUSTOMERS[len(self.books) % 2],
            currency=currency,
            total_minor=total,
            issued_on=self.today,
            instalments=[Instalment(self._in(after), share) for after, share in zip(days, shares, strict=False)],
            discounts=[Discount(self._in(10), off)] if off else [],
        )

    def _receive(self, currency, amount):
        name = f"B-{len(self.cash) + 1}"
        self.ask(
            receipt_stream(name),
            receipt.receive,
            allowed=amount > 0,
            number=name,
            entity="main",
            currency=currency,
            amount_minor=amount,
            value_on=self.today,
        )

    @rule(days=st.sampled_from((1, 3, 10, 30)))
    def days_pass(self, days):
        self.today += timedelta(days=days)

    @rule(days=st.sampled_from((1, 6)), accelerate=st.booleans())
    def days_pass_and_all_is_reviewed(self, days, accelerate):
        self.today += timedelta(days=days)
        for claim in self.books:
            self.review_promise(claim)
            self.review_plan(claim, accelerate)

    # Money comes and goes

    @rule(
        pick=ANY,
        which=ANY,
        per_cent=st.sampled_from((100, 100, 50, 33)),
        near=NEAR,
        beyond=st.sampled_from((0, 0, 500)),
        lag=st.sampled_from((0, 0, 2)),
        order=st.sampled_from((COSTS_FIRST, PRINCIPAL_FIRST)),
    )
    def pay(self, pick, which, per_cent, near, beyond, lag, order):
        """What settles the claim that day or part of it, of new money or of what is on account."""
        claim = self.claim(pick, lambda books: (books.balance or books.lost) and not books.is_void)
        books, on = self.books[claim], self._in(-lag)
        due = books.balance - books.discount(on) or books.balance or books.lost
        amount = self.part_of(due, per_cent, near)
        if which % 2:
            self._receive(books.currency if which > 1 else "USD", amount + beyond)
        money = self.money(which, books.currency)
        if money:
            self._pay(claim, money, min(amount, self.states[money].unallocated_minor + max(near, 0)), on, order)

    def money(self, which, currency):
        held = [
            m for m in self.cash if self.states[m].unallocated_minor and self.states[m].received.currency == currency
        ]
        found = (held if which else None) or [*self.cash]
        return found[-1 - which // 2 % len(found)] if found else None

    def _pay(self, claim, money, amount, on, order=COSTS_FIRST):
        books, state = self.books[claim], self.states[money]
        owed, discount, verdict = books.balance, books.discount(on), books.verdict(on)
        is_loss = not owed and books.lost
        allowed = not books.is_void and state.received.currency == books.currency
        allowed = allowed and 0 < amount <= state.unallocated_minor and not state.is_reversed
        allowed = allowed and (amount <= books.lost if is_loss else amount <= owed and not books.is_sold)
        put = {
            "receipt": state.received.receipt,
            "allocation": state.allocations_made + 1,
            "amount_minor": amount,
            "currency": state.received.currency,
        }
        put |= {} if is_loss else {"on": on, "order": order}
        decision = invoice.recover if is_loss else invoice.pay
        try:
            given = receipt.allocate(state, invoice=claim, amount_minor=amount)
            taken = decision(self.states[claim], **put)
        except Refused as refused:
            assert not allowed, refused
            return
        assert allowed
        self.append({money: given, claim: taken})
        assert decision(self.states[claim], **put) == []
        if is_loss:
            assert books.balance == 0
            return
        short = owed - amount
        assert books.balance == (0 if short <= discount else short)
        assert any(isinstance(fact, DiscountTaken) for fact in taken) == (0 < short <= discount)
        assert verdict in (None, type(taken[0]).__name__)

    @rule(pick=ANY, which=ANY)
    def pay_and_take_back_at_once(self, pick, which):
        """What was never meant leaves no trace, but for a promise or plan that was judged on the way."""
        claim = self.claim(pick)
        self._receive(self.books[claim].currency, self.books[claim].balance * which // 6)
        money = self.money(1, self.books[claim].currency)
        if not money:
            return
        before, cash = self.states[claim], self.states[money]
        self._pay(claim, money, min(self.books[claim].balance, cash.unallocated_minor), self.today)
        if self.states[claim] == before or not before.open_minor:
            return
        self._take_back(money, self.states[money].allocations[-1].allocation)
        after = self.states[claim]
        assert after.items == before.items
        assert after.payments == before.payments
        if after.promise == before.promise and after.plan == before.plan:
            assert after == before
        assert self.states[money].unallocated_minor == cash.unallocated_minor
        assert self.states[money].allocations == cash.allocations

    @precondition(lambda self: any(self.states[stream].allocations for stream in self.cash))
    @rule(pick=ANY)
    def unallocate(self, pick):
        made = [(stream, each.allocation) for stream in self.cash for each in self.states[stream].allocations]
        self._take_back(*made[pick % len(made)])

    def _take_back(self, money, allocation):
        [gone] = self.ask(money, receipt.unallocate, allowed=True, allocation=allocation, reason=REASON)
        self._reverse_payment(money, gone)

    def _reverse_payment(self, money, gone):
        [back] = self.ask(
            gone.invoice,
            invoice.reverse_payment,
            allowed=True,
            receipt=self.states[money].received.receipt,
            allocation=gone.allocation,
            reason=REASON,
        )
        assert back.amount_minor == gone.amount_minor

    @precondition(lambda self: self.cash)
    @rule(which=ANY, what=st.sampled_from(("reverse", "refund", "identify")), per_cent=PER_CENT, near=NEAR)
    def after_the_receipt(self, which, what, per_cent, near):
        money = [*self.cash][which % len(self.cash)]
        state = self.states[money]
        amount = self.part_of(state.unallocated_minor, per_cent, near)
        name = CUSTOMERS[which % 2]
        if what == "reverse":
            for fact in self.ask(money, receipt.reverse, allowed=not self.told(money, "Refunded"), reason=REASON)[:-1]:
                self._reverse_payment(money, fact)
        elif what == "refund":
            allowed = 0 < amount <= state.unallocated_minor and not state.is_reversed
            self.ask(money, receipt.refund, allowed=allowed, amount_minor=amount, reference=f"T-{len(self.log)}")
        else:
            allowed = not state.is_reversed and (state.customer == name or not state.allocations)
            self.ask(money, receipt.identify, allowed=allowed, customer=name)

    # The claim grows and shrinks

    @rule(pick=ANY, per_cent=PER_CENT, near=NEAR)
    def credit(self, pick, per_cent, near):
        claim = self.claim(pick)
        books = self.books[claim]
        owed, amount = books.balance, self.part_of(books.balance, per_cent, near)
        allowed = 0 < amount <= owed and not books.is_void and not books.is_sold
        note = f"C-{len(self.log)}"
        if self.ask(claim, invoice.credit, allowed=allowed, credit_note=note, amount_minor=amount, reason=REASON):
            assert books.balance == owed - amount

    @rule(pick=ANY, kind=st.integers(0, 2), amount=st.integers(0, 60_00))
    def charge(self, pick, kind, amount):
        claim = self.claim(pick, lambda books: not books.is_elsewhere)
        books, asked = self.books[claim], {"amount_minor": amount, "basis": "given", "on": self.today}
        decision = (invoice.charge_interest, invoice.charge_fee, invoice.claim_compensation)[kind]
        if not kind:
            asked |= {"from_on": self._in(-9), "until_on": self._in(-1)}
        owed = books.balance
        allowed = amount > 0 and not books.is_elsewhere and not (books.lost and not owed)
        if self.ask(claim, decision, allowed=allowed, again=False, **asked):
            assert books.balance == owed + amount

    @rule(pick=ANY, item=st.integers(0, 6), per_cent=PER_CENT, near=NEAR)
    def waive(self, pick, item, per_cent, near):
        claim = self.claim(pick, lambda books: {*books.kinds[1:]} & {"interest", "fee", "compensation"})
        books = self.books[claim]
        charges = [n for n, kind in enumerate(books.kinds, 1) if kind != "principal"]
        item = charges[item % len(charges)] if charges and pick else item
        left = books.open[item - 1] if item in charges else 0
        amount, owed = self.part_of(left, per_cent, near), books.balance
        asked = {"item": item, "reason": REASON, "amount_minor": amount}
        allowed = item in charges and not books.is_void and (not left or 0 < amount <= left)
        if self.ask(claim, invoice.waive, allowed=allowed, again=amount == left, **asked):
            assert books.balance == owed - amount

    @rule(pick=ANY, per_cent=PER_CENT, near=NEAR, is_given_up=SELDOM)
    def write_off(self, pick, per_cent, near, is_given_up):
        claim = self.claim(pick)
        books = self.books[claim]
        owed, amount = books.balance, self.part_of(books.balance, per_cent if is_given_up else 1, near)
        allowed = (not books.is_elsewhere and 0 < amount <= owed) or (not books.is_void and books.lost > 0 == owed)
        again = amount == owed
        if self.ask(claim, invoice.write_off, allowed=allowed, again=again, reason=REASON, amount_minor=amount):
            assert books.balance == owed - amount

    @rule(pick=ANY, is_meant=SELDOM)
    def void(self, pick, is_meant):
        claim = self.claim(pick if is_meant else 0)
        books = self.books[claim]
        touched = books.payments or books.recoveries or books.sale or books.lost
        allowed = books.is_void or not (touched or (books.agency and books.balance))
        if (is_meant or not allowed) and self.ask(claim, invoice.void, allowed=bool(allowed), reason=REASON):
            assert books.balance == 0

    # The debtor contests

    @rule(pick=ANY, reason=st.sampled_from(("price", "quality")), per_cent=st.none() | PER_CENT, near=NEAR)
    def dispute(self, pick, reason, per_cent, near):
        claim = self.claim(pick)
        books = self.books[claim]
        left = books.balance - books.disputed()
        amount = None if per_cent is None else self.part_of(left, per_cent, near)
        is_fresh = not books.is_void and left and (amount is None or 0 < amount <= left)
        self.ask(claim, invoice.dispute, allowed=True if is_fresh else None, reason_code=reason, amount_minor=amount)

    @rule(
        pick=ANY,
        outcome=st.sampled_from(("upheld", "part_upheld", "rejected")),
        upheld=st.none() | st.integers(1, 300_00),
    )
    def resolve(self, pick, outcome, upheld):
        claim = self.claim(pick, lambda books: books.disputes)
        books, owed = self.books[claim], self.books[claim].balance
        number = [*books.disputes, 1][0]
        allowed, won, case = len(self.told(claim, "Disputed")) >= number, 0, books.disputes.get(number)
        if case and outcome != "rejected":
            still = sum(min(part.minor, books.open[part.item - 1]) for part in case.parts)
            won = still if upheld is None else upheld
            allowed = 0 < won <= min(case.amount_minor, owed) and not books.is_sold
            allowed = allowed and not (outcome == "part_upheld" and upheld is None)
        asked = {"number": number, "outcome": outcome, "upheld_minor": upheld, "credit_note": f"C-{len(self.log)}"}
        facts = self.ask(claim, invoice.resolve, allowed=allowed and not books.is_void, **asked)
        if facts:
            assert case
            assert facts[0].upheld_minor == won
            assert books.balance == owed - won

    # The debtor agrees

    @rule(pick=ANY, per_cent=st.none() | PER_CENT, near=NEAR, days=st.integers(-1, 15))
    def promise(self, pick, per_cent, near, days):
        claim = self.claim(pick)
        books = self.books[claim]
        amount = None if per_cent is None else self.part_of(books.balance, per_cent, near)
        standing = books.promise and not books.verdict(self.today)
        asks = books.balance if amount is None else amount
        is_same = standing and (books.promise.amount_minor, books.promise.pay_on) == (asks, self._in(days))
        allowed = not books.is_elsewhere and 0 < asks <= books.balance and days >= 0 and not standing
        self.ask(
            claim,
            invoice.promise,
            allowed=None if is_same else allowed,
            pay_on=self._in(days),
            on=self.today,
            amount_minor=amount,
        )

    def review_promise(self, claim):
        books = self.books[claim]
        verdict, paid = books.verdict(self.today), books.paid_as_promised()
        facts = self.ask(claim, invoice.review_promise, allowed=not books.is_void, on=self.today)
        if not books.is_void:
            assert [type(fact).__name__ for fact in facts] == [verdict] * bool(verdict)
            assert verdict != "PromisePartlyKept" or facts[0].paid_minor == paid

    @rule(pick=ANY, per_cent=st.sampled_from((50, 20, 99, 100)), days=st.integers(-1, 15), is_accepted=st.booleans())
    def settle(self, pick, per_cent, days, is_accepted):
        claim = self.claim(pick)
        books = self.books[claim]
        asked = {"pay_minor": books.balance * per_cent // 100, "until_on": self._in(days), "on": self.today}
        stands = books.is_accepted and self.today <= books.offer.until_on
        is_same = books.offer and (books.offer.pay_minor, books.offer.until_on) == tuple(asked.values())[:2]
        allowed = not books.is_elsewhere and 0 < asked["pay_minor"] < books.balance and days >= 0 and not stands
        self.ask(claim, invoice.offer_settlement, allowed=None if is_same else allowed, **asked)
        if is_accepted:
            stands = books.offer and (books.is_accepted or self.today <= books.offer.until_on)
            allowed = bool(stands and books.balance and not books.is_void)
            self.ask(claim, invoice.accept_settlement, allowed=allowed, on=self.today)

    @rule(pick=ANY, days=st.lists(st.integers(0, 9), min_size=1, max_size=3), near=NEAR)
    def agree_plan(self, pick, days, near):
        claim = self.claim(
            pick, lambda books: books.balance and not (books.is_elsewhere or books.plan or books.disputes)
        )
        books = self.books[claim]
        shares = [share for share in split(books.balance + max(near, 0), [1] * len(days)) if share]
        dues = [Instalment(self._in(after), share) for after, share in zip(days, shares, strict=False)]
        allowed = bool(books.balance) and near < 1 and not (books.is_elsewhere or books.disputes or books.plan)
        self.ask(claim, invoice.agree_plan, allowed=None if books.plan else allowed, instalments=dues, on=self.today)

    def review_plan(self, claim, accelerate):
        books = self.books[claim]
        owed, disputed, missed = books.balance, books.disputed(), books.missed(self.today)
        is_done = books.plan and not books.planned()
        to_come = [n for n in books.plan or () if books.undisputed(n) and books.due[n - 1] >= self.today]
        moved = sum(books.undisputed(n) for n in to_come)
        asked = {"on": self.today, "accelerate": accelerate}
        facts = self.ask(claim, invoice.review_plan, allowed=not books.is_void, **asked)
        if books.is_void:
            return
        assert [type(fact).__name__ for fact in facts] == (
            ["InstalmentPlanCompleted"] if is_done else ["InstalmentPlanBroken"] if missed else []
        )
        if facts and missed:
            assert facts[0].missed == missed[0]
            assert sum(part.minor for part in facts[0].parts) == (moved if accelerate else 0)
            assert not moved or not accelerate or facts[0].due_on == self.today
        assert (books.balance, books.disputed()) == (owed, disputed)

    # Others take over, and give back

    @rule(
        pick=ANY,
        to=st.sampled_from(("factor with recourse", "agency", "court", "factor")),
        share=st.sampled_from((9000, 7333, 0)),
    )
    def hand_over(self, pick, to, share):
        claim = self.claim(pick)
        books, state = self.books[claim], self.states[claim]
        in_court = state.legal and not state.judgment
        allowed = bool(books.balance) and not (books.is_void or books.sale or books.agency)
        allowed = allowed and (to == "court" or not (in_court or books.disputes))
        if to == "court":
            self.ask(claim, invoice.start_legal_action, kind="lawyer", reference=f"26-{share}")
        elif to == "agency":
            asked = {"agency": "Inkasso", "commission_basis_points": share}
            self.ask(claim, invoice.place, allowed=None if books.agency else allowed, **asked)
        else:
            asked = {"factor": "Faktor AG", "advance_basis_points": share, "fee_basis_points": 250}
            asked |= {"with_recourse": to != "factor", "recourse_on": self._in(20)}
            self.ask(claim, invoice.factor, allowed=None if books.sale else allowed and share > 0, **asked)

    @precondition(lambda self: any(books.sale or books.agency for books in self.books.values()))
    @rule(
        pick=ANY,
        step=st.sampled_from(("advance", "reassign", "recall", "release", "bounce", "judgment")),
    )
    def follow_up(self, pick, step):
        claim = self.claim(pick, lambda books: books.sale or books.agency)
        books, state = self.books[claim], self.states[claim]
        is_sale = bool(books.sale) and not books.is_void
        if step == "advance":
            self.ask(claim, invoice.pay_advance, allowed=is_sale)
        elif step == "release" and self.ask(claim, invoice.release_reserve, allowed=is_sale):
            assert books.balance == 0
        elif step == "recall":
            self.ask(claim, invoice.recall, allowed=not books.is_void, reason=REASON)
        elif step == "judgment":
            allowed = bool(state.legal) and not books.is_void
            self.ask(claim, invoice.obtain_judgment, allowed=allowed, reference="26-1", amount_minor=1)
        elif step == "reassign":
            self._reassign(claim)
        elif step == "bounce":
            owed = books.balance
            for payment in [each for each in state.payments if each.receipt.startswith("factor:")]:
                asked = {"receipt": payment.receipt, "allocation": payment.allocation, "reason": REASON}
                self.ask(claim, invoice.reverse_payment, allowed=True, **asked)
                owed += payment.amount_minor
            assert books.balance == owed

    def _reassign(self, claim):
        books, sale = self.books[claim], self.books[claim].sale
        since = self.told(claim, "Factored", "FactorAdvancePaid", "FactorReserveReleased")
        begun = max((n for n, fact in enumerate(since) if fact == sale), default=0)
        is_over = not sale or not sale.with_recourse or self.today > sale.recourse_on
        is_paid = any(type(fact).__name__ == "FactorReserveReleased" for fact in since[begun:]) and not books.balance
        asked = {"reason": REASON, "on": self.today}
        facts = self.ask(claim, invoice.reassign, allowed=not (is_over or is_paid), again=False, **asked)
        assert not facts or facts[0].repaid_minor == sum(fact.amount_minor for fact in since[begun + 1 :])

    # When there is to be no contact

    @rule(name=st.sampled_from(CUSTOMERS), days=st.integers(-1, 5), is_lifted=st.booleans())
    def block(self, name, days, is_lifted):
        if is_lifted:
            self.ask(customer_stream(name), customer.unblock, allowed=True, why=REASON)
        else:
            asked = {"why": REASON, "until": self._in(days), "on": self.today}
            self.ask(customer_stream(name), customer.block, allowed=days >= 0, **asked)

    @rule(pick=ANY)
    def contact(self, pick):
        claim = self.claim(pick)
        until = self.blocked_until(claim)
        may = self.books[claim].may_be_chased(self.today, until)
        about = {"on": self.today, "blocked_until": until}
        letter = {"rung": f"rung {len(self.log)}", "channel": "email", "document": "a1"}
        self.ask(claim, invoice.remind, allowed=may, **letter, **about)
        self.ask(claim, invoice.call, allowed=may, again=False, spoke_with="owner", outcome="reached", **about)

    # What always holds

    @invariant()
    def the_books_agree_on_every_claim(self):
        for claim, books in self.books.items():
            state = self.states[claim]
            assert state.open_minor == books.balance == sum(books.open) >= 0
            assert [item.open_minor for item in state.items] == books.open
            assert [item.due_on for item in state.items] == books.due
            assert [item.kind for item in state.items] == books.kinds
            assert min(books.open) >= 0
            assert state.disputed_minor == books.disputed()
            assert state.written_off_minor == books.lost >= 0
            assert invoice.payable_minor(state, on=self.today) == books.balance - books.discount(self.today)

    @invariant()
    def a_receipt_adds_up(self):
        for stream, cash in self.cash.items():
            state = self.states[stream]
            allocated = sum(each.amount_minor for each in state.allocations)
            assert allocated == cash["Allocated"] - cash["Unallocated"]
            assert allocated + state.unallocated_minor + cash["Refunded"] == cash["Received"] - cash["Reversed"]
            assert state.unallocated_minor >= 0
            name = state.received.receipt
            paid = sum(p.amount_minor for claim in self.books for p in self.states[claim].payments if p.receipt == name)
            assert paid == allocated

    @invariant()
    def only_claims_that_may_be_chased_are_chaseable(self):
        for claim, books in self.books.items():
            until = self.blocked_until(claim)
            try:
                invoice.require_chaseable(self.states[claim], on=self.today, blocked_until=until)
                is_chaseable = True
            except Refused:
                is_chaseable = False
            assert is_chaseable == books.may_be_chased(self.today, until)

    @invariant()
    def the_log_has_no_gaps(self):
        assert [entry.position for entry in self.log] == list(range(1, len(self.log) + 1))


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=int(os.environ.get("MACHINE_EXAMPLES", "60")),
    stateful_step_count=int(os.environ.get("MACHINE_STEPS", "40")),
    deadline=None,
)
