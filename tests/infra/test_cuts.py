"""Connections that are cut around a commit, when nobody knows whether the server had committed."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent

from infra.clock import now
from infra.database import open_pool
from infra.log.ledger import Batch, Ledger
from tests.infra.accounts import DAY, KINDS, Account, Moved, because, move, open_account
from tests.infra.conftest import Ticking
from tests.infra.proxy import Proxy, proxied

COMMIT = b"COMMIT"


@pytest.fixture
def proxy(ledger_url: str) -> Iterator[Proxy]:
    with proxied(ledger_url) as proxy:
        yield proxy


@pytest.fixture
def ledger(proxy: Proxy, clock: Ticking) -> Iterator[Ledger]:
    with open_pool(proxy.url, size=1) as pool:
        ledger = Ledger(pool, clock=clock, kinds=KINDS)
        ledger.change(["account:a"], lambda a: {"account:a": open_account(a)}, on=DAY, cause=because("o"), content=1)
        yield ledger


def pay_in(ledger: Ledger, command_id: str, amount_minor: int = 100):
    def decide(account: Account):
        return {"account:a": move(account, amount_minor)}

    return ledger.change(["account:a"], decide, on=DAY, cause=because(command_id), content={"amount": amount_minor})


def end_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'receivables'"
        )


def test_a_reply_lost_after_commit_is_made_good_by_the_first_answer(ledger: Ledger, proxy: Proxy):
    proxy.swallow_the_answer_to(b"pay-1")
    done = pay_in(ledger, "pay-1")
    assert proxy.has_cut.is_set()
    assert [(fact.position, fact.version) for fact in done.facts] == [(2, 2)]
    assert ledger.head().position == 2


def test_what_was_decided_before_the_cut_is_remembered_as_it_was_recorded(ledger: Ledger, proxy: Proxy):
    proxy.swallow_the_answer_to(b"pay-1")
    pay_in(ledger, "pay-1")
    pay_in(ledger, "pay-2")
    assert ledger.state("account:a").balance_minor == 200


def test_a_repeat_whose_reply_is_lost_leaves_no_false_memory(ledger: Ledger, proxy: Proxy, ledger_url: str):
    with open_pool(ledger_url) as pool:
        elsewhere = Ledger(pool, clock=now, kinds=KINDS)
        pay_in(elsewhere, "other", 5)
        first = pay_in(elsewhere, "pay-1")
    proxy.swallow_the_answer_to(b"pay-1")
    assert pay_in(ledger, "pay-1") == replace(first, is_repeat=True)
    assert proxy.has_cut.is_set()
    assert ledger.state("account:a").balance_minor == 105


def test_an_append_cut_before_it_reached_the_server_is_made_on_another_connection(ledger: Ledger, proxy: Proxy):
    proxy.drop(b"pay-1")
    assert pay_in(ledger, "pay-1").position == 2
    assert proxy.has_cut.is_set()
    assert len(ledger.facts("account:a")) == 2


def test_events_without_a_command_are_found_again_by_their_bytes(ledger: Ledger, proxy: Proxy):
    stored = StoredEvent("account:a", 2, *ledger.mapper.encode(Moved(7), DAY, because("marker")))
    proxy.swallow_the_answer_to(b"marker")
    assert ledger.recorder.insert_events([stored]) == [2]
    assert proxy.has_cut.is_set()


def test_events_of_somebody_else_at_the_same_version_are_a_conflict_not_a_success(ledger: Ledger, proxy: Proxy):
    pay_in(ledger, "pay-1")
    stored = StoredEvent("account:a", 2, *ledger.mapper.encode(Moved(7), DAY, because("marker")))
    proxy.swallow_the_answer_to(b"marker")
    with pytest.raises(IntegrityError):
        ledger.recorder.insert_events([stored])


def test_a_bulk_append_whose_reply_is_lost_is_found_again(ledger: Ledger, proxy: Proxy):
    batches = [Batch(f"account:{n}", 0, [(open_account(None)[0], DAY)], because("bulk")) for n in range(50)]
    proxy.swallow_the_answer_to(COMMIT)
    assert ledger.record_many(batches).position == 51
    assert proxy.has_cut.is_set()
    assert ledger.head().position == 51


def test_a_bulk_append_cut_before_its_commit_is_made_once(ledger: Ledger, proxy: Proxy):
    batches = [Batch(f"account:{n}", 0, [(open_account(None)[0], DAY)], because("bulk")) for n in range(50)]
    proxy.drop(COMMIT)
    assert ledger.record_many(batches).position == 51
    assert ledger.verify().verified == 51


def test_a_backend_that_is_terminated_is_replaced(ledger: Ledger, ledger_url: str):
    pay_in(ledger, "pay-1")
    end_connections(ledger_url)
    assert pay_in(ledger, "pay-2").position == 3


def test_a_command_reads_over_another_connection_when_the_one_kept_for_commands_is_gone(
    ledger: Ledger, ledger_url: str
):
    pay_in(ledger, "pay-1")
    end_connections(ledger_url)
    known, rows = ledger.recorder.select_command_and_streams("pay-1", {"account:a": 0})
    assert known
    assert known.position == 2
    assert [version for _, version, *_ in rows] == [1, 2]


def test_reading_goes_on_over_another_connection(ledger: Ledger, proxy: Proxy):
    proxy.drop(b"")
    assert len(ledger.facts("account:a")) == 1
    assert proxy.has_cut.is_set()


def test_a_server_that_stays_away_is_an_error_the_caller_can_retry(proxy: Proxy, clock: Ticking):
    with open_pool(proxy.url, size=0) as pool:
        pool.timeout = 0.5
        ledger = Ledger(pool, clock=clock, kinds=KINDS)
        ledger.head()
        proxy.drop(b"")
        proxy.close()
        with pytest.raises(OperationalError):
            ledger.head()
