"""`receivables message list|show|resend`: what customers were told, and what became of it."""

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.cli.catalogued import add_command
from services.cli.files import say_written, writing
from services.cli.options import Form, Format, OnlyCustomer, Output, SheetFormat, any_day, form_of
from services.cli.screen.contact import print_contact
from services.cli.screen.tables import give
from services.cli.session import ledger, out, print_json
from services.escalation.contact_book import SentAs
from services.work_sheets import contacts_sheet


class State(StrEnum):
    planned = "planned"
    sent = "sent"
    delivered = "delivered"
    failed = "failed"
    unknown = "unknown"
    withheld = "withheld"
    done = "done"
    skipped = "skipped"


Name = Annotated[
    str, typer.Argument(metavar="CONTACT", show_default=False, help="Its name, as `message list` shows it.")
]
OnlyState = Annotated[State | None, typer.Option("--state", help="Only those in this state.")]
FromDay = Annotated[
    date | None, typer.Option("--from", parser=any_day, metavar="DAY", help="Planned on this day or later.")
]
ToDay = Annotated[
    date | None, typer.Option("--to", parser=any_day, metavar="DAY", help="Planned on this day or earlier.")
]
As = Annotated[SentAs | None, typer.Option("--as", help="What was sent, as it was sent.")]
Target = Annotated[
    Path | None, typer.Option("--to", metavar="FILE", help="Where to write it; a letter without it goes to a PDF here.")
]


def list_contacts(
    customer: OnlyCustomer = None,
    state: OnlyState = None,
    from_on: FromDay = None,
    to_on: ToDay = None,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """All contacts with customers, calls and visits too: when, how, about which invoices, and what became of them."""
    form = form_of(form, output)
    with ledger(form) as session:
        found = session.contact_book.contacts(customer, state and str(state), from_on, to_on)
        give(found, contacts_sheet, form, output, out, session)


def show(contact: Name, sent_as: As = None, target: Target = None, form: Format = Form.table) -> None:
    """One contact with its facts; with --as what was sent, from the archive."""
    with ledger(form) as session:
        if sent_as is None:
            found = session.contact_book.contact(contact)
            print_json(found) if form == Form.json else print_contact(found, out, session.settings.zone)
            return
        data = session.contact_book.sent(contact, sent_as)
    if sent_as == SentAs.pdf:
        target = target or Path(f"{contact.removeprefix('contact:').replace(':', '-').replace('/', '-')}.pdf")
    if target is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    with writing(target, binary=True) as stream:
        stream.write(data)
    say_written(target, out)


def add_to(group: typer.Typer) -> None:
    group.command("list")(list_contacts)
    group.command("show")(show)
    add_command(group, "contact.retry", "resend")
