"""Facts of any kind, made by Hypothesis or with the same text in every free field; and the messages they become."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from domain.credit_note import Issued as CreditNoteIssued
from domain.entry import Cause
from domain.invoice import evolve as evolve_invoice
from domain.invoice.facts import Issued
from domain.kinds import NAMES
from domain.money import EXPONENTS
from domain.receipt import Received
from infra.kafka.message import Message
from infra.log.chain import Row
from infra.log.codec import Envelope
from infra.log.incarnations import END, Incarnation, Incarnations
from infra.log.memory import Stream
from services.feed.messages import Messages
from services.feed.states import States
from tests.domain.examples import INVOICE

DAY = date(2026, 1, 5)
AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
LEDGER = "0b0a"
MOST_MINOR = 10**18 - 1

STREAMS = {
    "customer": "customer:acme", "invoice": "invoice:main:R-1", "receipt": "receipt:P-1",
    "credit_note": "credit_note:main:CN-1", "case": "case:main:R-1",
    "contact": "contact:main:2026-01-05:email:1:acme", "policy": "policy:standard", "entity": "entity:main",
    "tick": "tick:ledger", "text": "text:en",
}  # fmt: skip
FIRST: dict[str, Any] = {
    "invoice": INVOICE,
    "receipt": Received("P-1", "main", "EUR", 1_000, DAY, "acme"),
    "credit_note": CreditNoteIssued("CN-1", "main", "acme", "EUR", 1_000, 0, DAY),
}
INCARNATIONS = Incarnations([Incarnation(LEDGER, 1, END)])
KIM = Cause("kim", "c-1")

CODES = {
    "currency": sorted(EXPONENTS), "country": ["DE", "NO"], "jurisdiction": ["NL", "EU"], "language": ["en", "de-AT"],
}  # fmt: skip
OfText = Callable[[type, str], Any]


def any_fact(kind: type) -> st.SearchStrategy[Any]:
    """Its currencies are currencies, and its amounts such as a ledger holds; all else is anything of its type."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: _any(name, hint) for name, hint in hints.items()})


def _any(name: str, hint: Any) -> st.SearchStrategy[Any]:
    inner = get_args(hint)
    if NoneType in inner:
        return st.none() | st.one_of(*(_any(name, each) for each in inner if each is not NoneType))
    if get_origin(hint) is tuple:
        return st.lists(_any(name, inner[0]), max_size=3).map(tuple)
    if is_dataclass(hint):
        # A policy is not published, and has a strategy of its own elsewhere.
        return st.none() if hint.__module__ == "domain.policy.document" else any_fact(hint)  # type: ignore[arg-type]
    if hint is int:
        return st.integers(-MOST_MINOR, MOST_MINOR)
    return st.sampled_from(CODES[name]) if name in CODES else st.from_type(hint)


def filled(kind: type, text: OfText) -> Any:
    """With something in every field; `text` says what is in those of text, by class and name."""
    return kind(**{name: _filled(kind, name, hint, text) for name, hint in get_type_hints(kind).items()})


def _filled(kind: type, name: str, hint: Any, text: OfText) -> Any:
    inner = [each for each in get_args(hint) if each not in (NoneType, Ellipsis)]
    if get_origin(hint) is Literal:
        return inner[0]
    if get_origin(hint) in (tuple, frozenset):
        return get_origin(hint)(_filled(kind, name, each, text) for each in inner)
    if inner:
        return _filled(kind, name, inner[0], text)
    if is_dataclass(hint):
        return filled(hint, text)  # type: ignore[arg-type]
    return {str: lambda: text(kind, name), int: lambda: 7, bool: lambda: True, date: lambda: DAY}[hint]()


class OneFact:
    """In the place of a ledger: one row, of this fact; of invoices and receipts it knows how they began."""

    def __init__(self, fact: Any, cause: Cause, on: date, first: Any):
        self._envelope, self._first = Envelope(fact, on, cause), first
        self.mapper = self

    def decode(self, name: str, data: bytes) -> Envelope:
        return self._envelope

    def firsts(self, streams: Sequence[str]) -> dict[str, Envelope]:
        return {each: Envelope(self._first, DAY, self._envelope.cause) for each in streams}

    def read(self, streams: Iterable[str]) -> dict[str, Stream]:
        """Of an invoice, by all its facts: those given."""
        invoice = evolve_invoice(None, self._first, DAY)
        for each in self._envelope.fact:
            invoice = evolve_invoice(invoice, each, DAY)
        return {each: Stream(1 + len(self._envelope.fact), invoice) for each in streams}


def message(fact: Any, *, cause: Cause = KIM, on: date = DAY, first: Any = None) -> Message:
    """What the publisher makes of it, second in a stream of its kind."""
    name = NAMES[type(fact)]
    prefix = name.partition(".")[0]
    ledger: Any = OneFact(fact, cause, on, first or FIRST.get(prefix))
    [made] = Messages(ledger, INCARNATIONS, 3).of([row(name, STREAMS[prefix])])
    return made


def state(*facts: Any, first: Issued = INVOICE, cause: Cause = KIM) -> Message:
    """What is published of an invoice after these facts."""
    ledger: Any = OneFact(facts, cause, DAY, first)
    [made] = States(ledger, INCARNATIONS, 3).of([row("invoice.voided", STREAMS["invoice"])])
    return made


def row(name: str, stream: str) -> Row:
    return Row(17, AT, stream, 2, name, b"", bytes(range(32)))


def headers(message: Message) -> dict[str, str]:
    return {name: value.decode() for name, value in message.headers}
