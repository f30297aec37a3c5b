"""The servers for those who have Docker, as far as can be seen without it."""

import re
from pathlib import Path

from infra.kafka.jars import VERSION

COMPOSE = (Path(__file__).parents[2] / "compose.yaml").read_text(encoding="utf-8")


def test_every_port_is_bound_to_this_machine_alone():
    published = re.findall(r"^ +ports:\n((?: +- .*\n)+)", COMPOSE, re.MULTILINE)
    assert "".join(published).split() == ["-", '"127.0.0.1:5432:5432"', "-", '"127.0.0.1:9092:9092"']


def test_kafka_is_of_the_version_that_the_tests_run_on():
    assert re.findall(r"^ +image: (.*)$", COMPOSE, re.MULTILINE) == ["postgres:18", f"apache/kafka:{VERSION}"]
