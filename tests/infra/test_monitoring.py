"""What a monitoring system sees of a worker: short answers whatever happens, and labels that stay few."""

import json
import socket
import threading
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psycopg
import pytest
from prometheus_client import generate_latest

from infra.log.workers import STATES
from infra.monitoring import server
from infra.monitoring.health import Watched
from infra.monitoring.instruments import MOST_VALUES, Instruments
from infra.unavailable import Unavailable
from tests.infra.following import becomes


def watched(ask=lambda: (7, 9), state="following", message=""):
    return Watched("publisher", lambda: (state, message), ask, wait_seconds=0.2)


def shown(instruments):
    lines = generate_latest(instruments.registry).decode().splitlines()
    return {line for line in lines if line.startswith("receivables_") and "_created" not in line}


@pytest.fixture
def instruments():
    return Instruments({"invoice.issue"})


@pytest.fixture
def address(instruments):
    with server.served("127.0.0.1", 0, watched(), instruments) as address:
        yield urlsplit(address)


def ask(address, path, method="GET"):
    conn = HTTPConnection(address.hostname, address.port, timeout=20)
    try:
        conn.request(method, path)
        answer = conn.getresponse()
        return answer.status, answer.read().decode()
    finally:
        conn.close()


# What is counted


def test_what_the_publisher_has_done_is_counted(instruments):
    instruments.publishing.published(facts=500, states=40, seconds=0.2)
    instruments.publishing.published(facts=1, states=0, seconds=0.02)
    assert shown(instruments) >= {
        "receivables_published_facts_total 501.0",
        "receivables_published_states_total 40.0",
        "receivables_publish_seconds_count 2.0",
        'receivables_publish_seconds_bucket{le="0.025"} 1.0',
    }


def test_what_the_inbox_has_answered_is_counted(instruments):
    instruments.requests.answered("shop", "invoice.issue", "done", 0.03)
    instruments.requests.answered("shop", "invoice.issue", "refused", 0.01)
    instruments.requests.dead_lettered("unreadable")
    assert shown(instruments) >= {
        'receivables_requests_total{command="invoice.issue",outcome="done",service="shop"} 1.0',
        'receivables_requests_total{command="invoice.issue",outcome="refused",service="shop"} 1.0',
        'receivables_dead_letters_total{reason="unreadable"} 1.0',
        "receivables_request_seconds_count 2.0",
    }


def test_a_worker_shows_only_the_counters_it_asked_for(instruments):
    with instruments.watching(watched()):
        found = shown(instruments)
    assert not any(line.startswith(("receivables_publish", "receivables_request")) for line in found)


def test_a_command_nobody_knows_is_counted_as_other(instruments):
    instruments.requests.answered("shop", "customer C-4711 of Acme", "done", 0.1)
    assert 'receivables_requests_total{command="other",outcome="done",service="shop"} 1.0' in shown(instruments)


def test_what_is_no_code_is_counted_as_other(instruments):
    for outcome in ("C-4711", "The customer C-4711 is on hold.", "", "done\n"):
        instruments.requests.answered("Shop of Ann", "invoice.issue", outcome, 0.1)
        instruments.requests.dead_lettered(outcome)
    assert shown(instruments) >= {
        'receivables_requests_total{command="invoice.issue",outcome="other",service="other"} 4.0',
        'receivables_dead_letters_total{reason="other"} 4.0',
    }


def test_however_many_values_are_given_few_are_kept(instruments):
    for number in range(10 * MOST_VALUES):
        instruments.requests.answered(f"service-{number}", f"invoice.{number}", "done", 0.1)
    found = [line for line in shown(instruments) if line.startswith("receivables_requests_total")]
    assert len(found) == MOST_VALUES + 1
    other = 'receivables_requests_total{command="other",outcome="done",service="other"}'
    assert f"{other} {float(9 * MOST_VALUES)}" in found


def test_two_registries_of_one_process_know_nothing_of_each_other(instruments):
    other = Instruments(())
    instruments.away("publisher")
    assert other.registry.get_sample_value("receivables_away_total", {"worker": "publisher"}) is None
    assert instruments.registry.get_sample_value("receivables_away_total", {"worker": "publisher"}) == 1


# How it is


def test_a_worker_without_a_position_is_not_behind(instruments):
    with instruments.watching(watched(lambda: (None, 9))):
        found = shown(instruments)
    assert "receivables_log_head 9.0" in found
    assert not any("position" in line or "behind" in line for line in found)


@pytest.mark.parametrize("error", [psycopg.OperationalError("gone"), psycopg.errors.UndefinedTable("no such table")])
def test_a_database_that_fails_leaves_the_position_unknown(error):
    def fail():
        raise error

    health = watched(fail).health()
    assert (health.state, health.position, health.head, health.behind) == ("following", None, None, None)


def test_a_database_that_does_not_answer_is_asked_once_whoever_wants_to_know():
    asked: list[None] = []
    goes_on = threading.Event()

    def ask():
        asked.append(None)
        goes_on.wait(20)
        return 7, 9

    worker = watched(ask)
    began = time.monotonic()
    assert [worker.health().position for _ in range(3)] == [None, None, None]
    assert time.monotonic() - began < 5
    assert len(asked) == 1
    goes_on.set()
    assert becomes(lambda: worker.health().behind == 2)


# Over HTTP


@pytest.mark.parametrize("state", STATES)
def test_health_is_answered_with_200_while_the_worker_is_well(state, instruments):
    with server.served("127.0.0.1", 0, watched(state=state, message="so it is"), instruments) as address:
        status, said = ask(urlsplit(address), "/healthz")
    assert status == (200 if state in ("starting", "following", "standby") else 503)
    about = {"worker": "publisher", "state": state, "message": "so it is"}
    assert json.loads(said) == {**about, "position": 7, "head": 9, "behind": 2}


def test_other_paths_are_not_found_and_other_methods_not_allowed(address):
    assert ask(address, "/healthz")[0] == ask(address, "/metrics")[0] == 200
    assert [ask(address, path)[0] for path in ("/", "/metrics/", "/healthz/x", "/favicon.ico")] == [404] * 4
    assert [ask(address, "/metrics", method)[0] for method in ("HEAD", "POST", "DELETE", "OPTIONS")] == [405] * 4
    assert ask(address, "/healthz", "PUT")[0] == 405


def test_nothing_is_said_on_standard_error(address, capfd):
    ask(address, "/healthz")
    ask(address, "/nothing")
    with socket.create_connection((address.hostname, address.port)) as conn:
        conn.sendall(b"\x00 nonsense\r\n\r\n")
    with socket.create_connection((address.hostname, address.port)) as conn:
        conn.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
    assert ask(address, "/metrics")[0] == 200
    assert capfd.readouterr().err == ""


def test_an_error_nobody_foresaw_is_answered_and_said_by_kind_and_place_alone(capfd):
    from infra import logs

    def fail():
        raise KeyError("acme owes 5")

    logs.configure("warning")
    with server.served("127.0.0.1", 0, watched(fail), Instruments(())) as address:
        status, text = ask(urlsplit(address), "/metrics")
    said = capfd.readouterr().err
    assert status == 500
    assert "KeyError" in said and "acme" not in said + text


def test_a_client_that_sends_nothing_is_cut_off_and_holds_up_nobody(address, monkeypatch):
    monkeypatch.setattr(server._Asked, "timeout", 0.5)
    with socket.create_connection((address.hostname, address.port), timeout=20) as silent:
        assert ask(address, "/healthz")[0] == 200
        assert silent.recv(1) == b""


def test_a_client_that_sends_a_letter_now_and_then_is_cut_off(address, monkeypatch):
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.5)
    with socket.create_connection((address.hostname, address.port), timeout=20) as slow:

        def is_cut():
            try:
                slow.sendall(b"G")
                return slow.recv(1, socket.MSG_DONTWAIT) == b""
            except BlockingIOError:
                return False
            except OSError:
                return True

        assert becomes(is_cut, 20)


def test_no_more_clients_are_served_at_once_than_a_few(address, monkeypatch):
    monkeypatch.setattr(server, "MOST_AT_ONCE", 2)
    held = [socket.create_connection((address.hostname, address.port), timeout=20) for _ in range(3)]
    try:
        assert held[2].recv(1) == b""
    finally:
        for conn in held:
            conn.close()
    assert becomes(lambda: answers(address))


def answers(address):
    try:
        return ask(address, "/healthz")[0] == 200
    except OSError:
        return False


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1", "a..b"])
def test_an_interface_that_is_not_here_is_one_sentence(host, instruments):
    message = f"^publisher cannot serve its metrics on port 0 of {host}: [^.]+\\.$"
    with pytest.raises(Unavailable, match=message), server.served(host, 0, watched(), instruments):
        pass


def test_the_port_is_free_again_when_the_worker_has_ended(instruments):
    with server.served("127.0.0.1", 0, watched(), instruments) as address:
        ask(urlsplit(address), "/metrics")
    with server.served("127.0.0.1", int(address.rsplit(":")[-1]), watched(), Instruments(())) as again:
        assert again == address
    assert not answers(urlsplit(address))
