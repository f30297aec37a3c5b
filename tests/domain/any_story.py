"""Any story at all: how it is told to `domain` and to the books at once, and what always holds."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import reduce

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from domain import credit_note, customer, receipt
from domain import invoice as invoices
from domain.credit_note import CreditNote
from domain.entry import Cause, Entry, customer_stream
from domain.refusal import Refused
from tests.domain.books import Books

AGGREGATES = {"invoice": invoices, "receipt": receipt, "credit_note": credit_note, "customer": customer}
CURRENCIES = st.sampled_from(("EUR", "EUR", "JPY", "KWD"))
CUSTOMERS = ("ann", "bob")
DAYS = st.integers(0, 25)
ANY = st.integers(0, 11)
PER_CENT = st.sampled_from((33, 50, 100, 1))
NEAR = st.sampled_from((0, 0, 0, 0, 1, -1))
# How many days ago.
LAGS = st.sampled_from((0, 0, 0, 2, 7))
SELDOM = st.sampled_from((False, False, False, True))


IN, OUT = ("Received", "Issued"), ("Refunded", "Reversed", "Undone")
GIVEN = ("Allocated", "AllocationReinstated")
_SIGNS = dict.fromkeys([*IN, "Unallocated"], 1) | dict.fromkeys([*OUT, *GIVEN], -1)


def by_day(moves):
    """What there was at the end of each day on which it moved."""
    return [sum(minor for on, minor in moves if on <= day) for day in {on for on, _ in moves}]


class AnyStory(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.today = date(2026, 1, 30)
        self.log: list[Entry] = []
        self.states = {}
        self.books: dict[str, Books] = {}
        self.cash: dict[str, Counter[str]] = {}
        self.left: defaultdict[str, list[tuple[date, int]]] = defaultdict(list)

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

    def ask_of_all(self, decision, *about, allowed=None, **asked):
        """A decision over several streams, whose facts have their days."""
        try:
            dated = decision(self.states, *about, **asked)
        except Refused as refused:
            assert not allowed, f"{decision.__name__} was refused: {refused}"
            return {}
        assert allowed is not False or not any(dated.values()), f"{decision.__name__} was not refused"
        assert all(on <= self.today for facts in dated.values() for _, on in facts)
        for stream, facts in dated.items():
            for fact, on in facts:
                self.append({stream: [fact]}, on)
        return dated

    def append(self, facts_by_stream, on=None):
        on = on or self.today
        for stream, facts in facts_by_stream.items():
            aggregate = AGGREGATES[stream.partition(":")[0]]
            versions = [entry.version for entry in self.log if entry.stream == stream]
            for fact in facts:
                versions.append(len(versions) + 1)
                self.log.append(Entry(stream, versions[-1], fact, on, Cause("machine", "c"), len(self.log) + 1))
                self._enter(stream, fact, on)
                self.states[stream] = aggregate.evolve(self.states.get(stream), fact, on)
            told = [entry for entry in self.log if entry.stream == stream]
            folded = reduce(lambda state, entry: aggregate.evolve(state, entry.fact, entry.effective_on), told, None)
            assert folded == self.states[stream]
            assert versions == list(range(1, len(told) + 1))

    def _enter(self, stream, fact, on):
        if stream.startswith("invoice:"):
            if stream not in self.books:
                self.books[stream] = Books(fact, on)
            else:
                self.books[stream].enter(fact, on)
        if stream.startswith(("receipt:", "credit_note:")):
            self.left[stream].append((on, _SIGNS.get(type(fact).__name__, 0) * getattr(fact, "amount_minor", 0)))
            self.cash.setdefault(stream, Counter())[type(fact).__name__] += getattr(fact, "amount_minor", 1)

    def invoice(self, pick, wanted=lambda books: books.balance and not books.is_elsewhere):
        """Mostly one on which something can happen."""
        fit = [invoice for invoice, books in self.books.items() if wanted(books)] if pick else []
        found = fit or [*self.books]
        return found[pick % len(found)]

    def part_of(self, minor, per_cent, near):
        return minor * per_cent // 100 + near

    def blocked_until(self, invoice):
        return self.states[customer_stream(self.states[invoice].issued.customer)].blocked_until(self.today)

    def told(self, stream, *names):
        return [entry.fact for entry in self.log if entry.stream == stream and type(entry.fact).__name__ in names]

    def _in(self, days):
        return self.today + timedelta(days=days)

    # What always holds

    @invariant()
    def the_books_agree_on_every_invoice(self):
        for invoice, books in self.books.items():
            state = self.states[invoice]
            assert state.open_minor == books.balance == sum(books.open) >= 0
            assert [item.open_minor for item in state.items] == books.open
            assert [item.due_on for item in state.items] == books.due
            assert [item.kind for item in state.items] == books.kinds
            assert min(books.open) >= 0
            assert state.disputed_minor == books.disputed()
            assert state.written_off_minor == books.lost >= 0
            assert invoices.payable_minor(state, on=self.today) == books.balance - books.discount(self.today)

    @invariant()
    def receipts_and_credit_notes_add_up(self):
        for stream, cash in self.cash.items():
            state = self.states[stream]
            allocated = sum(each.amount_minor for each in state.allocations)
            assert allocated == sum(cash[name] for name in GIVEN) - cash["Unallocated"]
            came, went = sum(cash[name] for name in IN), sum(cash[name] for name in OUT)
            assert allocated + state.unallocated_minor == came - went
            assert state.unallocated_minor >= 0
            name, is_note = state.received.receipt, isinstance(state, CreditNote)
            had = [
                (invoice, each.allocation, each.amount_minor)
                for invoice in self.books
                for each in (self.states[invoice].credit_notes if is_note else self.states[invoice].payments)
                if (each.credit_note if is_note else each.receipt) == name
            ]
            assert sorted(had) == sorted(
                (each.invoice, each.allocation, each.amount_minor) for each in state.allocations
            )

    @invariant()
    def nothing_was_less_than_nothing_on_any_day_that_is_past(self):
        for books in self.books.values():
            for moves in books.moves:
                assert min(by_day(moves)) >= 0
                # The rest that a settlement lets go of falls away on the day that was accepted, and comes back with
                # the payment, which may have come before.
                assert books.has_let_go or max(by_day(moves)) <= moves[0][1], "more than it was opened with"
        for moves in self.left.values():
            assert min(by_day(moves)) >= 0

    @invariant()
    def only_invoices_that_may_be_chased_are_chaseable(self):
        for invoice, books in self.books.items():
            until = self.blocked_until(invoice)
            try:
                invoices.require_chaseable(self.states[invoice], on=self.today, blocked_until=until)
                is_chaseable = True
            except Refused:
                is_chaseable = False
            assert is_chaseable == books.may_be_chased(self.today, until)

    @invariant()
    def the_log_has_no_gaps(self):
        assert [entry.position for entry in self.log] == list(range(1, len(self.log) + 1))
