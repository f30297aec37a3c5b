"""A tick of the ladder: for one day at most one step for each case, recorded before it is acted on.

What is decided for a customer is one commit: the steps, the reminders on the invoices, the contacts that serve them. It
fails as a whole when anything it rests on was changed meanwhile, and is then decided anew; so two ticks at once, or a
payment in between, never lead to a step taken twice or a letter after the money.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, Protocol

from domain import tick
from domain.case.deciding import CLOSED, Due, Surroundings
from domain.contact.planning import Recipient, reachable
from domain.customer import Customer
from domain.entry import Cause
from domain.kinds import key_of
from infra.clock import Pause
from infra.encryption import Encryption
from infra.log.appends import Contended
from infra.log.bulk import MovedOn
from infra.log.ledger import Batch, Ledger, Progress
from infra.logs import logger
from infra.views.answers import Views
from projections.escalation import asking
from projections.escalation.view import NAME as VIEW
from projections.open_items.debtors import VIEW as OPEN_ITEMS
from services.escalation.decisions import ACTOR, BOUND, Considered, Decisions, consider
from services.escalation.subjects import Pursued, Subjects

CHUNK = 2_000
TRIES = 12
# How far the business-day rule may move a notice before its day: further than any run of holidays.
SLACK = timedelta(days=14)
# No policy keeps quiet for longer.
QUIET = timedelta(days=60)


@dataclass(slots=True)
class Tick:
    """What a tick came to. `waiting` is by what stands in the way: steps beyond the daily bound are under `bound`."""

    today: date
    considered: int = 0
    decided: int = 0
    contacts: int = 0
    waiting: Counter[str] = field(default_factory=Counter)


# Customer and entity.
Owner = tuple[str, str]
# How many contacts there are, by the part of a contact's name that says how.
Used = dict[str, int]


class Candidate(NamedTuple):
    stream: str
    customer: str
    entity: str


class PolicyBook(Protocol):
    def ensure_published(self) -> None:
        """Records the policies that ship with the program, where the ledger has none of their name."""

    def earliest_days(self) -> int:
        """The least offset of any step of any version, in days from the due day: negative before it."""


class Escalator:
    """`refresh` brings the views up to date where no projector does."""

    def __init__(
        self,
        ledger: Ledger,
        views: Views,
        subjects: Subjects,
        policies: PolicyBook,
        encryption: Callable[[], Encryption],
        *,
        refresh: Callable[[], object],
        pause: Pause,
    ):
        self._ledger, self._views, self._subjects = ledger, views, subjects
        self._policies, self._encryption = policies, encryption
        self._refresh, self._pause = refresh, pause
        # Views are asked for nothing older: what others decided is in them, our own steps concern other customers.
        self._not_before = 0

    def run(self, today: date, progress: Progress = lambda done, total: None) -> Tick:
        """Takes what is due on that day. Refuses `day_before_last_run`; raises `Contended`, `Behind`."""
        tick.require_not_past(self._ledger.state(tick.STREAM), today)
        self._policies.ensure_published()
        candidates = self._candidates(today)
        outcome, done = Tick(today), 0
        for chunk in _chunks(candidates):
            self._take(chunk, today, outcome)
            done += len(chunk)
            progress(done, len(candidates))
        if not outcome.decided:
            self._take([], today, outcome)
        for code in (*CLOSED, "not_due"):
            outcome.waiting.pop(code, None)
        if outcome.waiting[BOUND]:
            logger(worker=ACTOR).error("daily bound reached", day=today.isoformat(), steps=outcome.waiting[BOUND])
        outcome.waiting = +outcome.waiting
        return outcome

    def _look_again(self) -> None:
        self._refresh()
        self._not_before = self._ledger.head().position

    def _candidates(self, today: date) -> list[Candidate]:
        self._look_again()
        until = today - timedelta(days=self._policies.earliest_days()) + SLACK
        with self._views.snapshot(VIEW, OPEN_ITEMS, not_before=self._not_before) as snapshot:
            [rows] = snapshot.ask(asking.candidates(today, until))
        return [Candidate(*row) for row in rows]

    def _take(self, chunk: Sequence[Candidate], today: date, outcome: Tick) -> None:
        """In one commit; when something moved meanwhile in smaller parts, so that busy customers hold up no others."""
        for attempt in range(TRIES):
            decisions = self._decided(chunk, today)
            try:
                if decisions.batches:
                    self._ledger.record_many(decisions.batches, decisions.read)
            except MovedOn:
                self._pause(attempt)
                self._look_again()
                parts = _halves(chunk)
                if len(parts) > 1:
                    for part in parts:
                        self._take(part, today, outcome)
                    return
                continue
            outcome.considered += decisions.considered
            outcome.decided += decisions.decided
            outcome.contacts += decisions.contacts
            outcome.waiting.update(decisions.waiting)
            return
        raise Contended("others kept changing the same invoices; what was decided before is recorded, run it again")

    def _decided(self, chunk: Sequence[Candidate], today: date) -> Decisions:
        ticks = self._ledger.read([tick.STREAM])[tick.STREAM]
        tick.require_not_past(ticks.state, today)
        before = ticks.state.contacts if ticks.state and ticks.state.today == today else 0
        loaded = self._subjects.load([each.stream for each in chunk], today)
        decisions = Decisions(today, loaded.versions, before)
        if chunk:
            self._decide(loaded.pursued, today, decisions)
        facts = tick.take(ticks.state, today=today, decided=decisions.decided, contacts=decisions.contacts)
        if facts:
            cause = Cause(ACTOR, f"tick {today}")
            decisions.batches.append(Batch(tick.STREAM, ticks.version, [(fact, today) for fact in facts], cause))
        decisions.read[tick.STREAM] = ticks.version
        return decisions

    def _decide(self, pursued: Sequence[Pursued], today: date, decisions: Decisions) -> None:
        around, used = self._around(pursued, today)
        considered = consider(pursued, around, today)
        contacts = self._contacts(considered)
        for (customer, entity), group in groupby(considered, key=attrgetter("pursued.customer", "pursued.entity")):
            about = list(group)
            to = recipient(entity, customer, about[0].pursued.subject.customer, contacts.get(customer))
            decisions.add(about, to, used.get((customer, entity), {}))

    def _around(self, pursued: Sequence[Pursued], today: date) -> tuple[dict[Owner, Surroundings], dict[Owner, Used]]:
        """What is known beside the invoices, and how many contacts of each kind were planned today."""
        customers = sorted({each.customer for each in pursued})
        with self._views.snapshot(VIEW, OPEN_ITEMS, not_before=self._not_before) as snapshot:
            contacted, planned, [(bank_on,)] = snapshot.ask(
                asking.last_contacts(customers, today - QUIET, today),
                asking.planned_on(customers, today),
                asking.last_bank_day(today),
            )
        around = {(customer, entity): Surroundings(on, bank_on) for customer, entity, on in contacted}
        used: dict[Owner, Used] = {}
        for (stream,) in planned:
            key = key_of(stream)
            numbers = used.setdefault((key["customer"], key["entity"]), {})
            numbers[key["channel"]] = max(numbers.get(key["channel"], 0), int(key["nth"]))
        return {("", ""): Surroundings(None, bank_on), **around}, used

    def _contacts(self, considered: Sequence[Considered]) -> dict[str, Mapping[str, str] | None]:
        """Decrypted, of the customers who are to be contacted."""
        customers = {each.pursued.customer: each.pursued.subject.customer for each in considered if _is_due(each)}
        encrypted = [
            (number, each.encrypted_contact) for number, each in customers.items() if each and each.encrypted_contact
        ]
        if not encrypted:
            return {}
        numbers = [number for number, _ in encrypted]
        return dict(zip(numbers, self._encryption().decrypt_many(encrypted), strict=True))


def _is_due(each: Considered) -> bool:
    return isinstance(each.outcome, Due)


def recipient(entity: str, number: str, customer: Customer | None, contact: Mapping[str, str] | None) -> Recipient:
    terms = customer.terms if customer else None
    channels = reachable(contact, terms.channel if terms else None)
    return Recipient(entity, number, terms.language if terms else "en", channels)


def _chunks(candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Never one customer in two, since their contacts are planned together."""
    chunk: list[Candidate] = []
    for _, group in groupby(candidates, key=attrgetter("customer", "entity")):
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
        chunk += group
    if chunk:
        yield chunk


def _halves(chunk: Sequence[Candidate]) -> list[Sequence[Candidate]]:
    """Two parts of whole customers, or the chunk itself where it is about one."""
    groups = [list(group) for _, group in groupby(chunk, key=attrgetter("customer", "entity"))]
    middle = len(groups) // 2
    parts = [groups[:middle], groups[middle:]]
    return [[each for group in part for each in group] for part in parts if part]
