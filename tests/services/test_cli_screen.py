"""What a person sees: tables that fit, long work with a bar, and nothing that a terminal would obey."""

import io
import time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from infra.files.sheets import AMOUNT, Column, Sheet
from infra.log.codec import UnreadableFact
from infra.log.decision import Done, Recorded
from infra.unavailable import Unavailable
from services import report_sheets
from services.cli.screen import answers, progress, tables
from services.cli.screen.lines import plain

COLUMNS = (
    Column("Customer"),
    Column("Open", AMOUNT),
    Column("Limit", AMOUNT, is_spare=True),
    Column("Sold", AMOUNT, is_spare=True),
)
SHEET = Sheet(
    "Aging", ("As known then.",), COLUMNS, [["acme", "1234567.89", "5000.00", "12.00"]], [["Total", "1", "", ""]]
)


def printed(width, show, *shown, is_terminal=True):
    stream = io.StringIO()
    show(*shown, Console(file=stream, width=width, force_terminal=is_terminal, color_system=None))
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_a_table_with_room_has_all_its_columns():
    assert printed(60, tables.print_table, SHEET) == [
        "Aging",
        "Customer          Open     Limit   Sold",
        "acme      1,234,567.89  5,000.00  12.00",
        "Total                1",
        "As known then.",
    ]


def test_without_room_spare_columns_go_the_last_first_and_are_named():
    assert printed(34, tables.print_table, SHEET)[1:] == [
        "Customer         Open    Limit",
        "acme     1,234,567.89 5,000.00",
        "Total               1",
        "As known then.",
        "No room here for Sold; a wider",
        "terminal or --format csv has them.",
    ]


def test_of_the_risk_of_a_customer_limit_headroom_and_score_stay_longest():
    amounts = {"exposure": "121,480.15", "overdue": "81,480.15", "limit": "140000.00", "headroom": "18519.85"}
    other = {"weighted_average_days_late": "12.7747", "late_share": "0.4500", "broken_promises": 2}
    row = {"customer": "Northwind Traders", "currency": "EUR", "proposed_limit": "150000.00"} | amounts | other
    score = {"score": "71.2500", "risk_class": "A"}
    report: Any = {"as_of": "2026-06-30", "from": "2025-07-01", "known_at": "", "position": 7, "rows": [row | score]}
    sheet = report_sheets.risk_sheet(report)
    heads = {width: " ".join(printed(width, tables.print_table, sheet)[1].split()) for width in (90, 80, 70, 60, 50)}
    assert heads == {
        90: "Customer Currency Exposure Overdue Limit Headroom Days late Score Class",
        80: "Customer Currency Exposure Overdue Limit Headroom Score Class",
        70: "Customer Currency Exposure Limit Headroom Score Class",
        60: "Customer Currency Exposure Headroom Score Class",
        50: "Customer Currency Exposure Score Class",
    }


def test_a_light_column_stays_where_a_wide_one_had_to_go():
    columns = (Column("Customer"), Column("Why", is_spare=True, weight=2), Column("Land", is_spare=True, weight=1))
    sheet = Sheet("Customers", (), columns, [["acme", "of whom much is to be said", "NO"]])
    assert printed(30, tables.print_table, sheet)[1:3] == ["Customer Land", "acme     NO"]
    assert printed(80, tables.print_table, sheet)[1].split() == ["Customer", "Why", "Land"]


def test_an_amount_is_never_cut_however_narrow_the_terminal():
    lines = printed(10, tables.print_table, SHEET)
    assert lines[2] == "acme     1,234,567.89"


def test_what_goes_to_another_program_is_never_folded():
    assert "5,000.00  12.00" in printed(10, tables.print_table, SHEET, is_terminal=False)[2]


def test_a_spare_column_that_says_nothing_is_left_out_without_a_word():
    quiet = Sheet("Aging", (), COLUMNS, [["acme", "1.00", "0.00", ""]])
    assert printed(80, tables.print_table, quiet) == ["Aging", "Customer  Open", "acme      1.00"]


FACTS = [
    {
        "position": 12,
        "name": "invoice.reminded",
        "stream": "invoice:main:A-1",
        "effective_on": "2026-01-25",
        "recorded_at": "2026-01-27T09:00:00Z",
        "actor": "ann",
        "reason": "run 7",
        "difference": "reminded by email, step first",
    }
]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            80,
            [
                "position recorded at         effective  by  fact",
                "      12 2026-01-27 10:00:00 2026-01-25 ann reminded by email, step first (run",
                "                                            7)",
            ],
        ),
        (
            120,
            [
                "position  recorded at          effective   by   fact      difference",
                "      12  2026-01-27 10:00:00  2026-01-25  ann  reminded  reminded by email, step first (run 7)",
            ],
        ),
    ],
)
def test_facts_have_a_column_for_the_difference_where_there_is_room(width, lines):
    assert printed(width, partial(answers.print_facts, zone=ZoneInfo("Europe/Oslo")), FACTS) == lines


def test_a_restatement_keeps_time_and_position_where_there_is_little_room():
    fact = {
        "position": 5566,
        "recorded_at": "2026-10-03T08:00:00.123456Z",
        "effective_on": "2026-09-28",
        "stream": "invoice:main:2026-00053",
        "name": "invoice.partially_paid",
        "item": 1,
        "customer": "acme",
        "currency": "EUR",
        "difference": "-1177.42",
    }
    totals = [{"currency": "EUR", "difference": "-1177.42"}]
    report: Any = {"as_of": "2026-09-30", "known_1": "then", "known_2": "now", "facts": [fact], "totals": totals}
    assert printed(80, tables.print_table, report_sheets.restatement_sheet(report))[1:4] == [
        "Position Recorded at       About              Fact         Currency Difference",
        "   5,566 2026-10-03 08:00Z invoice 2026-00053 paid in part EUR       -1,177.42",
        "                           Total                           EUR       -1,177.42",
    ]


def test_a_long_text_is_folded_before_a_line_grows_wider_than_the_room():
    wordy = Sheet("Skips", (), (Column("By"), Column("Why"), Column("Open", AMOUNT)), [["ann", "word " * 12, "5.00"]])
    lines = printed(40, tables.print_table, wordy)
    assert max(map(len, lines)) <= 40 and lines[2].endswith("5.00")
    assert " ".join(lines[2:]).count("word") == 12


def test_a_short_text_is_folded_before_an_amount_is_cut():
    columns = (Column("Customer"), Column("Name"), Column("Open", AMOUNT))
    named = Sheet("Aging", (), columns, [["C-1001", "Dune Bakeries", "1234567.00"]])
    lines = printed(33, tables.print_table, named)[1:]
    assert [line.split() for line in lines] == [
        ["Customer", "Name", "Open"],
        ["C-1001", "Dune", "1,234,567.00"],
        ["Bakeries"],
    ]


@pytest.mark.parametrize(
    "trouble", [Unavailable("gone"), UnreadableFact("invoice:main:A-1", 1, "invoice.issued", KeyError("number"))]
)
def test_what_is_recorded_is_said_to_be_recorded_even_if_it_cannot_be_read_again(trouble):
    def away(streams):
        raise trouble

    done = Done("c-1", 7, (Recorded(7, "invoice:main:A-1", 2, "invoice.voided"),))
    assert printed(100, lambda done, console: answers.print_done(done, "table", console, away), done)[0] == (
        "Recorded, up to position 7; what it changed cannot be read just now."
    )


def test_what_people_wrote_is_only_shown():
    assert plain("\x1b[31mred\x07\nnext") == " [31mred  next"
    assert plain("Ærø & 京都 [bold]") == "Ærø & 京都 [bold]"


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("seconds", "is_drawn"), [(0.3, True), (0, False)])
def test_a_bar_is_drawn_only_of_what_takes_a_while(monkeypatch, seconds, is_drawn):
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress("counting") as report:
        report(1, 1000, "January")
        time.sleep(seconds)
    assert ("counting" in screen.getvalue() and "1/1,000" in screen.getvalue()) == is_drawn


def test_where_nobody_watches_no_bar_is_drawn(monkeypatch):
    quiet = io.StringIO()
    monkeypatch.setattr("sys.stderr", quiet)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0)
    with progress.progress("counting") as report:
        report(1, 2)
        time.sleep(0.05)
    assert quiet.getvalue() == ""
