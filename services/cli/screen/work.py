"""The work list and one task as a person reads them."""

from datetime import tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.files.sheets import grouped
from services.answers.task import TaskAnswer
from services.answers.worklist import TaskRow, WorkListAnswer
from services.cli.screen.answers import print_facts
from services.cli.screen.lines import plain, print_pairs, print_rows, print_title, show
from services.work_sheets import VALUED

NAMED = 3


def print_worklist(answer: WorkListAnswer, console: Console, most: int | None = None) -> None:
    """Two lines for each task: whom to reach about what, and why; below them the name it is done or skipped by.

    No more than `most` tasks, if that is said.
    """
    whose = f" of {answer['collector']}, and what is nobody's" if answer["collector"] else ""
    print_title(f"Work list on {answer['today']}{whose}", console)
    if not answer["rows"]:
        console.print("  nothing to do", style="dim")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("value", justify="right", no_wrap=True)
    for title in ("", "since", "do"):
        table.add_column(title, no_wrap=True)
    table.add_column("whom and why", overflow="fold")
    for row in answer["rows"][:most]:
        table.add_row(
            grouped(row["value"]), row["currency"], row["due_on"], Text(row["kind"], style="bold"), _task(row)
        )
    show(table, console)
    left = len(answer["rows"]) - len(answer["rows"][:most])
    more = f"; `receivables worklist` has {left:,} more" if left else ""
    notes = (
        VALUED,
        f"{len(answer['rows']):,} to do{more}; `receivables task show TASK` has script and history of one.",
    )
    for note in notes:
        show(Text(note, style="dim"), console)


def print_task(answer: TaskAnswer, console: Console, zone: tzinfo) -> None:
    print_title(f"Task {answer['task']}", console)
    print_pairs(
        [
            ("to do", f"{answer['kind']}, {answer['state'].replace('_', ' ')}"),
            ("customer", answer["customer"]),
            ("phone", answer["phone"] or "none known"),
            ("collector", answer["collector"] or "nobody's: on the common list"),
            ("since", answer["due_on"]),
            ("why", answer["why"]),
        ],
        console,
    )
    print_rows(answer["invoices"], "Invoices", console)
    if answer["script"]:
        console.print()
        print_title("What to say", console)
        for line in answer["script"].splitlines():
            show(Text(f"  {plain(line)}"), console)
    before = [
        {name: row[name] for name in ("planned_on", "channel", "step", "state", "code")} for row in answer["before"]
    ]
    print_rows(before, "Contacts so far", console)
    console.print()
    print_title("This task", console)
    print_facts(answer["facts"], console, zone)


def _task(row: TaskRow) -> Text:
    more = len(row["invoices"]) - NAMED
    invoices = " ".join(row["invoices"][:NAMED]) + (f" and {more} more" if more > 0 else "")
    whom = "  ".join(filter(None, (row["customer"], row["phone"], invoices)))
    lines = Text(plain(whom))
    lines.append(f"\n{plain(row['why'])}")
    lines.append(f"\n{plain(row['task'])}", style="dim")
    return lines
