from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from infra.database import Pool, open_pool
from infra.log.ledger import Ledger
from tests.infra.accounts import KINDS
from tests.tampering import unguarded

EMPTY = """
    truncate ledger.log, ledger.commands, ledger.personal_keys, ledger.positions, ledger.parked,
        ledger.workers, ledger.incarnations, ledger.shared_keys, ledger.disclosures, ledger.refused_requests,
        ledger.feed_offsets, ledger.feed_applied;
    update ledger.head set position = 0, hash = decode(repeat('00', 32), 'hex'), recorded_at = 'epoch'
"""


class Ticking:
    """A clock that moves one second each time it is read, and jumps when told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture(scope="session")
def shared_url(server_url: str, template: str) -> Iterator[str]:
    name = f"{template}_shared"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f"create database {name} template {template}".encode())
        yield make_conninfo(server_url, dbname=name)
        admin.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def ledger_url(shared_url: str) -> str:
    """An empty ledger, sooner than a database of the test's own: one that is emptied for every test."""
    with psycopg.connect(shared_url, autocommit=True) as conn:
        with unguarded(conn):
            conn.execute(EMPTY.encode())
        views = conn.execute("select nspname from pg_namespace where nspname like 'view_%'").fetchall()
        for (view,) in views:
            conn.execute(SQL("drop schema {} cascade").format(Identifier(view)))
    return shared_url


@pytest.fixture
def pool(ledger_url: str) -> Iterator[Pool]:
    with open_pool(ledger_url) as pool:
        yield pool


@pytest.fixture
def ledger(pool: Pool, clock: Ticking) -> Ledger:
    return Ledger(pool, clock=clock, kinds=KINDS, pause=lambda attempt: None)
