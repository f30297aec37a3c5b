"""What goes back to a topic for a request: a reply, or a dead letter for what nobody can read."""

from hashlib import sha256
from typing import Literal, TypedDict

import orjson

from domain.refusal import Refused
from infra.kafka.message import Message, Record
from infra.kafka.topics import DEAD_LETTERS, REPLIES
from infra.log.decision import Done
from services.feed.masking import masked
from services.feed.requests import Request, readable_headers

TYPE = "receivables.reply.v1"

Outcome = Literal["done", "refused"]


class Reply(TypedDict):
    """`events` are the facts that were recorded, each as `stream@version`; `code` and `message` say why it was refused.

    Nothing of what the request said is quoted in `message`.
    """

    request: str
    outcome: Outcome
    code: str | None
    message: str | None
    events: list[str]


def done(request: Request, answer: Done) -> bytes:
    return _value(request, "done", None, None, [f"{each.stream}@{each.version}" for each in answer.facts])


def refused(request: Request, refusal: Refused) -> bytes:
    return _value(request, "refused", refusal.code, masked(refusal.message, request.command, request.arguments), [])


def reply(request: Request, value: bytes, source: str) -> Message:
    """The same to the last byte whenever the request comes: nothing in it says when it was answered."""
    headers = {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        # Of two answers under one id, as when it is used again for something else, neither is taken for the other.
        "ce_id": sha256(value).hexdigest()[:32],
        "ce_source": source,
        "ce_type": TYPE,
        "ce_subject": request.id,
        "ce_causationid": request.id,
        "ce_correlationid": request.correlation_id,
        "traceparent": request.trace,
    }
    encoded = [(name, text.encode()) for name, text in headers.items() if text is not None]
    return Message(REPLIES, request.id.encode(), value, encoded)


def dead_letter(record: Record, reason: str) -> Message:
    origin = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    headers = [("reason", reason.encode()), ("origin", orjson.dumps(origin)), *readable_headers(record.headers)]
    return Message(DEAD_LETTERS, record.key, record.value, headers)


def _value(request: Request, outcome: Outcome, code: str | None, message: str | None, events: list[str]) -> bytes:
    value: Reply = {
        "request": request.id,
        "outcome": outcome,
        "code": code,
        "message": message,
        "events": events,
    }
    return orjson.dumps(value)
