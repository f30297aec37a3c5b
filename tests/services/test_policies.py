"""Policies in a ledger: what ships is published once, and which one a case goes by."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from domain.case import Case
from domain.case.facts import PolicyAssigned
from domain.customer import Customer
from domain.customer.facts import Registered, TermsAgreed
from domain.entity import Entity
from domain.entry import Cause
from domain.policy import policy_stream
from domain.terms import Share
from infra.policies.shipped import shipped
from services.answers.policy_toml import as_toml

NAMES = ["de", "gb", "general", "nl", "no"]
ANN = Customer(Registered("ann"))
GENERAL = shipped()["general"]
OURS = replace(GENERAL, name="ours", quiet_days=2)
INVOICE: dict[str, object] = {"number": "R-1", "customer": "ann", "amount": "5.00", "currency": "EUR"}


def under(jurisdiction: str | None, **known) -> Customer:
    return replace(ANN, terms=TermsAgreed((Share(30, 10_000),), jurisdiction=jurisdiction), **known)


def run(app, name: str, **asked):
    """Each under a command id of its own."""
    return app.commands.run(name, asked, Cause("kim", app.new_id()))


def publish(app, policy=OURS):
    return run(app, "policy.publish", policy=policy.name, document=as_toml(policy))


def recorded(done) -> list[tuple[str, str]]:
    return [(fact.name, fact.stream) for fact in done.facts]


# What ships


def test_what_ships_is_published_once(app):
    app.policies.ensure_published()
    app.policies.ensure_published(Cause("kim", "anything"))

    entries = app.ledger.entries(0)
    assert sorted((each.stream, each.version) for each in entries) == [(f"policy:{name}", 1) for name in NAMES]
    assert {each.fact.policy.name: each.fact.policy for each in entries} == dict(shipped())
    assert {each.cause.command_id for each in entries} == {f"policy {name} 1" for name in NAMES}


def test_many_who_publish_what_ships_at_once_publish_it_once(app):
    with ThreadPoolExecutor(8) as pool:
        [*_] = pool.map(lambda n: app.policies.ensure_published(Cause(f"worker {n}", "c")), range(16))
    assert app.ledger.head().position == len(NAMES)


def test_what_is_published_under_a_name_that_ships_stays(app):
    mine = replace(GENERAL, quiet_days=2)
    publish(app, mine)

    app.policies.ensure_published()

    assert app.policies.latest(["general"])["general"] == (mine, 2)


def test_what_ships_is_the_first_version_though_another_is_published_before_it_was_used(app):
    done = publish(app, replace(GENERAL, quiet_days=2))
    assert recorded(done) == [("policy.published", "policy:general")] * 2
    assert app.policies.version("general", 1) == GENERAL
    assert recorded(publish(app, shipped()["de"])) == [("policy.published", "policy:de")]


# Publishing


def test_a_policy_is_published_as_the_next_version_and_the_same_again_changes_nothing(app):
    assert recorded(publish(app)) == [("policy.published", "policy:ours")]
    assert publish(app).facts == ()
    publish(app, replace(OURS, quiet_days=1))

    assert app.policies.latest(["ours", "nobody's"]) == {"ours": (replace(OURS, quiet_days=1), 2)}
    assert app.policies.version("ours", 1) == OURS


def test_a_document_with_faults_is_refused_with_all_of_them_and_leaves_no_trace(app, refused):
    wrong = as_toml(OURS).replace('"email"]', '"fax"]', 1).replace('tone = "firm"', 'tone = "rude"', 1)
    with refused("bad_policy") as refusal:
        run(app, "policy.publish", policy="ours", document=wrong)
    assert refusal.value.field == "document"
    assert 'line 11: step notice_7: channel "fax" is unknown' in refusal.value.message
    assert "[unknown_channel]; line " in refusal.value.message and "[unknown_tone]" in refusal.value.message
    assert app.ledger.head().position == 0


def test_a_document_is_published_under_its_own_name_alone(app, refused):
    with refused("bad_policy"):
        run(app, "policy.publish", policy="theirs", document=as_toml(OURS))


def test_a_ladder_is_held_against_the_law_of_the_day_it_is_published_for(app, refused):
    norway = shipped()["no"]
    fee = 'channels = ["email", "letter"]\ncharges = [{ kind = "fee", amount = "37.50", currency = "NOK" }]'
    document = as_toml(norway).replace('days = 14\nchannels = ["email", "letter"]', f"days = 14\n{fee}")
    with refused("bad_policy"):
        run(app, "policy.publish", policy="no", document=document, on="2025-12-31")
    assert run(app, "policy.publish", policy="no", document=document, on="2026-01-01").facts


# Assigning


def test_a_policy_is_assigned_to_a_customer_and_taken_away(app):
    run(app, "customer.register", customer="ann")
    assert recorded(run(app, "customer.policy", customer="ann", policy="de")) == [
        ("customer.policy_assigned", "customer:ann"),
        ("policy.published", "policy:de"),
    ]
    assert app.ledger.state("customer:ann").policy == "de"
    assert recorded(run(app, "customer.policy", customer="ann")) == [("customer.policy_assigned", "customer:ann")]
    assert app.ledger.state("customer:ann").policy is None


def test_a_policy_is_assigned_to_an_entity_and_taken_away(app):
    publish(app)
    assert recorded(run(app, "entity.policy", policy="ours")) == [("entity.policy_assigned", "entity:main")]
    assert app.ledger.state("entity:main") == Entity("ours")
    run(app, "entity.policy", entity="main")
    assert app.ledger.state("entity:main") == Entity()


def test_an_invoice_is_assigned_a_version_the_latest_by_default(app):
    run(app, "invoice.issue", **INVOICE)
    publish(app)
    publish(app, replace(OURS, quiet_days=1))
    run(app, "case.policy", number="R-1", policy="ours")
    assert app.ledger.state("case:main:R-1").pin == ("ours", 2)
    run(app, "case.policy", number="R-1", policy="ours", version=1)
    assert app.ledger.state("case:main:R-1").pin == ("ours", 1)
    assert recorded(run(app, "case.policy", number="R-1", policy="nl")) == [
        ("case.policy_assigned", "case:main:R-1"),
        ("policy.published", "policy:nl"),
    ]


@pytest.mark.parametrize(
    ("name", "asked", "code"),
    [
        ("customer.policy", {"customer": "ann", "policy": "nobody's"}, "unknown_policy"),
        ("customer.policy", {"customer": "nobody", "policy": "de"}, "not_registered"),
        ("entity.policy", {"policy": "nobody's"}, "unknown_policy"),
        ("case.policy", {"number": "R-1", "policy": "nobody's"}, "unknown_policy"),
        ("case.policy", {"number": "R-1", "policy": "de", "version": 2}, "unknown_policy"),
        ("case.policy", {"number": "R-1", "policy": "de", "version": 0}, "unknown_policy"),
        ("case.policy", {"number": "R-2", "policy": "de"}, "not_issued"),
    ],
)
def test_what_is_not_there_is_not_assigned(app, refused, name, asked, code):
    run(app, "invoice.issue", **INVOICE)
    position = app.ledger.head().position
    with refused(code):
        run(app, name, **asked)
    assert app.ledger.head().position == position


# Which one a case goes by


@pytest.mark.parametrize(
    ("assigned", "customer", "entity", "name"),
    [
        ("a", under("DE", policy="b"), Entity("c"), "a"),
        (None, under("DE", policy="b"), Entity("c"), "b"),
        (None, under("DE"), Entity("c"), "c"),
        (None, under("DE"), Entity(), "de"),
        (None, under("nl"), None, "nl"),
        (None, under("NO"), None, "no"),
        (None, under("GB"), None, "gb"),
        (None, under("FR"), None, "general"),
        (None, under(None), None, "general"),
        (None, ANN, None, "general"),
        (None, None, None, "general"),
    ],
)
def test_that_of_the_invoice_comes_before_the_customer_the_entity_and_the_law(app, assigned, customer, entity, name):
    for each in ("a", "b", "c"):
        publish(app, replace(OURS, name=each))
    case = Case(PolicyAssigned(assigned, 1)) if assigned else Case()
    assert app.policies.chosen(case, customer, entity).policy.name == name


def test_a_case_goes_by_what_it_is_pinned_to(app):
    publish(app)
    publish(app, replace(OURS, quiet_days=1))
    pinned = Case(PolicyAssigned("ours", 1))
    assert app.policies.chosen(pinned, under("DE", policy="de"), None) == (OURS, 1)


def test_a_new_case_goes_by_the_latest_version(app):
    app.policies.ensure_published()
    publish(app)
    publish(app, replace(OURS, quiet_days=1))
    assert app.policies.chosen(Case(), under("DE", policy="ours"), None).version == 2
    assert app.policies.chosen(Case(), under("DE"), None) == (shipped()["de"], 1)


def test_a_policy_that_is_not_published_gives_way_to_the_next(app):
    app.policies.ensure_published()
    assert app.policies.chosen(Case(), under("NL", policy="misspelt"), Entity("lost")).policy.name == "nl"


def test_before_anything_is_published_a_case_goes_by_what_ships(app):
    assert app.policies.chosen(Case(), None, None) == (GENERAL, 1)
    assert app.policies.chosen(Case(), under("NL", policy="misspelt"), None) == (shipped()["nl"], 1)
    assert app.ledger.head().position == 0


def test_all_cases_of_a_tick_go_by_the_same_version(app):
    app.policies.ensure_published()
    publish(app)
    assert app.policies.chosen(Case(), under(None, policy="ours"), None).version == 1
    publish(app, replace(OURS, quiet_days=1))
    assert app.policies.chosen(Case(), under(None, policy="ours"), None).version == 1
    app.policies.ensure_published()
    assert app.policies.chosen(Case(), under(None, policy="ours"), None).version == 2


def test_a_policy_found_missing_is_looked_for_again_in_the_next_tick(app):
    app.policies.ensure_published()
    assert app.policies.chosen(Case(), under(None, policy="ours"), None).policy.name == "general"
    publish(app)
    app.policies.refresh()
    assert app.policies.chosen(Case(), under(None, policy="ours"), None).policy.name == "ours"


def test_what_is_chosen_again_is_not_read_again(app, monkeypatch):
    app.policies.ensure_published()
    publish(app)
    pinned = Case(PolicyAssigned("ours", 1))
    first = [app.policies.chosen(each, under("NL", policy="lost"), None) for each in (Case(), pinned)]
    monkeypatch.setattr(app.ledger, "read", None)
    assert [app.policies.chosen(each, under("NL", policy="lost"), None) for each in (Case(), pinned)] == first


def test_the_earliest_step_of_any_version_is_known(app):
    assert app.policies.earliest_days() == -7
    first, *others = OURS.steps
    publish(app, replace(OURS, steps=(replace(first, days=-20), *others)))
    publish(app)
    app.bring_views_up_to_date()
    assert app.policies.earliest_days() == -20


# The list


def test_the_list_says_what_ships_who_published_and_to_how_many_it_is_assigned(app):
    run(app, "invoice.issue", **INVOICE)
    run(app, "customer.policy", customer="ann", policy="de")
    publish(app)
    run(app, "case.policy", number="R-1", policy="ours")
    publish(app, replace(GENERAL, quiet_days=2))
    app.bring_views_up_to_date()

    day = date(2026, 1, 5)
    assert [
        (
            each.policy.name,
            each.version,
            each.is_as_shipped,
            each.actor,
            each.published_on,
            each.customers,
            each.invoices,
        )
        for each in app.policies.listed()
    ] == [
        ("de", 1, True, "kim", day, 1, 0),
        ("gb", 1, True, None, None, 0, 0),
        ("general", 2, False, "kim", day, 0, 0),
        ("nl", 1, True, None, None, 0, 0),
        ("no", 1, True, None, None, 0, 0),
        ("ours", 1, False, "kim", day, 0, 1),
    ]


def test_a_policy_is_shown_though_it_was_not_used_yet(app, refused):
    assert app.policies.show("de") == (shipped()["de"], 1)
    for name, version in (("nobody's", None), ("de", 2), ("de", 0)):
        with refused("unknown_policy"):
            app.policies.show(name, version)
    publish(app, replace(GENERAL, quiet_days=2))
    assert [app.policies.show("general", version)[0].quiet_days for version in (None, 1, 2)] == [2, 3, 2]
    assert app.ledger.state(policy_stream("de")) is None
