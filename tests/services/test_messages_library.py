"""Texts that are edited without code: what a file in the home says instead, and that somebody must approve it first."""

import os
from datetime import date

import pytest

from domain.entry import Cause
from infra.texts.locales import LANGUAGES
from infra.texts.templates import TextUnfit
from services.messages.messenger import Outcome
from services.messages.rendering import Renderer
from tests.services.contents import content
from tests.services.desk import set_contact_of
from tests.services.post import DUE, TODAY, plan, state_of

TOMORROW = date(2026, 1, 21)
LOOP = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
SUBJECT = "Over {{ numbers }}, dear {{ debtor.name }}"


@pytest.fixture
def renderer(tmp_path):
    return Renderer(tmp_path)


@pytest.fixture
def edit(tmp_path):
    """Writes the texts of a language into the home, one second later each time."""
    times = iter(range(1_800_000_000, 1_800_000_100))

    def edit(text, language="en"):
        file = tmp_path / "texts" / f"{language}.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (at := next(times), at))
        return file

    return edit


def subject(renderer, *given):
    return renderer.bodies(content(*given)).subject


# What is said instead


def test_a_file_replaces_single_texts_and_leaves_the_others(renderer, edit):
    before = renderer.bodies(content("en"))
    edit(f'[steps.friendly_reminder]\nsubject = "{SUBJECT}"\n')
    after = renderer.bodies(content("en"))
    assert after.subject == "Over R-1, dear Müller & Søn GmbH"
    assert after.text == before.text
    assert subject(renderer, "de").startswith("Zahlungserinnerung")


def test_a_text_that_is_edited_while_the_program_runs_counts_from_then_on(renderer, edit, tmp_path):
    edit('[steps.friendly_reminder]\nsubject = "One"')
    assert subject(renderer, "en") == "One"
    edit('[steps.friendly_reminder]\nsubject = "Two"')
    assert subject(renderer, "en") == "Two"
    (tmp_path / "texts" / "en.toml").unlink()
    assert subject(renderer, "en").startswith("Reminder")


def test_a_step_of_ones_own_may_have_texts_and_lacks_none(renderer, edit):
    edit('[steps.christmas]\nsubject = "Before the holidays"\n')
    bodies = renderer.bodies(content("en", "christmas", "firm"))
    assert bodies.subject == "Before the holidays"
    assert "We ask you to pay" in bodies.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[steps", "cannot be read"),
        ("a = " + "[" * 5_000 + "]" * 5_000, "cannot be read"),
        ("a = " + "9" * 5_000, "cannot be read"),
        ("[steps.friendly_reminder]\nsubjct = 'x'", "did you mean steps.friendly_reminder.subject?"),
        ("[labels]\nnothing_of_ours = 'x'", "sets labels.nothing_of_ours, which is no text"),
        ("[labels]\ntotal = 3", "sets labels.total, which is neither a text nor a table of texts"),
        ("[steps.a.b]\nsubject = 'x'", "which is no text"),
        ("# " + "x" * 300_000, "is longer than"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_name_and_rule_and_harms_no_other_language(renderer, edit, text, message):
    file = edit(text)
    with pytest.raises(TextUnfit) as problem:
        subject(renderer, "en")
    assert message in problem.value.message
    assert str(file) in problem.value.message
    assert subject(renderer, "nl").startswith("Herinnering")


@pytest.mark.parametrize(
    "text",
    [LOOP, "{{ debtor.__class__ }}", "{{ 'x' * 10000000 }}", "{{ nmae }}", "{% if"],
)
def test_a_text_that_cannot_be_printed_stops_its_own_step_alone(renderer, edit, text):
    edit(f'[steps.friendly_reminder]\nbody = "{text}"')
    with pytest.raises(TextUnfit, match="steps.friendly_reminder.body, line 1"):
        renderer.bodies(content("en"))
    assert renderer.bodies(content("en", "due_today")).subject
    with pytest.raises(TextUnfit):
        renderer.tried("en")


# Who approved them


def test_what_ships_is_approved_as_it_ships(renderer):
    for language in LANGUAGES:
        assert renderer.is_approved(language, ())
        assert len(renderer.edition(language).sha256) == 64
    assert len({renderer.edition(language).sha256 for language in LANGUAGES}) == len(LANGUAGES)
    assert renderer.edition("de-AT").sha256 == renderer.edition("de").sha256
    assert renderer.edition("fr").sha256 == renderer.edition("en").sha256


def test_what_is_edited_is_approved_by_its_hash_and_every_change_needs_another(renderer, edit):
    shipped = renderer.edition("en").sha256
    edit('[labels]\ntotal = "Sum"')
    first = renderer.edition("en").sha256
    assert first != shipped
    assert not renderer.is_approved("en", ())
    assert not renderer.is_approved("en", {shipped})
    assert renderer.is_approved("en", {first})
    edit('[labels]\ntotal = "The sum"')
    assert not renderer.is_approved("en", {first})
    edit('[labels]\ntotal = "Sum"')
    assert renderer.edition("en").sha256 == first


def test_a_file_that_says_what_ships_anyway_edits_nothing(renderer, edit):
    edit('[labels]\ninvoice = "Invoice"')
    assert renderer.edition("en").is_shipped


def approve(app, by="Lisa Law"):
    sha256 = app.renderer.edition("en").sha256
    return app.commands.run("text.approve", {"language": "en", "sha256": sha256}, Cause(by, app.new_id()))


def test_edited_texts_wait_until_a_named_person_has_approved_them(app, desk, edit, tmp_path):
    desk.issue("R-1", 50_00, due_on=DUE)
    set_contact_of(app, "acme", {"email": "ann@example.org"}, on=DUE, cause=desk.cause())
    edit('[steps.friendly_reminder]\nsubject = "Our own words"')
    stream = plan(app, "R-1")
    assert app.messenger.run_once(TODAY) == Outcome(withheld=1)
    assert state_of(app, stream).code == "text_not_approved"
    [fact] = approve(app).facts
    assert fact.name == "text.approved"
    assert not approve(app).facts
    assert app.audit.trail("text:en")[0]["actor"] == "Lisa Law"
    again = plan(app, "R-1", on=TOMORROW)
    assert app.messenger.run_once(TOMORROW) == Outcome(sent=1)
    assert state_of(app, again).handed_over.texts == app.renderer.edition("en").sha256


def test_an_unfit_text_withholds_its_messages_and_the_others_leave(app, desk, edit):
    for number, debtor in (("R-1", "acme"), ("R-2", "other")):
        desk.issue(number, 50_00, debtor=debtor, due_on=DUE)
        set_contact_of(app, debtor, {"email": f"{debtor}@example.org"}, on=DUE, cause=desk.cause())
    edit(f'[steps.friendly_reminder]\nbody = "{LOOP}"')
    approve(app)
    unfit, fit = plan(app, "R-1"), plan(app, "R-2", customer="other", language="de")
    assert app.messenger.run_once(TODAY) == Outcome(sent=1, withheld=1)
    assert state_of(app, unfit).code == "text_unfit"
    assert state_of(app, fit).state == "sent"
