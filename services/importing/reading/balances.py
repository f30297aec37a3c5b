"""What a column called balance says: what is open of each row, or what a customer owes by all rows so far."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice

from domain.refusal import Refused
from domain.written_amount import Separator, plainly, separator
from infra.files.table import Number, Table

# By normal names.
BALANCES = frozenset(("balance", "saldo"))
LOOKED_AT = 1_000  # rows


def goes_on(table: Table, balance: int, amount: int) -> bool:
    """A balance that goes on comes to more than the amount of some row, which what is open of it never does."""
    rows = [row.values for row in islice(table.again(), LOOKED_AT) if not row.fault]
    pairs = [(values[balance], values[amount]) for values in rows]
    shown = [separator(text) for pair in pairs for text in pair]
    is_with_comma = shown.count(Separator.COMMA) > shown.count(Separator.POINT)
    return any(_exceeds(pair, is_with_comma) for pair in pairs)


def _exceeds(pair: Sequence[str], is_with_comma: bool) -> bool:
    try:
        balance, amount = (_value(text, is_with_comma) for text in pair)
    except Refused:
        return False
    return abs(balance) > abs(amount)


def _value(text: str, is_with_comma: bool) -> Decimal:
    plain = plainly(text, None, decimal_comma=is_with_comma and not isinstance(text, Number))
    return Decimal(plain.replace(",", ""))
