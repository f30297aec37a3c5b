"""An example of every command, made from the forms of its parameters, as it comes in at a door."""

from services.catalogue.command import Command
from services.catalogue.parameters import Form, Parameter, parameters

# Of each form a value that is nobody's default, and another one.
_VALUES: dict[Form, tuple[object, object]] = {
    Form.TEXT: ("Müller & Søn", "Müller and Son"),
    Form.TEXTS: (["RF18", "order 7"], ["RF18"]),
    Form.DOCUMENT: ('name = "branch"\n', 'name = "branch"'),
    Form.NUMBER: (3, 4),
    Form.FLAG: (True, False),
    Form.DAY: ("2026-01-20", "2026-01-19"),
    Form.AMOUNT: ("12.50", "12.05"),
    Form.PERCENT: ("2.5", "2.25"),
    Form.INSTALMENTS: (
        [{"due_on": "2026-03-31", "amount": "7.50"}, {"due_on": "2026-04-30", "amount": "5.00"}],
        [{"due_on": "2026-03-31", "amount": "7.50"}, {"due_on": "2026-04-29", "amount": "5.00"}],
    ),
    Form.SCHEDULE: (
        [{"days": 0, "percent": "30"}, {"days": 30, "percent": "70"}],
        [{"days": 30, "percent": "70"}, {"days": 0, "percent": "30"}],
    ),
    Form.DISCOUNTS: ([{"percent": "2", "days": 10}], [{"percent": "2", "days": 11}]),
    Form.REMITTANCES: (["R-1", {"invoice": "R-2", "amount": "5.00"}], ["R-1", "R-2"]),
}
_KEYS = {
    "number": ("R-1", "R-2"),
    "receipt": ("B-1", "B-2"),
    "customer": ("acme", "other"),
    "contact": ("contact:main:2026-01-20:phone:1:acme", "contact:main:2026-01-20:phone:2:acme"),
}
_NAMED = _KEYS | {"entity": ("branch", "main"), "currency": ("EUR", "USD")}


def example(command: Command[...]) -> dict[str, object]:
    """A value for every parameter."""
    return {each.name: value_of(each) for each in parameters(command)}


# One of several must be given: a credit note names an invoice, or the currency.
NEEDED_TOGETHER: dict[str, dict[str, object]] = {"credit_note.issue": {"currency": "EUR"}}


def shortest(command: Command[...]) -> dict[str, object]:
    """A value for what must be given, and nothing else."""
    needed = {each.name: value_of(each) for each in parameters(command) if each.is_required}
    return needed | NEEDED_TOGETHER.get(command.name, {})


def value_of(parameter: Parameter) -> object:
    return _of(parameter)[0]


def another_value_of(parameter: Parameter) -> object:
    return _of(parameter)[1]


def _of(parameter: Parameter) -> tuple[object, object]:
    if parameter.form == Form.CHOICE:
        return parameter.choices[-1], parameter.choices[0]
    return _NAMED.get(parameter.name) or _VALUES[parameter.form]
