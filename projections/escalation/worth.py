"""What acting today is worth: what is open, times by how much the chance to collect it falls by waiting a week."""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from projections.credit_risk.outlook import HISTORY, Curve, collection_probability, curve
from projections.ratios import half_up

WAITED_DAYS = 7
# Of history, shares have denominators of thousands of digits: this is finer than any amount can show.
_FINEST = 10**15


class Worth:
    def __init__(self, history: Curve):
        self._history = history
        self._fall = lru_cache(maxsize=None)(self._computed)

    def of(self, items: Iterable[tuple[int, int]]) -> int:
        """Minor units, of items open, each so many days past due (negative before) with so much open."""
        by_fall: dict[tuple[int, int], int] = {}
        for days, minor in items:
            fall = self._fall(days)
            by_fall[fall] = by_fall.get(fall, 0) + minor
        if len(by_fall) == 1:
            # Most tasks are about items of one age: whole numbers are many times as fast.
            [((part, whole), minor)] = by_fall.items()
            return (2 * minor * part + whole) // (2 * whole)
        return half_up(sum((minor * Fraction(*fall) for fall, minor in by_fall.items()), Fraction(0)))

    def _computed(self, days: int) -> tuple[int, int]:
        """Where the few that are left pay better than the many before them, nothing is lost by waiting."""
        then = collection_probability(self._history, days + WAITED_DAYS)
        # Both from one source: else what falls is the one curve down to the other.
        history = self._history if then.source == HISTORY else curve(())
        now = collection_probability(history, days)
        fall = max(Fraction(0), now.probability - then.probability).limit_denominator(_FINEST)
        return fall.numerator, fall.denominator
