"""A way to a PostgreSQL server that can be cut at a chosen moment."""

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Proxy:
    def __init__(self, url: str):
        given = conninfo_to_dict(url)
        self._host, self._port = str(given.get("host") or "localhost"), int(given.get("port") or 5432)
        self.listener = socket.create_server(("127.0.0.1", 0))
        port = self.listener.getsockname()[1]
        self.url = make_conninfo(url, host="127.0.0.1", port=port, sslmode="disable", gssencmode="disable")
        self._swallowed: bytes | None = None
        self._dropped: bytes | None = None
        self.has_cut = Event()
        self.is_passing = Event()
        self.is_passing.set()

    @contextmanager
    def silence(self) -> Iterator[None]:
        """What the server answers does not come through until the end of `with`; no connection is cut."""
        self.is_passing.clear()
        try:
            yield
        finally:
            self.is_passing.set()

    def swallow_the_answer_to(self, question: bytes) -> None:
        """The server gets the next message with these bytes and acts on it, and is cut off before it is heard."""
        self._swallowed = question

    def drop(self, question: bytes) -> None:
        """The connection is cut instead of passing on the next message with these bytes."""
        self._dropped = question

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                _Link(self, client, self._connected())

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _connected(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{self._host}/.s.PGSQL.{self._port}")
        return server

    def is_dropped(self, data: bytes) -> bool:
        if self._dropped is None or self._dropped not in data:
            return False
        self._dropped = None
        return True

    def is_swallowed(self, data: bytes) -> bool:
        if self._swallowed is None or self._swallowed not in data:
            return False
        self._swallowed = None
        return True


class _Link:
    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket):
        self._proxy, self._client, self._server = proxy, client, server
        self._swallows = False
        for run in (self._ask, self._answer):
            Thread(target=run, daemon=True).start()

    def _ask(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._client.recv(65536):
                if self._proxy.is_dropped(data):
                    self._proxy.has_cut.set()
                    break
                self._swallows = self._swallows or self._proxy.is_swallowed(data)
                self._server.sendall(data)
        self._close()

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._server.recv(65536):
                if self._swallows:
                    self._proxy.has_cut.set()
                    break
                self._proxy.is_passing.wait()
                self._client.sendall(data)
        self._close()

    def _close(self) -> None:
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(url: str) -> Iterator[Proxy]:
    proxy = Proxy(url)
    thread = Thread(target=proxy.serve, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
