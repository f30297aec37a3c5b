"""The reporter: keeps the views of the reporting database from the feed, as one of several that share it.

It needs Kafka and the reporting database and nothing of the ledger; its heartbeat is in the reporting database, too.
"""

from contextlib import closing
from threading import Event

from infra.database import AWAY
from infra.kafka.condition import Condition
from infra.kafka.message import BrokerAway
from infra.log.follower import Report, retry_seconds
from infra.logs import logger
from infra.views.sharing import StartOver
from services.assembly import App, assemble_reporting
from services.feed.reporter import NAME
from services.processes.process import Process

BROKER, DATABASE = "broker", "database"


def run(app: App, stop: Event, report: Report) -> None:
    """Raises `StartOver` where the reporting database cannot go on from what is in it."""
    condition, failures = Condition(NAME, report), 0
    with closing(app.reporter) as reporter:
        while not stop.is_set():
            try:
                if failures and app.revive:
                    app.revive()
                reporter.advance()
            except StartOver:
                raise
            except BrokerAway as error:
                condition.away(BROKER, error)
            except AWAY as error:
                condition.away(DATABASE, error)
                # What was read and could not be written is read again.
                reporter.begin_anew()
            else:
                failures = 0
                condition.back(BROKER)
                condition.back(DATABASE)
                continue
            failures += 1
            stop.wait(retry_seconds(failures))
    logger(worker=NAME).info("stopped")


def reached(app: App) -> tuple[int | None, int]:
    """The position up to which all is in the views, and that up to which it would be if nothing were left to read."""
    position, facts, marks = app.reporter.views.progress()
    return position, facts + app.reporter.unread(marks)


REPORTER = Process(
    NAME,
    "Keep the views of the reporting database from Kafka.",
    run,
    lambda app: [*app.reporter.views.projections],
    shared=True,
    assemble=assemble_reporting,
    reached=reached,
)
