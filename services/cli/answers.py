"""One claim, one customer, one receipt, one command's answer, as a person reads them on a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.money import major
from domain.receipt import Receipt
from infra.ledger import Done
from infra.sheets import grouped
from services.cli.session import Form, print_json


def print_done(done: Done, form: str, console: Console) -> None:
    """What a command recorded; a repeated one says so and shows its first answer."""
    if form == Form.json:
        facts = [fact._asdict() for fact in done.facts]
        answer = {"command_id": done.command_id, "position": done.position, "facts": facts}
        print_json({**answer, "is_repeat": done.is_repeat})
        return
    if done.is_repeat:
        console.print("Done before under this command id; the first answer was:")
    if not done.facts:
        console.print("Nothing to do: that is how it is already.")
    for fact in done.facts:
        console.print(Text(f"{fact.position:>8}  {fact.name:<32} {fact.stream} version {fact.version}"))


def print_claim(claim: Mapping[str, Any], console: Console) -> None:
    currency = claim["currency"]
    known = f", as known at {claim['known_at']}" if claim["known_at"] else ""
    console.print(Text(f"Invoice {claim['number']} as of {claim['as_of']}{known}", style="bold"))
    pairs = [("customer", claim["customer"]), ("issued on", claim["issued_on"]), ("status", claim["status"])]
    pairs += [(name, f"{grouped(claim[name])} {currency}") for name in ("total", "open", "overdue")]
    pairs += [(name.replace("_", " "), f"{grouped(claim[name])} {currency}") for name in ("disputed", "written_off")]
    pairs += [("with", claim["holder"]), ("reference", claim["reference"] or "")]
    _print_pairs([(name, text) for name, text in pairs if not text.startswith("0.00 ")], console)
    _print_rows(claim["items"], "Items", console)
    for name in ("payments", "discounts", "credit_notes", "disputes", "plan"):
        if claim[name]:
            _print_rows(claim[name], name.replace("_", " ").capitalize(), console)
    for name in ("promise", "settlement", "judgment"):
        if claim[name]:
            _print_rows([claim[name]], name.capitalize(), console)
    if claim["reminders"]:
        console.print(Text(f"Reminded: {', '.join(claim['reminders'])}"))


def print_customer(account: Mapping[str, Any], console: Console) -> None:
    console.print(Text(f"Customer {account['customer']}", style="bold"))
    plain = {name: value for name, value in account.items() if not isinstance(value, Mapping | list)}
    _print_pairs([(name.replace("_", " "), str(value)) for name, value in plain.items() if value], console)
    for name, value in account.items():
        if isinstance(value, Mapping):
            _print_rows([value], name.replace("_", " ").capitalize(), console)
        elif isinstance(value, list) and value:
            rows = value if isinstance(value[0], Mapping) else [{name: each} for each in value]
            _print_rows(rows, name.replace("_", " ").capitalize(), console)


def receipt_as_shown(receipt: Receipt) -> dict[str, Any]:
    received = receipt.received
    return {
        "receipt": received.receipt,
        "entity": received.entity,
        "customer": receipt.customer,
        "currency": received.currency,
        "value_on": received.value_on.isoformat(),
        "amount": major(received.amount_minor, received.currency),
        "unallocated": major(receipt.unallocated_minor, received.currency),
        "is_reversed": receipt.is_reversed,
        "references": list(received.references),
        "allocations": [
            {
                "allocation": made.allocation,
                "invoice": made.invoice.split(":", 2)[2],
                "amount": major(made.amount_minor, received.currency),
            }
            for made in receipt.allocations
        ],
        "refunds": [
            {"reference": made.reference, "amount": major(made.amount_minor, received.currency)}
            for made in receipt.refunds
        ],
    }


def print_receipt(receipt: Mapping[str, Any], console: Console) -> None:
    console.print(Text(f"Receipt {receipt['receipt']}", style="bold"))
    currency = receipt["currency"]
    pairs = [("customer", receipt["customer"] or "not identified"), ("value day", receipt["value_on"])]
    pairs += [(name, f"{grouped(receipt[name])} {currency}") for name in ("amount", "unallocated")]
    pairs += [("references", ", ".join(receipt["references"]))]
    pairs += [("reversed", "yes")] if receipt["is_reversed"] else []
    _print_pairs(pairs, console)
    for name in ("allocations", "refunds"):
        if receipt[name]:
            _print_rows(receipt[name], name.capitalize(), console)


def print_facts(facts: Iterable[Mapping[str, Any]], console: Console, *, with_stream: bool = False) -> None:
    """Facts in the order given: the day each counts for, when it was learnt if not that day, who, what, the difference."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("counts for", "learnt on", "by", *(("stream",) if with_stream else ()), "fact"):
        table.add_column(title, no_wrap=True)
    table.add_column("difference", overflow="fold")
    for fact in facts:
        noun = [Text(fact["stream"])] if with_stream else []
        what = fact["difference"] or ""
        what += f" ({fact['reason']})" if fact["reason"] else ""
        learnt = fact["recorded_at"][:10] if fact["recorded_at"][:10] != fact["effective_on"] else ""
        name = Text(fact["name"].partition(".")[2].replace("_", " "), style="bold")
        table.add_row(fact["effective_on"], Text(learnt, style="dim"), Text(fact["actor"]), *noun, name, Text(what))
    console.print(table)


def _print_pairs(pairs: Sequence[tuple[str, str]], console: Console) -> None:
    for name, text in pairs:
        if text:
            console.print(Text.assemble((f"  {name:<12}", "dim"), text))


def _print_rows(rows: Sequence[Mapping[str, Any]], title: str, console: Console) -> None:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    amounts = {"open", "amount", "discount", "paid", "pay", "limit", "days_past_due", "item", "allocation"}
    for name in rows[0]:
        table.add_column(name.replace("_", " "), justify="right" if name in amounts else "left")
    for row in rows:
        table.add_row(*(Text(grouped(str(value)) if name in amounts else _plain(value)) for name, value in row.items()))
    console.print(table)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
