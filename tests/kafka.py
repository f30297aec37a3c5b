"""A real broker for tests: one that all share, or one of a test's own, which it may kill."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from kafka import KafkaAdminClient
from kafka.admin import MemberToRemove

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
    """Removes every topic and every group of ours."""
    admin = KafkaAdminClient(bootstrap_servers=address)
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while left := [*_topics(admin), *_groups(admin)]:
            assert time.monotonic() < deadline, f"{', '.join(left)} do not go"
            _remove(admin)
            time.sleep(0.02)
    finally:
        admin.close()


def _remove(admin: KafkaAdminClient) -> None:
    if topics := _topics(admin):
        admin.delete_topics(topics, raise_errors=False)
    if groups := _groups(admin):
        # Whoever was killed counts as a member until its session is over, and such a group is not deleted.
        for group, described in admin.describe_groups(groups).items():
            if members := [MemberToRemove(member_id=each["member_id"]) for each in described["members"]]:
                admin.remove_group_members(group, members)
        admin.delete_groups(groups)


def _topics(admin: KafkaAdminClient) -> list[str]:
    return [name for name in admin.list_topics() if name.startswith(PREFIX)]


def _groups(admin: KafkaAdminClient) -> list[str]:
    names = [each["group_id"] for each in admin.list_groups()]
    return [name for name in names if name.startswith(PREFIX.rstrip("."))]
