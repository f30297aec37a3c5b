"""The schemas as files, one for each type and version; what was once released is never changed on the wire.

A file says `receivables.invoice.issued.v1` for ever. What is written otherwise is a new version, in a file beside it,
and fits all before it; what does not fit is another type, under a name of its own.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import orjson

from domain.refusal import Refused
from services.feed.compatibility import Schema, open_for_more, transitively_compatible, without_words
from services.feed.requests import TYPES as REQUESTS

SUFFIX = ".json"
_TYPE = re.compile(r"(receivables\..+)\.v([1-9][0-9]*)")


def read(folder: Path) -> dict[str, Schema]:
    """By the name of the type, with its version."""
    files = (file for file in folder.glob(f"*{SUFFIX}") if _TYPE.fullmatch(file.stem))
    return {file.stem: orjson.loads(file.read_bytes()) for file in files}


def write(folder: Path, current: Mapping[str, Schema]) -> list[str]:
    """Writes what is missing or said in other words, and returns which; refuses `schema_broken` before it does."""
    there = read(folder)
    found = faults({**there, **current}, from_the_first=False) + [
        f"{name} is released and differs on the wire: raise its version"
        for name, schema in current.items()
        if name in there and without_words(there[name]) != without_words(schema)
    ]
    if found:
        raise Refused("schema_broken", "; ".join(found))
    folder.mkdir(parents=True, exist_ok=True)
    changed = [name for name, schema in current.items() if there.get(name) != schema]
    for name in changed:
        (folder / f"{name}{SUFFIX}").write_bytes(encoded(current[name]))
    return changed


def faults(released: Mapping[str, Schema], *, from_the_first: bool = True) -> list[str]:
    """Where two versions of a type do not fit each other, or one is missing.

    A folder may begin with the release it was first written by, and does not go on `from_the_first` version then.
    """
    found: list[str] = []
    for name, versions in _by_name(released).items():
        first = 1 if from_the_first else min(versions)
        if sorted(versions) != [*range(first, first + len(versions))]:
            found.append(f"of {name} there are the versions {', '.join(map(str, sorted(versions)))}")
        in_order = [versions[number] for number in sorted(versions)]
        # A request of a later version that finds an earlier inbox is turned away unread, so arguments may be added.
        is_request = name.startswith(REQUESTS)
        found += transitively_compatible([*map(open_for_more, in_order)] if is_request else in_order)
    return found


def encoded(document: Mapping[str, object]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _by_name(released: Mapping[str, Schema]) -> dict[str, dict[int, Schema]]:
    found: dict[str, dict[int, Schema]] = {}
    for each, schema in released.items():
        parts = _TYPE.fullmatch(each)
        assert parts, f"{each} is no name of a type with its version"
        found.setdefault(parts[1], {})[int(parts[2])] = schema
    return found
