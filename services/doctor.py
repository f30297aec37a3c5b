"""The doctor: what is configured, what answers, what is behind, and (deep) whether what must always hold does hold."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

import psycopg

from domain.refusal import Refused
from infra.log.checkpoints import ForgedCheckpoint
from infra.log.codec import UnreadableFact
from infra.log.ledger import Progress
from infra.log.workers import Worker
from infra.settings import Settings, without_password
from infra.unavailable import Unavailable
from infra.views.projector import Lag, RebuildNeeded
from projections.open_items import debtors, reconciliation
from projections.open_items.proof import Fault, Proof
from projections.projection import Row
from services import own_packages, safekeeping
from services.assembly import App, assemble
from services.rereading import Reading, answered, guarded

OK, BEHIND, FAILED = "ok", "behind", "failed"
SHOWN = 5

# What is checked over the whole log, by the name of the fault.
RULES = {
    "log": "positions and versions have no gaps",
    "facts": "every fact can be read, and fits its stream",
    "cause": "every fact says who and under which command",
    "open": "what is open of every invoice is what its facts come to",
    "receipt": "what was received is what was allocated, refunded or is left",
    "allocation": "what receipts allocated is what invoices were paid by them",
}


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: str
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a database that answers says of itself; the URL without its password."""

    database_url: str
    server_version: str | None
    ledger_id: str
    position: int


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`found` is None when no database answers; `views` say how far each has come, `checks` what was looked at."""

    settings: Settings
    found: Found | None
    views: tuple[Lag, ...]
    checks: tuple[Check, ...]

    @property
    def is_well(self) -> bool:
        return all(check.state != FAILED for check in self.checks)


def examine(
    settings: Settings,
    *,
    deep: bool = False,
    progress: Progress | None = None,
    database_url: str | None = None,
    wait_seconds: float | None = None,
) -> Diagnosis:
    """Says what is wrong with an installation, where others would raise `Unavailable`; the rest as `assemble`."""
    warnings = (*(Check("settings", BEHIND, message) for message in settings.warnings), *_sharing())
    try:
        app = assemble(settings, database_url=database_url, wait_seconds=wait_seconds)
    except (Unavailable, psycopg.Error) as unavailable:
        away = Check("database", FAILED, _sentence(unavailable))
        return Diagnosis(settings, None, (), (*warnings, away, *_alone("kafka", lambda: _feeding(settings))))
    with app:
        checks = [*warnings, *_answering(app), *_alone("kafka", lambda: _feeding(settings, app))]
        checks += _holding(app, progress) if deep else ()
        views: tuple[Lag, ...] = ()
        with suppress(Exception):
            views = tuple(app.projector.lag())
        checks += map(_following, views) if views else _alone("views", lambda: map(_following, app.projector.lag()))
        return Diagnosis(settings, _found(app), views, tuple(checks))


def _sharing() -> Iterator[Check]:
    for name, others in own_packages.sharing().items():
        both = f"{', '.join(others)} installs files into `{name}` as well"
        yield Check("packages", FAILED, f"{both}: give Receivables an environment of its own")


def _found(app: App) -> Found | None:
    """What cannot be said here, a check has said."""
    try:
        with app.pool.connection() as conn:
            server = conn.info.parameter_status("server_version")
        return Found(without_password(app.database_url), server, str(app.ledger.ledger_id), app.ledger.head().position)
    except Exception:
        return None


def _answering(app: App) -> Iterator[Check]:
    yield Check("database", OK, f"{without_password(app.database_url)} answers")
    yield _tried("log", lambda: Check("log", OK, f"{app.ledger.head().position:,} facts"))
    yield _tried("head", lambda: _headed(app))
    yield _tried("guard", lambda: _said("guard", guarded(app.pool)))
    for name, look in safekeeping.LOOKS.items():
        yield _tried(name, lambda name=name, look=look: Check(name, *look(app)))  # type: ignore[misc]
    yield from _alone("workers", lambda: _workers(app))


def _headed(app: App) -> Check:
    return Check("head", OK, f"the end of the log is known, and that this is ledger {app.ledger.ledger_id}")


def _workers(app: App) -> Iterator[Check]:
    workers = app.workers()
    try:
        workers += app.reporting_workers()
    except Unavailable as unavailable:
        yield Check("reporting database", FAILED, str(unavailable))
    for name in dict.fromkeys(worker.name for worker in workers):
        yield _working([worker for worker in workers if worker.name == name])


def _working(instances: list[Worker]) -> Check:
    """Of one name. It is no fault that a worker was stopped, but that it ended in another way."""
    alive = next((worker for worker in instances if worker.is_alive), None)
    worker = alive or instances[0]
    name, where = f"worker {worker.name}", f"process {worker.pid} on {worker.host}"
    if alive:
        return Check(name, OK, f"{worker.state}, {where}")
    if worker.is_lost:
        message = f"no sign of life from {where} since {worker.beat_at:%Y-%m-%d %H:%M:%S}"
        return Check(name, FAILED, f"{message}: receivables work {worker.name}")
    return Check(name, OK, f"stopped, {where}")


def _feeding(settings: Settings, app: App | None = None) -> Iterator[Check]:
    # Kafka's client takes longer to import than all else takes to look at.
    if settings.kafka is None:
        yield Check("kafka", OK, "not set: facts are not published")
        return
    from services.feed.diagnosis import signs
    from services.feed.lag import publisher_lag

    yield from (Check(*sign) for sign in signs(settings, publisher_lag(app.ledger, app.pool) if app else None))


def _following(lag: Lag) -> Check:
    name = f"view {lag.name}"
    if lag.needs_rebuild:
        return Check(name, FAILED, f"made by another version: receivables views rebuild {lag.name}")
    if lag.parked:
        return Check(name, FAILED, f"{lag.parked:,} facts could not be applied: receivables views parked {lag.name}")
    if lag.facts:
        return Check(name, BEHIND, f"{lag.facts:,} facts behind, the first of {lag.waits_since}")
    return Check(name, OK, f"as far as the log, position {lag.position:,}")


# Whether what must always hold does hold


def _holding(app: App, progress: Progress | None) -> Iterator[Check]:
    try:
        app.bring_views_up_to_date()
    except Exception as error:
        yield Check("views", FAILED, _sentence(error))
    yield _tried("chain", lambda: _chained(app, progress))
    yield from _alone("open items", lambda: _added_up(app, progress))
    yield _tried("buckets", lambda: _sorted_out(app))
    yield _tried("personal data", lambda: Check("personal data", *safekeeping.personal_data_sign(app, progress)))
    for name in app.projector.projections:
        yield _tried(f"rows of {name}", lambda name=name: _same(app, name))  # type: ignore[misc]


def _added_up(app: App, progress: Progress | None) -> Iterator[Check]:
    """The books from the facts alone, as far as the view is that they are held against."""
    with app.views.snapshot() as snapshot:
        position, sums = snapshot.position(debtors.VIEW), snapshot.ask(*reconciliation.SUMS)
    reading = Reading(app.ledger, app.pool, position, progress)
    yield from _proven(reading.proof)
    yield _tried("commands", lambda: _said("commands", answered(reading.unanswered())))
    yield _tried("open items", lambda: _agreed(reading.proof, sums))
    yield _tried("erasure", lambda: _erased(app, reading.proof))


def _proven(proof: Proof) -> Iterator[Check]:
    faults = proof.faults()
    for rule, message in RULES.items():
        broken = [fault for fault in faults if fault.rule == rule]
        yield Check(rule, FAILED, _shown(broken)) if broken else Check(rule, OK, message)


def _agreed(proof: Proof, rows: list[list[Row]]) -> Check:
    """The view item by item against the ledger, and its sums against its items."""
    faults = [Fault("open items", *fault) for fault in reconciliation.differences(proof.open_minor(), rows)]
    return Check("open items", FAILED, _shown(faults)) if faults else Check("open items", OK, "the view says the same")


def _sorted_out(app: App) -> Check:
    """Each open amount is in exactly one bucket."""
    for total in app.reports.aging(app.today())["totals"]:
        found = sum(Decimal(bucket["open"]) for bucket in total["buckets"])
        if found != Decimal(total["open"]) or sum(bucket["items"] for bucket in total["buckets"]) != total["items"]:
            return Check("buckets", FAILED, f"{total['currency']}: {total['open']} is open, {found} is in the buckets")
    return Check("buckets", OK, "every open amount is in one of them")


def _chained(app: App, progress: Progress | None) -> Check:
    verified = app.audit.verify(progress)
    if verified.broken_at is None:
        return Check("chain", OK, f"{verified.verified:,} facts, none changed since")
    return Check("chain", FAILED, f"broken at position {verified.broken_at}: {verified.message}")


def _erased(app: App, proof: Proof) -> Check:
    left = [customer for customer in proof.erased() if not app.encryption.is_destroyed(customer)]
    if left:
        return Check("erasure", FAILED, f"keys outlive the erasure of {', '.join(left[:SHOWN])}: erase them again")
    return Check("erasure", OK, "no key outlives the erasure of its customer")


def _same(app: App, name: str) -> Check:
    different = app.projector.compare(name)
    if different:
        return Check(f"rows of {name}", FAILED, f"{len(different)} rows differ: receivables views rebuild {name}")
    return Check(f"rows of {name}", OK, "made anew, the same rows come out")


def _tried(name: str, look: Callable[[], Check]) -> Check:
    """A check that raises an error has failed."""
    try:
        return look()
    except Exception as error:
        return Check(name, FAILED, _sentence(error))


def _said(name: str, found: tuple[bool, str]) -> Check:
    is_well, message = found
    return Check(name, OK if is_well else FAILED, message)


def _alone(name: str, look: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """Several checks, as `_tried`: those found before an error are said."""
    try:
        yield from look()
    except Exception as error:
        yield Check(name, FAILED, _sentence(error))


def _sentence(error: Exception) -> str:
    if isinstance(error, Unavailable | RebuildNeeded | Refused | UnreadableFact | ForgedCheckpoint):
        return str(error)
    # What follows the first line are hints, and the statement with what it was about.
    first = (str(error).strip() or "no reason given").splitlines()[0]
    return f"{type(error).__name__}: {first}"


def _shown(faults: list[Fault]) -> str:
    more = f", and {len(faults) - SHOWN:,} more" if len(faults) > SHOWN else ""
    return "; ".join(f"{fault.stream}: {fault.message}" for fault in faults[:SHOWN]) + more
