"""The texts of a language, and which wordings of them were approved: what was edited is not sent before that."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain.entry import ALWAYS, stream_name
from domain.refusal import Refused

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Approved:
    """`sha256` is the content hash of all texts of the language, as they were read by the one who approved them."""

    language: str
    sha256: str


Fact = Approved

FACTS: dict[str, type] = {"text.approved": Approved}


@dataclass(frozen=True, slots=True)
class Texts:
    """The wordings that were approved, by their hashes."""

    approved: frozenset[str] = frozenset()


def text_stream(language: str) -> str:
    return stream_name("text", language)


def approve(texts: Texts | None, language: str, *, sha256: str) -> list[Fact]:
    """Approving the same wording again changes nothing; refuses `bad_hash`."""
    if not _SHA256.fullmatch(sha256):
        raise Refused("bad_hash", "the content hash of texts is 64 hexadecimal digits, in small letters", "sha256")
    return [] if texts and sha256 in texts.approved else [Approved(language, sha256)]


def evolve(texts: Texts | None, fact: Fact, on: date = ALWAYS) -> Texts:
    """The approvals after a fact; its effective date `on` makes no difference."""
    known = texts or Texts()
    return replace(known, approved=known.approved | {fact.sha256})


def fold(facts: Iterable[Fact]) -> Texts | None:
    texts = None
    for fact in facts:
        texts = evolve(texts, fact)
    return texts
