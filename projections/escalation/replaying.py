"""Questions of a simulation: which invoices were open in a period, and what the ladder did about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from projections.escalation.asking import SCHEMA
from projections.open_items.asking import SCHEMA as OPEN_ITEMS
from projections.projection import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From a day to a day, both with; of one customer or entity alone where they are named."""

    from_on: date
    to_on: date
    customer: str | None = None
    entity: str | None = None


_OF_WHOM = (
    " and (%(customer)s::text is null or customer = %(customer)s) and (%(entity)s::text is null or entity = %(entity)s)"
)
_IS_DUE = f"kind <> 'unapplied' and due_on <= %(until)s and valid_from <= %(to_on)s{_OF_WHOM}"
_OPEN = f"""
select stream, min(customer) as customer, min(entity) as entity from (
    select stream, customer, entity from {OPEN_ITEMS}.open_periods where {_IS_DUE}
    union all
    select stream, customer, entity from {OPEN_ITEMS}.closed_periods
    where valid_to > %(from_on)s and open_minor <> 0 and valid_to < date '9999-12-31' and {_IS_DUE}
) item group by stream order by customer, entity, stream
"""
_CONTACTS = f"""
select customer, entity, kind, channel, planned_on, policy, policy_version from {SCHEMA}.contacts
where planned_on between %(from_on)s and %(to_on)s order by position
"""
_STEPS = f"""
select s.invoice, s.step, s.channel, s.decided_on, s.policy, s.version from {SCHEMA}.steps s
where s.decided_on between %(from_on)s and %(to_on)s order by s.position
"""
_TASKS = f"""
select c.contact, c.kind, s.invoice, s.step, s.run, c.planned_on, c.state, c.changed_on, c.reached
from {SCHEMA}.steps s join {SCHEMA}.contacts c on c.contact = s.task where c.planned_on <= %(to_on)s
union all
select contact, kind, invoices[1], step, 0, planned_on, state, changed_on, reached
from {SCHEMA}.contacts where kind = 'promise' and planned_on <= %(to_on)s
order by 6, 1, 3
"""
_STILL_QUIET = f"""
select customer, entity, quiet_from from {SCHEMA}.contacts
where customer = any (%(customers)s) and planned_on < %(from_on)s and quiet_from between %(since)s and %(to_on)s
order by 1, 2, 3
"""
_BANK_DAYS = f"select booked_on from {SCHEMA}.bank_days where booked_on <= %(to_on)s order by booked_on"


def opened(period: Period, until: date) -> Query:
    """(stream, customer, entity) of invoices open on some day of the period, and due by `until`."""
    return Query(_OPEN, {**_values(period), "until": until})


def contacts(period: Period) -> Query:
    """(customer, entity, kind, channel, day, policy, version) of the contacts planned, whoever owes."""
    return Query(_CONTACTS, _values(period))


def steps(period: Period) -> Query:
    """(invoice, step, channel, day, policy, version) of the steps taken, whoever owes."""
    return Query(_STEPS, _values(period))


def tasks(period: Period) -> Query:
    """(contact, kind, invoice, step, run, planned on, state, changed on, reached) of tasks, also of those before."""
    return Query(_TASKS, _values(period))


def still_quiet(period: Period, customers: Sequence[str], since: date) -> Query:
    """(customer, entity, day) from which quiet is kept, by contacts that were planned before the period."""
    return Query(_STILL_QUIET, {**_values(period), "customers": list(customers), "since": since})


def bank_days(period: Period) -> Query:
    """The days on which the bank booked something, up to the end of the period."""
    return Query(_BANK_DAYS, _values(period))


def _values(period: Period) -> dict[str, object]:
    return {
        "from_on": period.from_on,
        "to_on": period.to_on,
        "customer": period.customer,
        "entity": period.entity,
    }
