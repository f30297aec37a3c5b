"""Progress of long work, on standard error, so that answers on standard output stay alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from services.cli.screen.plainly import PlainConsole

Report = Callable[..., None]

PATIENCE_SECONDS = 0.7


@contextmanager
def progress(message: str, *, is_shown: bool = True) -> Iterator[Report]:
    """Gives `report(done, total, note='')`; drawn only where a person is watching, and only when it takes a while."""
    console = PlainConsole(stderr=True)
    is_shown = is_shown and console.is_terminal
    columns = (
        SpinnerColumn(),
        # Not markup: a file may be called [red].
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=32),
        _Counted(),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[note]}"),
    )
    # Redirected, what a command prints would go where the bar is drawn.
    bar = Progress(
        *columns, console=console, transient=True, disable=not is_shown, redirect_stdout=False, redirect_stderr=False
    )
    task = bar.add_task(message, total=None, note="")
    curtain = Timer(PATIENCE_SECONDS, bar.start)
    curtain.daemon = True
    if is_shown:
        curtain.start()
    try:
        yield lambda done, total=None, note="": bar.update(task, completed=done, total=total, note=note)
    finally:
        curtain.cancel()
        if curtain.is_alive():
            curtain.join()
        bar.stop()


class _Counted(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text("" if task.total is None else f"{int(task.completed):,}/{int(task.total):,}", style="green")
