"""What an import did, as a person reads it, and what is left for that person to do."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from rich.console import Console
from rich.text import Text

from domain.money import readable
from domain.written_day import EXAMPLES, DayForm
from services.answers.imported import LinesLeftOut, lines_left_out
from services.importing import Summary, Total

# Lines that are named; of more only the number is said.
NAMED = 5
NOTES_NAMED = 10


def print_summary(summary: Summary, console: Console, *, dry_run: bool) -> None:
    done = "would be imported" if dry_run else "imported"
    console.print(
        f"{_counted(summary.read, 'row')} read: [bold]{summary.imported:,} {done}[/], "
        f"{summary.already_there:,} already there, {summary.rejected:,} rejected"
    )
    _print_reading(summary, console)
    for total in summary.totals:
        console.print(f"  control total: {_total(total)}", highlight=False)
    if summary.unidentified:
        fit = "fits no invoice and waits" if summary.unidentified == 1 else "fit no invoice and wait"
        console.print(f"{_counted(summary.unidentified, 'payment')} {fit} to be identified.")
    if summary.duplicates_skipped:
        console.print(_duplicates_skipped(summary.duplicates_skipped), soft_wrap=True)
    if summary.possible_duplicates:
        console.print(_possible_duplicates(summary.possible_duplicates), soft_wrap=True)
    _print_notes(summary, console)
    for left_out in lines_left_out(summary):
        console.print(_left_out(left_out), soft_wrap=True)
    for reject in summary.first_rejects:
        console.print(Text(f"  row {reject.line}, {reject.field}: {reject.message}"), soft_wrap=True)
    if (more := summary.rejected - len(summary.first_rejects)) > 0:
        where = f", all in {summary.reject_file}" if summary.reject_file else ""
        console.print(Text(f"  and {more:,} more{where}"), soft_wrap=True)
    if any(reject.code == "due_before_issue" for reject in summary.first_rejects):
        console.print("--accept-due-before-issue takes invoices that are due before they were issued.", soft_wrap=True)
    if summary.reject_file:
        each = "The rejected row, with" if summary.rejected == 1 else "Rejected rows, each with"
        console.print(Text(f"{each} field and reason: {summary.reject_file}"), soft_wrap=True)
        how = "Correct and import that file, its column origin left as it is; nothing is imported twice."
        console.print(how, soft_wrap=True)


def _print_reading(summary: Summary, console: Console) -> None:
    """What was taken for what, as far as nobody said it."""
    if summary.columns:
        taken = [f"{field} from {column}" for field, column in summary.columns.items() if field != column]
        console.print(Text(f"  taken: {', '.join(taken)}"), soft_wrap=True)
    if summary.recognised:
        read = [_RECOGNISED[what](str(how)) for what, how in summary.recognised.items()]
        console.print(Text(f"  recognised: {', '.join(read)}"), soft_wrap=True)


_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_DAYS: Mapping[str, str] = {
    **EXAMPLES,
    DayForm.DAY_FIRST: "day, month, year",
    DayForm.MONTH_FIRST: "month, day, year",
}
_RECOGNISED: Mapping[str, Callable[[str], str]] = {
    "sheet": lambda name: f"sheet {name}",
    "delimiter": lambda mark: f"{_DELIMITERS.get(mark, mark)} between columns",
    "encoding": lambda name: f"encoding {name}",
    "headings": lambda _: "customers in the lines above their rows",
    "decimal_comma": lambda _: "amounts as 1.234,56",
    "date_format": lambda form: f"days as {_DAYS.get(form) or form}",
}


def _left_out(found: LinesLeftOut) -> str:
    lines = [f"{line:,}" for line in found["lines"][:NAMED]]
    more = f" and {found['count'] - NAMED:,} more" if found["count"] > NAMED else ""
    one, several = _LINES_LEFT_OUT[found["what"]]
    what = f"{found['count']:,} {one if found['count'] == 1 else several}"
    return f"  left out: {what} (line{'s' if found['count'] > 1 else ''} {', '.join(lines)}{more})"


_LINES_LEFT_OUT = {
    "title": ("line above the names of the columns", "lines above the names of the columns"),
    "heading": ("line of one value", "lines of one value"),
    "blank": ("blank line", "blank lines"),
    "settled": ("row of which nothing is open", "rows of which nothing is open"),
    "total": ("line of totals", "lines of totals"),
}


def _total(total: Total) -> str:
    return f"{readable(total.minor, total.currency)} in {_counted(total.rows, 'row')}"


def _print_notes(summary: Summary, console: Console) -> None:
    """The first of them, and how many more there are of each kind."""
    for note in summary.notes[:NOTES_NAMED]:
        console.print(Text(f"  row {note.row}: {note.message}"), soft_wrap=True)
    more = Counter(note.code for note in summary.notes[NOTES_NAMED:]) + Counter(summary.notes_left_off)
    if more:
        kinds = ", ".join(f"{number:,} {code}" for code, number in sorted(more.items()))
        console.print(
            f"  and more notes: {kinds}. An import with --format json, or a dry run before it, gives them all.",
            soft_wrap=True,
        )


def _duplicates_skipped(lines: Sequence[int]) -> str:
    if len(lines) == 1:
        return (
            f"{_rows(lines)} says the same as a payment that another file brought, and was taken to be that payment: "
            "if it is new, give it a payment_id of its own (--map payment_id=COLUMN) and import it again."
        )
    return (
        f"{_rows(lines)} say the same as payments that other files brought, and were taken to be those: "
        "give each that is new a payment_id of its own (--map payment_id=COLUMN) and import those again."
    )


def _possible_duplicates(lines: Sequence[int]) -> str:
    if len(lines) == 1:
        return (
            f"{_rows(lines)} says the same as a payment that another file brought, but names another payer, and is a "
            "payment of its own: if it is the same, take one back with `receivables receipt reverse`."
        )
    return (
        f"{_rows(lines)} say the same as payments that other files brought, but name other payers, and are payments "
        "of their own: take back those that are the same with `receivables receipt reverse`."
    )


def _rows(lines: Sequence[int]) -> str:
    named = [f"{line:,}" for line in lines[:NAMED]]
    if len(lines) > NAMED:
        named.append(f"{len(lines) - NAMED:,} more")
    *firsts, last = named
    return f"Rows {', '.join(firsts)} and {last}" if firsts else f"Row {last}"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
