"""Messages to be handed over, without the ladder that plans them and without the texts they are made of."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from domain.contact import About, Planned, contact_stream
from domain.entry import Cause, invoice_stream
from infra.clock import Clock
from infra.post.message import Delivery, Message, Taken, Transport
from infra.settings import Settings
from services.assembly import App, assemble
from services.messages.writing import Draft, Unwritten, Written

DUE, TODAY = date(2026, 1, 5), date(2026, 1, 20)


class PlainWriter:
    """Says which invoices are open and how much; `codes` are why it cannot write to some customers."""

    def __init__(self) -> None:
        self.app: App | None = None
        self.codes: dict[str, str] = {}

    def write(self, drafts: Sequence[Draft]) -> list[Written | Unwritten]:
        return [self._written(draft) for draft in drafts]

    def _written(self, draft: Draft) -> Written | Unwritten:
        assert self.app
        customer = draft.contact.planned.customer
        if code := self.codes.get(customer):
            return Unwritten(code)
        contact = self.app.customers.contact(customer)
        if not contact or not contact.get("email"):
            return Unwritten("no_address")
        lines = [f"{stream} {self.app.ledger.state(stream).open_minor}" for stream in draft.invoices]
        head = f"Message-ID: {draft.message_id}\r\nTo: {contact['email']}\r\n\r\n"
        return Written((head + "\r\n".join(lines)).encode(), "texts", "us@firm.example", contact["email"])


@dataclass
class Tray:
    """Takes every message, if no other answers are laid ready."""

    answers: list[Delivery] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)
    closed: int = 0

    def hand_over(self, message: Message) -> Delivery:
        answer = self.answers.pop(0) if self.answers else Taken()
        if isinstance(answer, Taken):
            self.taken.append(message)
        return answer

    def close(self) -> None:
        self.closed += 1


@contextmanager
def posting(
    database_url: str, home: Path, clock: Clock, tray: Transport, writer: PlainWriter | None = None
) -> Iterator[App]:
    """An app whose e-mails go into a tray, in plain words."""
    writer = writer or PlainWriter()
    with assemble(Settings(home=home), database_url=database_url, clock=clock, transport=tray, writer=writer) as app:
        writer.app = app
        yield app


def plan(
    app: App,
    *numbers: str,
    customer: str = "acme",
    channel: str = "email",
    on: date = TODAY,
    kind: str = "message",
    nth: int = 1,
    language: str = "en",
) -> str:
    """A contact about these invoices; returns its stream."""
    stream = contact_stream("main", on, channel, nth, customer)
    invoices = [invoice_stream(number, "main") for number in numbers]
    states = app.ledger.states(invoices)
    about = tuple(
        About(each, "friendly_reminder", 1, 1, DUE, "EUR", states[each].open_minor, states[each].open_minor)
        for each in invoices
    )
    planned = Planned(kind, "main", customer, "friendly_reminder", "friendly", language, "general", 1, about, channel)
    app.ledger.change(
        [stream], lambda contact: {stream: [planned]}, on=on, cause=Cause("escalator", f"plan {stream}"), content=None
    )
    return stream


def state_of(app: App, stream: str) -> Any:
    return app.ledger.state(stream)


def facts_of(app: App, stream: str) -> list[str]:
    return [type(entry.fact).__name__ for entry in app.ledger.facts(stream)]
