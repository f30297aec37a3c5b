"""One message on its way out: written, archived, recorded as handed over, handed over, and what became of it.

That it is handed over is recorded first, in one commit that fails when anything the message rests on has changed since
it was written: so no message leaves after its money has come in. What became of it is recorded after. Who stops between
the two leaves a message of which nobody knows whether it has left: a person's to look at, never sent again by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from domain.contact import Contact, defer, fail, hand_over, lose, send, withhold
from domain.contact.facts import Fact
from domain.entry import Cause
from domain.refusal import Refused
from infra.log.decision import Decided, Overtaken
from infra.log.ledger import Ledger
from infra.post import message as post
from infra.post.archive import Archive
from infra.post.message import Delivery, Message, Transport
from services.messages.checking import Checked, read_again
from services.messages.message_ids import message_id, token_of
from services.messages.writing import Draft, Unwritten, Writer, Written

ACTOR = "messenger"
# As often a message is written anew because what it says was changed meanwhile; then it waits for the next run.
TRIES = 5
MOST_ATTEMPTS = 5
GAVE_UP, INTERRUPTED, NO_ADDRESS = "gave_up", "interrupted", "no_address"
ONE_DAY = timedelta(days=1)


class Result(NamedTuple):
    """`kind` is sent, withheld, failed, unknown or deferred; empty where somebody else has taken the message up.

    `is_trouble`: the way out failed, whatever the message.
    """

    kind: str = ""
    code: str = ""
    is_trouble: bool = False


class Ready(NamedTuple):
    """What was written and archived, under the SHA-256 of its bytes."""

    written: Written
    sha256: str


class Attempt(NamedTuple):
    """A hand-over and what became of it, on which day."""

    stream: str
    number: int
    delivery: Delivery
    on: date


class Dispatch:
    """`transports` are by channel; `domain` is what Message-IDs end in."""

    def __init__(
        self, ledger: Ledger, writer: Writer, archive: Archive, transports: Mapping[str, Transport], *, domain: str
    ):
        self._ledger, self._writer, self._archive = ledger, writer, archive
        self._transports, self._domain = transports, domain
        self._unrecorded: dict[str, Attempt] = {}

    def prepare(self, checked: Sequence[Checked], today: date) -> dict[str, Ready | Unwritten]:
        """Written and archived, by contact; those of which nothing is left are not among them."""
        drafts = [
            Draft(each.stream, each.contact, each.invoices, self._message_id(each), today)
            for each in checked
            if each.left
        ]
        written = self._writer.write(drafts) if drafts else []
        prepared: dict[str, Ready | Unwritten] = {}
        whole: list[tuple[Draft, Written]] = []
        for draft, each in zip(drafts, written, strict=True):
            if isinstance(each, Unwritten):
                prepared[draft.stream] = each
            else:
                whole.append((draft, each))
        archived = self._archive.put((draft.contact.planned.customer, each.data) for draft, each in whole)
        for (draft, each), content_hash in zip(whole, archived, strict=True):
            # Without a hash the key went with the customer's data.
            prepared[draft.stream] = Ready(each, content_hash) if content_hash else Unwritten(NO_ADDRESS)
        return prepared

    def take(self, checked: Checked, prepared: Ready | Unwritten | None, today: date, run: str) -> Result:
        """Hands it over or withholds it. `run` is unlike that of any other messenger."""
        for _ in range(TRIES):
            try:
                return self._taken(checked, prepared, today, run)
            except Overtaken:
                again = read_again(self._ledger, [checked.stream], today)
                if not again:
                    break
                [checked] = again
                prepared = self.prepare(again, today).get(checked.stream)
            except Refused as refusal:
                # Another messenger was faster, which has taken the lead from this one.
                if refusal.code not in ("not_waiting", "command_reused"):
                    raise
                break
        return Result()

    def record_late(self) -> list[Result]:
        """What became of messages while the log was away."""
        return [self._settle(attempt) for attempt in [*self._unrecorded.values()]]

    def lose(self, stream: str, today: date) -> bool:
        """Whether it was handed over by somebody who has not said what became of it: nobody knows now."""
        contact: Contact | None = self._ledger.state(stream)
        if contact is None or contact.state != "handed_over":
            return False
        return self._record_outcome(
            stream, contact.attempt, INTERRUPTED, today, lambda it: lose(it, attempt=contact.attempt, code=INTERRUPTED)
        )

    def close(self) -> None:
        for transport in self._transports.values():
            transport.close()

    def _taken(self, checked: Checked, prepared: Ready | Unwritten | None, today: date, run: str) -> Result:
        if prepared is None:
            return self._withheld(checked, checked.code, today, run)
        if isinstance(prepared, Unwritten):
            return self._withheld(checked, prepared.code, today, run)
        written, archived = prepared
        channel = str(checked.contact.planned.channel)
        transport = self._transports[channel]
        named = self._message_id(checked)
        self._record(
            checked,
            lambda contact: hand_over(
                contact,
                today,
                channel=channel,
                message_id=named,
                sha256=archived,
                invoices=checked.invoices,
                texts=written.texts,
            ),
            today,
            [run, named, archived, checked.invoices, written.texts],
        )
        message = Message(checked.stream, checked.attempt, named, written.data, written.sender, written.recipient)
        delivery = transport.hand_over(message)
        attempt = Attempt(checked.stream, checked.attempt, delivery, today)
        self._unrecorded[attempt.stream] = attempt
        return self._settle(attempt)

    def _withheld(self, checked: Checked, code: str, today: date, run: str) -> Result:
        left_out = checked.left_out
        self._record(
            checked,
            lambda contact: withhold(contact, today, code=code, invoices=left_out),
            today,
            [run, code, left_out],
        )
        return Result("withheld", code)

    def _record(self, checked: Checked, decide: Callable[[Contact], list[Fact]], today: date, content: object) -> None:
        """Raises `Overtaken` when anything is no longer as it was when the message was written."""

        def decided(*states: object) -> Decided:
            if states != checked.states:
                raise Overtaken
            return {checked.stream: decide(checked.contact)}

        # By version: a message that a person has sent once more may be withheld once more.
        command = f"{ACTOR} {self._token(checked.stream)}@{checked.version}"
        self._ledger.change(
            checked.streams, decided, on=today, cause=_because(command, checked.stream), content=content
        )

    def _settle(self, attempt: Attempt) -> Result:
        result, decide = _meaning(attempt)
        self._record_outcome(attempt.stream, attempt.number, result.kind, attempt.on, decide)
        self._unrecorded.pop(attempt.stream, None)
        return result

    def _record_outcome(
        self, stream: str, attempt: int, kind: str, on: date, decide: Callable[[Contact], list[Fact]]
    ) -> bool:
        """Whether it was news."""
        command = f"{ACTOR} {self._token(stream)}.{attempt} {kind}"
        done = self._ledger.change(
            [stream], lambda contact: {stream: decide(contact)}, on=on, cause=_because(command, stream), content=kind
        )
        return bool(done.facts) and not done.is_repeat

    def _message_id(self, checked: Checked) -> str:
        return message_id(self._ledger.ledger_id, checked.stream, checked.attempt, self._domain)

    def _token(self, stream: str) -> str:
        return token_of(self._ledger.ledger_id, stream)


def _because(command: str, stream: str) -> Cause:
    """What led to it is the contact's plan."""
    return Cause(ACTOR, command, causation_id=f"{stream}@1")


def _meaning(attempt: Attempt) -> tuple[Result, Callable[[Contact], list[Fact]]]:
    """What an answer comes to, and the decision that records it."""
    number, on = attempt.number, attempt.on
    match attempt.delivery:
        case post.Taken():
            return Result("sent"), lambda contact: send(contact, attempt=number)
        case post.Deferred(code, is_server) if number < MOST_ATTEMPTS:
            # Once more the same day, as servers want it that turn strangers away at first; then once a day.
            again_on = on if number == 1 else on + ONE_DAY
            return (
                Result("deferred", code, is_server),
                lambda contact: defer(contact, attempt=number, code=code, again_on=again_on),
            )
        case post.Deferred(_, is_server):
            return Result("failed", GAVE_UP, is_server), lambda contact: fail(contact, attempt=number, code=GAVE_UP)
        case post.Refused(code):
            return Result("failed", code), lambda contact: fail(contact, attempt=number, code=code)
        case post.Unknown(code):
            return Result("unknown", code, True), lambda contact: lose(contact, attempt=number, code=code)
