"""The composition root: what it opens, makes and closes, and what it says when it cannot."""

import subprocess
import sys
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import psycopg
import pytest

from domain.entry import Cause
from infra.settings import Settings
from infra.unavailable import Unavailable
from infra.views.rebuilding import Busy
from services import assembly
from services.assembly import assemble
from tests.infra.following import becomes
from tests.services.desk import Desk, set_contact_of

HEAVY = ("xlsxwriter", "typst", "polars", "kafka", "faststream", "rich", "structlog", "typer")


def test_an_empty_database_gets_all_it_needs(empty_database_url, tmp_path):
    with assemble(Settings(home=tmp_path), database_url=empty_database_url) as app:
        assert app.ledger.head().position == 0
        assert {lag.name: lag.needs_rebuild for lag in app.projector.lag()} == {
            "open_items": False,
            "credit_risk": False,
            "audit": False,
            "escalation": False,
        }


def test_what_one_app_recorded_the_next_one_finds(database_url, tmp_path):
    settings = Settings(home=tmp_path, database_url=database_url)
    with assemble(settings) as app:
        Desk(app).issue("R-1", 5_00)
        set_contact_of(app, "acme", {"name": "Ann"}, on=date(2026, 1, 5), cause=Cause("ann", "2"))

    with assemble(settings) as app:
        assert app.ledger.head().position == 3
        assert app.customers.contact("acme") == {"name": "Ann"}


def test_every_service_is_there(app):
    for service in ("commands", "customers", "imports", "reports", "risk", "metrics", "audit"):
        assert getattr(app, service) is getattr(app, service)


def test_today_is_the_civil_day_in_the_ledgers_time_zone(database_url, tmp_path):
    def clock():
        return datetime(2026, 1, 5, 23, 30, tzinfo=UTC)

    with assemble(Settings(home=tmp_path, time_zone="Europe/Berlin"), database_url=database_url, clock=clock) as app:
        assert app.today() == date(2026, 1, 6)


def test_a_closed_app_leaves_no_connection_behind(database_url, tmp_path):
    with assemble(Settings(home=tmp_path), database_url=database_url) as app:
        Desk(app).issue("R-1", 100_00)

    # A backend that was told to go is listed until it has gone, and servers of their own look at a database as well.
    with psycopg.connect(database_url, autocommit=True) as conn:
        others = (
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            " and backend_type = 'client backend'"
        )
        assert becomes(lambda: conn.execute(others).fetchone() == (0,))


def test_a_reporting_database_whose_schema_cannot_be_made_keeps_no_connection(databases, tmp_path, monkeypatch):
    settings = Settings(home=tmp_path, database_url=databases(), reporting_url=databases())
    with assemble(settings) as app:
        opened = []

        def failing(pool, *_):
            opened.append(pool)
            raise Unavailable("too new")

        monkeypatch.setattr(assembly, "migrated", failing)
        with pytest.raises(Unavailable):
            app.reporting_workers()
        [pool] = opened
        assert pool.closed


def test_a_database_that_is_not_there_is_said_in_a_sentence_without_the_password(server_url, tmp_path):
    wrong = urlsplit(server_url)._replace(path="/nowhere").geturl().replace("@", ":secret@", 1)

    with pytest.raises(Unavailable) as unavailable:
        assemble(Settings(home=tmp_path), database_url=wrong)

    assert "nowhere" in str(unavailable.value)
    assert "secret" not in str(unavailable.value)


def words_of(tmp_path, url):
    with pytest.raises(Unavailable) as unavailable:
        assemble(Settings(home=tmp_path), database_url=url, wait_seconds=0)
    return str(unavailable.value)


WHAT_TO_DO = "Set RECEIVABLES_DATABASE_URL to one that does, or unset it to use the embedded one."


@pytest.mark.parametrize("hosts", ["127.0.0.1:1", "127.0.0.1:2,127.0.0.1:1"])
def test_where_no_server_listens_the_refusal_is_said_and_no_question_is_asked(tmp_path, hosts):
    url = f"postgresql://ann@{hosts}/ledger"
    assert words_of(tmp_path, url) == (
        f"The database {url} does not let us in: connection failed: connection to server at "
        f'"127.0.0.1", port 1 failed: Connection refused. {WHAT_TO_DO}'
    )


def test_a_database_that_is_unknown_to_its_server_is_named(server_url, tmp_path):
    said = words_of(tmp_path, urlsplit(server_url)._replace(path="/nowhere").geturl())
    assert f'FATAL: database "nowhere" does not exist. {WHAT_TO_DO}' in said


@pytest.mark.parametrize(
    ("driver", "said"),
    [
        (
            'connection failed: connection to server at "db", port 5432 failed: '
            'FATAL:  password authentication failed for user "ann"\n'
            'connection to server at "db", port 5432 failed: FATAL:  no pg_hba.conf entry for host "10.0.0.7"',
            'connection failed: connection to server at "db", port 5432 failed: '
            'FATAL: password authentication failed for user "ann".',
        ),
        ("permission denied for database ledger.\nHINT:  Is it yours?", "permission denied for database ledger."),
        ("Is anybody there?", "Is anybody there."),
        ("", "OperationalError."),
    ],
)
def test_of_all_that_the_driver_says_the_reason_is_told(monkeypatch, tmp_path, driver, said):
    def refuse(*_, **__):
        raise psycopg.OperationalError(driver)

    monkeypatch.setattr("infra.opening.open_pool", refuse)
    url = "postgresql://ann@db/ledger"
    assert words_of(tmp_path, url) == f"The database {url} does not let us in: {said} {WHAT_TO_DO}"


def test_a_database_in_another_encoding_is_not_used(server_url, tmp_path):
    name = "receivables_test_latin"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f"create database {name} template template0 encoding 'SQL_ASCII' locale 'C' locale_provider libc")
    try:
        with pytest.raises(Unavailable, match="UTF8"):
            assemble(Settings(home=tmp_path), database_url=urlsplit(server_url)._replace(path=f"/{name}").geturl())
    finally:
        with psycopg.connect(server_url, autocommit=True) as admin:
            admin.execute(f"drop database {name}")


def test_views_of_another_version_do_not_stop_the_ledger(app, desk, database_url, tmp_path):
    desk.issue("R-1", 5_00)
    app.projector.catch_up()
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("comment on schema view_audit is 'of another version'")

    with assemble(Settings(home=tmp_path), database_url=database_url) as other:
        assert Desk(other, "other").issue("R-2", 5_00).facts


def test_views_that_a_projector_makes_anew_at_the_moment_stop_no_command(app, desk, monkeypatch):
    desk.issue("R-1", 5_00)
    monkeypatch.setattr("infra.views.projector.MOST_TO_CATCH_UP", 0)

    def busy(views, progress):
        raise Busy("the view audit is being made anew by somebody else")

    monkeypatch.setattr(app.projector._rebuilding, "swap", busy)
    app.bring_views_up_to_date()
    assert app.recorded_to() == app.ledger.head().position


def test_the_house_is_put_together_without_what_only_reports_need():
    code = f"import sys, services.assembly; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
