"""Questions of the work list: what people are to do, and what is open of the invoices it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from domain.contact.state import DELIVERY, MESSAGE
from domain.contact.tasks import TO_PUT_RIGHT
from projections.credit_risk.view import NAME as CREDIT_RISK_VIEW
from projections.escalation.asking import SCHEMA
from projections.open_items.asking import SCHEMA as OPEN_ITEMS
from projections.open_items.movements import PLAN, UNAPPLIED
from projections.projection import Query, Row

CREDIT_RISK = f"view_{CREDIT_RISK_VIEW}"


class Task(NamedTuple):
    """A contact that a person is to act on. `code` is why a message did not arrive."""

    contact: str
    kind: str
    state: str
    channel: str | None
    entity: str
    customer: str
    step: str
    planned_on: date
    code: str
    script: str | None
    invoices: list[str]
    collector: str | None
    blocked_until: date | None
    encrypted_contact: str | None

    @property
    def work(self) -> str:
        """What there is to do: of a message, to see to its delivery."""
        return DELIVERY if self.kind == MESSAGE else self.kind


class OpenItem(NamedTuple):
    due_on: date
    open_minor: int
    disputed_minor: int
    is_of_plan: bool

    @property
    def undisputed_minor(self) -> int:
        return self.open_minor - self.disputed_minor


@dataclass(frozen=True, slots=True)
class Owed:
    """What is open of an invoice, and what was agreed or done about it so far."""

    currency: str
    items: tuple[OpenItem, ...]
    promise_on: date | None = None
    plan_on: date | None = None
    blocked_until: date | None = None
    is_elsewhere: bool = False
    reminders: int = 0
    broken_promises: int = 0

    @property
    def open_minor(self) -> int:
        return sum([item.open_minor for item in self.items])

    @property
    def disputed_minor(self) -> int:
        return sum(item.disputed_minor for item in self.items)

    def days_overdue(self, today: date) -> int:
        """Of what is open and undisputed, the earliest due; never less than nothing."""
        return max([0, *((today - item.due_on).days for item in self._undisputed)])

    def may_be_chased(self, today: date, customer_blocked_until: date | None) -> bool:
        """As `domain.invoice.require_chaseable` has it; and not while somebody else pursues it, a court included."""
        blocks = (self.blocked_until, customer_blocked_until)
        if self.is_elsewhere or any(until and today <= until for until in blocks):
            return False
        if not self._undisputed or (self.promise_on and today <= self.promise_on):
            return False
        instalments = [item for item in self._undisputed if item.is_of_plan]
        is_kept = bool(self.plan_on and instalments) and not any(item.due_on < today for item in instalments)
        return not is_kept

    @property
    def _undisputed(self) -> list[OpenItem]:
        return [item for item in self.items if item.undisputed_minor > 0]


_WAITING = f"""
where c.planned_on <= %(today)s
    and (c.state = 'planned' and c.kind <> '{MESSAGE}' or c.state in ('failed', 'unknown') and c.kind = '{MESSAGE}'
        or c.state = 'withheld' and c.code = any (%(to_put_right)s))
    and (%(collector)s::text is null or u.collector is null or u.collector = %(collector)s)
"""
_ONE = "where c.contact = %(contact)s"
_CONTACTS = f"from {SCHEMA}.contacts c left join {SCHEMA}.customers u on u.customer = c.customer"
_TASKS = f"""
select c.contact, c.kind, c.state, c.channel, c.entity, c.customer, c.step, c.planned_on, c.code, c.script, c.invoices,
    u.collector, u.blocked_until, u.encrypted_contact
{_CONTACTS}
"""
_ABOUT = f"with about as (select distinct unnest(c.invoices) as invoice {_CONTACTS} {{where}})"
_COLUMNS = """stream, currency, due_on, open_minor, greatest(0, least(open_minor, disputed_minor)) as disputed_minor,
    kind, item"""
_ITEMS = f"""
{_ABOUT}
select {_COLUMNS} from {OPEN_ITEMS}.open_periods join about on invoice = stream
where valid_from <= %(today)s and kind <> '{UNAPPLIED}'
union all
select {_COLUMNS} from {OPEN_ITEMS}.closed_periods join about on invoice = stream
where valid_to > %(today)s and valid_from <= %(today)s and open_minor <> 0 and kind <> '{UNAPPLIED}'
order by stream, item
"""
_CIRCUMSTANCES = f"""
{_ABOUT}
select about.invoice, a.promise_on, a.plan_on, a.blocked_until,
    coalesce(a.is_factored or a.is_placed or a.is_legal, false),
    coalesce(sent.reminders, 0), coalesce(broken.promises, 0)
from about
left join {SCHEMA}.agreements a on a.invoice = about.invoice
left join (
    select s.invoice, count(*) as reminders from about
    join {SCHEMA}.steps s on s.invoice = about.invoice and s.decided_on <= %(today)s
    join {SCHEMA}.contacts m on m.contact = s.contact and m.state in ('sent', 'delivered')
    group by s.invoice
) sent on sent.invoice = about.invoice
left join (
    select f.stream, count(*) as promises from about join {CREDIT_RISK}.credit_facts f on f.stream = about.invoice
    where f.topic = 'promise' and f.name = 'invoice.promise_broken' and f.effective_on <= %(today)s group by f.stream
) broken on broken.stream = about.invoice
"""


def waiting(today: date, collector: str | None = None) -> list[Query]:
    """Rows of `Task`, and the two whose rows `owed` reads. A collector's are theirs and those of nobody."""
    values = {"today": today, "collector": collector, "to_put_right": list(TO_PUT_RIGHT)}
    return _queries(_WAITING, values)


def one(contact: str, today: date) -> list[Query]:
    """The same of one contact, whatever its state."""
    return _queries(_ONE, {"contact": contact, "today": today})


def _queries(where: str, values: Mapping[str, object]) -> list[Query]:
    asked = (_TASKS + where, _ITEMS.format(where=where), _CIRCUMSTANCES.format(where=where))
    return [Query(sql, values) for sql in asked]


def owed(items: Iterable[Row], circumstances: Iterable[Row]) -> Mapping[str, Owed]:
    """By invoice, those on which something is open."""
    found: dict[str, list[OpenItem]] = {}
    currencies: dict[str, str] = {}
    for stream, currency, due_on, open_minor, disputed_minor, kind, _ in items:
        currencies[stream] = currency
        found.setdefault(stream, []).append(OpenItem(due_on, open_minor, disputed_minor, kind == PLAN))
    return {
        stream: Owed(currencies[stream], tuple(found[stream]), *agreed)
        for stream, *agreed in circumstances
        if stream in found
    }
