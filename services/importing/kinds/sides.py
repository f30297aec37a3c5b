"""On which side of a customer's account a row is: what the customer owes, or what is the customer's.

Programs say it by a sign, by a flag (`H`, `CR`), by the kind of document (`Credit Memo`), or by two columns of amounts.
"""

from domain.refusal import Refused
from services.importing.reading.cells import Cells
from services.importing.reading.column_names import CREDITS, MONEY_IN, normal

# Of a row that is left out: it was paid, and is no claim any more.
NOTHING_OPEN = "nothing_open"


def open_minor(cells: Cells, currency: str) -> int:
    """As `owed_minor`; refuses `nothing_open` of a row that is paid, in a file that says what is still open.

    A file of two columns does.
    """
    owed = owed_minor(cells, currency)
    if not owed and (cells.is_of_open_amounts or not cells.has("amount")):
        raise Refused(NOTHING_OPEN, "nothing of it is open", "amount")
    return owed


def owed_minor(cells: Cells, currency: str) -> int:
    """Minor units that the row adds to what the customer owes, below zero where it takes from it."""
    if cells.has("amount"):
        amount = cells.amount("amount", currency)
        return -abs(amount) if _is(cells, CREDITS) else amount
    debit, credit = (cells.amount_if_any(side, currency) for side in ("debit", "credit"))
    if debit is None and credit is None:
        raise Refused("missing", "it is empty, on both sides", "debit")
    return (debit or 0) - (credit or 0)


def paid_in(cells: Cells) -> str:
    """The field that says how much was paid: an account on which it stands has two columns."""
    return "amount" if cells.has("amount") else "credit"


def is_money_in(cells: Cells) -> bool:
    """A row that says so may be below zero, as it takes from what the customer owes."""
    return _is(cells, MONEY_IN)


def _is(cells: Cells, sides: frozenset[str]) -> bool:
    """By the flag or the kind of document; a row without either is what its amount says."""
    side = cells.text("side")
    return side is not None and normal(side) in sides
