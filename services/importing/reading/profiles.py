"""Profiles: how the files of one program are read, kept under a name in the home, so that it is said once."""

import re
from collections.abc import Mapping
from pathlib import Path

from infra.files.tabular import Unreadable
from infra.files.toml_tables import read_tables, write_tables
from infra.unavailable import Unavailable
from services.importing.options import Options

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,49}", re.ASCII)
# What is kept of the options beside the columns, and of which type it is.
_KEPT: Mapping[str, type] = {
    "date_format": str,
    "decimal_comma": bool,
    "delimiter": str,
    "encoding": str,
    "sheet": str,
    "currency": str,
    "entity": str,
    "rounds": bool,
    "accepts_due_before_issue": bool,
    "is_number_per_year": bool,
}


def read_profile(home: Path, name: str, kind: str) -> dict[str, object]:
    """The options that it sets; raises `Unreadable` where there is none, or it is for files of another kind."""
    path = _path(home, name)
    try:
        kept = read_tables(path, "part")
    except Unavailable as wrong:
        raise Unreadable(str(wrong)) from None
    if not kept:
        there = ", ".join(sorted(each.stem for each in path.parent.glob("*.toml"))) or "none yet"
        raise Unreadable(f"there is no profile {name}, only: {there}; --save-profile {name} keeps one")
    about, options, columns = (kept.get(part, {}) for part in ("profile", "options", "columns"))
    if about.get("kind") != kind:
        raise Unreadable(f"profile {name} is for {about.get('kind')}, not for {kind}")
    for key, value in options.items():
        if not isinstance(value, _KEPT.get(key, type(None))):
            raise Unreadable(f"{path} sets {key} to {value!r}, which is no setting of a profile")
    return {**options, "columns": {field: str(column) for field, column in columns.items()}}


def save_profile(home: Path, name: str, kind: str, options: Options) -> Path:
    """In place of one of that name."""
    path = _path(home, name)
    kept = {key: value for key in _KEPT if (value := getattr(options, key)) not in (None, False)}
    if options.decimal_comma is False:
        kept["decimal_comma"] = False
    if not options.is_entity_given:
        kept.pop("entity", None)
    write_tables(path, {"profile": {"kind": kind}, "options": kept, "columns": dict(options.columns)})
    return path


def require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise Unreadable(f"{name[:50]!r} is no name of a profile: use letters, digits, - and _")


def _path(home: Path, name: str) -> Path:
    require_name(name)
    return home / "profiles" / f"{name}.toml"
