import re
from dataclasses import is_dataclass
from datetime import date
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import pytest

from domain import receipt
from domain.customer import facts as customer
from domain.entry import Cause, Entry
from domain.invoice import facts as invoice_facts
from domain.kinds import FACTS, NAMES
from tests.domain.examples import INVOICE

PLAIN = (str, int, bool, date, type(None))
NUMBERS = (
    "allocation", "attempt", "contacts", "decided", "dispute", "first_item", "item", "late_days", "level", "missed",
    "offer", "policy_version", "promise", "returned", "run", "score", "version",
)  # fmt: skip


def test_every_fact_has_a_stored_name_and_every_name_a_fact():
    for stream, kinds in (("customer", customer.Fact), ("invoice", invoice_facts.Fact), ("receipt", receipt.Fact)):
        named = {fact for name, fact in FACTS.items() if name.startswith(f"{stream}.")}
        assert named == set(get_args(kinds))
    assert {NAMES[fact]: fact for fact in NAMES} == FACTS


@pytest.mark.parametrize("name", FACTS)
def test_a_stored_name_is_the_fact_s_name_in_the_past_tense(name):
    said = re.sub(r"(?<!^)([A-Z])", r"_\1", FACTS[name].__name__).lower()
    assert name.partition(".")[2] == said
    assert not re.search("updated|changed", name)


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_a_fact_is_frozen_and_made_of_plain_values(fact):
    assert fact.__dict__["__dataclass_params__"].frozen
    assert hasattr(fact, "__slots__")
    for field, hint in get_type_hints(fact).items():
        assert _is_plain(hint), f"{fact.__name__}.{field} is {hint}"
        assert hint is not int or field in NUMBERS or field.endswith(("_minor", "basis_points"))


def _is_plain(hint):
    if isinstance(hint, UnionType):
        return all(_is_plain(each) for each in get_args(hint))
    if get_origin(hint) is tuple:
        [inner, rest] = get_args(hint)
        return rest is ... and _is_plain(inner)
    return hint in PLAIN or (_is_frozen(hint) and all(_is_plain(each) for each in get_type_hints(hint).values()))


def _is_frozen(kind):
    return is_dataclass(kind) and kind.__dict__["__dataclass_params__"].frozen


def test_an_entry_is_named_by_its_stream_and_version():
    entry = Entry("invoice:main:R-1", 1, INVOICE, INVOICE.issued_on, Cause("kim", "c-1"))
    assert (entry.originator_id, entry.originator_version) == ("invoice:main:R-1", 1)
    assert (entry.position, entry.recorded_at) == (0, None), "the log has not seen it yet"
    assert entry.event_id == "invoice:main:R-1@1"
