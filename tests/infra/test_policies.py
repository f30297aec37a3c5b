"""A policy as it is written: read with the line and the rule of all that is wrong, whoever wrote it."""

import json
import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.policy import Policies
from domain.policy.document import Amount, Charge, Condition, PlanRules, Policy, Step, StepTask
from domain.policy.validating import faults
from infra.policies.places import Keys, line_of, places
from infra.policies.reading import BadPolicy, decoded, read_policy
from infra.policies.shipped import LADDERS, first_version, shipped

PLAIN = """\
# Ours.
name = "ours"

[[step]]
name = "friendly_reminder"
days = 3
channels = ["email"]
"""
WHOLE = """\
name = "whole"
jurisdiction = "NO"
applies_to = "businesses"
one_contact_per = "invoice"
quiet_days = 4
least_amount = { EUR = "5.00", NOK = "50" }
late = "compress"
most_contacts_a_day = 500
stale_bank_days = 2

[[step]]
name = "notice_7"
days = -7
channels = ["email"]
lapses_when_due = true

[[step]]
name = "reminder"
days = 14
channels = ["letter", "email"]
tone = "firm"
level = 1
shows = ["interest"]
charges = [{ kind = "fee", amount = "35.00", currency = "NOK" }, { kind = "interest" }]
pay_within_days = 14

[[step]]
name = "visit"
days = 10
after = "reminder"
task = { kind = "visit", holds = true, script = "last", approval = true }

[step.when]
open_at_least = { NOK = "1,000.00" }
customers = "businesses"
unless = ["disputed", "legal"]
risk_classes = ["D", "E"]
contacts_at_least = 1

[returned_payment]
start_again_at = "reminder"

[broken_promise]
task = { kind = "call" }

[plan]
broken_after_days = 3
accelerate = true
"""


def findings(text: str, on: date = date.max) -> list[str]:
    with pytest.raises(BadPolicy) as bad:
        read_policy(text, on)
    assert bad.value.code == "bad_policy"
    return [str(each) for each in bad.value.findings]


# What is read


def test_every_key_is_read():
    assert read_policy(WHOLE) == Policy(
        "whole",
        (
            Step("notice_7", -7, ("email",), lapses_when_due=True),
            Step(
                "reminder",
                14,
                ("letter", "email"),
                "firm",
                1,
                shows=("interest",),
                charges=(Charge("fee", Amount("NOK", 35_00)), Charge("interest")),
                pay_within_days=14,
            ),
            Step(
                "visit",
                10,
                after="reminder",
                task=StepTask("visit", True, "last", True),
                when=Condition((Amount("NOK", 1000_00),), "businesses", ("disputed", "legal"), ("D", "E"), 1),
            ),
        ),
        "NO",
        "businesses",
        "invoice",
        4,
        (Amount("EUR", 5_00), Amount("NOK", 50_00)),
        "compress",
        500,
        2,
        "reminder",
        StepTask("call"),
        PlanRules(3, True),
    )


def test_what_is_left_out_is_as_by_default():
    step = Step("friendly_reminder", 3, ("email",))
    assert read_policy(PLAIN) == Policy("ours", (step,))
    assert read_policy(PLAIN.replace("# Ours.", 'jurisdiction = ""')).jurisdiction is None


def test_a_returned_payment_starts_again_at_the_first_step_that_is_no_notice():
    notice = '[[step]]\nname = "notice"\ndays = -1\nchannels = ["email"]\nlapses_when_due = true\n'
    renamed = PLAIN.replace("friendly_reminder", "first").replace("[[step]]", notice + "[[step]]")
    assert read_policy(renamed).start_again_at == "first"


# What is wrong, by line and rule


@pytest.mark.parametrize(
    ("was", "wrong", "line"),
    [
        ("", "x = 1\n", "line 1: x is no key here; keys are step, name,"),
        ("[[step]]", "colour = 1\n[[step]]", "line 4: colour is no key here; keys are"),
        ('["email"]', '["email"]\nchanels = 1', "line 8: step friendly_reminder: chanels is no key here; did you mean"),
        ('name = "ours"', "", "line 1: name is missing: it is text [missing_key]"),
        ("days = 3\n", "", "line 4: step friendly_reminder: days is missing: it is a whole number [missing_key]"),
        ('name = "friendly_reminder"', "", "line 4: step number 1: name is missing: it is text [missing_key]"),
        ("days = 3", "days = 3.5", "line 6: step friendly_reminder: days must be a whole number, not a number with"),
        ("days = 3", 'days = "3"', "line 6: step friendly_reminder: days must be a whole number, not text"),
        ("days = 3", "days = true", "line 6: step friendly_reminder: days must be a whole number, not true or false"),
        ("days = 3", "days = 2026-01-05", "line 6: step friendly_reminder: days must be a whole number, not a day"),
        ('["email"]', '"email"', "line 7: step friendly_reminder: channels must be a list, not text [wrong_type]"),
        ('["email"]', '[\n"email",\n1]', "line 9: step friendly_reminder: channels must be a list of texts"),
        ('["email"]', '[\n"email",\n# or by\n"fax"]', 'line 10: step friendly_reminder: channel "fax" is unknown'),
        ('["email"]', '["email"]\ntask = 1', "line 8: step friendly_reminder: task must be a table, not a whole"),
        ('["email"]', '["email"]\ntask = {}', "line 8: step friendly_reminder: kind is missing: it is text"),
        ('["email"]', '["email"]\ntask = { kind = "duel" }', 'line 8: step friendly_reminder: task "duel" is unknown'),
        ('["email"]', '["email"]\nholds = true', "line 8: step friendly_reminder: holds is no key here"),
        (
            '["email"]',
            '["email"]\n[step.when]\nunless = ["a"]',
            'line 9: step friendly_reminder: exclusion "a" is unkn',
        ),
        ('["email"]', '["email"]\nwhen.unless = ["a"]', 'line 8: step friendly_reminder: exclusion "a" is unknown'),
        ('["email"]', '["email"]\ncharges = [1]', "line 8: step friendly_reminder: charges must be a list of tables"),
        (
            '["email"]',
            '["email"]\ncharges = [\n{ kind = "interest" },\n{ kind = "fee", amount = "5" }]',
            "line 10: step friendly_reminder: currency is missing: amount and currency go together [missing_key]",
        ),
        (
            '["email"]',
            '["email"]\n[[step.charges]]\nkind = "interest"\n[[step.charges]]\nkind = "tip"',
            'line 11: step friendly_reminder: charge "tip" is unknown',
        ),
        ("# Ours.", 'least_amount = { EUR = "five" }', "line 1: 'five' is not an amount such as 1,234.56 [not_an_amo"),
        ("# Ours.", "least_amount = { EUR = 5 }", 'line 1: an amount is text such as "250.00", not a whole number'),
        (
            "# Ours.",
            'least_amount = { EUR = "5.001" }',
            "line 1: '5.001' has 3 decimals, EUR has 2 [too_many_decimals]",
        ),
        (
            "# Ours.",
            'least_amount = { XXX = "5" }',
            "line 1: 'XXX' is not an ISO 4217 currency code [unknown_currency]",
        ),
        ("# Ours.", 'least_amount = { EUR = "0" }', "line 1: the amount must be more than zero [not_positive]"),
        ("# Ours.", "quiet_days = -1", "line 1: quiet_days is -1, not 0 to 60 [out_of_range]"),
        ("# Ours.", "quiet_days = 9999999999999999999999", "line 1: quiet_days is far, not 0 to 60 [out_of_range]"),
        ("# Ours.", "plan = { broken_after_days = 0 }", "line 1: plan.broken_after_days is 0, not 1 to 365"),
        ("# Ours.", "step = 1", "line 4: Cannot overwrite a value (column 7) [not_toml]"),
        ("days = 3", "days = ", "line 6: Invalid value (column 8) [not_toml]"),
        ("days = 3", 'days = "\\u0000"', "line 6: step friendly_reminder: days must be"),
        ('"ours"', '"ou\\u0000rs"', "line 2: name must be up to 200 printable characters [bad_text]"),
        ('"ours"', f'"{"x" * 201}"', "line 2: name must be up to 200 printable characters [bad_text]"),
        (
            '"ours"',
            '"ours"\njurisdiction = "FR"',
            'line 3: the law of "FR" is unknown; jurisdictions are DE, NL, NO, GB',
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_rule(was, wrong, line):
    text = PLAIN.replace(was, wrong, 1)
    assert any(each.startswith(line) for each in findings(text)), findings(text)


def test_an_unlawful_step_is_named_with_its_line_and_rule_and_the_law():
    text = (
        PLAIN.replace("# Ours.", 'jurisdiction = "DE"') + 'charges = [{ kind = "fee", amount = "2", currency = "EUR" }]'
    )
    assert findings(text) == [
        "line 8: step friendly_reminder: the reminder that itself causes default carries no fee (Germany); "
        "here fee is charged with the first [first_reminder_free]"
    ]


def test_the_law_is_that_of_a_day():
    text = WHOLE.replace('"35.00"', '"37.50"')
    assert read_policy(text, date(2026, 1, 1))
    assert findings(text, date(2025, 12, 31))[0].startswith("line 24: step reminder: a reminder fee is at most 1/20")


def test_all_that_is_wrong_is_said_in_the_order_of_the_lines():
    text = (
        PLAIN.replace('"email"', '"fax"').replace("days = 3", 'days = 3\ntone = "rude"').replace("# Ours.", 'late = ""')
    )
    assert [each.partition(":")[0] for each in findings(text)] == ["line 1", "line 7", "line 8"]
    with pytest.raises(BadPolicy) as bad:
        read_policy(text)
    assert bad.value.message == "; ".join(findings(text))


def test_of_very_many_faults_the_first_are_shown_and_the_others_counted():
    text = PLAIN + "".join(f"k{n} = 1\n" for n in range(50))
    with pytest.raises(BadPolicy) as bad:
        read_policy(text)
    assert len(bad.value.findings) == 50
    assert bad.value.message.endswith("; and 30 more")


# Who wrote it may mean harm


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#" * (64 * 1024 + 1), "a policy has at most 64 KB [too_large]"),
        ("ø" * (32 * 1024 + 1), "a policy has at most 64 KB [too_large]"),
        ("a = " + "[" * 60_000, "tables and lists are nested too deeply [not_toml]"),
        ("a = " + "{a=" * 20_000, "tables and lists are nested too deeply [not_toml]"),
        ("a = " + "9" * 60_000, "a number has thousands of digits [not_toml]"),
        ("", "name is missing: it is text [missing_key]"),
        ("\0", "line 1: Invalid statement (column 1) [not_toml]"),
        ("name = 'x'\nname = 'y'", "Cannot overwrite a value"),
        ("step = []\nname = 'x'", "a policy has 1 to 100 steps, each under [[step]] [steps]"),
        ("[[step]]\nname='a'\ndays=1\n" * 2_500 + "[plan]", "name is missing: it is text [missing_key]"),
        ("name = 'x'\n" + "[[step]]\nname='a'\ndays=1\n" * 2_500, "a policy has 1 to 100 steps"),
    ],
)
def test_a_hostile_document_is_refused_soon_and_in_one_sentence(text, said):
    assert said in findings(text)[0]


def test_a_document_of_deep_tables_that_can_be_read_is_refused_too():
    depth = 150
    assert "is no key here" in findings("a = " + "[" * depth + "]" * depth)[-1]


def test_bytes_that_are_no_text_are_refused_with_their_line():
    with pytest.raises(BadPolicy, match="line 2: it is no text in UTF-8"):
        decoded(b"# a\n\xff\xfe")
    with pytest.raises(BadPolicy, match="64 KB"):
        decoded(b"#" * (64 * 1024 + 1))
    assert decoded(b"\xef\xbb\xbf# a") == "# a"


# On which line a key stands


def test_every_way_to_write_a_key_has_its_line():
    text = """\
'a.b' = 1 # one
"c\\u0041" . d = [ 1, # [
  "]", '''
#'''
  , { e = "}", f = [] } ]
[t . u] # [v]
g = \"\"\"
x = 1
\"\"\"\"\"
[[w]]
[w.x]
y = 2026-01-05 07:00:00
[[w]]
[[w.z]]
q = 1
[[w.z]]
q = 2
"""
    tomllib.loads(text)
    assert places(text) == {
        (): 1, ("a.b",): 1, ("cA",): 2, ("cA", "d"): 2, ("cA", "d", 0): 2, ("cA", "d", 1): 3, ("cA", "d", 2): 3,
        ("cA", "d", 3): 5, ("cA", "d", 3, "e"): 5, ("cA", "d", 3, "f"): 5, ("t", "u"): 6, ("t", "u", "g"): 7,
        ("w",): 10, ("w", 0): 10, ("w", 0, "x"): 11, ("w", 0, "x", "y"): 12, ("w", 1): 13, ("w", 1, "z"): 14,
        ("w", 1, "z", 0): 14, ("w", 1, "z", 0, "q"): 15, ("w", 1, "z", 1): 16, ("w", 1, "z", 1, "q"): 17,
    }  # fmt: skip


def test_what_is_missing_stands_where_it_should_be():
    assert line_of({(): 1, ("step",): 4, ("step", 0): 4}, ("step", 0, "task", "kind")) == 4


class Written:
    """A document as it grows, and the line of everything in it."""

    def __init__(self, draw: Any):
        self.draw, self.text = draw, ""
        self.lines: dict[Keys, int] = {(): 1}

    def note(self, path: Keys) -> None:
        self.lines.setdefault(path, self.text.count("\n") + 1)

    def key(self, name: str) -> str:
        return str(self.draw(st.sampled_from([json.dumps(name, ensure_ascii=False), *[name] * name.isascii()])))

    def value(self, value: Any, path: Keys) -> None:
        if isinstance(value, dict):
            self.text += "{"
            for n, (name, each) in enumerate(value.items()):
                self.text += ", " * (n > 0)
                self.pair(name, each, path)
            self.text += self.draw(st.sampled_from(["}", " }"]))
        elif isinstance(value, list):
            self.text += "[" + self.gap()
            for n, each in enumerate(value):
                self.text += ("," + self.gap()) * (n > 0)
                self.note((*path, n))
                self.value(each, (*path, n))
                self.text += self.gap()
            self.text += "]"
        else:
            self.text += json.dumps(value, ensure_ascii=False)

    def pair(self, name: str, value: Any, path: Keys) -> None:
        self.note((*path, name))
        self.text += self.key(name) + self.draw(st.sampled_from(["=", " = "]))
        self.value(value, (*path, name))

    def gap(self) -> str:
        return str(self.draw(st.sampled_from(["", " ", "\n", " # ] } = 1\n", "\n\n  # [[x]]\n"])))


NAMES = st.sampled_from(["a", "b", "name", "days", "0", "-", "ø", "k-1"])
TEXTS = st.text(st.sampled_from("ab \"\\#[]{}=,\n'ø"), max_size=12)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.integers(-9, 9) | st.booleans() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
TABLES = st.dictionaries(NAMES, VALUES, max_size=3)


@settings(max_examples=200)
@given(st.data(), TABLES, st.lists(TABLES, max_size=4), TABLES)
def test_every_shape_of_a_document_has_its_lines(data, above, steps, plan):
    document = Written(data.draw)
    for name, value in above.items():
        document.pair(name, value, ())
        document.text += document.gap().rstrip(" ") + "\n"
    for n, step in enumerate(steps):
        document.note(("step",))
        document.note(("step", n))
        document.text += "[[step]]\n"
        for name, value in step.items():
            document.pair(name, value, ("step", n))
            document.text += "\n"
    document.note(("plan",))
    document.text += "[ plan ] # [[step]]\n"
    for name, value in plan.items():
        document.pair(name, value, ("plan",))
        document.text += "\n"

    assert tomllib.loads(document.text) == above | ({"step": steps} if steps else {}) | {"plan": plan}
    assert places(document.text) == document.lines


@settings(max_examples=300)
@given(st.text(st.sampled_from("[]{}=\"'#,.\n\\ astep1"), max_size=60))
def test_whatever_is_written_is_read_or_refused(text):
    with pytest.raises(BadPolicy):
        read_policy(text)


# What ships


@pytest.mark.parametrize("name", ["de", "gb", "general", "nl", "no"])
def test_each_ladder_that_ships_is_valid_by_the_law_of_its_jurisdiction(name):
    policy = shipped()[name]
    assert policy.name == name
    assert policy.jurisdiction == (None if name == "general" else name.upper())
    assert faults(policy) == []
    assert read_policy((LADDERS / f"{name}.toml").read_text(encoding="utf-8")) == policy


def test_there_is_one_for_each_jurisdiction_and_a_general_one():
    assert [*shipped()] == ["de", "gb", "general", "nl", "no"]


BUSINESSES = "businesses"
DECIDE, APPROVE = "decision, holds", "decision, holds, approval"


def told(step: Step) -> tuple[object, ...]:
    task = step.task
    does = ", ".join([task.kind, *["holds"] * task.holds, *["approval"] * task.approval]) if task else ""
    least = next((amount.minor for amount in step.when.open_at_least if amount.currency == "EUR"), 0)
    return step.name, step.days, step.channels, step.level, does, step.when.customers, step.when.unless, least


def test_the_general_ladder_is_the_one_that_the_project_was_asked_to_implement():
    email, both, letter, everyone = ("email",), ("email", "letter"), ("letter",), "everyone"
    assert [told(step) for step in shipped()["general"].steps] == [
        ("notice_7", -7, email, 0, "", everyone, (), 0),
        ("notice_3", -3, email, 0, "", everyone, (), 0),
        ("due_today", 0, email, 0, "call", everyone, (), 0),
        ("friendly_reminder", 3, both, 1, "", everyone, (), 0),
        ("second_reminder", 10, both, 2, "", everyone, (), 0),
        ("firm_call", 17, (), 3, "call, holds", everyone, (), 0),
        ("compromise", 24, (), 3, DECIDE, everyone, (), 0),
        ("bureau_warning", 28, letter, 4, "call, holds", BUSINESSES, ("disputed",), 0),
        ("bureau_report", 31, (), 4, DECIDE, BUSINESSES, ("disputed",), 0),
        ("factoring", 45, (), 4, DECIDE, everyone, ("factored", "placed", "legal"), 0),
        ("agency", 60, (), 4, DECIDE, everyone, ("factored", "legal"), 0),
        ("legal", 75, (), 4, APPROVE, everyone, ("factored", "placed"), 3000_00),
        ("write_off", 365, (), 4, APPROVE, everyone, (), 0),
    ]


def test_in_the_general_ladder_notices_lapse_and_everything_else_does_not():
    policy = shipped()["general"]
    assert [step.name for step in policy.steps if step.lapses_when_due] == ["notice_7", "notice_3", "due_today"]
    assert [step.tone for step in policy.steps] == [*["friendly"] * 4, *["firm"] * 3, *["last"] * 4, *["formal"] * 2]
    assert (policy.quiet_days, policy.late, policy.one_contact_per) == (3, "move_along", "customer")
    assert policy.start_again_at == "friendly_reminder"
    assert policy.broken_promise and not policy.broken_promise.holds
    assert policy.least("EUR") == 5_00


@pytest.mark.parametrize("name", ["de", "gb", "nl", "no"])
def test_a_ladder_of_a_jurisdiction_has_the_steps_of_the_general_one_in_its_order(name):
    general = [step.name for step in shipped()["general"].steps]
    steps = [step.name for step in shipped()[name].steps]
    assert [step for step in steps if step in general] == general
    added = {"de": "final_reminder", "gb": "letter_before_action", "nl": "fourteen_day_letter"}
    assert {*steps} - {*general} == {added.get(name, "collection_notice")}


@pytest.mark.parametrize(
    ("name", "step", "rule"),
    [
        ("nl", "fourteen_day_letter", "costs_without_free_letter"),
        ("no", "collection_notice", "collection_without_notice"),
    ],
)
def test_without_its_notice_the_ladder_would_be_unlawful(name, step, rule):
    policy = shipped()[name]
    fee = Charge("fee", Amount("NOK" if name == "no" else "EUR", 30_00))
    charged = Step("charged", 55, ("letter",), "last", 4, pay_within_days=14, charges=(fee,))

    def with_fee(*leaving: str) -> Policy:
        steps = [each for each in policy.steps if each.name not in leaving]
        steps = sorted([*steps, charged], key=lambda each: each.days)
        return Policy(name, tuple(steps), policy.jurisdiction)

    assert faults(with_fee()) == []
    assert rule in {fault.rule for fault in faults(with_fee(step, "bureau_warning", "bureau_report"))}


def test_what_ships_is_published_as_the_first_version_and_never_over_another():
    [first] = first_version("de", None)
    assert (first.version, first.policy) == (1, shipped()["de"])
    assert first_version("de", Policies((shipped()["nl"],))) == []
    assert first_version("ours", None) == []
