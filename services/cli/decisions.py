"""Commands made of decisions: a decision's keyword signature is the command, so its options are read off it.

Amounts are asked for in major units (`--amount 120.50`), shares in per cent (`--commission 25`), days as 2026-06-30.
"""

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, get_type_hints

import typer

from services.cli import typed
from services.cli.options import Actor, CommandId, Entity, Form, Format, On, Why, any_day

Decision = Callable[..., Any]
Run = Callable[..., None]

# Filled in by whoever asks, never typed as an option.
_GIVEN = {"on", "blocked_until", "was_warned"}

# Where an option is not simply called as its parameter.
_FLAGS = {
    "basis_points": "share",
    "discounts": "discount",
    "holds_delivery": "holds_delivery",
    "instalments": "instalment",
    "is_consumer": "consumer",
    "number": "dispute",
    "schedule": "step",
    "why": "reason",
}
_MANY = {"instalment": "DAY=AMOUNT", "step": "DAYS[:PERCENT]", "discount": "PERCENT/DAYS"}

_SUBJECTS = {"number": "The invoice's number.", "customer": "The customer's number."}
_HELP = {
    "accelerate": "All that is left falls due at once.",
    "advance": "In per cent of what is open.",
    "agency": "The collection agency.",
    "amount": "In major units, such as 120.50.",
    "approval": "Who approved it, or under which number.",
    "basis": "Which rule gave the amount: rate, period, day count, or the fee's legal basis.",
    "bureau": "The credit bureau.",
    "channel": "email, letter, phone, visit or portal.",
    "collector": "Who looks after the customer.",
    "comment": "In the debtor's words.",
    "commission": "In per cent of what is collected.",
    "credit_note": "The credit note's number.",
    "consumer": "The customer is a consumer.",
    "cost_clause": "What was agreed about the costs of collection.",
    "country": "ISO 3166 code of two letters.",
    "currency": "ISO 4217 code.",
    "discount": "Once per tier: 2/10 is 2 % within 10 days.",
    "dispute": "Its number, where there are several.",
    "document": "Content hash of the document.",
    "expires_on": "The last day the check counts.",
    "factor": "Who buys the claim.",
    "fee": "In per cent of what is open.",
    "from_on": "The first day it counts for.",
    "holds_delivery": "Nothing is delivered before it is paid.",
    "instalment": "Once per instalment.",
    "interest_clause": "What was agreed about interest.",
    "invoice": "The invoice's number.",
    "item": "Its number, as `invoice show` lists the items.",
    "jurisdiction": "Whose law applies, such as DE.",
    "kind": "lawyer, order_for_payment or small_claims.",
    "language": "Of letters, such as en.",
    "left": "What is left of the retainer, in major units.",
    "next_review_on": "When to look again.",
    "next_step": "What is to happen next.",
    "outcome": "What came of it.",
    "pay": "What the debtor is to pay, in major units.",
    "pay_on": "The day the debtor named.",
    "policy": "The dunning policy by name.",
    "purpose": "What it was about.",
    "reason": "Why; kept in the fact.",
    "reason_code": "goods, price, delivery, quality, quantity, not_ordered, duplicate, terms or other.",
    "reason_given": "forgot, dissatisfied, cannot_pay or other.",
    "recourse_on": "The last day on which the factor may take recourse.",
    "reference": "The number it has there.",
    "replenish_below": "Ask for more once less than this is left.",
    "risk_class": "A to E.",
    "scope": "orders or deliveries.",
    "score": "0 to 100.",
    "share": "In per cent of each order; 0 ends it.",
    "service": "What is given beside or instead of money.",
    "source": "Who checked.",
    "spoke_with": "The role of the person, never a name.",
    "step": "Once per instalment; 30 alone is net 30.",
    "tax": "The tax within the amount.",
    "until": "The last day it holds.",
    "until_on": "The last day it counts for, or stands.",
    "upheld": "What the debtor won, in major units.",
    "with_recourse": "The claim comes back if the debtor does not pay the factor.",
}


def add(group: typer.Typer, name: str, subject: str, decision: Decision, message: str, run: Run) -> None:
    """A command `name SUBJECT` for one decision; `run` gets the subject, the decision and what was typed."""
    hints = get_type_hints(decision)
    asked = [each for each in inspect.signature(decision).parameters.values() if _is_asked(each, subject)]
    names = {_flag(each.name): each.name for each in asked}

    def command(**options: Any) -> None:
        given = {name: options.pop(flag) for flag, name in names.items()}
        run(options.pop(subject), decision, {name: each for name, each in given.items() if each is not None}, **options)

    parameters = [
        _parameter(
            subject,
            Annotated[str, typer.Argument(show_default=False, metavar=subject.upper(), help=_SUBJECTS[subject])],
        ),
        *sorted((_option(each, hints[each.name]) for each in asked), key=lambda each: each.default is None),
        *_about(subject, names),
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    group.command(name, help=message)(command)


def converted(given: Mapping[str, Any], currency: str | None) -> dict[str, Any]:
    """What was typed, as the decision wants it; amounts are of the currency that was typed with them, else of this."""
    return {name: _value(name, each, given.get("currency") or currency) for name, each in given.items()}


def _about(subject: str, names: Mapping[str, str]) -> list[inspect.Parameter]:
    """Who asks and why; a decision that keeps a reason in its fact needs no second one."""
    about: list[tuple[str, Any, Any]] = [("on", On, None)]
    about += [("entity", Entity, None)] if subject == "number" or "invoice" in names else []
    about += [("because", Why, None)] if "reason" not in names else []
    about += [("actor", Actor, None), ("command_id", CommandId, None), ("form", Format, Form.table)]
    return [_parameter(*each) for each in about]


def _is_asked(parameter: inspect.Parameter, subject: str) -> bool:
    is_subject = subject == "customer" and parameter.name == "number"
    return parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.name not in _GIVEN and not is_subject


def _flag(name: str) -> str:
    return _FLAGS.get(name, name.removesuffix("_minor").removesuffix("_basis_points"))


def _option(parameter: inspect.Parameter, hint: Any) -> inspect.Parameter:
    flag, kinds = _flag(parameter.name), getattr(hint, "__args__", (hint,))
    spelled, message = f"--{flag.replace('_', '-')}", _HELP.get(flag)
    if hint is bool:
        return _parameter(flag, Annotated[bool, typer.Option(spelled, help=message)], False)
    default = inspect.Parameter.empty if parameter.default is inspect.Parameter.empty else None
    if flag in _MANY:
        many = typer.Option(spelled, help=message, metavar=_MANY[flag])
        return _parameter(flag, Annotated[list[str] | None, many], default)
    if date in kinds:
        on = typer.Option(spelled, help=message, metavar="DAY", parser=any_day)
        return _parameter(flag, Annotated[date | None, on], default)
    metavar = _metavar(parameter.name)
    if int in kinds and metavar == "TEXT":
        return _parameter(flag, Annotated[int | None, typer.Option(spelled, help=message, metavar="NUMBER")], default)
    return _parameter(flag, Annotated[str | None, typer.Option(spelled, help=message, metavar=metavar)], default)


def _metavar(name: str) -> str:
    return "AMOUNT" if name.endswith("_minor") else "PERCENT" if name.endswith("basis_points") else "TEXT"


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
