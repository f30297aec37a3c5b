"""Contacts as people list them: messages, calls and visits. A decision is among ourselves, and no contact."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from domain.contact.state import DECISION
from projections.escalation.asking import SCHEMA
from projections.projection import Query

# What is on its way has not been sent yet.
STATES: Mapping[str, tuple[str, ...]] = {
    "planned": ("planned", "deferred", "handed_over"),
    **{state: (state,) for state in ("sent", "delivered", "failed", "unknown", "withheld", "done", "skipped")},
}
_SHOWN = {state: shown for shown, states in STATES.items() for state in states}


class Contact(NamedTuple):
    contact: str
    kind: str
    customer: str
    channel: str | None
    step: str
    invoices: list[str]
    planned_on: date
    state: str
    code: str
    message_id: str | None
    sha256: str | None

    @property
    def shown_state(self) -> str:
        return _SHOWN[self.state]


_COLUMNS = "contact, kind, customer, channel, step, invoices, planned_on, state, code, message_id, sha256"
_CONTACTS = f"""
select {_COLUMNS} from {SCHEMA}.contacts
where kind <> '{DECISION}'
    and (%(customer)s::text is null or customer = %(customer)s)
    and (%(states)s::text[] is null or state = any (%(states)s))
    and (%(from_on)s::date is null or planned_on >= %(from_on)s)
    and (%(to_on)s::date is null or planned_on <= %(to_on)s)
order by planned_on, position
"""


def contacts(customer: str | None, state: str | None, from_on: date | None, to_on: date | None) -> Query:
    """Rows of `Contact` in the order they were planned; both days are in."""
    states = list(STATES[state]) if state else None
    return Query(_CONTACTS, {"customer": customer, "states": states, "from_on": from_on, "to_on": to_on})


def encrypted_contacts(customers: Sequence[str]) -> Query:
    """(customer, contact) of those who have one, as it is now."""
    return Query(_ENCRYPTED, (list(customers),))


_ENCRYPTED = f"""
select customer, encrypted_contact from {SCHEMA}.customers
where customer = any (%s) and encrypted_contact is not null
"""


class Written(NamedTuple):
    """A message of a day, and who looks after its customer."""

    collector: str | None
    customer: str
    channel: str
    step: str
    invoices: list[str]


_WRITTEN = f"""
select c.collector, m.customer, m.channel, m.step, m.invoices from {SCHEMA}.contacts m
left join {SCHEMA}.customers c on c.customer = m.customer
where m.planned_on = %s and m.kind = 'message' and m.state <> 'withheld' order by m.customer, m.position
"""


def written_on(today: date) -> Query:
    """Rows of `Written`."""
    return Query(_WRITTEN, (today,))
