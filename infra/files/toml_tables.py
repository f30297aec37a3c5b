"""A settings file in the home that holds one table for each name."""

import tomllib
from decimal import Decimal
from pathlib import Path

from infra.unavailable import Unavailable

MOST_BYTES = 256_000


def read_tables(path: Path, kind: str) -> dict[str, dict[str, object]]:
    """Empty where there is no file; figures stay exact. `kind` says what each table is for.

    What is wrong in one is `Unavailable`.
    """
    try:
        content = path.read_bytes()[: MOST_BYTES + 1]
        if len(content) > MOST_BYTES:
            raise Unavailable(f"{path} is longer than {MOST_BYTES:,} bytes.")
        found = tomllib.loads(content.decode(), parse_float=Decimal)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise Unavailable(f"{path} cannot be read: {error}.") from None
    for name, table in found.items():
        if not isinstance(table, dict):
            raise Unavailable(f"{path} sets {name}, which is no table: begin each {kind} with its name, [{name}].")
    return found
