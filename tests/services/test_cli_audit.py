"""The audit trail as it is printed, searched, exported and verified."""

import csv
import io
from copy import copy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest

from tests.services.terminal import Terminal

COLUMNS = [
    "position", "stream", "version", "name", "effective_on", "recorded_at", "actor", "reason", "command_id",
    "correlation_id", "causation_id", "data", "difference",
]  # fmt: skip


@pytest.fixture(scope="module")
def terminal(shared_database_url, tmp_path_factory):
    terminal = Terminal(shared_database_url, tmp_path_factory.mktemp("audit"))
    issue = ("--customer", "acme", "--amount", "100", "--currency", "EUR", "--issued-on", "2026-01-05")
    terminal.run("invoice", "issue", "A-1", *issue, "--actor", "ann")
    terminal.run("customer", "contact", "acme", "--name", "Acme Ltd", "--email", "ap@acme.example")
    terminal.run("customer", "terms", "acme", "--step", "30:60", "--step", "60:40", "--discount", "2/10")
    terminal.run("invoice", "dispute", "A-1", "--reason-code", "price", "--amount", "40", "--on", "2026-02-10")
    money = ("--amount", "60", "--currency", "EUR", "--value-on", "2026-02-12")
    terminal.run("receipt", "record", "P-1", *money, "--invoice", "A-1", "--reason", "statement 7")
    return terminal


def test_the_json_of_an_invoice_is_its_facts_oldest_first(terminal):
    shown = terminal.json("audit", "show", "A-1")
    assert list(shown) == ["facts"]
    assert [list(fact) for fact in shown["facts"]] == [COLUMNS] * 3
    names = [fact["name"] for fact in shown["facts"]]
    assert names == ["invoice.issued", "invoice.disputed", "invoice.partially_paid"]
    assert shown["facts"][0]["difference"].startswith("open 0.00 -> 100.00 EUR")


def test_people_read_the_day_who_did_it_and_the_difference(terminal):
    head, issued, disputed, paid = terminal.run("audit", "show", "A-1").stdout.splitlines()
    assert head.split() == ["position", "recorded", "at", "effective", "by", "fact", "difference"]
    first = terminal.json("audit", "show", "A-1")["facts"][0]
    at = datetime.fromisoformat(first["recorded_at"]).strftime("%H:%M:%S")
    assert issued.split()[0] == str(first["position"])
    assert issued.split()[2:6] == [at, "2026-01-05", "ann", "issued"]
    assert "disputed 0.00 -> 40.00 EUR" in disputed
    assert "(statement 7)" in paid


def test_a_customer_and_a_receipt_have_a_trail_as_well(terminal):
    names = [fact["name"] for fact in terminal.json("audit", "show", "--customer", "acme")["facts"]]
    assert names == ["customer.registered", "customer.contact_set", "customer.terms_agreed"]
    assert len(terminal.json("audit", "show", "--receipt", "P-1")["facts"]) == 2
    assert len(terminal.json("audit", "show", "A-1", "--with-receipts")["facts"]) == 5


@pytest.mark.parametrize("typed", ["", "A-1 --customer acme", "--customer acme --receipt P-1"])
def test_a_trail_is_of_one_thing(terminal, typed):
    assert "name one invoice" in terminal.run("audit", "show", *typed.split(), exits=2).stderr


@pytest.mark.parametrize(
    ("stream", "code"),
    [(["Z-9"], "not_issued"), (["--customer", "zoe"], "not_registered"), (["--receipt", "Z"], "not_received")],
)
def test_what_does_not_exist_has_no_trail(terminal, stream, code):
    assert terminal.refused("audit", "show", *stream)[0] == code


def test_personal_data_is_shown_only_when_asked_for(terminal):
    encrypted, clear = (
        terminal.json("audit", "show", "--customer", "acme", *more)["facts"][1]["data"]["encrypted"]
        for more in ([], ["--decrypt"])
    )
    assert (encrypted, clear) == ("(encrypted)", {"name": "Acme Ltd", "email": "ap@acme.example"})


def test_a_search_is_turned_page_by_page(terminal):
    page = terminal.json("audit", "search", "--customer", "acme", "--limit", "3")
    assert list(page) == ["facts", "next", "position"] and len(page["facts"]) == 3
    rest = terminal.json("audit", "search", "--customer", "acme", "--before", page["next"])
    assert rest["next"] is None
    positions = [fact["position"] for fact in [*page["facts"], *rest["facts"]]]
    assert positions == sorted(positions, reverse=True) and len(positions) == page["position"]
    assert f"more with --before {page['next']}" in terminal.run("audit", "search", "--limit", "3").stdout


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("--actor ann", ["customer.registered", "invoice.issued"]),
        ("--kind invoice.dis", ["invoice.disputed"]),
        ("--kind receipt.*", ["receipt.received", "receipt.allocated"]),
        ("--from 2026-02-11 --to 2026-02-12 --invoice A-1", ["invoice.partially_paid"]),
        ("--recorded-to 2020-01-01", []),
        ("--receipt P-1 --recorded-from 2020-01-01T00:00:00Z", ["receipt.received", "receipt.allocated"]),
    ],
)
def test_facts_are_found_by_whatever_is_known_about_them(terminal, typed, names):
    found = terminal.json("audit", "search", *typed.split(), "--oldest-first")["facts"]
    assert [fact["name"] for fact in found] == names


def test_a_day_that_facts_were_recorded_on_is_searched_from_its_beginning_to_its_end(terminal):
    terminal = copy(terminal)
    terminal.environment = terminal.environment | {"RECEIVABLES_TIME_ZONE": "Pacific/Kiritimati"}
    at = datetime.fromisoformat(terminal.json("audit", "show", "A-1")["facts"][0]["recorded_at"])
    on = at.astimezone(ZoneInfo("Pacific/Kiritimati")).date()
    found = terminal.json("audit", "search", "--recorded-from", on, "--recorded-to", on + timedelta(days=1))["facts"]
    assert len(found) == 8
    assert terminal.json("audit", "search", "--recorded-from", on, "--recorded-to", on)["facts"] != []
    assert terminal.json("audit", "search", "--recorded-to", on - timedelta(days=1))["facts"] == []


def test_a_search_that_finds_nothing_says_so(terminal):
    assert terminal.run("audit", "search", "--actor", "nobody").stdout == "no facts\n"


def test_an_export_is_csv_on_standard_output_and_nothing_else(terminal):
    result = terminal.run("audit", "export")
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows[0] == COLUMNS
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(1, len(rows))]
    assert result.stderr == ""


def test_an_export_can_be_narrowed_and_written_line_by_line(terminal, tmp_path):
    target = tmp_path / "facts.jsonl"
    said = terminal.run("audit", "export", "--format", "jsonl", "--receipt", "P-1", "-o", target).stdout
    assert said == f"written to {target}\n"
    facts = [orjson.loads(line) for line in target.read_text().splitlines()]
    assert [fact["name"] for fact in facts] == ["receipt.received", "receipt.allocated"]


def test_the_chain_is_verified_against_the_checkpoint_of_the_last_command(terminal):
    verified = terminal.json("audit", "verify")
    assert list(verified) == ["verified", "head", "checkpoint", "broken_at"]
    assert verified["verified"] == verified["checkpoint"] == 8 and verified["broken_at"] is None
    assert terminal.run("audit", "verify").stdout.startswith("intact: 8 facts, chain ends ")
    assert terminal.json("audit", "checkpoint") == verified


@pytest.fixture
def offline(terminal, monkeypatch):
    """The same home, and a database that nobody can reach."""
    return Terminal("postgresql://nobody@127.0.0.1:1/none", terminal.home)


def test_an_exported_log_is_verified_without_a_database(terminal, offline, tmp_path):
    log = tmp_path / "log.jsonl"
    assert terminal.run("audit", "export", "--format", "log", "--output", log).stdout == f"written to {log}\n"
    assert offline.json("audit", "verify", "--export", log) == terminal.json("audit", "verify")
    log.write_text(log.read_text().replace("price", "goods"))
    broken = offline.json("audit", "verify", "--export", log, exits=1)
    assert broken["broken_at"] == 5
    assert "broken at position 5" in offline.run("audit", "verify", "--export", log, exits=1).stdout


def test_elsewhere_it_is_verified_without_making_a_key(terminal, tmp_path):
    log, elsewhere = tmp_path / "log.jsonl", Terminal("postgresql://nobody@127.0.0.1:1/none", tmp_path / "elsewhere")
    terminal.run("audit", "export", "--format", "log", "--output", log)
    assert elsewhere.json("audit", "verify", "--export", log)["checkpoint"] is None
    assert not elsewhere.home.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "wrong_use"), (b"not a log\n", "not_a_log"), (b"\xff\xfe\n", "not_a_log")],
)
def test_what_is_no_log_is_not_verified(offline, tmp_path, content, code):
    log = tmp_path / "log.jsonl"
    if content:
        log.write_bytes(content)
    assert offline.refused("audit", "verify", "--export", log, exits=2)[0] == code


def test_a_checkpoint_that_was_not_signed_here_is_told(terminal, offline, tmp_path):
    log, home = tmp_path / "log.jsonl", tmp_path / "home"
    terminal.run("audit", "export", "--format", "log", "--output", log)
    home.mkdir(mode=0o700)
    (home / "checkpoints.jsonl").write_bytes((terminal.home / "checkpoints.jsonl").read_bytes())
    other = Terminal("postgresql://nobody@127.0.0.1:1/none", home)
    assert other.json("audit", "verify", "--export", log, exits=3)["checkpoint"] is None
    (home / "checkpoints.jsonl.key").write_bytes(bytes(32))
    assert other.json("audit", "verify", "--export", log, exits=3)["checkpoint"] is None
    (home / "checkpoints.jsonl.pub").write_bytes(bytes(32))
    assert other.refused("audit", "verify", "--export", log)[0] == "checkpoint_forged"


def test_evidence_is_the_invoice_its_facts_and_what_proves_them(terminal, tmp_path):
    printed = orjson.loads(terminal.run("audit", "evidence", "A-1", "--as-of", "2026-03-01").stdout)
    assert (printed["invoice"]["open"], printed["invoice"]["disputed"]) == ("40.00", "40.00")
    assert len(printed["facts"]) == len(printed["proof"]["rows"]) == 5
    assert printed["proof"]["verified"]["broken_at"] is None
    target = tmp_path / "evidence.json"
    said = terminal.run("audit", "evidence", "A-1", "--as-of", "2026-03-01", "--output", target).stdout
    assert said == f"written to {target}\n"
    assert terminal.json("audit", "evidence", "A-1", "--as-of", "2026-03-01") == printed
    assert orjson.loads(target.read_bytes()) == printed
    assert terminal.run("audit", "evidence", "Z-9", exits=1).stderr.startswith('{"refused": "not_issued"')


def test_a_customer_is_shown_in_lines_that_read_like_the_contract(terminal):
    lines = [line.split(maxsplit=1) for line in terminal.run("customer", "show", "acme").stdout.splitlines()]
    assert ["contact", "Acme Ltd"] in [[each.strip() for each in line] for line in lines]
    assert ["terms", "60 % in 30 days, 40 % in 60 days"] in [[each.strip() for each in line] for line in lines]
    assert ["discount", "2 % within 10 days"] in [[each.strip() for each in line] for line in lines]


def test_an_invoice_is_shown_as_it_was_on_a_day(terminal):
    lines = [
        " ".join(line.split())
        for line in terminal.run("invoice", "show", "A-1", "--as-of", "2026-02-11").stdout.splitlines()
    ]
    assert lines[0] == "Invoice A-1 as of 2026-02-11"
    assert {"status overdue", "open 100.00 EUR", "disputed 40.00 EUR", "1 price 40.00"} <= set(lines)
