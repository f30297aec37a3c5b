"""Files that are named on the command line: one that cannot be read or written is wrong use."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import typer
from rich.console import Console
from rich.text import Text

from services.cli.screen.plainly import PlainStream


@contextmanager
def writing(target: Path | None, *, binary: bool = False) -> Iterator[IO[Any]]:
    """Standard output where no file is named."""
    if target is None:
        yield PlainStream(sys.stdout) if sys.stdout.isatty() else sys.stdout  # type: ignore[misc]
        return
    try:
        with target.open("wb") if binary else target.open("w", newline="", encoding="utf-8") as stream:
            yield stream
    except OSError as error:
        raise typer.BadParameter(f"{target} cannot be written: {_why(error)}") from None


def say_written(target: Path | None, console: Console) -> None:
    """Only of a file: what went to standard output is alone there."""
    if target:
        console.print(Text(f"written to {target}"), soft_wrap=True)


@contextmanager
def reading(source: Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    try:
        with source.open("rb") if binary else source.open(encoding="utf-8") as stream:
            yield stream
    except OSError as error:
        raise typer.BadParameter(f"{source} cannot be read: {_why(error)}") from None


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
