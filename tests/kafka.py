"""A real broker for tests: one that all share, or one of a test's own, which it may kill."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from kafka import KafkaAdminClient

from infra.kafka.dev_broker import DevBroker
from infra.kafka.jars import NotInstalled
from infra.kafka.topics import PREFIX

OwnBroker = Callable[[], DevBroker]

_PATIENCE_SECONDS = 30.0


@contextmanager
def started() -> Iterator[DevBroker]:
    """A broker on a free port and a folder of its own. Without Java or Maven the test is skipped, but never in CI."""
    with TemporaryDirectory(prefix="receivables-kafka-", ignore_cleanup_errors=True) as folder:
        broker = DevBroker(Path(folder))
        try:
            broker.start()
        except NotInstalled as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(missing.message)
        with broker:
            yield broker


@contextmanager
def many() -> Iterator[OwnBroker]:
    with ExitStack() as all_of_them:
        yield lambda: all_of_them.enter_context(started())


def fresh(address: str) -> None:
    """Removes every topic of ours, with what groups have committed there."""
    admin = KafkaAdminClient(bootstrap_servers=address)
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while topics := [name for name in admin.list_topics() if name.startswith(PREFIX)]:
            assert time.monotonic() < deadline, f"{', '.join(topics)} do not go"
            admin.delete_topics(topics, raise_errors=False)
            time.sleep(0.02)
    finally:
        admin.close()
