"""How the amounts of a file are read: in minor units, by what was said of them or what the file itself shows."""

import re
from contextlib import suppress

from domain.money import EXPONENTS, minor_units, readable
from domain.notes import ROUNDED, Note
from domain.refusal import Refused
from domain.written_amount import Separator, plainly, rounded, separator
from infra.files.table import Number
from services.importing.options import Options
from services.importing.reading.forms import Reading

_PLAIN = re.compile(r"[+-]?[0-9.,]+", re.ASCII)
_MOST_WRITTEN = 6  # decimals
_THREE = 3  # decimals of some currencies, and digits of a group


class Amounts:
    """`notes` are what was rounded, since somebody last emptied them."""

    def __init__(self, reading: Reading, options: Options):
        self._reading, self._rounds = reading, options.rounds
        self.notes: list[Note] = []

    def minor(self, field: str, text: str, currency: str) -> int:
        try:
            return self._minor(field, text, currency)
        except Refused as refusal:
            hint = self._hint(text, currency, refusal.code)
            raise Refused(refusal.code, refusal.message + hint, field) from None

    def plain(self, text: str) -> str:
        """The same for an amount however it is grouped, and whatever its currency."""
        if not _PLAIN.fullmatch(text):
            with suppress(Refused):
                text = self._plainly(text, None).replace(",", "")
        elif self._is_with_comma(text):
            text = text.replace(".", "").replace(",", ".")
        whole, _, fraction = text.replace(",", "").partition(".")
        return f"{whole.lstrip('+0')}.{fraction.rstrip('0')}"

    def _minor(self, field: str, text: str, currency: str) -> int:
        plain = text
        try:
            found = minor_units(text, currency, decimal_comma=self._is_with_comma(text))
        except Refused as refusal:
            if refusal.code == "too_many_decimals" and self._rounds and self._is_noise(text):
                return self._rounded(field, text, currency)
            if refusal.code != "not_an_amount":
                raise
            plain = self._plainly(text, currency)
            try:
                found = minor_units(plain, currency)
            except Refused as closer:
                if closer.code == "too_many_decimals" and self._rounds:
                    return self._rounded(field, text, currency)
                raise refusal if closer.code == "not_an_amount" else closer from None
        may_be_doubtful = EXPONENTS[currency] == _THREE or self._reading.is_mixed
        if may_be_doubtful and not self._reading.is_stated and self._is_doubtful(plain, text, currency):
            raise Refused("two_readings", f"{text[:20]!r} may be {_both(text)}: use --decimal-point or --decimal-comma")
        return found

    def _plainly(self, text: str, currency: str | None) -> str:
        try:
            return plainly(text, currency, decimal_comma=self._is_with_comma(text))
        except Refused as refusal:
            if refusal.code != "not_an_amount":
                raise
            example = "1.234,56" if self._reading.decimal_comma else "1,234.56"
            raise Refused(refusal.code, f"{refusal.message} such as {example}") from None

    def _rounded(self, field: str, text: str, currency: str) -> int:
        found = rounded(self._plainly(text, currency), currency)
        self.notes.append(Note(ROUNDED, f"{field} {text[:30]} was rounded to {readable(found, currency)}"))
        return found

    def _is_with_comma(self, text: str) -> bool:
        return self._reading.decimal_comma and not isinstance(text, Number)

    def _is_noise(self, text: str) -> bool:
        """And not perhaps thousands."""
        return isinstance(text, Number) or self._reading.is_sure or separator(text) != Separator.EITHER

    def _is_doubtful(self, plain: str, text: str, currency: str) -> bool:
        """As a thousand or as one and a bit, where no other value of the column tells, or none ever could."""
        if isinstance(text, Number):
            return False
        is_of_thousands = "," in plain and "." not in plain if plain is not text else _is_grouped(text, self._reading)
        is_of_three = EXPONENTS[currency] == _THREE and is_of_thousands
        return (is_of_three or self._reading.is_mixed) and separator(text) == Separator.EITHER

    def _hint(self, text: str, currency: str, code: str) -> str:
        if code == "too_many_decimals" and not self._rounds and _is_fine(text):
            return "; --round rounds it"
        if code != "not_an_amount":
            return ""
        try:
            minor_units(text, currency, decimal_comma=not self._reading.decimal_comma)
        except Refused:
            return ""
        return f"; it would be with --decimal-{'point' if self._reading.decimal_comma else 'comma'}"


def _is_grouped(text: str, reading: Reading) -> bool:
    return ("." if reading.decimal_comma else ",") in text


def _is_fine(text: str) -> bool:
    """As computers calculate: more digits than anybody writes."""
    return isinstance(text, Number) or len(text) - max(text.rfind("."), text.rfind(",")) > _MOST_WRITTEN


def _both(text: str) -> str:
    bare = text.strip()
    return f"{bare.replace(',', '').replace('.', '')[:20]} or {bare.replace(',', '.')[:20]}"
