"""The publisher: every fact to Kafka as it is recorded; a broker that is away is waited for."""

from threading import Event

from infra.kafka.message import BrokerAway
from infra.log.follower import Follower, Report
from services.assembly import App
from services.processes.process import Process

NAME = "publisher"


def run(app: App, stop: Event, report: Report) -> None:
    with app.publisher as steps:
        Follower(
            NAME, app.pool, steps.advance, begin=steps.begin, revive=app.revive, report=report, away=(BrokerAway,)
        ).run(stop)


PUBLISHER = Process(NAME, "Publish every fact to Kafka.", run, lambda app: [NAME])
