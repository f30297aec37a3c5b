"""How far the publisher is behind the log."""

from datetime import datetime
from typing import NamedTuple

from infra.database import Pool
from infra.log import positions
from infra.log.ledger import Ledger
from infra.log.workers import select_workers
from infra.views.applying import count_parked
from services.feed.publisher import NAME

NOT_RUNNING = "not running"


class PublisherLag(NamedTuple):
    """`waits_since` is when the first fact was recorded that is not published; `state` that of the worker.

    Those up to `position` are published but for `parked` facts, the first of them at `parked_from`.
    """

    position: int
    head: int
    waits_since: datetime | None
    state: str
    parked: int
    parked_from: int | None

    @property
    def behind(self) -> int:
        return self.head - self.position


def publisher_lag(ledger: Ledger, pool: Pool) -> PublisherLag:
    with pool.connection() as conn:
        position, head = positions.reached(conn, [NAME])
        parked, parked_from = count_parked(conn, NAME)
        alive = [each.state for each in select_workers(conn) if each.name == NAME and each.is_alive]
    waiting = ledger.rows(position or 0, 1)
    state: str = next((each for each in alive if each != "standby"), alive[0]) if alive else NOT_RUNNING
    since = waiting[0].recorded_at if waiting else None
    return PublisherLag(position or 0, head, since, state, parked, parked_from)
