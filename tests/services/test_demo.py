"""The demonstration: every kind of story, the ladder at work, the same again from the same seed, and nothing twice."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import orjson
import pytest

from domain.contact.facts import DeliveryUnknown, Done, HandedOver, Planned, Skipped
from domain.customer.facts import ContactSet
from domain.invoice.facts import DisputeResolved, Issued
from domain.kinds import NAMES
from infra.clock import seeded
from infra.creditors import Creditors
from infra.embedded import Embedded
from infra.post.maildir import Maildir
from infra.settings import Settings
from services.assembly import assemble
from services.demo import PlayedClock, creditor, play, telling
from services.demo.characters import LATE, NEVER, PATCHY, PROMPT, QUARRELSOME, SLOW, cast
from services.demo.staff import is_working_day
from tests.services.terminal import HOUSE, Terminal

UNTIL = date(2026, 6, 30)
MONTHS, FEW_MONTHS = 7, 2
# Of the mails of few months, by their number.
NOTICE, ON_THE_DUE_DAY = 1, 5
EVERY_KIND = {
    "case.step_decided",
    "case.task_finished",
    "contact.done",
    "contact.planned",
    "contact.sent",
    "contact.skipped",
    "customer.registered",
    "customer.terms_agreed",
    "customer.contact_set",
    "customer.credit_limit_set",
    "invoice.issued",
    "invoice.reminded",
    "invoice.called",
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
    "receipt.unallocated",
    "receipt.refunded",
    "tick.taken",
}


class Killed(BaseException):
    """What `kill -9` is to a process."""


class Stage:
    """Demonstrations on one database, each as a process of its own."""

    def __init__(self, database_url, home):
        self.database_url, self.settings = database_url, Settings(home=home)

    def open(self, **substitutes):
        return assemble(self.settings, database_url=self.database_url, **substitutes)

    def play(self, *, dies=lambda app: None, transport=None, seed=7, customers=6, months=MONTHS):
        """`dies` says of what: it is given the app before anything is played."""
        clock = PlayedClock(UNTIL)
        with self.open(clock=clock, transport=transport) as app:
            dies(app)
            asked = {"seed": seed, "customers": customers, "months": months, "until": UNTIL}
            played = play(app, clock, **asked, progress=lambda *_: None)
            return played, told(app)

    def entries(self):
        with self.open() as app:
            return app.ledger.entries(0, 100_000)

    def facts(self):
        with self.open() as app:
            return told(app)


def mortal(call, nth):
    """Whoever calls it for the nth time gets no answer any more."""
    calls = count(1)

    def called(*asked, **named):
        if next(calls) == nth:
            raise Killed
        return call(*asked, **named)

    return called


def at_command(nth):
    def dies(app):
        app.commands.give = mortal(app.commands.give, nth)

    return dies


def at_tick(nth):
    def dies(app):
        app.ledger.record_many = mortal(app.ledger.record_many, nth)

    return dies


def between_what_is_decided_and_the_end_of_the_task(app):
    give = app.commands.give
    decided: list[str] = []

    def given(stream, request, **how):
        if decided and request.command.name == "contact.done":
            raise Killed
        if request.command.name in ("invoice.plan", "invoice.place", "invoice.factor"):
            decided.append(stream)
        return give(stream, request, **how)

    app.commands.give = given


class MortalMail:
    """Dies of the nth mail, after it is recorded that it was handed over."""

    def __init__(self, folder, nth):
        self.hand_over, self.close = mortal(Maildir(folder).hand_over, nth), lambda: None


def told(app):
    """All that was recorded; what is sealed is so under keys of the database's own."""
    return [
        (
            entry.stream,
            entry.version,
            entry.effective_on,
            entry.cause.actor,
            entry.cause.command_id,
            comparable(entry.fact),
        )
        for entry in app.ledger.entries(0, 100_000)
    ]


def comparable(fact):
    """Without what is of one database alone: keys, the ledger's id and all that is made of it."""
    match fact:
        case ContactSet():
            return replace(fact, encrypted="")
        case HandedOver():
            return replace(fact, message_id="", sha256="")
        case _:
            return fact


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


@pytest.fixture(scope="module")
def entries(whole, whole_stage):
    return whole_stage.entries()


def test_six_customers_are_enough_for_every_kind_of_story(whole):
    played, facts = whole
    found = Counter(NAMES[type(fact)] for *_, fact in facts)
    assert EVERY_KIND - found.keys() == set()
    assert (played.invoices, played.position) == (found["invoice.issued"], len(facts))
    assert {fact.outcome for *_, fact in facts if isinstance(fact, DisputeResolved)} == {"upheld", "rejected"}
    assert {fact.currency for *_, fact in facts if isinstance(fact, Issued)} == {"GBP", "JPY", "NOK", "USD"}


def test_some_pay_in_time_some_late_and_some_too_much(whole, whole_stage):
    with whole_stage.open() as app:
        late = {row["customer"]: float(row["weighted_average_days_late"] or 0) for row in app.risk.risk(UNTIL)["rows"]}
        assert min(late.values()) == 0 and max(late.values()) > 60
        assert any(float(total["unapplied"]) for total in app.reports.aging(UNTIL)["totals"])
        assert app.audit.verify().broken_at is None


def test_the_ladder_reminds_and_judges_promises_and_the_collectors_call(entries):
    by: dict[str, set[str]] = {}
    for entry in entries:
        by.setdefault(NAMES[type(entry.fact)], set()).add(entry.cause.actor)
    for name in ("reminded", "promise_partly_kept", "promise_broken"):
        assert by[f"invoice.{name}"] == {"escalator"}
    assert by["contact.sent"] == {"messenger"}
    assert by["invoice.called"] | by["invoice.promise_made"] == {"amira", "bas", "chidi"}


def test_the_ladder_runs_on_every_working_day_and_on_no_other(entries):
    days = [entry.fact.today for entry in entries if entry.stream == "tick:ledger"]
    first_on = entries[0].effective_on
    assert sorted(set(days)) == [
        day for n in range(1, (UNTIL - first_on).days + 1) if is_working_day(day := first_on + timedelta(days=n))
    ]


def test_every_task_is_done_or_skipped_within_three_days_and_a_weekend(entries):
    ended = {entry.stream: entry for entry in entries if isinstance(entry.fact, Done | Skipped)}
    tasks = [entry for entry in entries if isinstance(entry.fact, Planned) and entry.fact.kind != "message"]
    days = {(ended[task.stream].effective_on - task.effective_on).days for task in tasks if task.stream in ended}
    assert min(days) == 1 and max(days) in (4, 5)
    assert all(task.effective_on > UNTIL - timedelta(days=5) for task in tasks if task.stream not in ended)
    assert all(entry.cause.reason for entry in ended.values() if isinstance(entry.fact, Skipped))
    assert {entry.fact.reached for entry in ended.values() if isinstance(entry.fact, Done)} == {True, False}


def test_each_message_is_one_file_in_the_language_of_its_customer(entries, whole_stage):
    outbox = whole_stage.settings.home / "outbox"
    sent = Counter(entry.fact.channel for entry in entries if isinstance(entry.fact, HandedOver))
    assert (sent["email"], sent["letter"]) == (
        len(list((outbox / "mail" / "new").iterdir())),
        len(list((outbox / "letters").glob("*.pdf"))),
    )
    assert sent["letter"] > 0
    planned = {entry.fact.customer: entry.fact.language for entry in entries if isinstance(entry.fact, Planned)}
    assert planned["C1006"] == "nb" and planned["C1004"] == "en"


def test_what_was_learnt_late_restates_a_month(entries, whole_stage):
    late = Counter(NAMES[type(entry.fact)] for entry in entries if entry.recorded_at.date() > entry.effective_on)
    assert late.keys() >= {"receipt.received", "receipt.unallocated", "invoice.credit_note_applied"}
    with whole_stage.open(clock=PlayedClock(UNTIL)) as app:
        month = telling.restated_month(app, UNTIL)
    assert month and month < UNTIL and (month + timedelta(days=1)).day == 1


def test_facts_are_recorded_in_the_order_of_their_days_but_for_what_is_learnt_late(entries):
    recorded = [entry.recorded_at.date() for entry in entries]
    assert recorded == sorted(recorded) and recorded[-1] <= UNTIL
    assert all(entry.effective_on <= entry.recorded_at.date() for entry in entries)


def test_a_second_run_adds_nothing(whole, whole_stage):
    again, facts = whole_stage.play()
    assert (again.invoices, again.position, facts) == (0, whole[0].position, whole[1])


def test_one_that_is_killed_goes_on_to_the_same_facts(whole, stage):
    kept: list[object] = []
    for dies in (
        at_command(3),
        at_command(40),
        at_tick(20),
        between_what_is_decided_and_the_end_of_the_task,
        at_command(10),
        at_tick(3),
    ):
        with pytest.raises(Killed):
            stage.play(dies=dies)
        before, kept = kept, stage.facts()
        assert len(before) < len(kept) and kept == whole[1][: len(kept)]


@pytest.mark.parametrize(
    ("nth", "end"),
    [(NOTICE, ["retried", "handed_over", "sent"]), (ON_THE_DUE_DAY, ["skipped"])],
    ids=["a week before the due day", "on the due day"],
)
def test_a_message_in_the_hand_of_one_that_is_killed_is_a_persons_to_see_to(stage, nth, end):
    with pytest.raises(Killed):
        stage.play(months=FEW_MONTHS, transport=MortalMail(stage.settings.home / "outbox" / "mail", nth))
    stage.play(months=FEW_MONTHS)
    entries = stage.entries()
    [lost] = [entry for entry in entries if isinstance(entry.fact, DeliveryUnknown)]
    told = [entry for entry in entries if entry.stream == lost.stream]
    names = [NAMES[type(entry.fact)].partition(".")[2] for entry in told]
    assert names == ["planned", "handed_over", "delivery_unknown", *end]
    assert told[3].cause.actor in ("amira", "bas", "chidi")
    ids = [entry.fact.message_id for entry in entries if isinstance(entry.fact, HandedOver)]
    assert len(ids) == len(set(ids))


def test_a_ledger_with_other_facts_is_left_alone(stage, app, refused, desk):
    desk.issue("A-1", 100_00)
    with refused("ledger_in_use"):
        stage.play()
    assert app.ledger.head().position == 2
    assert not (stage.settings.home / "creditors.toml").exists()


def test_one_that_was_cut_short_is_not_played_on_among_other_facts(stage, app, refused, desk):
    with pytest.raises(Killed):
        stage.play(dies=at_command(40))
    before = len(stage.facts())
    desk.issue("A-1", 100_00)
    with refused("ledger_in_use"):
        stage.play()
    assert len(stage.facts()) > before
    assert [entry.cause.command_id for entry in stage.entries()[before:]] == ["command 1"] * len(stage.facts()[before:])


def test_what_people_do_with_one_that_was_played_is_no_matter(database_url, tmp_path, app, desk):
    stage = Stage(database_url, tmp_path)
    stage.play(months=FEW_MONTHS)
    desk.issue("A-1", 100_00)
    assert stage.play(months=FEW_MONTHS)[0].invoices == 0


@pytest.mark.parametrize("other", [{"seed": 8}, {"customers": 7}, {"months": 12}])
def test_another_demonstration_is_not_mixed_into_the_first(whole, whole_stage, refused, other):
    with refused("other_demonstration"):
        whole_stage.play(**other)
    assert len(whole_stage.facts()) == whole[0].position


def test_the_letters_come_from_a_creditor_with_an_account(whole, whole_stage):
    found = Creditors.load(whole_stage.settings.home).of("main")
    assert found.missing == () and found.iban == "DE89370400440532013000"


def test_a_creditor_that_is_set_stays(tmp_path):
    (tmp_path / "creditors.toml").write_text('[main]\nname = "Ours"\n')
    assert not creditor.introduce(tmp_path, "main")
    assert Creditors.load(tmp_path).of("main").name == "Ours"


def test_what_is_printed_ends_with_the_work_list_a_case_and_a_letter(whole, whole_stage):
    terminal = Terminal(whole_stage.database_url, whole_stage.settings.home)
    printed = terminal.run("demo", "--customers", 6, "--months", MONTHS).stdout
    titles = ["Aging", "Credit risk", "Work list", "by policy", "A letter", "Try next"]
    assert [title for title in titles if title in printed] == titles
    assert sorted(titles, key=printed.index) == titles
    [letter] = [line.strip() for line in printed.splitlines() if line.strip().endswith(".pdf") and "/letters/" in line]
    with open(letter, "rb") as file:
        assert file.read(4) == b"%PDF"


def typed_without_a_home(tmp_path, *typed, **settings):
    """In a process of its own, by somebody whose user data is in `tmp_path`."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("RECEIVABLES_")}
    command = [sys.executable, "-m", "services.cli", *map(str, typed)]
    environment = {**mine, "XDG_DATA_HOME": str(tmp_path), **settings}
    done = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def user_data():
    # Not pytest's folder: the socket of a database needs a short path.
    path = Path(tempfile.mkdtemp(prefix="receivables-"))
    yield path
    for home in path.iterdir():
        Embedded(home).stop()
    shutil.rmtree(path)


def test_it_has_a_home_of_its_own_which_what_it_proposes_looks_at_and_removes(user_data):
    """Nothing of it is in the books of whoever tries it, and each line it prints can be pasted."""
    own_books = user_data / "receivables"
    own_books.mkdir(mode=0o700)
    (own_books / "receivables.toml").write_text('database_url = "postgresql://nobody@127.0.0.1:9/none"\n')
    printed = typed_without_a_home(user_data, "demo", "--customers", 6, "--months", 1)
    assert [*own_books.iterdir()] == [own_books / "receivables.toml"]
    lines = [
        line.split("receivables ", 1)[1].split()
        for line in printed.splitlines()
        if line.startswith("  ") and "receivables --demo " in line
    ]
    assert len(lines) >= 8
    # Whatever leads to a ledger or a mail server of one's own.
    elsewhere = {
        "RECEIVABLES_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "RECEIVABLES_SMTP_URL": "smtp://127.0.0.1:9",
    }
    for line in lines:
        file = ["--output", user_data / "receivables" / "aging.pdf"] if "pdf" in line else []
        typed_without_a_home(user_data, *line, *file, **elsewhere)
    found = orjson.loads(typed_without_a_home(user_data, "--demo", "home", "--format", "json"))
    assert (found["home"], found["why"]) == (str(user_data / "receivables-demo"), "the demonstration's own")
    assert found["database"]["facts"] > 100
    typed_without_a_home(user_data, "--demo", "home", "reset", "--yes")
    assert sorted(path.name for path in user_data.iterdir()) == ["receivables"]


def test_where_a_home_is_named_it_is_played_there_and_its_lines_name_that_home(whole, whole_stage):
    terminal = Terminal(whole_stage.database_url, whole_stage.settings.home)
    printed = terminal.run("demo", "--customers", 6, "--months", MONTHS).stdout
    assert f"receivables --home {whole_stage.settings.home} worklist" in printed
    assert "--demo" not in printed


def test_what_is_only_played_goes_to_no_mail_server(terminal, tmp_path):
    terminal.environment |= {"RECEIVABLES_SMTP_URL": "smtp://127.0.0.1:9", "RECEIVABLES_MAIL_SENDER": "us@firm.example"}
    terminal.run("demo", "--customers", 6, "--months", 1)
    rows = terminal.json("message", "list")["rows"]
    assert {row["state"] for row in rows if row["channel"] == "email"} == {"sent"}
    assert list((tmp_path / "outbox" / "mail" / "new").iterdir())


def test_the_same_seed_has_the_same_customers_and_another_has_others():
    first, same, other = (list(cast(40, seeded(seed))) for seed in (7, 7, 8))
    assert first == same != other
    assert {character.manner for character in first} == {PROMPT, LATE, SLOW, PATCHY, QUARRELSOME, NEVER}
    assert len({character.contact.name for character in first}) == 40
    assert {character.channel for character in first} == {"email", "letter"}
    assert all(all(character.contact) for character in first)
