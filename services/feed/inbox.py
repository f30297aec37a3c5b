"""The inbox: every request is answered once, and whoever sends it again gets the same answer."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from threading import Event, Lock
from typing import NamedTuple

from domain.refusal import Refused
from infra.database import AWAY, Pool, translated
from infra.encryption import Encryption
from infra.kafka.message import Message, Record
from infra.log.follower import Stopped, retry_seconds
from infra.log.ledger import Ledger
from infra.log.refusals import Turn, turn
from infra.logs import logger
from infra.views.answers import Behind
from infra.views.projector import RebuildNeeded
from services.commands import Commands
from services.feed import replies, requests
from services.feed.permissions import Service
from services.feed.replies import Outcome
from services.feed.requests import Request, Unreadable

NAME = "inbox"
# Of an error that nobody foresaw; after that others are handled.
TRIES = 3

# Of all else, the same may be asked again until it is answered.
WAITED_FOR: tuple[type[Exception], ...] = (*AWAY, Behind, RebuildNeeded)

# Hears of what was answered: the service, the command, the outcome and the seconds it took.
Answered = Callable[[str, str, str, float], None]

# Hears of an error that says something is away, and of None when nothing is any more.
Hear = Callable[[Exception | None], None]


class _Decided(NamedTuple):
    outcome: Outcome
    value: bytes


class Inbox:
    """`services` are by the topic they write to; `entity` is the one of requests that name none.

    `answered` hears of each reply, and `dead_lettered` of each dead letter: its reason.

    Used by several threads, each of which takes two connections of the pool at most.
    """

    def __init__(
        self,
        ledger: Ledger,
        pool: Pool,
        commands: Commands,
        encryption: Callable[[], Encryption],
        services: Mapping[str, Service],
        *,
        entity: str,
        catch_up: Callable[[], object],
        revive: Callable[[], object] | None = None,
        answered: Answered = lambda service, command, outcome, seconds: None,
        dead_lettered: Callable[[str], None] = lambda reason: None,
    ):
        self._ledger, self._pool, self._commands, self._encryption = ledger, pool, commands, encryption
        self._services, self._entity = services, entity
        self._catch_up, self._revive = catch_up, revive
        self._answered, self._dead_lettered = answered, dead_lettered
        self._mending = Lock()
        self._log = logger(worker=NAME)

    def answer(self, record: Record, stop: Event, hear: Hear = lambda error: None) -> Message:
        """What to send for it: a reply, or a dead letter. Waits for what is away; raises `Stopped` when told to end."""
        began = time.perf_counter()
        failures, waits = 0, 0
        while failures < TRIES:
            try:
                message = self._answer(record, began)
            except WAITED_FOR as error:
                hear(error)
                waits += 1
                if stop.wait(retry_seconds(waits)):
                    raise Stopped from error
                self._mend(error)
            except Exception as error:
                failures += 1
                self._log.error("failed", exc_info=error, failures=failures, **_place(record))
                if stop.wait(retry_seconds(failures)):
                    raise Stopped from error
            else:
                hear(None)
                return message
        return self._set_aside(record, "failed")

    def _answer(self, record: Record, began: float) -> Message:
        try:
            request = requests.read(record)
        except Unreadable as unreadable:
            return self._set_aside(record, unreadable.reason)
        service = self._services[record.topic]
        outcome, value = self._decided(service, request)
        self._answered(service.name, request.command.name, outcome, time.perf_counter() - began)
        return replies.reply(request, value, f"urn:receivables:{self._ledger.ledger_id}")

    def _decided(self, service: Service, request: Request) -> _Decided:
        with translated(), turn(self._pool, request.id) as mine:
            if mine.refused:
                content_hash, value = mine.refused
                return _Decided("refused", value) if content_hash == self._hash(request) else _reused(request)
            return self._repeated(service, request) if mine.is_done else self._first(service, request, mine)

    def _first(self, service: Service, request: Request, mine: Turn) -> _Decided:
        try:
            service.require(request.command, request.arguments, entity=self._entity, state=self._ledger.state)
            return self._run(service, request)
        except Refused as refusal:
            if refusal.code == "command_reused":
                # By another door, a moment ago: that id is refused, and not what is asked for.
                return _reused(request)
            value = replies.refused(request, refusal)
            if refusal.code != "not_permitted":
                # Whoever may not ask for it takes no id from those who may.
                mine.refuse(self._hash(request), value)
            return _Decided("refused", value)

    def _repeated(self, service: Service, request: Request) -> _Decided:
        """Whatever may have changed since: what was done stays done, and what cannot even be read was other content."""
        try:
            return self._run(service, request)
        except Refused:
            return _reused(request)

    def _run(self, service: Service, request: Request) -> _Decided:
        arguments = service.complete(request.command, request.arguments, entity=self._entity)
        done = self._commands.run(request.command.name, arguments, request.cause(service.actor))
        return _Decided("done", replies.done(request, done))

    def _set_aside(self, record: Record, reason: str) -> Message:
        self._log.warning("dead letter", reason=reason, **_place(record))
        self._dead_lettered(reason)
        return replies.dead_letter(record, reason)

    def _mend(self, error: Exception) -> None:
        """A database of our own is started by nobody else, nor are views brought up where no projector works."""
        mend = self._catch_up if isinstance(error, Behind | RebuildNeeded) else self._revive
        if mend and self._mending.acquire(blocking=False):
            try:
                with suppress(*WAITED_FOR):
                    mend()
            finally:
                self._mending.release()

    def _hash(self, request: Request) -> bytes:
        """Keyed, since there may be a name in it that could be guessed."""
        return sha256(self._encryption().fingerprint(request.content).encode()).digest()


def _reused(request: Request) -> _Decided:
    message = f"request {request.id} was used before with other content"
    return _Decided("refused", replies.refused(request, Refused("command_reused", message)))


def _place(record: Record) -> dict[str, object]:
    return {"topic": record.topic, "partition": record.partition, "offset": record.offset}
