"""Two years of real invoices and payments on the general ladder, day by day, against a plain loop over the file."""

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest

from domain import customer as customers
from domain.case.facts import StepDecided, TaskFinished
from domain.contact.facts import Done, Planned
from domain.entry import Cause, customer_stream
from infra.log.ledger import Batch
from tests.services.escalating import facts_of
from tests.services.test_import_history import REAL

ONE_DAY = timedelta(days=1)
QUIET_DAYS, LEAST = 3, Decimal(5)
CAUSE = Cause("tester", "history")


class Claim(NamedTuple):
    number: str
    customer: str
    issued: date
    due: date
    settled: date
    amount: Decimal
    is_disputed: bool


class Step(NamedTuple):
    """What the table of the general ladder says of a step: its day, and whether it reaches the debtor."""

    name: str
    days: int
    is_notice: bool = False
    is_message: bool = False
    is_call: bool = False


LADDER = (
    Step("notice_7", -7, is_notice=True, is_message=True),
    Step("notice_3", -3, is_notice=True, is_message=True),
    Step("due_today", 0, is_notice=True, is_message=True),
    Step("friendly_reminder", 3, is_message=True),
    Step("second_reminder", 10, is_message=True),
    Step("firm_call", 17, is_call=True),
    Step("compromise", 24),
    Step("bureau_warning", 28, is_message=True),
    Step("bureau_report", 31),
    Step("factoring", 45),
    Step("agency", 60),
    # Legal action begins at several thousand, and no invoice of the file is that large.
    Step("write_off", 365),
)


def claims(path, customers):
    """The invoices of the first so many customers of the file."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = sorted({row["customerID"] for row in rows})[:customers]
    return [
        Claim(
            row["invoiceNumber"],
            row["customerID"],
            _day(row["InvoiceDate"]),
            _day(row["DueDate"]),
            _day(row["SettledDate"]),
            Decimal(row["InvoiceAmount"]),
            row["Disputed"] == "Yes",
        )
        for row in rows
        if row["customerID"] in chosen
    ]


def _day(text):
    return datetime.strptime(text, "%d/%m/%Y").date()


def by_the_rules(claims, first, last):
    """Every step with its day, from the table and the rules alone. People do at once what they are asked to."""
    taken, at, late, contact = [], Counter[str](), Counter[str](), dict[str, date]()
    for today in (first + timedelta(n) for n in range((last - first).days + 1)):
        reached = set()
        for claim in claims:
            # A dispute of the file is about the whole invoice, from its due day until it is settled.
            is_contested = claim.is_disputed and today >= claim.due
            if not claim.issued <= today < claim.settled or is_contested or claim.amount < LEAST:
                continue
            while at[claim.number] < len(LADDER) and LADDER[at[claim.number]].is_notice and today > claim.due:
                at[claim.number] += 1
            if at[claim.number] == len(LADDER):
                continue
            step = LADDER[at[claim.number]]
            day = _business_day(claim.due + timedelta(step.days + late[claim.number]), step.is_notice)
            since = (today - contact.get(claim.customer, date.min)).days
            if today < day or ((step.is_message or step.is_call) and since < QUIET_DAYS):
                continue
            taken.append((today, claim.number, step.name))
            at[claim.number] += 1
            late[claim.number] += (today - day).days
            reached |= {claim.customer} if step.is_message else set()
        contact |= dict.fromkeys(reached, today)
    return taken


def _business_day(day, is_notice):
    while day.weekday() > 4:
        day += -ONE_DAY if is_notice else ONE_DAY
    return day


def by_the_ladder(app, path, claims, first, last):
    """The same by imports and ticks; calls and decisions are done on their day, and nobody is reached."""
    app.imports.history(path, REAL)
    _write_down_addresses(app, sorted({claim.customer for claim in claims}))
    escalator, day = app.escalator, first
    while day <= last:
        before = app.ledger.head().position
        escalator.run(day)
        _do_tasks(app, before, day)
        day += ONE_DAY
    return [
        (entry.effective_on, entry.stream.split(":")[-1], entry.fact.step)
        for entry in facts_of(app, "case")
        if isinstance(entry.fact, StepDecided)
    ]


def _write_down_addresses(app, names):
    contact = {"email": "x@example.org", "address": "1 Main Street"}
    encrypted = app.encryption.encrypt_many([(name, contact) for name in names])
    known = app.ledger.read(map(customer_stream, names))
    app.ledger.record_many(
        Batch(stream, each.version, [(fact, date(2012, 1, 1))], CAUSE)
        for (stream, each), text in zip(known.items(), encrypted, strict=True)
        for fact in customers.set_contact(each.state, encrypted=text)
    )


def _do_tasks(app, after, day):
    batches, cases = [], {}
    for entry in app.ledger.entries(after, 100_000):
        if isinstance(entry.fact, Planned) and entry.fact.kind != "message":
            batches.append(Batch(entry.stream, 1, [(Done("done", False), day)], CAUSE))
            for about in entry.fact.about:
                cases[f"case:{about.invoice.partition(':')[2]}"] = TaskFinished(entry.stream, "done")
    versions = app.ledger.read(cases)
    batches += [Batch(case, versions[case].version, [(fact, day)], CAUSE) for case, fact in cases.items()]
    app.ledger.record_many(batches)


def compared(app, samples, tmp_path, customers, last):
    path = samples / "late-payment-histories.csv"
    chosen = claims(path, customers)
    first, part = date(2012, 1, 2), tmp_path / "part.csv"
    names = {claim.customer for claim in chosen}
    lines = path.read_text().splitlines(keepends=True)
    part.write_text(lines[0] + "".join(line for line in lines[1:] if line.split(",")[1] in names))
    found, expected = by_the_ladder(app, part, chosen, first, last), by_the_rules(chosen, first, last)
    assert Counter(step for *_, step in found) == Counter(step for *_, step in expected)
    assert sorted(found) == sorted(expected)
    return Counter(step for *_, step in found)


def test_some_months_of_real_invoices_climb_the_ladder_as_the_rules_say(app, samples, tmp_path):
    steps = compared(app, samples, tmp_path, 25, date(2012, 6, 30))
    assert steps["friendly_reminder"] > 20
    assert steps["second_reminder"] > 5


@pytest.mark.deep
def test_two_years_of_real_invoices_climb_the_ladder_as_the_rules_say(app, samples, tmp_path):
    compared(app, samples, tmp_path, 100, date(2014, 1, 10))
