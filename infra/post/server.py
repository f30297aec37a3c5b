"""Where a mail server is, from a URL: `smtp://user:password@host:587?tls=starttls`."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

# How a connection is encrypted, and the port that goes with it.
PORTS = {"starttls": 587, "tls": 465, "none": 25}
FORM = "smtp://user:password@host:587?tls=starttls"


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls` is starttls, tls (from the first byte) or none."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server(url: str) -> MailServer:
    """Raises `ValueError` with what is wrong, in words that follow "which"."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise ValueError(f"has no port that is a number up to 65535: {FORM}") from None
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    tls = asked.pop("tls", "starttls")
    if parts.scheme != "smtp" or not parts.hostname or parts.path.strip("/") or parts.fragment or asked:
        raise ValueError(f"is no address of a mail server: {FORM}")
    if tls not in PORTS:
        raise ValueError(f"asks for another tls than {', '.join(PORTS)}: {FORM}")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and tls == "none" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("would send the password in the clear: use tls=starttls or tls=tls")
    return MailServer(parts.hostname, port or PORTS[tls], tls, user, password)
