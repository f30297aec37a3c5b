"""The escalator: takes what is due once a day, and again when facts have come in that may have made something due."""

from datetime import date, datetime, timedelta
from threading import Event

from domain.refusal import Refused
from infra.log.follower import Follower, Report
from infra.logs import logger
from infra.views.answers import Behind
from services.assembly import App
from services.escalation.decisions import ACTOR
from services.processes.process import Process

# Facts that come in all day lead to a look at the ladder this often at most.
EVERY = timedelta(minutes=10)


class _Days:
    """When to look: on a new day from the hour that is set, later when the log has moved."""

    def __init__(self, app: App):
        self._app = app
        self._looked_at: datetime | None = None
        self._position = -1

    def advance(self) -> bool:
        """Never more to do at once: one look takes all that is due."""
        now = self._app.clock()
        if self._is_time(now):
            self._look(self._app.today())
            self._looked_at, self._position = now, self._app.ledger.head().position
        return False

    def _look(self, today: date) -> None:
        try:
            self._app.escalator.run(today)
        except Refused as refusal:
            if refusal.code != "day_before_last_run":
                raise
            # The clock was set back, or somebody ran the ladder for a day to come: it goes on from that day.
            logger(worker=ACTOR).warning("not run", code=refusal.code, day=today.isoformat())
            return
        if self._app.digests:
            self._app.digests.write(today)

    def _is_time(self, now: datetime) -> bool:
        zone = self._app.settings.zone
        if now.astimezone(zone).hour < self._app.settings.escalation_hour:
            return False
        if self._looked_at is None or self._looked_at.astimezone(zone).date() != now.astimezone(zone).date():
            return True
        return now - self._looked_at >= EVERY and self._app.ledger.head().position > self._position


def run(app: App, stop: Event, report: Report) -> None:
    Follower(ACTOR, app.pool, _Days(app).advance, revive=app.revive, report=report, away=(Behind,)).run(stop)


ESCALATOR = Process(ACTOR, "Take what is due on the ladders, every day.", run, lambda app: ())
