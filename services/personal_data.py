"""Whether all personal data in the log can still be read: of every customer who was not erased."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import orjson

from infra.encryption import LOST, Encryption
from infra.log.chain import Row
from infra.log.ledger import Ledger, Progress
from services.answers.facts import is_encrypted, owner

PAGE = 5_000
ERASED = "customer.data_erased"


class Readable(NamedTuple):
    """How much was opened, and how much of whom cannot be."""

    opened: int
    lost: Mapping[str, int]


def readable(ledger: Ledger, encryption: Encryption, progress: Progress | None = None) -> Readable:
    """A page of the log at a time, with one query for its keys. Raises as `Encryption.open_many`."""
    lost, erased, opened, position = Counter[str](), set[str](), 0, 0
    end = ledger.head().position
    while position < end and (rows := ledger.rows(position, PAGE)):
        texts = [text for row in rows for text in _encrypted(row)]
        found = encryption.open_many(texts)
        lost.update(whose for (whose, _), each in zip(texts, found, strict=True) if each is LOST)
        opened += sum(isinstance(each, dict) for each in found)
        erased |= {row.stream for row in rows if row.name == ERASED}
        position = rows[-1].position
        if progress:
            progress(position, max(end, position))
    return Readable(opened, {whose: count for whose, count in lost.items() if not _is_erased(whose, erased)})


def _is_erased(whose: str, erased: set[str]) -> bool:
    return f"customer:{whose}" in erased


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
