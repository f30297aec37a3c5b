"""How the amounts and days of a file are to be read: as somebody says, else the only way that a whole column leaves."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.money import EXPONENTS
from domain.written_amount import Separator, separator
from domain.written_day import DayForm, forms_of, is_same_in_any
from infra.files.rejects import read_as
from infra.files.tabular import Table, Unreadable
from services.importing.options import Options

# Rows that are looked at in any case; of more only what is still open.
LEAST = 1_000
AMOUNTS = frozenset(("amount", "debit", "credit", "tax", "limit", "credit_limit"))
_ORDERS = (DayForm.DAY_FIRST, DayForm.MONTH_FIRST)
_NAMES = {DayForm.DAY_FIRST: "%d/%m/%Y", DayForm.MONTH_FIRST: "%m/%d/%Y"}


def is_day(field: str) -> bool:
    return field.endswith("_on")


@dataclass(frozen=True, slots=True)
class Reading:
    """`is_stated`: somebody said which separator stands before decimals; `is_shown`: the file itself does.

    Where single values of a column contradict the others, those that may mean two things are left to a person:
    `is_mixed`, and the fields `mixed_days`.
    """

    decimal_comma: bool = False
    is_stated: bool = False
    is_shown: bool = False
    is_mixed: bool = False
    days: Mapping[str, DayForm] = field(default_factory=dict)
    mixed_days: frozenset[str] = frozenset()

    @property
    def is_sure(self) -> bool:
        return self.is_stated or (self.is_shown and not self.is_mixed)

    def words(self) -> str:
        """As a reject file keeps it; nothing where all is read by default."""
        amounts = f"{'comma' if self.decimal_comma else 'point'}{_doubt(self.is_mixed)}"
        said = [] if self.is_stated or amounts == "point" else [f"amount={amounts}"]
        forms = {field: f"{form}{_doubt(field in self.mixed_days)}" for field, form in self.days.items()}
        return " ".join([*said, *(f"{field}={form}" for field, form in forms.items() if form != DayForm.ISO)])


def reading_of(table: Table, at: Mapping[str, int], options: Options) -> Reading:
    """Looks through the file, as far as needed; raises `Unreadable` where two readings are left."""
    amounts = _Amounts([at[each] for each in AMOUNTS if each in at], at.get("currency"), options.currency)
    days = [_Days(each, at[each]) for each in at if is_day(each)] if options.date_format is None else []
    if (before := read_as(table)) is not None:
        return _as_before(before, options, [each.field for each in days])
    _look([*([amounts] if options.decimal_comma is None else []), *days], table)
    forms, mixed = _decided(days, table)
    if options.decimal_comma is not None:
        return Reading(options.decimal_comma, is_stated=True, days=forms, mixed_days=mixed)
    amounts.require_one(table)
    return Reading(
        amounts.commas > amounts.points,
        is_shown=amounts.commas != amounts.points,
        is_mixed=bool(amounts.commas and amounts.points),
        days=forms,
        mixed_days=mixed,
    )


def _as_before(words: str, options: Options, days: Sequence[str]) -> Reading:
    """A reject file is read as its rows were at first, of which too few are left to tell."""
    said = dict(part.split("=", 1) for part in words.split() if "=" in part)
    amounts, forms = said.get("amount", ""), {*map(str, DayForm)}
    found = {each: said[each].removesuffix("?") for each in days if each in said}
    return Reading(
        amounts.startswith("comma") if options.decimal_comma is None else options.decimal_comma,
        is_stated=options.decimal_comma is not None,
        is_shown=True,
        is_mixed=amounts.endswith("?") and options.decimal_comma is None,
        days={field: DayForm(form) for field, form in found.items() if form in forms},
        mixed_days=frozenset(each for each in found if said[each].endswith("?")),
    )


def _doubt(is_mixed: bool) -> str:
    return "?" if is_mixed else ""


class _Amounts:
    def __init__(self, places: Sequence[int], currency_at: int | None, currency: str | None):
        self._places, self._currency_at, self._currency = places, currency_at, currency
        self.points = self.commas = 0
        self._doubtful = ""

    def take(self, values: Sequence[str]) -> None:
        for at in self._places:
            text = values[at]
            if type(text) is not str or not text:
                continue
            shown = separator(text)
            if shown == Separator.POINT:
                self.points += 1
            elif shown == Separator.COMMA:
                self.commas += 1
            elif shown == Separator.EITHER and not self._has_one_reading(text, values):
                self._doubtful = self._doubtful or text.strip()

    @property
    def is_decided(self) -> bool:
        return bool(self.points or self.commas) or not self._places

    def require_one(self, table: Table) -> None:
        if self._doubtful and not (self.points or self.commas):
            plain = self._doubtful.replace(",", "").replace(".", "")
            point = self._doubtful.replace(",", ".")
            raise Unreadable(
                f"{table.path}: amounts such as {self._doubtful[:20]} may be {plain[:20]} or {point[:20]}: "
                "say which with --decimal-point or --decimal-comma"
            )

    def _has_one_reading(self, text: str, values: Sequence[str]) -> bool:
        """With a point and as many digits as the currency has, or may have: as the ledger itself writes them.

        With a comma in a currency of other than three decimals it is thousands: so people write whole amounts.
        """
        named = values[self._currency_at].strip().upper() if self._currency_at is not None else ""
        decimals = EXPONENTS.get(named or (self._currency or "").upper(), 3)
        return (decimals == 3) == ("." in text)


class _Days:
    def __init__(self, field: str, at: int):
        self.field, self._at = field, at
        self.fits: Counter[DayForm] = Counter()
        self.first = self.last = 0
        self.doubtful = ""

    def take(self, values: Sequence[str]) -> None:
        text = values[self._at]
        if type(text) is not str or not (text := text.strip()):
            return
        forms = forms_of(text)
        self.fits.update(forms)
        if len(forms) > 1 and not self.doubtful and not is_same_in_any(text, forms):
            self.doubtful = text
        elif len(forms) == 1:
            self.first += DayForm.DAY_FIRST in forms
            self.last += DayForm.MONTH_FIRST in forms

    @property
    def is_decided(self) -> bool:
        # Days and months that were swapped in some rows only may be anywhere.
        return bool(self.fits) and not any(self.fits[each] for each in _ORDERS)


def _look(columns: Sequence[_Amounts | _Days], table: Table) -> None:
    for number, row in enumerate(table.again() if columns else ()):
        if number >= LEAST:
            columns = [each for each in columns if not each.is_decided]
            if not columns:
                return
        if not row.fault:
            for each in columns:
                each.take(row.values)


def _decided(days: Sequence[_Days], table: Table) -> tuple[dict[str, DayForm], frozenset[str]]:
    firsts, lasts = sum(each.first for each in days), sum(each.last for each in days)
    forms = {each.field: form for each in days if (form := _form(each, firsts, lasts, table))}
    return forms, frozenset(each.field for each in days if firsts and lasts and each.doubtful)


def _form(days: _Days, firsts: int, lasts: int, table: Table) -> DayForm | None:
    if not days.fits:
        return None
    most = max(days.fits.values())
    best = [form for form in DayForm if days.fits[form] == most]
    if {*best} >= {*_ORDERS} and firsts != lasts:
        return DayForm.DAY_FIRST if firsts > lasts else DayForm.MONTH_FIRST
    if {*best} >= {*_ORDERS} and DayForm.ISO not in best and days.doubtful:
        raise Unreadable(_two_orders(days, table))
    return best[0]


def _two_orders(days: _Days, table: Table) -> str:
    day_first, month_first = (f"--date-format {_NAMES[each]}" for each in _ORDERS)
    return (
        f"{table.path}: days such as {days.doubtful[:20]} ({days.field}) may be of day/month/year or of "
        f"month/day/year: say which with {day_first} or {month_first}"
    )
