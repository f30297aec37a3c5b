"""Metrics and health of a worker, fetched as a monitoring system does."""

import json
import os
import re
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from infra.kafka import topics
from infra.kafka.provisioning import ensure
from infra.settings import Settings
from infra.unavailable import Unavailable
from services.assembly import assemble
from services.processes import PROCESSES
from services.processes.messenger import MESSENGER
from services.processes.process import Process, keep
from services.processes.projector import PROJECTOR
from tests.feed.correspondence import PARTITIONS, correspondent, request_headers
from tests.infra.following import Running, becomes, running
from tests.infra.proxy import proxied
from tests.services.desk import set_contact_of

MOST_SECONDS = 5.0


class Watcher:
    """A worker in this process, and what is served of it."""

    worker: Running
    address: str | None = None

    def get(self, path):
        return fetched(f"{self.address}{path}")

    def health(self):
        status, text = self.get("/healthz")
        return status, json.loads(text)

    def samples(self):
        status, text = self.get("/metrics")
        assert status == 200
        families = text_string_to_metric_families(text)
        return {
            (sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples
        }


def fetched(url):
    try:
        with urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as answer:
        return answer.code, answer.read().decode()


@contextmanager
def at_work(app, process=PROJECTOR):
    watcher = Watcher()

    def run(stop):
        keep(app, process, stop, begins=lambda address: setattr(watcher, "address", address))

    with running(run) as watcher.worker:
        assert becomes(lambda: watcher.address is not None or watcher.worker.error is not None)
        yield watcher


@contextmanager
def opened(url, home, clock, **settings):
    with assemble(Settings(home=home, **{"metrics_port": 0, **settings}), database_url=url, clock=clock) as app:
        yield app


@pytest.fixture
def app(database_url, tmp_path, clock):
    with opened(database_url, tmp_path, clock) as app:
        yield app


@contextmanager
def refusing(url):
    """The database lets nobody in, and whoever was in is put out."""
    address = urlsplit(url)
    name = address.path.lstrip("/")
    with psycopg.connect(address._replace(path="/postgres").geturl(), autocommit=True) as admin:
        admin.execute(f"alter database {name} with allow_connections false")
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
        try:
            yield
        finally:
            admin.execute(f"alter database {name} with allow_connections true")


# Health


def test_health_says_that_the_worker_follows_and_how_far_behind_it_is(app, desk):
    with at_work(app) as watcher:
        done = desk.issue("R-1", 5_00)
        assert becomes(lambda: watcher.health()[1]["position"] == done.position)
        assert becomes(lambda: watcher.health()[1]["state"] == "following")
        about = {"worker": "projector", "state": "following", "message": ""}
        assert watcher.health() == (200, {**about, "position": done.position, "head": done.position, "behind": 0})


def test_a_worker_that_is_behind_is_well_and_says_by_how_much(app, desk):
    desk.issue("R-1", 5_00)
    head = app.ledger.head().position

    def idle(app, stop, report):
        stop.wait(20)

    with at_work(app, Process("projector", "", idle, lambda app: ["audit"])) as watcher:
        status, said = watcher.health()
        assert (status, said["state"], said["behind"]) == (200, "starting", head)
        assert watcher.samples()["receivables_worker_behind_facts", "projector"] == head


def test_health_says_away_with_the_reason_while_the_database_is_gone_and_is_well_again_after(app, database_url):
    with at_work(app) as watcher:
        assert becomes(lambda: watcher.health()[1]["state"] == "following")
        with refusing(database_url):
            assert becomes(lambda: watcher.health()[0] == 503)
            status, said = watcher.health()
            assert (status, said["state"]) == (503, "away")
            assert (said["position"], said["head"], said["behind"]) == (None, None, None)
            assert re.match(r"[A-Za-z]+: .*(terminat|connection)", said["message"])
            samples = watcher.samples()
            assert samples["receivables_worker_up", "projector"] == 0
            assert samples["receivables_worker_state", "away", "projector"] == 1
            assert samples["receivables_away_total", "projector"] == 1
            assert ("receivables_log_head",) not in samples
        assert becomes(lambda: watcher.health()[0] == 200)
        assert becomes(lambda: watcher.samples()["receivables_worker_up", "projector"] == 1)
        assert watcher.worker.error is None


def test_a_database_that_does_not_answer_holds_up_neither_health_nor_metrics(database_url, tmp_path, clock):
    with proxied(database_url) as proxy, opened(proxy.url, tmp_path, clock) as app, at_work(app) as watcher:
        assert becomes(lambda: watcher.health()[1]["state"] == "following")
        with proxy.silence():
            began = time.monotonic()
            status, said = watcher.health()
            assert (status, said["position"], said["head"]) == (200, None, None)
            assert watcher.samples()["receivables_worker_up", "projector"] == 1
            assert time.monotonic() - began < MOST_SECONDS
        assert becomes(lambda: watcher.health()[1]["behind"] == 0)


def test_what_is_served_ends_with_the_worker_however_it_ends(app):
    def fail(app, stop, report):
        raise KeyError("acme owes 5")

    with at_work(app, Process("projector", "", fail, lambda app: ["audit"])) as watcher:
        watcher.worker.join()
        assert isinstance(watcher.worker.error, KeyError)
        with pytest.raises(URLError, match="refused"):
            watcher.health()


def test_one_that_stands_by_is_well(app, database_url, tmp_path, clock):
    with at_work(app) as first, opened(database_url, tmp_path, clock) as other:
        assert becomes(lambda: first.health()[1]["state"] == "following")
        with at_work(other) as second:
            assert becomes(lambda: second.health()[1]["state"] == "standby")
            assert second.health()[0] == 200
            assert second.samples()["receivables_worker_state", "standby", "projector"] == 1


# Metrics


def test_metrics_are_what_the_parser_of_the_library_reads(app, desk):
    with at_work(app) as watcher:
        done = desk.issue("R-1", 5_00)
        assert becomes(lambda: watcher.health()[1]["behind"] == 0 and watcher.health()[1]["state"] == "following")
        samples = watcher.samples()
    assert samples["receivables_worker_up", "projector"] == 1
    assert {key[1]: value for key, value in samples.items() if key[0] == "receivables_worker_state"} == {
        "starting": 0, "following": 1, "standby": 0, "away": 0, "stopped": 0, "failed": 0,
    }  # fmt: skip
    assert samples["receivables_worker_position", "projector"] == done.position
    assert samples["receivables_log_head",] == done.position
    assert samples["receivables_worker_behind_facts", "projector"] == 0
    assert samples["receivables_away_total", "projector"] == 0
    assert samples["process_resident_memory_bytes",] > 0


def test_no_label_holds_what_a_fact_holds(app, desk):
    desk.issue("INV-4711-of-acme", 5_00)
    set_contact_of(app, "acme", {"email": "ann@acme.example"}, on=app.today(), cause=desk.cause())
    with at_work(app) as projector:
        assert becomes(lambda: projector.health()[1]["behind"] == 0)
        seen = projector.get("/metrics")[1] + projector.get("/healthz")[1]
    with at_work(app, PROCESSES["escalator"]) as escalator:
        assert becomes(lambda: escalator.health()[1]["state"] == "following")
        seen += escalator.get("/metrics")[1] + escalator.get("/healthz")[1]
    assert "receivables_worker_up" in seen
    assert not re.search("acme|4711|ann@", seen)


def test_requests_and_dead_letters_are_counted_by_what_became_of_them(database_url, tmp_path, clock, kafka):
    with (
        opened(database_url, tmp_path, clock, kafka=(kafka,), kafka_partitions=PARTITIONS) as app,
        at_work(app, PROCESSES["inbox"]) as watcher,
        correspondent(kafka) as service,
    ):
        for each in (service.issue("R-1"), service.ask("invoice.dispute", {"number": "no", "reason_code": "price"})):
            service.replies(each)
        service.dead_letter(service.send(b"not JSON", request_headers("bad", "invoice.issue")))
        samples = watcher.samples()
    counted = {key[1:]: number for key, number in samples.items() if key[0] == "receivables_requests_total"}
    assert counted == {("invoice.issue", "done", "default"): 1, ("invoice.dispute", "refused", "default"): 1}
    assert samples["receivables_dead_letters_total", "not_json"] == 1
    assert samples["receivables_request_seconds_count",] == 2
    assert samples["receivables_request_seconds_sum",] > 0


# Ports


def test_of_two_workers_with_the_same_port_the_second_says_so_and_is_not_missed(app, database_url, tmp_path, clock):
    with at_work(app) as first:
        port = urlsplit(first.address).port
        with opened(database_url, tmp_path, clock, metrics_port=port) as other, at_work(other, MESSENGER) as second:
            second.worker.join()
            assert isinstance(second.worker.error, Unavailable)
            assert second.worker.error.message == (
                f"messenger cannot serve its metrics on port {port} of 127.0.0.1: it is in use. Give each worker a "
                "port of its own, by --metrics-port or RECEIVABLES_METRICS_PORT."
            )
        assert first.health()[0] == 200
    with app.pool.connection() as conn:
        assert conn.execute("select name from ledger.workers").fetchall() == [("projector",)]


@contextmanager
def started(terminal, *message):
    process = terminal.start("work", *message)
    try:
        assert process.stdout.readline().startswith(f"{message[0]} works until it is stopped")
        yield process
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()


def said_address(process):
    found = re.fullmatch(
        r"its metrics are at (http://\S+)/metrics, its health at (http://\S+)/healthz\n", process.stdout.readline()
    )
    assert found and found[1] == found[2]
    return found[1]


@pytest.mark.parametrize("name", PROCESSES)
def test_the_setting_serves_metrics_of_each_kind_of_worker(terminal, name, kafka, databases):
    # The publisher makes them, and the reporter waits for it.
    ensure([kafka], topics.outgoing(), PARTITIONS)
    terminal.environment["RECEIVABLES_KAFKA_PARTITIONS"] = str(PARTITIONS)
    terminal.environment["RECEIVABLES_KAFKA"] = kafka
    terminal.environment["RECEIVABLES_REPORTING_URL"] = databases()
    terminal.environment["RECEIVABLES_METRICS_PORT"] = "0"
    with started(terminal, name) as process:
        address = said_address(process)
        assert urlsplit(address).hostname == "127.0.0.1"
        assert becomes(lambda: json.loads(fetched(f"{address}/healthz")[1])["state"] == "following")
        said = json.loads(fetched(f"{address}/healthz")[1])
        assert (said["worker"], said["message"]) == (name, "")
        assert (said["position"] is None) == (name in ("escalator", "inbox"))
        assert f'receivables_worker_up{{worker="{name}"}} 1.0' in fetched(f"{address}/metrics")[1]


def test_what_is_typed_counts_before_the_setting(terminal):
    terminal.environment["RECEIVABLES_METRICS_HOST"] = "no.such.host.invalid"
    terminal.environment["RECEIVABLES_METRICS_PORT"] = "1"
    with started(terminal, "projector", "--metrics-port", "0", "--metrics-host", "localhost") as process:
        assert fetched(f"{said_address(process)}/healthz")[0] == 200


def test_a_port_in_use_ends_the_command_with_one_sentence(terminal, app):
    with at_work(app) as first:
        port = urlsplit(first.address).port
        process = terminal.start("work", "messenger", "--metrics-port", port)
        out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (3, "")
    [line] = said.splitlines()
    assert json.loads(line)["refused"] == "unavailable"
    assert f"port {port} of 127.0.0.1: it is in use" in json.loads(line)["message"]


def test_a_port_that_is_none_is_wrong_use(terminal):
    terminal.run("work", "projector", "--metrics-port", "70000", exits=2)


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux shows the sockets of a process")
def test_no_port_is_opened_by_default(terminal):
    with started(terminal, "projector") as process:
        assert becomes(lambda: "following" in terminal.run("work", "list").output)
        assert listening(process.pid) == []
    terminal.environment["RECEIVABLES_METRICS_PORT"] = "0"
    with started(terminal, "projector") as process:
        assert listening(process.pid) == ["0100007F"]


def listening(pid):
    """The interfaces on which a process listens."""
    links = [os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir() if each.is_symlink()]
    rows = [line.split() for kind in ("tcp", "tcp6") for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]]
    return [row[1].split(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in links]


def test_the_help_of_a_worker_says_how(terminal):
    assert "--metrics-port" in terminal.run("work", "projector", "--help").output
