"""The home: which one is used and why, what is in it, and how it is removed to begin anew."""

from pathlib import Path

import psycopg

from domain.refusal import Refused
from infra import home_contents
from infra.choosing import why
from infra.embedded import Embedded
from infra.home_contents import OF_THE_LEDGER, Contents, contents, matches
from infra.settings import Settings
from infra.unavailable import Unavailable
from services.answers.home import HomeAnswer, HomeDatabase, ResetAnswer, held_answer

# Seconds: of a server that is named we only learn whether it answers.
WAIT = 5


def describe(settings: Settings) -> HomeAnswer:
    """Makes nothing. An embedded database that is there is started, to be asked how many facts it has."""
    found = contents(settings.home)
    return {
        "home": str(settings.home),
        "why": why(settings),
        "exists": settings.home.is_dir(),
        "database": _database(settings, is_home=found.is_home),
        "contents": held_answer(found.held),
        "others": [*found.strangers],
        "bytes": sum(each.size for each in found.held),
    }


def require_removable(settings: Settings) -> Contents:
    """Refuses `home_is_a_link`, and `not_a_home` for a folder that holds other things or no ledger has worked in."""
    home = settings.home
    if home.is_symlink():
        raise Refused("home_is_a_link", f"{home} is a link to {home.readlink()}: name that folder itself, with --home")
    found = contents(home)
    if found.strangers:
        named = ", ".join(found.strangers[:5]) + (", ..." if len(found.strangers) > 5 else "")
        raise Refused("not_a_home", f"{home} holds what is none of ours ({named}): move it away, or remove it yourself")
    if found.held and not found.is_home:
        raise Refused("not_a_home", f"{home} holds neither a key nor a ledger: it is not taken for a home of ours")
    return found


def what_stays(settings: Settings) -> list[str]:
    """In words: the database of a server of one's own, and keys that lie elsewhere."""
    stays = [f"the database {settings.shown_database}"] if settings.database_url else []
    files: list[Path] = [settings.master_key_file, settings.checkpoint_file]
    return stays + [str(file) for file in files if settings.home not in file.parents and file.exists()]


def to_be_removed(settings: Settings, found: Contents) -> list[str]:
    """What a ledger needs that is on another server stays: without its keys nobody would read it again."""
    return [each.name for each in found.held if not (settings.database_url and matches(each.name, OF_THE_LEDGER))]


def reset(settings: Settings) -> ResetAnswer:
    """Stops the embedded server and removes what is ours; no other database is touched and no link followed.

    Refuses as `require_removable`; raises `Unavailable` while another process works in the home.
    """
    found = require_removable(settings)
    names = to_be_removed(settings, found)
    if names:
        with Embedded(settings.home).emptied():
            home_contents.remove(settings.home, names)
    return {
        "home": str(settings.home),
        "removed": names,
        "kept": [each.name for each in found.held if each.name not in names],
        "untouched": what_stays(settings),
    }


def _database(settings: Settings, *, is_home: bool) -> HomeDatabase:
    if settings.database_url:
        return _asked("external", settings.shown_database, settings.database_url, is_running=False)
    embedded = Embedded(settings.home)
    address = str(embedded.server.data)
    if not (embedded.server.data / "PG_VERSION").exists():
        return {"kind": "embedded", "address": address, "is_running": False, "facts": None}
    if not is_home:
        return _unknown("embedded", address, False, "it is not known to be ours, and is not started")
    is_running = embedded.server.is_running()
    try:
        return _asked("embedded", address, embedded.url(), is_running=is_running)
    except Unavailable as unavailable:
        return _unknown("embedded", address, is_running, str(unavailable))


def _asked(kind: str, address: str, url: str, *, is_running: bool) -> HomeDatabase:
    """`is_running` as it was before it was asked; a server of one's own runs when it answers."""
    try:
        with psycopg.connect(url, connect_timeout=WAIT) as conn:
            row = conn.execute("select position from ledger.head").fetchone()
    except psycopg.errors.UndefinedTable:
        row = (0,)
    except psycopg.Error as error:
        return _unknown(kind, address, is_running, (str(error).strip() or type(error).__name__).splitlines()[0])
    return {
        "kind": kind,
        "address": address,
        "is_running": is_running or kind == "external",
        "facts": row[0] if row else None,
    }


def _unknown(kind: str, address: str, is_running: bool, problem: str) -> HomeDatabase:
    return {"kind": kind, "address": address, "is_running": is_running, "facts": None, "problem": problem}
