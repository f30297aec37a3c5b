"""The texts of each language: those that ship with the program, and over them what a file in the home says instead.

A text is found by step, and where a step has none of its own by tone. The hash of all texts of a language stands for
how they read: what is edited has another one, and is approved under it.
"""

import difflib
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
FORMAL = "formal"

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

    def common(self, name: str, values: Mapping[str, Printable]) -> str:
        """A paragraph that all messages share."""
        return self.templates.render(f"{COMMON}.{name}", values).strip()

    def print(self, step: str, tone: str, entry: str, values: Mapping[str, Printable]) -> str:
        """An entry of a step, or of its tone. Raises `TextUnfit`."""
        for name in (f"{STEPS}.{step}.{entry}", f"{TONES}.{tone}.{entry}"):
            if name in self.names:
                return self.templates.render(name, values).strip()
        raise TextUnfit(f"there is no text for a step {step[:40]} or a tone {tone[:40]}")


class Library:
    """Editions by language. A file in `home` that was edited is read again when its language is next asked for."""

    def __init__(self, home: Path):
        self._folder = home / FOLDER
        self._lock = Lock()
        self._known: dict[str, tuple[_State, Edition]] = {}

    def edition(self, language: str) -> Edition:
        """Raises `TextUnfit` for a file that cannot be read as texts, naming file, text and rule."""
        path = self.path(language)
        state = _state(path)
        with self._lock:
            known = self._known.get(language)
            if not known or known[0] != state:
                known = self._known[language] = state, _edition(language, _read(path) if state else {}, path)
        return known[1]

    def path(self, language: str) -> Path:
        """Where texts of a language are edited."""
        return self._folder / f"{language}.toml"


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
    return Edition(language, labels, hash_of(entries), edited, Templates(entries), frozenset(entries))


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
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TextUnfit(f"{path} cannot be read: {error}") from None


def _flat(table: Mapping[str, object], before: str) -> dict[str, str]:
    """Texts by their full names; raises `TypeError` with the name of what is none."""
    found = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{before}{key}.")
        elif isinstance(value, str):
            found[f"{before}{key}"] = value
        else:
            raise TypeError(f"{before}{key}")
    return found
