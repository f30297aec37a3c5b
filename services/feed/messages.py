"""Facts as messages: CloudEvents 1.0 in binary mode, the envelope in the headers, the fact as the value.

The facts of a stream go to one partition, so that they stay in order; those of an invoice, a receipt and a customer to
the partition of the customer, so that who keeps views of a part of the customers needs a part of the partitions alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

import orjson

from domain.entry import Entry
from domain.invoice import Invoice
from domain.invoice import evolve as evolve_invoice
from domain.kinds import KINDS, NAMES
from domain.receipt import Receipt
from domain.receipt import evolve as evolve_receipt
from infra.kafka import topics
from infra.kafka.message import Message
from infra.kafka.partitions import partition_of
from infra.log.chain import Row
from infra.log.incarnations import Incarnations
from infra.log.ledger import Ledger
from infra.log.memory import EMPTY, Memory, Stream
from services.answers.invoice_state import invoice_state
from services.answers.published_fact import VERSIONS, data_of

STATES_REMEMBERED = 50_000
STATE_TYPE = "receivables.invoice-state.v1"
HASH_DIGITS = 16

Header = tuple[str, bytes]

_ALWAYS: list[Header] = [("ce_specversion", b"1.0"), ("content-type", b"application/json")]


@cache
def type_of(name: str) -> str:
    """What the type of the messages of a fact is called, by its stored name."""
    return f"receivables.{name}.v{VERSIONS.get(name, 1)}"


def log_hash(row: Row) -> str:
    """As much of the hash of a row as tells one log from another."""
    return row.hash[: HASH_DIGITS // 2].hex()


class Published(NamedTuple):
    """`facts` are first; the states of the invoices they are about follow."""

    facts: list[Message]
    states: list[Message]


class Messages:
    """For one reader of the log, who asks for page after page in order; remembers what invoices and receipts are."""

    def __init__(self, ledger: Ledger, incarnations: Incarnations, partitions: int, *, states: bool = True):
        self._ledger, self._incarnations, self._partitions = ledger, incarnations, partitions
        self._with_states = states
        self._known = Memory(STATES_REMEMBERED)

    def of(self, rows: Sequence[Row]) -> Published:
        entries = [self._ledger.entry(row) for row in rows]
        known = self._read(entries)
        facts = [self._fact(row, entry, known) for row, entry in zip(rows, entries, strict=True)]
        self._known.put_all(known)
        states = [*self._states(rows[-1].position, known)] if rows and self._with_states else []
        return Published(facts, states)

    def _read(self, entries: Sequence[Entry]) -> dict[str, Stream]:
        """What is known of invoices and receipts before these facts, or later: what is not remembered is read."""
        begun = {entry.stream for entry in entries if entry.version == 1}
        first = {entry.stream: entry.version for entry in reversed(entries) if entry.stream.startswith(_STATEFUL)}
        known = self._known.get_all(first)
        unknown = [
            stream for stream, version in first.items() if stream not in begun and known[stream].version < version - 1
        ]
        return {**known, **(self._ledger.read(unknown) if unknown else {})}

    def _fact(self, row: Row, entry: Entry, known: dict[str, Stream]) -> Message:
        kind = KINDS[entry.stream.partition(":")[0]]
        body: dict[str, Any] = kind.key_of(entry.stream)
        currency, owner = "", None
        if kind.prefix == "invoice":
            invoice: Invoice = _advanced(known, entry, evolve_invoice)
            owner, currency = invoice.issued.customer, invoice.issued.currency
            body["customer"], body["currency"] = owner, currency
        elif kind.prefix == "receipt":
            receipt: Receipt = _advanced(known, entry, evolve_receipt)
            # A receipt that was nobody's at first stays in the partition it began in.
            owner, currency = receipt.received.customer, receipt.received.currency
            body["entity"], body["currency"] = receipt.received.entity, currency
            if owner:
                body["customer"] = owner
        else:
            owner = body.get("customer")
        body["effective_on"] = entry.effective_on
        body["data"] = data_of(entry.fact, currency)
        key = entry.stream.encode()
        name = NAMES[type(entry.fact)]
        return Message(
            topics.FACTS[kind.prefix],
            key,
            orjson.dumps(body),
            self._headers(row, entry, key, type_of(name)),
            partition_of(owner or entry.stream, self._partitions),
        )

    def _headers(self, row: Row, entry: Entry, key: bytes, kind: str) -> list[Header]:
        incarnation = self._incarnations.name_at(row.position)
        headers = [
            *_ALWAYS,
            ("ce_id", f"{incarnation}:{row.position}".encode()),
            ("ce_source", _source(incarnation)),
            ("ce_type", kind.encode()),
            ("ce_subject", key),
            ("ce_time", _instant(row.recorded_at)),
            ("ce_sequence", b"%d" % row.version),
            ("ce_loghash", log_hash(row).encode()),
        ]
        cause = entry.cause
        if cause.correlation_id is not None:
            headers.append(("ce_correlationid", cause.correlation_id.encode()))
        if cause.causation_id is not None:
            headers.append(("ce_causationid", cause.causation_id.encode()))
        return headers

    def states_of(self, partitions: Mapping[str, int], incarnation: str) -> list[Message]:
        """As they are now, of invoices by the partition each is in; where the log has none, that there is none."""
        known = self._ledger.read(partitions)
        return [_state(stream, known[stream], incarnation, partitions[stream]) for stream in partitions]

    def _states(self, position: int, known: dict[str, Stream]) -> Iterator[Message]:
        incarnation = self._incarnations.name_at(position)
        for stream, each in known.items():
            if isinstance(each.state, Invoice):
                yield _state(stream, each, incarnation, partition_of(each.state.issued.customer, self._partitions))


def _state(stream: str, known: Stream, incarnation: str, partition: int) -> Message:
    key = stream.encode()
    headers = [
        *_ALWAYS,
        ("ce_id", f"{incarnation}:{stream}@{known.version}".encode()),
        ("ce_source", _source(incarnation)),
        ("ce_type", STATE_TYPE.encode()),
        ("ce_subject", key),
        ("ce_sequence", b"%d" % known.version),
    ]
    value = orjson.dumps(invoice_state(known.state)) if known.state else None
    return Message(topics.INVOICE_STATE, key, value, headers, partition)


_STATEFUL = ("invoice:", "receipt:")


def _advanced(known: dict[str, Stream], entry: Entry, evolve: Any) -> Any:
    """The state after the fact, or one that is later: of who and in what currency it is never changes."""
    before = known.get(entry.stream, EMPTY)
    if before.version >= entry.version:
        return before.state
    after = Stream(entry.version, evolve(before.state, entry.fact, entry.effective_on))
    known[entry.stream] = after
    return after.state


@lru_cache(maxsize=16)
def _source(incarnation: str) -> bytes:
    return f"urn:receivables:{incarnation}".encode()


# Facts of one commit have one instant.
@lru_cache(maxsize=16)
def _instant(at: datetime) -> bytes:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z").encode()
