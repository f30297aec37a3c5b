"""Ledgers as each release left them, as plain SQL: `NNNN.sql` was made when migration NNNN was the newest.

`python -m tests.infra.dumps` writes the one of the present schema. It is made anew until its release, since names in
it may still change; from then on it is never changed again, and the next migration gets a dump of its own.
"""

from pathlib import Path

FOLDER = Path(__file__).parent

# Of every ledger dumped here, so that its contacts can be read. Nobody else's data was ever encrypted under it.
MASTER_KEY = bytes(range(64))


def dumps() -> list[Path]:
    """From the oldest to the newest."""
    return sorted(FOLDER.glob("*.sql"))
