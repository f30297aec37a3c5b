"""The feed as AsyncAPI 3: every topic, what is sent on it and what is taken from it, with headers, key and schemas.

Topics and directions are FastStream's account of a broker object with the subscribers of the inbox and a publisher for
each topic that is written; it knows nothing of types told by a header, so that messages are described here.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from faststream.specification import AsyncAPI

from infra.kafka import topics
from infra.kafka.conversation import subscribed
from services.feed.schemas import Schema, fact_schemas, reply_schemas, request_schemas, state_schemas

FILE = "asyncapi.json"
# Of the document; each type has a version of its own.
VERSION = "1.0.0"
DEAD_LETTER = "receivables.dead-letter"

_ABOUT = (
    "Facts of an accounts receivable ledger, the state of each invoice, and requests to it. CloudEvents 1.0 in binary "
    "mode: `ce_type` says which message it is, the value is JSON. At least once, in order per key: a message whose "
    "`ce_id` is known came again. Readers ignore fields they do not know. Facts, states and replies hold no personal "
    "data and no free text; a request may, and so may a dead letter, which is a request that nobody could read."
)


class Channel(NamedTuple):
    """`headers` names the schema of theirs, `types` are what `ce_type` may be, each with the schema of its value."""

    address: str
    description: str
    key: str
    headers: str
    types: Mapping[str, Schema]


def channels() -> list[Channel]:
    facts = [
        Channel(
            address,
            f"Every fact about {prefix.replace('_', ' ')} streams, kept for ever, in order for each of them.",
            f"The stream: {prefix} and what names it, with colons between.",
            "fact-headers",
            fact_schemas(prefix),
        )
        for prefix, address in topics.FACTS.items()
    ]
    return [
        *facts,
        Channel(
            topics.INVOICE_STATE,
            "Each invoice as it stands, compacted: the last message of a key is what holds.",
            "The stream of the invoice: invoice, entity and number, with colons between.",
            "state-headers",
            state_schemas(),
        ),
        Channel(
            topics.REQUESTS,
            f"What services ask for. A service of a name of its own writes to {topics.request_topic('<name>')}.",
            "As the service likes: requests of one key are answered in order.",
            "request-headers",
            request_schemas(),
        ),
        Channel(
            topics.REPLIES,
            "An answer to every request that could be read: done, or refused.",
            "The id of the request.",
            "reply-headers",
            reply_schemas(),
        ),
        Channel(
            topics.DEAD_LETTERS,
            "What could not be read or kept failing, as it came, with the reason and where it stood.",
            "As it came.",
            "dead-letter-headers",
            {DEAD_LETTER: {"title": "Dead letter", "description": "Any bytes, as they came."}},
        ),
    ]


def document() -> dict[str, Any]:
    """Without servers: where they are is nobody's business but theirs who run it."""
    described = {each.address: each for each in channels()}
    made = _made(described)
    # FastStream keeps publishers in no order: ours is that of the list.
    keys = {each["address"]: key for key, each in made["channels"].items()}
    actions = {
        each["channel"]["$ref"].removeprefix("#/channels/"): each["action"] for each in made["operations"].values()
    }
    return {
        "asyncapi": made["asyncapi"],
        "info": {**made["info"], "description": _ABOUT},
        "defaultContentType": made["defaultContentType"],
        "channels": {
            address: _channel(each, made["channels"][keys[address]]["bindings"]) for address, each in described.items()
        },
        "operations": {
            f"{actions[keys[address]]}.{address}": _operation(actions[keys[address]], address) for address in described
        },
        "components": {
            "messages": {name: _message(name, each) for each in described.values() for name in each.types},
            "schemas": _HEADERS
            | {name: _embedded(name, each) for channel in described.values() for name, each in channel.types.items()},
        },
    }


def _made(described: Mapping[str, Channel]) -> dict[str, Any]:
    """By FastStream, of what is subscribed to and published."""
    broker = subscribed(["localhost"], [topics.REQUESTS], _handle)
    for each in described.values():
        if each.address != topics.REQUESTS:
            broker.publisher(each.address, title=each.address)
    made: dict[str, Any] = (
        AsyncAPI(broker, title="Receivables", version=VERSION, schema_version="3.0.0").to_specification().to_jsonable()
    )
    return made


async def _handle(records: object) -> None:
    """Nothing is read with this broker."""


def _channel(channel: Channel, bindings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "address": channel.address,
        "description": channel.description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in channel.types},
        "bindings": bindings,
    }


def _operation(action: str, address: str) -> dict[str, Any]:
    """As we act: who subscribes to a topic reads where we send."""
    return {"action": action, "channel": {"$ref": f"#/channels/{address}"}}


def _message(name: str, channel: Channel) -> dict[str, Any]:
    schema = channel.types[name]
    return {
        "name": name,
        "title": schema["title"],
        "summary": schema["description"],
        "contentType": "application/json" if "type" in schema else "application/octet-stream",
        "headers": {"$ref": f"#/components/schemas/{channel.headers}"},
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "bindings": {"kafka": {"key": {"type": "string", "description": channel.key}, "bindingVersion": "0.5.0"}},
    }


def _embedded(name: str, part: Any) -> Any:
    """A schema within the document: its references begin at the document's root."""
    if isinstance(part, Mapping):
        return {
            key: f"#/components/schemas/{name}/{each.removeprefix('#/')}" if key == "$ref" else _embedded(name, each)
            for key, each in part.items()
            if key not in ("$schema", "$id")
        }
    return [_embedded(name, each) for each in part] if isinstance(part, list) else part


def _headers(required: Mapping[str, Schema], known: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": {**required, **known}, "required": [*required]}


def _text(description: str, **more: object) -> Schema:
    return {"type": "string", "description": description, **more}


_CLOUD_EVENT = {
    "content-type": _text("Of the value.", enum=["application/json"]),
    "ce_specversion": _text("Of CloudEvents.", enum=["1.0"]),
}
_TYPE = {"ce_type": _text("Which message it is: its name in this document.")}
_SEQUENCE = {
    "ce_sequence": _text("The version of the stream: 1, 2, 3 without a gap for each key.", pattern="^[1-9][0-9]*$")
}
_TALK = {
    "ce_correlationid": _text("What belongs together."),
    "ce_causationid": _text("What led to it."),
    "traceparent": _text("W3C Trace Context."),
}
_HEADERS: dict[str, Schema] = {
    "fact-headers": _headers(
        {
            **_CLOUD_EVENT,
            "ce_id": _text("Name of the ledger, a colon, position in its log. The same whenever it is sent again."),
            "ce_source": _text("The ledger, as a URN."),
            **_TYPE,
            "ce_subject": _text("The stream, as in the key."),
            "ce_time": _text("When it was recorded.", format="date-time"),
            **_SEQUENCE,
            "ce_loghash": _text("The beginning of the hash of its row in the log, in hexadecimal digits."),
        },
        _TALK,
    ),
    "state-headers": _headers(
        {
            **_CLOUD_EVENT,
            "ce_id": _text("Name of the ledger, a colon, the stream, an at sign, its version."),
            "ce_source": _text("The ledger, as a URN."),
            **_TYPE,
            "ce_subject": _text("The stream, as in the key."),
            "ce_sequence": _text(
                "The version of the stream it is the state of; some are left out.", pattern="^[1-9][0-9]*$"
            ),
        },
        {},
    ),
    "request-headers": _headers(
        {
            "ce_id": _text("Of the request. The same id with the same value has one effect and one answer."),
            **_TYPE,
        },
        _TALK,
    ),
    "reply-headers": _headers(
        {
            **_CLOUD_EVENT,
            "ce_id": _text("The same for the same answer."),
            "ce_source": _text("The ledger, as a path."),
            **_TYPE,
            "ce_subject": _text("The id of the request."),
            "ce_causationid": _text("The id of the request."),
        },
        {"ce_correlationid": _text("As in the request."), "traceparent": _text("As in the request.")},
    ),
    "dead-letter-headers": _headers(
        {
            "reason": _text("Why, as a short code."),
            "origin": _text("Topic, partition and offset it came from, as JSON."),
        },
        {"ce_id": _text("As it came, if it is text; so are all headers of CloudEvents.")},
    ),
}
