"""What people wrote, in a file's head, its name or an argument, is only ever shown: no terminal obeys it."""

import re
from collections.abc import Iterable
from typing import IO, Any

from rich.console import Console
from rich.segment import Segment

# What JSON leaves as it is and a terminal may obey or show in another order: control signs, and those of direction.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """On one line, and nothing that a terminal would obey."""
    return "".join(each if each.isprintable() else " " for each in text)


def plain_json(text: str) -> str:
    """The same JSON, whose strings hold nothing that a terminal would obey."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class PlainStream:
    """A terminal that lines of text are written to."""

    def __init__(self, stream: IO[str]):
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write("\n".join(map(plain, text.replace("\r\n", "\n").split("\n"))))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return True


class PlainConsole(Console):
    """Prints every text as `plain` has it; colours and lines are its own."""

    def render(self, *given: Any, **more: Any) -> Iterable[Segment]:
        for segment in super().render(*given, **more):
            text, style, control = segment
            if control or text.isprintable():
                yield segment
            else:
                yield Segment("\n".join(map(plain, text.split("\n"))), style)
