"""Signing while a worker works: it may run for months, and what is not signed is not witnessed if it is killed."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from infra.database import AWAY
from infra.logs import logger
from infra.unavailable import Unavailable
from services.assembly import App

# Each signature is a line of the checkpoint file, all of which are read to verify.
EVERY_SECONDS = 600.0
STOP_SECONDS = 1.0


@contextmanager
def signed_now_and_then(app: App, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Signs what is unsigned at once, whoever recorded it, and then every ten minutes if there is more.

    What stands in the way is said in the log, again where it is something else, and tried again the next time.
    """
    stop = Event()

    def sign_on() -> None:
        said = ""
        while True:
            trouble = _tried(app)
            if trouble and repr(trouble) != said:
                _say(trouble)
            said = repr(trouble)
            if stop.wait(every_seconds):
                return

    thread = Thread(target=sign_on, name="signing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_SECONDS)


def _tried(app: App) -> Exception | None:
    """What kept it from signing. It may be mended by the next time: nobody else would sign until this worker ends."""
    try:
        app.sign(leftovers=True)
    except Exception as error:
        # A database that is away is the worker's concern.
        return None if isinstance(error, AWAY) and not isinstance(error, Unavailable) else error
    return None


def _say(trouble: Exception) -> None:
    if isinstance(trouble, Unavailable):
        logger().warning("unsigned", reason=str(trouble))
    else:
        logger().error("unsigned", exc_info=trouble)
