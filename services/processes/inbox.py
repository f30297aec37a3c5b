"""The inbox: takes what other services ask for from Kafka, and answers there."""

from contextlib import suppress
from threading import Event

from infra.database import AWAY
from infra.kafka import topics
from infra.kafka.condition import Condition
from infra.log import refusals
from infra.log.follower import Report
from infra.logs import logger
from services.assembly import App
from services.feed import permissions
from services.feed.inbox import NAME, Inbox
from services.processes.process import Process


def run(app: App, stop: Event, report: Report) -> None:
    servers, partitions = app.settings.brokers, app.settings.kafka_partitions
    services = permissions.load(app.settings.home)
    # FastStream takes longer to import than most commands to run.
    from infra.kafka.conversation import Conversation
    from infra.kafka.provisioning import ensure

    condition, counted = Condition(NAME, report), app.instruments.requests
    inbox = Inbox(
        app.ledger,
        app.pool,
        app.commands,
        lambda: app.encryption,
        {topics.request_topic(name): service for name, service in services.items()},
        entity=app.settings.entity,
        catch_up=app.bring_views_up_to_date,
        revive=app.revive,
        answered=counted.answered,
        dead_lettered=counted.dead_lettered,
    )

    def hear(error: Exception | None) -> None:
        condition.away("database", error) if error else condition.back("database")

    conversation = Conversation(
        servers,
        [topics.request_topic(name) for name in services],
        lambda record: inbox.answer(record, stop, hear),
        condition,
        prepare=lambda: ensure(servers, topics.conversation(tuple(services)), partitions),
    )
    # A database that is away now is waited for by the first request, and this is done when the inbox next starts.
    with suppress(*AWAY):
        refusals.forget(app.pool)
    conversation.run(stop)
    logger(worker=NAME).info("stopped")


INBOX = Process(NAME, "Take requests of other services from Kafka.", run, lambda app: (), shared=True)
