"""An entry: one fact in the log, with its envelope: which stream, when, by whom and why."""

import re
from collections.abc import Mapping
from dataclasses import Field
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from domain.refusal import Refused

_LONGEST_KEY = 200
_SHA_256 = re.compile("[0-9a-f]{64}", re.ASCII)
LONGEST_ID, LONGEST_REASON = 200, 1_000

# Before every day: what is folded without its days is effective from the beginning.
ALWAYS = date.min

# Metadata of a field that facts of its kind did not have at first.
ADDED: Mapping[str, bool] = MappingProxyType({"is_added": True})


def is_added(field: Field[Any]) -> bool:
    """Whether the field is left out where it is as by default, stored as well as published: as in facts from before."""
    return bool(field.metadata.get("is_added"))


class Cause(NamedTuple):
    """Who asks, why, under which command, and what led to it.

    One `command_id` has one effect: asked again with the same content it gives the first answer. `trace` is a
    `traceparent` as W3C has it, by which a request is followed through several programs.
    """

    actor: str
    command_id: str
    reason: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    trace: str | None = None


def require_cause(cause: Cause) -> None:
    """What every log and index can hold. Refuses `bad_cause`, naming the field."""
    for field, text in zip(Cause._fields, cause, strict=True):
        is_needed, longest = field in ("actor", "command_id"), LONGEST_REASON if field == "reason" else LONGEST_ID
        if text is None and not is_needed:
            continue
        # A reason may have several lines.
        shown = text.replace("\n", "").replace("\t", "") if field == "reason" and isinstance(text, str) else text
        if not isinstance(shown, str) or len(shown) > longest or not shown.isprintable() or (is_needed and not shown):
            raise Refused("bad_cause", f"the {field} must be text of up to {longest} printable characters", field)


class Entry(NamedTuple):
    """A fact as the log holds it.

    `effective_on` is the business day on which it has its effect, `recorded_at` the instant (UTC) it was recorded.
    Positions rise in commit order over the whole log, versions run 1..n within a stream; both are 0 or None
    until the log has given them.
    """

    stream: str
    version: int
    fact: Any
    effective_on: date
    cause: Cause
    position: int = 0
    recorded_at: datetime | None = None

    @property
    def originator_id(self) -> str:
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version

    @property
    def event_id(self) -> str:
        return f"{self.stream}@{self.version}"


def invoice_stream(number: str, entity: str) -> str:
    return f"invoice:{require_part(entity)}:{_key(number)}"


# B5, B6: the customers of a file come again and again.
@lru_cache(maxsize=10_000)
def customer_stream(customer: str) -> str:
    return stream_name("customer", customer)


def receipt_stream(receipt: str) -> str:
    return stream_name("receipt", receipt)


def credit_note_stream(credit_note: str, entity: str) -> str:
    return stream_name("credit_note", entity, credit_note)


def stream_name(prefix: str, *key: str) -> str:
    """Natural keys, so that the same thing twice meets itself; `domain.kinds` parses them. Refuses `bad_key`."""
    *before, last = key
    return ":".join((prefix, *map(require_part, before), _key(last)))


def require_part(text: str) -> str:
    """What may stand before other parts of a stream's name, as an entity does. Refuses `bad_key`."""
    if ":" in text:
        raise Refused("bad_key", f"{text[:20]!r} has a colon, which separates it from what follows")
    return _key(text)


def require_document(content_hash: str | None) -> str | None:
    """What names an archived document: its SHA-256. Refuses `bad_document`."""
    if content_hash is not None and not _SHA_256.fullmatch(content_hash):
        message = f"{content_hash[:20]!r} is no SHA-256 of a document: 64 digits, 0 to 9 and a to f"
        raise Refused("bad_document", message, "document")
    return content_hash


def _key(text: str) -> str:
    if not 0 < len(text) <= _LONGEST_KEY or text != text.strip() or not text.isprintable():
        raise Refused("bad_key", f"{text[:20]!r} is no number or name: 1 to {_LONGEST_KEY} printable characters")
    return text
