"""Statements of account: what a customer is told, in which words, and that it is what aging says."""

import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from domain import invoice as invoices
from domain.entry import Cause
from infra.texts.letters import Letters
from infra.texts.library import Library
from infra.texts.locales import LANGUAGES
from infra.texts.templates import TextUnfit
from projections.open_items.bookings import BOOKED, BY_FACTOR, Booked
from services.answers.statement import statement_report
from services.statements import printing
from services.statements.content import lines
from services.statements.file_names import file_name
from services.statements.gathering import first_day
from services.statements.printing import Printing
from services.statements.sheets import statement_sheet
from tests.services.any_history import BEGIN
from tests.services.clerk import recorded
from tests.services.desk import erase_customer, set_contact_of

FEB_1, FEB_28 = date(2026, 2, 1), date(2026, 2, 28)
CREDITORS = '[main]\nname = "Nordlicht GmbH"\naddress = "Hafen 1\\n20457 Hamburg"\niban = "DE89370400440532013000"\n'


def day(month, of_month):
    return date(2026, month, of_month)


def at(month, of_month):
    return datetime(2026, month, of_month, 9, tzinfo=UTC)


@pytest.fixture
def statement(app):
    """As plain data."""

    def statement(customer="acme", as_of=FEB_28, first=FEB_1, **asked):
        return statement_report(*app.statements.statement(customer, as_of, first, **asked))

    return statement


def told(report):
    """Of the only account: opening, each entry with the balance after it, closing."""
    [account] = report["accounts"]
    entries = [
        (each["day"][5:], each["what"], each["number"], each["amount"], each["balance"])
        for each in account["movements"]
    ]
    return account["opening"], entries, account["closing"]


# What it says


def test_it_leads_from_the_opening_balance_by_every_entry_to_what_aging_says_is_open(app, desk, clock, statement):
    desk.issue("R-1", 1000_00)
    desk.issue("R-2", 500_00, issued_on=day(2, 3))
    clock.at = at(2, 20)
    desk.receive("P-1", 400_00, value_on=day(2, 10), invoices=("R-1",))
    desk.ask(invoices.charge_fee, "R-1", on=day(2, 15), amount_minor=5_00, basis="agreed")
    report = statement()
    assert told(report) == (
        "1000.00",
        [
            ("02-03", "invoice", "R-2", "500.00", "1500.00"),
            ("02-10", "payment", "R-1", "-400.00", "1100.00"),
            ("02-15", "fee", "R-1", "5.00", "1105.00"),
        ],
        "1105.00",
    )
    [account] = report["accounts"]
    assert [(each["number"], each["open"], each["days_past_due"]) for each in account["items"]] == [
        ("R-1", "600.00", 24), ("R-1", "5.00", 13), ("R-2", "500.00", 0),
    ]  # fmt: skip
    [row] = app.reports.aging(FEB_28, customer="acme")["rows"]
    assert row["open"] == account["closing"] == "1105.00"


def test_what_was_made_again_on_its_day_since_something_earlier_was_learnt_is_no_entry(desk, clock, statement):
    """The first payment is recorded last: the other one is taken back and paid again, both on its own day."""
    desk.issue("R-1", 100_00)
    clock.at = at(2, 20)
    desk.receive("P-2", 60_00, value_on=day(2, 10), invoices=("R-1",))
    desk.receive("P-1", 40_00, value_on=day(2, 5), invoices=("R-1",))
    _, entries, closing = told(statement())
    assert [(each[0], each[1], each[3]) for each in entries] == [
        ("02-05", "payment", "-40.00"),
        ("02-10", "payment", "-60.00"),
    ]
    assert closing == "0.00"


def test_charges_of_a_day_are_entries_of_their_own(desk, clock, statement):
    desk.issue("R-1", 100_00)
    clock.at = at(2, 20)
    desk.ask(invoices.charge_fee, "R-1", on=day(2, 15), amount_minor=12_50, basis="agreed")
    desk.ask(invoices.claim_compensation, "R-1", on=day(2, 15), amount_minor=40_00, basis="by law")
    _, entries, closing = told(statement())
    assert [(each[1], each[3]) for each in entries] == [("fee", "12.50"), ("compensation", "40.00")]
    assert closing == "152.50"


def test_money_on_account_stands_beside_the_balance(app, desk, clock, statement):
    desk.issue("R-1", 100_00)
    clock.at = at(2, 20)
    desk.receive("P-1", 130_00, value_on=day(2, 10), customer="acme", invoices=("R-1",))
    note = {"credit_note": "C-1", "customer": "acme", "amount": "7", "currency": "EUR", "issued_on": "2026-02-12"}
    app.commands.run("credit_note.issue", note, Cause("ann", "note", "a bonus"))
    [account] = statement()["accounts"]
    assert (account["closing"], account["unapplied"]) == ("0.00", "37.00")
    assert [(each["document"], each["is_credit_note"], each["amount"]) for each in account["on_account"]] == [
        ("P-1", False, "30.00"),
        ("C-1", True, "7.00"),
    ]


def test_a_table_of_it_names_the_entity_where_there_are_several_and_what_is_paid_to_a_factor(app, desk, statement):
    desk.issue("R-1", 100_00)
    desk.ask(invoices.factor, "R-1", factor="F", advance_basis_points=8000, fee_basis_points=200)
    alone = statement_sheet(statement(), app.printing.labels())
    desk.issue("R-3", 8_00, entity="north")
    both = statement_sheet(statement(), app.printing.labels())
    assert (alone.columns[0].title, both.columns[0].title) == ("Currency", "Entity")
    assert "Open, assigned to a factor, to be paid there" in [row[2] for row in alone.rows]
    assert {row[0] for row in both.rows} == {"main", "north"}


def test_entities_and_currencies_have_accounts_of_their_own(desk, statement):
    desk.issue("R-1", 100_00)
    desk.issue("R-2", 7_00, currency="USD")
    desk.issue("R-3", 8_00, entity="north")
    accounts = statement()["accounts"]
    keys = [(each["entity"], each["currency"], each["closing"]) for each in accounts]
    assert keys == [("main", "EUR", "100.00"), ("main", "USD", "7.00"), ("north", "EUR", "8.00")]
    assert statement(entity="north")["accounts"] == accounts[2:]
    assert statement(currency="USD")["accounts"] == accounts[1:2]


def test_without_a_first_day_it_begins_with_the_month_two_months_before(desk, statement):
    desk.issue("R-1", 100_00)
    assert [first_day(each) for each in (day(10, 31), day(2, 1), day(1, 15))] == [
        day(8, 1),
        date(2025, 12, 1),
        date(2025, 11, 1),
    ]
    assert statement(first=None)["from"] == "2025-12-01"


def test_what_cannot_be_is_refused(app, desk, refused):
    desk.issue("R-1", 100_00)
    for code, customer, asked in (
        ("not_registered", "nobody", {}),
        ("bad_period", "acme", {"first": day(3, 1)}),
        ("unknown_entity", "acme", {"entity": "nowhere"}),
        ("unknown_currency", "acme", {"currency": "XYZ"}),
    ):
        with refused(code):
            app.statements.statement(customer, FEB_28, **asked)
        if customer == "acme":
            with refused(code):
                app.statements.all(FEB_28, **asked)


@pytest.mark.parametrize("seed", range(2))
def test_the_statement_of_any_days_of_any_history_is_what_aging_says(app, clock, seed):
    random = Random(seed)
    clerk = recorded(app, clock, random)
    days = [BEGIN + timedelta(n) for n in range((clerk.last_day - BEGIN).days + 1)]
    for _ in range(12):
        first, last = sorted(random.sample(days, 2))
        [page] = [*app.statements.all(last, first).pages] or [[]]
        found = {each.customer: each.accounts[0] for each in page if each.accounts}
        rows = {row["customer"]: row for row in app.reports.aging(last)["rows"] if row["customer"]}
        assert {each for each, row in rows.items() if row["open"] != "0.00"} <= found.keys()
        for customer, account in found.items():
            row = rows.get(customer, {"open": "0.00", "unapplied": "0.00"})
            assert f"{account.closing_minor / 100:.2f}" == row["open"]
            assert f"{account.unapplied_minor / 100:.2f}" == row["unapplied"]


WHATS = st.sampled_from([("cash", "payment", -1), ("cash", "payment_undone", 1), ("charges", "fee", 1)])


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from("AB"), WHATS, st.sampled_from("PQ"), st.integers(1, 9))),
    st.integers(-9, 9),
)
def test_lines_add_up_to_the_bookings_and_no_two_of_a_day_are_alike(rows, opening):
    booked = [
        Booked(
            day(1, 1) + timedelta(on), 0, "main", "EUR", "ann", f"invoice:main:{number}", column, what, by, sign * minor
        )
        for on, number, (column, what, sign), by, minor in sorted(rows, key=lambda row: row[0])
    ]
    found = lines(opening, booked)
    balances = [opening, *(each.balance_minor for each in found)]
    assert [later - earlier for earlier, later in pairwise(balances)] == [x.minor for x in found]
    assert balances[-1] == opening + sum(each.minor for each in booked)
    column = {"payment": "cash", "payment_undone": "cash", "fee": "charges"}
    alike = Counter((each.on, each.number, column[each.what], each.document) for each in found)
    assert set(alike.values()) <= {1} and all(each.minor for each in found)
    assert all((each.minor < 0) == (each.what == "payment") for each in found)


# What a customer reads


@pytest.fixture
def owing(app, desk, clock, tmp_path):
    """acme owes with a name, a language and an address, and something of it was given up."""
    (tmp_path / "creditors.toml").write_text(CREDITORS, encoding="utf-8")
    app.commands.run("customer.register", {"customer": "acme"}, desk.cause())
    terms = {"customer": "acme", "schedule": [{"days": 14, "percent": "100"}], "language": "de"}
    app.commands.run("customer.terms", terms, desk.cause())
    contact = {"name": "Müller & Søn GmbH", "address": "Lange Reihe 2\n20099 Hamburg"}
    set_contact_of(app, "acme", contact, on=day(1, 5), cause=desk.cause())
    desk.issue("R-1", 1000_00)
    desk.issue("R-2", 500_00, issued_on=day(2, 3))
    clock.at = at(2, 20)
    desk.ask(invoices.write_off, "R-1", on=day(2, 10), amount_minor=50_00)
    desk.ask(invoices.dispute, "R-2", on=day(2, 11), reason_code="quality")
    return app


def read(data):
    """The text of each page, its spaces made plain."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


def test_a_statement_to_send_has_letterhead_address_language_and_the_way_to_pay(owing):
    _, found = owing.statements.statement("acme", FEB_28)
    [page] = read(owing.printing.pdf(found, "main"))
    for said in (
        "Nordlicht GmbH", "Müller & Søn GmbH", "Lange Reihe 2", "Kontoauszug zum 28. Februar 2026", "Saldovortrag",
        "1.450,00", "DE89 3704 0044 0532 0130 00", "acme", "Seite 1 von 1", "strittig",
    ):  # fmt: skip
        assert said in page, said


def test_what_was_given_up_is_an_adjustment_to_the_customer_and_nothing_internal_is_said(owing):
    _, found = owing.statements.statement("acme", FEB_28)
    [page] = read(owing.printing.pdf(found, "main"))
    assert "Korrektur" in page
    assert not any(word in page.lower() for word in ("write", "abschreib", "ausbuch", "quality", "invoice:main"))


def test_a_long_statement_repeats_its_head_and_says_title_day_and_page_on_every_page(owing, desk, clock):
    for number in range(90):
        desk.issue(f"L-{number}", 10_00, issued_on=day(2, 12))
    _, found = owing.statements.statement("acme", FEB_28)
    _, *others = read(owing.printing.pdf(found, "main"))
    assert len(others) >= 2
    for nth, page in enumerate(others, 2):
        assert "Kontoauszug zum 28. Februar 2026, Kundennummer acme" in page
        assert f"Seite {nth} von {1 + len(others)}" in page


def test_an_address_that_is_shown_is_on_record(owing):
    owing.statements.statement("acme", FEB_28)
    assert [each.purpose for each in owing.disclosures.select("acme")] == ["customer statement"]


def test_of_an_erased_customer_there_is_a_statement_without_a_name(owing, desk, clock):
    clock.at = datetime(2037, 1, 2, 9, tzinfo=UTC)
    erase_customer(owing, "acme", on=date(2037, 1, 2), cause=desk.cause())
    _, found = owing.statements.statement("acme", FEB_28)
    assert (found.name, found.address) == ("", ())
    assert "Müller" not in read(owing.printing.pdf(found, "main"))[0]
    assert owing.disclosures.select("acme") == []


def test_a_letterhead_is_of_one_entity(owing, desk, refused):
    desk.issue("N-1", 8_00, entity="north")
    _, found = owing.statements.statement("acme", FEB_28)
    with refused("several_entities"):
        owing.printing.pdf(found, "main")
    _, north = owing.statements.statement("acme", FEB_28, entity="north")
    assert "N-1" in read(owing.printing.pdf(north, "main"))[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_has_a_word_in_every_language(language, tmp_path):
    labels = Library(tmp_path).edition(language).labels
    whats = {each.what for rows in BOOKED.values() for each in rows} | {BY_FACTOR}
    assert {name.removeprefix("entry_") for name in labels if name.startswith("entry_")} == whats


# Of all customers


@pytest.fixture
def many(owing, desk):
    """Five more, of whom one has paid, one owes two entities, and one has a number no file may be called by."""
    for customer in ("bolt", "paid", "two", "../../x", "日本"):
        desk.issue(f"{customer[:4]}-1".replace("/", "_"), 100_00, debtor=customer, issued_on=day(2, 3))
    desk.issue("two-2", 50_00, debtor="two", entity="north", issued_on=day(2, 3))
    desk.receive("P-9", 100_00, value_on=day(2, 19), invoices=("paid-1",))
    return owing


EVERY = {"acme.pdf", "bolt.pdf", "paid.pdf", "two+main.pdf", "two+north.pdf", "%2E%2E%2F%2E%2E%2Fx.pdf"}
EVERY |= {"%E6%97%A5%E6%9C%AC.pdf"}


def written(app, folder, **asked):
    done = Printing(app.settings.home).folder(app.statements.all(FEB_28, **asked), folder)
    return done, {each.name for each in folder.iterdir()}


def test_each_customer_has_a_file_and_each_entity_where_there_are_several(many, tmp_path):
    done, files = written(many, tmp_path / "out")
    assert files == EVERY
    assert (done.files, done.unset) == (len(EVERY), [])
    assert (tmp_path / "out" / "bolt.pdf").stat().st_mode & 0o777 == 0o600


def test_only_those_who_owe_anything_are_written_if_asked_so(many, tmp_path):
    assert written(many, tmp_path / "out", only_open=True)[1] == EVERY - {"paid.pdf"}


def test_what_two_processes_write_is_what_one_writes_and_the_record_of_names_is_one_row(many, tmp_path, monkeypatch):
    written(many, tmp_path / "one")
    before = len(many.disclosures.select())
    monkeypatch.setattr(printing, "WORTH_A_PROCESS", 2)
    monkeypatch.setattr(printing, "cores", lambda: 2)
    told: list[tuple[int, int]] = []
    done = many.printing.folder(many.statements.all(FEB_28), tmp_path / "two", lambda *so_far: told.append(so_far))
    assert done.files == len(EVERY)
    for each in (tmp_path / "one").iterdir():
        assert each.read_bytes() == (tmp_path / "two" / each.name).read_bytes()
    assert told[-1][1] == 6 and [each for each, _ in told] == sorted(each for each, _ in told)
    assert len(many.disclosures.select()) == before + 1


def test_the_file_of_one_is_the_pdf_of_one(many, tmp_path):
    written(many, tmp_path / "out")
    _, found = many.statements.statement("acme", FEB_28)
    assert (tmp_path / "out" / "acme.pdf").read_bytes() == many.printing.pdf(found, "main")


def test_a_statement_that_cannot_be_set_is_named_and_the_others_are_written(many, tmp_path, monkeypatch):
    pdf = Letters.pdf

    def without_a_font(letters, page, on):
        if page["customer"] == "bolt":
            raise TextUnfit("there is no font", "no_glyph")
        return pdf(letters, page, on)

    monkeypatch.setattr(Letters, "pdf", without_a_font)
    done, files = written(many, tmp_path / "out")
    assert done.unset == [("bolt", "there is no font")]
    assert (done.files, files) == (len(EVERY) - 1, EVERY - {"bolt.pdf"})


def test_a_page_of_customers_after_the_other_is_as_of_the_same_moment(many, desk, monkeypatch):
    monkeypatch.setattr("services.statements.gathering.PAGE", 2)
    run = many.statements.all(FEB_28)
    first = next(run.pages)
    desk.receive("P-10", 100_00, value_on=day(2, 20), invoices=("two-1",))
    rest = [each for page in run.pages for each in page]
    assert run.customers == 6 and len(first) + len(rest) == 6
    [two] = [each for each in [*first, *rest] if each.customer == "two"]
    assert [each.closing_minor for each in two.accounts] == [100_00, 50_00]


@pytest.mark.parametrize(
    ("named", "name"),
    [
        (("C-1",), "C-1.pdf"),
        (("C 1/2", "main"), "C%201%2F2+main.pdf"),
        (("..",), "%2E%2E.pdf"),
        (("a+b",), "a%2Bb.pdf"),
    ],
)
def test_the_name_of_a_file_is_safe_and_tells_customers_apart(named, name):
    assert file_name("pdf", *named) == name


def test_a_long_name_is_cut_and_still_tells_customers_apart():
    names = {file_name("pdf", "日" * 190 + end) for end in "ab"}
    assert len(names) == 2 and all(len(each.encode()) < 200 for each in names)


# Typed


def test_every_form_is_written_and_all_is_a_folder(terminal, tmp_path):
    terminal.run(
        "invoice",
        "issue",
        "R-1",
        "--customer",
        "acme",
        "--amount",
        "10",
        "--currency",
        "EUR",
        "--issued-on",
        "2026-02-01",
    )
    asked = ("customer", "statement", "acme", "--as-of", "2026-02-28")
    report = terminal.json(*asked)
    keys = ["as_of", "known_at", "position", "from", "customer", "name", "address", "language", "accounts"]
    assert list(report) == keys
    shown = terminal.run(*asked).stdout
    assert "Balance brought forward" in shown and "Open items: main, EUR" in shown
    for form, begins in (("csv", b"Currency"), ("xlsx", b"PK"), ("pdf", b"%PDF-"), ("json", b"{")):
        target = tmp_path / f"statement.{form}"
        assert terminal.run(*asked, "--output", target).stdout == f"written to {target}\n"
        assert target.read_bytes().startswith(begins)
    folder = tmp_path / "all"
    said = terminal.run("customer", "statement", "--all", "--as-of", "2026-02-28", "--output", folder).stdout
    assert said == f"1 statement written to {folder}\n"
    assert [each.name for each in folder.iterdir()] == ["acme.pdf"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "name one customer, or say --all"),
        ("acme --all", "name one customer, or say --all"),
        ("--all", "--all needs the folder to write to"),
        ("--all --output x --format csv", "with --all statements are written as pdf"),
    ],
)
def test_what_is_asked_for_badly_is_wrong_use(terminal, typed, message):
    assert message in terminal.run("customer", "statement", *typed.split(), exits=2).stderr
