"""Facts of any kind, made by Hypothesis or with the same text in every free field; and the messages they become."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from domain.entry import Cause, Entry
from domain.invoice import evolve as evolve_invoice
from domain.invoice.facts import Issued
from domain.kinds import NAMES
from domain.money import EXPONENTS
from domain.receipt import Received
from domain.receipt import evolve as evolve_receipt
from infra.kafka.message import Message
from infra.log.chain import Row
from infra.log.incarnations import END, Incarnation, Incarnations
from infra.log.memory import Stream
from services.feed.messages import Messages, Published
from tests.domain.examples import INVOICE

DAY = date(2026, 1, 5)
AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
LEDGER = "0b0a"
MOST_MINOR = 10**18 - 1

STREAMS = {
    "customer": "customer:acme", "invoice": "invoice:main:R-1", "receipt": "receipt:P-1", "case": "case:main:R-1",
    "contact": "contact:main:2026-01-05:email:1:acme", "policy": "policy:standard", "entity": "entity:main",
    "tick": "tick:ledger", "text": "text:en",
}  # fmt: skip
RECEIVED = Received("P-1", "main", "EUR", 1_000, DAY, "acme")

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
    return st.sampled_from(sorted(EXPONENTS)) if name == "currency" else st.from_type(hint)


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
    """In the place of a ledger: one row, of this fact; of an invoice and a receipt it knows that they are begun."""

    def __init__(self, fact: Any, cause: Cause, on: date, states: Mapping[str, Any]):
        self._fact, self._cause, self._on, self._states = fact, cause, on, states

    def entry(self, row: Row) -> Entry:
        return Entry(row.stream, row.version, self._fact, self._on, self._cause, row.position, row.recorded_at)

    def read(self, streams: Sequence[str]) -> dict[str, Stream]:
        return {each: Stream(9, self._states[each.partition(":")[0]]) for each in streams}


def states(issued: Issued = INVOICE, received: Received = RECEIVED, *more: Any) -> dict[str, Any]:
    """By the kind of the stream; `more` are facts about the invoice."""
    invoice = evolve_invoice(None, issued, DAY)
    for each in more:
        invoice = evolve_invoice(invoice, each, DAY)
    return {"invoice": invoice, "receipt": evolve_receipt(None, received, DAY)}


def published(
    fact: Any, *, cause: Cause = Cause("kim", "c-1"), on: date = DAY, known: Mapping[str, Any] | None = None
) -> Published:
    """What the publisher makes of it, second in a stream of its kind."""
    name = NAMES[type(fact)]
    row = Row(17, AT, STREAMS[name.partition(".")[0]], 2, name, b"", bytes(range(32)))
    ledger: Any = OneFact(fact, cause, on, known or states())
    return Messages(ledger, Incarnations([Incarnation(LEDGER, 1, END)]), 3).of([row])


def message(fact: Any, **how: Any) -> Message:
    [made] = published(fact, **how).facts
    return made


def headers(message: Message) -> dict[str, str]:
    return {name: value.decode() for name, value in message.headers}
