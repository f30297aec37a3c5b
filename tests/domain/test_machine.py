"""Any story at all over invoices, receipts and customers, against books kept by hand.

MACHINE_EXAMPLES and MACHINE_STEPS make it longer.
"""

import os
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from domain import customer, writing_off
from domain import invoice as invoices
from domain.entry import customer_stream, invoice_stream
from domain.money import split
from domain.terms import Discount, Instalment
from tests.domain.any_agreement import AnyAgreement
from tests.domain.any_payment import AnyPayment
from tests.domain.any_story import ANY, CURRENCIES, CUSTOMERS, DAYS, LAGS, NEAR, PER_CENT, SELDOM


class Ledger(AnyPayment, AnyAgreement):
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
            invoices.issue,
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

    @rule(days=st.sampled_from((1, 3, 10, 30)), pick=ANY)
    def days_pass(self, days, pick):
        self.contact(pick)
        self.today += timedelta(days=days)
        self.contact(pick)

    @rule(days=st.sampled_from((1, 6)), accelerate=st.booleans())
    def days_pass_and_all_is_reviewed(self, days, accelerate):
        self.today += timedelta(days=days)
        for invoice in self.books:
            self.review_promise(invoice)
            self.review_plan(invoice, accelerate)

    # The claim grows and shrinks

    @rule(pick=ANY, kind=st.integers(0, 2), amount=st.integers(0, 60_00))
    def charge(self, pick, kind, amount):
        invoice = self.invoice(pick, lambda books: not books.is_elsewhere)
        books, asked = self.books[invoice], {"amount_minor": amount, "basis": "given", "on": self.today}
        decision = (invoices.charge_interest, invoices.charge_fee, invoices.claim_compensation)[kind]
        if not kind:
            asked |= {"from_on": self._in(-9), "until_on": self._in(-1)}
        owed = books.balance
        allowed = amount > 0 and not books.is_elsewhere and not (books.lost and not owed)
        if self.ask(invoice, decision, allowed=allowed, again=False, **asked):
            assert books.balance == owed + amount

    @rule(pick=ANY, item=st.integers(0, 6), per_cent=PER_CENT, near=NEAR)
    def waive(self, pick, item, per_cent, near):
        invoice = self.invoice(pick, lambda books: {*books.kinds[1:]} & {"interest", "fee", "compensation"})
        books = self.books[invoice]
        charges = [n for n, kind in enumerate(books.kinds, 1) if kind != "principal"]
        item = charges[item % len(charges)] if charges and pick else item
        left = books.open[item - 1] if item in charges else 0
        amount, owed = self.part_of(left, per_cent, near), books.balance
        asked = {"item": item, "amount_minor": amount}
        allowed = item in charges and not books.is_void and (not left or 0 < amount <= left)
        if self.ask(invoice, invoices.waive, allowed=allowed, again=amount == left, **asked):
            assert books.balance == owed - amount

    @rule(pick=ANY, per_cent=PER_CENT, near=NEAR, is_given_up=SELDOM, lag=LAGS)
    def write_off(self, pick, per_cent, near, is_given_up, lag):
        invoice = self.invoice(pick)
        books, on = self.books[invoice], self._in(-lag)
        owed, amount = books.balance, self.part_of(books.balance, per_cent if is_given_up else 1, near)
        allowed = (not books.is_elsewhere and 0 < amount <= owed) or (not books.is_void and books.lost > 0 == owed)
        told = self.ask_of_all(
            writing_off.write_off,
            invoice,
            allowed=allowed if books.is_settled_since(on) else None,
            on=on,
            amount_minor=amount,
        )
        if told.get(invoice) and books.is_settled_since(on):
            assert books.balance == owed - amount

    @precondition(lambda self: any(books.losses for books in self.books.values()))
    @rule(pick=ANY, lag=st.none() | LAGS)
    def undo_write_off(self, pick, lag):
        """What was open before is open again, but for what money paid that came since."""
        invoice = self.invoice(pick, lambda books: books.losses)
        books = self.books[invoice]
        allowed = (lag is None and bool(books.losses) and not books.is_void) or None
        on = None if lag is None else self._in(-lag)
        owed, lost = books.balance, books.lost
        # Money that recovered some of it may pay instead, and a payment may earn no discount any more.
        most = owed + lost + sum(books.recoveries.values()) + sum(each["discount"] for each in books.payments.values())
        if self.ask_of_all(writing_off.undo, invoice, allowed=allowed, on=on):
            assert books.balance + books.lost <= most

    @rule(pick=ANY, is_meant=SELDOM)
    def void(self, pick, is_meant):
        invoice = self.invoice(pick if is_meant else 0)
        books = self.books[invoice]
        touched = books.payments or books.recoveries or books.sale or books.lost
        allowed = books.is_void or not (touched or (books.agency and books.balance))
        owed = books.balance
        if (is_meant or not allowed) and self.ask(invoice, invoices.void, allowed=bool(allowed)):
            assert books.balance == 0
            if is_meant and pick % 2:
                self.ask(invoice, invoices.undo_void, allowed=True, again=False)
                assert books.balance == owed

    # Others take over, and give back

    @rule(
        pick=ANY,
        to=st.sampled_from(("factor with recourse", "agency", "court", "factor")),
        share=st.sampled_from((9000, 7333, 0)),
    )
    def hand_over(self, pick, to, share):
        invoice = self.invoice(pick)
        books, state = self.books[invoice], self.states[invoice]
        in_court = state.legal and not state.judgment
        allowed = bool(books.balance) and not (books.is_void or books.sale or books.agency)
        allowed = allowed and (to == "court" or not (in_court or books.disputes))
        if to == "court":
            self.ask(invoice, invoices.start_legal_action, kind="lawyer", reference=f"26-{share}")
        elif to == "agency":
            asked = {"agency": "Inkasso", "commission_basis_points": share}
            self.ask(invoice, invoices.place, allowed=None if books.agency else allowed, **asked)
        else:
            asked = {"factor": "Faktor AG", "advance_basis_points": share, "fee_basis_points": 250}
            asked |= {"with_recourse": to != "factor", "recourse_on": self._in(20)}
            self.ask(invoice, invoices.factor, allowed=None if books.sale else allowed and share > 0, **asked)

    @precondition(lambda self: any(books.sale or books.agency for books in self.books.values()))
    @rule(
        pick=ANY,
        step=st.sampled_from(("advance", "reassign", "recall", "release", "bounce", "judgment")),
    )
    def follow_up(self, pick, step):
        invoice = self.invoice(pick, lambda books: books.sale or books.agency)
        books, state = self.books[invoice], self.states[invoice]
        is_sale = bool(books.sale) and not books.is_void
        if step == "advance":
            self.ask(invoice, invoices.pay_advance, allowed=is_sale)
        elif step == "release" and self.ask(invoice, invoices.release_reserve, allowed=is_sale):
            assert books.balance == 0
        elif step == "recall":
            self.ask(invoice, invoices.recall, allowed=not books.is_void)
        elif step == "judgment":
            allowed = bool(state.legal) and not books.is_void
            self.ask(invoice, invoices.obtain_judgment, allowed=allowed, reference="26-1", amount_minor=1)
        elif step == "reassign":
            self._reassign(invoice)
        elif step == "bounce":
            owed = books.balance
            for payment in [each for each in state.payments if each.receipt.startswith("factor:")]:
                asked = {"receipt": payment.receipt, "allocation": payment.allocation}
                self.ask(invoice, invoices.reverse_payment, allowed=True, **asked)
                owed += payment.amount_minor
            assert books.balance == owed

    def _reassign(self, invoice):
        books, sale = self.books[invoice], self.books[invoice].sale
        since = self.told(invoice, "Factored", "FactorAdvancePaid", "FactorReserveReleased")
        begun = max((n for n, fact in enumerate(since) if fact == sale), default=0)
        is_over = not sale or not sale.with_recourse or self.today > sale.recourse_on
        is_paid = any(type(fact).__name__ == "FactorReserveReleased" for fact in since[begun:]) and not books.balance
        asked = {"on": self.today}
        facts = self.ask(invoice, invoices.reassign, allowed=not (is_over or is_paid), again=False, **asked)
        assert not facts or facts[0].repaid_minor == sum(fact.amount_minor for fact in since[begun + 1 :])

    # When there is to be no contact

    @rule(name=st.sampled_from(CUSTOMERS), days=st.integers(-1, 5), is_lifted=st.booleans())
    def block(self, name, days, is_lifted):
        if is_lifted:
            self.ask(customer_stream(name), customer.unblock, allowed=True)
        else:
            asked = {"until": self._in(days), "on": self.today}
            self.ask(customer_stream(name), customer.block, allowed=days >= 0, **asked)

    def contact(self, pick):
        invoice = self.invoice(pick)
        until = self.blocked_until(invoice)
        may = self.books[invoice].may_be_chased(self.today, until)
        about = {"on": self.today, "blocked_until": until}
        letter = {"step": f"rung {len(self.log)}", "channel": "email", "document": "a1"}
        self.ask(invoice, invoices.remind, allowed=may, **letter, **about)
        self.ask(invoice, invoices.call, allowed=may, again=False, spoke_with="owner", outcome="reached", **about)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=int(os.environ.get("MACHINE_EXAMPLES", "100")),
    stateful_step_count=int(os.environ.get("MACHINE_STEPS", "40")),
    deadline=None,
)
