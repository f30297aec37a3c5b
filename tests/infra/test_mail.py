"""A mail as bytes: the library's own parser reads back exactly what was said, whatever a name tries."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from infra.post.address import Mailbox
from infra.texts.mail import Envelope, mail
from infra.texts.templates import TextUnfit

AT = datetime(2026, 2, 1, 8, 30, tzinfo=UTC)
HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "X-Contact", "Auto-Submitted", "Content-Language",
    "MIME-Version", "Content-Type",
]  # fmt: skip
# What a mail can carry: no half of a pair of surrogates.
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, range(0x7F, 0xA0)))), max_size=200
)


def envelope(*, subject: str = "Hello", name: str = "Ann", to: str = "ann@example.org", **more: str) -> Envelope:
    given = {"sender": Mailbox("Firm", "billing@firm.example"), "message_id": "<a1.1@firm.example>", "at": AT, **more}
    return Envelope(to=Mailbox(name, to), subject=subject, language="de", reply_to="answers@firm.example", **given)  # type: ignore[arg-type]


def parsed(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=policy.SMTP)
    assert isinstance(found, EmailMessage)
    for part in found.walk():
        assert part.defects == []
        assert [header.defects for header in part.values() if hasattr(header, "defects") and header.defects] == []
    return found


def body(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    assert part
    return str(part.get_content())


def one_line(text: str) -> str:
    return " ".join("".join(" " if _steers(each) else each for each in text).split())


def _steers(sign: str) -> bool:
    return sign < " " or "\x7f" <= sign <= "\x9f" or sign in "\u2028\u2029"


def test_a_mail_says_who_to_whom_about_what_and_that_a_program_sent_it():
    found = parsed(mail(envelope(subject="Mahnung: 3 Rechnungen, fällig"), "Text\n", "<p>HTML</p>\n"))
    assert found.keys() == HEADERS
    assert found["From"] == "Firm <billing@firm.example>"
    assert found["To"] == "Ann <ann@example.org>"
    assert found["Reply-To"] == "answers@firm.example"
    assert found["Subject"] == "Mahnung: 3 Rechnungen, fällig"
    assert found["Date"].datetime == AT
    assert found["Message-ID"] == found["X-Contact"] == "<a1.1@firm.example>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Content-Type"].content_type == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]


@given(subject=TEXT, name=TEXT)
@example("x\r\nBcc: everybody@example.org", "Ann\r\nX-Spam: no\r\n\r\n<script>")
@example("=?utf-8?b?QmNjOiB4?=", 'Ann" <eve@example.org>, "')
@example("{{7*7}}", "\u202eevil\u202c \u200f")
@example("a" * 200, "ä" * 200)
def test_whatever_a_name_says_it_adds_no_header_and_no_receiver(subject, name):
    found = parsed(mail(envelope(subject=subject, name=name), "Text", "<p>"))
    assert found.keys() == HEADERS
    [to] = found["To"].addresses
    assert to.addr_spec == "ann@example.org"
    assert one_line(to.display_name).replace(" ", "") == one_line(name).replace(" ", "")
    # The parser above leaves spaces between encoded words of a name, which the standard wants dropped.
    raw = str(message_from_bytes(mail(envelope(name=name), "Text", "<p>"), policy=policy.compat32)["To"])
    shown = str(make_header(decode_header(raw))).removesuffix("ann@example.org").removesuffix("<ann@example.org>")
    assert one_line(shown) == one_line(name) or '"' in raw
    assert one_line(found["Subject"]) == one_line(subject)


@given(text=TEXT, html=TEXT)
@example("From here\n.\n--=_\nline  \n" + "ü" * 2000, "x" * 5000)
@example("", "ü" * 5000)
@example("", ".\n..\nFrom\n--=_\n\0")
def test_what_is_written_arrives(text, html):
    # A line ends as lines end in mails, wherever it was written.
    lines = [each.replace("\r", "") for each in (text, html)]
    found = parsed(mail(envelope(), *lines))
    assert body(found, "plain").replace("\r\n", "\n").rstrip("\n") == lines[0].rstrip("\n")
    assert unescape(body(found, "html").replace("\r\n", "\n")).rstrip("\n") == unescape(lines[1]).rstrip("\n")


@given(text=TEXT, subject=TEXT)
@example("x" * 500, "")
@example("ü" * 500, "ü" * 500)
@example("a\rb\r", "")
def test_no_line_is_longer_than_a_mail_server_must_take(text, subject):
    data = mail(envelope(subject=subject, name=subject), text * 20, text * 20)
    head, _, html = data.partition(b"text/html")
    assert data.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 100
    assert max(map(len, html.split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@example.org\r\nBcc: eve@example.org",
        "ann@example.org, eve@example.org",
        "Ann <ann@example.org>",
        "ann @example.org",
        " ann@example.org",
        "änn@example.org",
        "ann@" + "x" * 300,
    ],
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(TextUnfit) as refusal:
        mail(envelope(to=address), "Text", "<p>")
    assert address == "" or address not in refusal.value.message


def test_a_domain_beyond_ascii_is_written_as_the_network_knows_it():
    assert b"<ann@xn--mller-kva.example>" in mail(envelope(to="ann@müller.example"), "Text", "<p>")


@pytest.mark.parametrize("message_id", ["", "<>", "a b@x", "a@x\r\nBcc: eve@example.org", "<ä@x>", "a" * 300])
def test_a_message_id_that_is_none_is_refused(message_id):
    with pytest.raises(TextUnfit):
        mail(envelope(message_id=message_id), "Text", "<p>")


def test_the_same_mail_is_the_same_bytes():
    assert len({mail(envelope(), "Text", "<p>") for _ in range(3)}) == 1
