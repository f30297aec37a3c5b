"""Imports while others write, and imports that are killed."""

import random
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from domain.entry import invoice_stream
from infra.files import rejects
from infra.log.appends import Contended
from infra.log.bulk import MovedOn
from infra.views.rebuilding import Busy
from services import importing
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


# Rows are in, and the views are not as far


def held_by(app, monkeypatch, trouble):
    """The views as somebody else has them: each attempt fails."""
    tried = []

    def catch_up(progress=None):
        tried.append(1)
        raise trouble

    monkeypatch.setattr(app.projector, "catch_up", catch_up)
    monkeypatch.setattr(app.imports, "_wait", lambda attempt: None)
    return tried


@pytest.mark.parametrize(
    "trouble", [Busy("the view audit is being made anew by somebody else"), psycopg.errors.LockNotAvailable("locked")]
)
def test_an_import_whose_views_cannot_follow_has_its_rows_in_and_its_rejects_kept(filing, app, monkeypatch, trouble):
    tried = held_by(app, monkeypatch, trouble)

    summary = filing.load("invoices", INVOICES + ANN_1 + ANN_2.replace("50.00", "x"))

    assert counts(summary) == (2, 1, 0, 1)
    assert filing.open_minor("R-1") == 10000
    assert "not_an_amount" in summary.reject_file.read_text()
    assert summary.views_lag.startswith("the rows are in, and not all views show them yet: ")
    assert len(tried) == importing.TRIES


def test_the_command_line_warns_of_it_and_ends_as_usual(terminal, monkeypatch, tmp_path):
    path = tmp_path / "invoices.csv"
    path.write_text(INVOICES + ANN_1)
    monkeypatch.setattr(importing.Imports, "_views_lag", lambda imports, report: "the rows are in, ...")

    result = terminal.run("import", "invoices", path)

    assert "1 imported" in result.stdout
    assert "warning: the rows are in" in result.stderr


def test_views_that_follow_a_moment_later_are_no_matter(filing, app, monkeypatch):
    catch_up, tried = app.projector.catch_up, []

    def slow(progress=None):
        tried.append(1)
        if len(tried) == 1:
            raise Busy("the view audit is being made anew by somebody else")
        return catch_up(progress)

    monkeypatch.setattr(app.projector, "catch_up", slow)
    monkeypatch.setattr(app.imports, "_wait", lambda attempt: None)
    assert filing.load("invoices", INVOICES + ANN_1).views_lag == ""


# What a killed import leaves


def drafts(folder):
    return sorted(path for path in folder.iterdir() if path.name.startswith(rejects._DRAFT))


REJECTING = """
import os, sys
from pathlib import Path
from infra.files.rejects import Rejects
from infra.files.tabular import open_table
os.umask(0)
with open_table(Path(sys.argv[1])) as table, Rejects(table) as rejects:
    for row in table.rows:
        rejects.write(row, "amount", "not_an_amount", "no amount")
    print("written", flush=True)
    sys.stdin.read()
"""


def rejecting(path):
    script = [sys.executable, "-c", REJECTING, str(path)]
    process = subprocess.Popen(
        script, cwd=Path(loading.__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "written\n"
    return process


def test_what_a_killed_import_leaves_is_private_and_gone_with_the_next(filing, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text(INVOICES + ANN_1)
    with rejecting(path) as killed:
        killed.kill()
    [left] = drafts(tmp_path)
    assert left.stat().st_mode & 0o777 == 0o600

    filing.load("invoices", INVOICES + ANN_1)

    assert drafts(tmp_path) == []


def test_rejects_that_another_import_is_writing_are_left_to_it(filing, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text(INVOICES + ANN_1)
    with rejecting(path) as other:
        filing.load("invoices", INVOICES + ANN_1.replace("100", "x"))
        other.communicate("done", timeout=30)
    assert "R-1" in (tmp_path / "other.csv.rejects.csv").read_text()
    assert (tmp_path / "other.csv.rejects.csv").stat().st_mode & 0o777 == 0o600
    assert drafts(tmp_path) == []


def test_a_link_in_place_of_the_rejects_is_replaced_and_not_followed(filing, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    (tmp_path / "invoices.csv.rejects.csv").symlink_to(theirs)
    summary = filing.load("invoices", INVOICES + ANN_1.replace("100", "x"))
    assert theirs.read_text() == "theirs"
    assert not summary.reject_file.is_symlink()


def test_every_reject_of_a_chunk_is_written(filing):
    many = "".join(f"ann,R-{n},2026-01-05,2026-02-04,x,EUR\n" for n in range(120))
    summary = filing.load("invoices", INVOICES + many)
    assert summary.rejected == 120
    assert len(summary.reject_file.read_text().splitlines()) == 121
