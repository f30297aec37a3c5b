"""The projector: keeps every view as far as the log, so that whoever asks finds it so."""

from threading import Event

from infra.log.follower import Report
from infra.views.projector import NAME
from services.assembly import App
from services.processes.process import Process


def run(app: App, stop: Event, report: Report) -> None:
    app.projector.run(stop, revive=app.revive, report=report)


PROJECTOR = Process(NAME, "Keep the views as far as the log.", run, lambda app: [*app.projector.projections])
