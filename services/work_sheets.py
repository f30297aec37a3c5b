"""The work list, contacts and adherence as sheets."""

from infra.files.sheets import AMOUNT, COUNT, DAY, Column, Sheet
from services.answers.adherence import AdherenceAnswer
from services.answers.contacts import ContactsAnswer
from services.answers.worklist import WorkListAnswer
from services.report_sheets import known_notes, plain_sheet

VALUED = "Value is what is lost by waiting a week: open amount x fall of the chance to collect it."


def worklist_sheet(answer: WorkListAnswer) -> Sheet:
    columns = {
        "value": Column("Value", AMOUNT),
        "currency": Column("Currency"),
        "kind": Column("Kind"),
        "due_on": Column("Due on", DAY, is_spare=True, weight=2),
        "customer": Column("Customer"),
        "phone": Column("Phone", is_spare=True, weight=3),
        "invoices": Column("Invoices", is_spare=True),
        "collector": Column("Collector", is_spare=True, weight=1),
        "why": Column("Why", is_spare=True, weight=1),
        "task": Column("Task"),
    }
    whose = f" of {answer['collector']}, and what is nobody's" if answer["collector"] else ""
    rows = [{**row, "invoices": " ".join(row["invoices"])} for row in answer["rows"]]
    return plain_sheet(f"Work list on {answer['today']}{whose}", known_notes(answer, VALUED), columns, rows)


def contacts_sheet(answer: ContactsAnswer) -> Sheet:
    columns = {
        "planned_on": Column("Planned on", DAY),
        "customer": Column("Customer"),
        "channel": Column("Channel"),
        "step": Column("Step", is_spare=True, weight=2),
        "state": Column("State"),
        "code": Column("Code", is_spare=True, weight=1),
        "invoices": Column("Invoices", is_spare=True),
        "contact": Column("Contact"),
    }
    rows = [{**row, "invoices": " ".join(row["invoices"])} for row in answer["rows"]]
    return plain_sheet("Contacts", known_notes(answer), columns, rows)


def adherence_sheet(answer: AdherenceAnswer) -> Sheet:
    columns = {
        "policy": Column("Policy"),
        "step": Column("Step"),
        "decided": Column("Taken", COUNT),
        "on_time": Column("On time", COUNT),
        "late": Column("Late", COUNT),
        "median_days_late": Column("Median days", COUNT, is_spare=True, weight=1),
        "most_days_late": Column("Most days", COUNT, is_spare=True),
        "withheld": Column("Withheld", COUNT, is_spare=True, weight=2),
        "failed": Column("Failed", COUNT, is_spare=True, weight=2),
        "unknown": Column("Unknown", COUNT, is_spare=True, weight=2),
        "skipped": Column("Skipped", COUNT, is_spare=True, weight=3),
        "held": Column("Held", COUNT, is_spare=True, weight=3),
    }
    whose = f", customers of {answer['collector']}" if answer["collector"] else ""
    title = f"Adherence from {answer['from']} to {answer['to']}{whose}"
    notes = known_notes(answer, "A step counts on its own day, not on the day it was taken.")
    return plain_sheet(title, notes, columns, answer["steps"])


def skips_sheet(answer: AdherenceAnswer) -> Sheet:
    columns = {
        "by": Column("By"),
        "step": Column("Step"),
        "steps": Column("Steps", COUNT),
        "reason": Column("Why"),
    }
    return plain_sheet("Skipped by", (), columns, answer["skips"])


def exceptions_sheet(answer: AdherenceAnswer) -> Sheet:
    columns = {
        "customer": Column("Customer"),
        "collector": Column("Collector", is_spare=True),
        "steps": Column("Steps", COUNT),
        "exceptions": Column("Exceptions", COUNT),
        "skipped": Column("Skipped", COUNT, is_spare=True),
        "withheld": Column("Withheld", COUNT, is_spare=True),
        "failed": Column("Failed", COUNT, is_spare=True),
        "unknown": Column("Unknown", COUNT, is_spare=True),
        "late": Column("Late", COUNT, is_spare=True),
    }
    return plain_sheet("Customers with exceptions", (), columns, answer["customers"])
