"""`receivables policy`: the ladders of dunning, as documents that are edited, validated, published and assigned."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from domain.entry import Cause
from domain.policy import Policy
from infra.clock import now
from infra.policies.reading import MOST_BYTES, BadPolicy, Finding, decoded, read_policy
from services.answers.policy import policies_answer, policy_answer, validation_answer
from services.answers.policy_toml import as_toml
from services.cli.ending import REFUSED
from services.cli.files import reading
from services.cli.options import Actor, CommandId, Form, Format, On, Why
from services.cli.screen.answers import print_done
from services.cli.screen.lines import plain
from services.cli.screen.policy import print_policies, print_policy
from services.cli.session import configured, end, guarded, ledger, out, print_json

app = typer.Typer(
    help="Dunning policies: the steps of the ladder, when each is taken and by whom. Start with "
    "`receivables policy show general --format toml > mine.toml`, give it a name of its own, edit it, then validate, "
    "publish and assign it.",
    no_args_is_help=True,
    add_completion=False,
)


class ShownForm(StrEnum):
    table = "table"
    json = "json"
    toml = "toml"


Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="As `policy list` shows it.")]
File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="A policy in TOML.")]
Version = Annotated[int | None, typer.Option("--version", metavar="NUMBER", help="The latest by default.", min=1)]
Invoice = Annotated[
    str | None, typer.Option("--invoice", metavar="TEXT", help="Its case goes by it, before all others.")
]
Customer = Annotated[str | None, typer.Option("--customer", metavar="TEXT", help="Before that of the entity.")]
OfEntity = Annotated[
    str | None,
    typer.Option("--entity", metavar="TEXT", help="All of its customers without one; with --invoice, whose it is."),
]


@app.command("list")
def list_policies(form: Format = Form.table) -> None:
    """Every policy: its last version, whose law it is held against, who published it, to how many it is assigned."""
    with ledger(form) as session:
        answer = policies_answer(session.policies.listed())
        print_json(answer) if form == Form.json else print_policies(answer, out)


@app.command()
def show(
    name: Name,
    version: Version = None,
    form: Annotated[ShownForm, typer.Option("--format", help="toml can be edited and published again.")] = (
        ShownForm.table
    ),
) -> None:
    """One policy, step by step; `--format toml` prints the document to edit."""
    with ledger(form) as session:
        found = session.policies.show(name, version)
        match form:
            case ShownForm.toml:
                out.print(as_toml(found.policy), end="", markup=False, soft_wrap=True)
            case ShownForm.json:
                print_json(policy_answer(found.policy, found.version))
            case ShownForm.table:
                print_policy(policy_answer(found.policy, found.version), out)


@app.command()
def validate(source: File, form: Format = Form.table) -> None:
    """Say everything that is wrong with a document, each with its line and its rule: exits 0 if nothing is, else 1.

    Held against the form of a ladder (docs/policies.md) and the law of its jurisdiction. Nothing is recorded.
    """
    with guarded(form):
        policy: Policy | None = None
        findings: tuple[Finding, ...] = ()
        try:
            policy = read_policy(_text(source), now().astimezone(configured(form).zone).date())
        except BadPolicy as bad:
            findings = bad.findings
        if form == Form.json:
            print_json(validation_answer(str(source), policy, findings))
        for each in findings if form == Form.table else ():
            out.print(Text(plain(f"{source} {each}")), soft_wrap=True)
        if policy and form == Form.table:
            steps = f"{len(policy.steps)} step{'s' * (len(policy.steps) > 1)}"
            out.print(Text(f"{source} is valid: policy {policy.name}, {steps}"), soft_wrap=True)
    if findings:
        raise typer.Exit(REFUSED)


@app.command()
def publish(
    source: File,
    on: On = None,
    reason: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Make a document the next version of its policy. The same document again changes nothing.

    Cases that have begun stay on the version they began under; `policy assign --invoice` moves one.
    """
    with ledger(form) as session:
        try:
            text = _text(source)
            name = read_policy(text, on or session.today()).name
        except BadPolicy as bad:
            end(REFUSED, bad.code, f"{source} {bad.message}", form)
        cause = Cause(actor or session.settings.actor, command_id or session.new_id(), reason)
        arguments = {"policy": name, "document": text, "on": on}
        print_done(session.commands.run("policy.publish", arguments, cause), form, out, session.ledger.histories)


@app.command()
def assign(
    name: Name,
    invoice: Invoice = None,
    customer: Customer = None,
    entity: OfEntity = None,
    version: Version = None,
    on: On = None,
    reason: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Assign a policy to an invoice, a customer or an entity: the one of the invoice comes first, then the customer's.

    A customer or an entity goes by the latest version, for cases that begin from now on. An invoice is moved to the
    version named, though its case has begun; it goes on with the first step that comes later than its last.
    """
    command, arguments = _assigned(invoice, customer, entity, version)
    _run(command, {**arguments, "policy": name, "on": on}, actor, command_id, reason, form)


@app.command()
def unassign(
    customer: Customer = None,
    entity: OfEntity = None,
    on: On = None,
    reason: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Take the policy of a customer or an entity away: cases that begin from now on go by the next in order."""
    command, arguments = _assigned(None, customer, entity, None)
    _run(command, {**arguments, "on": on}, actor, command_id, reason, form)


def _assigned(
    invoice: str | None, customer: str | None, entity: str | None, version: int | None
) -> tuple[str, dict[str, object]]:
    """The command, and what it is about."""
    if bool(invoice) + bool(customer) + bool(entity and not invoice) != 1:
        raise typer.BadParameter("name one of --invoice (with its --entity), --customer and --entity")
    if version and not invoice:
        raise typer.BadParameter("--version is for an --invoice; customers and entities go by the latest")
    if invoice:
        return "case.policy", {"number": invoice, "entity": entity, "version": version}
    return ("customer.policy", {"customer": customer}) if customer else ("entity.policy", {"entity": entity})


def _run(
    command: str,
    arguments: dict[str, object],
    actor: str | None,
    command_id: str | None,
    reason: str | None,
    form: Form,
) -> None:
    with ledger(form) as session:
        cause = Cause(actor or session.settings.actor, command_id or session.new_id(), reason)
        print_done(session.commands.run(command, arguments, cause), form, out, session.ledger.histories)


def _text(source: Path) -> str:
    with reading(source, binary=True) as stream:
        return decoded(stream.read(MOST_BYTES + 1))
