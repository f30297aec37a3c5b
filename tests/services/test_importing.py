"""Files of invoices become facts, each row exactly once."""

from datetime import date

import pytest

from domain import customer
from domain.customer.facts import ContactSet, Registered
from domain.entry import Cause, customer_stream, invoice_stream
from domain.invoice.facts import Issued
from domain.terms import Instalment, Share
from services.answers.imported import import_answer
from services.importing import loading
from tests.services.desk import ask_customer, erase_customer
from tests.services.filing import ANN_1, ANN_2, BOB_3, INVOICES, NAMED, Filing, counts


@pytest.fixture
def filing(app, tmp_path):
    return Filing(app, tmp_path)


def test_a_row_issues_an_invoice_and_registers_its_customer(filing, app):
    summary = filing.load("invoices", INVOICES + ANN_1)
    assert counts(summary) == (1, 1, 0, 0)
    day = date(2026, 1, 5)
    instalments = (Instalment(date(2026, 2, 4), 10000),)
    assert filing.facts(customer_stream("ann")) == [(Registered("ann"), day)]
    assert filing.facts(invoice_stream("R-1", "main")) == [
        (Issued("R-1", "main", "ann", "EUR", 10000, 0, day, instalments), day)
    ]
    assert summary.position == app.ledger.head().position == 2
    assert app.projector.positions() == dict.fromkeys(app.projector.projections, 2)


def test_each_fact_says_which_line_of_which_file_it_came_from(filing, app):
    filing.load("invoices", INVOICES + ANN_1 + ANN_2)
    cause = app.ledger.facts(invoice_stream("R-2", "main"))[0].cause
    assert cause.actor == "ann the accountant"
    assert cause.reason == "import of invoices.csv"
    assert cause.correlation_id.startswith("import:") and len(cause.correlation_id) == len("import:") + 16
    assert cause.command_id == f"{cause.correlation_id}:3"


def test_the_same_file_again_adds_nothing(filing, app):
    first = filing.load("invoices", INVOICES + ANN_1 + ANN_2)
    again = filing.load("invoices", INVOICES + ANN_1 + ANN_2)
    assert counts(again) == (2, 0, 2, 0)
    assert again.position == first.position == app.ledger.head().position


def test_a_summary_is_shown_as_programs_expect_it(filing):
    shown: object = import_answer(filing.load("invoices", INVOICES + ANN_1))
    assert shown == {
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


def test_all_that_a_row_may_say_is_kept(filing):
    header = (
        "customer,number,issued_on,due_on,amount,currency,entity,reference,tax,document_on,purchase_order,country\n"
    )
    filing.load(
        "invoices", header + "ann,R-1,2026-01-05,2026-02-04,119.00,eur,north,our ref,19.00,2026-01-04,PO 7,DE\n"
    )
    [(issued, _)] = filing.facts(invoice_stream("R-1", "north"))
    assert (issued.currency, issued.total_minor, issued.tax_minor) == ("EUR", 11900, 1900)
    assert (issued.reference, issued.purchase_order, issued.document_on) == ("our ref", "PO 7", date(2026, 1, 4))
    assert filing.facts(customer_stream("ann"))[0][0] == Registered("ann", "DE")


def test_any_file_is_adapted_by_options(filing):
    text = "Kunde;Beleg;Datum;Fällig;Betrag\nMüller;R-1;05.01.2026;04.02.2026;1.234,56\n".replace("\n", "\r\n")
    columns = {"customer": "Kunde", "number": "Beleg", "issued_on": "Datum", "due_on": "Fällig", "amount": "Betrag"}
    summary = filing.load(
        "invoices", text, encoding="cp1252", columns=columns, date_format="%d.%m.%Y", decimal_comma=True, currency="EUR"
    )
    assert counts(summary) == (1, 1, 0, 0)
    [(issued, _)] = filing.facts(invoice_stream("R-1", "main"))
    assert (issued.customer, issued.total_minor, issued.issued_on) == ("Müller", 123456, date(2026, 1, 5))


def test_instalments_follow_a_schedule(filing):
    filing.load(
        "invoices",
        "customer,number,issued_on,schedule,amount,currency\nann,R-1,2026-01-01,30:30 60:30 90:40,100.01,EUR\n",
    )
    [(issued, _)] = filing.facts(invoice_stream("R-1", "main"))
    assert issued.instalments == (
        Instalment(date(2026, 1, 31), 3000),
        Instalment(date(2026, 3, 2), 3000),
        Instalment(date(2026, 4, 1), 4001),
    )


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        ("30eom", [(date(2026, 2, 28), 30000_00)]),
        ("15th", [(date(2026, 2, 15), 30000_00)]),
        ("30 60 90", [(date(2026, 2, 4), 10000_00), (date(2026, 3, 6), 10000_00), (date(2026, 4, 5), 10000_00)]),
        (
            "30:33.33 60:33.33 eom:33.34",
            [(date(2026, 2, 4), 10000_00), (date(2026, 3, 6), 10000_00), (date(2026, 1, 31), 10000_00)],
        ),
        ("30:50/60:50", [(date(2026, 2, 4), 15000_00), (date(2026, 3, 6), 15000_00)]),
    ],
)
def test_a_schedule_goes_by_days_by_the_month_or_in_equal_parts(filing, schedule, due):
    header = "customer,number,issued_on,schedule,amount,currency\n"
    filing.load("invoices", f'{header}ann,R-1,2026-01-05,{schedule},"30,000.00",EUR\n')
    [(issued, _)] = filing.facts(invoice_stream("R-1", "main"))
    assert issued.instalments == tuple(Instalment(*each) for each in due)


@pytest.mark.parametrize("schedule", ["30/30/40", "30:30 60", "999999999", "15", "x", "30:33 60:33 90:33"])
def test_a_schedule_that_may_mean_anything_else_is_rejected(filing, schedule):
    header = "customer,number,issued_on,schedule,amount,currency\n"
    summary = filing.load("invoices", f"{header}ann,R-1,2026-01-05,{schedule},5.00,EUR\n")
    if schedule == "15":
        assert summary.rejected == 0, "it is net 15"
    else:
        assert [(reject.field, reject.code) for reject in summary.first_rejects] == [("schedule", "bad_schedule")]


def test_without_a_due_day_the_terms_of_the_customer_count_and_else_thirty_days(filing, app):
    cause, day = Cause("ann", "c-1"), date(2026, 1, 1)
    ask_customer(app, customer.register, "ann", on=day, cause=cause)
    ask_customer(app, customer.agree_terms, "ann", on=day, cause=Cause("ann", "c-2"), schedule=[Share(14, 10000)])
    text = (
        "customer,number,issued_on,due_on,amount,currency\nann,R-1,2026-01-01,,5.00,EUR\nbob,R-2,2026-01-01,,5.00,EUR\n"
    )
    summary = filing.load("invoices", text)
    assert filing.facts(invoice_stream("R-1", "main"))[0][0].instalments == (Instalment(date(2026, 1, 15), 500),)
    assert filing.facts(invoice_stream("R-2", "main"))[0][0].instalments == (Instalment(date(2026, 1, 31), 500),)
    assert counts(summary) == (2, 2, 0, 0)
    ask_customer(app, customer.agree_terms, "ann", on=day, cause=Cause("ann", "c-3"), schedule=[Share(60, 10000)])
    assert filing.load("invoices", text).already_there == 2


# Personal data


def test_name_and_address_are_kept_as_ciphertext_only(filing, app):
    filing.load("invoices", NAMED + "ann,Ann Example,ann@example.org,R-1,2026-01-05,2026-02-04,100.00,EUR\n")
    _, (contact, _) = filing.facts(customer_stream("ann"))
    assert isinstance(contact, ContactSet)
    assert app.encryption.decrypt("ann", contact.encrypted) == {"name": "Ann Example", "email": "ann@example.org"}
    with app.pool.connection() as conn:
        stored = conn.execute("select string_agg(convert_from(state, 'UTF8'), ' ') from ledger.log").fetchone()[0]
    assert "Ann" not in stored.replace("ann the accountant", "") and "example" not in stored


def test_two_names_for_one_customer_are_not_swapped_at_each_import(filing, app):
    rows = "ann,Ann,,R-1,2026-01-05,2026-02-04,1,EUR\nann,Anne,,R-2,2026-01-05,2026-02-04,1,EUR\n"
    filing.load("invoices", NAMED + rows)
    filing.load("invoices", NAMED + rows + "ann,Anna,,R-3,2026-01-05,2026-02-04,1,EUR\n")
    contacts = [fact for fact, _ in filing.facts(customer_stream("ann")) if isinstance(fact, ContactSet)]
    assert [app.encryption.decrypt("ann", each.encrypted) for each in contacts] == [{"name": "Ann"}]


def test_the_contact_of_an_erased_customer_is_not_taken_up_again(filing, app, clock):
    filing.load("invoices", NAMED + "ann,Ann,,R-1,1999-01-05,1999-02-04,1,EUR\n")
    clock.pass_by(days=4 * 365)
    erase_customer(app, "ann", on=date(2030, 1, 1), cause=Cause("bob", "e-1"))
    summary = filing.load("invoices", NAMED + "ann,Ann,,R-2,2026-01-05,2026-02-04,1,EUR\n")
    assert counts(summary) == (1, 1, 0, 0)
    assert app.customers.contact("ann") is None


# Rows that are there already


def test_an_equal_row_twice_in_one_file_counts_once(filing):
    assert counts(filing.load("invoices", INVOICES + ANN_1 + ANN_1)) == (2, 1, 1, 0)


@pytest.mark.parametrize("other", ["2026-02-04,100.01,EUR", "2026-02-05,100.00,EUR", "2026-02-04,100.00,USD"])
def test_the_same_number_with_other_content_is_rejected_in_the_file_and_against_the_ledger(filing, other):
    twice = filing.load("invoices", INVOICES + ANN_1 + f"ann,R-1,2026-01-05,{other}\n")
    later = filing.load("invoices", INVOICES + f"ann,R-1,2026-01-05,{other}\n")
    for summary, line in ((twice, 3), (later, 2)):
        [reject] = summary.first_rejects
        assert reject == (line, "number", "number_taken", "invoice R-1 was issued before with other content")
    assert filing.open_minor("R-1") == 10000


def test_the_first_bad_row_stops_nothing(filing):
    rows = "".join(f"ann,R-{n},2026-01-05,2026-02-04,{n}.00,EUR\n" for n in range(20))
    assert counts(filing.load("invoices", INVOICES + rows)) == (20, 19, 0, 1)
    assert filing.open_minor("R-19") == 1900


def test_chunks_make_no_difference(filing, app, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 2)
    rows = ANN_1 + ANN_2 + ANN_1 + BOB_3 + ANN_2.replace("50.00", "51.00") + ANN_1
    assert counts(filing.load("invoices", INVOICES + rows)) == (6, 3, 2, 1)
    assert len(app.ledger.entries(0)) == 5


# Dry run


def test_a_dry_run_writes_nothing_and_says_what_would_be_done(filing, app, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 2)
    filing.load("invoices", INVOICES + ANN_2)
    before = app.ledger.head()
    rows = ANN_1 + ANN_2 + ANN_1 + BOB_3 + ANN_1.replace("100.00", "101.00") + "ann,R-9,,2026-02-04,1,EUR\n"
    summary = filing.load("invoices", NAMED.replace("customer_name,email,", "") + rows, dry_run=True)
    assert counts(summary) == (6, 2, 2, 2)
    assert summary.reject_file is None and [each.line for each in summary.first_rejects] == [6, 7]
    assert app.ledger.head() == before and summary.position == before.position
    assert sorted(each.name for each in tmp_path.glob("*.csv")) == ["invoices.csv"]
    assert filing.load("invoices", INVOICES + rows).imported == 2


def test_a_dry_run_makes_no_keys_for_personal_data(filing, app):
    filing.load("invoices", NAMED + "ann,Ann,,R-1,2026-01-05,2026-02-04,1,EUR\n", dry_run=True)
    with app.pool.connection() as conn:
        assert conn.execute("select count(*) from ledger.personal_keys").fetchone() == (0,)
