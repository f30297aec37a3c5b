"""Rows below or between the others that only add them up: they are no rows, and what may be one is left to a person."""

import re
from collections.abc import Mapping, Sequence

from domain.money import EXPONENTS
from domain.written_amount import separator
from infra.files.tabular import Row
from services.importing.reading import is_day

_KEYS = ("number", "customer", "credit_note", "payment_id")
# English, German, Dutch, Norwegian.
_SAYS_SO = re.compile(
    r"((grand|sub|sum|overall)[ -]?totals?|totals?|sum|summe|(gesamt|zwischen|end)-?summe|gesamt|gesamtbetrag|"
    r"insgesamt|(eind|sub)?totaal|som|totalt|totalsum|delsum|total(s|summe|sum)?|saldo|subtotaal)"
    r"( (for|für|fuer|voor|of|von|van|per|pro) .+)?\s*:?",
    re.IGNORECASE,
)


class Totals:
    """Knows them by the places of the fields, without which it knows none."""

    def __init__(self, at: Mapping[str, int]):
        self._days = [place for field, place in at.items() if is_day(field)]
        self._keys = [at[field] for field in _KEYS if field in at]
        self._number = [at[field] for field in ("number", "credit_note") if field in at]

    def has(self, row: Row) -> bool:
        """It says so or has sums alone, and neither a day nor a number of its own."""
        if not self._days:
            return False
        values = row.values
        if not row.fault and any(values[at].strip() for at in self._days):
            return False
        filled = {at: text for at, value in enumerate(values) if (text := value.strip())}
        said = {at for at, text in filled.items() if _SAYS_SO.fullmatch(text)}
        sums = {at for at, text in filled.items() if at not in said and separator(text) is not None}
        others = {at for at in filled if at not in said and at not in sums and filled[at].upper() not in EXPONENTS}
        if others or not sums:
            return False
        if row.fault:
            return bool(said) and min(said) == min(filled)
        return not sums & {*(self._number if said else self._keys)}


def is_blank(values: Sequence[str]) -> bool:
    """Of a line that is too long there are no values."""
    return bool(values) and not any(map(str.strip, values))
