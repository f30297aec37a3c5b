"""Reports as they are printed and written, of a small ledger and of one that is still empty."""

import csv
import io
import zipfile
from copy import copy
from decimal import Decimal

import orjson
import pytest

from tests.services.terminal import Terminal

AS_OF = ("--as-of", "2026-02-28")
REPORTS = {
    "aging": AS_OF,
    "risk": AS_OF,
    "metrics": (*AS_OF, "--from", "2026-01-01"),
    "provisions": AS_OF,
    "forecast": (*AS_OF, "--weeks", "3"),
    "restatement": (*AS_OF, "--known-1", "2026-01-01"),
    "rollforward": ("--from", "2026-01-01", "--to", "2026-02-28"),
}
ISSUES = [
    ("A-1", "acme", "1234567.89", "EUR", "2026-01-31"),
    ("B-1", "bolt", "500", "USD", "2026-03-31"),
    ("K-1", "[red]", "84072", "JPY", "2026-01-15"),
]


@pytest.fixture(scope="module")
def terminal(shared_database_url, tmp_path_factory):
    terminal = Terminal(shared_database_url, tmp_path_factory.mktemp("reports"))
    for number, customer, amount, currency, due_on in ISSUES:
        issue = ("--customer", customer, "--amount", amount, "--currency", currency, "--due-on", due_on)
        terminal.run("invoice", "issue", number, *issue, "--issued-on", "2026-01-05")
    money = ("--currency", "EUR", "--value-on", "2026-02-10")
    terminal.run("receipt", "record", "P-1", "--amount", "7", *money)
    return terminal


@pytest.mark.parametrize(
    ("report", "keys"),
    [
        ("aging", ["as_of", "known_at", "position", "basis", "by", "buckets", "totals", "rows"]),
        ("risk", ["as_of", "known_at", "position", "from", "rows"]),
        ("metrics", ["as_of", "from", "known_at", "position", "totals"]),
        ("provisions", ["as_of", "known_at", "position", "months", "totals"]),
        ("forecast", ["as_of", "known_at", "position", "note", "default", "collection", "totals"]),
        ("restatement", ["as_of", "known_1", "known_2", "position_1", "position_2", "totals", "facts"]),
        ("rollforward", ["from", "to", "known_at", "position", "totals"]),
    ],
)
def test_for_programs_a_report_is_json_and_nothing_else(terminal, report, keys):
    result = terminal.run(report, *REPORTS[report], "--format", "json")
    assert list(orjson.loads(result.stdout)) == keys
    assert result.stderr == ""


def test_for_programs_a_restatement_has_facts_and_streams_by_their_own_names(terminal):
    typed = ("restatement", *AS_OF, "--known-1", "2026-01-01")
    [first, *_] = csv.DictReader(io.StringIO(terminal.run(*typed, "--format", "csv").stdout))
    assert (first["Stream"], first["Fact"]) == ("invoice:main:A-1", "invoice.issued")
    assert "invoice.issued" not in terminal.run(*typed).stdout


def test_the_json_of_risk_gives_the_facts_behind_each_figure(terminal):
    rows = terminal.json("risk", *AS_OF)["rows"]
    figures = {"exposure", "overdue", "limit", "headroom", "weighted_average_days_late", "late_share", "score"}
    assert [row["customer"] for row in rows] == ["[red]", "acme", "bolt"]
    assert all(figures | {"customer", "currency", "risk_class", "because"} <= row.keys() for row in rows)
    assert rows[1]["because"]["exposure"]["facts"][0]["invoice"] == "A-1"


def test_the_json_of_metrics_has_each_figure_beside_what_it_is_made_of(terminal):
    report = terminal.json("metrics", *REPORTS["metrics"], "--window", "90")
    assert (report["from"], report["as_of"]) == ("2026-01-01", "2026-02-28")
    [euro] = [each for each in report["totals"] if each["currency"] == "EUR"]
    assert euro["dso"] == {
        "value": "90.0000",
        "receivables": "1234567.89",
        "sales": "1234567.89",
        "window_days": 90,
    }
    assert list(euro["cei"]) == ["value", "begin", "sales", "end_total", "end_not_due"]
    assert {"dso_countback", "best_possible_dso", "average_days_delinquent", "over_90_share"} < euro.keys()
    assert euro["weighted_average_days_late"]["value"] is None


def test_a_table_sets_thousands_apart_and_never_cuts_an_amount(terminal):
    lines = terminal.run("aging", *AS_OF).stdout.splitlines()
    assert lines[0] == "Aging as of 2026-02-28"
    assert lines[1].split("  ")[0] == "Customer"
    amounts = {line.split()[0]: line.split()[1:4] for line in lines[2:]}
    assert amounts["acme"] == ["EUR", "1,234,567.89", "1"]
    assert amounts["[red]"] == ["JPY", "84,072", "1"]
    assert amounts["(unidentified)"] == ["EUR", "0.00", "0"]
    assert "On account" in lines[1] and "Disputed" not in lines[1]


def test_aging_lists_the_items_of_a_customer(terminal):
    lines = terminal.run("aging", "--items", "--customer", "acme", *AS_OF).stdout.splitlines()
    assert lines[2].split() == ["A-1", "1", "principal", "2026-01-05", "2026-01-31", "EUR", "1,234,567.89", "28", "28"]


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_is_written_in_every_form(terminal, tmp_path, report):
    for form, begins in (("csv", b""), ("xlsx", b"PK"), ("pdf", b"%PDF-"), ("json", b"{")):
        target = tmp_path / f"{report}.{form}"
        result = terminal.run(report, *REPORTS[report], "--output", target)
        assert result.stdout == f"written to {target}\n"
        assert target.read_bytes().startswith(begins)
    rows = list(csv.reader((tmp_path / f"{report}.csv").open(newline="")))
    assert len(rows) > 1 and {len(row) for row in rows} == {len(rows[0])}


def test_without_a_file_named_csv_is_printed_and_a_workbook_lies_in_the_folder(terminal, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    printed = terminal.run("aging", *AS_OF, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert ("[red]", "84072") in [(row["Customer"], row["Open"]) for row in rows]
    assert sum(Decimal(row["Open"]) for row in rows if row["Currency"] == "EUR") == Decimal("1234567.89")
    terminal.run("aging", *AS_OF, "--format", "xlsx")
    assert zipfile.is_zipfile(tmp_path / "aging.xlsx")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("--output {}/no/such/folder/a.csv", "cannot be written: no such file or directory"),
        ("--output {}/" + 300 * "x" + ".pdf", "cannot be written: file name too long"),
        ("--output {} --format csv", "cannot be written: is a directory"),
        ("--output {}/a.txt", "name the --format of"),
        ("--output {}/a.csv --format table", "a table is printed"),
        ("--by moon", "'moon' is not one of 'customer'"),
        ("--basis paid_on", "'paid_on' is not one of"),
        ("--items", "--items needs --customer"),
        ("--as-of yesterday", "'yesterday' is not a day such as 2026-06-30"),
        ("--known-at noon", "'noon' is not an instant such as"),
        ("--known-at 0001-01-01T00:00:00+01:00", "is not an instant such as"),
        ("--format doc", "'doc' is not one of"),
    ],
)
def test_a_report_that_cannot_be_made_so_is_wrong_use(terminal, tmp_path, typed, message):
    result = terminal.run("aging", *typed.format(tmp_path).split(), exits=2)
    assert result.stdout == ""
    assert result.stderr.startswith("wrong_use: ") and message in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("typed", ["metrics --window 0", "provisions --months 0", "forecast --weeks 0"])
def test_a_span_of_nothing_is_wrong_use(terminal, typed):
    assert "greater than or equal to 1" in terminal.run(*typed.split(), exits=2).stderr


def test_own_loss_rates_are_typed_by_bucket_and_an_unknown_bucket_is_told_the_names(terminal):
    terminal.json("provisions", "--rate", "over_90=50", "--rate", "1-30=2.5", *AS_OF)
    for wrong in ("over_60=50", "over_90=101", "over_90=half"):
        assert terminal.refused("provisions", "--rate", wrong, *AS_OF, exits=2)[0] == "bad_rate"
    assert "not_due, 1-30, 31-60, 61-90, over_90" in terminal.run("provisions", "--rate", "x=1", exits=2).stderr
    assert "'50' is not BUCKET=PERCENT" in terminal.run("provisions", "--rate", "50", exits=2).stderr


def test_a_period_that_ends_before_it_begins_is_wrong_use(terminal):
    assert terminal.refused("metrics", "--from", "2026-03-01", *AS_OF, exits=2)[0] == "bad_period"


@pytest.mark.parametrize(
    ("zone", "typed", "known_at"),
    [
        ("UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("UTC", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00Z"),
        ("UTC", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z"),
        ("UTC", "2025-12-31", "2025-12-31T23:59:59.999999Z"),
        ("Europe/Berlin", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("Europe/Berlin", "2026-01-01T00:00:00", "2025-12-31T23:00:00Z"),
        ("Europe/Berlin", "2025-07-01T00:00:00", "2025-06-30T22:00:00Z"),
        ("Europe/Berlin", "2025-06-30", "2025-06-30T21:59:59.999999Z"),
        ("America/New_York", "20251231", "2026-01-01T04:59:59.999999Z"),
    ],
)
def test_an_instant_without_a_zone_is_of_the_ledgers_and_a_day_stands_for_its_end(terminal, zone, typed, known_at):
    terminal = zoned(terminal, zone)
    report = terminal.json("aging", *AS_OF, "--known-at", typed)
    assert (report["known_at"], report["position"], report["totals"]) == (known_at, 0, [])
    assert terminal.json("aging", *AS_OF, "--known-at", known_at) == report


def zoned(terminal, zone):
    other = copy(terminal)
    other.environment = terminal.environment | {"RECEIVABLES_TIME_ZONE": zone}
    return other


def test_how_an_instant_without_a_zone_is_read_is_said_in_the_help(terminal):
    for command in (["aging"], ["restatement"], ["invoice", "show"], ["audit", "search"], ["audit", "export"]):
        message = " ".join(terminal.run(*command, "--help").stdout.replace("│", " ").split())
        assert "of RECEIVABLES_TIME_ZONE, and a day alone is its end." in message


def test_an_instant_still_to_come_is_wrong_use(terminal):
    code, message = terminal.refused("aging", *AS_OF, "--known-at", "2999-01-01T00:00:00Z", exits=2)
    assert code == "not_yet" and message.startswith("2999-01-01T00:00:00Z is still to come")


def test_an_unknown_customer_ends_every_command_alike(terminal):
    for typed in ("aging --customer NOPE", "aging --items --customer NOPE", "risk --customer NOPE"):
        assert terminal.refused(*typed.split())[0] == "not_registered"
    assert terminal.refused("customer", "show", "NOPE")[0] == "not_registered"


def test_before_the_first_fact_nothing_was_recorded_and_the_ledger_is_not_empty(terminal):
    for report in ("aging", "risk", "metrics", "provisions", "forecast"):
        lines = terminal.run(report, *AS_OF, "--known-at", "2020-01-01T12:00:00Z").stdout.splitlines()
        assert lines[1:] == ["  nothing to show", "Nothing was recorded by 2020-01-01T12:00:00Z."]


def test_of_two_instants_in_the_wrong_order_it_is_said_which_was_earlier(terminal):
    instants = ("--known-1", "2026-02-01T00:00:00Z", "--known-2", "2026-01-01T00:00:00Z")
    code, message = terminal.refused("restatement", *AS_OF, *instants, exits=2)
    assert code == "bad_period"
    assert message == "name the earlier instant first: 2026-01-01T00:00:00Z was before 2026-02-01T00:00:00Z"


def test_of_an_empty_ledger_every_report_says_so(database_url, tmp_path):
    terminal = Terminal(database_url, tmp_path)
    for report in ("aging", "aging --by country", "risk", "metrics", "provisions", "forecast"):
        lines = terminal.run(*report.split()).stdout.splitlines()
        assert lines[1] == "  nothing to show"
        assert lines[2].startswith("The ledger is empty: ") and len(lines) == 3
        for form in ("csv", "xlsx", "pdf"):
            terminal.run(*report.split(), "--output", tmp_path / f"empty.{form}")
        assert terminal.json(*report.split())["position"] == 0
