"""Content to bytes: an e-mail, a letter, what to say on the phone. The same content gives the same bytes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from infra.post.address import Mailbox, mailbox
from infra.texts.library import SCRIPT, Edition, Library
from infra.texts.locales import language_of
from infra.texts.mail import Envelope, bodies, mail
from services.messages.content import Content
from services.messages.letter import letter_page
from services.messages.page import page, shown_values
from services.messages.samples import samples

if TYPE_CHECKING:
    from infra.texts.letters import Letters


@dataclass(frozen=True, slots=True)
class Rendered:
    """`sha256` is of `data`; `texts` is the hash of the texts it was made of, which somebody must have approved."""

    data: bytes
    sha256: str
    texts: str


class Bodies(NamedTuple):
    subject: str
    text: str
    html: str


class Renderer:
    """`home` is where texts are edited. Everything raises `TextUnfit` where a text, a name or an address is unfit."""

    def __init__(self, home: Path):
        self._library = Library(home)

    def email(self, content: Content, *, sender: str, message_id: str, date: datetime) -> Rendered:
        """From the address `sender`, by itself in the name of the creditor, to whom answers go."""
        edition = self.edition(content.language)
        shown = page(content, edition)
        text, html = bodies(shown)
        name, address = mailbox(sender)
        envelope = Envelope(
            Mailbox(name or content.creditor.name, address),
            Mailbox(content.debtor.name, content.debtor.email),
            str(shown["subject"]),
            message_id,
            date,
            edition.language,
            content.creditor.email,
        )
        return _rendered(mail(envelope, text, html), edition)

    def letter(self, content: Content) -> Rendered:
        """A PDF of the day the content is of."""
        edition = self.edition(content.language)
        return _rendered(self._letters.pdf(letter_page(content, edition), content.on), edition)

    def script(self, content: Content, tone: str | None = None) -> str:
        """What to say on the phone at the step; where it has no script of its own, in this tone or the content's."""
        edition = self.edition(content.language)
        return edition.print(content.step, tone or content.tone, SCRIPT, shown_values(content, edition))

    def bodies(self, content: Content) -> Bodies:
        """What an e-mail says, to be looked at."""
        shown = page(content, self.edition(content.language))
        return Bodies(str(shown["subject"]), *bodies(shown))

    def tried(self, language: str) -> Edition:
        """The edition, each of its texts tried on samples; raises `TextUnfit` at the first that cannot be."""
        edition = self.edition(language)
        for step, tone in edition.steps_and_tones:
            for content in samples(language, step, tone):
                page(content, edition)
                self.script(content)
        return edition

    def edition(self, language: str) -> Edition:
        """The texts in a language as they read now; in English where there are none in it."""
        return self._library.edition(language_of(language))

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
