"""Any number of things, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def pages(each: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(each)
    while page := [*islice(rest, size)]:
        yield page
