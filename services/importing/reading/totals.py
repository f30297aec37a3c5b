"""Lines between the rows of a report that are none: sums, headings and rules. What may be a row is left to a person."""

import re
from collections.abc import Mapping, Sequence

from domain.money import EXPONENTS
from domain.written_amount import separator
from infra.files.tabular import Row
from services.importing.reading.forms import AMOUNTS, is_day
from services.importing.reading.headings import is_heading

_KEYS = ("number", "customer", "credit_note", "payment_id")
# English, German, Dutch, Norwegian, and stars as SAP writes them.
_WORDS = (
    r"((grand|sub|sum|overall)[ -]?totals?|totals?|sum|summe|(gesamt|zwischen|end)-?summe|gesamt|gesamtbetrag|"
    r"insgesamt|(eind|sub)?totaal|som|totalt|totalsum|delsum|total(s|summe|sum)?|saldo|subtotaal|percentage of total)"
)
_OF = r"for|für|fuer|voor|of|von|van|per|pro|konto|kunde|debitor|account|customer|debiteur|klant"
_SAYS_SO = re.compile(rf"\*{{1,3}}|{_WORDS}( ({_OF}) .+)?\s*:?", re.IGNORECASE)
# What a line begins with may also say of whom, but where a customer stands that may be called so.
_BEGINS = re.compile(rf"{_WORDS} .+", re.IGNORECASE)
_RULE = re.compile(r"[-=_+| ]+")


class Totals:
    """Knows them by the places of the fields. Where there are no days, as of customers, only what says so is one."""

    def __init__(self, at: Mapping[str, int]):
        self._days = [place for field, place in at.items() if is_day(field)]
        self._keys = [at[field] for field in _KEYS if field in at]
        self._customer, self._side = ({at[field]} if field in at else set() for field in ("customer", "side"))
        self._amounts = {place for field, place in at.items() if field in AMOUNTS}
        self._number = [at[field] for field in ("number", "credit_note") if field in at]

    def has(self, row: Row) -> bool:
        """It says so or has sums alone, and neither a day nor a number of its own."""
        filled = {at: text for at, value in enumerate(row.values) if (text := value.strip())}
        said = {at for at, text in filled.items() if _SAYS_SO.fullmatch(text)}
        said |= {at for at in [*filled][:1] if at not in self._customer and _BEGINS.fullmatch(filled[at])}
        if not row.fault and any(at in filled and at not in said for at in self._days):
            return False
        sums = {at for at, text in filled.items() if at not in said and separator(text) is not None}
        others = {at for at in filled if at not in said and at not in sums and filled[at].upper() not in EXPONENTS}
        if not self._days and not (said and sums <= self._amounts):
            return False
        # The sum of a customer may be named by that customer.
        if others - self._side - (self._customer if said else set()) or not sums:
            return False
        if row.fault:
            return bool(said) and min(said) == min(filled)
        return not sums & {*(self._number if said else self._keys)}

    def heads(self, row: Row) -> bool:
        """A line of one value that is neither the number of a document nor a customer's: those have no blanks."""
        return not row.fault and is_heading(row.values) and (0 not in self._keys or " " in row.values[0].strip())


def says_sum(text: str) -> bool:
    return _SAYS_SO.fullmatch(text) is not None


def is_blank(values: Sequence[str]) -> bool:
    """Nothing, or a rule. Of a line that is too long there are no values."""
    return bool(values) and all(not value.strip() or _RULE.fullmatch(value) for value in values)
