"""A settings file in the home that holds one table for each name."""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from infra.files.wholefile import make_folder, sync_folder, write_whole
from infra.unavailable import Unavailable

MOST_BYTES = 256_000


def read_tables(path: Path, kind: str) -> dict[str, dict[str, object]]:
    """Empty where there is no file. What is wrong in one is `Unavailable`; `kind` says what each table is for."""
    try:
        content = path.read_bytes()[: MOST_BYTES + 1]
        if len(content) > MOST_BYTES:
            raise Unavailable(f"{path} is longer than {MOST_BYTES:,} bytes.")
        found = tomllib.loads(content.decode())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise Unavailable(f"{path} cannot be read: {error}.") from None
    for name, table in found.items():
        if not isinstance(table, dict):
            raise Unavailable(f"{path} sets {name}, which is no table: begin each {kind} with its name, [{name}].")
    return found


def write_tables(path: Path, tables: Mapping[str, Mapping[str, str | bool]]) -> None:
    """In place of what is there; the file is there whole or not at all, and its owner's alone."""
    parts = [
        "\n".join([f"[{name}]", *(f"{_text(key)} = {_value(each)}" for key, each in table.items()), ""])
        for name, table in tables.items()
    ]
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    write_whole(draft, "\n".join(parts).encode())
    os.replace(draft, path)
    sync_folder(path.parent)


def _value(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else _text(value)


def _text(text: str) -> str:
    # The strings of JSON are strings of TOML, but for one mark.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
