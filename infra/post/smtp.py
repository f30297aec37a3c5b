"""Hand-over to a mail server by SMTP.

What counts is whether the end of a message was sent. Before it, the message has not left, and it may be handed over
again. After it, only the server's answer says whether it has; where none comes, nobody knows.
"""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import replace

from infra.post.address import is_address, on_the_wire
from infra.post.message import Deferred, Delivery, Message, Refused, Taken, Unknown
from infra.post.server import MailServer

CONNECT_SECONDS, COMMAND_SECONDS, ANSWER_SECONDS = 15.0, 60.0, 300.0

_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
_LINE_END = re.compile(rb"\r\n|\r|\n")
# RFC 3463 and 6531: an address that is none, and one that this server does not know how to write.
BAD_ADDRESS, NOT_ASCII = "5.1.3", "5.6.7"
NO_CONNECTION, TIMED_OUT, LOST = "no_connection", "timed_out", "connection_lost"
CLOSING = 421


class Smtp:
    """One connection, made when it is needed and kept for the messages of a batch; certificates are verified."""

    def __init__(
        self,
        server: MailServer,
        *,
        hello: str = "localhost",
        tls: ssl.SSLContext | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        command_seconds: float = COMMAND_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ):
        self._server, self._hello, self._tls = server, hello, tls
        self._connect_seconds, self._command_seconds = connect_seconds, command_seconds
        self._answer_seconds = answer_seconds
        self._conn: smtplib.SMTP | None = None

    def hand_over(self, message: Message) -> Delivery:
        try:
            message = replace(message, recipient=on_the_wire(message.recipient))
        except UnicodeError:
            return Refused(BAD_ADDRESS)
        if not is_address(message.recipient):
            return Refused(BAD_ADDRESS)
        was_kept = self._conn is not None
        delivery = self._delivery(message)
        # A server ends connections that lay idle or have had their share of messages.
        if was_kept and isinstance(delivery, Deferred) and delivery.code.startswith((LOST, str(CLOSING))):
            return self._delivery(message)
        return delivery

    def close(self) -> None:
        conn, self._conn = self._conn, None
        if conn:
            with suppress(OSError):
                _wait_at_most(conn, 1.0)
                conn.quit()
            conn.close()

    def _delivery(self, message: Message) -> Delivery:
        try:
            conn = self._connected()
            self._send_envelope(conn, message)
            # All but the end of it.
            conn.send(_stuffed(message.data))
        except _Ended as ended:
            return ended.delivery
        except OSError as error:  # those of smtplib are among them
            self._forget()
            return Deferred(_code_of(error), is_server=True)
        return self._finished(conn)

    def _finished(self, conn: smtplib.SMTP) -> Delivery:
        try:
            _wait_at_most(conn, self._answer_seconds)
            conn.send(b".\r\n")
            code, words = conn.getreply()
            _wait_at_most(conn, self._command_seconds)
        except OSError as error:
            self._forget()
            return Unknown(_code_of(error))
        if 200 <= code < 300:
            return Taken()
        if 400 <= code < 600:
            return self._turned_down(code, words)
        self._forget()
        return Unknown("no_answer")

    def _send_envelope(self, conn: smtplib.SMTP, message: Message) -> None:
        options, notify = self._options(conn, message)
        self._require(conn.mail(message.sender, options))
        self._require(conn.rcpt(message.recipient, notify))
        code, words = conn.docmd("DATA")
        if code != 354:
            raise _Ended(self._turned_down(code, words))

    def _options(self, conn: smtplib.SMTP, message: Message) -> tuple[list[str], list[str]]:
        options, notify = [], []
        if not message.recipient.isascii():
            if not conn.has_extn("smtputf8"):
                self._reset()
                raise _Ended(Refused(NOT_ASCII))
            options.append("SMTPUTF8")
        if not message.data.isascii() and conn.has_extn("8bitmime"):
            options.append("BODY=8BITMIME")
        if conn.has_extn("dsn"):
            # So that a bounce names the message even where it returns nothing of it.
            options += ["RET=HDRS", f"ENVID={message.message_id.strip('<>')}"]
            notify.append("NOTIFY=FAILURE,DELAY")
        return options, notify

    def _require(self, reply: tuple[int, bytes]) -> None:
        if not 200 <= reply[0] < 300:
            raise _Ended(self._turned_down(*reply))

    def _turned_down(self, code: int, words: bytes) -> Delivery:
        """The connection is ready for the next message, or given up."""
        if code == CLOSING or not 400 <= code < 600:
            self._forget()
            return Deferred(_shown(code, words), is_server=True)
        self._reset()
        return Deferred(_shown(code, words)) if code < 500 else Refused(_shown(code, words))

    def _reset(self) -> None:
        try:
            if self._conn and self._conn.rset()[0] == 250:
                return
        except OSError:
            pass
        self._forget()

    def _connected(self) -> smtplib.SMTP:
        if self._conn is None:
            self._conn = self._opened()
        return self._conn

    def _opened(self) -> smtplib.SMTP:
        """Greeted, encrypted and logged in, or raises: then it is the server, not the message."""
        conn = self._greeted()
        try:
            _wait_at_most(conn, self._command_seconds)
            # The end of a message is sent by itself, and would wait until what came before it is acknowledged.
            if conn.sock:
                conn.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._server.tls == "starttls":
                conn.starttls(context=self._context())
            conn.ehlo_or_helo_if_needed()
            if self._server.user:
                conn.login(self._server.user, self._server.password)
        except BaseException:
            conn.close()
            raise
        return conn

    def _greeted(self) -> smtplib.SMTP:
        host, port, hello, seconds = self._server.host, self._server.port, self._hello, self._connect_seconds
        try:
            if self._server.tls == "tls":
                return smtplib.SMTP_SSL(host, port, hello, timeout=seconds, context=self._context())
            return smtplib.SMTP(host, port, hello, timeout=seconds)
        except (smtplib.SMTPException, ssl.SSLError, TimeoutError):
            raise
        except (OSError, UnicodeError) as error:  # the latter for a name that can be none of a host
            raise _Ended(Deferred(NO_CONNECTION, is_server=True)) from error

    def _context(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()

    def _forget(self) -> None:
        conn, self._conn = self._conn, None
        if conn:
            conn.close()


class _Ended(Exception):
    """The server has answered, and that was it for this message."""

    def __init__(self, delivery: Delivery):
        super().__init__(type(delivery).__name__)
        self.delivery = delivery


def _wait_at_most(conn: smtplib.SMTP, seconds: float) -> None:
    if conn.sock:
        conn.sock.settimeout(seconds)


def _stuffed(data: bytes) -> bytes:
    """Lines end as SMTP has them, and none can be taken for the end of the message."""
    lines = _LINE_END.sub(b"\r\n", data)
    return re.sub(rb"(?m)^\.", b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def _shown(code: int, words: bytes) -> str:
    """The digits alone: `550 5.1.1`."""
    enhanced = _ENHANCED.match(words)
    return f"{code} {enhanced[0].decode()}" if enhanced else str(code)


def _code_of(error: Exception) -> str:
    match error:
        case smtplib.SMTPResponseException():
            words = error.smtp_error
            return _shown(error.smtp_code, words if isinstance(words, bytes) else words.encode())
        case smtplib.SMTPNotSupportedError():
            return "not_supported"
        case ssl.SSLCertVerificationError():
            return "certificate"
        case ssl.SSLError():
            return "tls"
    # The library says a timeout to be an end of the connection.
    return TIMED_OUT if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError) else LOST
