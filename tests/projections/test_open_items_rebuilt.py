"""The same rows whichever way they came: fact by fact as they happened, or all at once from the log."""

from collections import Counter

import pytest

from domain.invoice.facts import FeeCharged
from infra.log.ledger import Batch
from infra.views import rebuilding
from infra.views.projector import Projector
from projections.audit.view import AuditTrail
from projections.credit_risk.view import CreditRisk
from projections.open_items.lifetimes import Lifetimes
from projections.open_items.view import OpenItems
from tests.projections.plain_items import plain_items
from tests.projections.random_history import BEGIN, CAUSE, record

TABLES = ("open_periods", "closed_periods", "superseded_periods", "open_by_day", "open_by_customer")


class Carrying(OpenItems):
    """Rebuilt with hardly any claim carried from page to page."""

    def __init__(self, most):
        self.most = most

    def rebuild(self):
        return Lifetimes(self.most)


@pytest.fixture
def rows(pool):
    def found():
        with pool.connection() as conn:
            return {
                table: sorted(map(repr, conn.execute(f"select * from view_open_items.{table}").fetchall()))
                for table in TABLES
            }

    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("carried", [0, 5, 1000])
def test_a_rebuilt_view_is_the_live_one_row_for_row(ledger, pool, rows, seed, carried):
    record(ledger, seed, streams=40)
    live = Projector(ledger, pool, [OpenItems()], batch=1 + seed * 9)
    live.catch_up()
    assert live.parked("open_items") == []
    before = rows()
    assert all(before.values())
    again = Projector(ledger, pool, [Carrying(carried)], batch=23)
    assert again.compare("open_items") == []
    again.rebuild()
    assert rows() == before


@pytest.mark.parametrize("seed", range(2))
def test_views_rebuilt_by_two_processes_are_the_live_ones_row_for_row(ledger, pool, monkeypatch, seed):
    monkeypatch.setattr(rebuilding, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(rebuilding, "cores", lambda: 2)
    record(ledger, seed, streams=40)
    projector = Projector(ledger, pool, [Carrying(5), CreditRisk(), AuditTrail()], batch=23)
    projector.catch_up()
    assert [projector.compare(name) for name in projector.projections] == [[], [], []]
    projector.rebuild()
    assert [projector.compare(name) for name in projector.projections] == [[], [], []]


def test_facts_go_on_being_applied_after_a_rebuild(ledger, pool, rows):
    record(ledger, 7)
    projector = Projector(ledger, pool, [OpenItems()], batch=10)
    projector.catch_up()
    projector.rebuild()
    middle = ledger.head().position
    record_more(ledger)
    projector.catch_up()
    after = rows()
    assert ledger.head().position > middle
    projector.rebuild()
    assert rows() == after


def record_more(ledger):
    """A fee on every invoice there is."""
    entries = ledger.entries(0, 10_000)
    items = Counter(item.stream for item in plain_items(entries) if item.kind != "unapplied")
    versions = {entry.stream: entry.version for entry in entries}
    fees = [(stream, [(FeeCharged(count + 1, 5, BEGIN, "reminder"), BEGIN)]) for stream, count in items.items()]
    ledger.record_many([Batch(stream, versions[stream], facts, CAUSE) for stream, facts in fees])
