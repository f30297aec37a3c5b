"""B16, and the memory of imports and rebuilds: each in a process of its own that says how much it came to at most."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from bench.place import SetClock, app_at
from services.assembly import App
from services.importing import Options

ROOT = Path(__file__).parents[1]

Megabytes = dict[str, float]


def apart(job: str, url: str, home: Path, *about: object) -> Megabytes:
    """Peaks in the order in which they were reached."""
    command = [sys.executable, "-m", "bench.memory", job, url, str(home), *map(str, about)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{job} in a process of its own ended with {done.returncode}: {done.stderr.strip()}")
    found: Megabytes = json.loads(done.stdout)
    return found


def peak_megabytes() -> float:
    """Of this process. What `getrusage` says on Linux may be that of the process it was forked from."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))


def peak_of_children_megabytes() -> float:
    """Of the largest process that this one has started and that has ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))


def _import(app: App, path: str) -> Megabytes:
    app.imports.invoices(Path(path), Options(actor="bench"))
    return {"peak": peak_megabytes()}


def _rebuild(app: App) -> Megabytes:
    app.projector.rebuild()
    # It starts one process at most; both need not have come to their peak at the same moment.
    return {"peak": peak_megabytes() + peak_of_children_megabytes()}


def _serve(app: App, today: str, past: str, known: str) -> Megabytes:
    """As a server holds it: everything at hand, the same questions more than once."""
    parts = (app.commands, app.customers, app.imports, app.reports, app.risk, app.metrics, app.audit)
    assert all(parts)
    app.ledger.head()
    idle = peak_megabytes()
    for _ in range(3):
        app.reports.aging(date.fromisoformat(today))
    all_customers = peak_megabytes()
    for instant in (None, datetime.fromisoformat(known)):
        app.reports.aging(date.fromisoformat(past), instant)
        app.reports.aging(date.fromisoformat(past), instant, by="currency")
    return {"idle": idle, "after B10": all_customers, "after B12": peak_megabytes()}


_JOBS: dict[str, Callable[..., Megabytes]] = {"import": _import, "rebuild": _rebuild, "serve": _serve}


def main() -> None:
    job, url, home, *about = sys.argv[1:]
    with app_at(url, Path(home), SetClock(datetime.now(UTC))) as app:
        print(json.dumps(_JOBS[job](app, *about)))


if __name__ == "__main__":
    main()
