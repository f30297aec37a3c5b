"""A message that leaves the house, and what may become of it when it is handed over."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """The exact bytes for one receiver. `message_id` is as in the header, with its angle brackets.

    A letter has no sender and no recipient: what it says of them is printed on it.
    """

    contact: str
    attempt: int
    message_id: str
    data: bytes
    sender: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Whoever carries it has it, for good."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not taken, for now, and it has certainly not left. `is_server`: any other message would have fared the same.

    Codes are a server's digits, or a word of ours; never what a server wrote, since that may quote an address.
    """

    code: str
    is_server: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Not taken, and asking again would not help."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have left or not: the end of it was sent, and no answer came."""

    code: str


Delivery = Taken | Deferred | Refused | Unknown


class Transport(Protocol):
    """Hands messages over, one at a time. It raises nothing for what a server or a disk does."""

    def hand_over(self, message: Message) -> Delivery: ...

    def close(self) -> None:
        """At the end of a batch; it can be used again after that."""
        ...
