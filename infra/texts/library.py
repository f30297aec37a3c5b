"""The texts of each language: those that ship with the program, and over them what a file in the home says instead.

A text is found by step, and where a step has none of its own by tone. The hash of all texts of a language stands for
how they read: what is edited has another one, and is approved under it.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

import orjson

from infra.texts.locales import LANGUAGES
from infra.texts.templates import Printable, Templates, TextUnfit

SHIPPED = Path(__file__).parent
FOLDER = "texts"
MOST_BYTES = 256_000

LABELS, COMMON, STEPS, TONES = "labels", "common", "steps", "tones"
SUBJECT, OPENING, BODY, CLOSING, SCRIPT = ENTRIES = ("subject", "opening", "body", "closing", "script")

_WRITTEN = (SUBJECT, OPENING, BODY, CLOSING)
GREETING, ALREADY_PAID, QUESTIONS, REGARDS = _SHARED = ("greeting", "already_paid", "questions", "regards")

_PARAGRAPH, _SPACES = re.compile(r"\n[ \t]*\n"), re.compile(r"[ \t\r\n]+")

# Text by its full name, such as steps.due_today.subject.
Entries = Mapping[str, str]
# A file as it is: when it was written last, and how long it is.
_State = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Edition:
    """The texts of a language as they read now. `edited` names those that do not read as they were shipped."""

    language: str
    labels: Mapping[str, str]
    sha256: str
    edited: tuple[str, ...]
    templates: Templates
    names: frozenset[str]

    @property
    def is_shipped(self) -> bool:
        return not self.edited

    @property
    def steps_and_tones(self) -> list[tuple[str, str]]:
        """Every step that has texts of its own, and every tone."""
        steps = {name.split(".")[1] for name in self.names if name.startswith(f"{STEPS}.")}
        tones = sorted({name.split(".")[1] for name in self.names if name.startswith(f"{TONES}.")})
        return [*((step, tones[0]) for step in sorted(steps)), *(("", tone) for tone in tones)]

    def print_all(self, step: str, tone: str, values: Mapping[str, Printable]) -> dict[str, str]:
        """All a message says: the entries of its step, or of its tone, and what all messages share."""
        sources = [self._required(step, tone, entry) for entry in _WRITTEN]
        sources += [f"{COMMON}.{name}" for name in _SHARED]
        printed = self.templates.render_all(sources, values)
        return {name: text.strip() for name, text in zip((*_WRITTEN, *_SHARED), printed, strict=True)}

    def has(self, name: str, entry: str) -> bool:
        """Whether there is an entry for this step or tone."""
        return self._source(name, entry) is not None

    def print(self, step: str, tone: str, entry: str, values: Mapping[str, Printable]) -> str:
        """An entry of a step, or of its tone. Raises `TextUnfit`."""
        return self.templates.render(self._required(step, tone, entry), values).strip()

    def _required(self, step: str, tone: str, entry: str) -> str:
        source = self._source(step, entry) or self._source(tone, entry)
        if source is None:
            raise TextUnfit(f"there is no text for a step {step[:40]} or a tone {tone[:40]}")
        return source

    def _source(self, name: str, entry: str) -> str | None:
        for found in (f"{STEPS}.{name}.{entry}", f"{TONES}.{name}.{entry}"):
            if found in self.names:
                return found
        return None


class Library:
    """Editions by language. A file in `home` that was edited is read again when its language is next asked for."""

    def __init__(self, home: Path):
        self._paths = {language: home / FOLDER / f"{language}.toml" for language in LANGUAGES}
        self._lock = Lock()
        self._known: dict[str, tuple[_State, Edition]] = {}

    def edition(self, language: str) -> Edition:
        """Raises `TextUnfit` for a file that cannot be read as texts, naming file, text and rule."""
        path = self._paths[language]
        state = _state(path)
        with self._lock:
            known = self._known.get(language)
            if not known or known[0] != state:
                known = self._known[language] = state, _edition(language, _read(path) if state else {}, path)
        return known[1]


@cache
def shipped(language: str) -> Entries:
    return _flat(tomllib.loads((SHIPPED / f"{language}.toml").read_text(encoding="utf-8")), "")


def hash_of(entries: Entries) -> str:
    return sha256(orjson.dumps(dict(entries), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _edition(language: str, edits: Entries, path: Path) -> Edition:
    assert language in LANGUAGES, "a language is chosen by `language_of`"
    as_shipped = shipped(language)
    for name in edits:
        _require_known(name, as_shipped, path)
    entries = {**as_shipped, **edits}
    edited = tuple(sorted(name for name in edits if edits[name] != as_shipped.get(name)))
    labels = {name.partition(".")[2]: text for name, text in entries.items() if name.startswith(f"{LABELS}.")}
    sources = {name: text if name.endswith(f".{SCRIPT}") else _flowing(text) for name, text in entries.items()}
    return Edition(language, labels, hash_of(entries), edited, Templates(sources), frozenset(entries))


def _flowing(text: str) -> str:
    """Lines of a file become paragraphs: an empty line parts them, a single break is a space."""
    return "\n\n".join(_SPACES.sub(" ", each).strip(" ") for each in _PARAGRAPH.split(text.strip("\n")))


def _require_known(name: str, as_shipped: Entries, path: Path) -> None:
    """Known, or an entry of a step of the reader's own."""
    section, _, rest = name.partition(".")
    is_own_step = section == STEPS and rest.count(".") == 1 and rest.rpartition(".")[2] in ENTRIES
    if name not in as_shipped and not is_own_step:
        near = difflib.get_close_matches(name, as_shipped, n=1, cutoff=0.75)
        raise TextUnfit(f"{path} sets {name}, which is no text{f': did you mean {near[0]}?' if near else ''}")


def _state(path: Path) -> _State:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _read(path: Path) -> Entries:
    try:
        content = path.read_bytes()[: MOST_BYTES + 1]
        if len(content) > MOST_BYTES:
            raise TextUnfit(f"{path} is longer than {MOST_BYTES:,} bytes")
        return _flat(tomllib.loads(content.decode()), "")
    except TypeError as error:
        raise TextUnfit(f"{path} sets {error}, which is neither a text nor a table of texts") from None
    except (OSError, ValueError, RecursionError) as error:
        raise TextUnfit(f"{path} cannot be read: {error}") from None


def _flat(table: Mapping[str, object], before: str) -> dict[str, str]:
    """Texts by their full names; raises `TypeError` with the name of what is none."""
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{before}{key}.")
        elif isinstance(value, str):
            found[f"{before}{key}"] = value
        else:
            raise TypeError(f"{before}{key}")
    return found
