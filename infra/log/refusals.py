"""Requests that were refused: kept with their reply, so that who asks again is told the same.

What was done has its answer among the commands. Of two who handle the same request at once the second waits for the
first, or one could refuse what the other has done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection

from infra.database import Pool

# Requests and replies are kept on their topics for a week: who asks again does so long before.
KEPT_DAYS = 30
MOST_FORGOTTEN = 100_000


class Turn:
    """A request that nobody else handles until the turn is over.

    `refused` is the hash of the content that was refused, and the reply; `is_done` says whether a command of this id
    was done, by a request or otherwise.
    """

    def __init__(self, conn: Connection[Any], request_id: str):
        self._conn, self._id = conn, request_id
        [(content_hash, reply, is_done)] = conn.execute(_KNOWN, {"id": request_id}).fetchall()
        self.refused = None if reply is None else (bytes(content_hash), bytes(reply))
        self.is_done: bool = is_done

    def refuse(self, content_hash: bytes, reply: bytes) -> None:
        self._conn.execute(_REFUSE, (self._id, content_hash, reply))


@contextmanager
def turn(pool: Pool, request_id: str) -> Iterator[Turn]:
    """Takes a connection of the pool until its end; what is refused within it is kept when it ends well."""
    with pool.connection() as conn, conn.transaction():
        conn.execute(_BEGIN, (request_id,))
        yield Turn(conn, request_id)


def forget(pool: Pool) -> None:
    """Those refused longer ago than they are kept, of very many only some at a time."""
    with pool.connection() as conn:
        conn.execute(_FORGET, (KEPT_DAYS, MOST_FORGOTTEN))


# It stands idle while the command is decided and recorded on other connections.
_BEGIN = """
select set_config('idle_in_transaction_session_timeout', '60s', true),
    pg_advisory_xact_lock(hashtext('receivables.request'), hashtext(%s))
"""
_KNOWN = """
select r.content_hash, r.reply, exists (select from ledger.commands where id = %(id)s)
from (select) one left join ledger.refused_requests r on r.id = %(id)s
"""
_REFUSE = "insert into ledger.refused_requests (id, content_hash, reply) values (%s, %s, %s)"
_FORGET = """
delete from ledger.refused_requests where id in (
    select id from ledger.refused_requests where refused_at < now() - make_interval(days => %s) limit %s
)
"""
