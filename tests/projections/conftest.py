from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from domain.kinds import KINDS
from infra.database import Pool, open_pool
from infra.log.ledger import Ledger


class Ticking:
    """A clock that moves one second each time it is read."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def pool(database_url: str) -> Iterator[Pool]:
    with open_pool(database_url, size=4) as opened:
        yield opened


@pytest.fixture
def ledger(pool: Pool) -> Ledger:
    return Ledger(pool, clock=Ticking(), kinds=KINDS)
