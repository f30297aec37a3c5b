"""Commands made of decisions: a decision's keyword signature is the command, so its options are read off it.

Amounts are asked for in major units (`--amount 120.50`), shares in per cent (`--commission 25`), days as 2026-06-30.
"""

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, get_type_hints

import typer

from services.cli import typed
from services.cli.options import Actor, CommandId, Entity, Form, Format, On, Why, day

Decision = Callable[..., Any]
Run = Callable[..., None]

# Filled in by whoever asks, never typed as an option.
_GIVEN = {"on", "blocked_until", "was_warned"}

# Where an option is not simply called as its parameter.
_FLAGS = {"instalments": "instalment", "schedule": "step", "discounts": "discount", "number": "dispute"}
_MANY = ("instalment", "step", "discount")

_HELP = {
    "accelerate": "Whether all that is left falls due at once.",
    "advance": "In per cent of what is open.",
    "agency": "The collection agency.",
    "amount": "In major units, such as 120.50.",
    "approval": "Who approved it, or under which number.",
    "basis": "Which rule gave the amount: rate, period, day count, or the fee's legal basis.",
    "basis_points": "In per cent of each order; 0 ends it.",
    "bureau": "The credit bureau.",
    "channel": "email, letter, phone, visit or portal.",
    "collector": "Who looks after the customer.",
    "comment": "In the debtor's words.",
    "commission": "In per cent of what is collected.",
    "credit_note": "The credit note's number.",
    "currency": "ISO 4217 code.",
    "discount": "PERCENT/DAYS, once per tier: 2/10 is 2 % within 10 days.",
    "dispute": "Its number, where there are several.",
    "document": "Content hash of the document.",
    "factor": "Who buys the claim.",
    "fee": "In per cent of what is open.",
    "instalment": "DAY=AMOUNT, once per instalment.",
    "invoice": "The invoice's number.",
    "item": "Its number, as `invoice show` lists the items.",
    "kind": "lawyer, order_for_payment or small_claims.",
    "left": "What is left of the retainer, in major units.",
    "outcome": "What came of it.",
    "pay": "What the debtor is to pay, in major units.",
    "pay_on": "The day the debtor named.",
    "purpose": "What it was about.",
    "reason": "Why; kept in the fact.",
    "reason_code": "goods, price, delivery, quality, quantity, not_ordered, duplicate, terms or other.",
    "reason_given": "forgot, dissatisfied, cannot_pay or other.",
    "recourse_on": "The last day on which the factor may take recourse.",
    "replenish_below": "Ask for more once less than this is left.",
    "rung": "The reminder's name on its ladder.",
    "scope": "orders or deliveries.",
    "score": "0 to 100.",
    "service": "What is given beside or instead of money.",
    "spoke_with": "The role of the person, never a name.",
    "step": "DAYS or DAYS:PERCENT, once per instalment: 30 is net 30.",
    "tax": "The tax within the amount.",
    "until": "The last day it holds.",
    "until_on": "The last day it counts for, or stands.",
    "upheld": "What the debtor won, in major units.",
    "why": "Why; kept in the fact.",
}


def add(group: typer.Typer, name: str, subject: str, decision: Decision, words: str, run: Run) -> None:
    """A command `name SUBJECT` for one decision; `run` gets the subject, the decision and what was typed."""
    hints = get_type_hints(decision)
    asked = [each for each in inspect.signature(decision).parameters.values() if _is_asked(each, subject)]
    names = {_flag(each.name): each.name for each in asked}

    def command(**options: Any) -> None:
        given = {name: options.pop(flag) for flag, name in names.items()}
        run(options.pop(subject), decision, {name: each for name, each in given.items() if each is not None}, **options)

    parameters = [
        _parameter(subject, Annotated[str, typer.Argument(show_default=False, metavar=subject.upper())]),
        *sorted((_option(each, hints[each.name]) for each in asked), key=lambda each: each.default is None),
        *_about(subject, names),
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    group.command(name, help=words)(command)


def converted(given: Mapping[str, Any], currency: str | None) -> dict[str, Any]:
    """What was typed, as the decision wants it; amounts are of the currency that was typed with them, else of this."""
    return {name: _value(name, each, given.get("currency") or currency) for name, each in given.items()}


def _about(subject: str, names: Mapping[str, str]) -> list[inspect.Parameter]:
    """Who asks and why; a decision that keeps a reason in its fact needs no second one."""
    about: list[tuple[str, Any, Any]] = [("on", On, None)]
    about += [("entity", Entity, None)] if subject == "number" or "invoice" in names else []
    about += [("because", Why, None)] if not {"reason", "why"} & names.keys() else []
    about += [("actor", Actor, None), ("command_id", CommandId, None), ("form", Format, Form.table)]
    return [_parameter(*each) for each in about]


def _is_asked(parameter: inspect.Parameter, subject: str) -> bool:
    is_subject = subject == "customer" and parameter.name == "number"
    return parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.name not in _GIVEN and not is_subject


def _flag(name: str) -> str:
    return _FLAGS.get(name, name.removesuffix("_minor").removesuffix("_basis_points"))


def _option(parameter: inspect.Parameter, hint: Any) -> inspect.Parameter:
    flag = _flag(parameter.name)
    spelled = "--share" if flag == "basis_points" else f"--{flag.replace('_', '-')}"
    is_required = parameter.default is inspect.Parameter.empty
    words, kinds = _HELP.get(flag), getattr(hint, "__args__", (hint,))
    if hint is bool:
        option = typer.Option(f"{spelled}/--no-{flag.replace('_', '-')}", help=words)
        return _parameter(flag, Annotated[bool | None, option], False if is_required else None)
    default = inspect.Parameter.empty if is_required else None
    if flag in _MANY:
        return _parameter(flag, Annotated[list[str] | None, typer.Option(spelled, help=words)], default)
    if date in kinds:
        return _parameter(
            flag, Annotated[date | None, typer.Option(spelled, parser=day, metavar="DAY", help=words)], default
        )
    is_number = int in kinds and not parameter.name.endswith(("_minor", "basis_points"))
    kind: Any = int if is_number else str
    return _parameter(flag, Annotated[kind | None, typer.Option(spelled, help=words)], default)


def _parameter(name: str, kind: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def _value(name: str, each: Any, currency: str | None) -> Any:
    if name.endswith("_minor"):
        return typed.amount(each, currency)
    if name.endswith("basis_points"):
        return typed.basis_points(each)
    match name:
        case "instalments":
            return tuple(typed.instalment(text, currency) for text in each)
        case "schedule":
            return tuple(typed.step(text) for text in each)
        case "discounts":
            return tuple(typed.discount(text) for text in each)
    return each
