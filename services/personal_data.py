"""Whether all personal data in the log can still be read: of every customer who was not erased."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import orjson

from domain.kinds import key_of
from domain.refusal import Refused
from infra.encryption import LOST, Encryption
from infra.log.chain import Row
from infra.log.ledger import Ledger, Progress
from infra.post.archive import Archive
from services.answers.facts import is_encrypted, owner

PAGE = 5_000
ERASED, SENT = "customer.data_erased", "contact.handed_over"
ISSUED = frozenset(("invoice.issued", "credit_note.issued"))


class Readable(NamedTuple):
    """How much was opened, and how much of whom cannot be."""

    opened: int
    lost: Mapping[str, int]


def readable(ledger: Ledger, encryption: Encryption, archive: Archive, progress: Progress | None = None) -> Readable:
    """A page of the log at a time, with one query for its keys, and the files that belong to it, as far as they are in
    this archive.

    Raises as `Encryption.open_many`.
    """
    lost, erased, opened, position = Counter[str](), set[str](), 0, 0
    end = ledger.head().position
    while position < end and (rows := ledger.rows(position, PAGE)):
        texts = [text for row in rows for text in _encrypted(row)]
        found = encryption.open_many(texts)
        lost.update(whose for (whose, _), each in zip(texts, found, strict=True) if each is LOST)
        opened += sum(isinstance(each, dict) for each in found)
        lost.update(archive.unreadable(kept for row in rows if (kept := _archived(row))))
        erased |= {row.stream for row in rows if row.name == ERASED}
        position = rows[-1].position
        if progress:
            progress(position, max(end, position))
    return Readable(opened, {whose: count for whose, count in lost.items() if not _is_erased(whose, erased)})


def _is_erased(whose: str, erased: set[str]) -> bool:
    return f"customer:{whose}" in erased


def _archived(row: Row) -> tuple[str, str] | None:
    """Who a message went to, or whose invoice was read from a document, and its hash."""
    if row.name != SENT and not (row.name in ISSUED and b'"document":' in row.state):
        return None
    try:
        data = orjson.loads(row.state)["data"]
        if row.name == SENT:
            return key_of(row.stream)["customer"], str(data["sha256"])
        return str(data["customer"]), str(data["document"])
    except (Refused, ValueError, KeyError, TypeError):
        return None


def _encrypted(row: Row) -> Iterator[tuple[str, str]]:
    # One in hundreds has any, and a row that is damaged is for other checks to find.
    if b'encrypted":' not in row.state:
        return
    try:
        data = orjson.loads(row.state)["data"]
        for key, value in data.items():
            if is_encrypted(key) and isinstance(value, str):
                yield owner(row.stream, data), value
    except (ValueError, KeyError, TypeError, AttributeError):
        return
