"""Dunning policies as a person reads them."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.files.sheets import grouped
from services.answers.policy import Amounts, PoliciesAnswer, PolicyAnswer, PolicyRow, StepAnswer, TaskAnswer
from services.cli.screen.lines import plain, print_pairs, print_title, show


def print_policies(answer: PoliciesAnswer, console: Console) -> None:
    table = _table("policy", "law", "published")
    for title in ("version", "steps", "customers", "invoices"):
        table.add_column(title, justify="right")
    for row in answer["policies"]:
        numbers = (row["version"], row["steps"], row["customers"], row["invoices"])
        cells = (row["policy"], row["jurisdiction"] or "", _published(row))
        table.add_row(*map(Text, map(plain, cells)), *(f"{number:,}" for number in numbers))
    show(table, console)


def print_policy(policy: PolicyAnswer, console: Console) -> None:
    print_title(f"Policy {policy['policy']}, version {policy['version']}", console)
    accelerates = ", then all that is left falls due" if policy["plan_accelerates"] else ""
    print_pairs(
        [
            ("law", policy["jurisdiction"]),
            ("applies to", policy["applies_to"]),
            ("one contact per", policy["one_contact_per"]),
            ("quiet days", policy["quiet_days"]),
            ("chased from", _amounts(policy["least_amount"])),
            ("late steps", policy["late"].replace("_", " ")),
            ("contacts a day", f"{policy['most_contacts_a_day']:,} at most"),
            ("bank data stale", f"after {policy['stale_bank_days']} business days"),
            ("returned payment", f"starts again at {policy['start_again_at']}"),
            ("broken promise", _task(policy["broken_promise"]) if policy["broken_promise"] else ""),
            ("plan", f"broken {_days(policy['plan_broken_after_days'])} after a missed instalment{accelerates}"),
        ],
        console,
    )
    table = _table("step")
    table.add_column("day", justify="right")
    for title in ("channels", "tone", "task", "only"):
        table.add_column(title, overflow="fold")
    for step in policy["steps"]:
        task = _task(step["task"]) if step["task"] else ""
        cells = (step["name"], _day(step), ", ".join(step["channels"]), step["tone"], task, "; ".join(_only(step)))
        table.add_row(*map(Text, map(plain, cells)))
    console.print()
    show(table, console)


def _table(*titles: str) -> Table:
    return Table(*titles, box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))


def _published(row: PolicyRow) -> str:
    by = f"by {row['published_by']} on {row['published_on']}" if row["published_by"] else ""
    return ", ".join(filter(None, ["as shipped" if row["is_as_shipped"] else "", by]))


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _day(step: StepAnswer) -> str:
    return f"{step['days']} after {step['after']}" if step["after"] else str(step["days"])


def _task(task: TaskAnswer) -> str:
    return ", ".join([task["kind"], *["holds"] * task["holds"], *["approval"] * task["approval"]])


def _only(step: StepAnswer) -> Iterator[str]:
    when = step["when"]
    if when["customers"] != "everyone":
        yield when["customers"]
    if when["open_at_least"]:
        yield f"from {_amounts(when['open_at_least'])}"
    if when["unless"]:
        yield f"not {', '.join(when['unless'])}"
    if when["risk_classes"]:
        yield f"risk {', '.join(when['risk_classes'])}"
    if when["contacts_at_least"]:
        yield f"after {when['contacts_at_least']} steps"


def _amounts(amounts: Amounts) -> str:
    return ", ".join(f"{grouped(amount)} {currency}" for currency, amount in amounts.items())
