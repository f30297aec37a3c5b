"""Files of invoices, payments and history become facts, each row exactly once."""

import csv
import random
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from domain import customer
from domain.customer.facts import ContactSet, Registered
from domain.entry import Cause, customer_stream, invoice_stream
from domain.invoice.facts import Disputed, DisputeResolved, Issued, Paid, PartiallyPaid
from domain.receipt import Allocated, Received
from domain.terms import EarlyDiscount, Instalment, Step
from infra.bulk import MovedOn
from infra.ledger import Contended
from infra.settings import Settings
from services.assembly import assemble
from services.importing import Options, loading

INVOICES = "customer,number,issued_on,due_on,amount,currency\n"
PAYMENTS = "number,customer,amount,value_on,currency,reference\n"
HISTORY = "customer,number,issued_on,due_on,amount,currency,settled_on,disputed\n"
ANN_1 = "ann,R-1,2026-01-05,2026-02-04,100.00,EUR\n"
ANN_2 = "ann,R-2,2026-01-06,2026-02-05,50.00,EUR\n"
BOB_3 = "bob,R-3,2026-01-07,2026-02-06,70.00,USD\n"


@pytest.fixture
def app(database_url, tmp_path):
    with assemble(Settings(home=tmp_path / "home"), database_url=database_url) as app:
        yield app


@pytest.fixture
def load(app, tmp_path):
    """load(kind, text, **options) -> Summary"""

    def load(kind, text, **options):
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(text.encode(options.get("encoding", "utf-8")))
        return getattr(app.imports, kind)(path, Options(actor="ann the accountant", **options))

    return load


@pytest.fixture
def facts(app):
    def facts(stream):
        return [(entry.fact, entry.effective_on) for entry in app.ledger.facts(stream)]

    return facts


def counts(summary):
    return summary.read, summary.imported, summary.already_there, summary.rejected


def open_minor(app, number, entity="main"):
    return app.ledger.state(invoice_stream(number, entity)).open_minor


def receipts(app):
    """All receipts in the order they were recorded."""
    entries = app.ledger.entries(0)
    return [app.ledger.state(entry.stream) for entry in entries if isinstance(entry.fact, Received)]


# Invoices


def test_a_row_issues_an_invoice_and_registers_its_customer(load, facts, app):
    summary = load("invoices", INVOICES + ANN_1)
    assert counts(summary) == (1, 1, 0, 0)
    day = date(2026, 1, 5)
    instalments = (Instalment(date(2026, 2, 4), 10000),)
    assert facts(customer_stream("ann")) == [(Registered("ann"), day)]
    assert facts(invoice_stream("R-1", "main")) == [
        (Issued("R-1", "main", "ann", "EUR", 10000, 0, day, instalments), day)
    ]
    assert summary.position == app.ledger.head().position == 2
    assert app.projector.positions() == dict.fromkeys(app.projector.projections, 2)


def test_each_fact_says_which_line_of_which_file_it_came_from(load, app):
    load("invoices", INVOICES + ANN_1 + ANN_2)
    cause = app.ledger.facts(invoice_stream("R-2", "main"))[0].cause
    assert cause.actor == "ann the accountant"
    assert cause.reason == "import of invoices.csv"
    assert cause.correlation_id.startswith("import:") and len(cause.correlation_id) == len("import:") + 16
    assert cause.command_id == f"{cause.correlation_id}:3"


def test_the_same_file_again_adds_nothing(load, app):
    first = load("invoices", INVOICES + ANN_1 + ANN_2)
    again = load("invoices", INVOICES + ANN_1 + ANN_2)
    assert counts(again) == (2, 0, 2, 0)
    assert again.position == first.position == app.ledger.head().position


def test_a_summary_is_shown_as_programs_expect_it(load):
    assert load("invoices", INVOICES + ANN_1).shown() == {
        "read": 1,
        "imported": 1,
        "already_there": 0,
        "rejected": 0,
        "reject_file": None,
        "position": 2,
    }


def test_all_that_a_row_may_say_is_kept(load, facts):
    header = (
        "customer,number,issued_on,due_on,amount,currency,entity,reference,tax,document_on,purchase_order,country\n"
    )
    load("invoices", header + "ann,R-1,2026-01-05,2026-02-04,119.00,eur,north,our ref,19.00,2026-01-04,PO 7,DE\n")
    [(issued, _)] = facts(invoice_stream("R-1", "north"))
    assert (issued.currency, issued.total_minor, issued.tax_minor) == ("EUR", 11900, 1900)
    assert (issued.reference, issued.purchase_order, issued.document_on) == ("our ref", "PO 7", date(2026, 1, 4))
    assert facts(customer_stream("ann"))[0][0] == Registered("ann", "DE")


def test_any_file_is_adapted_by_options(load, facts):
    text = "Kunde;Beleg;Datum;Fällig;Betrag\nMüller;R-1;05.01.2026;04.02.2026;1.234,56\n".replace("\n", "\r\n")
    columns = {"customer": "Kunde", "number": "Beleg", "issued_on": "Datum", "due_on": "Fällig", "amount": "Betrag"}
    summary = load(
        "invoices", text, encoding="cp1252", columns=columns, date_format="%d.%m.%Y", decimal_comma=True, currency="EUR"
    )
    assert counts(summary) == (1, 1, 0, 0)
    [(issued, _)] = facts(invoice_stream("R-1", "main"))
    assert (issued.customer, issued.total_minor, issued.issued_on) == ("Müller", 123456, date(2026, 1, 5))


def test_instalments_follow_a_schedule(load, facts):
    load(
        "invoices",
        "customer,number,issued_on,schedule,amount,currency\nann,R-1,2026-01-01,30:30 60:30 90:40,100.01,EUR\n",
    )
    [(issued, _)] = facts(invoice_stream("R-1", "main"))
    assert issued.instalments == (
        Instalment(date(2026, 1, 31), 3000),
        Instalment(date(2026, 3, 2), 3000),
        Instalment(date(2026, 4, 1), 4001),
    )


def test_without_a_due_day_the_terms_of_the_customer_count(load, facts, app):
    cause, day = Cause("ann", "c-1"), date(2026, 1, 1)
    app.customers.ask(customer.register, "ann", on=day, cause=cause)
    app.customers.ask(customer.agree_terms, "ann", on=day, cause=Cause("ann", "c-2"), schedule=[Step(14, 10000)])
    text = (
        "customer,number,issued_on,due_on,amount,currency\nann,R-1,2026-01-01,,5.00,EUR\nbob,R-2,2026-01-01,,5.00,EUR\n"
    )
    summary = load("invoices", text)
    assert facts(invoice_stream("R-1", "main"))[0][0].instalments == (Instalment(date(2026, 1, 15), 500),)
    assert [(each.line, each.field) for each in summary.first_rejects] == [(3, "due_on")]
    app.customers.ask(customer.agree_terms, "ann", on=day, cause=Cause("ann", "c-3"), schedule=[Step(60, 10000)])
    assert load("invoices", text).already_there == 1


# Personal data


NAMED = "customer,customer_name,email,number,issued_on,due_on,amount,currency\n"


def test_name_and_address_are_kept_as_ciphertext_only(load, facts, app):
    load("invoices", NAMED + "ann,Ann Example,ann@example.org,R-1,2026-01-05,2026-02-04,100.00,EUR\n")
    _, (contact, _) = facts(customer_stream("ann"))
    assert isinstance(contact, ContactSet)
    assert app.vault.open("ann", contact.sealed) == {"name": "Ann Example", "email": "ann@example.org"}
    with app.pool.connection() as conn:
        stored = conn.execute("select string_agg(convert_from(state, 'UTF8'), ' ') from ledger.log").fetchone()[0]
    assert "Ann" not in stored.replace("ann the accountant", "") and "example" not in stored


def test_two_names_for_one_customer_are_not_swapped_at_each_import(load, facts, app):
    rows = "ann,Ann,,R-1,2026-01-05,2026-02-04,1,EUR\nann,Anne,,R-2,2026-01-05,2026-02-04,1,EUR\n"
    load("invoices", NAMED + rows)
    load("invoices", NAMED + rows + "ann,Anna,,R-3,2026-01-05,2026-02-04,1,EUR\n")
    contacts = [fact for fact, _ in facts(customer_stream("ann")) if isinstance(fact, ContactSet)]
    assert [app.vault.open("ann", each.sealed) for each in contacts] == [{"name": "Ann"}]


def test_the_contact_of_an_erased_customer_is_not_taken_up_again(load, app):
    load("invoices", NAMED + "ann,Ann,,R-1,1999-01-05,1999-02-04,1,EUR\n")
    app.customers.erase("ann", why="asked for it", on=date(2030, 1, 1), cause=Cause("bob", "e-1"))
    summary = load("invoices", NAMED + "ann,Ann,,R-2,2026-01-05,2026-02-04,1,EUR\n")
    assert counts(summary) == (1, 1, 0, 0)
    assert app.customers.contact("ann") is None


# Rows that are there already


def test_an_equal_row_twice_in_one_file_counts_once(load):
    assert counts(load("invoices", INVOICES + ANN_1 + ANN_1)) == (2, 1, 1, 0)


@pytest.mark.parametrize("other", ["2026-02-04,100.01,EUR", "2026-02-05,100.00,EUR", "2026-02-04,100.00,USD"])
def test_the_same_number_with_other_content_is_rejected_in_the_file_and_against_the_ledger(load, app, other):
    twice = load("invoices", INVOICES + ANN_1 + f"ann,R-1,2026-01-05,{other}\n")
    later = load("invoices", INVOICES + f"ann,R-1,2026-01-05,{other}\n")
    for summary, line in ((twice, 3), (later, 2)):
        [reject] = summary.first_rejects
        assert reject == (line, "number", "number_taken", "invoice R-1 was issued before with other content")
    assert open_minor(app, "R-1") == 10000


def test_the_first_bad_row_stops_nothing(load, app):
    rows = "".join(f"ann,R-{n},2026-01-05,2026-02-04,{n}.00,EUR\n" for n in range(20))
    assert counts(load("invoices", INVOICES + rows)) == (20, 19, 0, 1)
    assert open_minor(app, "R-19") == 1900


def test_chunks_make_no_difference(load, app, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 2)
    rows = ANN_1 + ANN_2 + ANN_1 + BOB_3 + ANN_2.replace("50.00", "51.00") + ANN_1
    assert counts(load("invoices", INVOICES + rows)) == (6, 3, 2, 1)
    assert len(app.ledger.entries(0)) == 5


# Dry run


def test_a_dry_run_writes_nothing_and_says_what_would_be_done(load, app, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 2)
    load("invoices", INVOICES + ANN_2)
    before = app.ledger.head()
    rows = ANN_1 + ANN_2 + ANN_1 + BOB_3 + ANN_1.replace("100.00", "101.00") + "ann,R-9,,2026-02-04,1,EUR\n"
    summary = load("invoices", NAMED.replace("customer_name,email,", "") + rows, dry_run=True)
    assert counts(summary) == (6, 2, 2, 2)
    assert summary.reject_file is None and [each.line for each in summary.first_rejects] == [6, 7]
    assert app.ledger.head() == before and summary.position == before.position
    assert sorted(each.name for each in tmp_path.glob("*.csv")) == ["invoices.csv"]
    assert load("invoices", INVOICES + rows).imported == 2


def test_a_dry_run_makes_no_keys_for_personal_data(load, app):
    load("invoices", NAMED + "ann,Ann,,R-1,2026-01-05,2026-02-04,1,EUR\n", dry_run=True)
    with app.pool.connection() as conn:
        assert conn.execute("select count(*) from ledger.personal_keys").fetchone() == (0,)


# Payments


def test_a_payment_pays_the_invoice_it_names(load, facts, app):
    load("invoices", INVOICES + ANN_1)
    summary = load("payments", PAYMENTS + "R-1,,100.00,2026-01-20,EUR,thanks\n")
    assert counts(summary) == (1, 1, 0, 0)
    assert open_minor(app, "R-1") == 0
    [receipt] = receipts(app)
    assert receipt.customer == "ann"
    assert receipt.received.references == ("thanks", "R-1")
    fact, day = facts(invoice_stream("R-1", "main"))[-1]
    assert isinstance(fact, Paid) and day == date(2026, 1, 20)


def test_a_payment_in_part_leaves_the_rest_open(load, facts, app):
    load("invoices", INVOICES + ANN_1)
    load("payments", PAYMENTS + "R-1,,40.00,2026-01-20,EUR,\n")
    assert open_minor(app, "R-1") == 6000
    assert isinstance(facts(invoice_stream("R-1", "main"))[-1][0], PartiallyPaid)


def test_what_is_paid_too_much_stays_on_account(load, app):
    load("invoices", INVOICES + ANN_1 + ANN_2)
    load("payments", PAYMENTS + "R-1,,120.00,2026-01-20,EUR,\n")
    assert (open_minor(app, "R-1"), open_minor(app, "R-2")) == (0, 5000)
    assert receipts(app)[0].unallocated_minor == 2000


def test_a_payment_without_a_number_pays_the_oldest_invoices_of_its_customer(load, app, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 2)
    later = "ann,R-0,2026-01-01,2026-03-04,100.00,EUR\n"
    load("invoices", INVOICES + later + ANN_1 + ANN_2 + BOB_3)
    rows = ",ann,80.00,2026-01-20,EUR,a\n,ann,40.00,2026-01-20,EUR,b\n,ann,50.00,2026-01-20,EUR,c\n"
    assert counts(load("payments", PAYMENTS + rows)) == (3, 3, 0, 0)
    assert [open_minor(app, number) for number in ("R-1", "R-2", "R-0", "R-3")] == [0, 0, 8000, 7000]


def test_what_a_row_names_is_not_in_the_way_of_the_rows_that_name_nothing(load, app):
    load("invoices", INVOICES + ANN_1 + ANN_2)
    load("payments", PAYMENTS + "R-1,,100.00,2026-01-20,EUR,\n,ann,50.00,2026-01-20,EUR,\n")
    assert [open_minor(app, number) for number in ("R-1", "R-2")] == [0, 0]


def test_discounts_let_the_money_reach_further(load, app):
    app.customers.ask(customer.register, "ann", on=date(2026, 1, 1), cause=Cause("ann", "c-1"))
    terms = {"schedule": [Step(30, 10000)], "discounts": [EarlyDiscount(10, 200)]}
    app.customers.ask(customer.agree_terms, "ann", on=date(2026, 1, 1), cause=Cause("ann", "c-2"), **terms)
    rows = "".join(f"ann,R-{n},2026-01-05,2026-02-04,100.00,EUR\n" for n in range(60))
    load("invoices", INVOICES + rows)
    load("payments", PAYMENTS + ",ann,5880.00,2026-01-10,EUR,\n")
    assert {open_minor(app, f"R-{n}") for n in range(60)} == {0}
    assert receipts(app)[0].unallocated_minor == 0


def test_money_beyond_all_that_is_open_stays_on_account(load, app):
    load("invoices", INVOICES + ANN_1 + ANN_2)
    load("payments", PAYMENTS + ",ann,200.00,2026-01-20,EUR,\n")
    assert receipts(app)[0].unallocated_minor == 5000


def test_a_payment_that_fits_nothing_is_kept_as_unidentified(load, app):
    load("invoices", INVOICES + ANN_1)
    summary = load(
        "payments", PAYMENTS + "R-77,,5.00,2026-01-20,EUR,who?\n,zoe,6.00,2026-01-20,EUR,\n,,7.00,2026-01-20,EUR,\n"
    )
    assert counts(summary) == (3, 3, 0, 0)
    assert summary.unidentified == 3
    assert [(each.customer, each.received.references) for each in receipts(app)] == [
        (None, ("who?", "R-77")),
        (None, ("zoe",)),
        (None, ()),
    ]


def test_two_equal_rows_are_two_payments_and_the_same_file_again_is_none(load, app):
    load("invoices", INVOICES + ANN_1)
    row = "R-1,,30.00,2026-01-20,EUR,\n"
    assert counts(load("payments", PAYMENTS + row + row)) == (2, 2, 0, 0)
    assert counts(load("payments", PAYMENTS + row + row)) == (2, 0, 2, 0)
    assert counts(load("payments", PAYMENTS + row + row + row)) == (3, 1, 2, 0)
    assert open_minor(app, "R-1") == 1000


def test_payments_written_in_another_form_are_the_same_payments(load, app):
    load("payments", PAYMENTS + 'R-1,,"1,234.50",2026-01-20,EUR,x\n')
    text = (PAYMENTS + "R-1,,1234;5,20.01.2026,EUR,x\n").replace(",", "\t").replace(";", ",")
    assert counts(load("payments", text, decimal_comma=True, date_format="%d.%m.%Y")) == (1, 0, 1, 0)


def test_a_payment_id_tells_payments_apart(load, app):
    header = "payment_id,number,amount,value_on,currency\n"
    rows = "B-1,R-1,5.00,2026-01-20,EUR\nB-2,R-1,5.00,2026-01-20,EUR\n"
    assert counts(load("payments", header + rows)) == (2, 2, 0, 0)
    again = load("payments", header + "B-2,R-1,5.00,2026-01-20,EUR\nB-1,R-1,6.00,2026-01-20,EUR\n")
    assert counts(again) == (2, 0, 1, 1)
    words = "payment B-1 was recorded before with another amount or day"
    assert again.first_rejects == ((3, "payment_id", "number_taken", words),)


def test_a_payment_without_a_currency_has_that_of_its_invoice(load, app):
    load("invoices", INVOICES + BOB_3)
    header = "number,amount,value_on\n"
    summary = load("payments", header + "R-3,70.00,2026-01-20\nR-77,1.00,2026-01-20\n")
    assert open_minor(app, "R-3") == 0
    [(line, field, code, words)] = summary.first_rejects
    assert (line, field, code) == (3, "currency", "missing")
    assert words == "it is empty, and invoice R-77 is not known: name the currency with --currency"
    assert counts(load("payments", header + "R-3,70.00,2026-01-20\n", currency="USD")) == (1, 0, 1, 0)


def test_a_payment_in_another_currency_stays_on_account_of_the_customer(load, app):
    load("invoices", INVOICES + BOB_3)
    load("payments", PAYMENTS + "R-3,,70.00,2026-01-20,EUR,\n")
    assert open_minor(app, "R-3") == 7000
    assert receipts(app)[0].customer == "bob"


def test_who_paid_is_kept_as_ciphertext_under_the_key_of_the_customer(load, app):
    load("invoices", INVOICES + ANN_1)
    load(
        "payments",
        "number,amount,value_on,currency,payer\nR-1,1,2026-01-20,EUR,Ann Example\nR-9,1,2026-01-20,EUR,Zoe\n",
    )
    known, unknown = receipts(app)
    assert app.vault.open("ann", known.received.payer_sealed) == {"payer": "Ann Example"}
    stream = f"receipt:{unknown.received.receipt}"
    assert app.vault.open(stream, unknown.received.payer_sealed) == {"payer": "Zoe"}


def test_a_dry_run_of_payments_pays_nothing_twice(load, app, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 1)
    load("invoices", INVOICES + ANN_1)
    before = app.ledger.head()
    row = "R-1,,60.00,2026-01-20,EUR,\n"
    assert counts(load("payments", PAYMENTS + row + row, dry_run=True)) == (2, 2, 0, 0)
    assert app.ledger.head() == before


# History


def test_a_settled_row_is_issued_and_paid_on_its_days(load, facts, app):
    load("history", HISTORY + "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,2026-02-14,No\n")
    stream = invoice_stream("R-1", "main")
    assert [(type(fact), day) for fact, day in facts(stream)] == [(Issued, date(2026, 1, 5)), (Paid, date(2026, 2, 14))]
    assert [(type(fact), day) for fact, day in facts("receipt:history:main:R-1")] == [
        (Received, date(2026, 2, 14)),
        (Allocated, date(2026, 2, 14)),
    ]
    assert receipts(app)[0].customer == "ann"


def test_a_disputed_row_is_disputed_until_it_is_settled(load, facts):
    load(
        "history",
        HISTORY
        + "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,2026-02-14,Yes\nann,R-2,2026-01-05,2026-02-04,1,EUR,2026-01-14,x\n",
    )
    late, early = (facts(invoice_stream(number, "main")) for number in ("R-1", "R-2"))
    assert [(type(fact), day.isoformat()) for fact, day in late] == [
        (Issued, "2026-01-05"),
        (Disputed, "2026-02-04"),
        (DisputeResolved, "2026-02-14"),
        (Paid, "2026-02-14"),
    ]
    assert late[2][0].outcome == "rejected"
    assert [day.isoformat() for _, day in early] == ["2026-01-05", "2026-01-14", "2026-01-14", "2026-01-14"]


def test_a_row_that_is_not_settled_stays_open_and_disputed_until_a_later_file_settles_it(load, app):
    still = HISTORY + "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,,yes\n"
    settled = still.replace(",,yes", ",2026-03-01,yes")
    assert counts(load("history", still)) == (1, 1, 0, 0)
    claim = app.ledger.state(invoice_stream("R-1", "main"))
    assert (claim.open_minor, claim.disputed_minor) == (10000, 10000)
    assert counts(load("history", still)) == (1, 0, 1, 0)
    assert counts(load("history", settled)) == (1, 1, 0, 0)
    assert counts(load("history", settled)) == (1, 0, 1, 0)
    assert open_minor(app, "R-1") == 0


def test_a_settlement_on_another_day_than_before_is_rejected(load):
    row = HISTORY + "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,2026-02-14,No\n"
    load("history", row)
    for other in ("2026-02-15", ""):
        [reject] = load("history", row.replace("2026-02-14", other)).first_rejects
        words = "an earlier import settled the invoice on 2026-02-14"
        assert reject == (2, "settled_on", "number_taken", words)


def test_a_settlement_before_the_issue_is_rejected(load):
    [reject] = load("history", HISTORY + "ann,R-1,2026-01-05,2026-02-04,1,EUR,2026-01-04,No\n").first_rejects
    assert (reject.field, reject.code) == ("settled_on", "settled_before_issue")


# Others at work, and death in the middle


def test_rows_are_decided_again_when_another_writer_was_faster(load, app, monkeypatch, tmp_path):
    rival = tmp_path / "rival.csv"
    rival.write_text(INVOICES + ANN_1 + ANN_2.replace("50.00", "55.00"))
    record_many = app.ledger.record_many

    def overtaken(batches):
        monkeypatch.setattr(app.ledger, "record_many", record_many)
        app.imports.invoices(rival, Options())
        return record_many(batches)

    monkeypatch.setattr(app.ledger, "record_many", overtaken)
    assert counts(load("invoices", INVOICES + ANN_1 + ANN_2 + BOB_3)) == (3, 1, 1, 1)
    assert open_minor(app, "R-2") == 5500


def test_whoever_is_overtaken_again_and_again_gives_up_and_can_go_on_later(load, app, monkeypatch):
    tried = []

    def overtaken(batches):
        tried.append(len(list(batches)))
        raise MovedOn(["invoice:main:R-1"])

    with monkeypatch.context() as patch:
        patch.setattr(app.ledger, "record_many", overtaken)
        with pytest.raises(Contended, match="import it again"):
            load("invoices", INVOICES + ANN_1)
    assert tried == [2] * loading.TRIES
    assert counts(load("invoices", INVOICES + ANN_1)) == (1, 1, 0, 0)


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
    claims = app.ledger.states(invoice_stream(f"R-{n}", "main") for n in range(rows))
    assert {claim.open_minor for claim in claims.values()} == {200}
    with app.pool.connection() as conn:
        count = "select count(*) from ledger.log where topic = 'receipt.received'"
        assert conn.execute(count).fetchone() == (2 * rows,)


def test_progress_is_told_up_to_the_last_line_and_then_for_the_views(app, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 2)
    path, told = tmp_path / "invoices.csv", []
    path.write_text(INVOICES + ANN_1 + ANN_2 + BOB_3)
    app.imports.invoices(path, Options(), lambda done, total=None, note="": told.append((done, total, note)))
    assert told[:2] == [(3, 4, ""), (4, 4, "")]
    assert told[-1] == (5, 5, "bringing the views up to date")


# The real history


COLUMNS = {
    "customer": "customerID",
    "number": "invoiceNumber",
    "issued_on": "InvoiceDate",
    "due_on": "DueDate",
    "amount": "InvoiceAmount",
    "settled_on": "SettledDate",
    "disputed": "Disputed",
}
REAL = Options(columns=COLUMNS, date_format="%d/%m/%Y", currency="USD")


@pytest.fixture
def history(samples):
    return samples / "late-payment-histories.csv"


def independently(path, as_of):
    """Bucket -> cents and items, from the file alone: open before its settlement day, overdue after its due day."""
    found = {name: [0, 0] for name in ("open", "not_due", "1-30", "31-60", "61-90", "over_90")}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            issued, due, settled = (
                datetime.strptime(row[name], "%d/%m/%Y").date() for name in ("InvoiceDate", "DueDate", "SettledDate")
            )
            if issued <= as_of < settled:
                late = (as_of - due).days
                bucket = "not_due" if late <= 0 else next((b for b, most in BOUNDS if late <= most), "over_90")
                for name in ("open", bucket):
                    found[name][0] += int(Decimal(row["InvoiceAmount"]) * 100)
                    found[name][1] += 1
    return {name: (cents, items) for name, (cents, items) in found.items()}


BOUNDS = (("1-30", 30), ("31-60", 60), ("61-90", 90))


def reported(app, as_of):
    totals = app.reports.aging(as_of)["totals"]
    if not totals:
        return dict.fromkeys(("open", "not_due", "1-30", "31-60", "61-90", "over_90"), (0, 0))
    [total] = totals
    assert total["currency"] == "USD"
    told = {"open": total, **{bucket["name"]: bucket for bucket in total["buckets"]}}
    return {name: (int(Decimal(each["open"]) * 100), each["items"]) for name, each in told.items()}


def test_the_real_history_is_loaded_whole_and_once(app, history):
    summary = app.imports.history(history, REAL)
    assert counts(summary) == (2466, 2466, 0, 0)
    again = app.imports.history(history, REAL)
    assert counts(again) == (2466, 0, 2466, 0)
    assert again.position == summary.position


def test_the_real_history_gives_the_totals_of_any_day_that_its_file_gives(app, history):
    app.imports.history(history, REAL)
    known = reported(app, date(2012, 6, 30))
    assert (known["open"], known["not_due"], known["1-30"]) == ((550409, 98), (459436, 83), (90973, 15))
    days = [date(2011, 12, 31) + timedelta(days=29 * n) for n in range(28)]
    assert [reported(app, day) for day in days] == [independently(history, day) for day in days]


def test_a_real_invoice_is_open_until_the_day_before_its_settlement_and_overdue_from_the_day_after_it_is_due(
    app, history
):
    """Invoice 5133177585: due 2012-02-02, settled 2012-02-16."""
    app.imports.history(history, REAL)

    def item(day):
        items = app.reports.items(day, customer="6708-DPYTF")["items"]
        return next((each for each in items if each["number"] == "5133177585"), None)

    assert item(date(2012, 2, 2))["days_past_due"] == 0
    assert item(date(2012, 2, 3))["days_past_due"] == 1
    assert item(date(2012, 2, 15)) is not None
    assert item(date(2012, 2, 16)) is None
