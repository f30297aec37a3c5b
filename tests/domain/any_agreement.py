"""Anything a debtor may contest, promise or agree to."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain import credit_application
from domain import invoice as invoices
from domain.money import split
from domain.terms import Instalment
from tests.domain.any_story import ANY, NEAR, PER_CENT, AnyStory


class AnyAgreement(AnyStory):
    # The debtor contests

    @rule(pick=ANY, reason=st.sampled_from(("price", "quality")), per_cent=st.none() | PER_CENT, near=NEAR)
    def dispute(self, pick, reason, per_cent, near):
        invoice = self.invoice(pick)
        books = self.books[invoice]
        left = books.balance - books.disputed()
        amount = None if per_cent is None else self.part_of(left, per_cent, near)
        is_fresh = not books.is_void and left and (amount is None or 0 < amount <= left)
        self.ask(invoice, invoices.dispute, allowed=True if is_fresh else None, reason_code=reason, amount_minor=amount)

    @rule(
        pick=ANY,
        outcome=st.sampled_from(("upheld", "part_upheld", "rejected")),
        upheld=st.none() | st.integers(1, 300_00),
    )
    def resolve(self, pick, outcome, upheld):
        invoice = self.invoice(pick, lambda books: books.disputes)
        books, owed = self.books[invoice], self.books[invoice].balance
        number = [*books.disputes, 1][0]
        allowed, won, case = len(self.told(invoice, "Disputed")) >= number, 0, books.disputes.get(number)
        if case and outcome != "rejected":
            still = sum(min(part.minor, books.open[part.item - 1]) for part in case.parts)
            won = still if upheld is None else upheld
            allowed = 0 < won <= min(case.amount_minor, owed) and not books.is_factored
            allowed = allowed and not (outcome == "part_upheld" and upheld is None)
        asked = {"dispute": number, "outcome": outcome, "upheld_minor": upheld, "credit_note": f"C-{len(self.log)}"}
        allowed = allowed and not books.is_void
        dated = self.ask_of_all(credit_application.resolve, invoice, allowed=allowed, on=self.today, **asked)
        if facts := [fact for fact, _ in dated.get(invoice, [])]:
            assert case
            assert facts[0].upheld_minor == won
            assert books.balance == owed - won

    # The debtor agrees

    @rule(pick=ANY, per_cent=st.none() | PER_CENT, near=NEAR, days=st.integers(-1, 15))
    def promise(self, pick, per_cent, near, days):
        invoice = self.invoice(pick)
        books = self.books[invoice]
        amount = None if per_cent is None else self.part_of(books.balance, per_cent, near)
        standing = books.promise and not books.verdict(self.today)
        asks = books.balance if amount is None else amount
        is_same = standing and (books.promise.amount_minor, books.promise.pay_on) == (asks, self._in(days))
        allowed = not books.is_elsewhere and 0 < asks <= books.balance and days >= 0 and not standing
        self.ask(
            invoice,
            invoices.promise,
            allowed=None if is_same else allowed,
            pay_on=self._in(days),
            on=self.today,
            amount_minor=amount,
        )

    def review_promise(self, invoice):
        books = self.books[invoice]
        verdict, paid = books.verdict(self.today), books.paid_as_promised()
        facts = self.ask(invoice, invoices.review_promise, allowed=not books.is_void, on=self.today)
        if not books.is_void:
            assert [type(fact).__name__ for fact in facts] == [verdict] * bool(verdict)
            assert verdict != "PromisePartlyKept" or facts[0].paid_minor == paid

    @rule(pick=ANY, per_cent=st.sampled_from((50, 20, 99, 100)), days=st.integers(-1, 15), is_accepted=st.booleans())
    def settle(self, pick, per_cent, days, is_accepted):
        invoice = self.invoice(pick)
        books = self.books[invoice]
        asked = {"pay_minor": books.balance * per_cent // 100, "until_on": self._in(days), "on": self.today}
        stands = books.is_accepted and self.today <= books.offer.until_on
        is_same = books.offer and (books.offer.pay_minor, books.offer.until_on) == tuple(asked.values())[:2]
        allowed = not books.is_elsewhere and 0 < asked["pay_minor"] < books.balance and days >= 0 and not stands
        self.ask(invoice, invoices.offer_settlement, allowed=None if is_same else allowed, **asked)
        if is_accepted:
            stands = books.offer and (books.is_accepted or self.today <= books.offer.until_on)
            allowed = bool(stands and books.balance and not books.is_void)
            self.ask(invoice, invoices.accept_settlement, allowed=allowed, on=self.today)

    @rule(pick=ANY, days=st.lists(st.integers(0, 9), min_size=1, max_size=3), near=NEAR)
    def agree_plan(self, pick, days, near):
        invoice = self.invoice(
            pick, lambda books: books.balance and not (books.is_elsewhere or books.plan or books.disputes)
        )
        books = self.books[invoice]
        shares = [share for share in split(books.balance + max(near, 0), [1] * len(days)) if share]
        dues = [Instalment(self._in(after), share) for after, share in zip(days, shares, strict=False)]
        allowed = bool(books.balance) and near < 1 and not (books.is_elsewhere or books.disputes or books.plan)
        self.ask(invoice, invoices.agree_plan, allowed=None if books.plan else allowed, instalments=dues, on=self.today)

    def review_plan(self, invoice, accelerate):
        books = self.books[invoice]
        owed, disputed, missed = books.balance, books.disputed(), books.missed(self.today)
        is_done = books.plan and not books.planned()
        to_come = [n for n in books.plan or () if books.undisputed(n) and books.due[n - 1] >= self.today]
        moved = sum(books.undisputed(n) for n in to_come)
        asked = {"on": self.today, "accelerate": accelerate}
        facts = self.ask(invoice, invoices.review_plan, allowed=not books.is_void, **asked)
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
