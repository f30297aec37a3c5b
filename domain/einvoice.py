"""What an electronic invoice says, in whatever syntax it was written, by the terms of EN 16931 (BT-1, BG-7 and so on).

The claim is the amount due (BT-115). What else the ledger has no place for is named in `not_kept`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from domain.money import EXPONENTS, exponent, proportion
from domain.refusal import Refused
from domain.terms import EarlyDiscount, Instalment
from domain.worded_terms import WordedTerms, terms_in

CustomerFrom = Literal["identifier", "vat", "name"]

# UNTDID 1001 as EN 16931 takes it; a pro forma invoice (325) is no claim.
INVOICES = frozenset(map(str, (
    71, 80, 82, 84, 102, 130, 202, 203, 204, 211, 218, 219, 295, 326, 331, 380, 382, 383, 384, 385, 386, 387, 388, 389,
    390, 393, 394, 395, 456, 457, 527, 553, 575, 623, 633, 751, 780, 817, 870, 875, 876, 877, 935,
)))  # fmt: skip
CREDIT_NOTES = frozenset(map(str, (81, 83, 261, 262, 296, 308, 381, 396, 420, 458, 502, 503, 532)))
PRO_FORMA, CORRECTED = "325", "384"

ZERO = Decimal(0)


class Totals(NamedTuple):
    """In the currency of the invoice; None is what it does not say. `lines` and `taxes` are sums over its parts."""

    due: Decimal  # BT-115
    gross: Decimal  # BT-112
    net: Decimal | None = None  # BT-109
    tax: Decimal | None = None  # BT-110
    prepaid: Decimal = ZERO  # BT-113
    rounding: Decimal = ZERO  # BT-114
    line_total: Decimal | None = None  # BT-106
    allowances: Decimal = ZERO  # BT-107
    charges: Decimal = ZERO  # BT-108
    lines: Decimal | None = None  # each BT-131
    taxes: Decimal | None = None  # each BT-117


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """BG-7. `address` is its lines (BT-50 to BT-54, BT-163), without the country."""

    name: str  # BT-44
    identifier: str | None = None  # BT-46
    vat: str | None = None  # BT-48
    address: tuple[str, ...] = ()
    country: str | None = None  # BT-55
    phone: str | None = None  # BT-57
    email: str | None = None  # BT-58, else BT-49 where that is one


@dataclass(frozen=True, slots=True, kw_only=True)
class EInvoice:
    """`discounts` and `instalments` are those with fields of their own; what BT-20 says in words is read by `terms`."""

    number: str  # BT-1
    issued_on: date  # BT-2
    type_code: str  # BT-3
    currency: str  # BT-5
    buyer: Buyer
    totals: Totals
    due_on: date | None = None  # BT-9
    wording: str = ""  # BT-20
    discounts: tuple[EarlyDiscount, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    reference: str | None = None  # BT-83
    purchase_order: str | None = None  # BT-13
    preceding: tuple[str, ...] = ()  # BT-25
    ibans: tuple[str, ...] = ()  # each BT-84
    not_kept: tuple[str, ...] = ()

    @property
    def terms(self) -> WordedTerms:
        return terms_in(self.wording, self.issued_on)

    @property
    def is_credit(self) -> bool:
        """By its type, whatever the sign; an invoice below zero is one, too."""
        return self.type_code in CREDIT_NOTES or self.totals.due < 0

    @property
    def claim_minor(self) -> int:
        return minor(self.totals.due, self.currency, "BT-115")

    @property
    def tax_minor(self) -> int:
        """Within the claim: of what was prepaid, the tax went with it."""
        whole = abs(minor(self.totals.tax or ZERO, self.currency, "BT-110"))
        gross, due = abs(minor(self.totals.gross, self.currency, "BT-112")), abs(self.claim_minor)
        return proportion(whole, due, gross) if self.totals.prepaid and gross else whole


def minor(amount: Decimal, currency: str, term: str) -> int:
    """Refuses `too_many_decimals` and `unknown_currency`."""
    scaled = amount.scaleb(exponent(currency))
    if scaled != int(scaled):
        raise Refused("too_many_decimals", f"{term} is {amount}, and {currency} has fewer decimals", term)
    return int(scaled)


def customer_of(buyer: Buyer, by: CustomerFrom | None = None) -> tuple[str, CustomerFrom]:
    """The customer's number, and what it is: the identifier, else the VAT number, else the name. Refuses `missing`."""
    found: dict[CustomerFrom, str | None] = {"identifier": buyer.identifier, "vat": buyer.vat, "name": buyer.name}
    if by:
        number = found[by]
        if not number:
            raise Refused("missing", f"the buyer has no {_CALLED[by]}, by which customers are to be known", _TERM[by])
        return number, by
    return next((number, kind) for kind, number in found.items() if number)


def require_sound(invoice: EInvoice) -> None:
    """Refuses `not_a_claim`, `unknown_currency`, `nothing_due` and, where its sums contradict, `sums_contradict`."""
    if invoice.type_code not in INVOICES | CREDIT_NOTES:
        what = "a pro forma invoice" if invoice.type_code == PRO_FORMA else "neither an invoice nor a credit note"
        raise Refused("not_a_claim", f"its type (BT-3) {invoice.type_code[:10]!r} is {what}", "BT-3")
    if invoice.currency not in EXPONENTS:
        raise Refused("unknown_currency", f"BT-5 {invoice.currency[:10]!r} is not an ISO 4217 currency code", "BT-5")
    _require_sums(invoice.totals, invoice.currency)
    if not invoice.totals.due:
        raise Refused("nothing_due", "the amount due (BT-115) is zero: there is nothing to claim", "BT-115")


def _require_sums(totals: Totals, currency: str) -> None:
    net, tax = totals.net, totals.tax or ZERO
    _require("BT-106", totals.line_total, "the sum of the lines (BT-131)", totals.lines, currency)
    if totals.line_total is not None:
        sums = totals.line_total - totals.allowances + totals.charges
        _require("BT-109", net, "BT-106 - BT-107 + BT-108", sums, currency)
    _require("BT-110", totals.tax, "the sum of the VAT breakdown (BT-117)", totals.taxes, currency)
    _require("BT-112", totals.gross, "BT-109 + BT-110", None if net is None else net + tax, currency)
    due = totals.gross - totals.prepaid + totals.rounding
    _require("BT-115", totals.due, "BT-112 - BT-113 + BT-114", due, currency)


def _require(term: str, said: Decimal | None, formula: str, found: Decimal | None, currency: str) -> None:
    """Lines may have more decimals than sums have."""
    if said is None or found is None:
        return
    rounded = found.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)
    if said not in (found, rounded):
        raise Refused("sums_contradict", f"{term} is {said}, but {formula} is {rounded}", term)


_CALLED = {"identifier": "identifier (BT-46)", "vat": "VAT number (BT-48)", "name": "name (BT-44)"}
_TERM = {"identifier": "BT-46", "vat": "BT-48", "name": "BT-44"}
