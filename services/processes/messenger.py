"""The messenger: hands over planned messages as they come, and hears what comes back."""

from threading import Event

from infra.log import positions
from infra.log.follower import Follower, Report
from infra.views.answers import Behind
from services.assembly import App
from services.messages.messenger import NAME
from services.processes.process import Process

PAGE = 100
# After a look that found nothing: while much is recorded, not every append is worth another.
CALM_SECONDS = 0.25


class _Steps:
    def __init__(self, app: App, stop: Event):
        self._app, self._stop = app, stop

    def begin(self) -> None:
        with self._app.pool.connection() as conn:
            positions.begin(conn, NAME)

    def advance(self) -> bool:
        """Its position is how far the log had come when it last found nothing more to do."""
        head = self._app.ledger.head().position
        outcome = self._app.messenger.step(self._app.today(), PAGE, self._stop.is_set)
        if outcome.handled:
            return True
        with self._app.pool.connection() as conn:
            positions.place(conn, NAME, head)
        self._stop.wait(CALM_SECONDS)
        return False


def run(app: App, stop: Event, report: Report) -> None:
    steps = _Steps(app, stop)
    # Where no projector works, the view does not show what was handed over.
    follower = Follower(
        NAME, app.pool, steps.advance, begin=steps.begin, revive=app.revive, report=report, away=(Behind,)
    )
    follower.run(stop)


MESSENGER = Process(NAME, "Hand planned messages over, and read what comes back.", run, lambda app: [NAME])
