"""The commands of the catalogue as they are typed: `invoice.write_off` is `receivables invoice write-off NUMBER`.

Amounts are typed in major units (`--amount 120.50`), shares in per cent (`--commission 25`), days as 2026-06-30.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Annotated

import typer

from domain.entry import Cause
from domain.refusal import Refused
from domain.terms import step
from services.catalogue import CATALOGUE
from services.catalogue.command import Command
from services.catalogue.parameters import Form, Parameter, parameters
from services.cli.options import Actor, CommandId, Format, any_day
from services.cli.options import Form as OutputForm
from services.cli.screen.answers import print_done
from services.cli.session import ledger, out

_METAVARS = {
    Form.AMOUNT: "AMOUNT",
    Form.PERCENT: "PERCENT",
    Form.NUMBER: "NUMBER",
    Form.DAY: "DAY",
    Form.INSTALMENTS: "DAY=AMOUNT",
    Form.SCHEDULE: "WHEN[:PERCENT]",
    Form.DISCOUNTS: "PERCENT/DAYS",
    Form.REMITTANCES: "NUMBER[=AMOUNT]",
}
_ONE_OF_MANY = {
    "discounts": "discount",
    "instalments": "instalment",
    "invoices": "invoice",
    "references": "reference",
    "schedule": "step",
}
# Said shorter than doors for programs have it.
_SPOKEN = {"dispute_reason": "dispute"}


def add_commands(group: typer.Typer, kind: str) -> None:
    """All commands on this kind of stream."""
    for command in CATALOGUE.values():
        if command.kind == kind:
            _add(group, command, command.name.partition(".")[2].replace("_", "-"))


def add_command(group: typer.Typer, name: str, typed: str) -> None:
    """One command, in a group that is not called after its kind."""
    _add(group, CATALOGUE[name], typed)


def _add(group: typer.Typer, command: Command[...], verb: str) -> None:
    subject, *asked = parameters(command)
    by_option = {_option(each): each for each in asked}

    def run(**typed: object) -> None:
        form, actor, command_id = typed.pop("form"), typed.pop("actor"), typed.pop("command_id")
        arguments = {subject.name: typed.pop(subject.name), **_arguments(by_option, typed)}
        with ledger(str(form)) as app:
            cause = Cause(str(actor or app.settings.actor), str(command_id or app.new_id()))
            done = app.commands.run(command.name, arguments, cause)
            print_done(done, str(form), out, app.ledger.histories)

    options = [_typed(option, each) for option, each in by_option.items()]
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            _parameter(subject.name, _argument(subject)),
            *sorted(options, key=lambda each: each.default is not inspect.Parameter.empty),
            _parameter("actor", Actor, None),
            _parameter("command_id", CommandId, None),
            _parameter("form", Format, OutputForm.table),
        ]
    )
    group.command(verb, help=command.summary)(run)


def _arguments(by_option: Mapping[str, Parameter], typed: Mapping[str, object]) -> dict[str, object]:
    """As any door gives them; a flag that was not typed is not given."""
    arguments = {
        option: value for option, value in typed.items() if value is not None and value is not False and value != []
    }
    return {by_option[option].name: _value(by_option[option], value) for option, value in arguments.items()}


def _value(parameter: Parameter, value: object) -> object:
    read = _READ.get(parameter.form)
    return [read(str(each)) for each in value] if read and isinstance(value, Iterable) else value


def _instalment(text: str) -> object:
    due_on, equals, amount = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not DAY=AMOUNT such as 2026-06-30=120.50")
    return {"due_on": any_day(due_on), "amount": amount}


def _share(text: str) -> object:
    try:
        found = step(text)
    except Refused as refusal:
        raise typer.BadParameter(refusal.message) from None
    return {name: value for name, value in found._asdict().items() if value or name == "days"}


def _discount(text: str) -> object:
    percent, slash, days = text.partition("/")
    if not slash:
        raise typer.BadParameter(f"{text!r} is not PERCENT/DAYS such as 2/10")
    return {"percent": percent, "days": _days(days)}


def _remittance(text: str) -> object:
    number, equals, amount = text.rpartition("=")
    return {"invoice": number, "amount": amount} if equals else text


def _days(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > 9:
        raise typer.BadParameter(f"{text[:20]!r} is not a number of days")
    return int(text)


_READ: dict[Form, Callable[[str], object]] = {
    Form.TEXTS: str,
    Form.INSTALMENTS: _instalment,
    Form.SCHEDULE: _share,
    Form.DISCOUNTS: _discount,
    Form.REMITTANCES: _remittance,
}


def _option(parameter: Parameter) -> str:
    return _ONE_OF_MANY.get(parameter.name) or _SPOKEN.get(parameter.name) or parameter.name.removeprefix("is_")


def _argument(subject: Parameter) -> object:
    named = "number" if subject.name in ("receipt", "credit_note") else subject.name
    return Annotated[str, typer.Argument(show_default=False, metavar=named.upper(), help=subject.summary)]


def _typed(option: str, parameter: Parameter) -> inspect.Parameter:
    spelled, default = f"--{option.replace('_', '-')}", inspect.Parameter.empty if parameter.is_required else None
    summary = parameter.summary + (" Once per each." if parameter.form in _READ else "")
    metavar = "|".join(parameter.choices) or _METAVARS.get(parameter.form, "TEXT")
    if parameter.form == Form.FLAG:
        return _parameter(option, Annotated[bool, typer.Option(spelled, help=summary)], False)
    if parameter.form == Form.DAY:
        day = typer.Option(spelled, help=summary, metavar=metavar, parser=any_day)
        return _parameter(option, Annotated[date | None, day], default)
    plain = typer.Option(spelled, help=summary, metavar=metavar)
    if parameter.form in _READ:
        return _parameter(option, Annotated[list[str] | None, plain], default)
    kind = int if parameter.form == Form.NUMBER else str
    return _parameter(option, Annotated[kind | None, plain], default)


def _parameter(name: str, kind: object, default: object = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
