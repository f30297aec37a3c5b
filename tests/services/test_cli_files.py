"""`receivables import`, `views` and `doctor`."""

import os
import stat
from pathlib import Path

import orjson
import psycopg
import pytest

from services import assembly

INVOICES = "customer,number,issued_on,due_on,amount,currency\n"
GOOD = "acme,A-1,2026-01-05,2026-01-20,100.00,EUR\n"
BAD = "acme,A-2,2026-01-05,2026-01-20,ten,EUR\n"


@pytest.fixture
def file(tmp_path):
    def write(text, name="invoices.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_the_json_of_an_import_is_its_summary_and_nothing_else(terminal, file):
    result = terminal.run("import", "invoices", file(INVOICES + GOOD), "--format", "json")
    assert result.stderr == ""
    assert orjson.loads(result.stdout) == {
        "read": 1,
        "imported": 1,
        "already_there": 0,
        "rejected": 0,
        "reject_file": None,
        "position": 2,
        "duplicates_skipped": 0,
        "possible_duplicates": 0,
        "totals": [{"currency": "EUR", "amount": "100.00", "rows": 1}],
        "notes": [],
    }
    again = terminal.json("import", "invoices", file(INVOICES + GOOD))
    assert (again["imported"], again["already_there"], again["position"]) == (0, 1, 2)


def test_rejected_rows_end_with_1_and_the_good_ones_are_kept(terminal, file, tmp_path):
    result = terminal.run("import", "invoices", file(INVOICES + BAD + GOOD), exits=1)
    lines = result.stdout.splitlines()
    assert lines[0] == "2 rows read: 1 imported, 0 already there, 1 rejected"
    assert lines[2] == "  row 2, amount: 'ten' is not an amount such as 1,234.56"
    assert str(tmp_path / "invoices.csv.rejects.csv") in lines[3]
    assert terminal.json("aging", "--as-of", "2026-01-31")["totals"][0]["items"] == 1


def test_a_dry_run_says_what_would_be_and_writes_nothing(terminal, file):
    result = terminal.run("import", "invoices", file(INVOICES + GOOD), "--dry-run")
    assert result.stdout.startswith("1 row read: 1 would be imported")
    assert terminal.json("views", "list")["views"][0]["head"] == 0


PAYMENTS = "number,amount,value_on,payer,currency\n"
ANNA, BERND = (f"I13,0.500,2026-03-07,{payer},KWD\n" for payer in ("Anna", "Bernd"))


def test_one_payment_and_many_are_said_in_good_grammar(terminal, file):
    one = terminal.run("import", "payments", file(PAYMENTS + ANNA)).stdout.splitlines()
    assert one == [
        "1 row read: 1 imported, 0 already there, 0 rejected",
        "  control total: 0.500 KWD in 1 row",
        "1 payment fits no invoice and waits to be identified.",
        "  row 2: there is no invoice I13 of main: 0.500 KWD is on account",
    ]
    two = terminal.run("import", "payments", file(PAYMENTS + ANNA.replace("I13", "I14") * 2)).stdout.splitlines()
    assert two == [
        "2 rows read: 2 imported, 0 already there, 0 rejected",
        "  control total: 1.000 KWD in 2 rows",
        "2 payments fit no invoice and wait to be identified.",
        "  row 2: there is no invoice I14 of main: 0.500 KWD is on account",
        "  row 3: there is no invoice I14 of main: 0.500 KWD is on account",
    ]


def test_payments_taken_to_be_those_of_another_file_are_told_with_what_to_do(terminal, file):
    terminal.run("import", "payments", file(PAYMENTS + ANNA * 7, "before.csv"))
    one = terminal.run("import", "payments", file(PAYMENTS + ANNA, "one.csv"))
    assert one.stdout.splitlines() == [
        "1 row read: 0 imported, 1 already there, 0 rejected",
        "  control total: 0.500 KWD in 1 row",
        "Row 2 says the same as a payment that another file brought, and was taken to be that payment: "
        "if it is new, give it a payment_id of its own (--map payment_id=COLUMN) and import it again.",
    ]
    many = terminal.run("import", "payments", file("\n" + PAYMENTS + ANNA * 7, "many.csv"))
    assert many.stdout.splitlines()[2] == (
        "Rows 3, 4, 5, 6, 7 and 2 more say the same as payments that other files brought, and were taken to be those: "
        "give each that is new a payment_id of its own (--map payment_id=COLUMN) and import those again."
    )


def test_payments_that_differ_only_in_the_payer_are_recorded_and_told_with_what_to_do(terminal, file):
    terminal.run("import", "payments", file(PAYMENTS + ANNA, "before.csv"))
    one = terminal.run("import", "payments", file(PAYMENTS + BERND, "after.csv")).stdout.splitlines()
    assert one[0] == "1 row read: 1 imported, 0 already there, 0 rejected"
    assert one[3] == (
        "Row 2 says the same as a payment that another file brought, but names another payer, and is a payment of its "
        "own: if it is the same, take one back with `receivables receipt reverse`."
    )
    rows = PAYMENTS + BERND.replace("Bernd", "Cid") + BERND.replace("Bernd", "Dora")
    two = terminal.run("import", "payments", file(rows, "later.csv")).stdout.splitlines()
    assert two[3] == (
        "Rows 2 and 3 say the same as payments that other files brought, but name other payers, and are payments of "
        "their own: take back those that are the same with `receivables receipt reverse`."
    )


def test_a_corrected_reject_file_is_imported_as_the_screen_says(terminal, file, tmp_path):
    rows = ANNA + ANNA.replace("0.500", '"0,5000"')
    result = terminal.run("import", "payments", file(PAYMENTS + rows, "pay.csv"), exits=1)
    rejects = tmp_path / "pay.csv.rejects.csv"
    assert result.stdout.splitlines()[-2:] == [
        f"The rejected row, with field and reason: {rejects}",
        "Correct and import that file, its column origin left as it is; nothing is imported twice.",
    ]
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace('"0,5000"', "0.500"))
    assert terminal.json("import", "payments", rejects)["imported"] == 1
    assert terminal.json("import", "payments", rejects)["already_there"] == 1


def test_columns_days_and_amounts_are_read_as_the_options_say(terminal, file):
    bank = file("Kunde;Datum;Betrag\nacme;31.01.2026;1.234,56\n", "bank.csv")
    maps = ("--map", "customer=Kunde", "--map", "value_on=Datum", "--map", "amount=Betrag")
    more = ("--date-format", "%d.%m.%Y", "--decimal-comma", "--currency", "EUR", "--actor", "ann")
    assert terminal.json("import", "payments", bank, *maps, *more)["imported"] == 1
    received = terminal.json("audit", "search", "--kind", "receipt.received")["facts"][0]
    assert (received["data"]["amount_minor"], received["effective_on"], received["actor"]) == (
        123456,
        "2026-01-31",
        "ann",
    )


def test_history_is_paid_from_its_settlement_day_on(terminal, file):
    head = "customer,number,issued_on,due_on,amount,settled_on,disputed\n"
    terminal.run(
        "import", "history", file(head + "acme,H-1,2026-01-05,2026-01-20,80,2026-02-03,no\n"), "--currency", "USD"
    )
    opened, settled = (terminal.json("aging", "--as-of", day)["totals"] for day in ("2026-02-02", "2026-02-03"))
    assert ([each["open"] for each in opened], settled) == (["80.00"], [])


@pytest.mark.parametrize(
    ("typed", "code", "message"),
    [
        ("no-such-file.csv", "unreadable", "there is no file"),
        ("{} --map amount", "wrong_use", "'amount' is not FIELD=COLUMN"),
        ("{} --map amount=Nix", "unreadable", "Nix"),
        ("{} --encoding morse", "unreadable", "'morse' is not an encoding"),
        ("{} --rejects /no/such/folder/r.csv", "unreadable", "name another file"),
    ],
)
def test_a_file_that_cannot_be_read_as_asked_ends_with_2(terminal, file, typed, code, message):
    typed = typed.format(file(INVOICES + GOOD))
    found, said = terminal.refused("import", "invoices", *typed.split(), exits=2)
    assert found == code and message in said


def test_the_views_say_how_far_they_are(terminal, file):
    terminal.run("import", "invoices", file(INVOICES + GOOD))
    views = terminal.json("views", "list")["views"]
    assert [each["name"] for each in views] == ["open_items", "credit_risk", "audit", "escalation"]
    assert all(each["position"] == each["head"] == 2 and not each["needs_rebuild"] for each in views)
    assert "current" in terminal.run("views", "lag").stdout


def test_a_view_made_anew_has_the_same_rows(terminal, file):
    terminal.run("import", "invoices", file(INVOICES + GOOD))
    assert terminal.json("views", "compare", "open_items") == {"view": "open_items", "differences": []}
    assert terminal.run("views", "rebuild", "open_items").stdout == "open_items rebuilt\n"
    assert terminal.run("views", "compare", "open_items").stdout == "open_items: the same rows come out\n"


def test_a_view_with_other_rows_ends_the_comparison_with_1(terminal, file, database_url):
    terminal.run("import", "invoices", file(INVOICES + GOOD))
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("update view_open_items.open_by_customer set open_minor = 1")
    assert "live only" in terminal.run("views", "compare", "open_items", exits=1).stdout
    different = terminal.json("views", "compare", "open_items", exits=1)["differences"]
    assert {each["table"] for each in different} == {"open_by_customer"}


def test_no_fact_is_parked_and_an_unknown_view_is_wrong_use(terminal):
    assert terminal.run("views", "parked", "audit", "--retry").stdout == "0 parked in audit\n"
    assert terminal.json("views", "parked", "audit") == {"view": "audit", "parked": []}
    for command in ("rebuild", "compare", "parked"):
        assert "there is no view nix" in terminal.refused("views", command, "nix", exits=2)[1]


def test_the_doctor_names_what_is_configured_without_a_password(terminal, database_url, file):
    terminal.environment["RECEIVABLES_DATABASE_URL"] = database_url.replace("://receivables@", "://receivables:secret@")
    terminal.run("import", "invoices", file(INVOICES + GOOD))
    for deep in ([], ["--deep"]):
        result = terminal.run("doctor", *deep, "--format", "json")
        told = orjson.loads(result.stdout)
        assert told["is_well"] and "secret" not in result.stdout
        assert told["database_url"].startswith("postgresql://") and told["position"] == 2
        assert [each["behind"] for each in told["views"]] == [0, 0, 0, 0]
    assert "ok" in terminal.run("doctor", "--deep").stdout


def test_a_doctor_who_finds_something_wrong_ends_with_3(terminal, monkeypatch):
    monkeypatch.setattr(assembly, "NAMED_WAIT", 0.05)
    terminal.environment["RECEIVABLES_DATABASE_URL"] = "postgresql://ann:secret@127.0.0.1:1/books"
    result = terminal.run("doctor", exits=3)
    assert "failed" in result.stdout and "secret" not in result.stdout


# What holds personal data is its owner's alone


@pytest.mark.parametrize("typed", [
    "audit export -o {}", "audit export --format log -o {}", "audit evidence A-1 -o {}", "aging -o {}.csv",
    "aging -o {}.xlsx", "aging -o {}.json",
])  # fmt: skip
def test_a_new_file_is_its_owners_alone_and_no_link_is_followed(terminal, tmp_path, typed):
    terminal.run("invoice", "issue", "A-1", "--customer", "acme", "--amount", 5, "--currency", "EUR")
    before = os.umask(0)
    try:
        words = typed.format(tmp_path / "out").split()
        terminal.run(*words)
        file = Path(words[-1])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    finally:
        os.umask(before)
    theirs = tmp_path / "theirs"
    file.unlink()
    theirs.write_text("theirs")
    file.symlink_to(theirs)
    assert terminal.run(*words, exits=2).stderr.endswith("cannot be written: it is a link, which is not followed\n")
    assert theirs.read_text() == "theirs"


def test_a_file_that_is_there_keeps_its_rights(terminal, tmp_path):
    file = tmp_path / "aging.csv"
    file.touch()
    file.chmod(0o640)
    terminal.run("aging", "-o", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_standard_output_may_be_named_as_a_file(terminal):
    process = terminal.start("audit", "export", "-o", "/dev/stdout")
    assert process.communicate(timeout=60)[0].startswith("position,")
    assert process.returncode == 0


def test_a_home_that_others_could_read_is_closed_with_a_word(terminal):
    terminal.run("aging")
    terminal.home.chmod(0o755)
    assert "and is now its owner's alone (0700)" in " ".join(terminal.run("aging").stderr.split())
    assert terminal.run("aging").stderr == ""
