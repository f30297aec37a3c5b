"""What an import did, as a person reads it, and what is left for that person to do."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from domain.money import readable
from domain.notes import NOT_KEPT
from services.importing import Summary, Total

# Lines that are named; of more only the number is said.
NAMED = 5
NOTES_NAMED = 10


def print_summary(summary: Summary, console: Console, *, dry_run: bool) -> None:
    row = "file" if summary.is_of_files else "row"
    done = "would be imported" if dry_run else "imported"
    updated = "" if summary.updated is None else f"{summary.updated:,} {'would be ' * dry_run}updated, "
    console.print(
        f"{_counted(summary.read, row)} read: [bold]{summary.imported:,} {done}[/], {updated}"
        f"{summary.already_there:,} already there, {summary.rejected:,} rejected"
    )
    for total in summary.totals:
        console.print(f"  control total: {_total(total, row)}", highlight=False)
    if summary.unidentified:
        fit = "fits no invoice and waits" if summary.unidentified == 1 else "fit no invoice and wait"
        console.print(f"{_counted(summary.unidentified, 'payment')} {fit} to be identified.")
    if summary.duplicates_skipped:
        console.print(_duplicates_skipped(summary.duplicates_skipped), soft_wrap=True)
    if summary.possible_duplicates:
        console.print(_possible_duplicates(summary.possible_duplicates), soft_wrap=True)
    _print_notes(summary, console)
    for reject in summary.first_rejects:
        # The message names the file.
        place = "" if summary.is_of_files else f"row {reject.line}, {reject.field}: "
        console.print(Text(f"  {place}{reject.message}"), soft_wrap=True)
    if summary.reject_file:
        each = f"The rejected {row}, with" if summary.rejected == 1 else f"Rejected {row}s, each with"
        console.print(Text(f"{each} field and reason: {summary.reject_file}"), soft_wrap=True)
        how = "Correct and import that file, its column origin left as it is; nothing is imported twice."
        if summary.is_of_files:
            how = "Import them again once they are corrected; nothing is imported twice."
        console.print(how, soft_wrap=True)


def _total(total: Total, row: str) -> str:
    return f"{readable(total.minor, total.currency)} in {_counted(total.rows, row)}"


def _print_notes(summary: Summary, console: Console) -> None:
    """The first of them, what is not kept last, and how many more there are of each kind."""
    notes = sorted(summary.notes, key=lambda note: note.code == NOT_KEPT)
    for note in notes[:NOTES_NAMED]:
        place = "" if summary.is_of_files else f"row {note.row}: "
        console.print(Text(f"  {place}{note.message}"), soft_wrap=True)
    more = Counter(note.code for note in notes[NOTES_NAMED:]) + Counter(summary.notes_left_off)
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
