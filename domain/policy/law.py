"""The law that a ladder is held against: a table of rules for each jurisdiction. It is no legal advice.

`source` names the section of the collection of rules that docs/policies.md speaks of, `sources` how many independent
sources agree there. Where the law of a rule changed, there is a row for each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.policy.document import TONES
from domain.policy.requirements import (
    ChargedApart,
    ChargedAtMost,
    ChargedFrom,
    ChargedInWriting,
    FeeUpTo,
    FirstIsFree,
    LetterBefore,
    NotCharged,
    NoticeBefore,
    NotTaken,
    Requirement,
    WarnedBefore,
)
from domain.policy.route import BUSINESSES, CONSUMERS, KINDS_OF_DEBTORS

FEE, COMPENSATION = ("fee",), ("compensation",)
ALL_CHARGES = ("interest", "fee", "compensation")
# The payment demand is the letter after the collection notice.
DEMAND = ("formal",)
REMINDERS = tuple(tone for tone in TONES if tone not in DEMAND)


@dataclass(frozen=True, slots=True)
class Rule:
    """It holds where these debtors are reached, for ladders published from `from_on` up to `until_on`."""

    id: str
    sentence: str
    source: str
    sources: int
    requirement: Requirement
    debtors: tuple[str, ...] = KINDS_OF_DEBTORS
    from_on: date = date.min
    until_on: date = date.max


EVERYWHERE = (
    Rule(
        "charge_before_default",
        "interest, fees and compensation are charged from the day after the due day",
        "European Union",
        2,
        ChargedFrom(ALL_CHARGES, 1),
    ),
    Rule(
        "compensation_from_consumer",
        "the fixed compensation is owed by businesses, not by consumers",
        "European Union; Germany; Norway",
        2,
        NotCharged(COMPENSATION),
        (CONSUMERS,),
    ),
    Rule(
        "report_without_warning",
        "a bureau is told only after a warning",
        "Numbers from practice",
        1,
        WarnedBefore(("bureau_report",), "bureau_warning"),
    ),
    Rule(
        "report_of_consumer",
        "invoices of consumers are not reported to a bureau",
        "Numbers from practice",
        1,
        NotTaken(("bureau_report",)),
        (CONSUMERS,),
    ),
)

GERMANY = (
    Rule(
        "first_reminder_free",
        "the reminder that itself causes default carries no fee",
        "Germany",
        1,
        FirstIsFree(FEE),
    ),
)

NETHERLANDS = (
    Rule(
        "costs_without_free_letter",
        "consumers are charged costs only after a free letter that gives 14 days from the day after receipt",
        "Netherlands",
        2,
        # A letter is a day on its way; the 14 days begin on the day after, and what is charged comes after them.
        NoticeBefore("last", days=16, gives_days=15, charges=FEE),
        (CONSUMERS,),
    ),
)

NORWAY = (
    Rule(
        "fee_before_day_14",
        "a reminder fee is charged with what is sent 14 days after the due day, or later",
        "Norway",
        2,
        ChargedFrom(FEE, 14),
    ),
    Rule("fee_not_in_writing", "a reminder fee is charged in writing only", "Norway", 2, ChargedInWriting(FEE)),
    Rule("third_fee", "a reminder fee is charged twice at the most", "Norway", 2, ChargedAtMost(FEE, 2)),
    Rule(
        "second_fee_too_early",
        "a second reminder fee is charged after the 14 days that the first reminder gave",
        "Norway",
        2,
        ChargedApart(FEE, 14),
    ),
    Rule(
        "fee_too_high",
        "a reminder fee is at most 1/20 of the collection rate of 700 NOK",
        "Norway",
        2,
        FeeUpTo("NOK", 35_00, REMINDERS),
        from_on=date(2020, 10, 1),
        until_on=date(2025, 12, 31),
    ),
    Rule(
        "fee_too_high",
        "a reminder fee is at most 1/20 of the collection rate of 750 NOK",
        "Norway",
        2,
        FeeUpTo("NOK", 37_50, REMINDERS),
        from_on=date(2026, 1, 1),
    ),
    Rule(
        "fee_too_high",
        "the fee of a payment demand is at most 3/20 of the collection rate of 700 NOK",
        "Norway",
        2,
        FeeUpTo("NOK", 105_00, DEMAND),
        from_on=date(2020, 10, 1),
        until_on=date(2025, 12, 31),
    ),
    Rule(
        "fee_too_high",
        "the fee of a payment demand is at most 3/20 of the collection rate of 750 NOK",
        "Norway",
        2,
        FeeUpTo("NOK", 112_50, DEMAND),
        from_on=date(2026, 1, 1),
    ),
    Rule(
        "collection_without_notice",
        "a payment demand, an agency and a court come after a collection notice that gives 14 days",
        "Norway",
        1,
        NoticeBefore("last", days=14, gives_days=14, steps=("agency", "legal"), tones=DEMAND),
    ),
)

UNITED_KINGDOM = (
    Rule(
        "court_before_day_14",
        "a company is given 14 days after the letter before action, which is the last one before the court",
        "United Kingdom",
        2,
        LetterBefore(("legal",), 14),
        (BUSINESSES,),
    ),
    Rule(
        "court_before_day_30",
        "an individual is given 30 days after the letter before action, which is the last one before the court",
        "United Kingdom",
        2,
        LetterBefore(("legal",), 30),
        (CONSUMERS,),
    ),
)

LAW: dict[str | None, tuple[Rule, ...]] = {
    None: EVERYWHERE,
    "DE": (*EVERYWHERE, *GERMANY),
    "NL": (*EVERYWHERE, *NETHERLANDS),
    "NO": (*EVERYWHERE, *NORWAY),
    "GB": (*EVERYWHERE, *UNITED_KINGDOM),
}
JURISDICTIONS = tuple(code for code in LAW if code)


def rules(jurisdiction: str | None, on: date) -> Iterator[Rule]:
    """Those that hold on a day; of a jurisdiction that is not in the table, what holds everywhere."""
    return (rule for rule in LAW.get(jurisdiction, EVERYWHERE) if rule.from_on <= on <= rule.until_on)
