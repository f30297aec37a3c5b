"""What comes back: reports about messages that were, or could not be, delivered, out of the inbox."""

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from domain.contact import Contact, deliver, fail
from domain.contact.facts import Fact
from domain.entry import Cause
from infra.log.ledger import Ledger
from infra.logs import logger
from infra.post.bounces import NoReport, Report, parse
from infra.post.inbox import DONE, UNREADABLE, Inbox
from infra.views.answers import Behind
from services.messages.contact_list import ContactList
from services.messages.dispatch import ACTOR
from services.messages.message_ids import attempt_of, token_of

MOST_FILES = 500
# The code of a message that came back without one.
NO_STATUS = "5.0.0"


class _Found(NamedTuple):
    stream: str
    attempt: int


class _Dropped(NamedTuple):
    """`digits` are the first of the file's SHA-256: its name may hold an address."""

    path: Path
    digits: str
    report: Report


class Returned:
    """Reads the inbox. A report says nothing that was not asked for: it must name a Message-ID that is ours."""

    def __init__(self, inbox: Inbox, ledger: Ledger, contacts: ContactList):
        self._inbox, self._ledger, self._contacts = inbox, ledger, contacts

    def read(self, today: date) -> int:
        """How many messages came back, of at most so many files. Each is put aside once what it says is recorded."""
        dropped = [each for path in self._inbox.waiting(MOST_FILES) if (each := self._read(path))]
        if not dropped:
            return 0
        try:
            known = self._contacts.by_message_id([named for each in dropped for named in each.report.message_ids])
        except Behind:
            # Which message each is about is not known yet: they wait for the next look.
            return 0
        return sum(self._record(each, known, today) for each in dropped)

    def _read(self, path: Path) -> _Dropped | None:
        """None for what is no report, which is put aside."""
        digits = ""
        try:
            data = self._inbox.read(path)
            digits = sha256(data).hexdigest()[:16]
            return _Dropped(path, digits, parse(data))
        except FileNotFoundError:
            pass
        except OSError:
            self._put_aside_unread(path, "no_permission", digits)
        except NoReport as none:
            self._put_aside_unread(path, none.reason, digits)
        return None

    def _record(self, dropped: _Dropped, known: Mapping[str, str], today: date) -> bool:
        """Whether a message came back by it."""
        found = self._found(dropped.report, known)
        if found is None:
            self._put_aside_unread(dropped.path, "not_about_ours", dropped.digits)
            return False
        is_news = self._record_outcome(found, dropped.report, today)
        self._inbox.put_aside(dropped.path, DONE)
        return is_news and dropped.report.action == "failed"

    def _record_outcome(self, found: _Found, report: Report, today: date) -> bool:
        decide = _decision(found.attempt, report)
        if decide is None:
            return False
        token = token_of(self._ledger.ledger_id, found.stream)
        cause = Cause(
            ACTOR, f"{ACTOR} {token}.{found.attempt} returned {report.action}", causation_id=f"{found.stream}@1"
        )
        done = self._ledger.change(
            [found.stream],
            lambda contact: {found.stream: decide(contact)},
            on=today,
            cause=cause,
            content=report.action,
        )
        return bool(done.facts) and not done.is_repeat

    def _found(self, report: Report, known: Mapping[str, str]) -> _Found | None:
        for named in report.message_ids:
            stream = known.get(named)
            attempt = attempt_of(named, self._ledger.ledger_id, stream) if stream else None
            if stream and attempt:
                return _Found(stream, attempt)
        return None

    def _put_aside_unread(self, path: Path, reason: str, digits: str) -> None:
        logger(worker=ACTOR).warning("unreadable mail", reason=reason, sha256=digits)
        self._inbox.put_aside(path, UNREADABLE)


def _decision(attempt: int, report: Report) -> Callable[[Contact], list[Fact]] | None:
    """None for a report that says nothing final, as that the message is late."""
    if report.action == "failed":
        return lambda contact: fail(contact, attempt=attempt, code=report.status or NO_STATUS)
    if report.action == "delivered":
        return lambda contact: deliver(contact, attempt=attempt)
    return None
