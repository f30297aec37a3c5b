"""Payments that say the same: none is recorded twice because a file comes again, and none is lost without a word."""

import pytest

from domain.entry import Cause
from services.answers.imported import import_answer
from services.importing import Options, loading
from tests.services.desk import erase_customer
from tests.services.filing import ANN_1, INVOICES, Filing, counts
from tests.services.test_import_interrupted import killed_in_the_middle

HEADER = "number,amount,value_on,reference,payer,currency\n"
ROW = "I13,1.000,2026-03-05,AB,,KWD\n"
BAD = ROW.replace("1.000", '"1,0000"')
ANNA = "I13,0.500,2026-03-07,,Anna,KWD\n"
BERND = ANNA.replace("Anna", "Bernd")
SILENT = ANNA.replace("Anna", "")


@pytest.fixture
def filing(app, tmp_path):
    return Filing(app, tmp_path)


class Load:
    """load(row, ...) -> (read, imported, already there, rejected); `told` is what the summary says beside it."""

    def __init__(self, filing):
        self.filing = filing

    def __call__(self, *rows, header=HEADER, **options):
        self.summary = self.filing.load("payments", header + "".join(rows), **options)
        self.told = [*self.summary.duplicates_skipped], [*self.summary.possible_duplicates]
        return counts(self.summary)


@pytest.fixture
def load(filing):
    return Load(filing)


@pytest.fixture
def correct(load):
    """The reject file of the last import, as somebody corrects it."""

    def correct(old='"1,0000"', new="1.000", only=None):
        path = load.summary.reject_file
        header, *rows = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        rows = [row.replace(old, new) if only is None or at in only else row for at, row in enumerate(rows)]
        return {"header": header, "rows": rows}

    return correct


def again(load, corrected, **options):
    return load(*corrected["rows"], header=corrected["header"], **options)


# Rejected rows that are corrected


def test_a_corrected_row_that_now_equals_another_of_its_file_is_a_payment_of_its_own(filing, load, correct):
    assert load(ROW, BAD) == (2, 1, 0, 1)
    corrected = correct()
    assert again(load, corrected) == (1, 1, 0, 0)
    assert load.told == ([], [])
    assert [each.received.amount_minor for each in filing.receipts()] == [1000, 1000]


def test_a_corrected_reject_file_imported_twice_adds_nothing_the_second_time(filing, load, correct):
    load(ROW, BAD, BAD)
    corrected = correct()
    assert again(load, corrected) == (2, 2, 0, 0)
    assert again(load, corrected) == (2, 0, 2, 0)
    assert again(load, {**corrected, "rows": corrected["rows"][::-1]}) == (2, 0, 2, 0)
    assert load.told == ([], [])
    assert len(filing.receipts()) == 3


def test_rejected_rows_may_be_corrected_one_after_the_other(filing, load, correct):
    load(ROW, BAD, BAD)
    assert again(load, correct(only=[1])) == (2, 1, 0, 1)
    assert again(load, correct()) == (1, 1, 0, 0)
    assert len(filing.receipts()) == 3


def test_the_file_itself_may_be_imported_again_before_and_after_its_rejects_are_corrected(filing, load, correct):
    load(ROW, BAD)
    assert load(ROW, BAD) == (2, 0, 1, 1)
    corrected = correct()
    assert again(load, corrected) == (1, 1, 0, 0)
    assert load(ROW, BAD) == (2, 0, 1, 1)
    assert again(load, correct()) == (1, 0, 1, 0)
    assert len(filing.receipts()) == 2


@pytest.mark.parametrize("is_file_first", [True, False])
def test_whoever_corrects_the_file_and_its_reject_file_has_each_payment_once(filing, load, correct, is_file_first):
    load(ROW, BAD)
    corrected = correct()
    ways = [lambda: load(ROW, ROW), lambda: again(load, corrected)]
    for way in ways if is_file_first else reversed(ways):
        way()
    assert len(filing.receipts()) == 2


def test_rows_rejected_for_a_wrong_option_are_the_same_payments_when_the_file_comes_with_the_right_one(filing, load):
    header, row = HEADER.replace(",", ";"), "I13;1,00;2026-03-05;AB;;EUR\n"
    assert load(row, row, header=header, decimal_comma=False) == (2, 0, 0, 2)
    head, *rows = load.summary.reject_file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    assert load(*rows, header=head, decimal_comma=True) == (2, 2, 0, 0)
    assert load(row, row, header=header, decimal_comma=True) == (2, 0, 2, 0)
    assert load(row, row, row, header=header, decimal_comma=True) == (3, 1, 2, 0)
    assert len(filing.receipts()) == 3


def test_a_line_copied_within_a_reject_file_is_one_more_payment(filing, load, correct):
    load(BAD)
    corrected = correct()
    corrected["rows"] *= 2
    assert again(load, corrected) == (2, 2, 0, 0)
    assert again(load, corrected) == (2, 0, 2, 0)


def test_a_corrected_row_is_recorded_for_the_line_of_the_file_it_came_from(filing, app, load, correct):
    load(ROW, BAD)
    again(load, correct())
    first, second = (app.ledger.facts(f"receipt:{each.received.receipt}")[0].cause for each in filing.receipts())
    assert first.correlation_id == second.correlation_id
    assert (first.command_id, second.command_id) == (f"{first.correlation_id}:2", f"{first.correlation_id}:3")


def test_a_corrected_row_is_taken_to_be_what_another_file_said_and_that_is_told(filing, load, correct):
    load(ROW)
    load(BAD, "I14,1.000,2026-03-05,,,KWD\n")
    assert again(load, correct()) == (1, 0, 1, 0)
    assert load.told == ([2], [])


def test_a_dry_run_of_a_corrected_reject_file_says_what_the_import_will_do(filing, load, correct):
    load(ROW, BAD, BAD)
    corrected = correct()
    assert again(load, corrected, dry_run=True) == (2, 2, 0, 0)
    assert again(load, corrected) == (2, 2, 0, 0)


# Files that overlap


def test_a_row_that_another_file_brought_is_taken_to_be_that_payment_and_the_line_is_told(filing, load):
    load(SILENT)
    assert load("I12,2.000,2026-03-08,,,KWD\n", SILENT) == (2, 1, 1, 0)
    assert load.told == ([3], [])
    assert import_answer(load.summary)["duplicates_skipped"] == 1
    assert len(filing.receipts()) == 2


def test_the_same_file_again_is_no_matter_to_tell(load):
    load(SILENT, ANNA, ROW)
    assert load(SILENT, ANNA, ROW) == (3, 0, 3, 0)
    assert load.told == ([], [])


def test_what_another_file_says_once_more_than_the_one_before_is_one_payment_more(filing, load):
    load(SILENT, SILENT)
    assert load(SILENT, SILENT, SILENT) == (3, 1, 2, 0)
    assert load.told == ([2, 3], [])


@pytest.mark.parametrize("chunk", [1, 2, 5000])
def test_an_export_with_the_same_rows_in_another_order_adds_nothing(filing, load, monkeypatch, chunk):
    rows = [ANNA, SILENT, BERND, ANNA, ROW]
    load(*rows)
    monkeypatch.setattr(loading, "CHUNK", chunk)
    assert load(*reversed(rows)) == (5, 0, 5, 0)


def test_a_payment_with_an_id_of_its_own_is_new_whatever_others_say(filing, load):
    load(SILENT)
    header = HEADER.replace("number", "payment_id,number")
    assert load("B-1," + SILENT, header=header) == (1, 1, 0, 0)
    assert load("B-1," + SILENT, header=header) == (1, 0, 1, 0)
    assert load.told == ([], [])


# Payers


def test_equal_payments_of_two_payers_in_two_files_are_two_payments_and_that_is_told(filing, load):
    load(ANNA)
    assert load(BERND) == (1, 1, 0, 0)
    assert load.told == ([], [2])
    assert load(BERND, header="\ufeff" + HEADER) == (1, 0, 1, 0)
    assert load(ANNA, BERND) == (2, 0, 2, 0)
    assert len(filing.receipts()) == 2


def test_a_payer_who_becomes_known_later_makes_no_second_payment(filing, load):
    load(SILENT)
    assert load(ANNA) == (1, 0, 1, 0)
    assert load.told == ([2], [])


def test_a_payer_left_out_later_makes_no_second_payment(filing, load):
    load(ANNA, BERND)
    assert load(SILENT, SILENT, header="\ufeff" + HEADER) == (2, 0, 2, 0)


def test_a_payer_in_other_capitals_or_with_other_spaces_is_the_same(filing, load):
    load(ANNA.replace("Anna", "Anna  Example"))
    assert load(ANNA.replace("Anna", "ANNA EXAMPLE")) == (1, 0, 1, 0)


def test_the_payer_of_a_customer_we_know_is_compared_too(filing, load):
    filing.load("invoices", INVOICES + ANN_1)
    first = "R-1,30.00,2026-01-20,,Anna,EUR\n"
    load(first)
    assert load(first.replace("Anna", "Bernd")) == (1, 1, 0, 0)
    assert load(first, "R-1,1.00,2026-01-21,,Anna,EUR\n") == (2, 1, 1, 0)
    assert filing.open_minor("R-1") == 3900


def test_who_paid_for_an_erased_customer_is_forgotten_and_the_payment_is_still_known(filing, app, load, clock):
    filing.load("invoices", INVOICES + ANN_1.replace("2026", "2016"))
    first = "R-1,100.00,2016-01-20,,Anna,EUR\n"
    load(first)
    clock.pass_by(days=4 * 365)
    erase_customer(app, "ann", on=app.today(), cause=Cause("bob", "e-1"))
    assert load(first.replace("Anna", "Bernd")) == (1, 0, 1, 0)
    assert load.told == ([2], [])


# Currencies


def test_what_was_recorded_in_another_currency_is_rejected_with_what_to_do(filing, load):
    header, row = "number,amount,value_on\n", "I13,1.00,2026-03-05\n"
    load(row, header=header, currency="EUR")
    assert load(row, header=header, currency="USD") == (1, 0, 0, 1)
    [(line, field, code, message)] = load.summary.first_rejects
    assert (line, field, code) == (2, "currency", "number_taken")
    assert message == "the same was recorded before in EUR; if this is another payment, give it a payment_id"


def test_equal_amounts_in_two_currencies_are_two_payments_in_whichever_order_they_come_again(filing, load):
    dollars, euros = (ROW.replace("1.000", "1.00").replace("KWD", code) for code in ("USD", "EUR"))
    assert load(dollars, euros) == (2, 2, 0, 0)
    assert load(euros, dollars) == (2, 0, 2, 0)


def test_a_row_refused_for_want_of_a_currency_takes_no_payment_away_from_its_equals(filing, load):
    assert load(ROW.replace("KWD", ""), ROW) == (2, 1, 0, 1)
    assert load(ROW) == (1, 0, 1, 0)
    assert len(filing.receipts()) == 1


# Interrupted


def test_when_two_files_that_overlap_are_imported_at_once_their_common_payment_is_there_once(
    filing, app, load, monkeypatch, tmp_path
):
    rival = tmp_path / "rival.csv"
    rival.write_text(HEADER + "I12,2.000,2026-03-08,,,KWD\n" + SILENT)
    record_many = app.ledger.record_many

    def overtaken(batches, read):
        monkeypatch.setattr(app.ledger, "record_many", record_many)
        app.imports.payments(rival, Options())
        return record_many(batches, read)

    monkeypatch.setattr(app.ledger, "record_many", overtaken)
    assert load(SILENT, SILENT, ROW) == (3, 2, 1, 0)
    assert load.told == ([2], [])
    assert load.summary.unidentified == 2
    assert len(filing.receipts()) == 4


def test_equal_payments_killed_in_the_middle_are_there_once_though_the_next_file_has_another_order(app, tmp_path):
    payments, turned = tmp_path / "payments.csv", tmp_path / "turned.csv"
    payers = ("Anna", "Bernd", "")
    rows = [f"R-{n},4.00,2026-01-09,{payer}\n" for payer in payers for n in range(1_500)]
    for path, order in ((payments, 1), (turned, -1)):
        path.write_text("number,amount,value_on,payer\n" + "".join(rows[::order]))
    killed_in_the_middle(app, "payments", payments)
    app.imports.payments(payments, Options(currency="EUR"))
    summary = app.imports.payments(turned, Options(currency="EUR"))
    assert counts(summary) == (len(rows), 0, len(rows), 0)
    with app.pool.connection() as conn:
        count = "select count(*) from ledger.log where topic = 'receipt.received'"
        assert conn.execute(count).fetchone() == (len(rows),)
