"""What is wrong with a ladder, rule by rule: first its form, then the law of its jurisdiction."""

from dataclasses import replace
from datetime import date

import pytest

from domain.policy import law
from domain.policy.document import Amount, Charge, Condition, PlanRules, Policy, Step, StepTask
from domain.policy.validating import faults
from tests.domain.ladders import GENERAL

BOTH, CALL, DECISION = ("email", "letter"), StepTask("call"), StepTask("decision", holds=True)
FIRST = Step("friendly_reminder", 3, BOTH, level=1)
SECOND = Step("second_reminder", 10, BOTH, "firm", level=2)
AGENCY = Step("agency", 60, task=DECISION)
LEGAL = Step("legal", 75, task=DECISION)
FEE = Charge("fee", Amount("EUR", 2_50))
NOK_FEE = Charge("fee", Amount("NOK", 35_00))
INTEREST, COMPENSATION = Charge("interest"), Charge("compensation", Amount("EUR", 40_00))
FROM_50 = Condition((Amount("EUR", 50_00),))
FOR_BUSINESSES, FOR_CONSUMERS = Condition(customers="businesses"), Condition(customers="consumers")


def ladder(*steps: Step, **policy) -> Policy:
    first = steps[0].name if steps else ""
    return Policy("mine", steps, **({"start_again_at": first} | policy))


def found(policy: Policy, on: date = date.max) -> list[tuple[str, str | None, str]]:
    return [(fault.rule, fault.step, fault.key) for fault in faults(policy, on)]


def is_found(policy: Policy, rule: str, step: str | None, key: str, on: date = date.max) -> bool:
    """That fault, and no other."""
    return found(policy, on) == [(rule, step, key)]


def test_the_general_ladder_has_no_fault():
    assert faults(GENERAL) == []
    assert faults(ladder(FIRST, SECOND, AGENCY, LEGAL)) == []


# The order of the steps


def test_two_steps_on_one_day_overlap():
    second = replace(SECOND, days=3)
    assert is_found(ladder(FIRST, second, quiet_days=0), "overlap", "second_reminder", "days")
    assert "the same day as friendly_reminder" in faults(ladder(FIRST, second))[0].message


def test_days_rise_from_step_to_step():
    assert is_found(ladder(SECOND, FIRST), "overlap", "friendly_reminder", "days")
    assert faults(ladder(FIRST, replace(SECOND, days=4), quiet_days=1)) == []


def test_a_step_that_counts_from_another_is_held_by_the_day_it_comes_on():
    later = replace(AGENCY, days=7, after="second_reminder")
    assert faults(ladder(FIRST, SECOND, later)) == []
    assert faults(ladder(FIRST, SECOND, later, replace(LEGAL, days=18))) == []
    assert is_found(ladder(FIRST, SECOND, later, replace(LEGAL, days=17)), "overlap", "legal", "days")
    assert is_found(ladder(FIRST, SECOND, replace(later, days=0)), "overlap", "agency", "days")


def test_two_steps_have_two_names():
    again = replace(SECOND, name="friendly_reminder")
    assert is_found(ladder(FIRST, again), "same_name", "friendly_reminder", "name")
    assert faults(ladder(FIRST, again))[0].place == 1


@pytest.mark.parametrize(("after", "rule"), [("friendly_reminder", "loop"), ("agency", "loop"), ("x", "unknown_step")])
def test_a_step_counts_from_one_before_it(after, rule):
    assert is_found(ladder(replace(FIRST, after=after), SECOND, AGENCY), rule, "friendly_reminder", "after")


def test_no_step_counts_from_a_notice_which_may_lapse():
    notice = Step("notice", -3, ("email",), lapses_when_due=True)
    policy = ladder(notice, replace(FIRST, days=9, after="notice"))
    assert is_found(policy, "after_notice", "friendly_reminder", "after")


def test_a_returned_payment_starts_again_at_a_step_of_the_ladder():
    policy = ladder(FIRST, start_again_at="second_reminder")
    assert is_found(policy, "unknown_step", None, "returned_payment.start_again_at")


@pytest.mark.parametrize(
    ("levels", "is_fault"),
    [
        ((1, 2), False),
        ((1, 1), False),
        ((0, 1), False),
        ((1, 0), False),
        ((2, 2), True),
        ((1, 3), True),
        ((2, 1), True),
    ],
)
def test_the_dunning_level_stays_or_rises_by_one(levels, is_fault):
    policy = ladder(replace(FIRST, level=levels[0]), replace(SECOND, level=levels[1]))
    assert ("level_jumps" in {rule for rule, _, _ in found(policy)}) == is_fault


def test_levels_rise_by_one_for_businesses_and_for_consumers_by_themselves():
    for_one = replace(SECOND, when=FOR_BUSINESSES)
    third = Step("third", 20, BOTH, level=3)
    assert is_found(ladder(FIRST, for_one, third), "level_jumps", "third", "level")
    assert faults(ladder(FIRST, for_one, replace(third, when=FOR_BUSINESSES))) == []


def test_contacts_keep_the_quiet_days():
    assert faults(ladder(FIRST, replace(SECOND, days=6))) == []
    assert is_found(ladder(FIRST, replace(SECOND, days=5)), "quiet_days", "second_reminder", "days")


def test_a_decision_is_no_contact_and_disturbs_nobody():
    assert faults(ladder(FIRST, replace(AGENCY, days=4))) == []
    assert is_found(ladder(FIRST, Step("call", 4, task=CALL)), "quiet_days", "call", "days")


def test_contacts_of_businesses_do_not_count_for_consumers():
    policy = ladder(replace(FIRST, when=FOR_BUSINESSES), replace(SECOND, days=4, level=1, when=FOR_CONSUMERS))
    assert faults(policy) == []


# A step by itself


@pytest.mark.parametrize(
    ("wrong", "rule", "key"),
    [
        ({"channels": ("email", "fax")}, "unknown_channel", "channels.1"),
        ({"tone": "rude"}, "unknown_tone", "tone"),
        ({"task": StepTask("duel")}, "unknown_task", "task.kind"),
        ({"when": Condition(customers="friends")}, "unknown_debtors", "when.customers"),
        ({"when": Condition(unless=("paid",))}, "unknown_exclusion", "when.unless.0"),
        ({"when": Condition((Amount("EUR", 0),))}, "not_positive", "when.open_at_least.EUR"),
        ({"when": Condition((Amount("XXX", 1),))}, "unknown_currency", "when.open_at_least.XXX"),
        ({"when": Condition(contacts_at_least=-1)}, "out_of_range", "when.contacts_at_least"),
        ({"shows": ("rates",)}, "unknown_charge", "shows.0"),
        ({"charges": (Charge("tip"),)}, "unknown_charge", "charges.0.kind"),
        ({"charges": (INTEREST, Charge("fee"))}, "fee_without_amount", "charges.1.kind"),
        ({"charges": (Charge("interest", Amount("EUR", 1)),)}, "interest_with_amount", "charges.0.amount"),
        ({"charges": (Charge("fee", Amount("EUR", 0)),)}, "not_positive", "charges.0.amount"),
        ({"channels": ()}, "nothing_to_do", "name"),
        ({"lapses_when_due": True}, "lapses_after_due", "lapses_when_due"),
        ({"pay_within_days": 0}, "out_of_range", "pay_within_days"),
        ({"pay_within_days": 366}, "out_of_range", "pay_within_days"),
        ({"days": 3651}, "out_of_range", "days"),
        ({"days": -366}, "out_of_range", "days"),
        ({"level": -1}, "out_of_range", "level"),
        ({"name": "First Reminder"}, "bad_name", "name"),
    ],
)
def test_what_is_wrong_with_a_step_is_named_by_rule_and_key(wrong, rule, key):
    policy = ladder(replace(FIRST, **({"level": 0} | wrong)))
    assert is_found(policy, rule, policy.steps[0].name, key)


def test_an_unknown_channel_is_told_with_those_there_are():
    [fault] = faults(ladder(replace(FIRST, channels=("fax",))))
    assert fault.message == 'channel "fax" is unknown; channels are email, letter, phone, visit'


def test_what_is_shown_of_a_name_is_short_and_printable():
    [fault] = faults(ladder(replace(FIRST, tone="a\x1b[31m" + "x" * 100)))
    assert '"a?[31m' in fault.message
    assert len(fault.message) < 120


def test_a_notice_may_come_on_the_due_day_and_not_after():
    assert faults(ladder(Step("due_today", 0, ("email",), lapses_when_due=True))) == []
    assert is_found(
        ladder(Step("late", 1, ("email",), lapses_when_due=True)), "lapses_after_due", "late", "lapses_when_due"
    )


def test_a_step_for_those_to_whom_the_policy_does_not_apply_is_never_taken():
    policy = ladder(FIRST, replace(SECOND, when=FOR_CONSUMERS), applies_to="businesses")
    assert is_found(policy, "never_taken", "second_reminder", "when.customers")


# The policy itself


@pytest.mark.parametrize(
    ("wrong", "rule", "key"),
    [
        ({"name": "Ours: best"}, "bad_name", "name"),
        ({"jurisdiction": "FR"}, "unknown_jurisdiction", "jurisdiction"),
        ({"applies_to": "all"}, "unknown_debtors", "applies_to"),
        ({"one_contact_per": "entity"}, "unknown_value", "one_contact_per"),
        ({"late": "skip"}, "unknown_value", "late"),
        ({"quiet_days": -1}, "out_of_range", "quiet_days"),
        ({"quiet_days": 61}, "out_of_range", "quiet_days"),
        ({"most_contacts_a_day": 1_000_001}, "out_of_range", "most_contacts_a_day"),
        ({"stale_bank_days": 366}, "out_of_range", "stale_bank_days"),
        ({"most_contacts_a_day": 0}, "out_of_range", "most_contacts_a_day"),
        ({"stale_bank_days": -1}, "out_of_range", "stale_bank_days"),
        ({"least_amount": (Amount("EUR", 0),)}, "not_positive", "least_amount.EUR"),
        ({"broken_promise": StepTask("shout")}, "unknown_task", "broken_promise.task.kind"),
        ({"plan": PlanRules(0)}, "out_of_range", "plan.broken_after_days"),
    ],
)
def test_what_is_wrong_with_the_policy_is_named_by_rule_and_key(wrong, rule, key):
    assert is_found(replace(ladder(FIRST), **wrong), rule, None, key)


def test_bounds_are_within():
    policy = ladder(replace(FIRST, pay_within_days=1), quiet_days=60, most_contacts_a_day=1, stale_bank_days=0)
    assert faults(policy) == []
    most = ladder(replace(FIRST, days=3650, pay_within_days=365), most_contacts_a_day=1_000_000, stale_bank_days=365)
    assert faults(most) == []


def test_a_policy_has_steps_and_not_too_many():
    assert is_found(ladder(), "steps", None, "step")
    many = [Step(f"step_{n}", 3 * n, ("email",)) for n in range(101)]
    assert faults(ladder(*many[:-1])) == []
    assert is_found(ladder(*many), "steps", None, "step")


def test_all_that_is_wrong_is_said_at_once_the_policy_first():
    policy = ladder(replace(FIRST, tone="rude"), replace(SECOND, channels=("fax",)), late="skip")
    assert [rule for rule, _, _ in found(policy)] == ["unknown_value", "unknown_tone", "unknown_channel"]


# The law, wherever it is


@pytest.mark.parametrize("jurisdiction", [None, "DE", "NL", "GB"])
@pytest.mark.parametrize("charge", [INTEREST, COMPENSATION])
def test_nothing_is_charged_before_the_day_after_the_due_day(jurisdiction, charge):
    on_due_day = Step("due_today", 0, BOTH, charges=(charge,))
    policy = ladder(on_due_day, jurisdiction=jurisdiction, applies_to="businesses")
    assert is_found(policy, "charge_before_default", "due_today", "charges.0")
    day_after = replace(on_due_day, name="after", days=1)
    assert faults(ladder(day_after, jurisdiction=jurisdiction, applies_to="businesses")) == []


def test_the_fixed_compensation_is_not_asked_of_consumers():
    policy = ladder(FIRST, replace(SECOND, charges=(COMPENSATION,)))
    assert is_found(policy, "compensation_from_consumer", "second_reminder", "charges.0")
    assert faults(replace(policy, applies_to="businesses")) == []
    assert faults(ladder(FIRST, replace(SECOND, charges=(COMPENSATION,), when=FOR_BUSINESSES))) == []


WARNING = Step("bureau_warning", 28, ("letter",), "last", when=FOR_BUSINESSES)
REPORT = Step("bureau_report", 31, task=DECISION, when=FOR_BUSINESSES)


def test_a_bureau_is_told_only_after_a_warning():
    assert faults(ladder(FIRST, WARNING, REPORT)) == []
    assert is_found(ladder(FIRST, REPORT), "report_without_warning", "bureau_report", "days")
    late = replace(WARNING, days=35)
    assert is_found(ladder(FIRST, REPORT, late), "report_without_warning", "bureau_report", "days")


@pytest.mark.parametrize(
    "narrower",
    [
        Condition((Amount("EUR", 100_00),), "businesses"),
        Condition(customers="businesses", unless=("disputed",)),
        Condition(customers="businesses", risk_classes=("D", "E")),
        Condition(customers="businesses", contacts_at_least=5),
    ],
)
def test_a_warning_that_may_be_left_out_is_none(narrower):
    warning = replace(WARNING, when=narrower)
    assert is_found(ladder(FIRST, warning, REPORT), "report_without_warning", "bureau_report", "days")
    assert faults(ladder(FIRST, warning, replace(REPORT, when=narrower))) == []
    from_warning = replace(REPORT, days=3, after="bureau_warning")
    assert faults(ladder(FIRST, warning, from_warning)) == [], "without the warning it is not taken"


def test_nor_is_one_that_a_returned_payment_passes_over():
    policy = ladder(FIRST, WARNING, REPORT, start_again_at="bureau_report")
    assert is_found(policy, "report_without_warning", "bureau_report", "days")
    assert faults(ladder(FIRST, WARNING, REPORT, start_again_at="bureau_warning")) == []


def test_nor_is_one_that_lapses():
    lapsing = replace(WARNING, days=-3, lapses_when_due=True)
    policy = ladder(lapsing, FIRST, REPORT, start_again_at="bureau_warning")
    assert is_found(policy, "report_without_warning", "bureau_report", "days")


def test_what_a_warning_counts_from_must_be_sure_as_well():
    some = replace(FIRST, when=FROM_50)
    warning = replace(WARNING, days=20, after="friendly_reminder")
    assert is_found(ladder(some, warning, REPORT), "report_without_warning", "bureau_report", "days")
    assert faults(ladder(FIRST, warning, REPORT)) == []


def test_invoices_of_consumers_are_not_reported():
    everyone = Condition()
    policy = ladder(FIRST, replace(WARNING, when=everyone), replace(REPORT, when=everyone))
    assert is_found(policy, "report_of_consumer", "bureau_report", "when.customers")
    assert faults(replace(policy, applies_to="businesses")) == []


# Germany


def test_in_germany_the_first_reminder_is_free():
    first, second = replace(FIRST, charges=(FEE,)), replace(SECOND, charges=(FEE,))
    assert is_found(ladder(first, SECOND, jurisdiction="DE"), "first_reminder_free", "friendly_reminder", "charges.0")
    assert faults(ladder(FIRST, second, jurisdiction="DE")) == []
    assert faults(ladder(first, second)) == [], "it is the law of Germany alone"


def test_in_germany_a_first_reminder_that_may_be_left_out_makes_the_second_the_first():
    second = replace(SECOND, charges=(FEE,))
    some = replace(FIRST, when=FROM_50)
    assert is_found(ladder(some, second, jurisdiction="DE"), "first_reminder_free", "second_reminder", "charges.0")
    assert faults(ladder(some, replace(second, when=FROM_50), jurisdiction="DE")) == []


def test_in_germany_a_notice_before_the_due_day_is_no_reminder():
    notice = Step("notice_3", -3, ("email",), lapses_when_due=True)
    policy = ladder(notice, replace(FIRST, charges=(FEE,)), jurisdiction="DE")
    assert is_found(policy, "first_reminder_free", "friendly_reminder", "charges.0")


def test_in_germany_neither_a_call_nor_a_letter_on_the_due_day_is_the_first_reminder():
    charged = replace(FIRST, days=8, charges=(FEE,))
    for before in (Step("due_today", 0, BOTH), Step("call", 3, task=CALL)):
        policy = ladder(before, charged, jurisdiction="DE")
        assert is_found(policy, "first_reminder_free", "friendly_reminder", "charges.0")
    assert faults(ladder(Step("day_after", 1, BOTH), charged, jurisdiction="DE")) == []


# The Netherlands


LETTER = Step("fourteen_day_letter", 10, BOTH, "last", pay_within_days=15)
COSTS = Step("costs", 31, BOTH, charges=(FEE,))


def dutch(*steps: Step, **policy) -> Policy:
    return ladder(*steps, jurisdiction="NL", **policy)


def test_dutch_consumers_are_charged_costs_only_after_the_free_letter():
    assert faults(dutch(LETTER, COSTS)) == []
    assert is_found(dutch(FIRST, COSTS), "costs_without_free_letter", "costs", "charges.0")
    friendly = replace(LETTER, tone="firm")
    assert is_found(dutch(friendly, COSTS), "costs_without_free_letter", "costs", "charges.0")
    assert faults(dutch(friendly, COSTS, applies_to="businesses")) == [], "businesses owe them at once"


def test_dutch_consumers_owe_interest_without_the_letter():
    assert faults(dutch(FIRST, replace(COSTS, charges=(INTEREST,)))) == []
    both = replace(COSTS, charges=(INTEREST, FEE))
    assert is_found(dutch(FIRST, both), "costs_without_free_letter", "costs", "charges.1")


def test_a_dutch_letter_with_costs_is_not_the_free_one():
    policy = dutch(replace(LETTER, charges=(FEE,)))
    assert is_found(policy, "costs_without_free_letter", "fourteen_day_letter", "charges.0")
    with_more = dutch(replace(LETTER, charges=(FEE,)), COSTS)
    assert [step for _, step, _ in found(with_more)] == ["fourteen_day_letter", "costs"]


def test_the_dutch_letter_gives_14_days_from_the_day_after_receipt():
    assert is_found(
        dutch(replace(LETTER, pay_within_days=14), COSTS), "costs_without_free_letter", "costs", "charges.0"
    )


def test_between_the_dutch_letter_and_the_costs_lie_16_days_though_days_off_move_the_letter():
    assert is_found(dutch(LETTER, replace(COSTS, days=30)), "costs_without_free_letter", "costs", "charges.0")
    counted = replace(COSTS, after="fourteen_day_letter")
    assert faults(dutch(LETTER, replace(counted, days=16))) == []
    assert is_found(dutch(LETTER, replace(counted, days=15)), "costs_without_free_letter", "costs", "charges.0")


# Norway


def norwegian(*steps: Step, **policy) -> Policy:
    return ladder(*steps, jurisdiction="NO", **policy)


def test_in_norway_a_fee_waits_until_the_14th_day_after_the_due_day():
    fee = Step("purring", 14, BOTH, charges=(NOK_FEE,))
    assert faults(norwegian(fee)) == []
    assert is_found(norwegian(replace(fee, days=13)), "fee_before_day_14", "purring", "charges.0")


def test_in_norway_a_fee_is_charged_in_writing():
    for how in ({"channels": (), "task": CALL}, {"channels": ("letter", "phone")}):
        call = replace(Step("call", 20, charges=(NOK_FEE,)), **how)
        assert is_found(norwegian(FIRST, call), "fee_not_in_writing", "call", "charges.0")


def test_in_norway_a_fee_is_charged_twice_at_the_most():
    first = Step("one", 14, BOTH, charges=(NOK_FEE,), pay_within_days=14)
    second = replace(first, name="two", after="one")
    third = replace(first, name="three", after="two")
    assert faults(norwegian(first, second)) == []
    assert is_found(norwegian(first, second, third), "third_fee", "three", "charges.0")


def test_in_norway_the_second_fee_comes_after_the_14_days_of_the_first():
    first = Step("one", 14, BOTH, charges=(NOK_FEE,), pay_within_days=14)
    second = replace(first, name="two", after="one")
    assert is_found(norwegian(first, replace(second, days=13)), "second_fee_too_early", "two", "charges.0")
    short = replace(first, pay_within_days=13)
    assert is_found(norwegian(short, second), "second_fee_too_early", "two", "charges.0")
    by_due_day = replace(second, after=None, days=33)
    assert faults(norwegian(first, by_due_day)) == []
    assert is_found(norwegian(first, replace(by_due_day, days=32)), "second_fee_too_early", "two", "charges.0")


def test_without_lateness_moving_along_nothing_is_sure_to_lie_between_two_steps():
    first = Step("one", 14, BOTH, charges=(NOK_FEE,), pay_within_days=14)
    second = replace(first, name="two", days=100)
    assert is_found(norwegian(first, second, late="compress"), "second_fee_too_early", "two", "charges.0")
    assert faults(norwegian(first, replace(second, days=14, after="one"), late="compress")) == []


@pytest.mark.parametrize(
    ("on", "tone", "most"),
    [
        (date(2020, 10, 1), "firm", 35_00),
        (date(2020, 10, 1), "formal", 105_00),
        (date(2025, 12, 31), "firm", 35_00),
        (date(2026, 1, 1), "firm", 37_50),
        (date(2025, 12, 31), "formal", 105_00),
        (date(2026, 1, 1), "formal", 112_50),
    ],
)
def test_in_norway_the_fee_has_a_limit_that_changes_with_the_collection_rate(on, tone, most):
    notice = Step("collection_notice", 14, BOTH, "last", pay_within_days=14)
    step = Step("charged", 14, BOTH, tone, after="collection_notice", charges=(Charge("fee", Amount("NOK", most)),))
    assert faults(norwegian(notice, step), on) == []
    more = replace(step, charges=(Charge("fee", Amount("NOK", most + 1)),))
    assert is_found(norwegian(notice, more), "fee_too_high", "charged", "charges.0", on)


NOTICE = Step("collection_notice", 28, BOTH, "last", pay_within_days=14)


def test_in_norway_nothing_is_handed_over_before_the_collection_notice_and_its_14_days():
    for after in (replace(AGENCY, days=47), replace(LEGAL, days=47)):
        assert faults(norwegian(FIRST, NOTICE, after)) == []
        assert is_found(norwegian(FIRST, after), "collection_without_notice", after.name, "days")
        early = replace(after, days=46)
        assert is_found(norwegian(FIRST, NOTICE, early), "collection_without_notice", after.name, "days")
    demand = Step("payment_demand", 30, BOTH, "formal")
    assert is_found(norwegian(FIRST, demand), "collection_without_notice", "payment_demand", "tone")


def test_in_norway_the_collection_notice_gives_14_days():
    short = replace(NOTICE, pay_within_days=13)
    assert is_found(norwegian(FIRST, short, AGENCY), "collection_without_notice", "agency", "days")


# The United Kingdom


ACTION = Step("letter_before_action", 38, BOTH, "formal")


def british(*steps: Step, **policy) -> Policy:
    return ladder(*steps, jurisdiction="GB", **policy)


def test_in_the_united_kingdom_an_individual_is_given_30_days_before_the_court():
    court = replace(LEGAL, days=30, after="letter_before_action")
    assert faults(british(FIRST, ACTION, court)) == []
    early = replace(court, days=29)
    assert is_found(british(FIRST, ACTION, early), "court_before_day_30", "legal", "days")


def test_days_between_two_steps_are_counted_over_the_steps_that_lie_between():
    between = Step("agency", 10, task=DECISION, after="letter_before_action")
    court = replace(LEGAL, days=20, after="agency")
    assert faults(british(FIRST, ACTION, between, court)) == []
    early = british(FIRST, ACTION, between, replace(court, days=19))
    assert is_found(early, "court_before_day_30", "legal", "days")
    # The letter may be late, and a court that counts from a step before it would not wait.
    from_before = replace(LEGAL, days=100, after="friendly_reminder")
    assert {rule for rule, _, _ in found(british(FIRST, ACTION, from_before))} == {
        "court_before_day_14",
        "court_before_day_30",
    }


def test_in_the_united_kingdom_a_company_is_given_14_days_before_the_court():
    court = replace(LEGAL, days=14, after="letter_before_action")
    assert faults(british(FIRST, ACTION, court, applies_to="businesses")) == []
    early = british(FIRST, ACTION, replace(court, days=13), applies_to="businesses")
    assert is_found(early, "court_before_day_14", "legal", "days")


def test_the_letter_before_action_is_the_last_one_before_the_court():
    last = Step("one_more", 10, BOTH, after="letter_before_action")
    policy = british(FIRST, ACTION, last, replace(LEGAL, days=78))
    assert is_found(policy, "court_before_day_30", "legal", "days")
    assert faults(british(FIRST, ACTION, replace(LEGAL, days=78))) == []


def test_without_a_letter_there_is_no_court():
    rules = {rule for rule, _, _ in found(british(Step("call", 3, task=CALL), LEGAL))}
    assert rules == {"court_before_day_14", "court_before_day_30"}


# The table


def test_every_rule_has_a_sentence_a_source_and_debtors_it_protects():
    for code, rules in law.LAW.items():
        for rule in rules:
            assert rule.sentence and rule.source and rule.sources in (1, 2), (code, rule.id)
            assert {*rule.debtors} <= {"businesses", "consumers"}
            assert rule.debtors and rule.from_on <= rule.until_on


def test_the_law_of_a_jurisdiction_has_what_holds_everywhere():
    assert {None, *law.JURISDICTIONS} == {None, "DE", "NL", "NO", "GB"}
    assert all({*law.EVERYWHERE} <= {*rules} for rules in law.LAW.values())
