"""Bookings: what each fact that moves what is open comes to, in which column of a rollforward. The one table of it.

`closing = opening + invoiced + charges - credit_notes - cash - discounts - write_offs + other`, whose columns are sums
of bookings, and whose two ends are what aging says. None is the difference of the others.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from domain.invoice import facts
from domain.invoice.state import FACTOR
from domain.kinds import NAMES, number_of
from projections.open_items.asking import SCHEMA
from projections.open_items.movements import UNAPPLIED
from projections.projection import Row

INVOICED, CHARGES, CREDIT_NOTES, CASH, DISCOUNTS, WRITE_OFFS, OTHER = COLUMNS = (
    "invoiced",
    "charges",
    "credit_notes",
    "cash",
    "discounts",
    "write_offs",
    "other",
)
# Those that are deducted: an amount in them lessens what is open.
DEDUCTED = frozenset((CREDIT_NOTES, CASH, DISCOUNTS, WRITE_OFFS))

TOTAL, AMOUNT, DISCOUNT, DIFFERENCE = "total_minor", "amount_minor", "discount_minor", "difference_minor"
PARTS = "parts"
MORE, LESS = +1, -1
EXCHANGE, EXCHANGE_UNDONE, BY_FACTOR = "exchange", "exchange_undone", "factor_payment"


class Booking(NamedTuple):
    """`what` it is in a word; `field` of the fact is the amount, `sign` whether so much more is open, or less."""

    column: str
    what: str
    field: str
    sign: int


# Charges that a void takes with the invoice are part of the void. What a payment that is taken back had given up with
# it, discount and exchange difference, is open again with it; what is paid on a loss moves nothing that is open.
BOOKED: dict[type, tuple[Booking, ...]] = {
    facts.Issued: (Booking(INVOICED, "invoice", TOTAL, MORE),),
    facts.Voided: (Booking(INVOICED, "void", PARTS, LESS),),
    facts.VoidUndone: (Booking(INVOICED, "void_undone", PARTS, MORE),),
    facts.InterestCharged: (Booking(CHARGES, "interest", AMOUNT, MORE),),
    facts.FeeCharged: (Booking(CHARGES, "fee", AMOUNT, MORE),),
    facts.CompensationClaimed: (Booking(CHARGES, "compensation", AMOUNT, MORE),),
    facts.ChargeWaived: (Booking(CHARGES, "waiver", AMOUNT, LESS),),
    facts.CreditNoteApplied: (Booking(CREDIT_NOTES, "credit_note", AMOUNT, LESS),),
    facts.CreditNoteReinstated: (Booking(CREDIT_NOTES, "credit_note", AMOUNT, LESS),),
    facts.CreditNoteUndone: (Booking(CREDIT_NOTES, "credit_note_undone", AMOUNT, MORE),),
    facts.PartiallyPaid: (Booking(CASH, "payment", AMOUNT, LESS),),
    facts.Paid: (Booking(CASH, "payment", AMOUNT, LESS),),
    facts.PaymentReversed: (
        Booking(CASH, "payment_undone", AMOUNT, MORE),
        Booking(DISCOUNTS, "discount_undone", DISCOUNT, MORE),
        Booking(OTHER, EXCHANGE_UNDONE, DIFFERENCE, MORE),
    ),
    facts.PaymentReinstated: (
        Booking(CASH, "payment", AMOUNT, LESS),
        Booking(DISCOUNTS, "discount", DISCOUNT, LESS),
        Booking(OTHER, EXCHANGE, DIFFERENCE, LESS),
    ),
    # An early-payment discount, or the rest of a settlement: a price given up by agreement, and no loss.
    facts.DiscountTaken: (Booking(DISCOUNTS, "discount", AMOUNT, LESS),),
    facts.ExchangeDifferenceTaken: (Booking(OTHER, EXCHANGE, AMOUNT, LESS),),
    facts.WrittenOff: (Booking(WRITE_OFFS, "write_off", AMOUNT, LESS),),
    facts.WriteOffUndone: (Booking(WRITE_OFFS, "write_off_undone", AMOUNT, MORE),),
    # From items of an invoice to other items of it.
    facts.InstalmentPlanAgreed: (),
    facts.InstalmentPlanBroken: (),
}


class Booked(NamedTuple):
    """One booking of one fact; `minor` is what it adds to what is open.

    `document` is the receipt or credit note that it is by, if any.
    """

    on: date
    position: int
    entity: str
    currency: str
    customer: str
    stream: str
    column: str
    what: str
    document: str
    minor: int

    @property
    def number(self) -> str:
        """The invoice's."""
        return number_of(self.stream)


def booked(rows: Iterable[Row]) -> Iterator[Booked]:
    return map(Booked._make, rows)


def in_column(column: str, minor: int) -> int:
    """An amount that more is open by, as the column shows it."""
    return -minor if column in DEDUCTED else minor


def bookings(more: str = "") -> str:
    """SQL of the bookings of `%(first)s` to `%(last)s`, known at `%(position)s`; `more` narrows the items.

    Every day on which a fact moves an item is the first day of a period that is known, and stays it, so these say which
    streams to read: what that costs follows what happened in those days.
    """
    items = " union ".join(
        f"select stream, entity, currency, customer from {SCHEMA}.{table}"
        f" where valid_from between %(first)s and %(last)s and kind <> '{UNAPPLIED}'{more}"
        for table in ("open_periods", "closed_periods")
    )
    return _BOOKINGS.format(items=items)


def values(first: date, last: date, position: int) -> dict[str, object]:
    table: Sequence[tuple[str, Booking]] = [(NAMES[fact], each) for fact, rows in BOOKED.items() for each in rows]
    names, (columns, whats, fields, signs) = [name for name, _ in table], zip(*(each for _, each in table), strict=True)
    return {
        "first": first,
        "last": last,
        "position": position,
        "names": names,
        "columns": list(columns),
        "whats": list(whats),
        "fields": list(fields),
        "signs": list(signs),
    }


_BY_FACTOR = f"booking.\"column\" = '{CASH}' and starts_with(data ->> 'receipt', '{FACTOR}')"
_BOOKINGS = f"""
select effective_on, position, entity, currency, customer, stream,
       case when is_by_factor then '{OTHER}' else "column" end as "column",
       case when is_by_factor and sign < 0 then '{BY_FACTOR}' else what end as what, document, minor
from (
    select fact.effective_on, fact.position, item.entity, item.currency, item.customer, item.stream,
           booking."column", booking.what, booking.sign, coalesce({_BY_FACTOR}, false) as is_by_factor,
           coalesce(data ->> 'receipt', data ->> 'credit_note', '') as document,
           booking.sign * case booking.field
               when '{PARTS}' then
                   (select sum((part ->> 'minor')::bigint)::bigint from jsonb_array_elements(data -> 'parts') part)
               else (data ->> booking.field)::bigint end as minor
    from ({{items}}) item
    -- By the log's own key, which is in the order of its own collation; `offset 0` keeps the server from reading the
    -- whole log instead, which it takes for cheaper than it is.
    cross join lateral (
        select position, name, effective_on, convert_from(state, 'UTF8')::jsonb -> 'data' as data
        from ledger.facts where stream = item.stream collate "default" and name = any (%(names)s)
            and position <= %(position)s and effective_on between %(first)s and %(last)s offset 0
    ) fact
    join unnest(%(names)s::text[], %(columns)s::text[], %(whats)s::text[], %(fields)s::text[], %(signs)s::bigint[])
        as booking (name, "column", what, field, sign) on booking.name = fact.name
    where coalesce(jsonb_array_length(data -> 'parts'), 1) > 0
) booking where minor <> 0
"""
