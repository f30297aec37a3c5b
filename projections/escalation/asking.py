"""Questions to the escalation: which invoices are worth a look on a day, when a customer was last in contact."""

from collections.abc import Sequence
from datetime import date

from projections.open_items.asking import SCHEMA as OPEN_ITEMS
from projections.projection import Query

SCHEMA = "view_escalation"

# What is open that day. The first due day is that of what is undisputed, of principal before charges, as in
# `domain.case.ladder`; `fell_due_on` is the last due day that is over.
_OWED = f"""
select stream, min(customer) as customer, min(entity) as entity,
    coalesce(
        min(due_on) filter (where kind in ('principal', 'plan') and open_minor > disputed_minor),
        min(due_on) filter (where open_minor > disputed_minor)
    ) as due_on,
    max(due_on) filter (where due_on <= %(today)s) as fell_due_on
from (
    select stream, customer, entity, due_on, kind, open_minor, disputed_minor from {OPEN_ITEMS}.open_periods
    where valid_from <= %(today)s and kind <> 'unapplied' and due_on <= %(until)s
    union all
    select stream, customer, entity, due_on, kind, open_minor, disputed_minor from {OPEN_ITEMS}.closed_periods
    where valid_to > %(today)s and valid_from <= %(today)s and kind <> 'unapplied' and due_on <= %(until)s
        and open_minor <> 0 and valid_to < date '9999-12-31'
) item
where open_minor <> 0 group by stream
"""
_AGREED = f"""
select a.invoice, i.customer, i.entity from {SCHEMA}.agreements a cross join lateral (
    select customer, entity from {OPEN_ITEMS}.item_periods where stream = a.invoice limit 1
) i where a.promise_on < %(today)s or a.plan_on < %(today)s
"""
# A case without a step, or of which another due day or a payment taken back makes a new run, is looked at from its due
# day on; every other when its next step may be due. That was foreseen from what was known when the last one was taken:
# once something was recorded by which a step may have become possible, the case is looked at every day. So is one with
# a promise, a plan or a dispute of all that is open: a tick says how many wait for that.
_CANDIDATES = f"""
select owed.stream, owed.customer, owed.entity from ({_OWED}) owed
left join {SCHEMA}.cases c on c.invoice = owed.stream
left join {SCHEMA}.agreements a on a.invoice = owed.stream
left join {SCHEMA}.customers u on u.customer = owed.customer
where c.step is null or c.next_on <= %(today)s or owed.due_on > c.invoice_due_on
    or coalesce(a.returned, 0) > c.returned
    or a.promise_on is not null or a.plan_on is not null or owed.due_on is null
    or c.held_by is null and (
        owed.fell_due_on > c.decided_on
        or a.eased_at > c.decided_at or a.eased_on > c.decided_on
        or u.eased_at > c.decided_at or u.eased_on > c.decided_on
    )
union
{_AGREED}
order by customer, entity, stream
"""
_LAST_CONTACTS = f"""
select customer, entity, max(on_day) from (
    select customer, entity, quiet_from as on_day from {SCHEMA}.contacts
    where customer = any (%(customers)s) and quiet_from between %(since)s and %(today)s
    union all
    select i.customer, i.entity, c.made_on from {SCHEMA}.calls c
    join {OPEN_ITEMS}.item_periods i on i.stream = c.invoice and i.item = 1
    where c.made_on between %(since)s and %(today)s and i.customer = any (%(customers)s)
) contact group by customer, entity
"""
_PLANNED_TODAY = f"""
select contact from {SCHEMA}.contacts where planned_on = %(today)s and customer = any (%(customers)s)
"""
_LAST_BANK_DAY = f"select max(booked_on) from {SCHEMA}.bank_days where booked_on <= %(today)s"


def candidates(today: date, until: date) -> Query:
    """(stream, customer, entity) of the invoices that may have a step due, or an agreement to be judged.

    `until` is the last due day for which the first step of any policy may be due.
    """
    return Query(_CANDIDATES, {"today": today, "until": until})


def last_contacts(customers: Sequence[str], since: date, today: date) -> Query:
    """(customer, entity, day): the last message that went out, or is to go, the last time a person was reached, and
    what people did beside the ladder: calls, reminders and warnings of their own."""
    return Query(_LAST_CONTACTS, {"customers": list(customers), "since": since, "today": today})


def planned_on(customers: Sequence[str], today: date) -> Query:
    """Streams of the contacts planned on a day."""
    return Query(_PLANNED_TODAY, {"customers": list(customers), "today": today})


def last_bank_day(today: date) -> Query:
    """The last day on which the bank booked something; None where no bank file ever came in."""
    return Query(_LAST_BANK_DAY, {"today": today})
