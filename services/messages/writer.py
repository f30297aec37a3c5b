"""Who writes what the messenger hands over: content out of the ledger, bytes made of it, in texts that are approved."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.contact import Contact
from domain.policy.document import EMAIL
from domain.text import Texts, text_stream
from infra.clock import Clock
from infra.log.ledger import Ledger
from infra.post.address import deliverable, mailbox
from infra.post.ways import NOBODYS_DOMAIN
from infra.texts.locales import LANGUAGES, language_of
from infra.texts.templates import TextUnfit
from services.messages.content import Content
from services.messages.gathering import Gathering, Wanted
from services.messages.rendering import Renderer
from services.messages.writing import Draft, Unwritten, Written

NO_ADDRESS, NOT_APPROVED, NOTHING_OPEN = "no_address", "text_not_approved", "nothing_open"


class MessageWriter:
    """`sender` is the address all e-mails come from, with a name or without; by default the creditor's own."""

    def __init__(self, ledger: Ledger, gathering: Gathering, renderer: Renderer, *, clock: Clock, sender: str | None):
        self._ledger, self._gathering, self._renderer = ledger, gathering, renderer
        self._clock, self._sender = clock, sender

    def write(self, drafts: Sequence[Draft]) -> list[Written | Unwritten]:
        contents = self._gathering.contents([_wanted(draft) for draft in drafts])
        approved = self._ledger.states(map(text_stream, LANGUAGES))
        return [self._written(draft, content, approved) for draft, content in zip(drafts, contents, strict=True)]

    def script(self, stream: str, today: date) -> str | None:
        """What to say in a call; None where nothing is left to ask for, or its text cannot be printed."""
        contact: Contact | None = self._ledger.state(stream)
        if contact is None:
            return None
        planned = contact.planned
        [content] = self._gathering.contents([Wanted.planned(contact, today, (each.invoice for each in planned.about))])
        try:
            return self._renderer.script(content, planned.script) if content.lines else None
        except TextUnfit:
            return None

    def _written(self, draft: Draft, content: Content, approved: Mapping[str, Texts | None]) -> Written | Unwritten:
        is_email = draft.contact.planned.channel == EMAIL
        if not content.lines:
            return Unwritten(NOTHING_OPEN)
        if not (deliverable(content.debtor.email) if is_email else content.debtor.address):
            return Unwritten(NO_ADDRESS)
        texts = approved[text_stream(language_of(content.language))] or Texts()
        try:
            if not self._renderer.is_approved(content.language, texts.approved):
                return Unwritten(NOT_APPROVED)
            return self._mail(draft, content) if is_email else self._letter(content)
        except TextUnfit as unfit:
            return Unwritten(unfit.code)

    def _mail(self, draft: Draft, content: Content) -> Written:
        sender = self._sender or content.creditor.email or f"{draft.contact.planned.entity}@{NOBODYS_DOMAIN}"
        mail = self._renderer.email(content, sender=sender, message_id=draft.message_id, date=self._clock())
        return Written(mail.data, mail.texts, mailbox(sender).address, content.debtor.email)

    def _letter(self, content: Content) -> Written:
        letter = self._renderer.letter(content)
        return Written(letter.data, letter.texts)


def _wanted(draft: Draft) -> Wanted:
    # The beginning of the Message-ID: short enough to be read out, and it says nothing of anybody.
    reference = draft.message_id.strip("<>")[:8].upper()
    return Wanted.planned(draft.contact, draft.today, draft.invoices, reference)
