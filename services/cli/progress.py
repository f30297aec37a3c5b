"""Progress of long work, on standard error, so that answers on standard output stay alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.cli.session import err

Report = Callable[..., None]


@contextmanager
def progress(words: str) -> Iterator[Report]:
    """Gives `report(done, total, note='')`; nothing is drawn unless a person is watching."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[note]}"),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(words, total=None, note="")
        yield lambda done, total=None, note="": bar.update(task, completed=done, total=total, note=note)
