"""Payment terms as people write them in one cell: `30`, `net 30`, `2/10 net 30`, `30eom`, `30:30 60:30 90:40`.

Those of a sentence are read by `domain.worded_terms`.
"""

import re
from datetime import date
from typing import NamedTuple

from domain import worded_terms
from domain.money import basis_points
from domain.refusal import Refused
from domain.terms import WHOLE, EarlyDiscount, Share, shares, step

_NUMBER = r"[0-9]{1,3}(?:[.,][0-9]{1,2})?"
_DISCOUNT = re.compile(rf"(?<![0-9][.,])(?<![\w:./])({_NUMBER})\s*%?\s*/\s*([0-9]{{1,4}})(?![\w:./])", re.ASCII)
_APART = re.compile(r"(?<=[0-9])\s+(?=eom\b)", re.IGNORECASE)
# Words that say no more than the number beside them.
_EMPTY_WORDS = re.compile(r"\b(?:net|netto|n/|n|days?|tagen?|dagen|dager)(?![a-z])", re.ASCII | re.IGNORECASE)
_AT_ONCE = frozenset(("due on receipt", "due upon receipt", "immediately", "cash on delivery"))
# Terms that hold for any invoice name no day: whatever day they do name is before this one.
_ANY_DAY = date(9000, 1, 1)


class WrittenTerms(NamedTuple):
    schedule: tuple[Share, ...]
    discounts: tuple[EarlyDiscount, ...]


def terms_of(text: str) -> WrittenTerms:
    """A schedule whose steps are as `domain.terms.step` has them, and before or after it early-payment discounts.

    Sentences that leave one reading are read as those of e-invoices are: `14 Tage 2 % Skonto, 30 Tage netto`. Discounts
    need a schedule: `2/10` alone does not say when all of it is due. Refuses `bad_schedule` and `not_a_percent`.
    """
    if " ".join(text.casefold().split()) in _AT_ONCE:
        return WrittenTerms((Share(0, WHOLE),), ())
    worded = worded_terms.terms_in(text, _ANY_DAY)
    if worded.is_all and worded.due_on:
        return WrittenTerms((Share((worded.due_on - _ANY_DAY).days, WHOLE),), worded.discounts)
    tiers = tuple(
        EarlyDiscount(int(days), basis_points(percent.replace(",", "."))) for percent, days in _DISCOUNT.findall(text)
    )
    left = _APART.sub("", _EMPTY_WORDS.sub(" ", _DISCOUNT.sub(" ", text)))
    steps = [step(part) for part in re.split(r"[,;\s]+", left) if part]
    if not steps:
        raise Refused("bad_schedule", f"{text[:40]!r} does not say when all is due: use 30, or 2/10 net 30")
    return WrittenTerms(shares(steps), tiers)
