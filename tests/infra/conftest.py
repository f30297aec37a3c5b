from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from infra.database import Pool, open_pool
from infra.ledger import Ledger
from tests.infra.accounts import FOLDS, NAMES


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


@pytest.fixture
def pool(database_url: str) -> Iterator[Pool]:
    with open_pool(database_url) as pool:
        yield pool


@pytest.fixture
def ledger(pool: Pool, clock: Ticking) -> Ledger:
    return Ledger(pool, clock=clock, names=NAMES, folds=FOLDS, pause=lambda attempt: None)
