"""What one invoice owes, kept by hand in plain integers: the oracle of `test_machine`.

It reads facts as a clerk would, one line after the other, and shares no code with `domain`.
"""

from collections import Counter
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

# What makes a claim larger and what makes it smaller.
MORE = ("total", "interest", "fee", "compensation", "reversal")
LESS = ("discount", "credit", "allocation", "write_off", "waiver", "void")
# What may hold for some days only: it is taken of what was open then, and taken back with the next fact.
FOR_DAYS = ("PartiallyPaid", "Paid", "CreditNoteApplied", "CreditNoteReinstated", "DiscountTaken")
CHARGES = {"InterestCharged": "interest", "FeeCharged": "fee", "CompensationClaimed": "compensation"}
# What is open again when it was a mistake.
UNDONE = {"CreditNoteUndone": "credit", "WriteOffUndone": "write_off", "VoidUndone": "void"}
LESSENING = {
    "DiscountTaken": "discount",
    "CreditNoteApplied": "credit",
    "CreditNoteReinstated": "credit",
    "PartiallyPaid": "allocation",
    "Paid": "allocation",
    "WrittenOff": "write_off",
    "ChargeWaived": "waiver",
    "Voided": "void",
}


class Books:
    def __init__(self, issued: Any, on: date):
        self.currency, self.tiers = issued.currency, issued.discounts
        self.total: int = issued.total_minor
        self.sums = Counter(total=self.total)
        self.due: list[date] = [each.due_on for each in issued.instalments]
        self.open: list[int] = [each.minor for each in issued.instalments]
        # Of each item, what was added to it and taken from it, and the day from which that counts.
        self.moves: list[list[tuple[date, int]]] = [[(on, minor)] for minor in self.open]
        self.kinds = ["principal"] * len(self.open)
        self.disputes: dict[int, Any] = {}
        self.payments: dict[tuple[str, int], Counter[Any]] = {}
        self.recoveries: dict[tuple[str, int], int] = {}
        self.credits: dict[tuple[str, int], Any] = {}
        self.losses: list[Any] = []
        # What no longer counts, as it was: payments with the promise and the offer they went towards.
        self.gone: dict[tuple[str, int], Any] = {}
        self.lost = 0
        self.promise: Any = None
        self.kept_by: set[tuple[str, int]] = set()
        self.offer: Any = None
        self.settled_by: set[tuple[str, int]] = set()
        self.is_accepted = self.has_let_go = False
        self.plan: range | None = None
        self.sale: Any = None
        self.agency: Any = None
        # What came before is not what it was for.
        self.agreed_on: dict[str, date] = {}
        self.is_void = False

    # What a reader of the books can say

    @property
    def balance(self) -> int:
        return sum(self.sums[kind] for kind in MORE) - sum(self.sums[kind] for kind in LESS)

    @property
    def is_factored(self) -> bool:
        return bool(self.sale) and not self.sale.with_recourse

    @property
    def is_elsewhere(self) -> bool:
        return self.is_void or self.is_factored or bool(self.agency)

    def is_settled_since(self, on: date) -> bool:
        """Nothing was added or taken on a later day."""
        return all(day <= on for moves in self.moves for day, _ in moves)

    def undisputed(self, item: int) -> int:
        contested: int = sum(part.minor for case in self.disputes.values() for part in case.parts if part.item == item)
        return max(0, self.open[item - 1] - contested)

    def disputed(self) -> int:
        return sum(self.open) - sum(self.undisputed(n) for n in range(1, len(self.open) + 1))

    def missed(self, on: date) -> list[int]:
        """Instalments of the plan that should have been paid before that day, the earliest due first."""
        late = [n for n in self.plan or () if self.undisputed(n) and self.due[n - 1] < on]
        return sorted(late, key=lambda n: (self.due[n - 1], n))

    def planned(self) -> int:
        return sum(self.open[n - 1] for n in self.plan or ())

    def may_be_chased(self, on: date, blocked_until: date | None) -> bool:
        return (
            not self.is_elsewhere
            and not (blocked_until and blocked_until >= on)
            and self.disputed() < self.balance
            and not (self.promise and self.promise.pay_on >= on)
            and not (self.planned() and not self.missed(on))
        )

    def discount(self, on: date, effective_on: date | None = None) -> int:
        if self.is_accepted and self.agreed_on["offer"] <= (effective_on or on) and self.offer.until_on >= on:
            still: int = self.offer.pay_minor - sum(self.payments[key]["amount"] for key in self.settled_by)
            return max(0, self.balance - max(0, still))
        if any(taken["discount"] for taken in self.payments.values()):
            return 0
        standing = Fraction(max(0, self.total - self.sums["credit"]), self.total)
        best = max((tier.minor for tier in self.tiers if tier.until_on >= on), default=0)
        return min(floor(best * standing + Fraction(1, 2)), self.balance)

    def verdict(self, on: date) -> str | None:
        """How a promise whose day is over has ended."""
        if not self.promise or on <= self.promise.pay_on:
            return None
        paid = self.paid_as_promised()
        if paid >= self.promise.amount_minor or not self.balance:
            return "PromiseKept"
        return "PromisePartlyKept" if paid else "PromiseBroken"

    def paid_as_promised(self) -> int:
        return sum(self.payments[key]["amount"] for key in self.kept_by)

    # How a fact is entered

    def enter(self, fact: Any, on: date) -> None:
        self._on = on
        name = type(fact).__name__
        if name in LESSENING:
            self._check(fact.parts, fact.amount_minor if name != "Voided" else self.balance, name not in FOR_DAYS)
            self._move(fact.parts, -1)
            self.sums[LESSENING[name]] += sum(part.minor for part in fact.parts)
        if name in UNDONE:
            self._move(fact.parts, +1)
            self.sums[UNDONE[name]] -= sum(part.minor for part in fact.parts)
        if name in CHARGES:
            assert fact.item == len(self.open) + 1
            self.sums[CHARGES[name]] += fact.amount_minor
            self._add(CHARGES[name], fact.due_on, fact.amount_minor)
        entered = getattr(self, f"_{name}", None)
        if entered:
            entered(fact)

    def _DiscountTaken(self, fact: Any) -> None:
        self.has_let_go |= fact.kind == "settlement"
        self._taken(fact, "discount")

    def _PartiallyPaid(self, fact: Any) -> None:
        self._taken(fact, "amount")
        key = fact.receipt, fact.allocation
        self.kept_by |= {key} if self.promise and self.agreed_on["promise"] <= self._on else set()
        self.settled_by |= {key} if self.is_accepted and self.agreed_on["offer"] <= self._on else set()
        assert (type(fact).__name__ == "Paid") == (self.balance == 0)
        is_placed = self.agency and self.agreed_on["agency"] <= self._on
        commission = Fraction(fact.amount_minor * (self.agency.commission_basis_points if is_placed else 0), 10000)
        assert fact.commission_minor == floor(commission + Fraction(1, 2))

    _Paid = _PartiallyPaid

    def _taken(self, fact: Any, what: str) -> None:
        taken = self.payments.setdefault((fact.receipt, fact.allocation), Counter())
        assert not taken[what]
        taken[what] = fact.amount_minor
        taken.update({part.item: part.minor for part in fact.parts})

    def _PaymentReversed(self, fact: Any) -> None:
        key = fact.receipt, fact.allocation
        if key in self.recoveries:
            assert (fact.amount_minor, fact.discount_minor, fact.parts) == (self.recoveries.pop(key), 0, ())
            self.gone[key] = None
            self.lost += fact.amount_minor
            return
        taken = self.payments.pop(key)
        towards = self.promise if key in self.kept_by else None, self.offer if key in self.settled_by else None
        self.gone[key] = taken.copy(), *towards
        assert (fact.amount_minor, fact.discount_minor) == (taken.pop("amount"), taken.pop("discount", 0))
        restored: Counter[int] = Counter()
        for part in fact.parts:
            restored[part.item] += part.minor
        assert restored == taken, "exactly what the payment took"
        self._move(fact.parts, +1)
        self.sums["reversal"] += fact.amount_minor + fact.discount_minor
        self.kept_by.discard(key)
        self.settled_by.discard(key)

    def _PaymentReinstated(self, fact: Any) -> None:
        key = fact.receipt, fact.allocation
        before = self.gone.pop(key)
        if before is None:
            self.recoveries[key] = fact.amount_minor
            self.lost -= fact.amount_minor
            return
        self.payments[key], promise, offer = before
        self._move(fact.parts, -1)
        self.sums["reversal"] -= fact.amount_minor + fact.discount_minor
        self.kept_by |= {key} if promise and promise is self.promise else set()
        self.settled_by |= {key} if offer and offer is self.offer else set()

    def _CreditNoteApplied(self, fact: Any) -> None:
        key = fact.credit_note, fact.allocation
        assert key not in self.credits
        self.credits[key] = fact.parts

    _CreditNoteReinstated = _CreditNoteApplied

    def _CreditNoteUndone(self, fact: Any) -> None:
        assert self.credits.pop((fact.credit_note, fact.allocation)) == fact.parts

    def _Recovered(self, fact: Any) -> None:
        self.recoveries[fact.receipt, fact.allocation] = fact.amount_minor
        self.lost -= fact.amount_minor

    def _WrittenOff(self, fact: Any) -> None:
        self.lost += fact.amount_minor
        self.losses.append(fact.parts)
        if not self.balance:
            self.promise = self.offer = self.plan = None
            self.is_accepted = False

    def _WriteOffUndone(self, fact: Any) -> None:
        self.lost -= fact.amount_minor
        self.losses.remove(fact.parts)

    def _Voided(self, fact: Any) -> None:
        self.is_void = True

    def _VoidUndone(self, fact: Any) -> None:
        self.is_void = False

    def _Disputed(self, fact: Any) -> None:
        for part in fact.parts:
            assert 0 < part.minor <= self.undisputed(part.item)
        assert sum(part.minor for part in fact.parts) == fact.amount_minor
        self.disputes[fact.dispute] = fact

    def _DisputeResolved(self, fact: Any) -> None:
        assert self.disputes.pop(fact.dispute).parts == fact.parts

    def _PromiseMade(self, fact: Any) -> None:
        self.promise, self.kept_by = fact, set()
        self.agreed_on["promise"] = self._on

    def _PromiseKept(self, fact: Any) -> None:
        assert fact.promise == self.promise.promise
        self.promise = None

    _PromisePartlyKept = _PromiseBroken = _PromiseKept

    def _SettlementOffered(self, fact: Any) -> None:
        self.offer, self.is_accepted = fact, False

    def _SettlementAccepted(self, fact: Any) -> None:
        self.is_accepted, self.settled_by = True, set()
        self.agreed_on["offer"] = self._on

    def _InstalmentPlanAgreed(self, fact: Any) -> None:
        assert fact.first_item == len(self.open) + 1
        self._check(fact.parts, self.balance)
        self._move(fact.parts, -1)
        for each in fact.instalments:
            self._add("principal", each.due_on, each.minor)
        self.plan = range(fact.first_item, len(self.open) + 1)
        self.promise = None

    def _InstalmentPlanBroken(self, fact: Any) -> None:
        if fact.item:
            assert fact.item == len(self.open) + 1
            self._check(fact.parts, sum(part.minor for part in fact.parts))
            self._move(fact.parts, -1)
            self._add("principal", fact.due_on, sum(part.minor for part in fact.parts))
        self.plan = None

    def _InstalmentPlanCompleted(self, fact: Any) -> None:
        assert not self.planned()
        self.plan = None

    def _Factored(self, fact: Any) -> None:
        assert fact.face_minor == self.balance == fact.advance_minor + fact.fee_minor + fact.reserve_minor
        self.sale = fact

    def _Reassigned(self, fact: Any) -> None:
        self.sale = None

    def _PlacedWithAgency(self, fact: Any) -> None:
        assert fact.placed_minor == self.balance
        self.agency = fact
        self.agreed_on["agency"] = self._on

    def _RecalledFromAgency(self, fact: Any) -> None:
        self.agency = None

    def _check(self, parts: Any, amount: int, is_bounded: bool = True) -> None:
        """The parts add up to the amount, name each item once, and take no more than is open of it."""
        assert sum(part.minor for part in parts) == amount
        assert len({part.item for part in parts}) == len(parts)
        assert all(part.minor > 0 for part in parts)
        assert not is_bounded or all(part.minor <= self.open[part.item - 1] for part in parts)

    def _move(self, parts: Any, sign: int) -> None:
        for part in parts:
            self.open[part.item - 1] += sign * part.minor
            self.moves[part.item - 1].append((self._on, sign * part.minor))

    def _add(self, kind: str, due_on: date, minor: int) -> None:
        self.kinds.append(kind)
        self.due.append(due_on)
        self.open.append(minor)
        self.moves.append([(self._on, minor)])
