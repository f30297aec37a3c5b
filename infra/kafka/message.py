"""What goes to a topic and what comes from one, and what errors say that no broker is there for it now."""

from typing import NamedTuple

# In place of the name of a header that is no text.
NO_TEXT = "\N{REPLACEMENT CHARACTER}"


class BrokerAway(Exception):
    """No broker answers, or none that can take or give messages now: the same may be asked again later."""


class Place(NamedTuple):
    """One partition of a topic."""

    topic: str
    partition: int


class Record(NamedTuple):
    """What was read from a topic, and where it stood; `timestamp` in milliseconds of when it was written."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp: int = 0


Header = tuple[str, bytes]


class Message(NamedTuple):
    """`partition` is chosen by the sender; None leaves it to the key."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[Header]
    partition: int | None = None
