"""Signing while a worker works: it may run for months, and what is not signed is not witnessed if it is killed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from infra.database import AWAY
from services.assembly import App

# Each signature is a line of the checkpoint file, all of which are read to verify.
EVERY_SECONDS = 600.0
STOP_SECONDS = 1.0


@contextmanager
def signed_now_and_then(app: App, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Signs what is unsigned at once, whoever recorded it, and then every ten minutes if there is more."""
    stop = Event()

    def sign_on() -> None:
        while True:
            # A database that is away is the worker's concern.
            with suppress(*AWAY):
                app.sign(leftovers=True)
            if stop.wait(every_seconds):
                return

    thread = Thread(target=sign_on, name="signing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_SECONDS)
