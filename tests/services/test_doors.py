"""The same invoices, payments and write-offs through every door, each on a ledger of its own: the facts are equal."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from domain.entry import Cause, invoice_stream, receipt_stream
from domain.receipt import Received, Remittance
from domain.terms import Share
from infra.settings import Settings
from services.assembly import App, assemble
from services.catalogue.command import Request
from services.catalogue.invoices import ISSUE, WRITE_OFF
from services.catalogue.receipts import RECORD
from services.importing import Options
from tests.services.conftest import SetClock
from tests.services.terminal import Terminal

ISSUED_ON, PAID_ON, LOST_ON = date(2026, 1, 5), date(2026, 1, 20), date(2026, 2, 10)


class Told(NamedTuple):
    """One command as each door is told it; `row` of a file, where files have it."""

    typed: str
    name: str
    arguments: Mapping[str, object]
    stream: str
    request: Request
    on: date
    row: str | None = None


def invoice(
    number: str, typed: str, arguments: dict[str, object], values: dict[str, Any], amount: int, row: str
) -> Told:
    """Issued on the same day to `acme`, unless the values say otherwise."""
    customer = str(values.get("customer", "acme"))
    asked: dict[str, object] = {"number": number, "customer": customer, "amount": f"{amount}.00", "currency": "EUR"}
    return Told(
        f"invoice issue {number} --customer {customer} --amount {amount} --currency EUR --issued-on 2026-01-05 {typed}",
        "invoice.issue",
        asked | {"issued_on": "2026-01-05"} | arguments,
        invoice_stream(number, "main"),
        Request(ISSUE, {"customer": customer, "amount_minor": amount * 100, "currency": "EUR"} | values),
        ISSUED_ON,
        f"{customer},{number},2026-01-05,{amount}.00,EUR,{row}",
    )


def payment(
    number: str, typed: str, arguments: dict[str, object], values: dict[str, Any], amount: int, row: str
) -> Told:
    asked: dict[str, object] = {"receipt": number, "amount": f"{amount}.00", "currency": "EUR", "bank_entry": number}
    return Told(
        f"receipt record {number} --amount {amount} --currency EUR --bank-entry {number} --value-on 2026-01-20 {typed}",
        "receipt.record",
        asked | {"value_on": "2026-01-20"} | arguments,
        receipt_stream(number),
        Request(RECORD, {"amount_minor": amount * 100, "currency": "EUR", "bank_entry": number} | values),
        PAID_ON,
        f"{number},{amount}.00,EUR,2026-01-20,{row}",
    )


INVOICES = {
    "with a due day": invoice(
        "R-1", "--due-on 2026-01-31", {"due_on": "2026-01-31"}, {"due_on": date(2026, 1, 31)}, 100, "2026-01-31,,,,,,"
    ),
    "without a due day": invoice("R-2", "", {}, {}, 60, ",,,,,,"),
    "by the customer's terms": invoice("R-3", "", {}, {"customer": "agreed"}, 80, ",,,,,,"),
    "with all that a row can say": invoice(
        "R-4",
        "--tax 7.60 --step 0:30 --step 30:70 --country DE --document-on 2026-01-04 --reference RF18 --purchase-order 7",
        {
            "tax": "7.60",
            "schedule": [{"days": 0, "percent": "30"}, {"days": 30, "percent": "70"}],
            "country": "DE",
            "document_on": "2026-01-04",
            "reference": "RF18",
            "purchase_order": "7",
        },
        {
            "customer": "newcomer",
            "tax_minor": 7_60,
            "schedule": [Share(0, 3000), Share(30, 7000)],
            "country": "DE",
            "document_on": date(2026, 1, 4),
            "reference": "RF18",
            "purchase_order": "7",
        },
        40,
        ",7.60,0:30 30:70,DE,2026-01-04,RF18,7",
    ),
}
PAYMENTS = {
    "naming an invoice": payment(
        "B-1", "--invoice R-1", {"invoices": ["R-1"]}, {"invoices": [Remittance("R-1")]}, 70, "R-1,,,"
    ),
    "to the oldest first": payment("B-2", "--customer acme", {"customer": "acme"}, {"customer": "acme"}, 75, ",acme,,"),
    "of a payer we know": payment(
        "B-3",
        "--customer agreed --payer 'Ann Example' --reference 'order 7'",
        {"customer": "agreed", "payer": "Ann Example", "references": ["order 7"]},
        {"customer": "agreed", "payer": "Ann Example", "references": ["order 7"]},
        10,
        ",agreed,Ann Example,order 7",
    ),
    "of a payer who only names an invoice": payment(
        "B-4",
        "--invoice R-4 --payer 'Bob Example'",
        {"invoices": ["R-4"], "payer": "Bob Example"},
        {"invoices": (Remittance("R-4"),), "payer": "Bob Example"},
        5,
        "R-4,,Bob Example,",
    ),
    "of nobody we know": payment(
        "B-5",
        "--customer stranger --payer 'Eve Example'",
        {"customer": "stranger", "payer": "Eve Example"},
        {"customer": "stranger", "payer": "Eve Example"},
        15,
        ",stranger,Eve Example,",
    ),
}
WRITE_OFFS = {
    "in part": Told(
        "invoice write-off R-3 --amount 12.50 --tax 2.00 --approval 'board 12' --on 2026-02-10 --reason insolvent",
        "invoice.write_off",
        {"number": "R-3", "amount": "12.50", "tax": "2.00", "approval": "board 12", "on": "2026-02-10"},
        invoice_stream("R-3", "main"),
        WRITE_OFF(amount_minor=12_50, tax_minor=2_00, approval="board 12"),
        LOST_ON,
    ),
    "of all that is open": Told(
        "invoice write-off R-4 --on 2026-02-10 --reason insolvent",
        "invoice.write_off",
        {"number": "R-4", "on": "2026-02-10"},
        invoice_stream("R-4", "main"),
        WRITE_OFF(),
        LOST_ON,
    ),
}
STORY = {
    f"{what} {which}": told
    for what, many in (("invoice", INVOICES), ("payment", PAYMENTS), ("write-off", WRITE_OFFS))
    for which, told in many.items()
}
BY_COMMAND_LINE, BY_NAME, BY_VALUE, BY_FILE = "command line", "name", "value", "file"
DOORS = (BY_COMMAND_LINE, BY_NAME, BY_VALUE, BY_FILE)


def cause_of(what: str) -> Cause:
    return Cause("ann", what, "insolvent" if what.startswith("write-off") else None)


class Recorded(NamedTuple):
    """What is compared: personal data as whoever holds the key reads it, since each ledger has keys of its own."""

    stream: str
    version: int
    fact: object
    effective_on: date
    cause: Cause


def recorded(app: App) -> list[Recorded]:
    return [
        Recorded(each.stream, each.version, readable(app, each.stream, each.fact), each.effective_on, each.cause)
        for each in app.ledger.entries(0)
    ]


def readable(app: App, stream: str, fact: object) -> object:
    if not isinstance(fact, Received) or not fact.payer_encrypted:
        return fact
    owner = fact.customer or stream
    return replace(fact, payer_encrypted=f"{owner}: {app.encryption.decrypt(owner, fact.payer_encrypted)}")


def agree_terms(app: App) -> None:
    terms = {"customer": "agreed", "schedule": [{"days": 60}], "discounts": [{"percent": "2", "days": 10}]}
    for name, asked in (("customer.register", {"customer": "agreed"}), ("customer.terms", terms)):
        app.commands.run(name, asked | {"on": "2026-01-05"}, Cause("ann", name))


@contextmanager
def opened(database_url: str, home: Path) -> Iterator[App]:
    settings = Settings(home=home)
    with assemble(settings, database_url=database_url, clock=SetClock()) as app:
        # As the command line does for each command: the oldest first are looked up in the views.
        app.bring_views_up_to_date()
        yield app


def by_command_line(database_url: str, home: Path) -> None:
    terminal = Terminal(database_url, home)
    for what, told in STORY.items():
        terminal.run(*shlex.split(told.typed), "--actor", "ann", "--command-id", what)


def by_name(app: App) -> None:
    for what, told in STORY.items():
        app.bring_views_up_to_date()
        app.commands.run(told.name, told.arguments, cause_of(what))


def by_value(app: App) -> None:
    for what, told in STORY.items():
        app.bring_views_up_to_date()
        app.commands.give(told.stream, told.request, on=told.on, cause=cause_of(what))


def by_file(app: App, folder: Path) -> None:
    invoices = (
        "customer,number,issued_on,amount,currency,due_on,tax,schedule,country,document_on,reference,purchase_order"
    )
    payments = "payment_id,amount,currency,value_on,number,customer,payer,reference"
    load(app.imports.invoices, folder / "invoices.csv", [invoices, *(each.row for each in INVOICES.values())])
    load(app.imports.payments, folder / "payments.csv", [payments, *(each.row for each in PAYMENTS.values())])


def load(imported: Any, path: Path, lines: Sequence[str | None]) -> None:
    path.write_text("\n".join(map(str, lines)), encoding="utf-8")
    summary = imported(path, Options(actor="ann"))
    assert (summary.rejected, summary.imported) == (0, len(lines) - 1), summary


@pytest.fixture(scope="module")
def ledgers(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Recorded]]:
    """What each door has recorded of the whole story."""
    found = {}
    for door in DOORS:
        url, home = databases(), tmp_path_factory.mktemp("home")
        with opened(url, home) as app:
            agree_terms(app)
        if door == BY_COMMAND_LINE:
            by_command_line(url, home)
        with opened(url, home) as app:
            if door == BY_NAME:
                by_name(app)
            elif door == BY_VALUE:
                by_value(app)
            elif door == BY_FILE:
                by_file(app, home)
            found[door] = recorded(app)
    return found


def of_story(entries: Sequence[Recorded], what: str) -> list[Recorded]:
    """What the command recorded; an import names its commands by lines."""
    return [each for each in entries if each.cause.command_id == what]


@pytest.mark.parametrize("what", STORY)
def test_the_command_line_and_both_ways_in_python_record_the_same_facts_for_the_same_cause(ledgers, what):
    typed = of_story(ledgers[BY_COMMAND_LINE], what)

    assert typed
    assert {each.cause for each in typed} == {cause_of(what)}
    assert of_story(ledgers[BY_NAME], what) == typed
    assert of_story(ledgers[BY_VALUE], what) == typed


def facts_of(entries: Sequence[Recorded]) -> list[tuple[str, int, object, date]]:
    return [each[:4] for each in entries]


def test_a_file_records_the_same_facts_under_a_cause_of_its_own(ledgers):
    typed = [each for each in ledgers[BY_COMMAND_LINE] if not each.cause.command_id.startswith("write-off")]

    assert facts_of(ledgers[BY_FILE]) == facts_of(typed)
    imported = [
        each.cause for each in ledgers[BY_FILE] if each.cause.command_id not in ("customer.register", "customer.terms")
    ]
    assert {(cause.actor, cause.reason) for cause in imported} == {
        ("ann", "import of invoices.csv"),
        ("ann", "import of payments.csv"),
    }


def test_no_door_records_anything_else(ledgers):
    assert facts_of(ledgers[BY_NAME]) == facts_of(ledgers[BY_COMMAND_LINE])
    assert facts_of(ledgers[BY_VALUE]) == facts_of(ledgers[BY_COMMAND_LINE])


def test_the_story_is_one_in_which_doors_could_differ(ledgers):
    """Due by terms and by net 30, discounts offered, payers under the key of whose money it is."""
    facts = {(each.stream, type(each.fact).__name__): each.fact for each in ledgers[BY_VALUE]}
    due = {
        number: [day.due_on for day in facts[invoice_stream(number, "main"), "Issued"].instalments]
        for number in ("R-1", "R-2", "R-3", "R-4")
    }
    assert due == {
        "R-1": [date(2026, 1, 31)],
        "R-2": [date(2026, 2, 4)],
        "R-3": [date(2026, 3, 6)],
        "R-4": [date(2026, 1, 5), date(2026, 2, 4)],
    }
    payers = {number: facts[receipt_stream(number), "Received"].payer_encrypted for number in ("B-3", "B-4", "B-5")}
    assert payers == {
        "B-3": "agreed: {'payer': 'Ann Example'}",
        "B-4": "newcomer: {'payer': 'Bob Example'}",
        "B-5": "stranger: {'payer': 'Eve Example'}",
    }
