"""On which side of a customer's account a row is: what the customer owes, or what is the customer's.

Programs say it by a sign, by a flag (`H`, `CR`), by the kind of document (`Credit Memo`), or by two columns of amounts.
"""

from domain.refusal import Refused
from services.importing.cells import Cells
from services.importing.column_names import CREDITS, normal


def is_credit(cells: Cells) -> bool:
    """By the flag or the kind of document; a row without either is what its amount says."""
    side = cells.text("side")
    return side is not None and normal(side) in CREDITS


def owed_minor(cells: Cells, currency: str) -> int:
    """Minor units that the row adds to what the customer owes, below zero where it takes from it."""
    if cells.has("amount"):
        amount = cells.amount("amount", currency)
        return -abs(amount) if is_credit(cells) else amount
    sides = [cells.amount_if_any(side, currency) if cells.has(side) else None for side in ("debit", "credit")]
    if sides == [None, None]:
        raise Refused("missing", "it is empty", "debit")
    debit, credit = (minor or 0 for minor in sides)
    return debit - credit
