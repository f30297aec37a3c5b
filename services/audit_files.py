"""The audit trail in files: facts as CSV or JSON Lines, and the log itself, byte for byte, to be verified elsewhere."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import IO

import orjson

from domain.refusal import Refused
from infra.files.sheets import safe
from infra.log import chain
from infra.log.chain import Checkpoint, Row, Verified
from services.answers.facts import COLUMNS, FactAnswer
from services.answers.log_rows import LogRow, log_row

LONGEST_LINE = 2**26

Write = Callable[[Iterable[FactAnswer]], None]


def writer(form: str, to: IO[str]) -> Write:
    """Writes facts as `Audit.export` gives them; refuses `unknown_form`."""
    if form == "jsonl":
        return lambda facts: to.writelines(_json(fact) + "\n" for fact in facts)
    if form != "csv":
        raise Refused("unknown_form", "facts are exported as csv or jsonl")
    rows = csv.writer(to, lineterminator="\n")
    rows.writerow(COLUMNS)
    return lambda facts: rows.writerows([_cell(fact.get(column)) for column in COLUMNS] for fact in facts)


def write_log(rows: Sequence[Row], to: IO[str]) -> None:
    to.writelines(_json(log_row(row)) + "\n" for row in rows)


def verify_log(lines: IO[str], checkpoints: Sequence[Checkpoint]) -> Verified:
    """Recomputes the chain over what `write_log` wrote; refuses `not_a_log`, naming the line."""
    return chain.verify(_log_rows(lines), checkpoints)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return _json(value)
    # A number is no formula, whatever its sign.
    return str(value) if isinstance(value, int) else safe(str(value))


def _log_rows(lines: IO[str]) -> Iterator[Row]:
    number = 1
    try:
        while line := lines.readline(LONGEST_LINE):
            yield _log_row(orjson.loads(line))
            number += 1
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("not_a_log", f"line {number} is not a line of an exported log") from None


def _log_row(content: LogRow) -> Row:
    return Row(
        int(content["position"]),
        datetime.fromisoformat(content["recorded_at"]).astimezone(UTC),
        str(content["stream"]),
        int(content["version"]),
        str(content["name"]),
        content["state"].encode(),
        bytes.fromhex(content["hash"]),
    )


def _json(content: object) -> str:
    return orjson.dumps(content).decode()
