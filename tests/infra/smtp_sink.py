"""A mail server that keeps what it is sent, and fails where it is told to."""

import base64
import contextlib
import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Where a connection ends or falls silent, in the order of a message's way.
Point = Literal["greeting", "MAIL", "RCPT", "DATA", "within", "end", "reply"]
POINTS: tuple[Point, ...] = ("greeting", "MAIL", "RCPT", "DATA", "within", "end", "reply")


@dataclass(slots=True)
class Kept:
    """A message that the server has for good, whether it could say so or not."""

    sender: str
    recipient: str
    data: bytes


@dataclass
class Sink:
    """`answers` are given in place of 250, by command or by recipient; `dies_at` and `hangs_at` are points.

    `seconds_at` is how long it takes there. It insists on the order of commands.
    """

    answers: dict[str, str] = field(default_factory=dict)
    dies_at: Point | None = None
    hangs_at: Point | None = None
    seconds_at: dict[Point, float] = field(default_factory=dict)
    greylists: bool = False
    most_per_connection: int = 1_000_000
    tls: ssl.SSLContext | None = None
    tls_first: bool = False
    login: tuple[str, str] | None = None
    extensions: tuple[str, ...] = ()
    kept: list[Kept] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self.listener.getsockname()[1]
        self.lock, self.released = Lock(), Event()
        self.seen: Counter[str] = Counter()
        self.open: list[socket.socket] = []

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                with self.lock:
                    self.connections += 1
                    self.open.append(client)
                Thread(target=self._talk, args=(client,), daemon=True).start()

    def close(self) -> None:
        self.released.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self.open:
            with contextlib.suppress(OSError):
                each.close()

    def _talk(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, _Died), client:
            if self.tls_first and self.tls:
                client = self.tls.wrap_socket(client, server_side=True)
            _Talk(self, client).run()


class _Died(Exception):
    pass


class _Talk:
    def __init__(self, sink: Sink, client: socket.socket):
        self._sink, self._client = sink, client
        self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = client.makefile("rb")
        self._sender = self._recipient = ""
        self._taken = 0

    def run(self) -> None:
        self._reach("greeting")
        self._say(self._sink.answers.get("greeting", "220 sink ready"))
        while line := self._file.readline():
            command = line.decode("utf-8", "replace").strip()
            self._sink.commands.append(command)
            verb = command.upper().split(" ")[0].split(":")[0]
            if verb == "QUIT":
                self._say("221 bye")
                return
            self._answer(verb, command)

    def _answer(self, verb: str, command: str) -> None:
        match verb:
            case "EHLO":
                starts = ("STARTTLS",) if self._sink.tls and not isinstance(self._client, ssl.SSLSocket) else ()
                login = ("AUTH PLAIN",) if self._sink.login else ()
                lines = ["sink", *self._sink.extensions, *starts, *login]
                self._say("\r\n".join(f"250{'-' if line is not lines[-1] else ' '}{line}" for line in lines))
            case "STARTTLS" if self._sink.tls:
                self._say("220 go on")
                self._client = self._sink.tls.wrap_socket(self._client, server_side=True)
                self._file = self._client.makefile("rb")
            case "AUTH":
                self._say(self._sink.answers.get("AUTH") or self._logged_in(command))
            case "MAIL" if self._sender:
                self._say("503 5.5.1 one after the other")
            case "MAIL":
                self._reach("MAIL")
                full = self._taken >= self._sink.most_per_connection
                answer = "421 4.7.0 too many" if full else self._sink.answers.get("MAIL", "250 2.1.0 ok")
                self._say(answer)
                if full:
                    raise _Died
                self._sender = _address(command) if answer.startswith("2") else ""
            case "RCPT":
                self._reach("RCPT")
                self._recipient = _address(command)
                self._say(self._welcome(self._recipient))
            case "DATA":
                self._reach("DATA")
                answer = self._sink.answers.get("DATA", "354 go on")
                self._say(answer)
                if answer.startswith("354"):
                    self._take()
            case "RSET":
                self._sender = ""
                self._say("250 2.0.0 ok")
            case _:
                self._say("502 5.5.1 no such command")

    def _welcome(self, recipient: str) -> str:
        sink = self._sink
        sink.seen[recipient] += 1
        if sink.greylists and sink.seen[recipient] == 1:
            return f"451 4.7.1 <{recipient}> greylisted, come back later"
        return sink.answers.get(recipient, "250 2.1.5 ok")

    def _take(self) -> None:
        lines = []
        while (line := self._file.readline()) != b".\r\n":
            if not line:
                raise _Died
            self._reach("within")
            lines.append(line[1:] if line.startswith(b".") else line)
        self._reach("end")
        answer = self._sink.answers.get("end", "250 2.0.0 taken")
        if answer.startswith("2"):
            with self._sink.lock:
                self._sink.kept.append(Kept(self._sender, self._recipient, b"".join(lines)))
            self._taken += 1
        self._sender = ""
        self._reach("reply")
        self._say(answer)

    def _logged_in(self, command: str) -> str:
        given = base64.b64decode(command.split(" ")[2]).decode().split("\0")[1:]
        return "235 2.7.0 welcome" if tuple(given) == self._sink.login else "535 5.7.8 no such user ann@firm.example"

    def _reach(self, point: Point) -> None:
        self._sink.released.wait(self._sink.seconds_at.get(point, 0.0))
        if self._sink.hangs_at == point:
            self._sink.released.wait(20)
            raise _Died
        if self._sink.dies_at == point:
            with contextlib.suppress(OSError):
                self._client.shutdown(socket.SHUT_RDWR)
            raise _Died

    def _say(self, answer: str) -> None:
        self._client.sendall(answer.encode() + b"\r\n")


def _address(command: str) -> str:
    return command.partition("<")[2].partition(">")[0]


@contextmanager
def sink(**how: object) -> Iterator[Sink]:
    made = Sink(**how)  # type: ignore[arg-type]
    thread = Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.close()
        thread.join(5)


def certificate(folder: Path, host: str = "localhost") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of that name shows, and what a client needs to believe it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    names: list[x509.GeneralName] = [x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))]
    if host != "localhost":
        names = names[:1]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / f"{host}.pem"
    file.write_bytes(pem + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=pem.decode())
