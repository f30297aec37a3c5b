"""Files as people have them, on the command line: what is said of them, and what is kept in a profile."""

import pytest

GERMAN = (
    "Offene Posten\n\n"
    "Kundennummer;Rechnungsnr.;Rechnungsdatum;Fällig am;Betrag;Währung\n"
    "10001;R-1;05.01.2026;04.02.2026;1.234,56;eur\n"
    "Summe;;;;1.234,56;\n"
)
PLAIN = "customer,number,issued_on,due_on,amount,currency\n"


@pytest.fixture
def file(tmp_path):
    def write(text, name="invoices.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return write


def test_what_was_taken_recognised_and_left_out_is_said(terminal, file):
    lines = terminal.run("import", "invoices", file(GERMAN, encoding="cp1252")).stdout.splitlines()
    assert lines == [
        "1 row read: 1 imported, 0 already there, 0 rejected",
        "  taken: customer from Kundennummer, number from Rechnungsnr., issued_on from Rechnungsdatum, "
        "due_on from Fällig am, amount from Betrag, currency from Währung",
        "  recognised: semicolons between columns, encoding cp1252, amounts as 1.234,56, days as day, month, year",
        "  control total: 1,234.56 EUR in 1 row",
        "  left out: 1 line above the names of the columns (line 1)",
        "  left out: 1 line of totals (line 5)",
    ]


def test_programs_are_told_the_same(terminal, file):
    told = terminal.json("import", "invoices", file(GERMAN))
    assert told["columns"]["customer"] == "Kundennummer"
    assert told["recognised"] == {"delimiter": ";", "decimal_comma": True, "date_format": "day-first"}
    assert told["left_out"] == [
        {"what": "title", "count": 1, "lines": [1]},
        {"what": "total", "count": 1, "lines": [5]},
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('ann,R-1,2026-01-05,2026-02-04,"1,234",KWD', "--decimal-point or --decimal-comma"),
        ("ann,R-1,03/04/2026,05/06/2026,1.00,EUR", "--date-format %d/%m/%Y or --date-format %m/%d/%Y"),
    ],
)
def test_two_readings_end_with_2_and_write_nothing(terminal, file, row, said):
    code, message = terminal.refused("import", "invoices", file(PLAIN + row + "\n"), exits=2)
    assert code == "unreadable" and said in message
    assert terminal.json("views", "list")["views"][0]["head"] == 0
    options = ("--decimal-point", "--date-format", "day-first" if "/" in row else "iso")
    assert terminal.json("import", "invoices", file(PLAIN + row + "\n"), *options)["imported"] == 1


def test_more_than_five_rejects_are_said_to_be_in_the_file(terminal, file, tmp_path):
    rows = "".join(f"ann,R-{n},2026-01-05,2026-02-04,ten,EUR\n" for n in range(7))
    lines = terminal.run("import", "invoices", file(PLAIN + rows), exits=1).stdout.splitlines()
    assert len([line for line in lines if line.startswith("  row ")]) == 5
    assert f"  and 2 more, all in {tmp_path / 'invoices.csv.rejects.csv'}" in lines
    dry = terminal.run("import", "invoices", file(PLAIN + rows), "--dry-run", exits=1).stdout.splitlines()
    assert "  and 2 more" in dry


def test_a_rejected_due_day_says_how_it_is_taken(terminal, file):
    early = file(PLAIN + "ann,R-1,2026-01-05,2026-01-01,1.00,EUR\n")
    assert "--accept-due-before-issue takes" in terminal.run("import", "invoices", early, exits=1).stdout
    assert terminal.json("import", "invoices", early, "--accept-due-before-issue")["imported"] == 1


def test_an_invoice_that_is_typed_may_be_due_before_its_issue_too(terminal):
    typed = ["invoice", "issue", "R-1", "--customer", "ann", "--amount", 5, "--currency", "EUR"]
    days = ["--issued-on", "2026-01-05", "--due-on", "2026-01-01"]
    assert terminal.refused(*typed, *days)[0] == "due_before_issue"
    terminal.run(*typed, *days, "--accept-due-before-issue")
    [row] = terminal.json("aging", "--as-of", "2026-01-05")["rows"]
    assert row["buckets"][:2] == ["0.00", "5.00"]


def test_a_currency_in_small_letters_is_the_same_command_and_the_same_report(terminal):
    typed = ["invoice", "issue", "R-1", "--customer", "ann", "--amount", 5, "--issued-on", "2026-01-05"]
    terminal.run(*typed, "--currency", "eur", "--command-id", "c-1")
    terminal.run(*typed, "--currency", "EUR", "--command-id", "c-1")
    terminal.run("invoice", "dispute", "R-1", "--reason-code", "price", "--amount", 1, "--currency", "eur")
    [total] = terminal.json("aging", "--currency", "eur", "--as-of", "2026-01-31")["totals"]
    assert (total["currency"], total["open"]) == ("EUR", "5.00")


# Profiles


def test_a_profile_reads_the_next_file_as_this_one_was(terminal, file):
    said = terminal.run("import", "invoices", file(GERMAN), "--save-profile", "lexware", "--currency", "EUR").stdout
    assert said.splitlines()[-1] == f"kept as profile lexware: {terminal.home / 'profiles' / 'lexware.toml'}"
    # Alone it would be refused: nothing in it says which number is the day, and what the point is.
    head = GERMAN.splitlines()[2]
    doubtful = file(f"{head}\n10002;R-2;03/04/2025;05/06/2025;1.234;\n", "next.csv")
    assert terminal.refused("import", "invoices", doubtful, exits=2)[0] == "unreadable"
    told = terminal.json("import", "invoices", doubtful, "--profile", "lexware")
    assert told["totals"] == [{"currency": "EUR", "amount": "1234.00", "rows": 1}]
    facts = terminal.json("audit", "search", "--kind", "invoice.issued")["facts"]
    assert {fact["effective_on"] for fact in facts} == {"2026-01-05", "2025-04-03"}


def test_what_is_typed_counts_before_the_profile(terminal, file):
    terminal.run("import", "invoices", file(GERMAN), "--save-profile", "lexware")
    text = GERMAN.replace("R-1", "R-2").replace("eur", "").replace("1.234,56", "12.5")
    told = terminal.json(
        "import", "invoices", file(text), "--profile", "lexware", "--decimal-point", "--currency", "usd"
    )
    assert told["totals"] == [{"currency": "USD", "amount": "12.50", "rows": 1}]


def test_a_profile_says_which_column_the_file_lacks(terminal, file):
    terminal.run("import", "invoices", file(GERMAN), "--save-profile", "lexware")
    code, message = terminal.refused(
        "import", "invoices", file(GERMAN.replace("Betrag", "Summe")), "--profile", "lexware", exits=2
    )
    assert code == "unreadable"
    assert message.startswith("by profile lexware: ") and "has no column Betrag" in message


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--profile", "../../etc/passwd"), "is no name of a profile"),
        (("--save-profile", "a/b"), "is no name of a profile"),
        (("--save-profile", ".hidden"), "is no name of a profile"),
        (("--profile", "nowhere"), "there is no profile nowhere, only: none yet"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_before_anything_is_read(terminal, file, typed, said):
    code, message = terminal.refused("import", "invoices", file(GERMAN), *typed, exits=2)
    assert code == "unreadable" and said in message
    assert terminal.json("views", "list")["views"][0]["head"] == 0


def test_a_profile_is_of_one_kind_of_file_and_is_replaced_by_its_name(terminal, file):
    terminal.run("import", "invoices", file(GERMAN), "--save-profile", "p")
    _, message = terminal.refused("import", "payments", file(GERMAN), "--profile", "p", exits=2)
    assert message == "profile p is for invoices, not for payments"
    paid = file("number,amount,value_on,currency\nR-1,5.00,2026-01-05,EUR\n")
    terminal.run("import", "payments", paid, "--save-profile", "p")
    assert terminal.json("import", "payments", paid, "--profile", "p")["already_there"] == 1
    (terminal.home / "profiles" / "p.toml").write_text('[profile]\nkind = "payments"\n[options]\ncolour = "red"\n')
    assert "sets colour to 'red'" in terminal.refused("import", "payments", paid, "--profile", "p", exits=2)[1]


def test_a_dry_run_keeps_no_profile(terminal, file):
    _, message = terminal.refused("import", "invoices", file(GERMAN), "--dry-run", "--save-profile", "p", exits=2)
    assert "a dry run writes nothing" in message
    assert not (terminal.home / "profiles").exists()
