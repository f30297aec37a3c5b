"""Decisions and the ledger: what fails in one comes out, and what one rests on is held against what came since."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from domain.entry import Entry
from infra.database import Pool
from infra.log import ledger as ledger_module
from infra.log.bulk import MovedOn
from infra.log.decision import Done, Overtaken
from infra.log.ledger import Batch, Ledger, Unless
from tests.infra.accounts import DAY, KINDS, Account, Moved, Opened, because, move, open_account
from tests.infra.conftest import Ticking

A, B = "account:a", "account:b"


@pytest.fixture
def elsewhere(pool: Pool, clock: Ticking) -> Ledger:
    """The same ledger in another process: it shares the database, not the memory."""
    return Ledger(pool, clock=clock, kinds=KINDS, pause=lambda attempt: None)


def change(
    ledger: Ledger, stream: str, decide: Callable[..., Any], command_id: str, unless: Unless | None = None
) -> Done:
    return ledger.change(
        [stream],
        lambda account: {stream: decide(account)},
        on=DAY,
        cause=because(command_id),
        content=command_id,
        unless=unless,
    )


def opened(ledger: Ledger, *streams: str) -> None:
    for stream in streams:
        change(ledger, stream, open_account, f"open {stream}")


def moved(account: Account) -> list[Moved]:
    return move(account, 10)


def after(position: int, kind: type = Moved) -> Unless:
    def concerns(entry: Entry) -> bool:
        return isinstance(entry.fact, kind)

    return Unless(position, concerns)


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyError, AttributeError, ValueError])
def test_what_fails_in_a_decision_comes_out_as_it_is(ledger: Ledger, elsewhere: Ledger, error: type[Exception]):
    opened(ledger, A)

    def fails(account: Account) -> list[Moved]:
        raise error("in the decision")

    for by in (elsewhere, ledger):
        for unless in (None, after(0, Moved)):
            with pytest.raises(error, match="in the decision"):
                change(by, A, fails, "fails", unless)
    assert ledger.answer("fails") is None
    assert ledger.head().position == 1


def test_a_decision_that_fails_from_memory_alone_is_not_asked_again(ledger: Ledger):
    """Only a refusal may rest on what is overtaken; whatever else goes wrong is a fault, and is not covered up."""
    opened(ledger, A)
    looks = []

    def fails_at_first(account: Account) -> list[Moved]:
        looks.append(account)
        if len(looks) == 1:
            raise ZeroDivisionError
        return moved(account)

    with pytest.raises(ZeroDivisionError):
        change(ledger, A, fails_at_first, "fails")
    assert len(looks) == 1


def test_a_decision_is_overtaken_by_a_fact_it_is_concerned_with(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A)
    looked_at = ledger.head().position
    change(elsewhere, B, open_account, "other")
    change(elsewhere, B, moved, "meanwhile")

    with pytest.raises(Overtaken):
        change(ledger, A, moved, "here", after(looked_at))
    assert ledger.answer("here") is None
    assert change(ledger, A, moved, "here", after(ledger.head().position)).facts


def test_a_fact_it_is_not_concerned_with_does_not_matter(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A)
    looked_at = ledger.head().position
    change(elsewhere, B, open_account, "other")

    assert change(ledger, A, moved, "here", after(looked_at)).facts


def test_whoever_looked_too_long_ago_must_look_again(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    """While others wait, no more than a page is looked through."""
    opened(ledger, A, B)
    monkeypatch.setattr(ledger_module, "PAGE", 2)

    with pytest.raises(Overtaken):
        change(ledger, A, moved, "here", after(0))
    assert change(ledger, A, moved, "here", after(1)).facts


def test_a_command_that_was_answered_is_answered_though_it_is_overtaken_by_now(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A)
    first = change(ledger, A, moved, "here", after(1))
    change(elsewhere, A, moved, "meanwhile")

    again = change(ledger, A, moved, "here", after(1))

    assert (again.is_repeat, again.position) == (True, first.position)


def test_nothing_is_recorded_between_the_look_at_the_log_and_the_decision(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A, B)
    with ThreadPoolExecutor(1) as others:

        def decide(account: Account) -> list[Moved]:
            meanwhile = others.submit(change, elsewhere, B, moved, "meanwhile")
            with pytest.raises(TimeoutError):
                meanwhile.result(timeout=0.3)
            return moved(account)

        done = change(ledger, A, decide, "here", after(2))
    assert elsewhere.answer("meanwhile") is not None
    assert ledger.head().position == done.position + 1


def test_many_facts_are_not_recorded_when_a_stream_that_was_only_looked_at_moved_on(ledger: Ledger, elsewhere: Ledger):
    opened(ledger, A, B)
    read = ledger.read([A, B])
    change(elsewhere, B, moved, "meanwhile")
    batch = Batch(A, read[A].version, [(Moved(5), DAY)], because("bulk"))

    with pytest.raises(MovedOn) as moved_on:
        ledger.record_many([batch], {B: read[B].version})
    assert B in str(moved_on.value)
    assert ledger.head().position == 3
    assert ledger.record_many([batch], {B: read[B].version + 1}).position == 4


def test_many_facts_for_a_stream_that_was_not_there_are_not_recorded_when_it_is_by_now(
    ledger: Ledger, elsewhere: Ledger
):
    opened(ledger, A)
    read = ledger.read([A, B])
    opened(elsewhere, B)

    with pytest.raises(MovedOn):
        ledger.record_many([Batch(A, 1, [(Moved(5), DAY)], because("bulk"))], {B: read[B].version})
    with pytest.raises(MovedOn):
        ledger.record_many([Batch(B, 0, [(Opened("bob", DAY), DAY)], because("bulk"))])
