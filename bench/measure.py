"""Measuring: a workload and its limit take turns in one run, so that a machine that drifts drifts under both."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from statistics import median, quantiles
from threading import Barrier
from typing import Any

from bench.machine import A_LITTLE, Others

PAIRS = 5

# Does one round, and says how many seconds of it count: what prepares and what checks does not.
Lap = Callable[[int], float]


class WrongAnswer(Exception):
    """What was measured did not do what it should have done, so its time means nothing."""


@dataclass(frozen=True, slots=True)
class Goal:
    message: str
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what the work took, what its limit took in the same run, and whether that will do."""

    id: str
    work: str
    took: str
    limit: str = "-"
    ratio: str = "-"
    goals: Sequence[Goal] = ()
    notes: Sequence[str] = field(default=())
    is_wrong: bool = False


def attempted(id_: str, measured: Callable[[], Figure]) -> Figure:
    """The figure, marked where others were at work meanwhile, or what was wrong with the answers."""
    _taken_by_others.clear()
    try:
        return _marked(measured())
    except WrongAnswer as error:
        return Figure(id_, f"WRONG ANSWER: {error}", "-", is_wrong=True)


def require(found: Any, expected: Any, what: str) -> None:
    if found != expected:
        raise WrongAnswer(f"{what}: {_short(found)} instead of {_short(expected)}")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def each_timed(work: Callable[[Any], object], over: Iterable[Any]) -> list[float]:
    """Seconds of each call."""
    clock, seconds = time.perf_counter, []
    for each in over:
        start = clock()
        work(each)
        seconds.append(clock() - start)
    return seconds


def in_turns(*laps: Lap, pairs: int = PAIRS) -> list[list[float]]:
    """The seconds of each lap over all rounds but the first, which warms up; the laps of a round follow one another."""
    rounds = []
    for number in range(pairs + 1):
        others = Others()
        rounds.append([lap(number) for lap in laps])
        if number:
            _taken_by_others.append(others.share())
    return [list(seconds) for seconds in zip(*rounds[1:], strict=True)]


def together(clients: int, job: Callable[[int], object]) -> float:
    """Seconds from the moment all clients are ready until the last of them is done."""
    start = Barrier(clients + 1)

    def run(client: int) -> None:
        start.wait()
        job(client)

    with ThreadPoolExecutor(clients) as pool:
        running = [pool.submit(run, client) for client in range(clients)]
        start.wait()
        return timed(lambda: [each.result() for each in running])


def ratios(over: Sequence[float], under: Sequence[float]) -> list[float]:
    return [a / b for a, b in zip(over, under, strict=True)]


def shown(found: Sequence[float]) -> str:
    return f"{median(found):.2f} ({min(found):.2f}-{max(found):.2f})"


def at_least(least: float, found: Sequence[float], of: str) -> Goal:
    return Goal(f">= {least:.2f} {of}", median(found) >= least)


def at_most(most: float, found: Sequence[float], of: str) -> Goal:
    return Goal(f"<= {most:.2f} {of}", median(found) <= most)


def percentile(seconds: Sequence[float], percent: int) -> float:
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def spread(seconds: Sequence[float]) -> str:
    return f"p50 {milliseconds(median(seconds))}, p99 {milliseconds(percentile(seconds, 99))}"


# Of the cores, in each round of the figure that is being measured.
_taken_by_others: list[float] = []


def _marked(figure: Figure) -> Figure:
    busy, rounds = [share for share in _taken_by_others if share > A_LITTLE], len(_taken_by_others)
    if not busy:
        return figure
    note = f"others took up to {max(busy):.0%} of the cores in {len(busy)} of {rounds} rounds: both sides waited"
    return replace(figure, ratio=f"{figure.ratio} busy {len(busy)}/{rounds}", notes=[*figure.notes, note])


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]} ..."
