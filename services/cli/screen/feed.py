"""The feed as a person reads it: a check, who is how far, and messages a line each."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.kafka.message import NO_TEXT
from services.cli.screen.lines import plain, print_title, show

if TYPE_CHECKING:
    from services.answers.feed import CheckAnswer, FindingAnswer, LagAnswer
    from services.feed.tailing import Seen

_MEANINGS = {
    "missing": "in the log, not on the topics",
    "doubled": "on the topics under another id as well",
    "disordered": "after a later fact of its stream, or in another partition than it",
    "different": "not what the log says, or no fact of this log",
    "stale_states": "of an invoice the last state on the topic is not the state now",
    "different_states": "the last state has the version of the log and says something else",
}
_WHAT_TO_DO = {
    "missing": "`receivables feed replay --from POSITION` sends them again. Facts of their streams that came before "
    "them stay disordered, unless the topics are made anew.",
    "doubled": "If the database was restored, `receivables feed accept-restore`; else somebody else writes there.",
    "disordered": "Make the topics anew and fill them with `receivables feed replay --from 1`.",
    "different": "If the database was restored, `receivables feed accept-restore`; else somebody else writes there: "
    "take away the right, make the topics anew, and fill them with `receivables feed replay --from 1`.",
    "stale_states": "`receivables feed replay --from POSITION` sends the states with the facts.",
    "different_states": "`receivables feed replay --from POSITION` sends the states with the facts.",
}
# What people look for first in a message, and what is said of the rest.
_FIRST = ("customer", "invoice", "receipt", "amount", "total", "open", "currency", "due_on", "status")
_SHOWN = 6
WIDE = 120


def print_check(answer: "CheckAnswer", console: Console) -> None:
    console.print(f"{answer['log']:,} facts in the log, {answer['topic']:,} ids on the topics of facts")
    table = _table("", "right")
    for name, meaning in _MEANINGS.items():
        number: int = answer[name]  # type: ignore[literal-required]
        style = "bold red" if number else ""
        table.add_row(Text(name.replace("_", " "), style=style), Text(f"{number:,}", style=style), meaning)
    for name, meaning in (
        ("resent", "sent again under the same id, as at a restart or by a replay: no fault"),
        ("withdrawn", "published before the database was restored, and given up"),
    ):
        table.add_row(Text(name, style="dim"), f"{answer[name]:,}", Text(meaning, style="dim"))  # type: ignore[literal-required]
    show(table, console)
    if answer["findings"]:
        console.print()
        print_title("The first of them", console)
        found = _table("fault", "position", "stream", "message", "what")
        for each in answer["findings"]:
            found.add_row(*map(plain, _found(each)))
        show(found, console)
    if lines := [*_advice(answer)]:
        console.print()
    for line in lines:
        show(Text(line), console)


def print_lag(answer: "LagAnswer", console: Console) -> None:
    if (publisher := answer["publisher"]) is not None:
        since = f", the first of {_day(publisher['waits_since'])}" if publisher["waits_since"] else ""
        behind = f"{publisher['behind']:,} facts behind{since}" if publisher["behind"] else "as far as the log"
        line = (
            f"publisher   {behind}: position {publisher['position']:,} of {publisher['head']:,}, {publisher['state']}"
        )
        show(Text(line), console)
        if publisher["parked"]:
            line = (
                f"{publisher['parked']:,} facts could not be published and are parked; after the fix "
                f"`receivables feed replay --from {publisher['parked_from']}` publishes them."
            )
            show(Text(line, style="bold red"), console)
    if (groups := answer["groups"]) is None:
        return
    if not groups:
        console.print("no consumer group has read any of the topics")
        return
    console.print()
    table = _table("group", "topic", "behind", "state")
    for each in groups:
        for number, topic in enumerate(each["topics"]):
            name, state = (each["group"], each["state"].lower()) if not number else ("", "")
            style = "yellow" if topic["behind"] else ""
            table.add_row(
                plain(name), plain(topic["topic"]), Text(f"{topic['behind']:,}", style=style), Text(plain(state))
            )
    show(table, console)
    if empty := [each["group"] for each in groups if each["is_empty"]]:
        names = ", ".join(map(plain, empty))
        show(Text(f"Nobody reads for {names} now: what comes waits until somebody does.", style="dim"), console)


def line_of(seen: "Seen", width: int) -> Text:
    """In columns where there is room for them, else the same one after the other, and of the instant the time alone."""
    at, is_wide = seen.record, width >= WIDE
    written = datetime.fromtimestamp(at.timestamp / 1000, UTC).isoformat() if at.timestamp else "-" * 19
    instant = seen.headers.get("ce_time") or written
    when = instant[:19].replace("T", " ") if is_wide else instant[11:19]
    where = f"{seen.position}" if seen.position else f"{at.partition}/{at.offset}"
    name = seen.type or at.topic
    line = Text(plain(f"{when} {where:>9} " if is_wide else f"{when} {where} "), style="dim")
    line.append(plain(f"{name:<24} {seen.stream:<24}" if is_wide else f"{name} {seen.stream}"), style="default not dim")
    line.append(plain(f" {_said(seen)}".rstrip()))
    return line


def _said(seen: "Seen") -> str:
    """What is plain in the data of a fact, or in a message of another kind, and not said by the stream already."""
    value = seen.value
    if not isinstance(value, dict):
        return str(value) if value is not None else "(cannot be read)" if NO_TEXT in seen.headers else "(removed)"
    data = value.get("data")
    parts = {**value, **(data if isinstance(data, dict) else {})}
    names = [*(name for name in _FIRST if name in parts), *(name for name in parts if name not in _FIRST)]
    told = [name for name in names if not isinstance(parts[name], dict | list | None) and parts[name] != ""]
    new = [name for name in told if str(parts[name]) not in seen.stream]
    return " ".join(f"{name}={parts[name]}" for name in new[:_SHOWN])


def _found(each: "FindingAnswer") -> Iterator[str]:
    yield each["fault"].replace("_", " ")
    yield f"{each['position']:,}" if each["position"] else ""
    yield each["stream"]
    yield (each["place"] or "").removeprefix("receivables.")
    yield (each["reason_code"] or "").replace("_", " ") or ", ".join(each["names"]) or _stranger(each)


def _stranger(each: "FindingAnswer") -> str:
    return "no fact of this log" if each["fault"] == "different" else ""


def _advice(answer: "CheckAnswer") -> Iterator[str]:
    if answer["waiting"]:
        yield (
            f"Of the missing, {answer['waiting']:,} only wait to be published: `receivables work publisher` goes on "
            "doing it, `receivables feed publish --once` does it now."
        )
    if answer["parked"]:
        yield (
            f"Of the missing, {answer['parked']:,} could not be published and are parked: `receivables feed lag` says "
            "from where they are to be published again, once a release is installed that knows them, or what is "
            "damaged is restored."
        )
    for name, what in _WHAT_TO_DO.items():
        count: int = answer[name]  # type: ignore[literal-required]
        if count > (answer["waiting"] + answer["parked"] if name == "missing" else 0):
            yield f"{name.replace('_', ' ').capitalize()}: {what}"
    if answer["is_clean"]:
        yield "Log and topics agree."


def _table(*titles: str) -> Table:
    """Numbers are to the right; what is long is folded."""
    has_titles = len(titles) > 2
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_header=has_titles)
    if not has_titles:
        titles = ("", "behind", "")
    for title in titles:
        table.add_column(title, justify="right" if title in ("position", "behind") else "left", overflow="fold")
    return table


def _day(instant: str | None) -> str:
    return (instant or "")[:19].replace("T", " ")
