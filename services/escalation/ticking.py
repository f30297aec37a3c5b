"""A tick of the ladder: for one day at most one step for each case, recorded before it is acted on.

What is decided for some customers is one commit: steps, reminders on the invoices, the contacts that serve them. It
fails as a whole when anything it rests on was changed meanwhile, and is then decided anew; so two ticks at once, or a
payment in between, never lead to a step taken twice or a letter after the money.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, Protocol

from domain import tick
from domain.case.deciding import CLOSED, Due
from domain.contact.planning import Recipient, reachable
from domain.customer import Customer, encrypted_contacts
from domain.kinds import key_of
from domain.policy.document import LETTER
from infra.clock import Pause
from infra.encryption import Encryption
from infra.log.appends import Contended
from infra.log.bulk import MovedOn
from infra.log.garbage import searched_seldom
from infra.log.ledger import Ledger, Progress
from infra.log.memory import Stream
from infra.logs import logger
from infra.post.address import deliverable
from infra.views.answers import Views
from projections.escalation import asking
from projections.escalation.view import NAME as VIEW
from projections.open_items.debtors import VIEW as OPEN_ITEMS
from services.escalation.decisions import ACTOR, BOUND, Around, Considered, Decisions, consider
from services.escalation.subjects import Owner, Pursued, Subjects

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

    def add(self, decisions: Decisions) -> None:
        self.considered += decisions.considered
        self.decided += decisions.decided
        self.contacts += decisions.contacts
        self.waiting.update(decisions.waiting)


class Candidate(NamedTuple):
    stream: str
    customer: str
    entity: str


class Recorded(NamedTuple):
    """What was decided about a part of the candidates, on its way into the log."""

    chunk: Sequence[Candidate]
    decisions: Decisions
    done: Future[None]


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
        outcome = Tick(today)
        with searched_seldom():
            self._take_all(outcome, progress)
        if not outcome.decided:
            # That this day was looked at is recorded, too: an earlier one is refused from now on.
            self._take_again([], outcome)
        for code in (*CLOSED, "not_due"):
            outcome.waiting.pop(code, None)
        if outcome.waiting[BOUND]:
            logger(worker=ACTOR).error("daily bound reached", day=today.isoformat(), steps=outcome.waiting[BOUND])
        outcome.waiting = +outcome.waiting
        return outcome

    def _take_all(self, outcome: Tick, progress: Progress) -> None:
        """Decides the next part while the database records the one before."""
        ticks, done = self._look_again(), 0
        candidates = self._candidates(outcome.today)
        recorded: Recorded | None = None
        with ThreadPoolExecutor(1, "escalation") as recorder:
            for chunk in _chunks(candidates):
                decisions = self._decided(chunk, outcome.today, ticks)
                if recorded and not self._is_recorded(recorded, outcome):
                    decisions = self._decided(chunk, outcome.today, self._look_again())
                recorded, ticks = Recorded(chunk, decisions, recorder.submit(self._record, decisions)), decisions.ticks
                done += len(chunk)
                progress(done, len(candidates))
            if recorded:
                self._is_recorded(recorded, outcome)

    def _is_recorded(self, recorded: Recorded, outcome: Tick) -> bool:
        """Waits for it; decides anew what others were faster with, and then says no."""
        try:
            recorded.done.result()
        except MovedOn:
            self._take_again(recorded.chunk, outcome)
            return False
        outcome.add(recorded.decisions)
        return True

    def _look_again(self) -> Stream:
        """The stream of ticks as it was before the views came as far as the log: so whatever another tick decides that
        they do not show is found out when ours is recorded."""
        ticks = self._ledger.read([tick.STREAM])[tick.STREAM]
        # What others record while the views are refreshed, these do not wait for.
        position = self._ledger.head().position
        self._refresh()
        self._not_before = position
        return ticks

    def _candidates(self, today: date) -> list[Candidate]:
        until = today - timedelta(days=self._policies.earliest_days()) + SLACK
        with self._views.snapshot(VIEW, OPEN_ITEMS, not_before=self._not_before) as snapshot:
            [rows] = snapshot.ask(asking.candidates(today, until))
        return [Candidate(*row) for row in rows]

    def _take(self, chunk: Sequence[Candidate], outcome: Tick) -> None:
        """In one commit."""
        decisions = self._decided(chunk, outcome.today, self._look_again())
        self._record(decisions)
        outcome.add(decisions)

    def _take_again(self, chunk: Sequence[Candidate], outcome: Tick) -> None:
        """What others were faster with, in parts, so that one busy customer holds up no others."""
        for attempt in range(TRIES):
            try:
                return self._take(chunk, outcome)
            except MovedOn:
                self._pause(attempt)
                parts = _halves(chunk)
                if len(parts) > 1:
                    for part in parts:
                        self._take_again(part, outcome)
                    return None
        raise Contended("others kept changing the same invoices; what was decided before is recorded, run it again")

    def _record(self, decisions: Decisions) -> None:
        if decisions.batches:
            self._ledger.record_many(decisions.batches, decisions.read)

    def _decided(self, chunk: Sequence[Candidate], today: date, ticks: Stream) -> Decisions:
        """`ticks` is the stream of ticks as it is, or will be when what was decided before is recorded."""
        tick.require_not_past(ticks.state, today)
        loaded = self._subjects.load([each.stream for each in chunk], today)
        decisions = Decisions(today, loaded.versions, ticks)
        if chunk:
            self._decide(loaded.pursued, today, decisions)
        decisions.close()
        return decisions

    def _decide(self, pursued: Sequence[Pursued], today: date, decisions: Decisions) -> None:
        around = self._around(pursued, today)
        considered = consider(pursued, around, today)
        contacts = self._contacts(considered)
        for owner, group in groupby(considered, key=attrgetter("pursued.owner")):
            about = list(group)
            to = recipient(owner, about[0].pursued.subject.customer, contacts.get(owner.customer))
            decisions.add(about, to, around.used.get(owner, {}))

    def _around(self, pursued: Sequence[Pursued], today: date) -> Around:
        customers = sorted({each.owner.customer for each in pursued})
        with self._views.snapshot(VIEW, OPEN_ITEMS, not_before=self._not_before) as snapshot:
            contacted, planned, [(bank_on,)] = snapshot.ask(
                asking.last_contacts(customers, today - QUIET, today),
                asking.planned_on(customers, today),
                asking.last_bank_day(today),
            )
        used: dict[Owner, dict[str, int]] = {}
        for (stream,) in planned:
            key = key_of(stream)
            numbers = used.setdefault(Owner(key["customer"], key["entity"]), {})
            numbers[key["channel"]] = max(numbers.get(key["channel"], 0), int(key["nth"]))
        return Around({Owner(customer, entity): on for customer, entity, on in contacted}, bank_on, used)

    def _contacts(self, considered: Sequence[Considered]) -> Mapping[str, Mapping[str, str]]:
        """Decrypted, of the customers who are to be contacted."""
        due = {each.pursued.owner.customer: each.pursued.subject.customer for each in considered if _is_due(each)}
        encrypted = encrypted_contacts(due)
        return self._encryption().contacts(encrypted) if encrypted else {}


def _is_due(each: Considered) -> bool:
    return isinstance(each.outcome, Due)


def recipient(owner: Owner, customer: Customer | None, contact: Mapping[str, str] | None) -> Recipient:
    """An address that no e-mail can be sent to is none, so that a letter takes its place."""
    terms, known = customer.terms if customer else None, contact or {}
    channels = reachable(email=deliverable(known.get("email", "")), address=known.get("address"))
    # Terms say e-mail where nothing was agreed: then the order of the step counts.
    prefers = LETTER if terms and terms.channel == LETTER else None
    return Recipient(owner.entity, owner.customer, terms.language if terms else "en", channels, prefers)


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
