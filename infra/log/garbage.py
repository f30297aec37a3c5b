"""How often the search for garbage runs: among thousands of rows that come and go it finds none, and takes a third of
the time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

SELDOM = 200_000  # objects more than before; usually it is 700

_USUAL = gc.get_threshold()
_lock = Lock()
_wanted = 0


@contextmanager
def searched_seldom() -> Iterator[None]:
    """Until the last of those who want it, one within the other or in several threads, is done."""
    _count(+1)
    try:
        yield
    finally:
        _count(-1)


def _count(more: int) -> None:
    global _wanted
    with _lock:
        _wanted += more
        gc.set_threshold(SELDOM if _wanted else _USUAL[0], *_USUAL[1:])
