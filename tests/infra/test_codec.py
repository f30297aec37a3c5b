import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import pytest
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from hypothesis import given
from hypothesis import strategies as st

from domain.entry import Cause, Entry
from domain.kinds import FACTS
from infra.log.codec import FactMapper, UnknownFact
from tests.infra.accounts import DAY, Moved, Opened, because
from tests.infra.accounts import FACTS as ACCOUNT_FACTS

MAPPER = FactMapper(ACCOUNT_FACTS)
OPENED = (
    b'{"on":"2026-01-05","actor":"tester","reason":"to see","command":"c1","v":1,'
    b'"data":{"owner":"ann","opened_on":"2026-01-05"}}'
)


@dataclass(frozen=True, slots=True)
class Part:
    item: int
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Split:
    parts: tuple[Part, ...]
    labels: tuple[str, ...] = ()
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    pass


@dataclass(frozen=True, slots=True)
class Renamed:
    """The third version of a fact: first `name`, then `holder`, now `owner` and where it came from."""

    owner: str
    source: str


def stored(version: int, data: dict[str, Any]) -> bytes:
    return orjson.dumps({"on": "2026-01-05", "actor": "tester", "command": "c1", "v": version, "data": data})


def test_the_same_fact_always_gives_the_same_bytes_and_what_is_none_is_left_out():
    assert MAPPER.encode(Opened("ann", DAY), DAY, because("c1")) == ("account.opened", OPENED)


def test_what_is_left_out_reads_as_none_and_the_cause_comes_back_whole():
    cause = Cause(
        "ann", "c1", "why", "conversation", "cause", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    )
    assert MAPPER.decode(*MAPPER.encode(Opened("ann", DAY), DAY, cause)) == (Opened("ann", DAY), DAY, cause)


@pytest.mark.parametrize("fact", [Closed(), Split((Part(1, DAY), Part(2)), ("a", "b"), True), Split(())])
def test_parts_within_parts_and_facts_without_fields_come_back_as_they_were(fact: object):
    mapper = FactMapper({"split": Split, "closed": Closed})
    assert mapper.decode(*mapper.encode(fact, DAY, because("c1"))).fact == fact


def test_an_entry_goes_through_the_librarys_stored_event():
    entry = Entry("account:a", 3, Moved(5), DAY, because("c1"))
    assert MAPPER.to_domain_event(MAPPER.to_stored_event(entry)) == entry


_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_numbers = st.integers(-(2**63), 2**63 - 1)


@given(st.data())
def test_every_fact_comes_back_as_it_was(data: st.DataObject):
    mapper = FactMapper(FACTS)
    kind = data.draw(st.sampled_from(sorted(FACTS.values(), key=repr)))
    with_bounds = {str: _texts, int: _numbers}
    fact = data.draw(_built(kind, with_bounds))
    name, state = mapper.encode(fact, DAY, because("c1"))
    assert mapper.decode(name, state).fact == fact


def _built(kind: type, bounds: dict[type, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    from typing import get_args, get_type_hints

    def of(hint: Any) -> st.SearchStrategy[Any]:
        if hint in bounds:
            return bounds[hint]
        inner = get_args(hint)
        if hasattr(hint, "__dataclass_fields__"):
            return _built(hint, bounds)
        if inner and inner[-1] is Ellipsis:
            return st.lists(of(inner[0]), max_size=3).map(tuple)
        return st.one_of(*map(of, inner)) if inner else st.from_type(hint)

    return st.builds(kind, **{name: of(hint) for name, hint in get_type_hints(kind).items()})


@pytest.mark.parametrize("name", ["account.closed", "", "os:system", "tests.infra.accounts:Opened"])
def test_a_name_that_is_not_ours_is_refused(name: str):
    with pytest.raises(UnknownFact) as refusal:
        MAPPER.to_domain_event(StoredEvent("account:a", 1, name, OPENED))
    assert refusal.value.name == name


def test_no_module_is_imported_because_stored_data_names_it():
    with pytest.raises(UnknownFact):
        MAPPER.decode("this:s", OPENED)
    assert "this" not in sys.modules


def test_a_fact_nobody_named_is_not_stored():
    with pytest.raises(UnknownFact):
        MAPPER.encode(Closed(), DAY, because("c1"))


def test_a_fact_of_a_later_version_is_refused_rather_than_misread():
    with pytest.raises(UnknownFact) as refusal:
        MAPPER.decode("account.moved", stored(2, {"amount_minor": 5}))
    assert refusal.value.version == 2


@pytest.mark.parametrize("state", [b"", b"{", b"[]", b"\xff", b"{}", stored(1, {"amount_minor": "5"}), stored(1, {})])
def test_damaged_bytes_are_an_error_that_names_the_fact(state: bytes):
    with pytest.raises(MapperDeserialisationError, match=r"account\.moved"):
        MAPPER.decode("account.moved", state)


def test_an_old_version_is_lifted_step_by_step():
    mapper = FactMapper(
        {"account.renamed": Renamed},
        versions={"account.renamed": 3},
        upcasts={
            ("account.renamed", 1): lambda old: {"holder": old["name"]},
            ("account.renamed", 2): lambda old: {"owner": old["holder"], "source": "before sources were kept"},
        },
    )
    lifted = Renamed("ann", "before sources were kept")
    assert mapper.decode("account.renamed", stored(1, {"name": "ann"})).fact == lifted
    assert mapper.decode("account.renamed", stored(2, {"holder": "ann"})).fact == lifted
    assert mapper.decode(*mapper.encode(lifted, DAY, because("c1"))).fact == lifted


def test_a_new_version_without_a_way_up_from_the_old_is_refused_at_the_start():
    with pytest.raises(ValueError, match="nothing lifts version 1"):
        FactMapper({"account.renamed": Renamed}, versions={"account.renamed": 2}, upcasts={})


def test_two_names_for_one_fact_are_refused_at_the_start():
    with pytest.raises(ValueError, match="two names"):
        FactMapper({"account.opened": Opened, "account.begun": Opened})


def test_a_field_whose_absence_would_mean_something_else_than_none_is_refused_at_the_start():
    @dataclass(frozen=True)
    class Limited:
        limit_minor: int | None = 0

    with pytest.raises(TypeError, match="limit_minor may be None and must default to it"):
        FactMapper({"account.limited": Limited})
