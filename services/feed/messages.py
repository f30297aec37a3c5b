"""Facts as messages: CloudEvents 1.0 in binary mode, the envelope in the headers, the fact as the value.

The facts of a stream go to one partition, so that they stay in order; those of an invoice, a receipt and a customer to
the partition of the customer, so that who keeps views of a part of the customers needs a part of the partitions alone.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

import orjson
import psycopg
from eventsourcing.persistence import PersistenceError

from domain import credit_note
from domain.invoice.facts import Issued
from domain.kinds import KINDS, NAMES
from domain.receipt import Received
from infra.database import AWAY
from infra.kafka import topics
from infra.kafka.message import Header, Message
from infra.kafka.partitions import partition_of
from infra.log.chain import Row
from infra.log.codec import Envelope
from infra.log.incarnations import Incarnations
from infra.log.ledger import Ledger
from infra.views.applying import Unreadable, message
from services.answers.published_fact import VERSIONS, data_of

OWNERS_REMEMBERED = 100_000
HASH_DIGITS = 16

# Says nothing of the fact that was to be read.
_NOT_OF_A_FACT: tuple[type[Exception], ...] = (*AWAY, psycopg.Error, PersistenceError, MemoryError)

ALWAYS: list[Header] = [("ce_specversion", b"1.0"), ("content-type", b"application/json")]


class _Owner(NamedTuple):
    """What never changes of an invoice or a receipt; a receipt may be nobody's at first."""

    entity: str
    currency: str
    customer: str | None


@cache
def type_of(name: str) -> str:
    """What the type of the messages of a fact is called, by its stored name."""
    return types_of(name)[-1]


def types_of(name: str) -> list[str]:
    """In all versions, the first one first."""
    return [f"receivables.{name}.v{version}" for version in range(1, VERSIONS.get(name, 1) + 1)]


def log_hash(row: Row) -> str:
    """As much of the hash of a row as tells one log from another."""
    return row.hash[: HASH_DIGITS // 2].hex()


@lru_cache(maxsize=16)
def source_of(incarnation: str) -> bytes:
    return f"urn:receivables:{incarnation}".encode()


class Messages:
    """For one reader of the log, who asks for page after page in order; remembers whose invoices and receipts are."""

    def __init__(self, ledger: Ledger, incarnations: Incarnations, partitions: int):
        self._ledger, self._incarnations, self._partitions = ledger, incarnations, partitions
        self._owners: dict[str, _Owner] = {}

    def of(self, rows: Sequence[Row]) -> list[Message]:
        decode = self._ledger.mapper.decode
        envelopes = [decode(row.name, row.state) for row in rows]
        self._learn(rows, envelopes)
        return [self._message(row, envelope) for row, envelope in zip(rows, envelopes, strict=True)]

    def read(self, rows: Sequence[Row]) -> list[Message | Unreadable]:
        """As `of`, and of a row that no message can be made of why."""
        try:
            return [*self.of(rows)]
        except _NOT_OF_A_FACT:
            raise
        except Exception as error:
            if len(rows) == 1:
                return [Unreadable(rows[0].position, rows[0].stream, message(error))]
            half = len(rows) // 2
            return self.read(rows[:half]) + self.read(rows[half:])

    def outline(self, row: Row) -> Message:
        """What is known of the message of a row that cannot be read: all but its type, its value and who caused it."""
        kind, key = KINDS.get(row.stream.partition(":")[0]), row.stream.encode()
        return Message(topics.FACTS[kind.prefix] if kind else "", key, None, self._place(row, key), None)

    def _learn(self, rows: Sequence[Row], envelopes: Sequence[Envelope]) -> None:
        owners = self._owners
        if len(owners) > OWNERS_REMEMBERED:
            owners.clear()
        for row, envelope in zip(rows, envelopes, strict=True):
            if row.version == 1 and (owner := _owner(envelope.fact)):
                owners[row.stream] = owner
        unknown = {row.stream for row in rows if row.stream not in owners and row.stream.startswith(_OWNED)}
        if unknown:
            firsts = self._ledger.firsts(sorted(unknown))
            owners |= {stream: owner for stream, first in firsts.items() if (owner := _owner(first.fact))}

    def _message(self, row: Row, envelope: Envelope) -> Message:
        stream = row.stream
        kind = KINDS[stream.partition(":")[0]]
        body: dict[str, Any] = kind.key_of(stream)
        currency = ""
        if owner := self._owners.get(stream):
            body["entity"], body["currency"] = owner.entity, owner.currency
            if owner.customer:
                body["customer"] = owner.customer
            currency = owner.currency
        body["effective_on"] = envelope.effective_on
        body["data"] = data_of(envelope.fact, currency)
        key = stream.encode()
        return Message(
            topics.FACTS[kind.prefix],
            key,
            orjson.dumps(body),
            self._headers(row, envelope, key),
            # A receipt that was nobody's at first stays in the partition it began in.
            partition_of(body.get("customer") or stream, self._partitions),
        )

    def _headers(self, row: Row, envelope: Envelope, key: bytes) -> list[Header]:
        cause = envelope.cause
        headers = [*self._place(row, key), ("ce_type", type_of(NAMES[type(envelope.fact)]).encode())]
        if cause.correlation_id is not None and _ID.fullmatch(cause.correlation_id):
            headers.append(("ce_correlationid", cause.correlation_id.encode()))
        if cause.causation_id is not None and _ID.fullmatch(cause.causation_id):
            headers.append(("ce_causationid", cause.causation_id.encode()))
        if cause.trace is not None:
            headers.append(("traceparent", cause.trace.encode()))
        return headers

    def _place(self, row: Row, key: bytes) -> list[Header]:
        incarnation = self._incarnations.name_at(row.position)
        return [
            *ALWAYS,
            ("ce_id", f"{incarnation}:{row.position}".encode()),
            ("ce_source", source_of(incarnation)),
            ("ce_subject", key),
            ("ce_time", _instant(row.recorded_at)),
            ("ce_sequence", b"%d" % row.version),
            ("ce_loghash", log_hash(row).encode()),
        ]


# Whoever gave it may have written a sentence.
_ID = re.compile(r"[!-~]{1,200}", re.ASCII)
_OWNED = ("invoice:", "receipt:", "credit_note:")


def _owner(first: object) -> _Owner | None:
    return (
        _Owner(first.entity, first.currency, first.customer)
        if isinstance(first, Issued | Received | credit_note.Issued)
        else None
    )


# Facts of one commit have one instant.
@lru_cache(maxsize=16)
def _instant(at: datetime) -> bytes:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z").encode()
