"""What a mail server reports of a message that it could not, or could, deliver (RFC 3464), out of a mail anybody may
have written.

Nothing of it is believed but digits, and the Message-ID, which whoever asked for the report checks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Literal, get_args

MOST_BYTES = 1_000_000
# A parser takes minutes for a mail of parts within parts within parts.
MOST_PARTS = 30

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]
ACTIONS: tuple[str, ...] = get_args(Action)

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_MESSAGE_ID = re.compile(r"[0-9a-f]{32}\.[1-9]\d{0,5}@[A-Za-z0-9.-]{1,255}")
_OPENS_PART = re.compile(rb"boundary|message/", re.IGNORECASE)


class NoReport(Exception):
    """The mail is no delivery report about a message of ours; `reason` is a word that may be logged."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Report:
    """`message_ids` are those it may be about, with their angle brackets; `status` is 5.1.1 or the like."""

    action: str
    status: str
    message_ids: tuple[str, ...]


def parse(data: bytes) -> Report:
    """Raises `NoReport`."""
    if len(data) > MOST_BYTES:
        raise NoReport("too_large")
    if len(_OPENS_PART.findall(data)) > MOST_PARTS:
        raise NoReport("too_many_parts")
    try:
        parts = [*message_from_bytes(data).walk()]
        return _report(parts)
    except NoReport:
        raise
    except Exception:
        # The library's parser has an error of its own for every header that is not what it should be.
        raise NoReport("not_a_mail") from None


def _report(parts: list[Message]) -> Report:
    fields = [block for part in parts if _type(part) == "message/delivery-status" for block in _blocks(part)]
    outcomes = [outcome for block in fields if (outcome := _outcome(block))]
    if not outcomes:
        raise NoReport("no_delivery_status")
    message_ids = tuple(dict.fromkeys(_message_ids(parts, fields)))
    if not message_ids:
        raise NoReport("not_about_ours")
    # Where there are several receivers, as behind a mailing list, one it failed for counts most.
    action, status = min(outcomes, key=lambda outcome: ACTIONS.index(outcome[0]))
    return Report(action, status, message_ids)


def _outcome(block: Message) -> tuple[str, str] | None:
    action = _word(block, "Action").lower()
    status = _STATUS.match(_word(block, "Status"))
    return (action, status[0] if status else "") if action in ACTIONS else None


def _message_ids(parts: list[Message], fields: list[Message]) -> Iterator[str]:
    """What the envelope was given comes first, then what was returned of the message; never the report's own."""
    texts = [_word(block, "Original-Envelope-Id") for block in fields]
    for part in parts[1:]:
        texts += [_word(part, name) for name in ("Message-ID", "X-Contact")]
        if _type(part) == "text/rfc822-headers":
            texts.append(_text(part))
    for text in texts:
        yield from (f"<{found}>" for found in _MESSAGE_ID.findall(text)[:1])


def _blocks(part: Message) -> list[Message]:
    content = part.get_payload()
    return [block for block in content if isinstance(block, Message)] if isinstance(content, list) else []


def _type(part: Message) -> str:
    return part.get_content_type()


def _word(part: Message, name: str) -> str:
    return str(part.get(name, "")).strip()


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    headers = content.decode("ascii", "replace") if isinstance(content, bytes) else ""
    found = re.search(r"^Message-ID:\s*(.*)$", headers, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""
