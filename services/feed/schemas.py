"""What the value of every message looks like, as JSON Schema, by the name of its type: `receivables.invoice.issued.v1`.

It follows from what writes the values: the published fields of a fact, the dictionaries of state and reply, and the
parameters of a command. Whoever reads facts, states and replies ignores what it does not know; a request may hold
nothing but what its command takes.
"""

import re
from collections.abc import Mapping
from datetime import date
from inspect import getdoc
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

from domain.kinds import KINDS
from services.answers.invoice_state import InvoiceState
from services.answers.published_fact import Field, published
from services.catalogue import CATALOGUE
from services.catalogue.wire import schema as parameters_of
from services.feed import replies
from services.feed.messages import type_of
from services.feed.replies import Reply
from services.feed.requests import request_type
from services.feed.states import STATE_TYPE

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_FORMS: dict[str, Schema] = {
    "amount": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "description": "In major units."},
    "percent": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,2})?$", "description": "In per cent."},
    "day": {"type": "string", "format": "date"},
    "text": {"type": "string"},
    "number": {"type": "integer"},
    "flag": {"type": "boolean"},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 code."},
}
_PLAIN: dict[object, str] = {str: "text", int: "number", bool: "flag", date: "day"}

# What the body of a message has beside the parts of its key: always, and where it is known.
_ENVELOPES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "invoice": (("customer", "currency"), ()),
    "receipt": (("entity", "currency"), ("customer",)),
    "credit_note": (("customer", "currency"), ()),
}


def fact_schemas(prefix: str) -> dict[str, Schema]:
    """Of all facts of one kind of stream."""
    return {type_of(name): _fact(type_of(name), name, fact) for name, fact in KINDS[prefix].facts.items()}


def state_schemas() -> dict[str, Schema]:
    return {STATE_TYPE: _titled(STATE_TYPE, "Invoice as it stands", _described(InvoiceState))}


def request_schemas() -> dict[str, Schema]:
    """Of every command: which of them a service may give is said elsewhere, and may change."""
    return {
        request_type(each): _titled(
            request_type(each),
            f"Request: {each.name.replace('.', ' ').replace('_', ' ')}",
            {"description": each.summary, **parameters_of(each)},
        )
        for each in CATALOGUE.values()
    }


def reply_schemas() -> dict[str, Schema]:
    return {replies.TYPE: _titled(replies.TYPE, "Reply to a request", _described(Reply))}


def schemas() -> dict[str, Schema]:
    """In the versions that are current."""
    found = [*map(fact_schemas, KINDS), state_schemas(), request_schemas(), reply_schemas()]
    return {name: schema for each in found for name, schema in each.items()}


def _fact(type_name: str, name: str, fact: type) -> Schema:
    prefix, _, verb = name.partition(".")
    always, known = _ENVELOPES.get(prefix, ((), ()))
    data = _object(*_fields(fact))
    properties: Schema = {part: _key_part(part) for part in dict.fromkeys((*KINDS[prefix].key, *always, *known))}
    properties |= {"effective_on": _FORMS["day"], "data": data}
    article = "an" if prefix[0] in "aeiou" else "a"
    return _titled(
        type_name,
        f"{prefix} {verb}".replace("_", " ").capitalize(),
        {
            "description": _words_of(fact) or f"A fact about {article} {prefix}.".replace("_", " "),
            **_object(properties, [part for part in properties if part not in known]),
        },
    )


def _key_part(name: str) -> Schema:
    return _FORMS["currency" if name == "currency" else "day" if name == "on" else "text"]


def _fields(kind: type) -> tuple[Schema, list[str]]:
    found = published(kind)
    return {each.key: _field(each) for each in found}, [each.key for each in found if not each.is_optional]


def _field(field: Field) -> Schema:
    one = _FORMS[field.form] if isinstance(field.form, str) else _object(*_fields(field.form))
    if field.is_added:
        one = {**one, "description": f"{one.get('description', '')} {field.default} where it is missing.".lstrip()}
    return {"type": "array", "items": one} if field.is_many else one


def _words_of(fact: type) -> str:
    """What its class says of it, by the names that the wire has, and without what is not published."""
    doc = getdoc(fact) or ""
    if doc.startswith(f"{fact.__name__}("):
        return ""
    keys = {each.name: each.key for each in published(fact)}
    kept = []
    for sentence in re.split(r"(?<=\.)\s+", doc):
        clauses = [each for each in re.split(r";\s+", sentence.rstrip(".")) if set(_named(each)) <= keys.keys()]
        if clauses:
            kept.append("; ".join(clauses) + ".")
    text = re.sub(r"`(\w+)`", lambda found: f"`{keys[found[1]]}`", " ".join(kept))
    return " ".join(re.sub(r"\bNone\b", "missing", text).split())


def _named(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


def _described(kind: Any) -> Schema:
    """Of a typed dictionary, with what it says of itself."""
    return {"description": " ".join((getdoc(kind) or "").split()), **_of_hint(kind)}


def _of_hint(hint: Any) -> Schema:
    if is_typeddict(hint):
        hints = get_type_hints(hint, include_extras=True)
        return _object(
            {name: _of_hint(each) for name, each in hints.items()},
            [name for name in hints if name in hint.__required_keys__],
        )
    inner = get_args(hint)
    if get_origin(hint) is Annotated:
        return _FORMS[inner[1]]
    if get_origin(hint) is Literal:
        return {"type": "string", "enum": [*inner]}
    if get_origin(hint) is list:
        return {"type": "array", "items": _of_hint(inner[0])}
    if NoneType in inner:
        [one] = [each for each in inner if each is not NoneType]
        return {"anyOf": [_of_hint(one), {"type": "null"}]}
    if inner:
        return _of_hint(inner[0])
    return _FORMS[_PLAIN[hint]]


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required}


def _titled(type_name: str, title: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT, "$id": type_name, "title": title, **schema}
