"""What the messenger asks of those who write messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.contact import Contact


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written: a message about `invoices` (streams) as they are now."""

    stream: str
    contact: Contact
    invoices: tuple[str, ...]
    message_id: str
    today: date


@dataclass(frozen=True, slots=True)
class Written:
    """The exact bytes; `texts` is the hash of the texts they were made of, `recipient` the address of an e-mail."""

    data: bytes
    texts: str
    sender: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Unwritten:
    """`code` is nothing_open, no_address, text_not_approved, text_unfit or no_glyph."""

    code: str


class Writer(Protocol):
    def write(self, drafts: Sequence[Draft]) -> Sequence[Written | Unwritten]:
        """One for each draft, in their order; what one of them cannot be written for holds up no other."""
