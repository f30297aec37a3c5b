"""How often the search for garbage runs: among thousands of rows that come and go it finds none, and takes a third of
the time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 200_000  # objects more than before; usually it is 700

_USUAL = gc.get_threshold()


@contextmanager
def searched_seldom() -> Iterator[None]:
    # Two of these at once end with the usual again, whichever ends first.
    gc.set_threshold(SELDOM, *_USUAL[1:])
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL)
