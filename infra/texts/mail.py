"""An e-mail as bytes: text and HTML side by side, every header encoded, none that anybody can add.

The bytes are written here, since the library's own writer takes ten times what all of a mail may take; its parser reads
them back in the tests. The same mail gives the same bytes.
"""

import re
from base64 import b64encode
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from infra.post.address import Mailbox
from infra.texts.templates import Templates, TextUnfit

# A statement of account may be long, and these texts are ours.
_FRAMES = Templates(
    {name: (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("mail.txt", "mail.html")},
    fuel=5_000_000,
    most=4_000_000,
)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_TOKEN = re.compile(r"[!-~]{1,200}", re.ASCII)
_WORDS = re.compile(r"[A-Za-z0-9 !#$%&'*+/^_`{|}~-]+", re.ASCII)
# Line breaks of all kinds and what else steers a device; marks of writing direction are part of a name.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LINE, _CRLF = 76, "\r\n"
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
    """Raises `TextUnfit` for an address or id that cannot be one."""
    # Quoted-printable has no "=_", so no text can look like the end of its part.
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
    yield f"Date: {format_datetime(envelope.at)}"
    message_id = f"<{_token(envelope.message_id.strip('<>'), 'Message-ID')}>"
    yield f"Message-ID: {message_id}"
    # Once more, since there are servers that change the one above: by it a message that comes back is known again.
    yield f"X-Contact: {message_id}"
    yield "Auto-Submitted: auto-generated"
    yield f"Content-Language: {_token(envelope.language, 'language')}"
    yield "MIME-Version: 1.0"


def _text(text: str) -> str:
    coded = b2a_qp(_network_lines(text), istext=True).decode("ascii")
    return f'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{coded}'


def _html(html: str) -> str:
    """In base64: of long HTML it is made in half the time, and nobody reads its source in a mailbox."""
    coded = b2a_base64(_network_lines(html), newline=False).decode("ascii")
    lines = _CRLF.join([coded[start : start + _LINE] for start in range(0, len(coded), _LINE)])
    return f'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n{lines}'


def _network_lines(text: str) -> bytes:
    # There must be one line end: by the first it finds, the encoder ends those lines that it breaks itself.
    return (text.replace("\n", _CRLF) + _CRLF).encode()


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
    words, word = [], b""
    for sign in text:
        coded = sign.encode()
        if len(word) + len(coded) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += coded
    return f"{_CRLF} ".join(f"=?utf-8?b?{b64encode(each).decode('ascii')}?=" for each in (*words, word))


def _one_line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()


def _address(text: str) -> str:
    local, at, domain = text.strip().rpartition("@")
    try:
        address = f"{local}{at}{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        address = ""
    if text != text.strip() or not _ADDRESS.fullmatch(address):
        raise TextUnfit("the e-mail address is none that a mail can be sent to")
    return address


def _token(text: str, name: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise TextUnfit(f"the {name} of a mail is up to 200 printable ASCII characters without spaces")
    return text
