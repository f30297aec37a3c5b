"""The parameters of a command as every door names them, and how what comes in by them is read.

They follow from the signature: `amount_minor` is `amount`, in major units as text; `fee_basis_points` is `fee`, in per
cent as text; days are ISO days, a `Literal` is a choice. Before the arguments come the parts of the stream's name,
after them the effective date and, for every command, the reason.
"""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

from domain.kinds import KINDS
from domain.receipt import Remittance
from domain.terms import EarlyDiscount, Instalment, Share
from services.catalogue.command import Command, Document
from services.catalogue.summaries import SUMMARIES

MINOR, BASIS_POINTS = "_minor", "_basis_points"
DEFAULT_ENTITY = "entity"
CURRENCY = "currency"
# Kinds whose streams have names that a view shows and nobody puts together: one parameter is the whole of it.
NAMED_WHOLE = frozenset(("contact",))


class Form(StrEnum):
    TEXT = "text"
    TEXTS = "texts"
    DOCUMENT = "document"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    CHOICE = "choice"
    AMOUNT = "amount"
    PERCENT = "percent"
    INSTALMENTS = "instalments"
    SCHEDULE = "schedule"
    DISCOUNTS = "discounts"
    REMITTANCES = "remittances"


# What is read by a currency.
OF_A_CURRENCY = frozenset((Form.AMOUNT, Form.INSTALMENTS, Form.REMITTANCES))


@dataclass(frozen=True, slots=True)
class Parameter:
    """`name` is what doors call it, `argument` what the decision does (empty for what is not the decision's)."""

    name: str
    argument: str
    form: Form
    is_required: bool = False
    default: object = None
    choices: tuple[str, ...] = ()
    is_day: bool = False

    @property
    def summary(self) -> str:
        return SUMMARIES.get(self.name, "")


class Unformed(TypeError):
    """A parameter of whose type the form cannot be told."""


@lru_cache
def parameters(command: Command[...]) -> tuple[Parameter, ...]:
    """In the order they are shown. Raises `Unformed` for one without a type, or of a type that has no form."""
    parts = (command.kind,) if command.kind in NAMED_WHOLE else KINDS[command.kind].key
    key = [
        Parameter(part, "", Form.TEXT, is_required=part != DEFAULT_ENTITY)
        for part in sorted(parts, key=lambda part: part == DEFAULT_ENTITY)
    ]
    hints = get_type_hints(command.asks)
    asked = [
        _parameter(command, each, hints.get(each.name))
        for each in inspect.signature(command.asks).parameters.values()
        if each.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    about = [
        Parameter(command.day, "", Form.DAY, is_day=True),
        Parameter("reason", "", Form.TEXT, is_required=command.needs_reason),
    ]
    names = {each.name for each in (*key, *asked)}
    if any(each.form in OF_A_CURRENCY for each in asked) and CURRENCY not in names:
        # Amounts are in the currency of what the command is about; one that is named is checked against it.
        about.insert(0, Parameter(CURRENCY, "", Form.TEXT))
    return (*key, *asked, *about)


@lru_cache
def by_argument(command: Command[...]) -> Mapping[str, Parameter]:
    return {each.argument: each for each in parameters(command) if each.argument}


def _parameter(command: Command[...], declared: inspect.Parameter, hint: object) -> Parameter:
    form, choices = _form(declared.name, hint)
    if form is None:
        raise Unformed(f"{command.name}: the type of {declared.name} says nothing of its form")
    is_required = declared.default is inspect.Parameter.empty
    name = declared.name.removesuffix(MINOR).removesuffix(BASIS_POINTS)
    return Parameter(name, declared.name, form, is_required, None if is_required else declared.default, choices)


def _form(name: str, hint: object) -> tuple[Form | None, tuple[str, ...]]:
    is_optional = get_origin(hint) in (Union, UnionType)
    kinds = [each for each in get_args(hint) if each is not NoneType] if is_optional else [hint]
    [kind] = kinds if len(kinds) == 1 else [None]
    if get_origin(kind) is Literal:
        return Form.CHOICE, tuple(choice for choice in get_args(kind) if choice)
    if kind is int:
        return (
            Form.AMOUNT if name.endswith(MINOR) else Form.PERCENT if name.endswith(BASIS_POINTS) else Form.NUMBER
        ), ()
    return _FORMS.get(kind), ()


_FORMS: dict[object, Form] = {
    str: Form.TEXT,
    Document: Form.DOCUMENT,
    bool: Form.FLAG,
    date: Form.DAY,
    Sequence[str]: Form.TEXTS,
    Sequence[Instalment]: Form.INSTALMENTS,
    Sequence[Share]: Form.SCHEDULE,
    Sequence[EarlyDiscount]: Form.DISCOUNTS,
    Sequence[Remittance]: Form.REMITTANCES,
}
