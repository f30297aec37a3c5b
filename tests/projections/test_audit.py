"""The index over the log that finds facts by their envelope."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.customer.facts import Registered
from domain.entry import Cause, Entry
from domain.kinds import FACTS, KINDS, NAMES
from domain.receipt import Allocated, Identified, Received
from domain.refusal import Refused
from infra.database import Pool, open_pool
from infra.log.ledger import Batch, Ledger
from infra.views.answers import Views
from infra.views.projector import Projector
from projections.audit.view import Asked, AuditTrail, few, names
from projections.projection import Query, Rows
from tests.projections.test_difference import ISSUED, JAN, TODAY, WORKED

CAUSE = Cause("eve", "command-1", "because", "run-1", "invoice:main:R-0@1")


def written(*entries: Entry) -> dict[str, Any]:
    batch = AuditTrail().batch(())
    for entry in entries:
        batch.take(entry)
    rows = [each for each in batch.writes() if isinstance(each, Rows)]
    return {each.table: [dict(zip(each.columns, row, strict=True)) for row in each.rows] for each in rows}


def test_the_index_holds_the_envelope_and_nothing_of_the_fact():
    assert written(Entry("invoice:main:R-1", 1, ISSUED, JAN, CAUSE, 7)) == {
        "entries": [
            {
                "position": 7,
                "effective_on": JAN,
                "name": "invoice.issued",
                "actor": "eve",
                "command_id": "command-1",
                "correlation_id": "run-1",
            }
        ],
        "owners": [{"customer": "ann", "stream": "invoice:main:R-1"}],
    }


def test_a_stream_belongs_to_the_customer_it_names_first_or_later():
    facts = [
        ("customer:ann", Registered("ann")),
        ("receipt:m1", Received("m1", "main", "EUR", 100, JAN)),
        ("receipt:m1", Allocated(1, "invoice:main:R-1", 100)),
        ("receipt:m1", Identified("bob")),
        ("receipt:m2", Received("m2", "main", "EUR", 100, JAN, "cleo")),
    ]
    owners = written(*(Entry(stream, 1, fact, JAN, CAUSE) for stream, fact in facts))["owners"]
    assert [tuple(owner.values()) for owner in owners] == [
        ("ann", "customer:ann"),
        ("bob", "receipt:m1"),
        ("cleo", "receipt:m2"),
    ]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("invoice.paid", ["invoice.paid"]),
        ("invoice.pa*", [name for name in FACTS if name.startswith("invoice.pa")]),
        ("receipt", [name for name in FACTS if name.startswith("receipt.")]),
        ("*", list(FACTS)),
    ],
)
def test_a_kind_is_a_name_or_what_names_begin_with(kind, found):
    assert names(kind) == found


@pytest.mark.parametrize("kind", ["invoice.updated", "invoice.paid.", "%", "'"])
def test_a_kind_no_fact_has_is_refused(kind):
    with pytest.raises(Refused, match="unknown_kind"):
        names(kind)


# On a real database


@pytest.fixture
def pool(database_url: str) -> Iterator[Pool]:
    with open_pool(database_url) as pool:
        yield pool


@pytest.fixture
def ledger(pool: Pool) -> Ledger:
    """Every fact there is, each with the history that leads to it in a stream of its own."""
    ledger = Ledger(pool, clock=lambda: datetime(2026, 3, 10, tzinfo=UTC), kinds=KINDS)
    for number, (history, fact, _) in enumerate(WORKED):
        kind = NAMES[type(fact)].partition(".")[0]
        dated = [(each, TODAY) for each in [*history, fact]]
        ledger.record_many([Batch(f"{kind}:{number}", 0, dated, Cause(f"actor-{number}", f"command-{number}"))])
    return ledger


def test_an_index_made_anew_is_the_live_one_row_for_row(ledger, pool):
    projector = Projector(ledger, pool, [AuditTrail()], batch=7)
    head = projector.catch_up()
    assert projector.parked("audit") == []
    assert projector.compare("audit") == []
    entries = ledger.entries(0)
    [(indexed,)] = Views(pool).ask(Query("select array_agg(position order by position) from view_audit.entries"))
    assert indexed == [entry.position for entry in entries] == list(range(1, head + 1))
    projector.rebuild("audit")
    assert projector.compare("audit") == []


RARE = [
    (Asked(command_id="command-77000"), 77_000),
    (Asked(correlation_id="run-50017"), 50_017),
    (Asked(actor="joe"), 99_000),
    (Asked(kind="invoice.voided"), 98_000),
    (Asked(effective_from=date(2026, 2, 2), effective_to=date(2026, 2, 2)), 42_000),
]


def test_what_is_rare_is_found_without_reading_the_whole_index(pool):
    log = Ledger(pool, clock=lambda: datetime(2026, 3, 10, tzinfo=UTC), kinds=KINDS)
    Projector(log, pool, [AuditTrail()]).prepare()
    with pool.connection() as conn, conn.transaction():
        conn.execute("set local search_path to view_audit")
        conn.execute(
            "insert into entries select n, case n when 42000 then date '2026-02-02' else date '2026-01-01' end,"
            " case n when 98000 then 'invoice.voided' else 'invoice.issued' end,"
            " case n when 99000 then 'joe' else 'eve' end, 'command-' || n, 'run-' || n"
            " from generate_series(1, 100000) n"
        )
        conn.execute("select brin_summarize_new_values('entries_envelope')")
        conn.execute("analyze entries")
        for asked, position in RARE:
            query = few(asked)
            assert conn.execute(query.sql.encode(), query.values).fetchall() == [(position,)]
            plan = conn.execute(b"explain " + query.sql.encode(), query.values).fetchall()
            assert "entries_envelope" in str(plan)
