"""`/metrics` and `/healthz` of a worker over HTTP, which a slow or silent client cannot hold up."""

import errno
import io
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import orjson
from prometheus_client import make_wsgi_app

from infra.logs import logger
from infra.monitoring.health import Watched
from infra.monitoring.instruments import Instruments
from infra.unavailable import Unavailable

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

READ_SECONDS, REQUEST_SECONDS = 5.0, 10.0
MOST_AT_ONCE = 16
STOP_SECONDS = 0.1
_TAKEN = "it is in use. Give each worker a port of its own, by --metrics-port or RECEIVABLES_METRICS_PORT"


@contextmanager
def served(host: str, port: int, watched: Watched, instruments: Instruments) -> Iterator[str]:
    """Serves until the end of `with`; gives the address. Port 0 is a free one. Raises `Unavailable` where it cannot."""
    server = _opened(host, port, watched.worker)
    server.set_app(_pages(watched, instruments))
    thread = Thread(target=server.serve_forever, args=(STOP_SECONDS,), name=f"metrics-{watched.worker}", daemon=True)
    with instruments.watching(watched):
        thread.start()
        try:
            shown = f"[{host}]" if ":" in host else host
            yield f"http://{shown}:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _opened(host: str, port: int, worker: str) -> "_Server":
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return _Server(family, (str(address[0]), port))
    except (OSError, UnicodeError) as error:
        is_taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        reason = _TAKEN if is_taken else getattr(error, "strerror", None) or error
        raise Unavailable(f"{worker} cannot serve its metrics on port {port} of {host}: {reason}.") from None


def _pages(watched: Watched, instruments: Instruments) -> "WSGIApplication":
    pages: dict[str, Callable[..., Any]] = {
        "/metrics": make_wsgi_app(instruments.registry),
        "/healthz": lambda _, start: _health(watched, start),
    }

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Any:
        page = pages.get(environ["PATH_INFO"])
        if page is None:
            return _line(start, "404 Not Found", "there are /metrics and /healthz")
        if environ["REQUEST_METHOD"] != "GET":
            return _line(start, "405 Method Not Allowed", "GET is all that can be asked", ("Allow", "GET"))
        try:
            return page(environ, start)
        except Exception as error:
            # Left to the library, its text would go to standard error, where it may quote what must not be there.
            logger(worker=watched.worker).error("not answered", path=environ["PATH_INFO"], exc_info=error)
            return _line(start, "500 Internal Server Error", "the log of the worker says why")

    return answer


def _health(watched: Watched, start: "StartResponse") -> list[bytes]:
    health = watched.health()
    shown = {name: getattr(health, name) for name in ("worker", "state", "message", "position", "head", "behind")}
    status = "200 OK" if health.is_well else "503 Service Unavailable"
    start(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
    return [orjson.dumps(shown, option=orjson.OPT_APPEND_NEWLINE)]


def _line(start: "StartResponse", status: str, text: str, *headers: tuple[str, str]) -> list[bytes]:
    start(status, [("Content-Type", "text/plain; charset=utf-8"), *headers])
    return [f"{text}\n".encode()]


class _Asked(WSGIRequestHandler):
    timeout = READ_SECONDS

    def log_message(self, format: str, *_: Any) -> None:
        """Who asked is not worth a line each time."""

    def get_stderr(self) -> Any:
        return io.StringIO()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, family: int, address: tuple[str, int]):
        self.address_family = family
        self._since: dict[socket.socket, float] = {}
        super().__init__(address, _Asked)

    def server_bind(self) -> None:
        # Past the library's own, which asks a name server for our name and may wait for it.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return len(self._since) < MOST_AT_ONCE

    def process_request(self, request: Any, client_address: Any) -> None:
        self._since[request] = time.monotonic()
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._since.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Cuts off whoever sends a letter now and then, which no wait for a single read would end."""
        for request, since in [*self._since.items()]:
            if time.monotonic() - since > REQUEST_SECONDS:
                with suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone, or was cut off, is nobody's concern."""
