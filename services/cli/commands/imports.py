"""`receivables import`: files of invoices, payments and settled history."""

from pathlib import Path
from typing import Annotated

import typer

from infra.files.tabular import DELIMITERS
from services.answers.imported import import_answer
from services.cli.ending import REFUSED, warn
from services.cli.options import Form, Format
from services.cli.screen.progress import progress
from services.cli.screen.summary import print_summary
from services.cli.session import ledger, out, print_json
from services.importing import Options

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
    typer.Option(
        "--map", metavar="FIELD=COLUMN", help="Which column holds a field; once per field that is named otherwise."
    ),
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
    str | None, typer.Option("--sheet", metavar="NAME", help="Of a workbook; the first that holds anything by default.")
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
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")]
Rejects = Annotated[
    Path | None, typer.Option("--rejects", metavar="FILE", help="Where rejected rows go; beside the file by default.")
]
Actor = Annotated[str | None, typer.Option("--actor", metavar="TEXT", help="Who imports; your user name by default.")]

_KINDS = {
    "invoices": "One row per invoice.\n\n"
    "Columns: customer, number, issued_on, due_on, amount, currency; and, where there are such, customer_name, entity, "
    "reference, tax, document_on, schedule, purchase_order, country, email. A row below zero is a credit note: of the "
    "invoice in a column credited_invoice, else on account of the customer.",
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
    def command(
        file: Source,
        map: Map = None,
        date_format: DateFormat = None,
        decimal_comma: DecimalComma = None,
        delimiter: Delimiter = None,
        sheet: Sheet = None,
        round: Round = False,
        currency: Currency = None,
        entity: Entity = None,
        encoding: Encoding = None,
        dry_run: DryRun = False,
        rejects: Rejects = None,
        actor: Actor = None,
        form: Format = Form.table,
    ) -> None:
        columns = _columns(map or [])
        with ledger(form) as session:
            options = Options(
                columns=columns,
                date_format=date_format,
                decimal_comma=decimal_comma,
                delimiter=_delimiter(delimiter),
                sheet=sheet,
                rounds=round,
                currency=currency,
                entity=entity or session.settings.entity,
                is_entity_given=entity is not None,
                encoding=encoding,
                dry_run=dry_run,
                reject_file=rejects,
                actor=actor or session.settings.actor,
            )
            with progress(f"importing {file.name}") as report:
                summary = getattr(session.imports, kind.replace("-", "_"))(file, options, report)
            print_json(import_answer(summary)) if form == Form.json else print_summary(summary, out, dry_run=dry_run)
            if summary.views_lag:
                warn(summary.views_lag, form == Form.json)
        if summary.rejected:
            raise typer.Exit(REFUSED)

    app.command(kind, help=_KINDS[kind])(command)


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
