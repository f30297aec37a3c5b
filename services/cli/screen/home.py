"""The home as a person reads it."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.answers.home import HeldAnswer, HomeAnswer, HomeDatabase, ResetAnswer
from services.cli.screen.lines import plain, print_pairs, print_title, show

NAMED = 5
_UNITS = ("B", "kB", "MB", "GB", "TB")


def print_home(found: HomeAnswer, console: Console) -> None:
    print_title(f"Home {found['home']}", console)
    print_pairs(
        [
            ("why", found["why"]),
            ("", "" if found["exists"] else "it is not there yet: the first command that needs it makes it"),
            ("database", _database(found["database"])),
            ("size", size(found["bytes"]) if found["exists"] else ""),
            ("not ours", _named(found["others"])),
        ],
        console,
    )
    if found["contents"]:
        console.print()
        _print_contents(found["contents"], console)


def print_loss(found: HomeAnswer, names: Sequence[str], stays: Sequence[str], console: Console) -> None:
    """What a reset would remove, and what it would not."""
    print_title(f"This removes for good from {found['home']}", console)
    _print_contents([each for each in found["contents"] if each["name"] in names], console)
    if "postgres" in names and found["database"]["kind"] == "embedded":
        show(Text(plain(f"Its ledger has {_facts(found['database'])}."), style="bold"), console)
    _print_kept([each["name"] for each in found["contents"] if each["name"] not in names], stays, console)


def print_reset(done: ResetAnswer, console: Console) -> None:
    if done["removed"]:
        console.print(Text(plain(f"Removed from {done['home']}: {', '.join(done['removed'])}.")), soft_wrap=True)
    else:
        console.print(Text(plain(f"There is nothing to remove in {done['home']}.")), soft_wrap=True)
    _print_kept(done["kept"], done["untouched"], console)


def _database(database: HomeDatabase) -> str:
    if database["kind"] == "external":
        where = f"on a server of its own, {database['address']}"
    elif database["facts"] is None and "problem" not in database:
        return "embedded, none yet"
    else:
        where = f"embedded, {'running' if database['is_running'] else 'not running'}"
    return f"{where}, {_facts(database)}"


def size(number: int) -> str:
    """To three figures: 12.3 MB."""
    amount, unit = float(number), 0
    while amount >= 999.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.{0 if amount >= 99.95 or not unit else 1}f} {_UNITS[unit]}"


def _facts(database: HomeDatabase) -> str:
    facts = database["facts"]
    if facts is None:
        return f"facts that cannot be counted: {database.get('problem', 'it does not say')}"
    return f"{facts:,} fact{'' if facts == 1 else 's'}"


def _named(others: Sequence[str]) -> str:
    more = f", and {len(others) - NAMED:,} more" if len(others) > NAMED else ""
    return ", ".join(others[:NAMED]) + more


def _print_contents(contents: Sequence[HeldAnswer], console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for title, justify in (("", "left"), ("what", "left"), ("files", "right"), ("size", "right")):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    for each in contents:
        table.add_row(Text(f"  {plain(each['name'])}"), each["what"], f"{each['files']:,}", size(each["bytes"]))
    show(table, console)


def _print_kept(kept: Sequence[str], elsewhere: Sequence[str], console: Console) -> None:
    if elsewhere:
        console.print(Text(plain(f"Not touched: {', '.join(elsewhere)}.")), soft_wrap=True)
    if kept:
        console.print(Text(plain(f"Kept, since that database needs it: {', '.join(kept)}.")), soft_wrap=True)
