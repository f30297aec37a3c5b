"""What of a demonstration tells most: a case, a letter, a month that looks different since more was learnt."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

from domain.case.deciding import CLOSED
from domain.contact import Contact
from domain.kinds import key_of
from domain.refusal import Refused
from infra.post.letters import file_name
from services.answers.contacts import ContactRow
from services.assembly import App
from services.demo.plot import ENTITY

# What a case is worth looking at for, or else what every one has.
_TELLING = ("invoice.promise_broken", "invoice.placed_with_agency")
_ANY = ("case.step_decided", "invoice.issued")
CANDIDATES, MONTHS = 8, 12


def case(app: App, today: date) -> str:
    """An invoice of which a promise was broken or which was placed lately: with something open, and the most steps."""
    numbers = [number for kind in _TELLING for number in _lately(app, kind)]
    numbers = numbers or [number for kind in _ANY for number in _lately(app, kind)]
    if not numbers:
        raise Refused("nothing_played", "the demonstration has no invoice")
    return max(numbers, key=lambda number: _weight(app, number, today))


def letter(app: App) -> Path | None:
    """In euro, for which there is a code to pay with, about the most invoices, the last one of these; None where none
    was printed."""
    rows = [row for row in app.contact_book.contacts(state="sent")["rows"] if row["channel"] == "letter"]
    contacts: Mapping[str, Contact] = app.ledger.states(row["contact"] for row in rows)

    def weight(row: ContactRow) -> tuple[bool, int, str]:
        currencies = {about.currency for about in contacts[row["contact"]].planned.about}
        return currencies == {"EUR"}, len(row["invoices"]), row["planned_on"]

    folder = app.settings.home / "outbox" / "letters"
    paths = (folder / file_name(row["contact"], 1) for row in sorted(rows, key=weight, reverse=True))
    return next((path for path in paths if path.exists()), None)


def restated_month(app: App, today: date) -> date | None:
    """The last month whose end looks different since more was learnt; its last day."""
    ended = today.replace(day=1) - timedelta(days=1)
    for _ in range(MONTHS):
        then = datetime.combine(ended, time.max, app.settings.zone)
        if app.reports.restatement(ended, then, None)["facts"]:
            return ended
        ended = ended.replace(day=1) - timedelta(days=1)
    return None


def _weight(app: App, number: str, today: date) -> tuple[bool, int]:
    is_over = app.questions.why_not(number, ENTITY, today)["blocked_by"] in CLOSED
    return not is_over, len(app.questions.explain(number, ENTITY, today)["steps"])


def _lately(app: App, kind: str) -> list[str]:
    rows = app.audit.search(app.audit.asked(kind=kind), limit=CANDIDATES).rows
    return [key_of(row["stream"])["number"] for row in rows]
