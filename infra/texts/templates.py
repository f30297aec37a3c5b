"""Texts with places for data, rendered in a sandbox: whoever edits a text can print data, and nothing else.

A template has no way to Python, files or other templates. What it may spend is bounded (a loop without end is over in
milliseconds, and so is a text that doubles itself), what it may print too, and a name it misspells is an error.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from minijinja import Environment, TemplateError

from domain.refusal import Refused

# What one text may spend, in steps of the engine; the longest that ships takes some hundred.
FUEL = 50_000
LONGEST, MOST_PRINTED = 20_000, 100_000
# A sign that no text is made with.
_BETWEEN = "\N{INFORMATION SEPARATOR TWO}"

# All that a template is ever given: text and numbers, and rows and named parts of them.
Printable: TypeAlias = "str | int | tuple[Printable, ...] | Parts"


class Parts:
    """Values by name: a template sees them and nothing else, where of a dict it could call the methods."""

    __slots__ = ("_values",)

    def __init__(self, **values: Printable):
        self._values = values

    def __getattr__(self, name: str) -> Printable:
        if name.startswith("_") or name not in self._values:
            raise AttributeError(name)
        return self._values[name]

    def __str__(self) -> str:
        return ""


class TextUnfit(Refused):
    """A text that cannot be printed, or data that must not be printed by it: what it is for has to wait.

    Its code is `text_unfit`, or `no_glyph` where there is no font for what is to be printed, or `no_address` where
    there is none that it can be sent to.
    """

    def __init__(self, message: str, code: str = "text_unfit"):
        super().__init__(code, message)


class Templates:
    """Templates by name, each compiled when it is first used. Those that end in .html escape what they print."""

    def __init__(self, sources: Mapping[str, str], *, fuel: int = FUEL, most: int = MOST_PRINTED):
        self._sources, self._most = dict(sources), most
        self._compiled: set[str] = set()
        # What has no place for data prints itself.
        self._constant = {name: text for name, text in sources.items() if "{" not in text and len(text) <= LONGEST}
        self._environment = Environment(
            fuel=fuel,
            undefined_behavior="strict",
            debug=False,
            pycompat=False,
            auto_escape_callback=lambda name: name.endswith(".html"),
        )
        self._environment.remove_global("debug")

    def render_all(self, names: Sequence[str], values: Mapping[str, object]) -> list[str]:
        """As `render` of each, and in a third of the time: what they may print is handed to the engine once."""
        joined = " + ".join(names)
        if joined not in self._sources:
            self._sources[joined] = _BETWEEN.join(self._sources[name] for name in names)
        try:
            printed = self.render(joined, values).split(_BETWEEN)
        except TextUnfit:
            printed = []
        # One by one it shows which of them is unfit, if any is: all together may also be too much.
        return printed if len(printed) == len(names) else [self.render(name, values) for name in names]

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """Raises `TextUnfit`, saying in which line of which text. What others wrote is given `Printable` alone."""
        if name in self._constant:
            return self._constant[name]
        try:
            if name not in self._compiled:
                self._environment.add_template(name, _bounded(name, self._sources[name]))
                self._compiled.add(name)
            printed = self._environment.render_template(name, **values)
        except TemplateError as error:
            raise TextUnfit(f"{name}, line {error.line or 1}: {_why(error)}") from None
        except AttributeError as error:
            raise TextUnfit(f"{name}: there is no {error}") from None
        if len(printed) > self._most:
            raise TextUnfit(f"{name} prints {len(printed):,} characters; {self._most:,} are the most")
        return printed


def _bounded(name: str, source: str) -> str:
    if len(source) > LONGEST:
        raise TextUnfit(f"{name} has {len(source):,} characters; {LONGEST:,} are the most")
    return source


def _why(error: TemplateError) -> str:
    if error.kind == "OutOfFuel":
        return "it takes too long to print, as a loop without end would"
    return error.detail or error.message.partition(" (in ")[0]
