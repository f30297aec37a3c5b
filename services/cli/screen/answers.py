"""What a command recorded, and facts of the audit trail, as a person reads them."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.database import AWAY
from infra.log.codec import UnreadableFact
from infra.log.decision import Done
from projections.audit.words import in_words, subject
from services.answers.disclosures import DisclosuresAnswer
from services.answers.facts import FactAnswer
from services.answers.recorded import Histories, in_sentences, recorded_answer
from services.cli.options import Form
from services.cli.screen.lines import plain, room, show
from services.cli.session import print_json

# From this width on a difference has a column of its own.
NARROW = 100
FEW, LONGEST_ACTOR = 3, 16
MOST_STREAMS = 20
# What can keep a program from reading what it has just recorded.
UNREADABLE: tuple[type[Exception], ...] = (*AWAY, UnreadableFact)


def print_done(done: Done, form: str, console: Console, histories: Histories) -> None:
    """What a command did, and the balance it leaves; a repeated one says so, and what it did the first time."""
    if form == Form.json:
        print_json(recorded_answer(done))
        return
    if done.is_repeat:
        console.print("Done before under this command id; the first answer was:")
    if not done.facts:
        console.print("Nothing to do: that is how it is already.")
    for each in _said(done, histories):
        console.print(Text(plain(each)), soft_wrap=True)
    for note in done.notes:
        console.print(Text(plain(f"    note  {note.message}"), style="yellow"), soft_wrap=True)


def _said(done: Done, histories: Histories) -> list[str]:
    """Whatever stands in the way of telling it, it is recorded, and whoever gave the command must know."""
    try:
        said, more = in_sentences(done, histories, MOST_STREAMS)
    except UNREADABLE:
        return [f"Recorded, up to position {done.position}; what it changed cannot be read just now."]
    return [*said, *([f"And so with {more:,} more."] if more else [])]


def print_facts(facts: Sequence[FactAnswer], console: Console, zone: tzinfo, *, with_stream: bool = False) -> None:
    """Facts in the order given: position, when each was recorded, the day it counts for, who, what difference."""
    if not facts:
        show(Text("no facts", style="dim"), console)
        return
    is_narrow = room(console) < NARROW
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1 if is_narrow else 2, 0, 0))
    table.add_column("position", justify="right", no_wrap=True, style="dim")
    table.add_column("recorded at", no_wrap=True)
    table.add_column("effective", no_wrap=True)
    table.add_column("by", overflow="fold", max_width=LONGEST_ACTOR)
    for title in ["fact"] if is_narrow else [*(["about"] if with_stream else []), "fact", "difference"]:
        table.add_column(title, overflow="fold")
    for fact in facts:
        about = subject(fact["stream"]) if with_stream else ""
        name, what = Text(in_words(fact["name"]), "bold"), Text(_difference(fact))
        last = [_stacked(about, name, what)] if is_narrow else [*([Text(plain(about))] if about else []), name, what]
        cells = (str(fact["position"]), _clock(fact["recorded_at"], zone), fact["effective_on"] or "?", fact["actor"])
        table.add_row(*(Text(plain(cell or "?")) for cell in cells), *last)
    show(table, console)


def print_disclosures(found: DisclosuresAnswer, console: Console, zone: tzinfo) -> None:
    """Who was shown personal data; of a list that showed many, how many."""
    table = Table(
        "at", "by", "of", "what", "shown by", box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0)
    )
    for each in found["disclosures"]:
        named = each["subjects"]
        of = ", ".join(named) if len(named) <= FEW else f"{', '.join(named[:FEW])} and {len(named) - FEW:,} more"
        cells = (_clock(each["at"], zone), each["actor"], of, ", ".join(each["data"]), each["purpose"])
        table.add_row(*(Text(plain(cell)) for cell in cells))
    show(table if found["disclosures"] else Text("nobody was shown any", style="dim"), console)
    if found["next"]:
        console.print(f"[dim]more with --before {found['next']}[/]")


def _stacked(about: str, name: Text, what: Text) -> Text:
    """On one line, and not twice: reminded, reminded by email."""
    if name.plain in what.plain:
        what.highlight_words([name.plain], "bold")
        parts = [what]
    else:
        parts = [Text.assemble(name, ":" if what.plain else "")] + [what] * bool(what.plain)
    return Text(" ").join([*([Text(plain(about))] if about else []), *parts])


def _clock(instant: str, zone: tzinfo) -> str:
    """To the second, by the clock of the zone."""
    return f"{datetime.fromisoformat(instant).astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _difference(fact: FactAnswer) -> str:
    reason = f" ({fact['reason']})" if fact["reason"] else ""
    return plain((fact["difference"] or "") + reason).strip()
