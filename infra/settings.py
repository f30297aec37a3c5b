"""What can be set: by environment variables RECEIVABLES_*, or in a file receivables.toml."""

import difflib
import getpass
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from platformdirs import user_data_path

from domain.money import EXPONENTS
from infra.unavailable import Unavailable

PREFIX = "RECEIVABLES_"
FILE_VARIABLE = "RECEIVABLES_SETTINGS"
_NOT_SETTINGS = {FILE_VARIABLE, "RECEIVABLES_TEST_DATABASE_URL"}
_IN_HOME = Path()
_LOG_LEVELS = ("debug", "info", "warning", "error")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`Settings.load()` reads the environment and the file; `Settings(home=...)` takes what it is given, no more."""

    home: Path
    database_url: str | None = field(default=None, repr=False)
    entity: str = "main"
    time_zone: str = "UTC"
    buckets: tuple[int, ...] = (30, 60, 90)
    checkpoint_file: Path = _IN_HOME
    master_key_file: Path = _IN_HOME
    rates_file: Path | None = None
    reporting_currency: str | None = None
    actor: str = field(default_factory=_user)
    log_level: str = "warning"
    warnings: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if self.checkpoint_file == _IN_HOME:
            object.__setattr__(self, "checkpoint_file", self.home / "checkpoints.jsonl")
        if self.master_key_file == _IN_HOME:
            object.__setattr__(self, "master_key_file", self.home / "master.key")

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ, **given: Any) -> "Settings":
        """What is `given` counts before the environment, that before the file, and that before the defaults."""
        variables = {name: value for name, value in environment.items() if name.startswith(PREFIX) and value}
        chosen = _from_environment(variables) | given
        home = chosen.get("home") or user_data_path("receivables", appauthor=False)
        read = _from_file(variables.get(FILE_VARIABLE), home)
        values: dict[str, Any] = {"home": home} | read | chosen
        return cls(**values, warnings=_strangers(variables))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def shown_database(self) -> str:
        """Where the ledger is kept, fit to be shown: never a password."""
        return without_password(self.database_url) if self.database_url else f"embedded in {self.home}"


def without_password(url: str) -> str:
    # Up to the last @: a password may hold one that was not escaped.
    named = re.sub(r"(?<=://)([^:/@]*):.*@", r"\1@", url)
    return re.sub(r"(?<=[?&])(password|sslpassword)=[^&]*&?", "", named).rstrip("?&")


# How each one is read; a reader raises ValueError with what is wrong, in words that follow "which"


def _path(value: object) -> Path:
    if not isinstance(value, str):
        raise ValueError("is no path")
    return Path(value).expanduser().absolute()


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("is no plain text")
    return value.strip()


def _url(value: object) -> str:
    if not re.match(r"postgres(ql)?://", str(value)):
        raise ValueError("is no address of a PostgreSQL database: postgresql://user:password@host:5432/name")
    return str(value)


def _time_zone(value: object) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (OSError, ValueError, KeyError):
        raise ValueError("is no time zone: use a name such as Europe/Berlin") from None


def _buckets(value: object) -> tuple[int, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    try:
        days = tuple(int(str(part)) for part in parts)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        days = ()
    if not days or days[0] < 1 or list(days) != sorted(set(days)):
        raise ValueError("is no rising list of days: use 30,60,90")
    return days


def _currency(value: object) -> str:
    if (code := str(value).upper()) not in EXPONENTS:
        raise ValueError("is no ISO 4217 currency: use EUR, USD or the like")
    return code


def _log_level(value: object) -> str:
    if (level := str(value).lower()) not in _LOG_LEVELS:
        raise ValueError(f"is none of {', '.join(_LOG_LEVELS)}")
    return level


_READERS: dict[str, Callable[[object], object]] = {
    "home": _path,
    "database_url": _url,
    "entity": _text,
    "time_zone": _time_zone,
    "buckets": _buckets,
    "checkpoint_file": _path,
    "master_key_file": _path,
    "rates_file": _path,
    "reporting_currency": _currency,
    "actor": _text,
    "log_level": _log_level,
}


def _from_environment(variables: Mapping[str, str]) -> dict[str, Any]:
    named = {name: name.removeprefix(PREFIX).lower() for name in variables if name not in _NOT_SETTINGS}
    return {key: _read(key, variables[name], name) for name, key in named.items() if key in _READERS}


def _from_file(named: str | None, home: Path) -> dict[str, Any]:
    path = _path(named) if named else home / "receivables.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if named:
            raise Unavailable(f"{FILE_VARIABLE} names {path}, and there is no such file.") from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unavailable(f"The settings file {path} cannot be read: {error}.") from None
    for key in content:
        if key not in _READERS or (key == "home" and not named):
            raise Unavailable(f"{path} sets {key}, which is no setting there{_meant(key, key)}")
    return {key: _read(key, value, f"{key} in {path}") for key, value in content.items()}


def _read(key: str, value: object, place: str) -> object:
    try:
        return _READERS[key](value)
    except ValueError as problem:
        shown = without_password(value) if isinstance(value, str) else value
        raise Unavailable(f"{place} is {shown!r}, which {problem}.") from None


def _strangers(variables: Mapping[str, str]) -> tuple[str, ...]:
    # A warning, not an error: container platforms put variables named after a service into its environment.
    names = (name for name in variables if name not in _NOT_SETTINGS)
    unknown = ((name, name.removeprefix(PREFIX)) for name in names)
    return tuple(
        f"{name} is no setting and changes nothing{_meant(key.lower(), name)}"
        for name, key in unknown
        if key.lower() not in _READERS
    )


def _meant(key: str, written: str) -> str:
    near = difflib.get_close_matches(key, _READERS, n=1, cutoff=0.7)
    if not near or near[0] == key:
        return "."
    return f": did you mean {PREFIX + near[0].upper() if written.startswith(PREFIX) else near[0]}?"
