"""No invoice that has a step due is overlooked: the question to the views against asking every ladder."""

import os
from datetime import date, timedelta

import pytest

from domain.case.deciding import Due
from domain.policy.document import Amount, Condition, Step, StepTask
from projections.escalation import asking
from projections.projection import Query
from services.escalation.decisions import Around, consider
from services.escalation.subjects import Subjects
from services.escalation.ticking import SLACK
from tests.domain.ladders import CALL, DECISION, GENERAL, HOLDING_CALL, altered
from tests.services.escalating import Fixed, escalator_of
from tests.services.random_year import Year

BEGIN = date(2026, 2, 2)
OPEN_TASKS = Query("select contact from view_escalation.contacts where kind <> 'message' and state = 'planned'")
NOBODY = Around({}, None, {})
# Each condition there is, so that a step may become possible at any time.
CONDITIONS = altered(
    quiet_days=1,
    steps=(
        Step("before", -7, ("email",), lapses_when_due=True),
        Step("today", 0, ("email",), lapses_when_due=True, task=CALL),
        Step("first", 3, ("email", "letter"), level=1),
        Step("undisputed", 6, ("email",), level=2, when=Condition(unless=("disputed", "factored"))),
        Step("businesses", 9, ("letter",), level=2, when=Condition(customers="businesses")),
        Step("consumers", 12, ("letter",), level=2, when=Condition(customers="consumers")),
        Step("risky", 15, ("email",), level=3, when=Condition(risk_classes=("D", "E"))),
        Step("large", 18, ("email",), level=3, when=Condition((Amount("EUR", 3000_00),))),
        Step("call", 21, (), level=4, task=HOLDING_CALL, when=Condition(unless=("disputed",))),
        Step("following", 5, ("email",), after="call", level=4),
        Step("decision", 30, (), level=4, task=DECISION),
        Step("last", 90, (), level=4, task=StepTask("decision")),
    ),
)


def compared(app, seed, policy, days, invoices=25, acts=3):
    """Ticks of a year in which anything happens; returns how many steps were due."""
    year, escalator = Year(app.ledger, seed, BEGIN, invoices=invoices), escalator_of(app, policy)
    subjects, due = Subjects(app.ledger, Fixed(policy)), 0
    until = timedelta(days=-Fixed(policy).earliest_days()) + SLACK
    for today in (BEGIN + timedelta(n) for n in range(days)):
        year.live(today, acts)
        loaded = subjects.load(year.streams, today)
        considered = consider(loaded.pursued, NOBODY, today)
        wanted = {each.pursued.stream for each in considered if isinstance(each.outcome, Due)}
        wanted |= {each.pursued.stream for each in considered if each.pursued.judged}
        app.bring_views_up_to_date()
        found = {stream for stream, _, _ in app.views.ask(asking.candidates(today, today + until))}
        missed = {each.pursued.stream: _shown(each) for each in considered if each.pursued.stream in wanted - found}
        assert not missed, f"on {today}: {missed}"
        due += len(wanted)
        escalator.run(today)
        app.bring_views_up_to_date()
        year.finish_tasks([task for (task,) in app.views.ask(OPEN_TASKS)], today, 0.2)
    return due


@pytest.mark.parametrize("policy", [CONDITIONS, GENERAL], ids=["conditions", "general"])
def test_every_invoice_of_which_a_step_is_due_is_a_candidate(app, policy):
    seed, days = int(os.environ.get("LADDER_SEED", "1")), int(os.environ.get("LADDER_DAYS", "60"))
    assert compared(app, seed, policy, days) > days / 2


def _shown(considered):
    due = considered.outcome.step.name if isinstance(considered.outcome, Due) else considered.pursued.judged
    last = considered.pursued.subject.case.last
    return due, last and (last.on, last.decided.step, last.decided.next_on, last.decided.held)
