"""The summary of an import: what was taken in comes to, and what may be wrong with single rows."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest
from rich.console import Console

from domain.notes import Note
from infra.log.bulk import MovedOn
from services.answers.imported import import_answer
from services.catalogue.command import Asked, Change, Command, Permission, Reader
from services.catalogue.receipts import RECORD
from services.cli.screen.summary import print_summary
from services.importing import RowNote, Summary, book, tally
from services.importing.kinds import payments
from tests.services.filing import ANN_1, ANN_2, BOB_3, HISTORY, INVOICES, NAMED, PAYMENTS, Filing, counts

NORTH = "C1,North Foundry,,R-1,2026-01-05,2026-02-04,100.00,EUR\n"
GREEN = "C1,Green Clinic,,R-2,2026-01-06,2026-02-05,50.00,EUR\n"
CALLED = "customer C1 is called Green Clinic here, and North Foundry before"


@pytest.fixture
def filing(app, tmp_path):
    return Filing(app, tmp_path)


def totals(summary: Summary) -> list[tuple[str, str, int]]:
    return [(each["currency"], each["amount"], each["rows"]) for each in import_answer(summary)["totals"]]


def shown(summary: Summary, *, dry_run: bool = False) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        print_summary(summary, console, dry_run=dry_run)
    return captured.get()


# Control totals


def test_the_total_of_each_currency_can_be_compared_with_the_program_the_file_came_from(filing):
    summary = filing.load("invoices", INVOICES + BOB_3 + ANN_1 + ANN_2)
    assert totals(summary) == [("EUR", "150.00", 2), ("USD", "70.00", 1)]
    assert "control total: 150.00 EUR in 2 rows" in shown(summary)


def test_a_rejected_row_is_in_no_total(filing):
    summary = filing.load("invoices", INVOICES + ANN_1 + "ann,R-2,2026-01-06,2026-01-05,50.00,EUR\n")
    assert (counts(summary), totals(summary)) == ((2, 1, 0, 1), [("EUR", "100.00", 1)])


def test_rows_that_are_there_already_are_in_the_total(filing):
    filing.load("invoices", INVOICES + ANN_1)
    summary = filing.load("invoices", INVOICES + ANN_1 + ANN_2)
    assert (counts(summary), totals(summary)) == ((2, 1, 1, 0), [("EUR", "150.00", 2)])


def test_a_dry_run_says_what_the_totals_would_be(filing):
    assert totals(filing.load("invoices", INVOICES + ANN_1, dry_run=True)) == [("EUR", "100.00", 1)]


def test_payments_have_totals_in_the_currency_of_the_invoice_where_the_row_names_none(filing):
    filing.load("invoices", INVOICES + BOB_3)
    summary = filing.load("payments", PAYMENTS + "R-3,,30.00,2026-02-01,,\n,ann,5.00,2026-02-01,EUR,\n")
    assert totals(summary) == [("EUR", "5.00", 1), ("USD", "30.00", 1)]
    assert totals(filing.load("payments", PAYMENTS + "R-3,,30.00,2026-02-01,,\n")) == [("USD", "30.00", 1)]


def test_the_totals_of_a_history_are_of_what_was_invoiced(filing):
    rows = "ann,R-1,2026-01-05,2026-02-04,100.00,EUR,2026-02-01,\nann,R-2,2026-01-05,2026-02-04,7.00,EUR,,\n"
    assert totals(filing.load("history", HISTORY + rows)) == [("EUR", "107.00", 2)]


def test_rows_decided_again_because_others_were_faster_are_counted_once(filing, monkeypatch):
    fail_once(monkeypatch)
    summary = filing.load("invoices", NAMED + NORTH + GREEN)
    assert totals(summary) == [("EUR", "150.00", 2)]
    assert summary.notes == (RowNote(3, "name_differs", CALLED),)


# Two names for one number


def test_two_names_for_one_customer_are_said_with_the_row(filing, caplog):
    summary = filing.load("invoices", NAMED + NORTH + GREEN)
    assert counts(summary) == (2, 2, 0, 0)
    assert import_answer(summary)["notes"] == [{"row": 3, "code": "name_differs", "message": CALLED}]
    assert f"row 3: {CALLED}" in shown(summary)
    assert "North Foundry" not in caplog.text


def test_another_name_is_said_once_however_many_rows_have_it(filing):
    third = GREEN.replace("R-2", "R-3")
    again = NORTH.replace("R-1", "R-4")
    summary = filing.load("invoices", NAMED + NORTH + GREEN + third + again)
    assert [note.row for note in summary.notes] == [3]


def test_capitals_and_spaces_make_no_other_name(filing):
    assert filing.load("invoices", NAMED + NORTH + GREEN.replace("Green Clinic", "NORTH  foundry")).notes == ()


def test_the_name_of_a_rejected_row_is_not_compared(filing):
    wrong = NORTH.replace("100.00", "0.00")
    assert filing.load("invoices", NAMED + wrong + GREEN).notes == ()


def test_a_history_says_it_too(filing):
    header = "customer,customer_name,number,issued_on,due_on,amount,currency,settled_on\n"
    rows = "C1,A,R-1,2026-01-05,2026-02-04,1.00,EUR,\nC1,B,R-2,2026-01-05,2026-02-04,1.00,EUR,\n"
    assert [note.code for note in filing.load("history", header + rows).notes] == ["name_differs"]


# Notes of commands


def test_what_a_command_says_of_a_row_is_in_the_summary_with_the_row(filing, monkeypatch):
    monkeypatch.setattr(payments, "RECORD", saying(Note("over_open", "more than is open")))
    rows = ",ann,1.00,2026-01-05,EUR,\n,ann,-2.00,2026-01-05,EUR,\n,ann,3.00,2026-01-05,EUR,\n"
    summary = filing.load("payments", PAYMENTS + rows)
    assert summary.notes == (RowNote(2, "over_open", "more than is open"), RowNote(4, "over_open", "more than is open"))
    assert filing.load("payments", PAYMENTS + rows).notes == ()


def test_notes_are_kept_up_to_a_bound_and_then_counted_by_code(filing, monkeypatch):
    monkeypatch.setattr(tally, "MOST_NOTES", 12)
    monkeypatch.setattr(payments, "RECORD", saying(Note("over_open", "more than is open"), Note("voided", "void")))
    rows = "".join(f",ann,{n}.00,2026-01-05,EUR,\n" for n in range(1, 9))
    summary = filing.load("payments", PAYMENTS + rows)
    answer = import_answer(summary)
    assert (len(answer["notes"]), answer["notes_left_off"]) == (12, 4)
    assert summary.notes_left_off == {"over_open": 2, "voided": 2}
    said = shown(summary)
    assert said.count("more than is open") == 5
    assert "and more notes: 3 over_open, 3 voided." in said


# How these come about


def saying(*notes: Note) -> Command[...]:
    class Noted(Change):
        def notes(self) -> Sequence[Note]:
            return notes

    def plan(asked: Asked, reader: Reader) -> Change:
        return Noted(*RECORD.plan(asked, reader))

    return Command(RECORD.name, RECORD.summary, Permission.BOOK_CASH, RECORD.asks, plan, RECORD.day)


def fail_once(monkeypatch: Any) -> None:
    commit, tries = book.Book.commit, count()

    def failing(self: Any) -> None:
        if next(tries) == 0:
            raise MovedOn(["invoice:main:R-1"])
        commit(self)

    monkeypatch.setattr(book.Book, "commit", failing)


def test_a_credit_note_goes_to_its_invoice_though_that_stands_below_it(filing):
    head = "customer,number,issued_on,due_on,amount,currency,credited_invoice\n"
    rows = "ann,C-1,2026-01-06,,-30.00,EUR,R-1\nann,R-1,2026-01-05,2026-02-04,100.00,EUR,\n"
    summary = filing.load("invoices", head + rows)
    assert (counts(summary), list(summary.notes)) == ((2, 2, 0, 0), [])
    assert filing.open_minor("R-1") == 70_00


def test_a_settled_credit_note_is_no_row_of_a_history(filing):
    rows = "ann,R-1,2026-01-05,2026-02-04,-10.00,EUR,2026-02-14,No\nann,R-2,2026-01-05,2026-02-04,-10.00,EUR,,Yes\n"
    summary = filing.load("history", HISTORY + rows)
    [reject] = summary.first_rejects
    assert (counts(summary), reject.field, reject.code) == ((2, 1, 0, 1), "settled_on", "not_positive")
