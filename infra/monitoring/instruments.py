"""What a process counts about its own work, in a registry of its own, for a monitoring system to fetch.

No label is ever taken from a fact or a message as it came. Each has few values: names from the catalogue, from the
settings, or codes of ours; whatever else is given is counted as `other`.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cached_property

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from infra.log.workers import STATES
from infra.monitoring.health import Watched

OTHER = "other"
MOST_VALUES = 50

_CODE = re.compile(r"[a-z][a-z_]{0,39}", re.ASCII)
_SERVICE = re.compile(r"[a-z][a-z0-9_.-]{0,39}", re.ASCII)


class Instruments:
    """A group of counters is shown from the moment it is first asked for: by a worker as it begins."""

    def __init__(self, commands: Collection[str]):
        """`commands` are the names there are."""
        self.registry = CollectorRegistry()
        self._commands = commands
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._condition = _Condition()
        self.registry.register(self._condition)
        self._away = Counter(
            "receivables_away", "Times the worker lost what it needs.", ["worker"], registry=self.registry
        )

    @contextmanager
    def watching(self, watched: Watched) -> Iterator[None]:
        """Shows how a worker is until the end of `with`."""
        # So that a rate can be told from the first time on.
        self._away.labels(watched.worker)
        self._condition.workers.append(watched)
        try:
            yield
        finally:
            self._condition.workers.remove(watched)

    def away(self, worker: str) -> None:
        self._away.labels(worker).inc()

    @cached_property
    def publishing(self) -> "Publishing":
        return Publishing(self.registry)

    @cached_property
    def reporting(self) -> "Reporting":
        return Reporting(self.registry)

    @cached_property
    def requests(self) -> "Requests":
        return Requests(self.registry, self._commands)


class Publishing:
    """What the publisher hands to the broker."""

    def __init__(self, registry: CollectorRegistry):
        self._facts = Counter("receivables_published_facts", "Facts published.", registry=registry)
        self._states = Counter("receivables_published_states", "States of invoices published.", registry=registry)
        self._seconds = Histogram(
            "receivables_publish_seconds", "Until the broker has confirmed a page.", registry=registry
        )

    def published(self, facts: int, states: int, seconds: float) -> None:
        """One page, all of which the broker has."""
        self._facts.inc(facts)
        self._states.inc(states)
        self._seconds.observe(seconds)


class Reporting:
    """What a reporter takes from the feed into the reporting database."""

    def __init__(self, registry: CollectorRegistry):
        self._facts = Counter("receivables_reported_facts", "Facts applied from the feed.", registry=registry)
        self._parked = Counter("receivables_reported_parked", "Facts that had to be parked.", registry=registry)
        self._seconds = Histogram(
            "receivables_report_seconds", "From the read of a page of messages until it is written.", registry=registry
        )

    def applied(self, facts: int, parked: int, seconds: float) -> None:
        self._facts.inc(facts)
        self._parked.inc(parked)
        self._seconds.observe(seconds)


class Requests:
    """What other services ask of the ledger."""

    def __init__(self, registry: CollectorRegistry, commands: Collection[str]):
        self._commands = commands
        self._service, self._outcome, self._reason = _Label(_SERVICE), _Label(_CODE), _Label(_CODE)
        self._requests = Counter(
            "receivables_requests",
            "Requests answered, by service, command and outcome.",
            ["service", "command", "outcome"],
            registry=registry,
        )
        self._seconds = Histogram(
            "receivables_request_seconds",
            "From the time a request's turn comes until its effect is recorded.",
            registry=registry,
        )
        self._dead = Counter(
            "receivables_dead_letters", "Requests nobody can answer, by reason.", ["reason"], registry=registry
        )

    def answered(self, service: str, command: str, outcome: str, seconds: float) -> None:
        """`service` as the settings or topics name it, never as a message says; `outcome` is a code such as `done`."""
        known = command if command in self._commands else OTHER
        self._requests.labels(self._service.value(service), known, self._outcome.value(outcome)).inc()
        self._seconds.observe(seconds)

    def dead_lettered(self, reason: str) -> None:
        """`reason` is a code such as `unreadable`."""
        self._dead.labels(self._reason.value(reason)).inc()


class _Label:
    """The first values of a form; a monitoring system keeps a series for each, for ever."""

    def __init__(self, form: "re.Pattern[str]"):
        self._form, self._seen = form, set[str]()

    def value(self, given: str) -> str:
        if given in self._seen:
            return given
        if len(self._seen) >= MOST_VALUES or not self._form.fullmatch(given):
            return OTHER
        self._seen.add(given)
        return given


class _Condition(Collector):
    """How the workers are at the time they are looked at; what is not known then is left out."""

    def __init__(self) -> None:
        self.workers: list[Watched] = []

    def describe(self) -> list[GaugeMetricFamily]:
        return [*_families()]

    def collect(self) -> list[GaugeMetricFamily]:
        found = [worker.health() for worker in [*self.workers]]
        heads = [health.head for health in found if health.head is not None]
        up, state, position, head, behind = families = [*_families()]
        if heads:
            head.add_metric([], max(heads))
        for health in found:
            up.add_metric([health.worker], health.is_well)
            for each in STATES:
                state.add_metric([health.worker, each], health.state == each)
            if health.position is not None:
                position.add_metric([health.worker], health.position)
            if health.behind is not None:
                behind.add_metric([health.worker], health.behind)
        return families


def _families() -> Iterator[GaugeMetricFamily]:
    yield GaugeMetricFamily("receivables_worker_up", "1 while /healthz answers 200.", labels=["worker"])
    yield GaugeMetricFamily("receivables_worker_state", "1 for the state it is in.", labels=["worker", "state"])
    yield GaugeMetricFamily("receivables_worker_position", "How far it has worked the log.", labels=["worker"])
    yield GaugeMetricFamily("receivables_log_head", "The last position of the log.", labels=[])
    yield GaugeMetricFamily("receivables_worker_behind_facts", "Facts it has not worked yet.", labels=["worker"])
