"""Rows of the log as plain data: what an export and a proof hold, from which each hash can be recomputed."""

from typing import TypedDict

from infra.log.chain import Row


class LogRow(TypedDict):
    position: int
    recorded_at: str
    stream: str
    version: int
    name: str
    state: str
    hash: str


def log_row(row: Row) -> LogRow:
    return {
        "position": row.position,
        "recorded_at": row.recorded_at.isoformat(),
        "stream": row.stream,
        "version": row.version,
        "name": row.name,
        # What is no text was never written by us: it will not fit the chain either way.
        "state": row.state.decode(errors="replace"),
        "hash": row.hash.hex(),
    }
