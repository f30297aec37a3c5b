"""The broker for trying out: Apache Kafka on this machine alone, which loses nothing and is not left behind."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic
from typer.testing import CliRunner

from infra.kafka import jars
from infra.kafka.dev_broker import DevBroker
from infra.kafka.dev_settings import free_port
from infra.kafka.jars import NotInstalled
from infra.unavailable import Unavailable
from services.cli import app
from tests.infra.following import becomes
from tests.kafka import fresh

HOUSE = Path(__file__).parents[2]
TOPIC = "receivables.invoices"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, or needs what only Linux does")


@contextmanager
def asking(address):
    admin = KafkaAdminClient(bootstrap_servers=address)
    try:
        yield admin
    finally:
        admin.close()


def make(address, *topics):
    with asking(address) as admin:
        admin.create_topics([NewTopic(name, 2, 1) for name in topics])


def send(address, *values):
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    for sent in [producer.send(TOPIC, key=b"R-1", value=value) for value in values]:
        sent.get(20)
    producer.close()


def received(address, many):
    """As many values as asked for, fewer where no more come in twenty seconds."""
    consumer = KafkaConsumer(
        TOPIC, bootstrap_servers=address, auto_offset_reset="earliest", consumer_timeout_ms=20_000, group_id=None
    )
    values = [message.value for _, message in zip(range(many), consumer, strict=False)]
    consumer.close()
    return values


def is_left(folder):
    """Whether a broker lives there."""
    with open(folder / "in-use") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def listeners(pid):
    """Addresses on which the process listens, in the words of the kernel."""
    sockets = {os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir() if file.is_symlink()}
    rows = [row.split() for name in ("tcp", "tcp6") for row in Path("/proc/net", name).read_text().splitlines()[1:]]
    return [row[1].split(":") for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]


def test_what_is_sent_comes_back(broker):
    fresh(broker)
    make(broker, TOPIC)
    send(broker, b"issued", b"paid")
    assert received(broker, 2) == [b"issued", b"paid"]


def test_a_test_begins_without_topics_of_ours_when_it_asks_for_that(broker):
    make(broker, "others")
    for _ in range(3):
        make(broker, *(f"receivables.made-up-{number}" for number in range(12)))
        fresh(broker)
    with asking(broker) as admin:
        assert "others" in admin.list_topics()
        assert not [name for name in admin.list_topics() if name.startswith("receivables.")]
        admin.delete_topics(["others"])


@LINUX
def test_nothing_listens_but_on_loopback(own_broker):
    broker = own_broker()
    heard = listeners(broker.pid)
    assert f"{broker.port:04X}" in [port for _, port in heard] and len(heard) == 2
    assert {address for address, _ in heard} <= {"0100007F", "0000000000000000FFFF00000100007F"}


def test_one_that_was_killed_has_all_it_had_when_it_starts_again(own_broker):
    broker = own_broker()
    make(broker.address, TOPIC)
    send(broker.address, b"before")
    broker.kill()
    assert not broker.pid and not broker.answers()
    broker.start()
    send(broker.address, b"after")
    assert received(broker.address, 2) == [b"before", b"after"]
    broker.stop()
    assert not is_left(broker.directory)


def test_two_never_write_to_one_folder(own_broker):
    broker = own_broker()
    make(broker.address, TOPIC)
    with pytest.raises(Unavailable, match="Another broker runs in"):
        DevBroker(broker.directory).start()
    with asking(broker.address) as admin:
        assert TOPIC in admin.list_topics()


def test_why_it_does_not_start_is_said(broker, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meta.properties").write_text("version=1\nnode.id=7\ncluster.id=kkkkkkkkkkkkkkkkkkkkkg\n")
    with pytest.raises(Unavailable, match=r"does not start: .*node.*7.*\. Its log is"):
        DevBroker(tmp_path).start()
    assert not is_left(tmp_path)


def test_one_that_was_ended_from_outside_says_so(own_broker):
    broker = own_broker()
    os.kill(broker.pid, signal.SIGKILL)
    with pytest.raises(Unavailable, match="has ended: it was ended by SIGKILL. Its log is"):
        broker.wait()


# The command


@contextmanager
def running(folder):
    """The command in a process of its own, once it has said that it is ready."""
    command = [sys.executable, "-m", "services.cli", "feed", "dev-broker", "--port", "0", "--dir", folder]
    process = subprocess.Popen(
        command, cwd=HOUSE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout and process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_is_ready_and_ends_well_when_told_to(broker, tmp_path, number):
    with running(tmp_path) as process:
        address = process.stdout.readline().removeprefix("RECEIVABLES_KAFKA=").strip()
        make(address, TOPIC)
        assert is_left(tmp_path)
        process.send_signal(number)
        assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 0
        assert not is_left(tmp_path)


@LINUX
def test_whoever_kills_the_command_leaves_no_broker_behind(broker, tmp_path):
    with running(tmp_path) as process:
        process.kill()
        assert becomes(lambda: not is_left(tmp_path))


def test_a_port_in_use_is_one_sentence(broker, tmp_path):
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        typed = ["feed", "dev-broker", "--port", str(port), "--dir", str(tmp_path)]
        ended = CliRunner().invoke(app, typed, catch_exceptions=False)
    assert (ended.exit_code, ended.stdout) == (3, "")
    said = f"unavailable: Port {port} of 127.0.0.1 is in use: end what listens there, or take another port.\n"
    assert ended.stderr == said


# The jars


@pytest.fixture
def copied(broker, tmp_path):
    return Path(shutil.copytree(jars.cache(), tmp_path / "copied"))


@pytest.fixture
def maven(copied, tmp_path, monkeypatch):
    """In the place of Maven, a script that brings the jars from `copied`, and notes each time it was asked."""
    script = tmp_path / "bin" / "mvn"
    script.parent.mkdir()
    bring = 'for word in "$@"; do case $word in -DoutputDirectory=*) out=${word#*=};; esac; done\n'
    script.write_text(f'#!/bin/sh\necho >>{tmp_path}/asked\n{bring}sleep 0.3\ncp -r {copied} "$out"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "asked"


def test_the_jars_are_those_that_are_listed_and_no_other(copied):
    (copied / "another.jar").touch()
    names = {Path(path).name for path in jars.class_path(copied).split(os.pathsep)}
    assert names == {path.name for path in jars.cache().iterdir()}
    assert f"kafka_2.13-{jars.VERSION}.jar" in names


@pytest.mark.parametrize("spoil", [lambda jar: jar.open("ab").write(b" "), Path.unlink], ids=["changed", "missing"])
def test_a_jar_that_is_not_as_it_should_be_is_never_run(copied, tmp_path, spoil):
    spoil(copied / "kafka-clients-4.3.1.jar")
    with pytest.raises(Unavailable, match=r"kafka-clients-4\.3\.1\.jar is missing, or is not .* remove that folder"):
        DevBroker(tmp_path / "kafka", cache=copied).start()
    assert not (tmp_path / "kafka").exists()


def test_what_maven_brings_is_not_kept_when_it_is_another(copied, maven, tmp_path):
    (copied / "snakeyaml-2.5.jar").write_bytes(b"")
    with pytest.raises(Unavailable, match=r"another snakeyaml-2\.5\.jar"):
        jars.fetch(tmp_path / "cache" / "kafka")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["kafka.lock"]


def test_of_two_that_fetch_at_once_one_asks_maven_and_both_have_the_jars(copied, maven, tmp_path):
    with ThreadPoolExecutor(2) as both:
        list(both.map(jars.fetch, [tmp_path / "cache" / "kafka"] * 2))
    assert maven.read_text() == "\n"
    assert len(jars.class_path(tmp_path / "cache" / "kafka").split(os.pathsep)) == 46


def test_where_maven_fails_its_first_error_is_the_reason(tmp_path, monkeypatch):
    script = tmp_path / "mvn"
    script.write_text("#!/bin/sh\necho '[ERROR] Could not resolve it.'\necho '[ERROR] To see more'\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(NotInstalled, match=re.escape("does not fetch Apache Kafka 4.3.1: Could not resolve it.")):
        jars.fetch(tmp_path / "cache")


@pytest.mark.parametrize(("missing", "there"), [("java", ()), ("mvn", ("java",))])
def test_a_missing_tool_is_said_with_what_to_install(tmp_path, monkeypatch, missing, there):
    for name in there:
        (tmp_path / name).touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotInstalled, match=f"no {missing} on the PATH: install it .* RECEIVABLES_KAFKA"):
        DevBroker(tmp_path / "kafka", cache=tmp_path / "cache").start()
