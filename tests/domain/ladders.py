"""The general ladder as stories need it: the steps of docs/policies.md, written here once more and independently."""

from datetime import date
from typing import Any

from domain.policy.document import Amount, Condition, Policy, Step, StepTask

CALL, HOLDING_CALL = StepTask("call"), StepTask("call", holds=True)
DECISION = StepTask("decision", holds=True)

GENERAL = Policy(
    "general",
    (
        Step("notice_7", -7, ("email",), lapses_when_due=True),
        Step("notice_3", -3, ("email",), lapses_when_due=True),
        Step("due_today", 0, ("email",), lapses_when_due=True, task=CALL),
        Step("friendly_reminder", 3, ("email", "letter"), level=1),
        Step("second_reminder", 10, ("email", "letter"), "firm", level=2),
        Step("firm_call", 17, (), "firm", level=3, task=HOLDING_CALL),
        Step("compromise", 24, (), "firm", level=3, task=DECISION),
        Step(
            "bureau_warning",
            28,
            ("letter",),
            "last",
            level=4,
            task=HOLDING_CALL,
            when=Condition(customers="businesses"),
        ),
        Step("bureau_report", 31, (), "last", level=4, task=DECISION, when=Condition(customers="businesses")),
        Step("factoring", 45, (), "last", level=4, task=DECISION),
        Step("agency", 60, (), "last", level=4, task=DECISION),
        Step("legal", 75, (), "formal", level=4, task=DECISION, when=Condition((Amount("EUR", 3000_00),))),
        Step("write_off", 365, (), "formal", level=4, task=DECISION),
    ),
    least_amount=(Amount("EUR", 5_00),),
    broken_promise=CALL,
)


class Weekdays:
    """Monday to Friday, without the holidays given."""

    name = ""

    def __init__(self, *holidays: date):
        self._holidays = frozenset(holidays)

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self._holidays


def altered(policy: Policy = GENERAL, **changes: Any) -> Policy:
    from dataclasses import replace

    return replace(policy, **changes)
