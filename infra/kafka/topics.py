"""The topics of the feed: names, and the settings each must have."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

PREFIX = "receivables."

# By the kind of stream whose facts it has.
FACTS: Mapping[str, str] = MappingProxyType(
    {
        "invoice": "receivables.invoices",
        "customer": "receivables.customers",
        "receipt": "receivables.receipts",
        "credit_note": "receivables.credit-notes",
        "case": "receivables.cases",
        "contact": "receivables.contacts",
        "policy": "receivables.policies",
        "entity": "receivables.entities",
        "tick": "receivables.ticks",
        "text": "receivables.texts",
    }
)
INVOICE_STATE = "receivables.invoice-state"
REQUESTS = "receivables.requests"
REPLIES = "receivables.replies"
DEAD_LETTERS = "receivables.dead-letters"

DEFAULT_SERVICE = "default"
_DAY = 24 * 60 * 60 * 1000


class Topic(NamedTuple):
    """`settings` are those of Kafka that we rely on; all others are the broker's."""

    name: str
    settings: Mapping[str, str]


# A contact may be about thousands of invoices, and what the broker does not take would hold up all that comes after.
_LARGE = {"max.message.bytes": str(32 * 1024 * 1024)}
# Whoever subscribes later reads all facts from the first one, so they are kept for ever.
_KEPT = MappingProxyType({"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1", **_LARGE})
_LATEST = MappingProxyType({"cleanup.policy": "compact", **_LARGE})
_WEEK = MappingProxyType({"cleanup.policy": "delete", "retention.ms": str(7 * _DAY)})
# Written by many clients, in whatever they compress with: so the broker turns away what unpacks to more than it takes,
# and no message waits for a codec that the reader lacks.
_PLAIN_WEEK = MappingProxyType({**_WEEK, "compression.type": "uncompressed"})
# A message as large as a request may be, with the headers that say why it is here.
_MONTH = MappingProxyType(
    {"cleanup.policy": "delete", "retention.ms": str(30 * _DAY), "max.message.bytes": str(2 * 1024 * 1024)}
)


def request_topic(service: str) -> str:
    """Of its own for each service, so that the broker's access rules say who may write which."""
    return REQUESTS if service == DEFAULT_SERVICE else f"{REQUESTS}.{service}"


def outgoing() -> list[Topic]:
    """What the publisher writes."""
    return [*(Topic(name, _KEPT) for name in FACTS.values()), Topic(INVOICE_STATE, _LATEST)]


def conversation(services: tuple[str, ...] = (DEFAULT_SERVICE,)) -> list[Topic]:
    """What other services write to, and are answered on."""
    return [
        *(Topic(request_topic(service), _PLAIN_WEEK) for service in services),
        Topic(REPLIES, _WEEK),
        Topic(DEAD_LETTERS, _MONTH),
    ]
