"""Lists as they are typed, printed and written, of a small ledger."""

import csv
import io

import orjson
import pytest
from pypdf import PdfReader
from rich.console import Console

from services.answers import lists
from services.answers.as_known import AsKnown
from services.answers.lists import Listing, Sums
from services.cli.options import SheetForm
from services.cli.screen.listings import FIRST, give_listing
from services.list_sheets import INVOICES, columns_of
from tests.services.terminal import Terminal

AS_OF = ("--as-of", "2026-02-28")
LISTS = ("invoice", "customer", "receipt")


@pytest.fixture(scope="module")
def terminal(shared_database_url, tmp_path_factory):
    terminal = Terminal(shared_database_url, tmp_path_factory.mktemp("lists"))
    for number, customer, amount, currency, due_on in (
        ("A-1", "acme", "1234567.89", "EUR", "2026-01-31"),
        ("B-1", "bolt", "500", "USD", "2026-03-31"),
        ("K-1", "[red]", "84072", "JPY", "2026-01-15"),
    ):
        issue = ("--customer", customer, "--amount", amount, "--currency", currency, "--due-on", due_on)
        terminal.run("invoice", "issue", number, *issue, "--issued-on", "2026-01-05")
    terminal.run("customer", "contact", "acme", "--name", "=Acme & Co", "--email", "acme@example.com")
    terminal.run("receipt", "record", "P-1", "--amount", "7", "--currency", "EUR", "--value-on", "2026-02-10")
    return terminal


@pytest.mark.parametrize(
    ("listed", "keys"),
    [
        (
            "invoice",
            "number entity customer currency issued_on due_on total open days_past_due is_disputed status",
        ),
        ("receipt", "receipt kind entity customer currency value_on amount unallocated status"),
        (
            "customer",
            "customer country currency open overdue unapplied limit headroom is_on_hold holds collector terms",
        ),
    ],
)
def test_for_programs_a_list_is_json_and_nothing_else(terminal, listed, keys):
    result = terminal.run(listed, "list", *AS_OF, "--format", "json")
    found = orjson.loads(result.stdout)
    assert list(found) == ["as_of", "known_at", "position", "rows", "totals"]
    assert {" ".join(each) for each in found["rows"]} == {keys}
    assert result.stderr == ""


@pytest.mark.parametrize(
    "asked",
    [
        ("invoice", "list", *AS_OF),
        ("receipt", "list", *AS_OF),
        ("rollforward", "--from", "2026-01-01", "--to", "2026-02-28"),
        ("customer", "statement", "acme", *AS_OF),
        ("aging", *AS_OF),
    ],
)
def test_a_currency_may_be_typed_in_small_letters(terminal, asked):
    small, large = (terminal.json(*asked, "--currency", typed) for typed in ("eur", "EUR"))
    assert {**small, "known_at": 0} == {**large, "known_at": 0}
    assert "EUR" in str(small)


def test_a_list_of_nothing_is_json_too(terminal):
    found = terminal.json("invoice", "list", *AS_OF, "--status", "voided")
    assert (found["rows"], found["totals"]) == ([], [])


@pytest.mark.parametrize("listed", LISTS)
def test_in_every_form_a_list_has_the_same_rows(terminal, tmp_path, listed):
    rows = terminal.json(listed, "list", *AS_OF)["rows"]
    for form, begins in (("csv", b""), ("xlsx", b"PK"), ("pdf", b"%PDF-"), ("json", b"{")):
        target = tmp_path / f"{listed}.{form}"
        result = terminal.run(listed, "list", *AS_OF, "--output", target)
        assert result.stdout == f"written to {target}\n"
        assert target.read_bytes().startswith(begins)
    printed = terminal.run(listed, "list", *AS_OF, "--format", "csv").stdout
    assert printed == (tmp_path / f"{listed}.csv").read_bytes().decode()
    first, amount = {"invoice": ("number", "open"), "customer": ("customer", "open")}.get(
        listed, ("receipt", "unallocated")
    )
    titles = {"number": "Invoice", "customer": "Customer", "receipt": "Receipt"}
    found = [(each[titles[first]], each[amount.capitalize()]) for each in csv.DictReader(io.StringIO(printed))]
    assert found == [(each[first], each[amount]) for each in rows]
    assert orjson.loads((tmp_path / f"{listed}.json").read_bytes())["rows"] == rows


def test_people_read_a_table_with_a_total_for_each_currency(terminal):
    lines = terminal.run("invoice", "list", *AS_OF).stdout.splitlines()
    assert lines[0] == "Invoices as of 2026-02-28"
    assert lines[2].split()[:3] == ["K-1", "main", "[red]"]
    assert lines[3].split() == [
        "A-1", "main", "acme", "EUR", "2026-01-05", "2026-01-31", "1,234,567.89", "1,234,567.89", "28", "overdue",
    ]  # fmt: skip
    assert [line.split()[1] for line in lines if line.startswith("Total")] == ["EUR", "JPY", "USD"]


def test_names_are_shown_to_those_who_ask_and_no_spreadsheet_runs_them(terminal):
    printed = terminal.run("invoice", "list", *AS_OF, "--names", "--format", "csv").stdout
    assert [row["Name"] for row in csv.DictReader(io.StringIO(printed))] == ["", "'=Acme & Co", ""]
    for typed in (("aging",), ("risk",), ("customer", "list"), ("receipt", "list")):
        rows = terminal.json(*typed, *AS_OF, "--names")["rows"]
        assert {row["name"] for row in rows if row["customer"] == "acme"} <= {"=Acme & Co"}
        assert all("name" in row for row in rows)
        assert "name" not in terminal.json(*typed, *AS_OF)["rows"][0]
    assert terminal.json("aging", "--items", "--customer", "acme", *AS_OF, "--names")["name"] == "=Acme & Co"
    for report in ("aging", "risk", "aging --items --customer acme"):
        assert "=Acme & Co" in terminal.run(*report.split(), "--names", *AS_OF).stdout
    assert "Acme" not in terminal.run("aging", *AS_OF).stdout


def test_names_are_of_customers_and_of_nothing_else(terminal):
    assert "--names are of customers" in terminal.run("aging", "--by", "entity", "--names", exits=2).stderr


def test_what_is_asked_about_a_day_to_come_is_marked_in_every_form(terminal):
    for typed in (("aging",), ("risk",), ("forecast",), ("invoice", "list"), ("receipt", "list")):
        assert "Assumes no payments after 20" in terminal.run(*typed, "--as-of", "2150-01-01").stdout
        assert terminal.json(*typed, "--as-of", "2150-01-01")["assumes"].startswith("no payments after 20")
    rollforward = ("rollforward", "--from", "2026-01-01", "--to", "2150-01-01")
    assert "Assumes no payments after 20" in terminal.run(*rollforward).stdout
    assert terminal.json(*rollforward)["assumes"].startswith("no payments after 20")
    assert "assumes" not in terminal.json(*rollforward[:-1], "2026-02-28")


def test_a_customer_and_a_receipt_are_shown_as_of_a_day(terminal):
    assert terminal.json("customer", "show", "acme", "--as-of", "2026-01-04")["owed"] == []
    assert terminal.json("customer", "show", "acme", "--as-of", "2026-01-05")["owed"][0]["open"] == "1234567.89"
    assert terminal.json("receipt", "show", "P-1", "--as-of", "2026-02-10")["as_of"] == "2026-02-10"
    assert terminal.refused("receipt", "show", "P-1", "--as-of", "2026-02-09")[0] == "not_received"
    assert "As of 2026-01-05" in terminal.run("customer", "show", "acme", "--as-of", "2026-01-05").stdout
    assert "As of" not in terminal.run("customer", "show", "acme").stdout


@pytest.mark.parametrize("listed", LISTS)
def test_a_page_of_a_list_says_whose_figures_they_are(terminal, tmp_path, listed):
    (terminal.home / "creditors.toml").write_text('[main]\nname = "Nordlicht GmbH"\naddress = "Hafen 1"\n')
    terminal.run(listed, "list", *AS_OF, "--output", tmp_path / "list.pdf")
    assert "Nordlicht GmbH" in PdfReader(tmp_path / "list.pdf").pages[0].extract_text()


def test_what_is_no_status_is_wrong_use(terminal):
    assert "'late' is not one of" in terminal.run("invoice", "list", "--status", "late", exits=2).stderr


def test_what_no_sheet_could_hold_is_refused_and_not_cut(terminal, monkeypatch):
    monkeypatch.setattr(lists, "MOST_ROWS", 2)
    result = terminal.run("invoice", "list", *AS_OF, exits=1)
    assert result.stderr.startswith("too_many_rows: a sheet holds 2 rows; --format csv or json gives them all")
    assert len(terminal.json("invoice", "list", *AS_OF)["rows"]) == 3


@pytest.mark.parametrize("form", [SheetForm.json, SheetForm.csv])
def test_the_first_rows_are_written_before_the_others_are_read(tmp_path, form):
    target, seen = tmp_path / "list", []
    columns = columns_of({"number": INVOICES["number"]}, False)

    def rows():
        for number in range(FIRST + 1):
            seen.append(target.stat().st_size)
            yield {"number": f"N-{number}"}

    head: AsKnown = {"as_of": "2026-01-05", "known_at": "2026-01-05T09:00:00Z", "position": 1}
    give_listing(Listing(head, rows(), Sums("invoices")), "Invoices", columns, form, target, Console(quiet=True))
    assert seen[-2] == 0 < seen[-1] < target.stat().st_size
