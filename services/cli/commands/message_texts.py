"""`receivables message preview|approve`: how a message would read, and the texts it is made of."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from domain.entry import Cause
from services.cli.ending import warn
from services.cli.files import say_written, writing
from services.cli.options import CommandId, Entity, Form, Format, Why, any_day
from services.cli.screen.answers import print_done
from services.cli.screen.lines import plain
from services.cli.session import ledger, out
from services.messages.preview import Preview, require_language
from services.messages.rendering import Renderer


class Shown(StrEnum):
    text = "text"
    html = "html"
    pdf = "pdf"
    script = "script"


Named = Annotated[
    str, typer.Argument(metavar="CUSTOMER|INVOICE", show_default=False, help="Whom or which invoice it is about.")
]
OfStep = Annotated[str, typer.Option("--step", metavar="STEP", help="The step, as the policy names it.")]
InLanguage = Annotated[
    str | None, typer.Option("--language", metavar="TEXT", help="en, de, nl or nb; the customer's by default.")
]
InTone = Annotated[
    str | None,
    typer.Option("--tone", metavar="TONE", help="friendly, firm, last or formal, for a step without texts of its own."),
]
As = Annotated[Shown, typer.Option("--as", help="An e-mail as text or HTML, a letter, or what to say in a call.")]
Target = Annotated[
    Path | None, typer.Option("--to", metavar="FILE", help="Where to write it; a letter goes to a PDF here without it.")
]
Language = Annotated[str, typer.Argument(metavar="LANGUAGE", show_default=False, help="en, de, nl or nb.")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who approves them; your user name by default.")]


def preview(
    named: Named,
    step: OfStep,
    language: InLanguage = None,
    shown: As = Shown.text,
    target: Target = None,
    tone: InTone = None,
    entity: Entity = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="As it would read on this day; today by default.")
    ] = None,
) -> None:
    """How a message would read; nothing is recorded, nothing is sent. What it lacks is said on standard error."""
    with ledger() as session:
        day = any_day(on) if on else session.today()
        entity = entity or session.settings.entity
        found = session.previews.preview(named, step=step, on=day, entity=entity, language=language, tone=tone)
        _warn(found)
        data = _printed(found, shown, session.renderer)
    if shown == Shown.pdf:
        target = target or Path(f"{_file_name(named)}-{_file_name(step)}-{found.edition.language}.pdf")
    with writing(target, binary=target is not None) as stream:
        stream.write(data if target else data.decode())
    say_written(target, out)


def approve(
    language: Language, by: By = None, reason: Why = None, command_id: CommandId = None, form: Format = Form.table
) -> None:
    """Approve the texts of a language as they read now. What ships is approved; what was edited is sent after this.

    Every text is printed with examples before, and one that cannot be is refused.
    """
    with ledger(form) as session:
        edition = session.renderer.tried(require_language(language))
        cause = Cause(by or session.settings.actor, command_id or session.new_id(), reason)
        done = session.commands.run("text.approve", {"language": language, "sha256": edition.sha256}, cause)
        print_done(done, form, out, session.ledger.histories)
        if form == Form.table:
            edited = ", ".join(edition.edited) or "nothing, they read as they ship"
            out.print(Text(plain(f"Edited: {edited}")), soft_wrap=True)


def add_to(group: typer.Typer) -> None:
    group.command("preview")(preview)
    group.command("approve")(approve)


def _printed(found: Preview, shown: Shown, renderer: Renderer) -> bytes:
    match shown:
        case Shown.pdf:
            return renderer.letter(found.content).data
        case Shown.script:
            return f"{renderer.script(found.content)}\n".encode()
        case Shown.html:
            return renderer.bodies(found.content).html.encode()
        case Shown.text:
            bodies = renderer.bodies(found.content)
            return f"{bodies.subject}\n\n{bodies.text}".encode()


def _warn(found: Preview) -> None:
    if found.missing:
        entity = found.content.creditor.entity
        warn(f"creditors.toml says no {', '.join(found.missing)} of {entity}: the message does not either", False)
    if not found.is_approved:
        language = found.edition.language
        warn(f"these texts are not approved, and not sent: `receivables message approve {language}`", False)


def _file_name(text: str) -> str:
    """Of a number only what is no way to another folder."""
    return "".join(each if each.isalnum() or each in "-_." else "-" for each in text).strip(".") or "message"
