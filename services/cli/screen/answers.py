"""What a command recorded, and facts of the audit trail, as a person reads them."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.log.decision import Done
from services.answers.disclosures import DisclosuresAnswer
from services.answers.facts import FactAnswer
from services.answers.recorded import recorded_answer
from services.cli.options import Form
from services.cli.screen.lines import plain, room, show
from services.cli.session import print_json

# From this width on a difference has a column of its own.
NARROW = 100
FEW = 3


def print_done(done: Done, form: str, console: Console) -> None:
    """What a command recorded; a repeated one says so and shows its first answer."""
    if form == Form.json:
        print_json(recorded_answer(done))
        return
    if done.is_repeat:
        console.print("Done before under this command id; the first answer was:")
    if not done.facts:
        console.print("Nothing to do: that is how it is already.")
    for fact in done.facts:
        message = plain(f"{fact.position:>8}  {fact.name:<30}  {fact.stream} version {fact.version}")
        console.print(Text(message), soft_wrap=True)
    for note in done.notes:
        console.print(Text(plain(f"    note  {note.message}"), style="yellow"), soft_wrap=True)


def print_facts(facts: Sequence[FactAnswer], console: Console, *, with_stream: bool = False) -> None:
    """Facts in the order given: effective date, when it was learnt if not that day, who, what difference."""
    learnt = [_learnt(fact) for fact in facts]
    is_narrow = room(console) < NARROW
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("effective", no_wrap=True)
    if any(learnt):
        table.add_column("learnt on", no_wrap=True, style="dim")
    for title in ("by", *(["stream"] if with_stream else [])):
        table.add_column(title, overflow="fold")
    for title in ["fact"] if is_narrow else ["fact", "difference"]:
        table.add_column(title, overflow="fold")
    for fact, day in zip(facts, learnt, strict=True):
        cells = [fact["effective_on"] or "?", *([day] if any(learnt) else []), fact["actor"] or "?"]
        cells += [fact["stream"]] if with_stream else []
        name, what = fact["name"].partition(".")[2].replace("_", " "), _difference(fact)
        # Not twice: reminded, reminded by email.
        stacked = Text.assemble((name, "bold"), " ", what.removeprefix(name).lstrip(" ,"))
        happened = [stacked] if is_narrow else [Text(name, style="bold"), Text(what)]
        table.add_row(*(Text(plain(cell)) for cell in cells), *happened)
    show(table if facts else Text("no facts", style="dim"), console)


def print_disclosures(found: DisclosuresAnswer, console: Console) -> None:
    """Who was shown personal data; of a list that showed many, how many."""
    table = Table(
        "at", "by", "of", "what", "shown by", box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0)
    )
    for each in found["disclosures"]:
        named = each["subjects"]
        of = ", ".join(named) if len(named) <= FEW else f"{', '.join(named[:FEW])} and {len(named) - FEW:,} more"
        cells = (each["at"][:19], each["actor"], of, ", ".join(each["data"]), each["purpose"])
        table.add_row(*(Text(plain(cell)) for cell in cells))
    show(table if found["disclosures"] else Text("nobody was shown any", style="dim"), console)
    if found["next"]:
        console.print(f"[dim]more with --before {found['next']}[/]")


def _learnt(fact: FactAnswer) -> str:
    day = fact["recorded_at"][:10]
    return "" if day == fact["effective_on"] else day


def _difference(fact: FactAnswer) -> str:
    reason = f" ({fact['reason']})" if fact["reason"] else ""
    return plain((fact["difference"] or "") + reason).strip()
