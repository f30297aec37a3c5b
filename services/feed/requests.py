"""A request as it comes from a topic: read, or set aside with the reason why nobody can read it."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.entry import LONGEST_ID, Cause
from infra.kafka.message import NO_TEXT, Record
from services.catalogue import CATALOGUE
from services.catalogue.command import Command

MOST_BYTES = 256 * 1024
MOST_HEADERS = 50
# The version each request is in, by its command; one that is not named is in its first. Earlier ones are read as well.
VERSIONS: Mapping[str, int] = {
    "credit_note.unallocate": 2,
    "customer.terms": 2,
    "invoice.issue": 3,
    "receipt.allocate": 2,
    "receipt.reverse": 2,
    "receipt.unallocate": 2,
}
TYPES = "receivables.request."

_HEADER = re.compile(r"ce_[a-z0-9]{1,40}", re.ASCII)
_TYPE = re.compile(r"receivables\.request\.([a-z_]+\.[a-z_]+)\.v([0-9]{1,9})", re.ASCII)
# W3C: version, trace id and parent id, of which none is all zeros, and flags; a later version may say more.
_TRACE = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]{1,100})?")


class Unreadable(Exception):
    """`reason` is the short code that a dead letter carries."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Request:
    """`content` is the same text for the same command with the same arguments, however they were written."""

    id: str
    command: Command[...]
    arguments: Mapping[str, object]
    content: str
    correlation_id: str | None = None
    causation_id: str | None = None
    trace: str | None = None

    def cause(self, actor: str) -> Cause:
        return Cause(actor, self.id, None, self.correlation_id, self.causation_id, self.trace)


def request_type(command: Command[...]) -> str:
    return f"{TYPES}{command.name}.v{VERSIONS.get(command.name, 1)}"


def read(record: Record) -> Request:
    """Raises `Unreadable`; what is wrong in the arguments is for the command to refuse."""
    if len(record.value or b"") > MOST_BYTES:
        raise Unreadable("too_large")
    headers = _headers(record.headers)
    request_id = headers.get("ce_id")
    if request_id is None:
        raise Unreadable("no_id")
    command = _command(headers.get("ce_type"))
    arguments, content = _arguments(command, record.value or b"")
    return Request(
        request_id,
        command,
        arguments,
        content,
        headers.get("ce_correlationid"),
        headers.get("ce_causationid"),
        trace_of(record.headers),
    )


def readable_headers(headers: Sequence[tuple[str, bytes | None]]) -> list[tuple[str, bytes]]:
    """Those of CloudEvents that are plain text."""
    known = [(name, value) for name, value in headers[:MOST_HEADERS] if _HEADER.fullmatch(name)]
    return [(name, value) for name, value in known if value is not None and _text(value)]


def trace_of(headers: Sequence[tuple[str, bytes | None]]) -> str | None:
    """None where there is no `traceparent`, or none that can be followed: nothing else depends on it."""
    found = [value for name, value in headers if name == "traceparent" and value]
    text = found[0].decode("ascii", "replace") if len(found) == 1 else ""
    return text if _TRACE.fullmatch(text) and (text[:2] != "00" or len(text) == 55) else None


def _headers(headers: Sequence[tuple[str, bytes | None]]) -> dict[str, str]:
    if len(headers) > MOST_HEADERS:
        raise Unreadable("too_many_headers")
    if any(not name.isprintable() or NO_TEXT in name for name, _ in headers):
        raise Unreadable("bad_header")
    ours = [(name, value) for name, value in headers if name.startswith("ce_")]
    if any(count > 1 for count in Counter(name for name, _ in ours).values()):
        raise Unreadable("doubled_header")
    found = {}
    for name, value in ours:
        text = _text(value or b"")
        if text is None or not _HEADER.fullmatch(name):
            raise Unreadable("bad_id" if name == "ce_id" else "bad_header")
        found[name] = text
    return found


def _text(value: bytes) -> str | None:
    """None for what is no line of text: whoever reads it, or writes it on, must not take it for more than one."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return None
    return text if 0 < len(text) <= LONGEST_ID and text.isprintable() else None


def _command(type_name: str | None) -> Command[...]:
    if type_name is None:
        raise Unreadable("no_type")
    known = _TYPE.fullmatch(type_name)
    command = CATALOGUE.get(known[1]) if known else None
    if known is None or command is None:
        raise Unreadable("unknown_type")
    if known[2] not in map(str, range(1, VERSIONS.get(command.name, 1) + 1)):
        raise Unreadable("unknown_version")
    return command


def _arguments(command: Command[...], value: bytes) -> tuple[Mapping[str, object], str]:
    try:
        found = json.loads(value.decode(), object_pairs_hook=_once, parse_constant=_no_number)
        content = json.dumps([command.name, found], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        content.encode()
    except (ValueError, RecursionError):
        raise Unreadable("not_json") from None
    if not isinstance(found, dict):
        raise Unreadable("not_an_object")
    return found, content


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """Of a name that comes twice, every reader would take the value it likes."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number in JSON")
