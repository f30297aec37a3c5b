"""Measuring: a workload and its limit take turns in one run, so that a machine that drifts drifts under both."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

PAIRS = 5

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `ratio` is limit time over work time, so 1.0 is as fast as the limit and more is better."""

    id: str
    work: str
    limit: str
    ratios: tuple[float, ...] = ()
    target: str = ""
    is_reached: bool | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def ratio(self) -> str:
        if not self.ratios:
            return "-"
        return f"{median(self.ratios):.2f} ({min(self.ratios):.2f}-{max(self.ratios):.2f})"


def timed(work: Work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def paired(work: Work, limit: Work, pairs: int = PAIRS) -> tuple[list[float], list[float]]:
    """Seconds of the work and of its limit, in turns, after one warm-up of each."""
    timed(limit), timed(work)
    works, limits = [], []
    for _ in range(pairs):
        limits.append(timed(limit))
        works.append(timed(work))
    return works, limits


def ratios(works: list[float], limits: list[float]) -> tuple[float, ...]:
    return tuple(limit / work for work, limit in zip(works, limits, strict=True))


def percentile(seconds: list[float], percent: int) -> float:
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def peak_megabytes() -> float:
    """Peak resident memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
