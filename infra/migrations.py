"""The ledger's schema: numbered SQL files, applied in their order, each once and in one transaction with its record.

While an installation is upgraded, programs of two releases work on one database. So a release only adds to the schema
(expand), and takes away what it no longer uses in the release after (contract). A function of the ledger is never
changed in what it takes or answers: the new one has another name, and the old one goes one release later.

`least_code` of a migration is the number of another: a program that does not know that one must not work on the schema
any more. A file that only adds says nothing, and any program may go on. One that takes away says `-- least_code: 0004`
on a line of its own, where 0004 is the last migration of the release that first did without.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection

from infra.database import UnfitDatabase

FOLDER = Path(__file__).with_name("log") / "migrations"

_LEAST_CODE = re.compile(r"^-- least_code: (\d{4})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Migration:
    """A file of the folder; `name` is the file's without its ending, which begins with the number."""

    number: int
    name: str
    script: str
    least_code: int

    @property
    def sha256(self) -> str:
        return sha256(self.script.encode()).hexdigest()


class Applied(NamedTuple):
    """A migration as the database has recorded it."""

    number: int
    name: str
    sha256: str
    least_code: int


def migrate(conn: Connection[Any], folder: Path = FOLDER) -> None:
    """Applies what is missing; where nothing is, that is found by one query.

    `conn` commits by itself. Raises `UnfitDatabase` when this program must not work on what it finds, and when a
    migration fails: of that one nothing is kept then.
    """
    ours = migrations(folder)
    try:
        missing = _missing(_recorded(conn), ours)
    except psycopg.errors.UndefinedTable:
        missing = ours
    for migration in missing:
        _apply(conn, migration, ours)


def migrations(folder: Path = FOLDER) -> Sequence[Migration]:
    """In their order; raises `UnfitDatabase` when one is missing in between."""
    found: list[Migration] = []
    for number, path in enumerate(sorted(folder.glob("*.sql")), 1):
        if not path.name.startswith(f"{number:04}_"):
            raise UnfitDatabase(f"migration {number:04} is not in this installation of receivables: install it again")
        script = path.read_text(encoding="utf-8")
        declared = _LEAST_CODE.search(script)
        found.append(Migration(number, path.stem, script, int(declared[1]) if declared else 1))
    return found


def _missing(applied: Sequence[Applied], ours: Sequence[Migration]) -> Sequence[Migration]:
    for number, row in enumerate(applied, 1):
        if row.number != number:
            raise UnfitDatabase(
                f"migration {number:04} was never applied to it, but {row.name} was: restore the ledger from a backup"
            )
        if row.least_code > len(ours):
            raise UnfitDatabase(
                f"migration {row.name} was applied to it, and this receivables is too old for that: "
                "install the release that applied it, or a newer one"
            )
    for row, migration in zip(applied, ours, strict=False):
        if row.sha256 != migration.sha256:
            raise UnfitDatabase(
                f"migration {row.name} was applied to it in another wording than {migration.name} has here: "
                "use the receivables that made the database, or name another database"
            )
    return ours[len(applied) :]


def _apply(conn: Connection[Any], migration: Migration, ours: Sequence[Migration]) -> None:
    with conn.transaction():
        _lock(conn)
        # Another process may have applied it while we waited.
        if migration not in _missing(_found(conn), ours):
            return
        try:
            # However large the log, what was begun is finished.
            conn.execute("set local statement_timeout = 0")
            conn.execute(migration.script.encode())
        except psycopg.Error as error:
            if conn.closed:
                raise
            reason = str(error).strip().splitlines()[0]
            raise UnfitDatabase(
                f"migration {migration.name} failed, and nothing of it was kept; mend the cause and start again: "
                f"{reason.rstrip('.')}"
            ) from error
        conn.execute(
            "insert into ledger.migrations (number, name, sha256, least_code) values (%s, %s, %s, %s)",
            (migration.number, migration.name, migration.sha256, migration.least_code),
        )


def _lock(conn: Connection[Any]) -> None:
    try:
        conn.execute("select pg_advisory_xact_lock(hashtext('receivables.migrations'))")
    except psycopg.errors.LockNotAvailable:
        raise UnfitDatabase("another process is upgrading it: wait until it is done and start again") from None


def _found(conn: Connection[Any]) -> Sequence[Applied]:
    """What was applied, nothing to a database without a ledger."""
    [[has_schema, has_migrations]] = conn.execute(
        "select to_regnamespace('ledger') is not null, to_regclass('ledger.migrations') is not null"
    ).fetchall()
    if has_schema and not has_migrations:
        raise UnfitDatabase(
            "it has a schema named ledger that is not this program's, or was made before its first release: "
            "name another database, or drop or rename that schema"
        )
    return _recorded(conn) if has_migrations else []


def _recorded(conn: Connection[Any]) -> Sequence[Applied]:
    rows = conn.execute("select number, name, sha256, least_code from ledger.migrations order by number")
    return [*map(Applied._make, rows)]
