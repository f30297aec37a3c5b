"""The ladder of an invoice, and a ladder played again, as a person reads them."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.files.sheets import grouped
from services.answers.escalation import Explanation, StepForecast, StepTaken, WhyNot
from services.answers.simulation import Paid, SimulationAnswer
from services.cli.screen.answers import NARROW
from services.cli.screen.lines import plain, print_pairs, print_title, room, show

ASSUMED = (
    "Debtors pay, promise and dispute as they did, whatever they are sent; the ladder runs every day, and people take "
    "as long for their tasks as they took."
)


def print_explanation(answer: Explanation, now: WhyNot, console: Console) -> None:
    policy = answer["policy"]
    print_title(f"Invoice {answer['invoice']}, by policy {policy['name']} version {policy['version']}", console)
    if answer["steps"]:
        table = _table("step", "taken on", "by", "outcome", gap=1 if room(console) < NARROW else 2)
        table.add_column("because", overflow="fold")
        for step in answer["steps"]:
            cells = (step["step"], step["decided_on"], step["channel"] or "", step["outcome"] or "")
            table.add_row(*(Text(plain(cell)) for cell in cells), _because(step))
        show(table, console)
    else:
        console.print("  no step was taken", style="dim")
    console.print()
    _print_now(now, console)


def print_why_not(answer: WhyNot, console: Console) -> None:
    state = answer["blocked_by"].replace("_", " ") if answer["blocked_by"] else f"{answer['step']}"
    print_title(f"Invoice {answer['invoice']} on {answer['on']}: {state}", console)
    _print_message(answer, console)


def print_forecast(answer: StepForecast, now: WhyNot, console: Console) -> None:
    print_title(f"Invoice {answer['invoice']}: what comes if nothing happens", console)
    if answer["steps"]:
        table = _table("step", "on", "by")
        for step in answer["steps"]:
            table.add_row(step["step"], step["on"], step["channel"] or "decision")
        show(table, console)
        show(Text("Nothing is paid, promised or disputed, and tasks are done on their day.", style="dim"), console)
    else:
        console.print("  nothing comes by itself", style="dim")
    console.print()
    _print_now(now, console)


def print_simulation(answer: SimulationAnswer, console: Console) -> None:
    version = f"version {answer['version']}" if answer["version"] else "not published"
    print_title(f"Policy {answer['policy']} ({version}) from {answer['from']} to {answer['to']}", console)
    would, did, more = answer["simulated"], answer["done"], answer["difference"]
    table = _compared("")
    for name, label in _TOTALS.items():
        table.add_row(label, *_numbers(would[name], did[name]))  # type: ignore[literal-required]
    table.add_row("most contacts on one day", *_numbers(would["busiest"], did["busiest"]))
    for title, key in (("step", "steps"), ("contacts by", "channels")):
        table.add_section()
        table.add_row(Text(title, style="bold"))
        for name in more[key]:  # type: ignore[literal-required]
            numbers = would[key][name], did[key][name]  # type: ignore[literal-required]
            if any(numbers):
                table.add_row(f"  {plain(name)}", *_numbers(*numbers))
    show(table, console)
    for title, paid in (("Paid after, as simulated", would["paid"]), ("Paid after, as done", did["paid"])):
        console.print()
        _print_paid(title, paid, console)
    done_by = ", ".join(f"{each['policy']} {each['version']} ({each['decided']:,})" for each in did["policies"])
    notes = [
        f"What was done went by {done_by}." if done_by else "Nothing was done by a ladder in that period.",
        ASSUMED,
    ]
    console.print()
    for note in notes:
        show(Text(plain(note), style="dim"), console)


_TOTALS = {
    "contacts": "contacts with customers",
    "customers": "customers contacted",
    "invoices": "invoices with a step",
    "decided": "steps taken",
    "decisions": "decisions for people",
}


def _print_paid(title: str, paid: Paid, console: Console) -> None:
    print_title(title, console)
    table = _table("last step", "by")
    for name in ("invoices", "median days"):
        table.add_column(name, justify="right")
    for row in paid["after"]:
        table.add_row(plain(row["step"]), row["channel"] or "decision", f"{row['invoices']:,}", f"{row['days']:,}")
    table.add_row("no step", "", f"{paid['without_step']:,}", "")
    show(table, console)


def _print_now(answer: WhyNot, console: Console) -> None:
    print_title(f"On {answer['on']}", console)
    _print_message(answer, console)


def _print_message(answer: WhyNot, console: Console) -> None:
    following = answer["next"]
    print_pairs(
        [
            ("", answer["message"]),
            ("next", f"{following['step']} on {following['on']}" if following else "nothing by itself"),
        ],
        console,
    )


def _because(step: StepTaken) -> Text:
    because = step["because"]
    late = f", {_days(because['late_days'])} late" if because["late_days"] else ""
    run = f", run {because['run']}" if because["run"] > 1 else ""
    demanded = f"{grouped(because['demanded'])} {because['currency']}"
    days = because["days_past_due"]
    age = f"{_days(days)} past due" if days > 0 else f"{_days(-days)} before it is due" if days else "due that day"
    lines = Text(plain(f"{demanded}, {age}{late}{run}"))
    if step["contact"]:
        # Commands take it without the prefix, for which there is no room on a narrow terminal.
        lines.append(f"\n{plain(step['contact'].removeprefix('contact:'))}", style="dim")
    return lines


def _days(number: int) -> str:
    return f"{number} day{'s' * (number != 1)}"


def _table(*titles: str, gap: int = 2) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, gap, 0, 0))
    for title in titles:
        table.add_column(title, no_wrap=True)
    return table


def _compared(title: str) -> Table:
    table = _table(title)
    for name in ("simulated", "done", "difference"):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _numbers(would: int, did: int) -> Iterable[str]:
    return f"{would:,}", f"{did:,}", f"{would - did:+,}" if would != did else "0"
