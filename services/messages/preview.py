"""A message as it would read today, to be looked at: nothing is recorded and nothing is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.customer import Customer
from domain.entry import customer_stream, invoice_stream
from domain.invoice import Invoice
from domain.policy.document import Step
from domain.refusal import Refused
from domain.text import Texts, text_stream
from infra.disclosures import CONTACT, Disclose
from infra.log.ledger import Ledger
from infra.policies.shipped import GENERAL, shipped
from infra.texts.library import SUBJECT, Edition
from infra.texts.locales import LANGUAGES
from services.messages.content import Content
from services.messages.gathering import Gathering
from services.messages.rendering import Renderer


@dataclass(frozen=True, slots=True)
class Preview:
    """`missing` is what the creditor's data lacks; `is_approved` says whether its texts may be sent as they read."""

    content: Content
    edition: Edition
    missing: Sequence[str]
    is_approved: bool


class Previews:
    def __init__(self, ledger: Ledger, gathering: Gathering, renderer: Renderer, disclose: Disclose):
        self._ledger, self._gathering, self.renderer = ledger, gathering, renderer
        self._disclose = disclose

    def preview(
        self, named: str, *, step: str, on: date, entity: str, language: str | None = None, tone: str | None = None
    ) -> Preview:
        """About an invoice, or about what a customer is overdue with; if nothing is, about all they owe.

        Refuses `unknown_language`, `unknown_step`, `not_registered` and `nothing_open`.
        """
        if language is not None:
            require_language(language)
        customer, invoices = self._about(named, entity, on)
        content = self._gathering.content(
            customer, entity, invoices, step=step, tone=tone or "friendly", on=on, language=language
        )
        if content.debtor.is_known:
            self._disclose("message preview", [customer], CONTACT)
        edition = self.renderer.edition(content.language)
        content = _as_planned(content, tone, edition)
        texts: Texts | None = self._ledger.state(text_stream(edition.language))
        is_approved = edition.is_shipped or bool(texts and edition.sha256 in texts.approved)
        return Preview(content, edition, content.creditor.missing, is_approved)

    def _about(self, named: str, entity: str, on: date) -> tuple[str, Sequence[str]]:
        stream = invoice_stream(named, entity)
        found = self._ledger.states([stream, customer_stream(named)])
        invoice: Invoice | None = found[stream]
        if invoice:
            return invoice.issued.customer, [stream]
        customer: Customer | None = found[customer_stream(named)]
        if customer is None:
            raise Refused("not_registered", f"there is no invoice {named} of {entity}, and no customer {named}")
        return named, self._overdue(self._gathering.open_invoices(named, entity), on)

    def _overdue(self, streams: Sequence[str], on: date) -> list[str]:
        states = self._ledger.states(streams)
        owed = {stream: states[stream] for stream in streams if _is_chased(states[stream])}
        overdue = [stream for stream, invoice in owed.items() if _first_due(invoice) < on]
        return overdue or [*owed]


def require_language(language: str) -> str:
    if language not in LANGUAGES:
        raise Refused("unknown_language", f"texts are in one of {', '.join(LANGUAGES)}", "language")
    return language


def _as_planned(content: Content, tone: str | None, edition: Edition) -> Content:
    """In the tone and with the day to pay by that the general ladder has for the step."""
    step = next((each for each in shipped()[GENERAL].steps if each.name == content.step), None)
    if step is None and tone is None and not edition.has(content.step, SUBJECT):
        known = ", ".join(each.name for each in shipped()[GENERAL].steps)
        raise Refused("unknown_step", f"there is no text for a step {content.step[:40]}; steps are {known}", "step")
    return replace(content, tone=tone or (step.tone if step else content.tone), pay_by=_pay_by(content, step))


def _pay_by(content: Content, step: Step | None) -> date:
    if step and step.lapses_when_due:
        return max(content.on, min(line.due_on for line in content.lines))
    return content.on + timedelta(days=step.pay_within_days if step else 7)


def _is_chased(invoice: Invoice) -> bool:
    is_ours = not invoice.is_factored and not invoice.agency
    return is_ours and invoice.disputed_minor < invoice.open_minor


def _first_due(invoice: Invoice) -> date:
    days: Iterable[date] = (item.due_on for item in invoice.items if item.open_minor)
    return min(days)
