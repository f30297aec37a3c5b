"""A ladder played again over the log: as the real one would have gone, and without a trace."""

from datetime import date, timedelta

import pytest

from domain.case.facts import StepDecided
from domain.policy.document import PlanRules
from projections.escalation.replaying import Period
from services.escalation.simulation import Simulation
from tests.domain.ladders import GENERAL, altered
from tests.services.escalating import facts_of
from tests.services.ladder import Ladder
from tests.services.random_year import Year

FIRST, LAST = date(2026, 1, 5), date(2026, 3, 31)


def simulated(app, policy=GENERAL, first=FIRST, last=LAST, **whom):
    simulation = Simulation(app.ledger, app.views, lambda: app.encryption, app.recorded_to)
    return simulation.simulate(policy, 1, Period(from_on=first, to_on=last, **whom))


@pytest.fixture
def played(monkeypatch):
    """What a simulation has done, step by step."""
    kept = []
    from services.escalation import simulation

    given = simulation.simulation_answer

    def keep(policy, version, period, doings, *rest):
        kept.append(doings)
        return given(policy, version, period, doings, *rest)

    monkeypatch.setattr(simulation, "simulation_answer", keep)
    return kept


def steps_of(app, first):
    return sorted(
        (entry.effective_on, f"invoice:{entry.stream.partition(':')[2]}", entry.fact.step, entry.fact.channel)
        for entry in facts_of(app, "case")
        if isinstance(entry.fact, StepDecided) and entry.effective_on >= first
    )


PLAN = PlanRules(broken_after_days=3, accelerate=True)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("share", [1.0, 0.3], ids=["all tasks done", "some tasks done"])
def test_the_ladder_that_ran_is_found_again_step_by_step(app, played, seed, share):
    """Over weeks in which debtors pay, take back, promise, dispute and agree plans, from the beginning or from amid."""
    policy, last = altered(plan=PLAN, most_contacts_a_day=4), FIRST + timedelta(days=50)
    year, ladder, day = Year(app.ledger, seed, FIRST, invoices=25), Ladder(app, policy), FIRST
    while day <= last:
        ladder.run(day)
        year.finish_tasks(ladder.open_tasks(), day, share)
        day += timedelta(days=1)
        year.live(day, 1, days=(0, 0, 3))
    for first in (FIRST, FIRST + timedelta(days=25)):
        answer = simulated(app, policy, first, last)
        found = sorted((each.on, each.invoice, each.step, each.channel) for each in played.pop().steps)
        assert found == steps_of(app, first)
        assert answer["simulated"] == answer["done"]
        assert answer["done"]["decided"] > 20
