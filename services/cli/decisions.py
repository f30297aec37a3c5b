"""Commands made of decisions: a decision's keyword signature is the command, so its options are read off it.

Amounts are asked for in major units (`--amount 120.50`), shares in per cent (`--commission 25`), days as 2026-06-30.
"""

import inspect
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, get_type_hints

import typer

from domain.money import minor_units
from domain.terms import EarlyDiscount, Instalment, Step
from services.cli.session import Actor, CommandId, Entity, Form, Format, On, Why, day

# Filled in by whoever asks, never typed as an option.
_GIVEN = {"on", "blocked_until", "claim", "customer", "receipt"}

_HELP = {
    "amount": "In major units, such as 120.50; all that is open when left out.",
    "agency": "The collection agency.",
    "basis": "Which rule gave the amount: rate, period, day count, or the fee's legal basis.",
    "channel": "email, letter, phone, visit or portal.",
    "comment": "In the debtor's words.",
    "credit_note": "The credit note's number.",
    "document": "Content hash of the document.",
    "instalment": "DAY=AMOUNT, once per instalment.",
    "item": "Number of the item, as `invoice show` lists them.",
    "kind": "lawyer, order_for_payment or small_claims.",
    "outcome": "upheld (for the debtor), rejected or part_upheld.",
    "pay_on": "The day the debtor named.",
    "reason": "Why; kept in the fact.",
    "reason_code": "goods, price, delivery, quality, quantity, not_ordered, duplicate, terms or other.",
    "scope": "orders or deliveries.",
    "spoke_with": "The role of the person, never a name.",
    "step": "DAYS:PERCENT, once per instalment; a bare DAYS is net days.",
    "discount": "PERCENT/DAYS: 2/10 is 2 % within 10 days.",
    "until": "Until this day.",
    "until_on": "Until this day.",
    "upheld": "What the debtor won, in major units.",
    "why": "Why; kept in the fact.",
}

Run = Callable[..., None]


def add(group: typer.Typer, name: str, subject: str, decision: Callable[..., Any], words: str, run: Run) -> None:
    """A command `name SUBJECT` for one decision; `run` gets the subject, the decision and what was typed."""
    hints = get_type_hints(decision)
    asked = [p for p in inspect.signature(decision).parameters.values() if _is_asked(p, subject)]

    def command(**typed: Any) -> None:
        given = {p.name: typed.pop(_flag(p.name), None) for p in asked}
        run(typed.pop(subject), decision, {key: value for key, value in given.items() if value is not None}, **typed)

    options = [_option(p, hints[p.name]) for p in asked]
    keyword = inspect.Parameter.KEYWORD_ONLY
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                subject, keyword, annotation=Annotated[str, typer.Argument(show_default=False, metavar=subject.upper())]
            ),
            *options,
            *(inspect.Parameter(n, keyword, annotation=a, default=d) for n, a, d in _ENVELOPE if _fits(n, subject)),
        ]
    )
    more = inspect.cleandoc(decision.__doc__ or "")
    group.command(name, help=f"{words}\n\n{more}", short_help=words)(command)


def converted(given: dict[str, Any], hints: dict[str, Any], currency: str | None) -> dict[str, Any]:
    """What was typed, as the decision wants it; refuses amounts that are none."""
    return {name: _value(name, text, hints[name], given.get("currency") or currency) for name, text in given.items()}


_ENVELOPE: list[tuple[str, Any, Any]] = [
    ("on", On, None),
    ("entity", Entity, None),
    ("because", Why, None),
    ("actor", Actor, None),
    ("command_id", CommandId, None),
    ("form", Format, Form.table),
]


def _fits(name: str, subject: str) -> bool:
    return name != "entity" or subject == "number"


def _is_asked(parameter: inspect.Parameter, subject: str) -> bool:
    given = _GIVEN | ({"number"} if subject == "customer" else set())
    return parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.name not in given


def _flag(name: str) -> str:
    for ending in ("_minor", "_basis_points"):
        name = name.removesuffix(ending)
    return {"instalments": "instalment", "schedule": "step", "discounts": "discount", "number": "dispute"}.get(
        name, name
    )


def _option(parameter: inspect.Parameter, hint: Any) -> inspect.Parameter:
    flag = _flag(parameter.name)
    is_required = parameter.default is inspect.Parameter.empty
    words = _HELP.get(flag)
    spelled = f"--{flag.replace('_', '-')}"
    kind: Any
    if hint is bool:
        kind = Annotated[bool | None, typer.Option(f"{spelled}/--no-{flag.replace('_', '-')}", help=words)]
    elif flag in ("instalment", "step", "discount"):
        kind = Annotated[list[str] | None, typer.Option(spelled, help=words)]
    elif date in _members(hint):
        kind = Annotated[date | None, typer.Option(spelled, parser=day, metavar="DAY", help=words)]
    elif (int in _members(hint) and flag == parameter.name) or flag == "dispute":
        kind = Annotated[int | None, typer.Option(spelled, help=words)]
    else:
        kind = Annotated[str | None, typer.Option(spelled, help=words)]
    default = inspect.Parameter.empty if is_required and hint is not bool else None
    return inspect.Parameter(flag, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def _members(hint: Any) -> tuple[Any, ...]:
    return getattr(hint, "__args__", ()) or (hint,)


def _value(name: str, typed: Any, hint: Any, currency: str | None) -> Any:
    if name.endswith("_minor"):
        if currency is None:
            raise typer.BadParameter("name the currency with --currency")
        return minor_units(typed, currency)
    if name.endswith("_basis_points"):
        return _basis_points(typed)
    if name == "instalments":
        return tuple(_instalment(text, currency or "") for text in typed)
    if name == "schedule":
        return tuple(step(text) for text in typed)
    if name == "discounts":
        return tuple(_discount(text) for text in typed)
    return typed


def _basis_points(text: str) -> int:
    try:
        points = Decimal(text.strip().removesuffix("%")) * 100
    except InvalidOperation:
        raise typer.BadParameter(f"{text!r} is not a per cent such as 25 or 2.5") from None
    if not points.is_finite() or points != int(points):
        raise typer.BadParameter(f"{text!r} is finer than a hundredth of a per cent")
    return int(points)


def _instalment(text: str, currency: str) -> Instalment:
    due_on, _, amount = text.partition("=")
    return Instalment(day(due_on), minor_units(amount, currency))


def step(text: str) -> Step:
    days, _, share = text.partition(":")
    return Step(_days(days), _basis_points(share or "100"))


def _discount(text: str) -> EarlyDiscount:
    share, _, days = text.partition("/")
    return EarlyDiscount(_days(days), _basis_points(share))


def _days(text: str) -> int:
    try:
        return timedelta(days=int(text)).days
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is not a number of days") from None
