"""The kinds of streams there are: a new kind is one line here; all that records, reads or checks facts uses it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from domain import case, contact, credit_note, customer, entity, invoice, policy, receipt, text, tick
from domain.case import facts as case_facts
from domain.contact import facts as contact_facts
from domain.customer import facts as customer_facts
from domain.entry import stream_name
from domain.invoice import facts as invoice_facts
from domain.refusal import Refused


def nothing_remains(state: Any, fact: Any) -> Any:
    """The state before a fact of which nothing is to be seen before its day."""
    return state


class Kind(NamedTuple):
    """`key` names the parts of a stream after its prefix; `facts` is stored name -> class; `evolve` folds them.

    `defer` is what remains of a fact where the state is wanted on a day before it: nothing, if not said otherwise.
    """

    prefix: str
    key: tuple[str, ...]
    facts: Mapping[str, type]
    evolve: Callable[[Any, Any, date], Any]
    defer: Callable[[Any, Any], Any] = nothing_remains

    def key_of(self, stream: str) -> dict[str, str]:
        """The parts of a stream's name: `invoice:main:R-1` has the entity main and the number R-1."""
        return dict(zip(self.key, stream.split(":", len(self.key))[1:], strict=True))

    def stream(self, name: str) -> str:
        """A stream by its name, with its prefix or without. Refuses `bad_key`."""
        parts = name.removeprefix(f"{self.prefix}:").split(":", len(self.key) - 1)
        if len(parts) < len(self.key):
            form = ":".join(part.upper() for part in self.key)
            raise Refused("bad_key", f"{name[:40]!r} is no {self.prefix} by its whole name, {form}", self.prefix)
        return stream_name(self.prefix, *parts)


KINDS: dict[str, Kind] = {
    kind.prefix: kind
    for kind in (
        Kind("customer", ("customer",), customer_facts.FACTS, customer.evolve, customer.defer),
        Kind("invoice", ("entity", "number"), invoice_facts.FACTS, invoice.evolve, invoice.defer),
        Kind("receipt", ("receipt",), receipt.FACTS, receipt.evolve),
        Kind("credit_note", ("entity", "credit_note"), credit_note.FACTS, credit_note.evolve),
        Kind("case", ("entity", "number"), case_facts.FACTS, case.evolve, case.defer),
        Kind("contact", ("entity", "on", "channel", "nth", "customer"), contact_facts.FACTS, contact.evolve),
        Kind("policy", ("policy",), policy.FACTS, policy.evolve),
        Kind("entity", ("entity",), entity.FACTS, entity.evolve),
        Kind("tick", ("ledger",), tick.FACTS, tick.evolve),
        Kind("text", ("language",), text.FACTS, text.evolve),
    )
}
FACTS: dict[str, type] = {name: fact for kind in KINDS.values() for name, fact in kind.facts.items()}
NAMES: dict[type, str] = {fact: name for name, fact in FACTS.items()}


def kind_of(stream: str) -> Kind:
    """Raises `KeyError` for a stream of no kind."""
    return KINDS[stream.partition(":")[0]]


def key_of(stream: str) -> dict[str, str]:
    return kind_of(stream).key_of(stream)


def number_of(stream: str) -> str:
    """What comes last in its name: the number of an invoice, a receipt or a credit note."""
    return stream.split(":", len(kind_of(stream).key))[-1]
