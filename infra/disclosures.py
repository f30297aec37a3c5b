"""Who was shown personal data, of whom, when, and by which question: a record that is kept beside the log.

It is no fact about a customer: nothing is decided by it, a list of a thousand customers is one row of it, and what
somebody looked at is nothing that the feed publishes or that a customer's stream should grow by. The row is written
before the data is shown, so that there is no look without it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from infra.clock import Clock
from infra.database import Pool, translated
from infra.log.arrays import Texts

CONTACT, PAYER, MESSAGE, DOCUMENT = "contact", "payer", "message", "document"
LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Disclosure:
    """`purpose` is the question that was asked, `data` what of it was shown.

    `subjects` are customers, and of receipts whose payer nobody knew, the receipts' streams.
    """

    id: int
    at: datetime
    actor: str
    purpose: str
    data: list[str]
    subjects: list[str]


class Disclose(Protocol):
    """Records that the `data` of these subjects is about to be shown for a purpose; nothing where there are none."""

    def __call__(self, purpose: str, subjects: Iterable[str], *data: str) -> None: ...


class Disclosures:
    """`actor` is who asks, of a program that asks for one person."""

    def __init__(self, pool: Pool, clock: Clock, actor: Callable[[], str]):
        self._pool, self._clock, self._actor = pool, clock, actor

    def record(self, purpose: str, subjects: Iterable[str], *data: str) -> None:
        """One insert, however many subjects."""
        named = sorted({*subjects})
        if named:
            values = (self._clock(), self._actor(), purpose, Texts(sorted({*data})), Texts(named))
            with translated(), self._pool.connection() as conn:
                conn.execute(_INSERT, values)

    def select(self, subject: str | None = None, *, before: int = LAST, limit: int = 50) -> list[Disclosure]:
        """A page, newest first: all of them, or those of one subject."""
        with translated(), self._pool.connection() as conn:
            of_one = _OF_ONE if subject else ""
            rows = conn.execute(_SELECT.format(of_one).encode(), {"of": [subject], "before": before, "limit": limit})
            return [Disclosure(*row) for row in rows]


_INSERT = "insert into ledger.disclosures (at, actor, purpose, data, subjects) values (%b, %b, %b, %b, %b)"
_OF_ONE = "and subjects @> %(of)s::text[]"
_SELECT = """
select id, at, actor, purpose, data, subjects from ledger.disclosures
where id < %(before)s {} order by id desc limit %(limit)s
"""
