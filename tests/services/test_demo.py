"""The demonstration: every kind of story, the same again from the same seed, and nothing twice."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from domain.customer.facts import ContactSet
from domain.invoice.facts import DisputeResolved, Issued
from domain.kinds import NAMES
from infra.clock import seeded
from infra.settings import Settings
from services.assembly import assemble
from services.demo import PlayedClock, play
from services.demo.characters import LATE, NEVER, PATCHY, PROMPT, QUARRELSOME, SLOW, cast

UNTIL = date(2026, 6, 30)
EVERY_KIND = {
    "customer.registered",
    "customer.terms_agreed",
    "customer.contact_set",
    "customer.credit_limit_set",
    "invoice.issued",
    "invoice.reminded",
    "invoice.paid",
    "invoice.partially_paid",
    "invoice.disputed",
    "invoice.dispute_resolved",
    "invoice.credit_note_applied",
    "invoice.promise_made",
    "invoice.promise_kept",
    "invoice.promise_partly_kept",
    "invoice.promise_broken",
    "invoice.instalment_plan_agreed",
    "invoice.instalment_plan_completed",
    "invoice.interest_charged",
    "invoice.factored",
    "invoice.factor_reserve_released",
    "invoice.placed_with_agency",
    "invoice.written_off",
    "invoice.recovered",
    "invoice.payment_reversed",
    "receipt.received",
    "receipt.reversed",
}


class Killed(BaseException):
    """What `kill -9` is to a process."""


class Stage:
    """Demonstrations on one database, each as a process of its own."""

    def __init__(self, database_url, home):
        self.database_url, self.settings = database_url, Settings(home=home)

    def play(self, *, looks=None, seed=7, customers=6, months=11):
        """Killed at so many looks at the clock, in the middle of whatever goes on."""
        clock = MortalClock(UNTIL, looks)
        with assemble(self.settings, database_url=self.database_url, clock=clock) as app:
            asked = {"seed": seed, "customers": customers, "months": months, "until": UNTIL}
            played = play(app, clock, **asked, progress=lambda *_: None)
            return played, told(app)

    def facts(self):
        with assemble(self.settings, database_url=self.database_url) as app:
            return told(app)


class MortalClock(PlayedClock):
    def __init__(self, on, looks):
        super().__init__(on)
        self.looks = looks

    def __call__(self):
        if self.looks is not None:
            self.looks -= 1
            if self.looks < 0:
                raise Killed
        return super().__call__()


def told(app):
    """All that was recorded; what is sealed is so under keys of the database's own."""
    return [
        (
            entry.stream,
            entry.version,
            entry.effective_on,
            entry.cause.actor,
            entry.cause.command_id,
            decrypted(entry.fact),
        )
        for entry in app.ledger.entries(0, 100_000)
    ]


def decrypted(fact):
    return replace(fact, encrypted="") if isinstance(fact, ContactSet) else fact


@pytest.fixture
def stage(database_url, tmp_path):
    return Stage(database_url, tmp_path)


@pytest.fixture(scope="module")
def whole_stage(shared_database_url, tmp_path_factory):
    return Stage(shared_database_url, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def whole(whole_stage):
    """Played at one go: what was done, and the facts."""
    return whole_stage.play()


def test_six_customers_are_enough_for_every_kind_of_story(whole):
    played, facts = whole
    found = Counter(NAMES[type(fact)] for *_, fact in facts)
    assert EVERY_KIND - found.keys() == set()
    assert (played.invoices, played.position) == (found["invoice.issued"], len(facts))
    assert {fact.outcome for *_, fact in facts if isinstance(fact, DisputeResolved)} == {"upheld", "rejected"}
    assert {fact.currency for *_, fact in facts if isinstance(fact, Issued)} == {"GBP", "JPY", "NOK", "USD"}


def test_some_pay_in_time_some_late_and_some_too_much(whole, whole_stage):
    with assemble(whole_stage.settings, database_url=whole_stage.database_url) as app:
        late = {row["customer"]: float(row["weighted_average_days_late"] or 0) for row in app.risk.risk(UNTIL)["rows"]}
        assert min(late.values()) == 0 and max(late.values()) > 60
        assert any(float(total["unapplied"]) for total in app.reports.aging(UNTIL)["totals"])
        assert app.audit.verify().broken_at is None


def test_a_second_run_adds_nothing(whole, whole_stage):
    again, facts = whole_stage.play()
    assert (again.invoices, again.position, facts) == (0, whole[0].position, whole[1])


def test_one_that_is_killed_goes_on_to_the_same_facts(whole, stage):
    for looks in (3, 60, 150):
        with pytest.raises(Killed):
            stage.play(looks=looks)
    kept = stage.facts()
    assert 0 < len(kept) < len(whole[1])
    assert stage.play()[1] == whole[1]
    assert whole[1][: len(kept)] == kept


def test_facts_are_recorded_in_the_order_of_their_days(whole):
    days = [on for _, _, on, *_ in whole[1]]
    assert days == sorted(days) and days[-1] <= UNTIL


def test_a_ledger_with_other_facts_is_left_alone(stage, app, refused, desk):
    desk.issue("A-1", 100_00)
    with refused("ledger_in_use"):
        stage.play()
    assert app.ledger.head().position == 2


@pytest.mark.parametrize("other", [{"seed": 8}, {"customers": 7}, {"months": 12}])
def test_another_demonstration_is_not_mixed_into_the_first(whole, whole_stage, refused, other):
    with refused("other_demonstration"):
        whole_stage.play(**other)
    assert len(whole_stage.facts()) == whole[0].position


def test_the_same_seed_has_the_same_customers_and_another_has_others():
    first, same, other = (list(cast(40, seeded(seed))) for seed in (7, 7, 8))
    assert first == same != other
    assert {character.manner for character in first} == {PROMPT, LATE, SLOW, PATCHY, QUARRELSOME, NEVER}
    assert len({character.customer for character in first}) == 40
