"""`receivables import`: files of customers, invoices, payments, credit notes and settled history."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from domain.einvoice import CustomerFrom
from infra.files.tabular import DELIMITERS, Unreadable
from infra.settings import Settings
from services.answers.imported import import_answer
from services.cli.ending import REFUSED, warn
from services.cli.options import Form, Format
from services.cli.screen.progress import progress
from services.cli.screen.summary import print_summary
from services.cli.session import ledger, out, print_json
from services.importing import Options
from services.importing.reading.profiles import read_profile, require_name, save_profile

app = typer.Typer(
    help="Load files. Every row is checked, bad rows go to a reject file, and nothing is imported twice.",
    no_args_is_help=True,
    add_completion=False,
)

Source = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="A workbook (XLSX) or delimited text, with a head line.", show_default=False),
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help="Which column holds a field, or - for none; once per field."),
]
DateFormat = Annotated[
    str | None,
    typer.Option(
        "--date-format",
        metavar="FORMAT",
        help="Such as %d/%m/%Y, or day-first, month-first, compact; recognised where only one fits.",
    ),
]
DecimalComma = Annotated[
    bool | None,
    typer.Option(
        "--decimal-comma/--decimal-point",
        help="Amounts are written 1.234,56 or 1,234.56; recognised where only one fits.",
        show_default=False,
    ),
]
Delimiter = Annotated[
    str | None,
    typer.Option("--delimiter", metavar="MARK", help="Between columns: , ; | or tab; recognised by default."),
]
Sheet = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="Of a workbook; by default the first with names of columns."),
]
Round = Annotated[
    bool, typer.Option("--round", help="Round amounts with more decimals than the currency has, and note each.")
]
Currency = Annotated[str | None, typer.Option("--currency", metavar="CODE", help="For rows that name none.")]
Entity = Annotated[str | None, typer.Option("--entity", metavar="TEXT", help="For rows that name none.")]
Encoding = Annotated[
    str | None,
    typer.Option("--encoding", metavar="TEXT", help="Such as cp1252; recognised where only one fits."),
]
AcceptDue = Annotated[
    bool, typer.Option("--accept-due-before-issue", help="Take invoices that are due before the day they are issued.")
]
PerYear = Annotated[
    bool,
    typer.Option(
        "--number-per-year", help="Numbers begin anew each year: invoice 17 of 2026 is 2026/17 in the ledger."
    ),
]
SaveProfile = Annotated[
    str | None,
    typer.Option("--save-profile", metavar="NAME", help="Keep how this file was read, for others of the same program."),
]
UseProfile = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="Read the file as a profile says; what is typed counts before it."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")]
Rejects = Annotated[
    Path | None, typer.Option("--rejects", metavar="FILE", help="Where rejected rows go; beside the file by default.")
]
Actor = Annotated[str | None, typer.Option("--actor", metavar="TEXT", help="Who imports; your user name by default.")]

_KINDS = {
    "customers": "One row per customer.\n\n"
    "Columns: customer (the number); and, where there are such, name, email, phone, address (or street, postal_code, "
    "city), language, country, consumer, channel, terms (30, 2/10 net 30), limit, currency, collector, reason. A "
    "second file changes what it says otherwise, and names it; what is empty stays as it is.",
    "invoices": "One row per invoice.\n\n"
    "Columns: customer, number, issued_on, due_on, amount, currency; and, where there are such, customer_name, entity, "
    "reference, tax, document_on, schedule, purchase_order, country, email. A row below zero is a credit note: of the "
    "invoice in a column credited_invoice, else on account of the customer.\n\n"
    "E-invoices are read, too: UBL and CII in XML, alone or within a PDF (XRechnung, Peppol BIS, Factur-X, ZUGFeRD), "
    "one file or a folder of them. Each file is archived; what it says beyond what the ledger keeps is listed.",
    "payments": "One row per payment.\n\n"
    "Columns: number (of the invoice) or customer, amount, value_on; and, where there are such, reference, payer, "
    "currency, payment_id. Money that fits no invoice is kept as unidentified, never lost.",
    "credit-notes": "One row per credit note.\n\n"
    "Columns: credit_note (its own number), number (of the invoice) or customer, amount, issued_on; and, where there "
    "are such, tax, currency, entity, reason. What exceeds what is open on the invoice stays on account.",
    "history": "One row per invoice with the day it was settled.\n\n"
    "Columns: customer, number, issued_on, due_on, amount, settled_on, disputed. An invoice counts as paid from its "
    "settlement day on.",
}


def _add(kind: str) -> None:
    is_einvoices = kind == "invoices"
    By = Annotated[
        CustomerFrom | None,
        typer.Option(
            "--customer-from",
            hidden=not is_einvoices,
            help="What customers of e-invoices are known by (BT-46, BT-48, BT-44); the first of these by default.",
        ),
    ]

    def command(
        file: Source,
        map: Map = None,
        date_format: DateFormat = None,
        decimal_comma: DecimalComma = None,
        delimiter: Delimiter = None,
        sheet: Sheet = None,
        round: Round = False,
        accept_due_before_issue: AcceptDue = False,
        number_per_year: PerYear = False,
        currency: Currency = None,
        entity: Entity = None,
        encoding: Encoding = None,
        profile: UseProfile = None,
        save_profile: SaveProfile = None,
        dry_run: DryRun = False,
        rejects: Rejects = None,
        actor: Actor = None,
        customer_from: By = None,
        form: Format = Form.table,
    ) -> None:
        if customer_from and not is_einvoices:
            raise typer.BadParameter("only invoices have it", param_hint="--customer-from")
        if save_profile and dry_run:
            raise typer.BadParameter("a dry run writes nothing, and no profile", param_hint="--save-profile")
        typed = {
            "columns": _columns(map or []),
            "date_format": date_format,
            "decimal_comma": decimal_comma,
            "delimiter": _delimiter(delimiter),
            "sheet": sheet,
            "rounds": round or None,
            "accepts_due_before_issue": accept_due_before_issue or None,
            "is_number_per_year": number_per_year or None,
            "currency": currency,
            "entity": entity,
            "encoding": encoding,
            "dry_run": dry_run,
            "reject_file": rejects,
            "actor": actor or None,
            "customer_from": customer_from,
        }
        _import(kind, file, typed, form, profile, save_profile)

    app.command(kind, help=_KINDS[kind])(command)


def _import(
    kind: str, file: Path, typed: Mapping[str, Any], form: Form, profile: str | None, kept_as: str | None
) -> None:
    with ledger(form) as session:
        home = session.settings.home
        if kept_as:
            require_name(kept_as)
        options = _options(session.settings, read_profile(home, profile, kind) if profile else {}, typed)
        with progress(f"importing {file.name}") as report, _of_profile(profile):
            summary = getattr(session.imports, kind.replace("-", "_"))(file, options, report)
        if form == Form.json:
            print_json(import_answer(summary))
        else:
            print_summary(summary, out, dry_run=options.dry_run)
        if kept_as:
            path = save_profile(home, kept_as, kind, summary.as_read)
            if form != Form.json:
                out.print(Text(f"kept as profile {kept_as}: {path}"), soft_wrap=True)
        if summary.views_lag:
            warn(summary.views_lag, form == Form.json)
    if summary.rejected:
        raise typer.Exit(REFUSED)


def _options(settings: Settings, profile: Mapping[str, Any], typed: Mapping[str, Any]) -> Options:
    """What is typed counts before the profile, and both before the settings."""
    said = {**profile, **{name: value for name, value in typed.items() if value is not None}}
    said["columns"] = {**profile.get("columns", {}), **typed["columns"]}
    return Options(**{"entity": settings.entity, "actor": settings.actor, **said}, is_entity_given="entity" in said)


@contextmanager
def _of_profile(name: str | None) -> Iterator[None]:
    """What a file lacks that the profile names is said of the profile."""
    try:
        yield
    except Unreadable as unreadable:
        if not name:
            raise
        raise Unreadable(f"by profile {name}: {unreadable.message}") from None


def _columns(maps: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in maps]
    for field, equals, column in pairs:
        if not (field and equals and column):
            raise typer.BadParameter(f"{field + equals + column!r} is not FIELD=COLUMN", param_hint="--map")
    return {field: column for field, _, column in pairs}


def _delimiter(typed: str | None) -> str | None:
    found = {"tab": "\t", "\\t": "\t"}.get(typed, typed) if typed else None
    if found is not None and found not in tuple(DELIMITERS):
        raise typer.BadParameter(f"{typed!r} is none of , ; | and tab", param_hint="--delimiter")
    return found


for _kind in _KINDS:
    _add(_kind)
