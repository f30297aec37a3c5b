"""Arguments as they come in at a door: plain data, checked by the command's schema and read as the domain has them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    create_model,
)

from domain.entry import invoice_stream, stream_name
from domain.kinds import KINDS
from domain.money import basis_points, minor_units
from domain.receipt import Remittance
from domain.refusal import Refused
from domain.terms import MOST_DAYS, EarlyDiscount, Instalment, Share, Step, shares
from services.catalogue.command import Command, Request
from services.catalogue.parameters import (
    CURRENCY,
    DEFAULT_ENTITY,
    NAMED_WHOLE,
    OF_A_CURRENCY,
    Form,
    Parameter,
    parameters,
)

LONGEST_TEXT, LONGEST_DOCUMENT = 1_000, 65_536
MOST_PARTS = 500
MOST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Read:
    """`on` and `reason` are None when they were not given."""

    stream: str
    request: Request
    on: date | None
    reason: str | None


def _kept(text: str) -> str:
    """Refuses what cannot be kept as text in a database or written as JSON."""
    try:
        text.encode()
        is_kept = "\0" not in text
    except UnicodeEncodeError:
        is_kept = False
    if not is_kept:
        raise ValueError("it holds characters that no ledger keeps")
    return text


def _day(value: object) -> object:
    """ISO days alone: pydantic itself would take numbers and instants."""
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return date.fromisoformat(value)
    if type(value) is date:
        return value
    raise ValueError("it is not a day such as 2026-06-30")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


_Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_kept)]
# One code whatever its capitals, so that the same command is the same.
_Currency = Annotated[_Text, AfterValidator(str.upper)]
_Day = Annotated[date, BeforeValidator(_day)]
_Amount = Annotated[_Text, Field(examples=["120.50"])]
_Percent = Annotated[_Text, Field(examples=["2.5"])]
_Days = Annotated[int, Field(ge=0, le=MOST_DAYS)]


class WireInstalment(_Strict):
    due_on: _Day
    amount: _Amount


class WireShare(_Strict):
    """Without per cent, all shares are equal parts."""

    days: _Days
    percent: _Percent = ""
    is_end_of_month: bool = False
    day_of_next_month: Annotated[int, Field(ge=1, le=31)] | None = None


class WireDiscount(_Strict):
    percent: _Percent
    days: _Days


class WireRemittance(_Strict):
    invoice: _Text
    amount: _Amount | None = None


def _many(kind: object) -> object:
    return Annotated[list[kind], Field(max_length=MOST_PARTS)]  # type: ignore[valid-type]


_TYPES: dict[Form, object] = {
    Form.TEXT: _Text,
    Form.TEXTS: _many(_Text),
    Form.DOCUMENT: Annotated[str, Field(max_length=LONGEST_DOCUMENT), AfterValidator(_kept)],
    Form.NUMBER: Annotated[int, Field(ge=-MOST_NUMBER, le=MOST_NUMBER)],
    Form.FLAG: bool,
    Form.DAY: _Day,
    Form.AMOUNT: _Amount,
    Form.PERCENT: _Percent,
    Form.INSTALMENTS: _many(WireInstalment),
    Form.SCHEDULE: _many(WireShare),
    Form.DISCOUNTS: _many(WireDiscount),
    Form.REMITTANCES: _many(_Text | WireRemittance),
}


@lru_cache
def model(command: Command[...]) -> type[BaseModel]:
    """The command's parameters as a pydantic model."""
    fields = {each.name: (_type(each), _field(each)) for each in parameters(command)}
    made: type[BaseModel] = create_model(command.name, __base__=_Strict, **fields)  # type: ignore[call-overload]
    return made


def schema(command: Command[...]) -> dict[str, object]:
    """The JSON Schema of the command's parameters."""
    return {name: part for name, part in _tidied(model(command).model_json_schema()).items() if name != "title"}


def read(command: Command[...], plain: Mapping[str, object], *, entity: str, currency_of: Callable[[str], str]) -> Read:
    """`entity` where none is given; `currency_of` gives the currency of what a stream is about.

    Refuses `argument_missing`, `reason_missing`, `argument_unknown`, `argument_wrong`, `currency_differs`, `bad_key`,
    and as `minor_units` does.
    """
    values = _validated(command, plain)
    names = {DEFAULT_ENTITY: entity} | {name: value for name, value in values.items() if value}
    stream = _stream(command, names)
    asked = [each for each in parameters(command) if each.argument and each.name in values]
    currency = str(values.get(CURRENCY, ""))
    if CURRENCY not in {each.name for each in asked} and any(each.form in OF_A_CURRENCY for each in asked):
        currency = _agreed(currency, currency_of(_valued_in(command, names, stream)))
    arguments = {each.argument: _read(each, values[each.name], currency) for each in asked}
    on = values.get(command.day)
    reason = values.get("reason")
    return Read(
        stream,
        Request(command, arguments),
        on if isinstance(on, date) else None,
        reason if isinstance(reason, str) else None,
    )


def _valued_in(command: Command[...], names: Mapping[str, object], stream: str) -> str:
    """The stream whose currency the amounts are in: of what is not there yet, that of the invoice it names."""
    if CURRENCY not in {each.name for each in parameters(command) if each.argument}:
        return stream
    if not names.get("invoice"):
        raise Refused("argument_missing", f"{command.name} needs currency, where it names no invoice", "currency")
    return invoice_stream(str(names["invoice"]), str(names[DEFAULT_ENTITY]))


def _stream(command: Command[...], names: Mapping[str, object]) -> str:
    kind = KINDS[command.kind]
    if command.kind in NAMED_WHOLE:
        return kind.stream(str(names.get(command.kind, "")))
    return stream_name(command.kind, *(str(names.get(part, "")) for part in kind.key))


def _validated(command: Command[...], plain: Mapping[str, object]) -> Mapping[str, object]:
    present = {name: value for name, value in plain.items() if value is not None}
    try:
        found = model(command).model_validate(present)
    except ValidationError as wrong:
        raise _refusal(command, wrong) from None
    return {name: getattr(found, name) for name in found.model_fields_set}


def _refusal(command: Command[...], wrong: ValidationError) -> Refused:
    first = wrong.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"])) or "arguments"
    if first["type"] == "missing" and field == "reason":
        return Refused("reason_missing", f"{command.name} needs a reason", field)
    if first["type"] == "missing":
        return Refused("argument_missing", f"{command.name} needs {field}", field)
    if first["type"] == "extra_forbidden":
        return Refused("argument_unknown", f"{command.name} has no {field[:40]}", field[:40])
    return Refused("argument_wrong", f"{field}: {first['msg'].removeprefix('Value error, ')}", field)


def _agreed(named: str, known: str) -> str:
    if named and named != known:
        raise Refused("currency_differs", f"it is in {known}, not {named}", "currency")
    return known


def _read(parameter: Parameter, value: object, currency: str) -> object:
    try:
        return _READ.get(parameter.form, _as_it_is)(value, currency)
    except Refused as refusal:
        raise Refused(refusal.code, refusal.message, parameter.name) from None


def _as_it_is(value: object, currency: str) -> object:
    return tuple(value) if isinstance(value, list) else value


def _remittance(value: object, currency: str) -> Remittance:
    if isinstance(value, WireRemittance):
        return Remittance(value.invoice, minor_units(value.amount, currency) if value.amount else None)
    return Remittance(str(value))


def _schedule(many: Sequence[WireShare]) -> tuple[Share, ...]:
    return shares(
        [Step(each.days, each.percent.strip(), each.is_end_of_month, each.day_of_next_month) for each in many]
    )


_READ: dict[Form, Callable[..., object]] = {
    Form.AMOUNT: minor_units,
    Form.PERCENT: lambda text, currency: basis_points(text),
    Form.INSTALMENTS: lambda many, currency: tuple(
        Instalment(each.due_on, minor_units(each.amount, currency)) for each in many
    ),
    Form.SCHEDULE: lambda many, currency: _schedule(many),
    Form.DISCOUNTS: lambda many, currency: tuple(EarlyDiscount(each.days, basis_points(each.percent)) for each in many),
    Form.REMITTANCES: lambda many, currency: tuple(_remittance(each, currency) for each in many),
}


def _type(parameter: Parameter) -> object:
    """A choice is checked by the decision, which refuses another one under a code of its own."""
    if parameter.form == Form.CHOICE:
        return Annotated[_Text, WithJsonSchema({"enum": list(parameter.choices), "type": "string"})]
    if parameter.name == CURRENCY:
        return _Currency
    return _TYPES[parameter.form]


def _field(parameter: Parameter) -> object:
    if parameter.is_required:
        return Field(description=parameter.summary)
    is_plain = parameter.form in (Form.TEXT, Form.FLAG, Form.NUMBER) and parameter.default != ""
    return Field(
        default=parameter.default if is_plain and parameter.name != DEFAULT_ENTITY else None,
        description=parameter.summary,
    )


def _tidied(part: object) -> dict[str, object]:
    """Without titles that repeat the names, and without defaults of null."""
    if not isinstance(part, dict):
        return part  # type: ignore[return-value]
    return {
        name: [_tidied(each) for each in value] if isinstance(value, list) else _tidied(value)
        for name, value in part.items()
        if not (name == "title" and isinstance(value, str)) and not (name == "default" and value is None)
    }
