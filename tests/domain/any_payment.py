"""Any way for money and credit notes to come, to be put somewhere and to go again."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain import cash_application, credit_application, receipt, taking_back
from domain.credit_note import CreditNote
from domain.credit_note import named as of_a_credit_note
from domain.entry import credit_note_stream, receipt_stream
from domain.invoice.facts import DiscountTaken
from domain.invoice.paying import COSTS_FIRST, PRINCIPAL_FIRST
from tests.domain.any_story import ANY, CUSTOMERS, LAGS, NEAR, PER_CENT, AnyStory


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

    # Where it goes

    @rule(
        pick=ANY,
        which=ANY,
        per_cent=st.sampled_from((100, 100, 50, 33)),
        near=NEAR,
        beyond=st.sampled_from((0, 0, 500)),
        lag=st.none() | LAGS,
        order=st.sampled_from((COSTS_FIRST, PRINCIPAL_FIRST)),
    )
    def pay(self, pick, which, per_cent, near, beyond, lag, order):
        """What settles the claim that day or part of it, of new money or of what is on account."""
        invoice = self.invoice(pick, lambda books: (books.balance or books.lost) and not books.is_void)
        books = self.books[invoice]
        due = books.balance - books.discount(self.today) or books.balance or books.lost
        amount = self.part_of(due, per_cent, near)
        if which % 2:
            self._receive(books.currency if which > 1 else "USD", amount + beyond)
        money = self.money(which, books.currency)
        if money:
            on = None if lag is None else self._in(-lag)
            self._pay(invoice, money, min(amount, self.states[money].unallocated_minor + max(near, 0)), on, order)

    @rule(pick=ANY, per_cent=st.sampled_from((100, 100, 50)), lag=LAGS, beyond=st.sampled_from((0, 0, 500)))
    def pay_late(self, pick, per_cent, lag, beyond):
        """Money that came some days ago, named an invoice, and is recorded only now: it goes before later money."""
        invoice = self.invoice(pick, lambda books: not books.is_elsewhere)
        books, name, on = self.books[invoice], f"B-{len(self.cash) + 1}", self._in(-lag)
        amount = self.part_of(books.total, per_cent, beyond)
        money = {"number": name, "entity": "main", "currency": books.currency, "amount_minor": amount}
        self.ask_of_all(cash_application.record, {invoice: None}, **money, value_on=on, allowed=amount > 0)
        left = self.states[receipt_stream(name)].unallocated_minor if amount > 0 else 0
        assert not (books.balance and left) or books.is_elsewhere or books.is_accepted

    def money(self, which, currency):
        held = [
            m for m in self.cash if self.states[m].unallocated_minor and self.states[m].received.currency == currency
        ]
        found = (held if which else None) or [*self.cash]
        return found[-1 - which // 2 % len(found)] if found else None

    def _pay(self, invoice, money, amount, on, order=COSTS_FIRST):
        books, state = self.books[invoice], self.states[money]
        owed, verdict, came_on = books.balance, books.verdict(state.received.value_on), state.received.value_on
        day = on or came_on
        discount = 0 if isinstance(state, CreditNote) else books.discount(came_on, day)
        is_plain = books.is_settled_since(day) and self._is_left_since(money, amount, day)
        is_loss = not owed and books.lost and not isinstance(state, CreditNote)
        allowed = not books.is_void and state.received.currency == books.currency and day >= came_on
        allowed = allowed and 0 < amount <= state.unallocated_minor and not state.is_reversed
        allowed = allowed and (amount <= books.lost if is_loss else amount <= owed) and not books.is_factored
        told = self.ask_of_all(
            cash_application.apply, money, {invoice: amount}, on=on, order=order, allowed=allowed if is_plain else None
        )
        taken = [fact for fact, _ in told.get(invoice, [])]
        if not taken or not is_plain:
            return
        if is_loss:
            assert books.balance == 0
            return
        short = owed - amount
        assert books.balance == (0 if short <= discount else short)
        assert any(isinstance(fact, DiscountTaken) for fact in taken) == (0 < short <= discount)
        assert isinstance(state, CreditNote) or verdict in (None, type(taken[0]).__name__)

    def _is_left_since(self, money, minor, on):
        days = {on, *(day for day, _ in self.left[money] if day > on)}
        return all(sum(each for at, each in self.left[money] if at <= day) >= minor for day in days)

    @rule(pick=ANY, which=ANY)
    def pay_and_take_back_at_once(self, pick, which):
        """What was never meant leaves no trace but its count, and a promise or plan that was judged on the way."""
        invoice = self.invoice(pick)
        self._receive(self.books[invoice].currency, self.books[invoice].balance * which // 6)
        money = self.money(1, self.books[invoice].currency)
        if not money or self.states[money].received.value_on != self.today:
            return
        before, cash = self.states[invoice], self.states[money]
        self._pay(invoice, money, min(self.books[invoice].balance, cash.unallocated_minor), self.today)
        if self.states[invoice] == before or not before.open_minor:
            return
        self._take_back(money, self.states[money].allocations[-1].allocation)
        after = self.states[invoice]
        assert after.items == before.items
        assert after.payments == before.payments
        assert self.states[money].unallocated_minor == cash.unallocated_minor
        assert self.states[money].allocations == cash.allocations

    # Credit notes

    @rule(pick=ANY, per_cent=PER_CENT, near=NEAR, beyond=st.sampled_from((0, 0, 0, 300)), lag=LAGS)
    def credit(self, pick, per_cent, near, beyond, lag):
        """Also for more than is open, and on an invoice that is paid."""
        invoice = self.invoice(pick)
        books, on = self.books[invoice], self._in(-lag)
        owed, amount = books.balance, self.part_of(books.balance, per_cent, near) + beyond
        allowed = amount > 0 and not books.is_void and not books.is_factored and not (books.lost and not owed)
        number = f"C-{len(self.log)}"
        told = self.ask_of_all(
            credit_application.issue,
            credit_note=number,
            entity="main",
            amount_minor=amount,
            tax_minor=amount // 6 if amount > 0 else 0,
            on=on,
            invoice=self.states[invoice].issued.number,
            allowed=allowed if books.is_settled_since(on) else None,
        )
        if told and books.is_settled_since(on):
            assert books.balance == max(0, owed - amount)

    @rule(which=ANY, amount=st.integers(0, 100_00))
    def credit_of_its_own(self, which, amount):
        """One that names no invoice is on account."""
        number = f"C-{len(self.log)}"
        whose = {"customer": CUSTOMERS[which % 2], "currency": "EUR"}
        note = {"credit_note": number, "entity": "main", "amount_minor": amount, "on": self.today}
        if self.ask_of_all(credit_application.issue, **note, **whose, allowed=amount > 0):
            assert self.states[credit_note_stream(number, "main")].unallocated_minor == amount

    # What is taken back

    @precondition(lambda self: any(self.states[stream].allocations for stream in self.cash))
    @rule(pick=ANY, lag=st.none() | LAGS)
    def unallocate(self, pick, lag):
        made = [(stream, each.allocation) for stream in self.cash for each in self.states[stream].allocations]
        money, allocation = made[pick % len(made)]
        self._take_back(money, allocation, lag)

    @precondition(lambda self: any(self.states[stream].allocations for stream in self.cash))
    @rule(pick=ANY, per_cent=st.sampled_from((100, 50, 20)), near=NEAR, lag=st.none() | LAGS)
    def unallocate_a_part(self, pick, per_cent, near, lag):
        """The rest is still allocated there from that day on, and the money is on account."""
        made = [(stream, each) for stream in self.cash for each in self.states[stream].allocations]
        money, part_of = made[pick % len(made)]
        state, on = self.states[money], None if lag is None else self._in(-lag)
        amount = self.part_of(part_of.amount_minor, per_cent, near)
        is_possible = 0 < amount <= part_of.amount_minor and (not on or on >= state.allocated_on[part_of.allocation])
        is_whole = amount == part_of.amount_minor
        is_possible = is_possible and (is_whole or not self.states[part_of.invoice].is_factored)
        asked = {"allocation": part_of.allocation, "on": on, "amount_minor": amount}
        if self.ask_of_all(taking_back.unallocate, money, **asked, allowed=is_possible):
            assert self.states[money].unallocated_minor == state.unallocated_minor + amount

    @precondition(lambda self: any(self.states[stream].undone for stream in self.cash))
    @rule(pick=ANY, lag=LAGS)
    def unallocate_again(self, pick, lag):
        """From another day: what it paid it paid so much shorter, or longer; what went on of it ends, too."""
        made = [(stream, each.made.allocation) for stream in self.cash for each in self.states[stream].undone]
        money, allocation = made[pick % len(made)]
        before = self.states[money].unallocated_minor
        asked = {"allocation": allocation, "on": self._in(-lag)}
        self.ask_of_all(taking_back.unallocate, money, **asked)
        assert self.states[money].unallocated_minor >= before

    def _take_back(self, money, allocation, lag=None):
        state = self.states[money]
        on, first = None if lag is None else self._in(-lag), state.allocated_on[allocation]
        told = self.ask_of_all(
            taking_back.unallocate, money, allocation=allocation, on=on, allowed=on is None or on >= first
        )
        days = [
            day
            for fact, day in told.get(money, [])
            if isinstance(fact, receipt.Unallocated) and fact.allocation == allocation
        ]
        assert not days or (on or first) in days

    @precondition(lambda self: self.cash)
    @rule(which=ANY, per_cent=st.none() | st.sampled_from((100, 50, 20)), near=NEAR, lag=LAGS)
    def reverse(self, which, per_cent, near, lag):
        """The bank took all or part of it back; a credit note was a mistake, and counts on none of its days."""
        money = [*self.cash][which % len(self.cash)]
        state, on = self.states[money], self._in(-lag)
        left, amount = state.left_minor, None if per_cent is None else self.part_of(state.left_minor, per_cent, near)
        if isinstance(state, CreditNote):
            day = None if per_cent is None else on
            self.ask_of_all(taking_back.undo_credit_note, money, on=day)
            return
        is_possible = on >= max(state.received.value_on, state.moved_on or on)
        is_possible = is_possible and (amount is None or 0 < amount <= left)
        # A refund of later may have gone out of the same money.
        is_sure = not state.refunded_minor
        told = self.ask_of_all(
            taking_back.reverse,
            money,
            on=on,
            amount_minor=amount,
            allowed=is_possible if is_sure and not state.is_reversed else None,
        )
        if told.get(money):
            assert self.states[money].left_minor == (0 if amount is None else left - amount)

    @precondition(lambda self: self.cash)
    @rule(which=ANY, per_cent=PER_CENT, near=NEAR, lag=LAGS)
    def refund(self, which, per_cent, near, lag):
        money = [*self.cash][which % len(self.cash)]
        state, on = self.states[money], self._in(-lag)
        amount = self.part_of(state.unallocated_minor, per_cent, near)
        allowed = 0 < amount <= state.unallocated_minor and not state.is_reversed
        allowed = allowed and self._is_left_since(money, amount, on) and on >= (state.moved_on or on)
        facts = self.ask_of_all(_refund, money, on=on, amount_minor=amount, reference=f"T-{len(self.log)}")
        assert bool(facts) == allowed

    @precondition(lambda self: self.cash)
    @rule(which=ANY, to=st.sampled_from(("main", "nl")), lag=st.none() | LAGS)
    def move(self, which, to, lag):
        """To another entity, which owns what is left of it from then on."""
        money = [each for each in self.cash if each.startswith("receipt:")]
        if not money:
            return
        stream = money[which % len(money)]
        before = self.states[stream]
        on = None if lag is None else self._in(-lag)
        allowed = not before.is_reversed and not before.allocations and on is None
        told = self.ask_of_all(_move, stream, entity=to, on=on, allowed=allowed or None)
        if told.get(stream):
            assert self.states[stream].unallocated_minor == before.unallocated_minor
            assert self.states[stream].entity == to

    @precondition(lambda self: self.cash)
    @rule(which=ANY)
    def identify(self, which):
        money = [*self.cash][which % len(self.cash)]
        state, name = self.states[money], CUSTOMERS[which % 2]
        if not isinstance(state, CreditNote):
            allowed = state.customer == name or not state.allocations
            self.ask(money, receipt.identify, allowed=allowed, customer=name)


def _refund(states, money, *, on, **asked):
    facts = receipt.refund(states[money], on, **asked)
    if isinstance(states[money], CreditNote):
        facts = [of_a_credit_note(fact) for fact in facts]
    return {money: [(fact, on) for fact in facts]}


def _move(states, money, *, on, entity):
    return {money: receipt.move(states[money], on, entity=entity)}
