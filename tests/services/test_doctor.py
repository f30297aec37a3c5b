"""The doctor: each thing that can be wrong is found, and nothing is found where all is well."""

from datetime import date, timedelta
from urllib.parse import urlsplit

import orjson
import psycopg
import pytest

from domain import customer
from domain import invoice as invoices
from domain.terms import EarlyDiscount
from infra.log.workers import Heartbeat
from infra.settings import Settings
from services.answers.diagnosis import diagnosis_answer
from services.doctor import BEHIND, FAILED, OK, examine
from tests.infra.following import becomes
from tests.services.desk import FEB_10, JAN_5, JAN_12, ask_customer, erase_customer, set_contact_of
from tests.tampering import unguarded


@pytest.fixture
def house(app, desk):
    """A bit of everything: discount, dispute, charge, plan, sale, write-off, recovery, reversal, refund, erasure."""
    desk.issue("R-1", 100_00, discounts=[EarlyDiscount(14, 200)])
    desk.issue("R-2", 60_00)
    desk.issue("R-3", 40_00, currency="USD")
    desk.issue("R-4", 80_00, debtor="other")
    desk.receive("B-1", 98_00, invoices=["R-1"], value_on=JAN_12)
    desk.ask(invoices.dispute, "R-2", reason_code="price", amount_minor=10_00)
    desk.ask(invoices.resolve, "R-2", outcome="upheld", credit_note="C-1")
    desk.ask(invoices.charge_fee, "R-2", amount_minor=5_00, basis="reminder")
    desk.receive("B-2", 20_00, invoices=["R-2"])
    desk.do("reverse", "B-2", reason="debit returned")
    desk.ask(invoices.write_off, "R-3", on=FEB_10, reason="insolvent")
    desk.receive("B-3", 15_00, currency="USD", invoices=["R-3"], value_on=FEB_10)
    desk.receive("B-4", 50_00, payer="Somebody")
    desk.do("refund", "B-4", amount_minor=20_00, reference="out 1")
    desk.receive("B-5", 30_00, currency="USD")
    desk.do("allocate", "B-5", invoices=["R-4"], rate="0.9")
    ask_customer(app, customer.register, "gone", on=JAN_5, cause=desk.cause())
    set_contact_of(app, "gone", {"name": "Ann"}, on=JAN_5, cause=desk.cause())
    erase_customer(app, "gone", on=FEB_10, cause=desk.cause())
    app.projector.catch_up()
    return app


@pytest.fixture
def diagnose(database_url, tmp_path):
    def diagnose(**given):
        return examine(Settings(home=tmp_path), database_url=database_url, **given)

    return diagnose


def found(diagnosis, state=FAILED):
    return {check.name: check.message for check in diagnosis.checks if check.state == state}


def test_a_sound_house_is_well(house, diagnose):
    diagnosis = diagnose(deep=True)

    assert found(diagnosis) == {}
    assert diagnosis.is_well
    assert {"open", "receipt", "allocation", "open items", "buckets", "chain"} <= found(diagnosis, OK).keys()


def test_what_is_configured_is_named_without_a_password(tmp_path):
    settings = Settings(
        home=tmp_path,
        database_url="postgresql://ann:secret@localhost:1/ledger?password=secret",
        smtp_url="smtp://ann:secret@mail.example",
    )

    shown = diagnosis_answer(examine(settings, wait_seconds=0))

    assert shown["database_url"] == "postgresql://ann@localhost:1/ledger"
    assert shown["mail"] == "smtp://ann@mail.example"
    assert not shown["is_well"]
    assert b"secret" not in orjson.dumps(shown)


def test_a_setting_nobody_knows_is_pointed_out(diagnose, monkeypatch):
    monkeypatch.setenv("RECEIVABLES_HOEM", "/tmp")

    diagnosis = diagnose()

    assert "RECEIVABLES_HOEM" in found(diagnosis, BEHIND)["settings"]
    assert diagnosis.is_well


def test_what_is_behind_is_named(app, desk, diagnose):
    app.projector.catch_up()
    desk.issue("R-1", 100_00)

    diagnosis = diagnose()

    assert {"view open_items", "view credit_risk", "view audit", "checkpoints"} <= found(diagnosis, BEHIND).keys()
    assert [view["behind"] for view in diagnosis_answer(diagnosis)["views"]] == [2, 2, 2, 2]
    assert diagnosis.is_well


def test_a_reporting_database_that_is_away_is_one_failed_check_among_the_rest(app, server_url, database_url, tmp_path):
    nowhere = urlsplit(server_url)._replace(path="/nowhere").geturl()
    with Heartbeat(app.pool, "projector", "i-1"):
        assert becomes(lambda: app.workers() != [])
        diagnosis = examine(Settings(home=tmp_path, reporting_url=nowhere), database_url=database_url)

    assert found(diagnosis).keys() == {"reporting database"}
    assert "nowhere" in found(diagnosis)["reporting database"]
    assert {"worker projector", "kafka", "view audit"} <= found(diagnosis, OK).keys()


def test_a_checkpoint_at_the_end_of_the_log_is_enough(house, diagnose):
    house.audit.checkpoint()

    assert "checkpoints" in found(diagnose(), OK)


def test_a_log_that_ends_before_what_was_signed_is_found(house, diagnose, database_url):
    house.audit.checkpoint()
    with psycopg.connect(database_url, autocommit=True) as conn, unguarded(conn):
        conn.execute("delete from ledger.log where notification_id = (select max(notification_id) from ledger.log)")
        conn.execute("update ledger.head set position = position - 1")

    assert "restored from a backup" in found(diagnose(), FAILED)["checkpoints"]


def test_a_forged_checkpoint_is_found(house, diagnose, tmp_path):
    house.audit.checkpoint()
    file = tmp_path / "checkpoints.jsonl"
    file.write_text(file.read_text().replace('"position":', '"position":1'))

    assert "checkpoints" in found(diagnose())


def test_a_master_key_that_cannot_be_read_is_found(diagnose, tmp_path):
    (tmp_path / "master.key").write_bytes(b"half")

    assert "master key" in found(diagnose())


def planted(database_url, sql):
    with psycopg.connect(database_url, autocommit=True) as conn, unguarded(conn):
        assert conn.execute(sql.encode()).rowcount


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("chain", "update ledger.log set recorded_at = recorded_at + interval '1 s' where notification_id = 3"),
        ("open items", "update view_open_items.open_periods set open_minor = open_minor + 1"),
        ("open items", "update view_open_items.superseded_periods set open_minor = -1, to_position = 1000"),
        ("open items", "update view_open_items.open_periods set disputed_minor = -1"),
        ("open items", "update view_open_items.closed_periods set assignments = -1"),
        ("open items", "update view_open_items.closed_periods set open_minor = original_minor + 1"),
        ("open items", "update view_open_items.open_by_day set open_minor = open_minor + 1"),
        ("open items", "update view_open_items.open_by_customer set unapplied_minor = unapplied_minor + 1"),
        ("rows of audit", "update view_audit.entries set actor = 'nobody' where position = 1"),
        ("erasure", "update ledger.personal_keys set destroyed_at = null, wrapped = '' where customer = 'gone'"),
    ],
)
def test_a_planted_fault_is_found(house, diagnose, database_url, name, sql):
    planted(database_url, sql)

    diagnosis = diagnose(deep=True)

    assert name in found(diagnosis)
    assert not diagnosis.is_well


def test_a_view_made_by_another_version_is_found(house, diagnose, database_url):
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("comment on schema view_audit is 'of another version'")

    assert found(diagnose(deep=True))["view audit"].endswith("receivables views rebuild audit")


def test_a_fact_that_could_not_be_applied_is_found(house, diagnose, database_url):
    columns = "projection, position, stream, reason"
    planted(database_url, f"insert into ledger.parked ({columns}) values ('audit', 1, 'invoice:main:R-1', 'no')")

    assert "view audit" in found(diagnose())


def test_what_is_put_right_by_several_facts_of_one_command_is_no_fault(app, desk, clock, diagnose):
    desk.issue("R-1", 300_00)
    desk.receive("B-1", 100_00, invoices=["R-1"], value_on=FEB_10)
    clock.at += timedelta(seconds=1)
    desk.do("reverse", "B-1", on=date(2026, 2, 24), reason="charged back")
    clock.at += timedelta(seconds=1)
    credited = {"invoice": "R-1", "credit_note": "C-1", "amount": "400", "issued_on": "2026-01-12"}
    app.commands.run("credit_note.issue", credited, desk.cause(reason="returned"))
    app.projector.catch_up()
    assert found(diagnose(deep=True)) == {}
