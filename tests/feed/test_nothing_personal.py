"""Nothing that a person wrote, and nobody's name, is on a topic: only the texts that are listed here.

A line is a fact and the texts that its message has. Whoever adds one says with it that no person's name, address or
free words can be in that field.
"""

from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

import orjson
import pytest

from domain.customer.facts import Registered
from domain.entry import Cause
from domain.kinds import FACTS
from infra.kafka.message import Message
from services.answers.published_fact import TEXTS, published
from tests.feed.any_fact import filled, headers, message, state

MARK = "Erika Mustermann, 030 5550123"
CAUSE = Cause(MARK, MARK, MARK, "talk", "invoice:main:R-1@1", None)

PUBLISHED = """
customer.registered: customer country
customer.terms_agreed: currency jurisdiction language channel policy
customer.credit_checked: source
customer.credit_limit_set: currency
customer.placed_on_hold: scope
customer.released_from_hold: scope
customer.contact_noted: channel
customer.policy_assigned: policy
customer.retainer_agreed: currency
customer.retainer_replenishment_requested: currency
customer.risk_reviewed: risk_class
customer.reported_to_bureau: bureau invoice
customer.bureau_report_withdrawn: bureau invoice
invoice.issued: number entity customer currency
invoice.delivered: channel
invoice.delivery_failed: channel
invoice.reminded: step channel contact
invoice.partially_paid: receipt
invoice.paid: receipt
invoice.payment_reversed: receipt
invoice.payment_reinstated: receipt
invoice.exchange_difference_taken: receipt
invoice.discount_taken: receipt kind
invoice.credit_note_applied: credit_note
invoice.credit_note_undone: credit_note
invoice.credit_note_reinstated: credit_note
invoice.disputed: reason_code
invoice.dispute_resolved: outcome
invoice.bureau_warned: bureau channel
invoice.factored: factor
invoice.placed_with_agency: agency
invoice.legal_action_started: kind
invoice.recovered: receipt
receipt.received: receipt entity currency customer
receipt.identified: customer
receipt.allocated: invoice rate
receipt.unallocated: invoice
receipt.allocation_reinstated: invoice
receipt.moved: entity
credit_note.issued: credit_note entity customer currency invoice
credit_note.allocated: invoice rate
credit_note.unallocated: invoice
credit_note.allocation_reinstated: invoice
case.policy_assigned: policy
case.step_decided: step policy because.currency because.calendar channel contact task
case.task_finished: task
contact.planned: kind entity customer step tone language policy channel
contact.planned: about.invoice about.step about.currency about.tone
contact.handed_over: channel sha256 invoices
contact.deferred: code
contact.delivery_failed: code
contact.delivery_unknown: code
contact.withheld: code invoices
entity.policy_assigned: policy
text.approved: language sha256
"""
LINES = [line.split(": ") for line in PUBLISHED.strip().splitlines()]
LISTED = {name: {text for each, texts in LINES if each == name for text in texts.split()} for name, _ in LINES}


def texts_of(kind: type) -> list[str]:
    """Names of published texts, those of parts as `part.text`."""
    found = []
    for each in published(kind):
        if each.form == "text":
            found.append(each.name)
        elif isinstance(each.form, type):
            found += [f"{each.name}.{text}" for text in texts_of(each.form)]
    return found


def kinds_within(kind: Any, at: str = "") -> dict[type, str]:
    """The classes of a fact's parts, each with where they are."""
    found = {kind: at}
    for name, hint in get_type_hints(kind).items():
        for each in (hint, *get_args(hint)):
            if is_dataclass(each):
                found |= kinds_within(each, f"{at}{name}.")
    return found


CODES = {"currency": "EUR", "country": "DE", "jurisdiction": "NL", "language": "nb"}


def marked(name: str) -> Any:
    """With the mark in every text but those that are listed."""
    places = kinds_within(FACTS[name])

    def text(kind: type, field: str) -> str:
        is_listed = f"{places.get(kind, '?.')}{field}" in LISTED.get(name, set())
        return CODES.get(field, f"{field}-1") if is_listed else MARK

    return filled(FACTS[name], text)


def everything(sent: Message) -> bytes:
    return b"\n".join([sent.key or b"", sent.value or b"", *(b"%s: %s" % (n.encode(), v) for n, v in sent.headers)])


@pytest.mark.parametrize("name", FACTS)
def test_the_texts_that_are_published_of_a_fact_are_those_listed(name: str):
    assert set(texts_of(FACTS[name])) == LISTED.get(name, set())


def test_the_names_of_published_texts_are_those_that_some_fact_has():
    assert {text.rpartition(".")[2] for texts in LISTED.values() for text in texts} == TEXTS | {"outcome"}


@pytest.mark.parametrize("name", FACTS)
def test_no_other_text_of_a_fact_or_its_envelope_leaves(name: str):
    fact = marked(name)
    sent = message(fact, cause=CAUSE)
    assert MARK.encode() not in everything(sent)
    assert b"Mustermann" not in everything(sent) and b"5550123" not in everything(sent)
    # What is listed is really there, so that the mark is not missing for another reason.
    for each in published(FACTS[name]):
        if each.form == "text" and not each.is_many:
            assert f'"{getattr(fact, each.name)}"'.encode() in (sent.value or b"")


@pytest.mark.parametrize("wrong", ["zqm", "Ann Example", "de", "DEU"])
def test_a_country_that_is_no_code_is_left_empty(wrong: str):
    sent = message(Registered("acme", wrong))
    assert orjson.loads(sent.value or b"")["data"] == {"customer": "acme", "country": ""}


@pytest.mark.parametrize("wrong", ["1.1 of Ann", " 1.1", "1.1\n", "1_000", "1e5", "NaN", "\u0661", "-1", "0", "1" * 21])
def test_a_rate_of_exchange_is_a_figure_and_no_other_text(desk, refused, wrong: str):
    desk.issue("R-1", 90_00)
    desk.receive("P-1", 100_00, currency="USD")
    with refused("bad_rate"):
        desk.do("allocate", "P-1", invoices=["R-1"], rate=wrong)
    desk.do("allocate", "P-1", invoices=["R-1"], rate="0.9")
    assert desk.receipt("P-1").allocations[0].rate == "0.9"


def test_an_id_with_blanks_in_it_may_be_a_sentence_and_stays_here():
    given = headers(message(marked("invoice.voided"), cause=Cause("ann", "c", None, "call of Ann", "note of Ann")))
    assert not {"ce_correlationid", "ce_causationid"} & given.keys()


def test_the_envelope_gives_away_what_belongs_together_and_no_more():
    given = headers(message(marked("invoice.voided"), cause=CAUSE))
    assert (given["ce_correlationid"], given["ce_causationid"]) == ("talk", "invoice:main:R-1@1")


def test_the_state_of_an_invoice_has_no_other_text_either():
    facts = ("invoice.reminded", "invoice.factored", "invoice.placed_with_agency", "invoice.legal_action_started")
    sent = state(*map(marked, facts), first=marked("invoice.issued"), cause=CAUSE)
    assert MARK.encode() not in everything(sent)
    value = orjson.loads(sent.value or b"")
    assert (value["step"], value["factor"], value["agency"], value["legal_action"]) == (
        "step-1",
        "factor-1",
        "agency-1",
        "kind-1",
    )


def test_the_mark_is_in_every_free_text():
    assert MARK in repr(marked("invoice.called")) and MARK in repr(marked("policy.published"))
