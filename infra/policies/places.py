"""On which line each key of a TOML document stands, which the standard library's reader does not say.

It only follows the text of a document that was read without fault: what a value means is left to that reader.
"""

import re
from collections import Counter

# The names of tables and keys down to a value; a number is a place in an array.
Keys = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|([A-Za-z0-9_-]+)')
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^\']|\'{1,2}(?!\'))*\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\n]+")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


def places(text: str) -> dict[Keys, int]:
    """The line of every table, key and array element, by its path; the document itself, (), is on line 1."""
    return _Places(text).read()


def line_of(found: dict[Keys, int], path: Keys) -> int:
    """The line of a path, or else of the nearest there is around it."""
    while path not in found:
        path = path[:-1]
    return found[path]


class _Places:
    def __init__(self, text: str):
        self._text, self._at, self._line, self._counted = text, 0, 1, 0
        self._found: dict[Keys, int] = {(): 1}
        self._tables: Counter[Keys] = Counter()

    def read(self) -> dict[Keys, int]:
        table: Keys = ()
        while self._skip(_BLANK) < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._found

    def _header(self) -> Keys:
        is_array = self._text.startswith("[[", self._at)
        self._at += 1 + is_array
        names = self._names()
        self._at += 1 + is_array
        # What is below an array of tables is in its last one so far.
        *above, last = names
        path = self._last_of(above)
        if is_array:
            array = (*path, last)
            self._found.setdefault(array, self._here())
            self._tables[array] += 1
            path = (*array, self._tables[array] - 1)
        else:
            path = self._last_of(names)
        self._found.setdefault(path, self._here())
        return path

    def _last_of(self, names: list[str]) -> Keys:
        path: Keys = ()
        for name in names:
            path = (*path, name)
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
        return path

    def _pair(self, table: Keys) -> None:
        line = self._here()
        path = table
        for name in self._names():
            path = (*path, name)
            self._found.setdefault(path, line)
        self._at += 1
        self._skip(_SPACE)
        self._value(path)

    def _names(self) -> list[str]:
        """A dotted key, and the space around it."""
        names = []
        while True:
            self._skip(_SPACE)
            match = _KEY.match(self._text, self._at)
            assert match, "a document that was read has a key here"
            quoted, literal, bare = match.groups()
            names.append(_ESCAPE.sub(_unescaped, quoted) if quoted is not None else bare or literal or "")
            self._at = match.end()
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return names
            self._at += 1

    def _value(self, path: Keys) -> None:
        start = self._text[self._at]
        if start == "[":
            self._elements(path, "]")
        elif start == "{":
            self._elements(path, "}")
        else:
            match = (_STRING if start in "\"'" else _PLAIN).match(self._text, self._at)
            assert match, "a document that was read has a value here"
            self._at = match.end()

    def _elements(self, path: Keys, end: str) -> None:
        """Of an array, or the pairs of an inline table."""
        self._at += 1
        nth = 0
        while self._text[self._skip(_BLANK)] != end:
            if self._text[self._at] == ",":
                self._at += 1
            elif end == "}":
                self._pair(path)
            else:
                self._found[*path, nth] = self._here()
                self._value((*path, nth))
                nth += 1
        self._at += 1

    def _skip(self, what: re.Pattern[str]) -> int:
        match = what.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._at

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _unescaped(match: re.Match[str]) -> str:
    *codes, plain = match.groups()
    code = next(filter(None, codes), None)
    return chr(int(code, 16)) if code else _ESCAPED.get(plain, plain)
