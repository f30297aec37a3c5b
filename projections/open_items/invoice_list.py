"""Invoices one by one: what each of them is about, what was open on a day, and what had become of it by then.

They are asked for a few customers at a time, so that a list of any length begins at once and is never kept as a whole.
Each page names day and position: what is recorded while somebody reads on changes no page.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.kinds import number_of
from projections.open_items.asking import SCHEMA, Part, periods, values
from projections.open_items.movements import UNAPPLIED
from projections.projection import Query

VOIDED, WRITTEN_OFF, PLAN_AGREED = "invoice.voided", "invoice.written_off", "invoice.instalment_plan_agreed"
PROMISE_MADE = "invoice.promise_made"


class Status(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    DISPUTED = "disputed"
    PROMISED = "promised"
    PAID = "paid"
    WRITTEN_OFF = "written_off"
    VOIDED = "voided"
    ALL = "all"


class ListedInvoice(NamedTuple):
    """`due_on` is the first day on which something open is due, or the last due day where nothing is open."""

    customer: str
    entity: str
    currency: str
    stream: str
    issued_on: date
    due_on: date
    total_minor: int
    open_minor: int
    overdue_minor: int
    disputed_minor: int
    is_promised: bool
    is_voided: bool
    is_written_off: bool

    @property
    def number(self) -> str:
        return number_of(self.stream)

    def status(self, as_of: date) -> Status:
        """The first of these that fits; `CONDITIONS` says when an invoice is listed under each of them."""
        if not self.open_minor:
            return Status.VOIDED if self.is_voided else Status.WRITTEN_OFF if self.is_written_off else Status.PAID
        if self.disputed_minor:
            return Status.DISPUTED
        if self.is_promised:
            return Status.PROMISED
        return Status.OVERDUE if self.due_on < as_of else Status.OPEN


# What is open can be several things at once: an overdue invoice may be disputed, too.
_OF_OPEN: Mapping[str, str] = {
    Status.OPEN: "open_minor <> 0",
    Status.OVERDUE: "open_minor <> 0 and due_on < %(as_of)s",
    Status.DISPUTED: "disputed_minor > 0",
    Status.PROMISED: "open_minor <> 0 and promise.stream is not null",
}
CONDITIONS: Mapping[str, str] = {
    **_OF_OPEN,
    Status.PAID: "open_minor = 0 and not is_voided and not is_written_off",
    Status.WRITTEN_OFF: "open_minor = 0 and not is_voided and is_written_off",
    Status.VOIDED: "open_minor = 0 and is_voided",
    Status.ALL: "true",
}


def page(part: Part, status: str, customers: Sequence[str]) -> Query:
    """Rows of `ListedInvoice` of these customers, by customer, due day and number; `known_at` must be a position."""
    is_of_open = status in _OF_OPEN
    of = periods(part, _COLUMNS, where=_THEIRS, with_settled=not is_of_open)
    whole = _WITH_SETTLED if is_of_open else ""
    sql = _PAGE.format(items=of, whole=whole, settled="settled_minor" if is_of_open else "0", where=CONDITIONS[status])
    return Query(sql, {**values(part), "customers": list(customers)})


def customers_after(customer: str, most: int, of_open: str = "true") -> Query:
    """The customers next in order of whom anything is known, found one by one: there may be many items of each.

    `of_open` is what must be true of an open item.
    """
    return Query(_CUSTOMERS.replace("{of_open}", of_open), {"after": customer, "most": most})


_COLUMNS = (
    "stream, customer, entity, currency, kind, issued_on, due_on, original_minor, open_minor, settled_by,"
    " greatest(0, least(open_minor, disputed_minor)) as disputed_minor"
)
_THEIRS = f" and customer = any (%(customers)s) and kind <> '{UNAPPLIED}'"
_KNOWN = "from_position <= %(known_at)s and to_position > %(known_at)s"
_THEN = f"valid_from <= %(as_of)s and valid_to > %(as_of)s and {_KNOWN}"

# Where only what is open is read, the instalments settled by that day are looked up for the total.
_WITH_SETTLED = f"""
cross join lateral (
    select coalesce({SCHEMA}.sum_minor(original_minor), 0) as settled_minor from (
        select original_minor from {SCHEMA}.closed_periods
        where stream = invoice.stream and kind = 'principal' and open_minor = 0 and {_THEN}
        union all
        select original_minor from {SCHEMA}.superseded_periods
        where stream = invoice.stream and kind = 'principal' and open_minor = 0 and {_THEN}
    ) settled
) before"""
# A plan takes the place of a promise. What was agreed on the same day comes in the order of recording.
_PAGE = f"""
with last_said as (
    select distinct on (stream) stream, name, effective_on, position from view_credit_risk.credit_facts
    where customer = any (%(customers)s) and topic = 'promise'
        and effective_on <= %(as_of)s and position <= %(known_at)s
    order by stream, effective_on desc, position desc
),
promise as (
    select stream from last_said said where name = '{PROMISE_MADE}' and not exists (
        select from {SCHEMA}.item_periods plan
        where plan.stream = said.stream and settled_by = '{PLAN_AGREED}' and open_minor = 0 and {_THEN}
            and (settled_on > said.effective_on or (settled_on = said.effective_on and from_position > said.position))
    )
)
select customer, entity, currency, invoice.stream, issued_on, due_on, principal_minor + {{settled}},
       open_minor, overdue_minor, disputed_minor, promise.stream is not null, is_voided, is_written_off
from (
    select stream, customer, min(entity) as entity, min(currency) as currency, min(issued_on) as issued_on,
           coalesce(min(due_on) filter (where open_minor <> 0), max(due_on)) as due_on,
           coalesce({SCHEMA}.sum_minor(original_minor) filter (where kind = 'principal'), 0) as principal_minor,
           {SCHEMA}.sum_minor(open_minor) as open_minor, {SCHEMA}.sum_minor(disputed_minor) as disputed_minor,
           coalesce({SCHEMA}.sum_minor(open_minor) filter (where due_on < %(as_of)s), 0) as overdue_minor,
           coalesce(bool_or(settled_by = '{VOIDED}' and open_minor = 0), false) as is_voided,
           coalesce(bool_or(settled_by = '{WRITTEN_OFF}' and open_minor = 0), false) as is_written_off
    from ({{items}}) item group by stream, customer
) invoice
left join promise on promise.stream = invoice.stream{{whole}}
where {{where}}
order by customer, due_on, invoice.stream
"""

_NEXT = (
    f"(select min(customer) from {SCHEMA}.open_periods where customer > {{after}} and {{{{of_open}}}}),"
    f" (select min(customer) from {SCHEMA}.closed_periods where customer > {{after}})"
)
_CUSTOMERS = f"""
with recursive each (customer, n) as (
    select least({_NEXT.format(after="%(after)s")}), 1
    union all
    select least({_NEXT.format(after="each.customer")}), n + 1 from each where customer is not null and n < %(most)s
)
select customer from each where customer is not null
"""
