"""Any way for money to come, to be put somewhere and to go again."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain import invoice as invoices
from domain import receipt
from domain.entry import receipt_stream
from domain.invoice.facts import DiscountTaken
from domain.invoice.paying import COSTS_FIRST, PRINCIPAL_FIRST
from domain.refusal import Refused
from tests.domain.any_story import ANY, CUSTOMERS, NEAR, PER_CENT, AnyStory


class AnyPayment(AnyStory):
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
        invoice = self.invoice(pick, lambda books: (books.balance or books.lost) and not books.is_void)
        books, on = self.books[invoice], self._in(-lag)
        due = books.balance - books.discount(on) or books.balance or books.lost
        amount = self.part_of(due, per_cent, near)
        if which % 2:
            self._receive(books.currency if which > 1 else "USD", amount + beyond)
        money = self.money(which, books.currency)
        if money:
            self._pay(invoice, money, min(amount, self.states[money].unallocated_minor + max(near, 0)), on, order)

    def money(self, which, currency):
        held = [
            m for m in self.cash if self.states[m].unallocated_minor and self.states[m].received.currency == currency
        ]
        found = (held if which else None) or [*self.cash]
        return found[-1 - which // 2 % len(found)] if found else None

    def _pay(self, invoice, money, amount, on, order=COSTS_FIRST):
        books, state = self.books[invoice], self.states[money]
        owed, discount, verdict = books.balance, books.discount(on), books.verdict(on)
        is_loss = not owed and books.lost
        allowed = not books.is_void and state.received.currency == books.currency
        allowed = allowed and 0 < amount <= state.unallocated_minor and not state.is_reversed
        allowed = allowed and (amount <= books.lost if is_loss else amount <= owed and not books.is_factored)
        put = {
            "receipt": state.received.receipt,
            "allocation": state.allocations_made + 1,
            "amount_minor": amount,
            "currency": state.received.currency,
        }
        put |= {} if is_loss else {"on": on, "order": order}
        decision = invoices.recover if is_loss else invoices.pay
        try:
            given = receipt.allocate(state, invoice=invoice, amount_minor=amount)
            taken = decision(self.states[invoice], **put)
        except Refused as refused:
            assert not allowed, refused
            return
        assert allowed
        day = invoices.effective_from(self.states[invoice], taken, receipt.effective_from(state, given[0], on))
        self.append({money: given, invoice: taken}, day)
        assert decision(self.states[invoice], **put) == []
        if is_loss:
            assert books.balance == 0
            return
        short = owed - amount
        assert books.balance == (0 if short <= discount else short)
        assert any(isinstance(fact, DiscountTaken) for fact in taken) == (0 < short <= discount)
        assert verdict in (None, type(taken[0]).__name__)

    @rule(pick=ANY, which=ANY)
    def pay_and_take_back_at_once(self, pick, which):
        """What was never meant leaves no trace but its count, and a promise or plan that was judged on the way."""
        invoice = self.invoice(pick)
        self._receive(self.books[invoice].currency, self.books[invoice].balance * which // 6)
        money = self.money(1, self.books[invoice].currency)
        if not money:
            return
        before, cash = self.states[invoice], self.states[money]
        self._pay(invoice, money, min(self.books[invoice].balance, cash.unallocated_minor), self.today)
        if self.states[invoice] == before or not before.open_minor:
            return
        self._take_back(money, self.states[money].allocations[-1].allocation)
        after = self.states[invoice]
        assert after.items == before.items
        assert after.payments == before.payments
        if after.promise == before.promise and after.plan == before.plan:
            assert after == replace(before, returned=before.returned + 1)
        assert self.states[money].unallocated_minor == cash.unallocated_minor
        assert self.states[money].allocations == cash.allocations

    @precondition(lambda self: any(self.states[stream].allocations for stream in self.cash))
    @rule(pick=ANY)
    def unallocate(self, pick):
        made = [(stream, each.allocation) for stream in self.cash for each in self.states[stream].allocations]
        self._take_back(*made[pick % len(made)])

    def _take_back(self, money, allocation):
        [gone] = self.ask(money, receipt.unallocate, allowed=True, allocation=allocation)
        self._reverse_payment(money, gone)

    def _reverse_payment(self, money, gone):
        [back] = self.ask(
            gone.invoice,
            invoices.reverse_payment,
            allowed=True,
            receipt=self.states[money].received.receipt,
            allocation=gone.allocation,
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
            for fact in self.ask(money, receipt.reverse, allowed=not self.told(money, "Refunded"))[:-1]:
                self._reverse_payment(money, fact)
        elif what == "refund":
            allowed = 0 < amount <= state.unallocated_minor and not state.is_reversed
            self.ask(money, receipt.refund, allowed=allowed, amount_minor=amount, reference=f"T-{len(self.log)}")
        else:
            allowed = not state.is_reversed and (state.customer == name or not state.allocations)
            self.ask(money, receipt.identify, allowed=allowed, customer=name)
