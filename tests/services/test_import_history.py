"""Files of settled invoices, made up and real."""

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.entry import Cause, invoice_stream
from domain.invoice.facts import Disputed, DisputeResolved, Issued, Paid
from domain.receipt import Allocated, Received
from services.importing import Options
from tests.services.filing import HISTORY, Filing, counts


@pytest.fixture
def filing(app, tmp_path):
    return Filing(app, tmp_path)


def test_a_settled_row_is_issued_and_paid_on_its_days(filing):
    filing.load("history", HISTORY + "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,2026-02-14,No\n")
    stream = invoice_stream("R-1", "main")
    assert [(type(fact), day) for fact, day in filing.facts(stream)] == [
        (Issued, date(2026, 1, 5)),
        (Paid, date(2026, 2, 14)),
    ]
    assert [(type(fact), day) for fact, day in filing.facts("receipt:history:main:R-1")] == [
        (Received, date(2026, 2, 14)),
        (Allocated, date(2026, 2, 14)),
    ]
    assert filing.receipts()[0].customer == "ann"


def test_a_disputed_row_is_disputed_until_it_is_settled(filing):
    filing.load(
        "history",
        HISTORY
        + "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,2026-02-14,Yes\nann,R-2,2026-01-05,2026-02-04,1,EUR,2026-01-14,x\n",
    )
    late, early = (filing.facts(invoice_stream(number, "main")) for number in ("R-1", "R-2"))
    assert [(type(fact), day.isoformat()) for fact, day in late] == [
        (Issued, "2026-01-05"),
        (Disputed, "2026-02-04"),
        (DisputeResolved, "2026-02-14"),
        (Paid, "2026-02-14"),
    ]
    assert late[2][0].outcome == "rejected"
    assert [day.isoformat() for _, day in early] == ["2026-01-05", "2026-01-14", "2026-01-14", "2026-01-14"]


def test_a_row_that_is_not_settled_stays_open_and_disputed_until_a_later_file_settles_it(filing, app):
    still = HISTORY + "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,,yes\n"
    settled = still.replace(",,yes", ",2026-03-01,yes")
    assert counts(filing.load("history", still)) == (1, 1, 0, 0)
    invoice = app.ledger.state(invoice_stream("R-1", "main"))
    assert (invoice.open_minor, invoice.disputed_minor) == (10000, 10000)
    assert counts(filing.load("history", still)) == (1, 0, 1, 0)
    assert counts(filing.load("history", settled)) == (1, 1, 0, 0)
    assert counts(filing.load("history", settled)) == (1, 0, 1, 0)
    assert filing.open_minor("R-1") == 0


def test_a_settlement_on_another_day_than_before_is_rejected(filing):
    row = HISTORY + "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,2026-02-14,No\n"
    filing.load("history", row)
    for other in ("2026-02-15", ""):
        [reject] = filing.load("history", row.replace("2026-02-14", other)).first_rejects
        message = "an earlier import settled the invoice on 2026-02-14"
        assert reject == (2, "settled_on", "number_taken", message)


def test_a_row_that_is_refused_half_way_leaves_nothing_and_the_next_begins_as_if_it_had_not_been(filing, app):
    """Its invoice could be issued, but its receipt was recorded on another day."""
    money = {"receipt": "history:main:R-1", "amount": "1.00", "currency": "EUR", "value_on": "2026-01-20"}
    app.commands.run("receipt.record", money, Cause("ann", "by hand"))
    rows = (
        "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,2026-02-14,No\n"
        "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,,No\n"
        "ann,R-2,2026-01-05,2026-02-04,100.00,EUR,2026-02-14,No\n"
    )

    rejected = filing.load("history", HISTORY + rows)

    assert counts(rejected) == (3, 1, 0, 2)
    assert filing.facts(invoice_stream("R-1", "main")) == []
    assert [(entry.stream, entry.version) for entry in app.ledger.entries(1)] == [
        ("customer:ann", 1),
        ("invoice:main:R-2", 1),
        ("receipt:history:main:R-2", 1),
        ("receipt:history:main:R-2", 2),
        ("invoice:main:R-2", 2),
    ]


def test_a_settlement_before_the_issue_is_rejected(filing):
    [reject] = filing.load("history", HISTORY + "ann,R-1,2026-01-05,2026-02-04,1,EUR,2026-01-04,No\n").first_rejects
    assert (reject.field, reject.code) == ("settled_on", "settled_before_issue")


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
