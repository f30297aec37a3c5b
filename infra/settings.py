"""What can be set: by environment variables RECEIVABLES_*, or in a file receivables.toml."""

import difflib
import getpass
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import TomlConfigSettingsSource as FileSource

from domain.money import EXPONENTS
from infra.post.address import mailbox
from infra.post.server import mail_server
from infra.unavailable import Unavailable

PREFIX = "RECEIVABLES_"
FILE_VARIABLE = "RECEIVABLES_SETTINGS"
_BROKER = re.compile(r"(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}", re.ASCII)
# Past due: a hundred years.
MOST_DAYS = 36_500
_LOG_LEVELS = ("debug", "info", "warning", "error")
_NOT_SETTINGS = {FILE_VARIABLE, "RECEIVABLES_TEST_DATABASE_URL"}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


# How each is read; a reader raises ValueError with what is wrong, in words that follow "which"


def _path(value: object) -> Path:
    if not isinstance(value, str | Path):
        raise ValueError("is no path")
    return Path(value).expanduser().absolute()


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("is no plain text")
    return value.strip()


def _url(value: str) -> str:
    if not re.match(r"postgres(ql)?://", value):
        raise ValueError("is no address of a PostgreSQL database: postgresql://user:password@host:5432/name")
    return value


def _smtp_url(value: str) -> str:
    mail_server(value)
    return value


def _mail_address(value: object) -> str:
    """`billing@firm.example`, or with a name: `Firm, Billing <billing@firm.example>`."""
    text = _text(value)
    if not mailbox(text).address.isascii():
        raise ValueError("has signs in its address that not every mail server knows")
    return text


def _time_zone(value: object) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (OSError, ValueError, KeyError):
        raise ValueError("is no time zone: use a name such as Europe/Berlin") from None


def _buckets(value: Any) -> tuple[int, ...]:
    try:
        days = tuple(int(str(part)) for part in (value.split(",") if isinstance(value, str) else value))
    except (TypeError, ValueError):
        days = ()
    if not days or days[0] < 1 or days[-1] > MOST_DAYS or list(days) != sorted(set(days)):
        raise ValueError("is no rising list of days: use 30,60,90")
    return days


def _hour(value: object) -> int:
    if not str(value).isdecimal() or int(str(value)) > 23:
        raise ValueError("is no hour of the day: use 0 to 23")
    return int(str(value))


def _day(value: object) -> date | None:
    if value in (None, "") or isinstance(value, date):
        return value or None  # type: ignore[return-value]
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("is no day: use one such as 2026-06-30") from None


def _currency(value: object) -> str:
    if (code := str(value).upper()) not in EXPONENTS:
        raise ValueError("is no ISO 4217 currency: use EUR, USD or the like")
    return code


def _brokers(value: object) -> tuple[str, ...]:
    """`host:port`, one or several with commas between them."""
    parts = value.split(",") if isinstance(value, str) else value
    addresses = tuple(str(part).strip() for part in parts) if isinstance(parts, list | tuple) else ()
    if not addresses or not all(_BROKER.fullmatch(address) for address in addresses):
        raise ValueError("names no Kafka broker: use host:port, several with commas between them")
    return addresses


def _partitions(value: object) -> int:
    if not str(value).isdecimal() or not 0 < int(str(value)) <= 1_000:
        raise ValueError("is no number of partitions: use 1 to 1000")
    return int(str(value))


def _port(value: object) -> int:
    if not str(value).isdecimal() or int(str(value)) > 65_535:
        raise ValueError("is no port: use 1 to 65535, or 0 for a free one")
    return int(str(value))


def _log_level(value: object) -> str:
    if (level := str(value).lower()) not in _LOG_LEVELS:
        raise ValueError(f"is none of {', '.join(_LOG_LEVELS)}")
    return level


MailAddress = Annotated[str, BeforeValidator(_mail_address)]
FilePath = Annotated[Path, BeforeValidator(_path)]
Text = Annotated[str, BeforeValidator(_text)]


class Settings(BaseSettings):
    """What is given counts before the environment, that before the file, and that before the defaults.

    `Settings.load()` says what is wrong as `Unavailable`, in one sentence that names the place.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    home: FilePath = Field(default_factory=lambda: _home({}))
    database_url: Annotated[str, AfterValidator(_url)] | None = Field(default=None, repr=False)
    entity: Text = "main"
    time_zone: Annotated[str, BeforeValidator(_time_zone)] = "UTC"
    buckets: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_buckets)] = (30, 60, 90)
    checkpoint_file: FilePath = Field(default_factory=lambda given: given["home"] / "checkpoints.jsonl")
    master_key_file: FilePath = Field(default_factory=lambda given: given["home"] / "master.key")
    rates_file: FilePath | None = None
    reporting_currency: Annotated[str, BeforeValidator(_currency)] | None = None
    smtp_url: Annotated[str, AfterValidator(_smtp_url)] | None = Field(default=None, repr=False)
    mail_sender: MailAddress | None = None
    staff_mail: MailAddress | None = None
    kafka: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_brokers)] | None = None
    kafka_partitions: Annotated[int, BeforeValidator(_partitions)] = 6
    reporting_url: Annotated[str, AfterValidator(_url)] | None = Field(default=None, repr=False)
    escalation_hour: Annotated[int, BeforeValidator(_hour)] = 6
    metrics_port: Annotated[int, BeforeValidator(_port)] | None = None
    metrics_host: Text = "127.0.0.1"
    clock_accepted_to: Annotated[date | None, BeforeValidator(_day)] = None
    actor: Text = Field(default_factory=_user)
    log_level: Annotated[str, BeforeValidator(_log_level)] = "warning"

    @classmethod
    def load(cls, **given: Any) -> "Settings":
        try:
            return cls(**given)
        except ValidationError as wrong:
            raise Unavailable(_sentence(wrong, _home(given))) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = _file(_home(init_settings()))
        return (init_settings, env_settings, *([FileSource(settings_cls, file)] if file else []))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def brokers(self) -> tuple[str, ...]:
        """Raises `Unavailable` where none is set."""
        if not self.kafka:
            raise Unavailable(
                "No Kafka broker is set: RECEIVABLES_KAFKA=host:port names one, and `receivables feed dev-broker` "
                "starts one to try it out."
            )
        return self.kafka

    @property
    def shown_database(self) -> str:
        """Where the ledger is kept, fit to be shown: never a password."""
        return without_password(self.database_url) if self.database_url else f"embedded in {self.home}"

    @property
    def shown_mail(self) -> str:
        """Where e-mails go, fit to be shown: never a password."""
        return without_password(self.smtp_url) if self.smtp_url else f"files in {self.home / 'outbox' / 'mail'}"

    @property
    def warnings(self) -> tuple[str, ...]:
        return strangers(os.environ)


def without_password(url: str) -> str:
    # Up to the last @: a password may hold one that was not escaped.
    named = re.sub(r"(?<=://)([^:/@]*):.*@", r"\1@", url)
    return re.sub(r"(?<=[?&])(password|sslpassword)=[^&]*&?", "", named).rstrip("?&")


def strangers(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Variables that look like ours and are not. No error: container platforms make some, named after a service."""
    names = [name for name in environment if name.startswith(PREFIX) and name not in _NOT_SETTINGS]
    unknown = [name for name in names if name.removeprefix(PREFIX).lower() not in Settings.model_fields]
    return tuple(f"{name} is no setting and changes nothing{_meant(name)}" for name in unknown)


def _home(given: Mapping[str, Any]) -> Path:
    chosen = given.get("home") or os.environ.get(PREFIX + "HOME")
    return _path(chosen or user_data_path("receivables", appauthor=False))


def _place(home: Path) -> tuple[Path, bool]:
    named = os.environ.get(FILE_VARIABLE)
    return (_path(named), True) if named else (home / "receivables.toml", False)


def _file(home: Path) -> Path | None:
    path, named = _place(home)
    if not path.exists():
        if named:
            raise Unavailable(f"{FILE_VARIABLE} names {path}, and there is no such file.")
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise Unavailable(f"The settings file {path} cannot be read: {error}.") from None
    for key in content:
        if key not in Settings.model_fields or (key == "home" and not named):
            raise Unavailable(f"{path} sets {key}, which is no setting there{_meant(key)}")
    return path


def _sentence(wrong: ValidationError, home: Path) -> str:
    first = wrong.errors()[0]
    name = str(first["loc"][0])
    variable = PREFIX + name.upper()
    place = variable if os.environ.get(variable) else f"{name} in {_place(home)[0]}"
    value = first["input"]
    shown = without_password(value) if isinstance(value, str) else value
    problem = str(first["ctx"]["error"]) if "error" in first.get("ctx", {}) else f"is wrong: {first['msg']}"
    return f"{place} is {shown!r}, which {problem}."


def _meant(name: str) -> str:
    near = difflib.get_close_matches(name.removeprefix(PREFIX).lower(), Settings.model_fields, n=1, cutoff=0.8)
    if not near or near[0] == name:
        return "."
    return f": did you mean {PREFIX + near[0].upper() if name.startswith(PREFIX) else near[0]}?"
