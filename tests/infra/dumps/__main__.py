"""`python -m tests.infra.dumps`: plays two months of business into a new ledger and dumps it."""

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.embedded import Embedded
from infra.embedded.account import LATEST, Account, programs_for
from infra.migrations import migrations
from tests.infra.dumps import FOLDER, MASTER_KEY
from tests.services.terminal import Terminal

# Psql's own commands, and a setting that PostgreSQL 15 does not know.
_ONLY_FOR_LATER = re.compile(r"^(\\|SET transaction_timeout).*\n", re.MULTILINE)


def write() -> Path:
    with TemporaryDirectory(prefix="receivables-dump-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        embedded = Embedded(home / "server", linger_seconds=0)
        try:
            url = embedded.url()
            (home / "master.key").write_bytes(MASTER_KEY)
            _play(Terminal(url, home))
            script = _dumped(url)
        finally:
            embedded.stop()
    target = FOLDER / f"{len(migrations()):04}.sql"
    target.write_text(_ONLY_FOR_LATER.sub("", script), encoding="utf-8")
    return target


def _play(terminal: Terminal) -> None:
    """Six customers, and one that was erased."""
    terminal.run("demo", "--customers", 6, "--months", 2)
    terminal.run("customer", "register", "erased", "--actor", "demo")
    terminal.run("customer", "contact", "erased", "--name", "Nobody", "--actor", "demo")
    terminal.run("customer", "erase", "erased", "--reason", "asked by the person", "--actor", "demo")


def _dumped(url: str) -> str:
    program = programs_for(Account(), LATEST) / "pg_dump"
    how = ["--schema=ledger", "--inserts", "--no-owner", "--no-privileges", "--encoding=UTF8"]
    return subprocess.run([program, *how, url], check=True, capture_output=True, text=True, encoding="utf-8").stdout


if __name__ == "__main__":
    print(write())
