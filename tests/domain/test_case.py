"""What stops a ladder, what makes it wait, and how it goes on. The first that applies is named, in a fixed order."""

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest

from domain.case import Case
from domain.case.deciding import Code, Surroundings, Waiting, ahead, decide
from domain.case.ladder import Subject
from domain.customer import Customer
from domain.customer.facts import DunningBlocked as CustomerBlocked
from domain.customer.facts import Registered
from domain.invoice.facts import (
    Disputed,
    DisputeResolved,
    DunningBlocked,
    Factored,
    FeeCharged,
    InstalmentPlanAgreed,
    LegalActionStarted,
    Part,
    PlacedWithAgency,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromisePartlyKept,
    Reassigned,
    RecalledFromAgency,
    Voided,
    WrittenOff,
)
from domain.policy.document import Condition, PlanRules, Step
from domain.terms import Instalment
from tests.domain.climbing import Debtor, days
from tests.domain.ladders import GENERAL, Weekdays, altered

DUE = date(2026, 3, 3)
BEGIN = date(2026, 2, 1)
FRIENDLY = date(2026, 3, 6)
ONE_DAY = timedelta(days=1)
ALL = (Part(1, 1000_00),)
SOLD = Factored("Faktor", 1000_00, 800_00, 20_00, 180_00, False)
LENT = replace(SOLD, with_recourse=True, recourse_on=date(2026, 6, 1))


def debtor(policy=GENERAL, **given):
    return Debtor(policy, **given).issue("R-1", DUE)


def march(day):
    return date(2026, 3, 1) + timedelta(days=day - 1)


# What stops it


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ([Voided(ALL)], "voided"),
        ([WrittenOff(1000_00, 0, ALL)], "written_off"),
        ([SOLD], "factored"),
        ([PlacedWithAgency("A", 100, 1000_00)], "placed"),
        ([LegalActionStarted("lawyer", "26-1")], "legal"),
        ([Disputed(1, "price", 1000_00, ALL)], "disputed"),
        ([PromiseMade(1, 1000_00, FRIENDLY)], "promised"),
        ([InstalmentPlanAgreed((Instalment(march(20), 1000_00),), 2, ALL)], "plan_open"),
        ([DunningBlocked(FRIENDLY)], "blocked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_must_be_left_alone_has_no_step(facts, code):
    ann = debtor()
    ann.run(BEGIN, march(4))
    ann.tell("R-1", march(5), *facts)
    assert ann.why("R-1", FRIENDLY) == code
    assert ann.tick(FRIENDLY) == []


def test_of_several_things_in_the_way_the_first_in_the_order_of_the_codes_is_named():
    """All of them at once; then the first is taken away, and the next one shows."""
    ann = debtor()
    ann.run(BEGIN, march(19))
    held = ann.tell("R-1", march(20)).tick(march(20))[0]
    today, (subject, _) = march(20), ann.subject("R-1", march(20))
    assert held.name == "firm_call"
    last = subject.case.last
    factored = replace(subject.invoice, factored=SOLD)
    item = replace(subject.invoice.items[0], due_on=today, open_minor=4_00)
    plan = InstalmentPlanAgreed((Instalment(today, 1000_00),), 1, ())
    worst = replace(
        factored,
        items=(replace(item, open_minor=0),),
        void=Voided(ALL),
        written_off_minor=1,
        agency=PlacedWithAgency("A", 1, 1),
        legal=LegalActionStarted("lawyer", "1"),
        plan=plan,
        block=DunningBlocked(today),
    )
    promised = Debtor().issue("X", DUE).tell("X", DUE, PromiseMade(1, 1, today)).invoice("X", today).promise
    disputed = Debtor().issue("X", DUE).tell("X", DUE, Disputed(1, "price", 4_00, (Part(1, 4_00),)))
    worst = replace(worst, promise=promised, disputes=disputed.invoice("X", today).disputes)
    case = replace(subject.case, taken=(replace(last, decided=replace(last.decided, invoice_due_on=today)),))
    around = Surroundings(today, last_bank_on=date(2026, 1, 1))
    policy = altered(steps=(*GENERAL.steps[:6], replace(GENERAL.steps[6], days=0, channels=("email",), task=None)))
    easier = [
        ("voided", lambda s, a: (_with(s, void=None), a)),
        ("written_off", lambda s, a: (_with(s, written_off_minor=0), a)),
        ("paid", lambda s, a: (_with(s, items=(item,)), a)),
        ("factored", lambda s, a: (_with(s, factored=None), a)),
        ("placed", lambda s, a: (_with(s, agency=None), a)),
        ("legal", lambda s, a: (_with(s, legal=None), a)),
        ("disputed", lambda s, a: (_with(s, disputes=()), a)),
        ("promised", lambda s, a: (_with(s, promise=None), a)),
        ("plan_open", lambda s, a: (_with(s, plan=None), a)),
        ("blocked", lambda s, a: (_with(s, block=None), a)),
        ("stale_bank", lambda s, a: (s, replace(a, last_bank_on=None))),
        ("minimum", lambda s, a: (_with(s, items=(replace(item, open_minor=5_00),)), a)),
        ("held", lambda s, a: (s._replace(case=replace(s.case, held_by=None)), a)),
        ("not_due", lambda s, a: (s._replace(case=_the_day_before(s.case)), a)),
        ("quiet", lambda s, a: (s, replace(a, last_contact_on=None))),
    ]
    assert [code for code, _ in easier] == [code for code in get_args(Code) if code != "bound"]
    subject = Subject(worst, subject.customer, case)
    for code, ease in easier:
        outcome = decide(subject, policy, Weekdays(), today, around)
        assert isinstance(outcome, Waiting)
        assert outcome.code == code
        subject, around = ease(subject, around)
    assert not isinstance(decide(subject, policy, Weekdays(), today, around), Waiting)


def _with(subject, **changes):
    return subject._replace(invoice=replace(subject.invoice, **changes))


def _the_day_before(case):
    return replace(case, taken=(replace(case.last, on=case.last.on - ONE_DAY),))


# Disputes


def test_a_dispute_in_part_leaves_the_rest_to_be_demanded():
    ann = debtor()
    ann.run(BEGIN, march(4))
    ann.tell("R-1", march(5), Disputed(1, "price", 400_00, (Part(1, 400_00),)))
    assert [step.name for step in ann.tick(FRIENDLY)] == ["friendly_reminder"]
    because = ann.decisions("R-1")[-1].because
    assert (because.open_minor, because.demanded_minor) == (1000_00, 600_00)


def test_a_dispute_of_all_stops_the_ladder_and_after_it_the_next_step_comes_and_distances_are_kept():
    """Stopped from the 10th to the 24th: the second reminder, due on the 13th, is eleven days late."""
    ann = debtor()
    ann.run(BEGIN, march(9))
    ann.tell("R-1", march(10), Disputed(1, "price", 1000_00, ALL))
    assert ann.run(march(10), march(23)) == []
    ann.tell("R-1", march(24), DisputeResolved(1, "rejected", 0, ALL))
    assert days(ann.run(march(24), march(45))) == [
        "03-24 second_reminder",
        "03-31 firm_call",
        "04-07 compromise",
        "04-13 bureau_warning",
        "04-14 bureau_report",
    ]
    assert [fact.late_days for fact in ann.decisions("R-1")][-5:] == [11, 0, 0, 0, 0]


def test_while_the_first_instalment_is_disputed_the_second_has_a_way_of_its_own():
    ann = Debtor().issue("R-1", DUE, DUE + timedelta(days=30))
    ann.run(BEGIN, march(7))
    ann.tell("R-1", march(8), Disputed(1, "price", 500_00, (Part(1, 500_00),)))
    assert days(ann.run(march(8), date(2026, 4, 7))) == [
        "03-26 notice_7",
        "03-30 notice_3",
        "04-02 due_today",
        "04-06 friendly_reminder",
    ]
    assert {fact.run for fact in ann.decisions("R-1")} == {1, 2}


# Promises


def test_a_promise_keeps_the_ladder_quiet_up_to_and_on_its_day_and_the_step_follows_the_next_morning():
    ann = debtor()
    ann.run(BEGIN, march(4))
    ann.tell("R-1", march(5), PromiseMade(1, 1000_00, march(10)))
    assert ann.run(march(5), march(10)) == []
    assert ann.outcome("R-1", march(10)).next.on == march(11)
    assert days(ann.run(march(11), march(11))) == ["03-11 friendly_reminder"]
    assert ann.told["R-1"][-2] == (PromiseBroken(1), march(11))
    assert ann.decisions("R-1")[-1].late_days == 5


def test_a_broken_promise_is_a_call_for_a_person_even_where_no_step_is_due():
    ann = debtor()
    ann.run(BEGIN, FRIENDLY)
    ann.tell("R-1", march(7), PromiseMade(1, 1000_00, march(8)))
    assert ann.run(march(7), march(9), finishing=False) == []
    [task] = [each for each in ann.contacts.values() if each.planned.kind == "promise"]
    assert (task.planned_on, task.planned.about[0].invoice) == (march(9), "R-1")


@pytest.mark.parametrize(
    ("paid", "on", "verdict"),
    [
        (1000_00, march(10), PromiseKept(1)),
        (600_00, march(10), PromisePartlyKept(1, 600_00)),
        (600_00, march(11), PromiseBroken(1)),
    ],
    ids=["all on its day", "a part on its day", "a part on the day after"],
)
def test_a_promise_is_judged_by_what_had_come_by_its_day_however_late_the_tick(paid, on, verdict):
    ann = debtor()
    ann.run(BEGIN, march(4))
    ann.tell("R-1", march(5), PromiseMade(1, 1000_00, march(10)))
    ann.pay("R-1", on, paid)
    ann.tick(march(20))
    facts = [fact for fact, _ in ann.told["R-1"] if isinstance(fact, PromiseKept | PromisePartlyKept | PromiseBroken)]
    assert facts == [verdict]


def test_a_promise_is_judged_once():
    ann = debtor()
    ann.run(BEGIN, march(4))
    ann.tell("R-1", march(5), PromiseMade(1, 1000_00, march(10)))
    ann.run(march(11), march(20))
    assert [fact for fact, _ in ann.told["R-1"]].count(PromiseBroken(1)) == 1


# Plans


def plan(*instalments, first=2):
    return InstalmentPlanAgreed(tuple(Instalment(on, minor) for on, minor in instalments), first, ALL)


def test_a_plan_that_is_kept_has_no_step_and_when_completed_the_case_is_paid():
    ann = debtor()
    ann.run(BEGIN, march(4))
    ann.tell("R-1", march(5), plan((march(16), 500_00), (march(30), 500_00)))
    assert ann.run(march(5), march(16)) == []
    ann.pay("R-1", march(16), 500_00, item=2)
    assert ann.run(march(17), march(30)) == []
    ann.pay("R-1", march(30), 500_00, item=3)
    assert ann.run(march(31), date(2026, 5, 1)) == []
    assert [type(fact).__name__ for fact, _ in ann.told["R-1"]].count("InstalmentPlanCompleted") == 1
    assert ann.why("R-1", date(2026, 5, 1)) == "paid"


def test_a_missed_instalment_breaks_the_plan_the_next_day_and_has_a_ladder_of_its_own():
    ann = debtor()
    ann.run(BEGIN, march(4))
    ann.tell("R-1", march(5), plan((march(16), 500_00), (march(30), 500_00)))
    assert days(ann.run(march(5), march(27))) == ["03-19 friendly_reminder", "03-26 second_reminder"]
    [(broken, on)] = [each for each in ann.told["R-1"] if type(each[0]).__name__ == "InstalmentPlanBroken"]
    assert (broken.missed, broken.parts, on) == (2, (), march(17))
    assert ann.decisions("R-1")[-1].because.demanded_minor == 500_00


def test_a_policy_may_let_the_rest_fall_due_with_a_missed_instalment():
    ann = debtor(altered(plan=PlanRules(accelerate=True)))
    ann.run(BEGIN, march(4))
    ann.tell("R-1", march(5), plan((march(16), 500_00), (march(30), 500_00)))
    ann.run(march(5), march(19))
    assert ann.decisions("R-1")[-1].because.demanded_minor == 1000_00


def test_a_policy_may_wait_before_a_plan_is_broken():
    ann = debtor(altered(plan=PlanRules(broken_after_days=5)))
    ann.tell("R-1", march(5), plan((march(16), 500_00), (march(30), 500_00)))
    ann.run(march(17), march(20))
    assert ann.invoice("R-1", march(20)).plan
    ann.tick(march(21))
    assert not ann.invoice("R-1", march(21)).plan


def test_a_plan_of_which_all_is_disputed_is_kept_even_where_a_charge_is_open():
    ann = debtor()
    ann.run(BEGIN, march(4))
    ann.tell(
        "R-1",
        march(5),
        plan((march(16), 1000_00)),
        FeeCharged(3, 40_00, march(5), "given"),
        Disputed(1, "price", 1000_00, (Part(2, 1000_00),)),
    )
    assert ann.why("R-1", march(20)) == "plan_open"


# Blocks


@pytest.mark.parametrize("who", ["invoice", "customer"])
def test_a_block_holds_up_to_and_on_its_last_day(who):
    ann = debtor()
    if who == "invoice":
        ann.tell("R-1", march(5), DunningBlocked(march(9)))
    else:
        ann.customer = replace(ann.customer, block=CustomerBlocked(march(9)))
    assert ann.why("R-1", march(9)) == "blocked"
    assert ann.outcome("R-1", march(9)).next == (GENERAL.steps[3], march(10))
    assert ann.why("R-1", march(10)) == "friendly_reminder"


def test_of_two_blocks_the_longer_one_counts():
    ann = debtor().tell("R-1", march(5), DunningBlocked(march(9)))
    ann.customer = replace(ann.customer, block=CustomerBlocked(march(12)))
    assert ann.why("R-1", march(12)) == "blocked"
    assert ann.outcome("R-1", march(6)).next.on == march(13)


# Payments taken back, instalments, hand-overs


def test_a_returned_payment_begins_a_new_run_at_the_step_the_policy_names():
    ann = debtor()
    ann.run(BEGIN, march(13))
    ann.pay("R-1", march(14))
    ann.run(march(14), march(15))
    ann.take_back("R-1", march(17))
    assert days(ann.run(march(16), march(31))) == [
        "03-17 friendly_reminder",
        "03-24 second_reminder",
        "03-31 firm_call",
    ]
    assert [(fact.run, fact.late_days) for fact in ann.decisions("R-1")][-3:] == [(2, 11), (2, 0), (2, 0)]


def test_a_new_run_does_not_wait_for_the_task_of_the_one_before():
    ann = debtor()
    ann.run(BEGIN, march(20), finishing=False)
    assert ann.why("R-1", march(21)) == "held"
    ann.pay("R-1", march(21))
    ann.take_back("R-1", march(24))
    assert ann.why("R-1", march(24)) == "friendly_reminder"


def test_the_next_instalment_has_a_run_of_its_own_once_the_one_before_is_paid():
    ann = Debtor().issue("R-1", DUE, DUE + timedelta(days=30))
    ann.run(BEGIN, march(13))
    ann.pay("R-1", march(16), 500_00)
    assert days(ann.run(march(16), date(2026, 4, 7)))[0] == "03-26 notice_7"
    assert [fact.because.demanded_minor for fact in ann.decisions("R-1")][-1] == 500_00
    assert [(fact.run, fact.late_days) for fact in ann.decisions("R-1")][-1] == (2, 0)


def test_while_the_first_instalment_is_open_the_second_is_demanded_with_it_once_it_is_due():
    ann = Debtor().issue("R-1", DUE, DUE + timedelta(days=10))
    ann.run(BEGIN, march(12))
    assert ann.decisions("R-1")[-1].because.demanded_minor == 500_00
    ann.run(march(13), march(13))
    assert ann.decisions("R-1")[-1].because.demanded_minor == 1000_00


def test_factored_with_recourse_the_debtor_is_still_ours_to_remind():
    ann = debtor().tell("R-1", march(5), LENT)
    assert ann.why("R-1", FRIENDLY) == "friendly_reminder"


def test_an_invoice_given_back_by_a_factor_or_an_agency_goes_on_at_the_next_step():
    for leave, back in ((LENT, Reassigned(0)), (PlacedWithAgency("A", 1, 1000_00), RecalledFromAgency())):
        policy = altered(steps=tuple(replace(step, when=Condition(unless=("factored",))) for step in GENERAL.steps))
        ann = debtor(policy)
        ann.run(BEGIN, march(13))
        ann.tell("R-1", march(14), leave)
        assert ann.run(march(14), march(25)) == []
        ann.tell("R-1", march(26), back)
        assert days(ann.run(march(26), march(27))) == ["03-26 firm_call"]
        assert ann.decisions("R-1")[-1].late_days == 6


# The bank


def test_without_bank_entries_nothing_waits_for_the_bank_and_with_them_messages_do():
    assert debtor().why("R-1", FRIENDLY) == "friendly_reminder"
    five_before, six_before = date(2026, 2, 27), date(2026, 2, 26)
    assert debtor(last_bank_on=five_before).why("R-1", FRIENDLY) == "friendly_reminder"
    assert debtor(last_bank_on=six_before).why("R-1", FRIENDLY) == "stale_bank"


def test_people_do_not_wait_for_the_bank():
    ann = debtor()
    ann.run(BEGIN, march(19))
    ann.last_bank_on = date(2026, 1, 1)
    assert ann.why("R-1", march(20)) == "firm_call"


# What is expected


def test_the_steps_to_come_are_those_that_then_come():
    for offset in range(14):
        ann = Debtor().issue("R-1", DUE + offset * ONE_DAY, minor=5000_00)
        subject, _ = ann.subject("R-1", BEGIN + offset * ONE_DAY)
        expected = [(each.on, each.step.name) for each in ahead(subject, GENERAL, 1, Weekdays(), BEGIN)]
        assert ann.run(BEGIN, date(2027, 4, 10)) == expected


def test_a_case_without_a_customer_is_decided_as_one_of_a_business():
    ann = debtor()
    subject = Subject(ann.invoice("R-1", FRIENDLY), None, Case())
    assert not isinstance(decide(subject, GENERAL, Weekdays(), FRIENDLY), Waiting)
    assert not Subject(subject.invoice, Customer(Registered("ann")), Case()).is_consumer


def test_a_step_without_a_day_of_its_own_is_none_of_a_case_that_skipped_the_one_before():
    steps = (Step("report", 3, after="warning"), Step("end", 20, ("email",)))
    assert days(debtor(altered(steps=steps)).run(BEGIN, march(30))) == ["03-23 end"]


def test_of_an_invoice_that_was_voided_nothing_is_judged():
    for agreed in (PromiseMade(1, 1000_00, march(6)), plan((march(6), 1000_00))):
        ann = debtor().tell("R-1", march(5), agreed, Voided((Part(1, 1000_00),)))
        assert ann.run(march(5), march(9)) == []
        assert ann.why("R-1", march(9)) == "voided"
