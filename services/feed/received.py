"""Facts of the feed as entries of the log again, as far as they are on the wire: no actor, no reason, no free text."""

from datetime import date, datetime
from functools import cache

import orjson

from domain.entry import Cause, Entry
from domain.kinds import FACTS
from infra.kafka.message import Record
from infra.views.applying import Read, Unreadable, message
from services.answers.published_fact import fact_of
from services.feed.messages import types_of
from services.feed.origin import Origin

_NOBODY = Cause("", "")


class UnknownType(ValueError):
    """A message of a type, or in a version, that this program does not know."""


def entry_of(record: Record, origin: Origin) -> Entry:
    headers = dict(record.headers)
    kind = _kind(headers.get("ce_type") or b"")
    body = orjson.loads(record.value or b"")
    at = headers.get("ce_time")
    return Entry(
        origin.stream,
        origin.version,
        fact_of(kind, body["data"], body.get("currency", "")),
        date.fromisoformat(body["effective_on"]),
        _NOBODY,
        origin.position,
        datetime.fromisoformat(at.decode()) if at else None,
    )


def read(record: Record, origin: Origin) -> Read:
    try:
        return entry_of(record, origin)
    except Exception as error:
        return Unreadable(origin.position, origin.stream, message(error))


def _kind(header: bytes) -> type:
    kind = _kinds().get(header)
    if kind is None:
        raise UnknownType(f"there are no messages of type {header.decode('utf-8', 'replace')[:80]}")
    return kind


@cache
def _kinds() -> dict[bytes, type]:
    """Those of every version: of what was published before, the later fields are missing."""
    return {each.encode(): fact for name, fact in FACTS.items() for each in types_of(name)}
