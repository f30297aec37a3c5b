"""Which services may ask for what: from services.toml in the home, else what the role of a service may."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.entry import receipt_stream
from domain.kinds import KINDS
from domain.refusal import Refused
from infra.files.toml_tables import read_tables
from infra.kafka.topics import DEFAULT_SERVICE
from infra.unavailable import Unavailable
from services.catalogue import CATALOGUE
from services.catalogue.command import Command
from services.catalogue.parameters import DEFAULT_ENTITY, NAMED_WHOLE, parameters
from services.catalogue.roles import SERVICE

FILE = "services.toml"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,49}", re.ASCII)
_KEYS = ("commands", "entities")
# What else than the entity of what it is about an argument may name.
_OTHER_ENTITY = "to_entity"

State = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Service:
    """`entities` is None for all of them."""

    name: str
    commands: frozenset[str] = SERVICE
    entities: frozenset[str] | None = None

    @property
    def actor(self) -> str:
        return f"service:{self.name}"

    def require(self, command: Command[...], arguments: Mapping[str, object], *, entity: str, state: State) -> None:
        """Refuses `not_permitted`; `entity` is the one where the arguments name none.

        It counts which entity they name as well as whose the thing is that they are about.
        """
        if command.name not in self.commands:
            raise Refused("not_permitted", f"this service may not ask for {command.name}")
        if self.entities is not None and not _entities(command, arguments, entity, state) <= self.entities:
            raise Refused("not_permitted", "this service may not ask for anything of that entity", DEFAULT_ENTITY)

    def complete(self, command: Command[...], arguments: Mapping[str, object], *, entity: str) -> Mapping[str, object]:
        """With the entity that goes without saying, for a service that may not ask for anything of the others.

        Money of no entity would be that of the one to which its customer owes.
        """
        if self.entities is None or arguments.get(DEFAULT_ENTITY) or not _names_entity(command):
            return arguments
        return {**arguments, DEFAULT_ENTITY: entity}


def load(home: Path) -> dict[str, Service]:
    """By name; `default` is always among them. What is wrong in the file is `Unavailable`, which names file and key."""
    path = home / FILE
    found = {name: _service(name, table, path) for name, table in read_tables(path, "service").items()}
    return {DEFAULT_SERVICE: Service(DEFAULT_SERVICE), **found}


def _service(name: str, table: Mapping[str, object], path: Path) -> Service:
    if not _NAME.fullmatch(name):
        raise Unavailable(
            f"{path} names a service {name!r}: use a small letter, then up to 49 small letters, digits and hyphens."
        )
    for key in table:
        if key not in _KEYS:
            raise Unavailable(f"{path} sets {name}.{key}, which is none{_meant(key, _KEYS)}")
    commands, entities = _texts(name, "commands", table, path), _texts(name, "entities", table, path)
    for each in commands or ():
        if each not in CATALOGUE:
            raise Unavailable(f"{path} lets {name} ask for {each!r}, which is no command{_meant(each, CATALOGUE)}")
    return Service(name, SERVICE if commands is None else commands, entities)


def _texts(name: str, key: str, table: Mapping[str, object], path: Path) -> frozenset[str] | None:
    if key not in table:
        return None
    value = table[key]
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise Unavailable(f'{name}.{key} in {path} is {value!r}, which is no list of texts such as ["main"].')
    return frozenset(value)


def _meant(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f": did you mean {near[0]}?" if near else "."


def _entities(command: Command[...], arguments: Mapping[str, object], entity: str, state: State) -> set[str]:
    """Those a request names or is about; what cannot be read is refused later, for what it is."""
    found = set()
    if _names_entity(command):
        found.add(str(arguments.get(DEFAULT_ENTITY) or entity))
    if arguments.get(_OTHER_ENTITY):
        found.add(str(arguments[_OTHER_ENTITY]))
    named = arguments.get(command.kind)
    if isinstance(named, str) and command.kind in NAMED_WHOLE:
        found |= _entity_of_name(command.kind, named)
    if isinstance(named, str) and command.kind == "receipt":
        found |= _entity_of_receipt(named, state)
    return found


def _names_entity(command: Command[...]) -> bool:
    return any(each.name == DEFAULT_ENTITY for each in parameters(command))


def _entity_of_name(kind: str, name: str) -> set[str]:
    try:
        key = KINDS[kind].key_of(KINDS[kind].stream(name))
    except Refused:
        return set()
    return {key[DEFAULT_ENTITY]}


def _entity_of_receipt(receipt: str, state: State) -> set[str]:
    """A receipt's name does not say whose the money is, and it may be another's than when it came."""
    try:
        known = state(receipt_stream(receipt))
    except Refused:
        return set()
    return {known.entity} if known else set()
