"""Reads never write: no answer moves a view, takes a lock or makes anything anew; it waits, bounded, for who does."""

import io
import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from eventsourcing import persistence
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from domain.entry import Cause
from infra import clock as infra_clock
from infra.database import open_pool
from infra.settings import Settings
from infra.views.answers import Behind, Views
from infra.views.projector import Fenced, Projector
from projections.open_items.debtors import Owner
from services.assembly import App, assemble
from services.audit import Audit
from services.customers import Customers
from services.debtors import Debtors
from services.lists import Lists
from services.metrics import Metrics
from services.names import Names
from services.receipts import Receipts
from services.reports import Reports
from services.risk import Risk
from services.rollforward import Rollforwards
from services.statements.gathering import Statements
from tests.services.conftest import SetClock
from tests.services.desk import Desk
from tests.services.terminal import Terminal
from tests.services.test_reasons import STORY

DAY = date(2026, 2, 10)
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
ROLE = f"receivables_test_{os.getpid()}_reader"

# Everything that can be asked of the services: by class and method.
READS: dict[tuple[type, str], Callable[[App], object]] = {
    (Reports, "aging"): lambda app: [
        app.reports.aging(DAY),
        app.reports.aging(DAY, AT),
        *(app.reports.aging(DAY, by=each) for each in ("country", "collector", "risk_class", "entity", "currency")),
    ],
    (Reports, "items"): lambda app: app.reports.items(DAY, customer="acme"),
    (Reports, "restatement"): lambda app: app.reports.restatement(DAY, AT),
    (Rollforwards, "rollforward"): lambda app: app.rollforwards.rollforward(DAY, DAY),
    (Rollforwards, "journal"): lambda app: [*app.rollforwards.journal(DAY, DAY)],
    (Statements, "statement"): lambda app: app.statements.statement("acme", DAY),
    (Statements, "all"): lambda app: [*app.statements.all(DAY).pages],
    (Reports, "in_force"): lambda app: app.reports.in_force("country", DAY, None),
    (Lists, "invoices"): lambda app: [
        app.lists.invoices(DAY, status="all", names=True).whole(),
        app.lists.invoices(DAY, AT, collector="ann").whole(),
    ],
    (Lists, "receipts"): lambda app: app.lists.receipts(DAY, status="all", names=True).whole(),
    (Lists, "customers"): lambda app: app.lists.customers(DAY, names=True).whole(),
    (Names, "of"): lambda app: app.names.of("a test", ["acme"]),
    (Names, "beside"): lambda app: app.names.beside("a test", [{"customer": "acme", "currency": "EUR"}]),
    (Receipts, "show"): lambda app: [app.receipts.show("B-1"), app.receipts.show("B-1", DAY)],
    (Receipts, "reversed_of"): lambda app: app.receipts.reversed_of(["receipt:B-1"], DAY, 10**9),
    (Risk, "risk"): lambda app: app.risk.risk(DAY),
    (Risk, "classes"): lambda app: app.risk.classes(DAY),
    (Risk, "provisions"): lambda app: app.risk.provisions(DAY),
    (Risk, "forecast"): lambda app: app.risk.forecast(DAY),
    (Metrics, "metrics"): lambda app: app.metrics.metrics(DAY),
    (Customers, "show"): lambda app: [app.customers.show("acme"), app.customers.show("acme", DAY)],
    (Customers, "contact"): lambda app: app.customers.contact("acme"),
    (Debtors, "oldest_first"): lambda app: app.debtors.oldest_first("acme", "main", "EUR", DAY, default="main"),
    (Debtors, "entities"): lambda app: app.debtors.entities(),
    (Debtors, "entities_owed"): lambda app: app.debtors.entities_owed(["acme"]),
    (Debtors, "written_off_since"): lambda app: app.debtors.written_off_since(["acme"], DAY),
    (Debtors, "oldest_first_of"): lambda app: app.debtors.oldest_first_of({Owner("acme", "main", "EUR"): 5}),
    (Debtors, "last_voucher_on"): lambda app: app.debtors.last_voucher_on("acme", not_before=app.recorded_to()),
    (Debtors, "receipts"): lambda app: app.debtors.receipts("acme", not_before=app.recorded_to()),
    (Debtors, "owed"): lambda app: app.debtors.owed("acme"),
    (Debtors, "owed_on"): lambda app: app.debtors.owed_on("acme", DAY, None),
    (Audit, "show"): lambda app: [
        app.audit.show("R-1", with_receipts=True, decrypted=True),
        app.audit.show(customer="acme"),
        app.audit.show(receipt="B-1", decrypted=True),
    ],
    (Audit, "state"): lambda app: [app.audit.state("R-1", as_of=DAY), app.audit.state("R-1", as_of=DAY, known_at=AT)],
    (Audit, "search"): lambda app: [
        app.audit.search(app.audit.asked(**asked))
        for asked in ({}, {"customer": "acme"}, {"actor": "ann"}, {"invoice": "R-1"}, {"recorded_from": AT})
    ],
    (Audit, "export"): lambda app: app.audit.export(app.audit.asked(), io.StringIO()),
    (Audit, "export_log"): lambda app: app.audit.export_log(io.StringIO()),
    (Audit, "evidence"): lambda app: app.audit.evidence("R-1", as_of=DAY),
    (Audit, "trail"): lambda app: app.audit.trail("invoice:main:R-1"),
    (Audit, "verify"): lambda app: app.audit.verify(),
    (Audit, "has_unsigned"): lambda app: app.audit.has_unsigned(),
}
# These ask no database, or are there to write to the checkpoint file.
NO_READS = {
    (Audit, "asked"),
    (Audit, "verify_export"),
    (Audit, "signed"),
    (Audit, "checkpoint"),
    (Audit, "sign_checkpoint"),
}
# These ask the log alone, which is never behind, or take what the views know.
OF_THE_LOG = {
    (Debtors, "entities"),
    (Customers, "contact"),
    (Receipts, "show"),
    (Receipts, "reversed_of"),
    (Audit, "state"),
    (Audit, "export_log"),
    (Audit, "verify"),
    (Audit, "has_unsigned"),
}


def told(app: App) -> None:
    for number, (name, arguments) in enumerate(STORY):
        app.bring_views_up_to_date()
        app.commands.run(name, arguments, Cause("ann", str(number), "as agreed"))
    app.commands.run("customer.contact", {"customer": "acme", "name": "Ann Example"}, Cause("ann", "contact"))
    app.bring_views_up_to_date()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def house(shared_database_url: str, home: Path) -> Iterator[App]:
    with assemble(Settings(home=home), database_url=shared_database_url, clock=SetClock()) as app:
        told(app)
        yield app


@pytest.fixture(scope="module")
def reader(house: App, home: Path) -> Iterator[App]:
    """One who may read every table and nothing more, and may take no advisory lock."""
    with psycopg.connect(house.database_url, autocommit=True) as admin:
        admin.execute(SQL("create role {}").format(Identifier(ROLE)))
        try:
            for statement in allowed(admin):
                admin.execute(SQL(statement).format(Identifier(ROLE)))
            url = make_conninfo(house.database_url, options=f"-c role={ROLE} -c default_transaction_read_only=on")
            with open_pool(url) as pool:
                settings = Settings(home=home)
                entropy, pause = infra_clock.entropy, infra_clock.pause
                app = App(settings, url, pool, clock=SetClock(), entropy=entropy, new_id=str, pause=pause)
                # The one thing that is written for a question: that personal data was shown.
                vars(app)["disclosures"] = Noted()
                yield app
        finally:
            admin.execute(SQL("drop owned by {0}; drop role {0}").format(Identifier(ROLE)))


class Noted:
    """In place of the record of disclosures."""

    def record(self, purpose: str, subjects: Iterable[str], *data: str) -> None: ...


def allowed(admin: psycopg.Connection[Any]) -> Iterator[Any]:
    schemas = admin.execute("select nspname from pg_namespace where nspname like 'view_%' or nspname = 'ledger'")
    for (schema,) in schemas.fetchall():
        yield f"grant usage on schema {schema} to {{0}}"
        yield f"grant select on all tables in schema {schema} to {{0}}"
    locks = admin.execute("select oid::regprocedure::text from pg_proc where proname ~ '^pg_(try_)?advisory'")
    for (function,) in locks.fetchall():
        yield f"revoke execute on function {function} from public"


def test_the_reader_can_neither_write_nor_lock(reader):
    for statement, error in (
        ("update ledger.positions set position = 0", persistence.InternalError),
        ("select pg_advisory_xact_lock(1)", persistence.ProgrammingError),
        ("select pg_try_advisory_lock(1)", persistence.ProgrammingError),
        ("lock table ledger.head in share mode", persistence.ProgrammingError),
        ("select * from ledger.head for update", persistence.InternalError),
        ("create temp table t ()", persistence.InternalError),
    ):
        with pytest.raises((psycopg.Error, error)), reader.pool.connection() as conn, conn.transaction():
            conn.execute(statement)
    with pytest.raises((psycopg.Error, persistence.PersistenceError)):
        reader.bring_views_up_to_date()


@pytest.mark.parametrize("read", READS, ids=lambda read: f"{read[0].__name__}.{read[1]}")
def test_whoever_may_only_read_gets_the_same_answer(house, reader, read):
    assert READS[read](reader) == READS[read](house)


def test_personal_data_is_not_shown_where_it_cannot_be_recorded_that_it_was(reader):
    del vars(reader)["disclosures"]
    try:
        with pytest.raises(persistence.InternalError, match="read-only"):
            reader.customers.show("acme")
    finally:
        vars(reader)["disclosures"] = Noted()


def test_nothing_that_can_be_asked_was_forgotten():
    public = {(kind, name) for kind, _ in READS for name in vars(kind) if not name.startswith("_")}
    assert public == {*READS} | NO_READS


# Views that are behind


@pytest.fixture
def behind(database_url: str, tmp_path: Path) -> Iterator[App]:
    """An app whose views nobody keeps, and which has recorded something that they have not seen."""
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=SetClock()) as app:
        told(app)
        Desk(app).issue("R-9", 90_00)
        app.views.wait_seconds = 0.1
        yield app


def test_a_read_is_never_older_than_what_this_process_recorded(behind):
    last = behind.ledger.head().position
    for read, ask in READS.items():
        began = time.monotonic()
        if read in OF_THE_LOG:
            ask(behind)
        else:
            with pytest.raises(Behind, match="1 fact behind"):
                ask(behind)
        assert time.monotonic() - began < 2.0, read
    assert {*behind.projector.positions().values()} == {last - 1}


def test_a_read_waits_for_the_projector_and_then_answers(behind):
    behind.views.wait_seconds = 10.0
    stop = Event()
    projector = Thread(target=behind.projector.run, args=(stop,))

    def start_late() -> None:
        time.sleep(0.2)
        projector.start()

    starting = Thread(target=start_late)
    starting.start()
    try:
        [total] = behind.reports.aging(DAY, customer="acme")["totals"]
        shown = behind.customers.show("acme")
    finally:
        starting.join()
        stop.set()
        projector.join()

    assert total["items"] == 3
    assert shown["position"] == behind.ledger.head().position


def test_a_payment_to_the_oldest_waits_for_the_views_too_and_then_records_nothing(behind):
    money = {"receipt": "B-9", "amount": "5.00", "currency": "EUR", "customer": "acme"}
    with pytest.raises(Behind):
        behind.commands.run("receipt.record", money, Cause("ann", "late"))
    assert behind.ledger.answer("late") is None

    behind.bring_views_up_to_date()
    assert behind.commands.run("receipt.record", money, Cause("ann", "late")).facts


def test_an_erasure_is_not_decided_on_views_that_are_behind(behind):
    """It looks at the whole log, whoever recorded it."""
    with pytest.raises(Behind):
        behind.commands.run("customer.erase", {"customer": "acme"}, Cause("ann", "late", "asked for"))
    assert behind.ledger.answer("late") is None


def test_what_another_process_recorded_is_read_when_the_views_have_it(behind, database_url, tmp_path):
    """Nobody waits for what others do; a position that is named is waited for."""
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=SetClock()) as other:
        other.views.wait_seconds = 0.1
        assert other.customers.show("acme")["position"] == other.ledger.head().position - 1
        with pytest.raises(Behind), other.views.snapshot("open_items", not_before=other.ledger.head().position):
            pass


def test_the_command_line_says_that_the_views_are_behind_and_exits_as_for_what_is_in_the_way(
    behind, database_url, tmp_path, monkeypatch
):
    """Another projector is at work, and does not come far enough in time."""

    def is_fenced(*_: object) -> None:
        raise Fenced

    monkeypatch.setattr(Projector, "catch_up", is_fenced)
    monkeypatch.setattr(Views, "wait_seconds", 0.1)
    code, message = Terminal(database_url, tmp_path).refused("aging", "--as-of", "2026-02-10", exits=3)

    assert code == "unavailable"
    assert message.startswith("the views are 1 fact behind: `receivables views list`")
