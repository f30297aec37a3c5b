"""Imports while others write, and imports that are killed."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from domain.entry import invoice_stream
from infra.log.appends import Contended
from infra.log.bulk import MovedOn
from services.importing import Options, loading
from tests.services.filing import ANN_1, ANN_2, BOB_3, INVOICES, Filing, counts


@pytest.fixture
def filing(app, tmp_path):
    return Filing(app, tmp_path)


def test_rows_are_decided_again_when_another_writer_was_faster(filing, app, monkeypatch, tmp_path):
    rival = tmp_path / "rival.csv"
    rival.write_text(INVOICES + ANN_1 + ANN_2.replace("50.00", "55.00"))
    record_many = app.ledger.record_many

    def overtaken(batches, read):
        monkeypatch.setattr(app.ledger, "record_many", record_many)
        app.imports.invoices(rival, Options())
        return record_many(batches, read)

    monkeypatch.setattr(app.ledger, "record_many", overtaken)
    assert counts(filing.load("invoices", INVOICES + ANN_1 + ANN_2 + BOB_3)) == (3, 1, 1, 1)
    assert filing.open_minor("R-2") == 5500


def test_whoever_is_overtaken_again_and_again_gives_up_and_can_go_on_later(filing, app, monkeypatch):
    tried = []

    def overtaken(batches, read):
        tried.append(len(list(batches)))
        raise MovedOn(["invoice:main:R-1"])

    with monkeypatch.context() as patch:
        patch.setattr(app.ledger, "record_many", overtaken)
        with pytest.raises(Contended, match="import it again"):
            filing.load("invoices", INVOICES + ANN_1)
    assert tried == [2] * loading.TRIES
    assert counts(filing.load("invoices", INVOICES + ANN_1)) == (1, 1, 0, 0)


IMPORT = """
import sys
from pathlib import Path
from infra.settings import Settings
from services.assembly import assemble
from services.importing import Options, loading
loading.CHUNK = 500
with assemble(Settings(home=Path(sys.argv[1])), database_url=sys.argv[2]) as app:
    getattr(app.imports, sys.argv[3])(Path(sys.argv[4]), Options(currency="EUR"))
"""


def killed_in_the_middle(app, kind, path):
    """Runs the import in a process of its own and kills it at a random moment after its first commit."""
    script = [sys.executable, "-c", IMPORT, str(app.settings.home), app.database_url, kind, str(path)]
    begun, deadline = app.ledger.head().position, time.monotonic() + 60
    with subprocess.Popen(script, cwd=Path(loading.__file__).parents[2]) as process:
        while app.ledger.head().position == begun and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(random.uniform(0, 0.5))
        process.kill()
    return app.ledger.head().position


def test_an_import_killed_in_the_middle_and_run_again_has_every_row_exactly_once(app, tmp_path):
    rows, path = 20_000, tmp_path / "many.csv"
    lines = (f"c{n % 300},R-{n},2026-01-05,2026-02-04,{n + 1}.00\n" for n in range(rows))
    path.write_text("customer,number,issued_on,due_on,amount\n" + "".join(lines))
    killed_at = killed_in_the_middle(app, "invoices", path)
    assert killed_at > 0
    summary = app.imports.invoices(path, Options(currency="EUR"))
    assert summary.imported + summary.already_there == summary.read == rows
    with app.pool.connection() as conn:
        found = conn.execute("select topic, count(*), count(distinct originator_id) from ledger.log group by topic")
        assert sorted(found) == [("customer.registered", 300, 300), ("invoice.issued", rows, rows)]
    assert app.ledger.verify().broken_at is None
    assert app.projector.positions() == dict.fromkeys(app.projector.projections, rows + 300)


def test_payments_killed_in_the_middle_and_run_again_are_paid_exactly_once(app, tmp_path):
    rows, invoices, payments = 3_000, tmp_path / "invoices.csv", tmp_path / "payments.csv"
    lines = (f"c{n % 30},R-{n},2026-01-05,2026-02-04,10.00\n" for n in range(rows))
    invoices.write_text("customer,number,issued_on,due_on,amount\n" + "".join(lines))
    payments.write_text("number,amount,value_on\n" + "".join(f"R-{n},4.00,2026-01-09\n" for n in range(rows)) * 2)
    app.imports.invoices(invoices, Options(currency="EUR"))
    killed_in_the_middle(app, "payments", payments)
    app.imports.payments(payments, Options(currency="EUR"))
    invoices = app.ledger.states(invoice_stream(f"R-{n}", "main") for n in range(rows))
    assert {invoice.open_minor for invoice in invoices.values()} == {200}
    with app.pool.connection() as conn:
        count = "select count(*) from ledger.log where topic = 'receipt.received'"
        assert conn.execute(count).fetchone() == (2 * rows,)


def test_progress_is_told_up_to_the_last_line_and_then_for_the_views(app, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 2)
    path, told = tmp_path / "invoices.csv", []
    path.write_text(INVOICES + ANN_1 + ANN_2 + BOB_3)
    app.imports.invoices(path, Options(), lambda done, total=None, note="": told.append((done, total, note)))
    assert told[:3] == [(1, 4, ""), (3, 4, ""), (4, 4, "")]
    assert told[-1] == (5, 5, "bringing the views up to date")
