"""Content to bytes: an e-mail, a letter, what to say on the phone. The same content gives the same bytes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from infra.texts.library import SCRIPT, Edition, Library
from infra.texts.locales import language_of
from infra.texts.mail import Envelope, Mailbox, bodies, mail
from infra.texts.templates import Parts, Printable
from services.messages.content import Content
from services.messages.letter import letter_page
from services.messages.page import Plain, page, shown_values

if TYPE_CHECKING:
    from infra.texts.letters import Letters


@dataclass(frozen=True, slots=True)
class Rendered:
    """`sha256` is of `data`; `texts` is the hash of the texts it was made of, which somebody must have approved."""

    data: bytes
    sha256: str
    texts: str


class Renderer:
    """`home` is where texts are edited. Everything raises `TextUnfit` where a text, a name or an address is unfit."""

    def __init__(self, home: Path):
        self._library = Library(home)

    def email(self, content: Content, *, sender: str, message_id: str, date: datetime) -> Rendered:
        """From the creditor at the address `sender`; answers go to the creditor's own."""
        edition = self.edition(content.language)
        shown = page(content, edition)
        text, html = bodies(_parts(shown))
        envelope = Envelope(
            Mailbox(sender, content.creditor.name),
            Mailbox(content.debtor.email, content.debtor.name),
            str(shown["subject"]),
            message_id,
            date,
            edition.language,
            content.creditor.email,
            content.reference,
        )
        return _rendered(mail(envelope, text, html), edition)

    def letter(self, content: Content) -> Rendered:
        """A PDF of the day the content is of."""
        edition = self.edition(content.language)
        return _rendered(self._letters.pdf(letter_page(content, edition), content.on), edition)

    def script(self, content: Content) -> str:
        """What to say on the phone."""
        edition = self.edition(content.language)
        return edition.print(content.step, content.tone, SCRIPT, shown_values(content, edition))

    def bodies(self, content: Content) -> tuple[str, str]:
        """What an e-mail says, as text and as HTML, to be looked at."""
        return bodies(_parts(page(content, self.edition(content.language))))

    def edition(self, language: str) -> Edition:
        """The texts in a language as they read now; in English where there are none in it."""
        return self._library.edition(language_of(language))

    def texts_hash(self, language: str) -> str:
        return self.edition(language).sha256

    def is_approved(self, language: str, approved_hashes: Collection[str]) -> bool:
        """Whether they read as shipped, or as somebody approved them."""
        edition = self.edition(language)
        return edition.is_shipped or edition.sha256 in approved_hashes

    @cached_property
    def _letters(self) -> "Letters":
        from infra.texts.letters import Letters

        return Letters()


def _rendered(data: bytes, edition: Edition) -> Rendered:
    return Rendered(data, sha256(data).hexdigest(), edition.sha256)


def _parts(value: Mapping[str, Plain]) -> dict[str, Printable]:
    return {name: _printable(each) for name, each in value.items()}


def _printable(value: Plain) -> Printable:
    if isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return Parts(**_parts(value))
    return tuple(_printable(each) for each in value)
