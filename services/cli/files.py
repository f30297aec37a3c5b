"""Files that are named on the command line: one that cannot be read or written is wrong use."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ELOOP
from pathlib import Path
from typing import IO, Any

import typer
from rich.console import Console
from rich.text import Text

from services.cli.screen.plainly import PlainStream


@contextmanager
def writing(target: Path | None, *, binary: bool = False) -> Iterator[IO[Any]]:
    """Standard output where no file is named. A new file is its owner's alone, and no link is followed to another."""
    if target is None:
        yield PlainStream(sys.stdout) if sys.stdout.isatty() else sys.stdout  # type: ignore[misc]
        return
    try:
        how: dict[str, Any] = {"mode": "wb"} if binary else {"mode": "w", "newline": "", "encoding": "utf-8"}
        with open(target, opener=_private, **how) as stream:
            yield stream
    except OSError as error:
        raise typer.BadParameter(f"{target} cannot be written: {_why(error)}") from None


def say_written(target: Path | None, console: Console) -> None:
    """Only of a file: what went to standard output is alone there."""
    if target:
        console.print(Text(f"written to {target}"), soft_wrap=True)


def give_document(number: str, data: bytes, target: Path | None, console: Console) -> None:
    """To standard output; a PDF, which no terminal shows, to a file that is called as the document is."""
    if target is None and not data.startswith(b"%PDF"):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = target or Path(f"{''.join(each if each.isalnum() or each in '-_.' else '-' for each in number)}.pdf")
    with writing(target, binary=True) as stream:
        stream.write(data)
    say_written(target, console)


@contextmanager
def reading(source: Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    try:
        with source.open("rb") if binary else source.open(encoding="utf-8") as stream:
            yield stream
    except OSError as error:
        raise typer.BadParameter(f"{source} cannot be read: {_why(error)}") from None


def _private(path: str, flags: int) -> int:
    # /dev/stdout is a link, and means to be followed.
    return os.open(path, flags | (0 if path.startswith("/dev/") else os.O_NOFOLLOW), 0o600)


def _why(error: OSError) -> str:
    if error.errno == ELOOP:
        return "it is a link, which is not followed"
    return (error.strerror or str(error)).lower()
