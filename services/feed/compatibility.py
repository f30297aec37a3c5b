"""Whether two JSON Schemas of one type go together: data written by either can be read by whoever goes by the other.

Of JSON Schema it knows what schemas of ours use, and takes anything else for a fault, so that nothing passes by being
unknown. Nothing is taken to be the same but what is written the same: two patterns that differ do not fit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

_SAYS_NOTHING = {"$schema", "$id", "$defs", "title", "description", "default", "examples"}
_KNOWN = _SAYS_NOTHING | {
    "type", "properties", "required", "additionalProperties", "items", "enum", "pattern", "format", "$ref", "anyOf",
    "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
}  # fmt: skip
_LEAST, _MOST = ("minimum", "minLength", "minItems"), ("maximum", "maxLength", "maxItems")
# Two patterns or formats can only be told to fit by being the same.
_LITERAL = ("pattern", "format")


def compatible(old: Schema, new: Schema) -> list[str]:
    """What does not fit, each with the place where it is; a field that is no longer written counts, too."""
    return [
        *_unknown("", old),
        *_unknown("", new),
        *(f"{each}, which was written before" for each in _Reading(new, old).faults()),
        *(f"{each}, for those who read by the earlier" for each in _Reading(old, new, keeps=True).faults()),
    ]


def transitively_compatible(versions: Sequence[Schema]) -> list[str]:
    """Of all versions of one type, the first one first, each with each."""
    return [
        f"{new.get('$id')} after {old.get('$id')}: {fault}"
        for n, new in enumerate(versions)
        for old in versions[:n]
        for fault in compatible(old, new)
    ]


def open_for_more(schema: Any) -> Any:
    """The schema, for one who ignores what it does not know."""
    if isinstance(schema, Mapping):
        return {name: open_for_more(each) for name, each in schema.items() if (name, each) != _CLOSED}
    return [*map(open_for_more, schema)] if isinstance(schema, list) else schema


def without_words(schema: Any) -> Any:
    """What is on the wire, without what is said about it."""
    if not isinstance(schema, Mapping):
        return [*map(without_words, schema)] if isinstance(schema, list) else schema
    return {
        name: {key: without_words(each) for key, each in part.items()} if name in _BY_NAME else without_words(part)
        for name, part in schema.items()
        if name not in _WORDS
    }


_CLOSED = ("additionalProperties", False)
_BY_NAME = ("properties", "$defs")
_WORDS = ("title", "description", "examples")


@dataclass(frozen=True, slots=True)
class _Reading:
    """Of what is written by one schema, by another; `keeps`: what the reader knows of must still be written."""

    reader: Schema
    writer: Schema
    keeps: bool = False

    def faults(self) -> list[str]:
        return [*self._of("", self.reader, self.writer)]

    def _of(self, at: str, read: Schema, written: Schema) -> Iterator[str]:
        may_read = _alternatives(self.reader, read)
        for each in _alternatives(self.writer, written):
            tried = [[*self._one(at, choice, each)] for choice in may_read]
            yield from min(tried, key=len)

    def _one(self, at: str, read: Schema, written: Schema) -> Iterator[str]:
        if not _is_type_among(written.get("type"), read.get("type")):
            yield f"{at or 'it'} is {written.get('type')} and not {read.get('type')}"
            return
        if "enum" in read and not ("enum" in written and {*written["enum"]} <= {*read["enum"]}):
            yield f"{at} may be none of {', '.join(map(str, read['enum']))}"
        for name in _LITERAL:
            if name in read and read[name] != written.get(name):
                yield f"{at} need not have the {name} {read[name]}"
        yield from _bounds(at, read, written)
        yield from self._properties(at, read, written)
        if "items" in read:
            yield from self._of(f"{at}[]", read["items"], written.get("items", {}))

    def _properties(self, at: str, read: Schema, written: Schema) -> Iterator[str]:
        known, given = read.get("properties", {}), written.get("properties", {})
        for name in read.get("required", ()):
            if name not in written.get("required", ()):
                yield f"{_below(at, name)} may be missing"
        for name in given:
            if name in known:
                yield from self._of(_below(at, name), known[name], given[name])
            elif read.get("additionalProperties") is False:
                yield f"{_below(at, name)} is not known and not allowed"
        if self.keeps:
            yield from (f"{_below(at, name)} is gone" for name in known if name not in given)


def _alternatives(root: Schema, schema: Schema) -> list[Schema]:
    """Each of one type, without references."""
    if "$ref" in schema:
        found: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return _alternatives(root, found)
    if "anyOf" in schema:
        return [each for choice in schema["anyOf"] for each in _alternatives(root, choice)]
    if isinstance(schema.get("type"), list):
        return [{**schema, "type": each} for each in schema["type"]]
    return [schema]


def _is_type_among(written: str | None, read: str | None) -> bool:
    return read is None or written == read or (written, read) == ("integer", "number")


def _bounds(at: str, read: Schema, written: Schema) -> Iterator[str]:
    for name in _LEAST:
        if name in read and written.get(name, float("-inf")) < read[name]:
            yield f"{at} may be below its {name}, {read[name]}"
    for name in _MOST:
        if name in read and written.get(name, float("inf")) > read[name]:
            yield f"{at} may be above its {name}, {read[name]}"


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _unknown(at: str, schema: Schema) -> Iterator[str]:
    """What would be passed over without being looked at."""
    for name, part in schema.items():
        place = _below(at, name)
        if name not in _KNOWN:
            yield f"{place} is nothing that is compared"
        elif name in _BY_NAME:
            for key, each in part.items():
                yield from _unknown(_below(place, key), each)
        elif name == "items":
            yield from _unknown(place, part)
        elif name == "anyOf":
            for each in part:
                yield from _unknown(place, each)
        elif name == "additionalProperties" and not isinstance(part, bool):
            yield f"{place} is nothing that is compared"
        elif name == "$ref" and schema.keys() - _SAYS_NOTHING != {"$ref"}:
            yield f"{place} is not alone"
