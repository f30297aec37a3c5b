"""An e-mail as bytes: text and HTML side by side, every header encoded, none that anybody can add.

The bytes are written here, since the library's own writer takes ten times what all of a mail may take; its parser reads
them back in the tests. The same mail gives the same bytes.
"""

import re
from binascii import b2a_base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from infra.post.address import Mailbox, deliverable
from infra.texts.templates import Templates, TextUnfit

# A statement of account may be long, and these texts are ours.
_FRAMES = Templates(
    {name: (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("mail.txt", "mail.html")},
    fuel=5_000_000,
    most=4_000_000,
)
_TOKEN = re.compile(r"[!-~]{1,200}", re.ASCII)
_WORDS = re.compile(r"[A-Za-z0-9 !#$%&'*+/^_`{|}~-]+", re.ASCII)
# Line breaks of all kinds and what else steers a device; marks of writing direction are part of a name.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LINE, _LF, _CRLF = 76, "\n", "\r\n"
# What every mail server must take (RFC 5322) is 998; a dot at the beginning is doubled on the way.
_LONGEST_LINE = 990
# So many bytes of UTF-8 fit an encoded word (RFC 2047).
_WORD_BYTES = 45


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers say; `message_id` is with its angle brackets or without."""

    sender: Mailbox
    to: Mailbox
    subject: str
    message_id: str
    at: datetime
    language: str
    reply_to: str = ""


def bodies(page: Mapping[str, object]) -> tuple[str, str]:
    """As text, and as HTML."""
    return _without_gaps(_FRAMES.render("mail.txt", page)), _FRAMES.render("mail.html", page)


def mail(envelope: Envelope, text: str, html: str) -> bytes:
    """Raises `TextUnfit` for an address (under the code `no_address`) or id that cannot be one."""
    # No text can look like the end of its part: base64 has no such sign, and no line of HTML begins with data.
    boundary = f"=_{sha256(envelope.message_id.encode()).hexdigest()[:32]}"
    lines = [
        *_headers(envelope),
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
        f"--{boundary}",
        _text(text),
        f"--{boundary}",
        _html(html),
        f"--{boundary}--",
        "",
    ]
    return _CRLF.join(lines).encode("ascii")


def _without_gaps(text: str) -> str:
    """What a text leaves out leaves its empty lines behind."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def _headers(envelope: Envelope) -> Iterator[str]:
    yield _mailbox("From", envelope.sender)
    yield _mailbox("To", envelope.to)
    if envelope.reply_to and envelope.reply_to != envelope.sender.address:
        yield f"Reply-To: {_address(envelope.reply_to)}"
    yield f"Subject: {_unstructured(envelope.subject)}"
    yield f"Date: {_date(envelope.at.replace(microsecond=0))}"
    message_id = f"<{_token(envelope.message_id.strip('<>'), 'Message-ID')}>"
    yield f"Message-ID: {message_id}"
    # Once more, since there are servers that change the one above: by it a message that comes back is known again.
    yield f"X-Contact: {message_id}"
    yield "Auto-Submitted: auto-generated"
    yield f"Content-Language: {_token(envelope.language, 'language')}"
    yield "MIME-Version: 1.0"


@lru_cache(maxsize=100)
def _date(at: datetime) -> str:
    return format_datetime(at)


def _text(text: str) -> str:
    return _base64("plain", text)


def _html(html: str) -> str:
    """In ASCII, with references for all other signs: so it goes as it is, and the mail can be read in its file."""
    plain = html.encode("ascii", "xmlcharrefreplace").decode("ascii")
    if "\r" in plain or "\0" in plain or max(map(len, plain.split("\n"))) > _LONGEST_LINE:
        return _base64("html", html)
    return f"{_head('html', '7bit')}{plain.replace(_LF, _CRLF)}"


def _base64(kind: str, text: str) -> str:
    """Faster by half than quoted-printable."""
    coded = b2a_base64(text.replace(_LF, _CRLF).encode(), newline=False).decode("ascii")
    lines = [coded[start : start + _LINE] for start in range(0, len(coded), _LINE)]
    return f"{_head(kind, 'base64')}{_CRLF.join(lines)}"


def _head(kind: str, coding: str) -> str:
    return f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {coding}\r\n\r\n'


@lru_cache(maxsize=1000)
def _mailbox(name: str, box: Mailbox) -> str:
    address, shown = _address(box.address), _one_line(box.name)
    if not shown:
        return f"{name}: {address}"
    if _WORDS.fullmatch(shown) and len(shown) < _LINE - 20:
        return f"{name}: {shown} <{address}>"
    return f"{name}: {_encoded(shown)}\r\n <{address}>"


def _unstructured(text: str) -> str:
    """As it is where it is plain and short; what looks as if it were encoded is encoded once more."""
    shown = _one_line(text)
    if shown.isascii() and "=?" not in shown and len(shown) < _LINE - 10:
        return shown
    return _encoded(shown)


def _encoded(text: str) -> str:
    """Encoded words, each on a line of its own."""
    if len(whole := text.encode()) <= _WORD_BYTES:
        return _word(whole)
    words, word = [], b""
    for sign in text:
        coded = sign.encode()
        if len(word) + len(coded) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += coded
    return f"{_CRLF} ".join(map(_word, (*words, word)))


def _word(coded: bytes) -> str:
    return f"=?utf-8?b?{b2a_base64(coded, newline=False).decode('ascii')}?="


def _one_line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()


def _address(text: str) -> str:
    address = deliverable(text)
    if address is None:
        raise TextUnfit("the e-mail address is none that a mail can be sent to", "no_address")
    return address


def _token(text: str, name: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise TextUnfit(f"the {name} of a mail is up to 200 printable ASCII characters without spaces")
    return text
