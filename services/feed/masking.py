"""What is said of a refusal where everybody may read it: nothing that the asker wrote.

Refusals quote what was typed, which helps at a desk. A topic is kept and copied, and a name or a comment that was
written into the wrong field must not be there.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from services.catalogue.command import Command
from services.catalogue.parameters import Form, parameters

MASK = "…"
LONGEST_MESSAGE = 300
# Shorter words are in too many others to tell that they came from there.
_SHORTEST_PART = 4

# An apostrophe within a word quotes nothing.
_QUOTED = re.compile(r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?!\w)""")
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"[-+]?[0-9][0-9.,-]{0,30}", re.ASCII)
_FIGURES = (Form.AMOUNT, Form.PERCENT, Form.DAY, Form.NUMBER)
# Names within instalments, shares, discounts and remittances.
_PARTS = frozenset((
    "due_on", "amount", "days", "percent", "is_end_of_month", "day_of_next_month", "invoice",
))  # fmt: skip
_PART_FIGURES = ("due_on", "amount", "percent")


def masked(message: str, command: Command[...], arguments: Mapping[str, object]) -> str:
    """Without quotations, and without any word that is in the arguments, but for amounts and days where they belong."""
    known = {each.name: each.form for each in parameters(command)}
    figures = {name for name, form in known.items() if form in _FIGURES} | set(_PART_FIGURES)
    written = " ".join(map(_plain, _texts(arguments, known.keys() | _PARTS, figures)))
    words = set(_WORD.findall(written))

    def shown(found: re.Match[str]) -> str:
        word = _plain(found[0])
        is_theirs = word in words or (len(word) >= _SHORTEST_PART and word in written)
        return MASK if is_theirs else found[0]

    text = _WORD.sub(shown, _QUOTED.sub(MASK, message))
    return "".join(sign if sign.isprintable() else " " for sign in text)[:LONGEST_MESSAGE]


def _texts(value: object, known: frozenset[str] | set[str], figures: set[str], name: str = "") -> Iterator[str]:
    match value:
        case str() if not (name in figures and _FIGURE.fullmatch(value)):
            yield value
        case list():
            for each in value:
                yield from _texts(each, known, figures, name)
        case dict():
            for key, each in value.items():
                if key not in known:
                    yield key
                yield from _texts(each, known, figures, key)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
