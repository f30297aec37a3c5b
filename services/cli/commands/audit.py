"""`receivables audit`: what happened, who did it, why, and that nobody changed it since."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from infra.clock import entropy
from infra.disclosures import LAST
from infra.log.chain import Verified
from infra.log.checkpoints import Checkpoints, Signed
from services.answers.disclosures import disclosures_answer
from services.answers.facts import page_answer
from services.answers.verification import NO_CHECKPOINT, verification_answer
from services.audit import MOST_ON_A_PAGE, signed
from services.audit_files import verify_log
from services.cli.ending import ENVIRONMENT, REFUSED, warn
from services.cli.files import reading, say_written, writing
from services.cli.options import END_HELP, ZONE_HELP, AsOf, Entity, Form, Format, any_day, beginning, instant
from services.cli.screen import answers
from services.cli.screen.progress import progress
from services.cli.session import as_json, configured, guarded, ledger, opened, out, print_json

app = typer.Typer(
    help="The audit trail: show, search, export, evidence, verify.", no_args_is_help=True, add_completion=False
)


class FileForm(StrEnum):
    csv = "csv"
    jsonl = "jsonl"
    log = "log"


class EvidenceForm(StrEnum):
    json = "json"


Invoice = Annotated[str | None, typer.Option(metavar="TEXT", help="An invoice's number.")]
Customer = Annotated[str | None, typer.Option(metavar="TEXT", help="A customer, with all their invoices and receipts.")]
CreditNoteNumber = Annotated[str | None, typer.Option("--credit-note", metavar="TEXT", help="A credit note's number.")]
ReceiptNumber = Annotated[str | None, typer.Option("--receipt", metavar="TEXT", help="A receipt's number.")]
ByActor = Annotated[str | None, typer.Option("--actor", metavar="TEXT", help="Who did it.")]
Kind = Annotated[
    str | None, typer.Option(metavar="TEXT", help="A fact's name, or what it begins with: invoice.paid, receipt.*")
]
RecordedFrom = Annotated[
    datetime | None,
    typer.Option(
        parser=beginning, metavar="INSTANT", help=f"Learnt at or after. {ZONE_HELP}, and a day alone is its beginning."
    ),
]
RecordedTo = Annotated[
    datetime | None, typer.Option(parser=instant, metavar="INSTANT", help=f"Learnt at or before. {END_HELP}")
]
FromDay = Annotated[
    date | None, typer.Option("--from", parser=any_day, metavar="DAY", help="Counts for this day or later.")
]
ToDay = Annotated[
    date | None, typer.Option("--to", parser=any_day, metavar="DAY", help="Counts for this day or earlier.")
]
Correlation = Annotated[
    str | None, typer.Option("--correlation-id", metavar="TEXT", help="One import, one conversation.")
]
Command = Annotated[str | None, typer.Option("--command-id", metavar="TEXT", help="All that one command did.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Standard output if left out.")]
Decrypted = Annotated[bool, typer.Option("--decrypt", help="Show personal data in clear.")]

UNCHECKED_BEFORE = (
    "what was signed before the new key could not be checked, since no key is left that signed it: it counts from now "
    "on as it was found"
)


@app.command()
def show(
    number: Annotated[str | None, typer.Argument(help="An invoice's number.", show_default=False)] = None,
    customer: Annotated[str | None, typer.Option(metavar="TEXT", help="A customer's own facts instead.")] = None,
    receipt: ReceiptNumber = None,
    credit_note: CreditNoteNumber = None,
    with_receipts: Annotated[bool, typer.Option("--with-receipts", help="With the receipts that paid it.")] = False,
    decrypted: Decrypted = False,
    entity: Entity = None,
    form: Format = Form.table,
) -> None:
    """Everything that happened to one invoice, customer, receipt or credit note, oldest first."""
    if sum(bool(each) for each in (number, customer, receipt, credit_note)) != 1:
        raise typer.BadParameter("name one invoice, or one --customer, one --receipt or one --credit-note")
    with ledger(form) as session:
        found = session.audit.show(
            number,
            entity=entity or session.settings.entity,
            customer=customer,
            receipt=receipt,
            credit_note=credit_note,
            with_receipts=with_receipts,
            decrypted=decrypted,
        )
        if form == Form.json:
            print_json(found)
        else:
            answers.print_facts(found["facts"], out, session.settings.zone, with_stream=with_receipts)


@app.command()
def search(
    invoice: Invoice = None,
    customer: Customer = None,
    receipt: ReceiptNumber = None,
    actor: ByActor = None,
    kind: Kind = None,
    recorded_from: RecordedFrom = None,
    recorded_to: RecordedTo = None,
    from_day: FromDay = None,
    to_day: ToDay = None,
    correlation_id: Correlation = None,
    command_id: Command = None,
    oldest_first: Annotated[bool, typer.Option("--oldest-first", help="Newest first otherwise.")] = False,
    after: Annotated[int | None, typer.Option(help="Positions after this one.")] = None,
    before: Annotated[int | None, typer.Option(help="Positions before this one.")] = None,
    limit: Annotated[int, typer.Option(help="Facts on a page.", min=1, max=MOST_ON_A_PAGE)] = 50,
    decrypted: Decrypted = False,
    entity: Entity = None,
    form: Format = Form.table,
) -> None:
    """A page of facts by whatever is known about them."""
    with ledger(form) as session:
        asked = session.audit.asked(
            invoice=invoice,
            entity=entity or session.settings.entity,
            customer=customer,
            receipt=receipt,
            actor=actor,
            kind=kind,
            recorded_from=recorded_from,
            recorded_to=recorded_to,
            effective_from=from_day,
            effective_to=to_day,
            correlation_id=correlation_id,
            command_id=command_id,
        )
        page = session.audit.search(
            asked, newest_first=not oldest_first, after=after, before=before, limit=limit, decrypted=decrypted
        )
        if form == Form.json:
            print_json(page_answer(page.rows, page.next, page.position))
            return
        answers.print_facts(page.rows, out, session.settings.zone, with_stream=True)
        if page.next:
            out.print(f"[dim]more with {'--after' if oldest_first else '--before'} {page.next}[/]")


@app.command()
def export(
    output: Output = None,
    form: Annotated[
        FileForm, typer.Option("--format", help="log is byte for byte, for `verify --export`.")
    ] = FileForm.csv,
    invoice: Invoice = None,
    customer: Customer = None,
    receipt: ReceiptNumber = None,
    actor: ByActor = None,
    kind: Kind = None,
    recorded_from: RecordedFrom = None,
    recorded_to: RecordedTo = None,
    from_day: FromDay = None,
    to_day: ToDay = None,
    decrypted: Decrypted = False,
    entity: Entity = None,
) -> None:
    """Every fact asked for, oldest first, however many."""
    with (
        ledger() as session,
        writing(output) as stream,
        progress("exporting", is_shown=not stream.isatty()) as report,
    ):
        asked = session.audit.asked(
            invoice=invoice,
            entity=entity or session.settings.entity,
            customer=customer,
            receipt=receipt,
            actor=actor,
            kind=kind,
            recorded_from=recorded_from,
            recorded_to=recorded_to,
            effective_from=from_day,
            effective_to=to_day,
        )
        if form == FileForm.log:
            session.audit.export_log(stream, report)
        else:
            session.audit.export(asked, stream, form=form, decrypted=decrypted, progress=report)
    say_written(output, out)


@app.command()
def disclosures(
    customer: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only what was shown of this customer, or of a receipt's stream.")
    ] = None,
    before: Annotated[int | None, typer.Option(help="Those with an id below this one.")] = None,
    limit: Annotated[int, typer.Option(help="Disclosures on a page.", min=1, max=MOST_ON_A_PAGE)] = 50,
    form: Format = Form.table,
) -> None:
    """Who was shown personal data, of whom, when and by which question; newest first."""
    with guarded(form), opened(configured(form)) as session:
        found = session.disclosures.select(customer, before=LAST if before is None else before, limit=limit + 1)
    answer = disclosures_answer(found, limit, customer)
    print_json(answer) if form == Form.json else answers.print_disclosures(answer, out, session.settings.zone)


@app.command()
def evidence(
    number: Annotated[str, typer.Argument(help="An invoice's number.", show_default=False)],
    as_of: AsOf = None,
    decrypted: Decrypted = False,
    entity: Entity = None,
    form: Annotated[EvidenceForm, typer.Option("--format", help="json, the only form.")] = (EvidenceForm.json),
    output: Output = None,
) -> None:
    """What a court is shown of one invoice, as JSON: its facts and terms, and what proves them."""
    with ledger(form) as session:
        entity = entity or session.settings.entity
        shown = session.audit.evidence(number, as_of=as_of or session.today(), entity=entity, decrypted=decrypted)
        with writing(output) as stream:
            stream.write(as_json(shown).decode())
    say_written(output, out)


@app.command()
def verify(
    exported: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="A log exported with --format log; no database is asked."),
    ] = None,
    form: Format = Form.table,
) -> None:
    """Recompute the hash chain and hold it against the checkpoints kept outside the database."""
    if exported:
        with guarded(form), reading(exported) as lines:
            settings = configured(form)
            known = signed(Checkpoints(settings.checkpoint_file, entropy))
            _print(verify_log(lines, known.checkpoints), known, form)
        return
    with ledger(form) as session:
        with progress("verifying") as report:
            verified = session.audit.verify(report)
        _print(verified, session.audit.signed(), form)


@app.command()
def checkpoint(
    new_key: Annotated[
        bool,
        typer.Option("--new-key", help="Go on under a new key, where the one before is lost or known to others."),
    ] = False,
    form: Format = Form.table,
) -> None:
    """Verify, then sign the end of the log into the checkpoint file."""
    with ledger(form) as session:
        is_unchecked = new_key and not session.audit.signed().is_checked
        with progress("verifying") as report:
            verified = session.audit.checkpoint(report, new_key=new_key)
        if is_unchecked and verified.broken_at is None:
            warn(UNCHECKED_BEFORE, form == Form.json)
        _print(verified, session.audit.signed(), form)


def _print(verified: Verified, known: Signed, form: Form) -> None:
    is_json = form == Form.json
    if verified.verified and verified.broken_at is None and verified.checkpoint is None and known.is_checked:
        warn(NO_CHECKPOINT, is_json)
    if not known.is_checked:
        warn(
            "the checkpoints cannot be checked, since no key is left that signed them: `receivables doctor` says which "
            "to put back",
            is_json,
        )
    if known.torn:
        lines = ", ".join(map(str, known.torn))
        warn(f"of the checkpoint file, what was cut short says nothing: line {lines}", is_json)
    if form == Form.json:
        print_json(verification_answer(verified))
    elif verified.broken_at is None:
        out.print(f"[bold green]intact[/]: {verified.verified:,} facts, chain ends {verified.head[:16]}…")
        missing = "none yet; `receivables audit checkpoint` writes one" if verified.verified else "none yet"
        out.print(f"Last checkpoint: {verified.checkpoint or missing}")
    else:
        out.print(f"[bold red]broken[/] at position {verified.broken_at}: {verified.message}", soft_wrap=True)
    if verified.broken_at is not None:
        raise typer.Exit(REFUSED)
    if not known.is_checked:
        raise typer.Exit(ENVIRONMENT)
