"""Views kept from the feed by several workers: the same rows as the projector's, whatever happens to the workers."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event

import psycopg
import pytest
from kafka import KafkaAdminClient
from psycopg.sql import SQL, Identifier

from domain.entry import Cause, invoice_stream
from domain.invoice.facts import FeeCharged, Issued, Part, PartiallyPaid
from domain.kinds import KINDS
from domain.terms import Instalment
from infra.kafka import consumer, topics
from infra.log.incarnations import begin_incarnation
from infra.log.ledger import Batch
from infra.settings import Settings
from infra.unavailable import Unavailable
from infra.views.answers import Behind
from infra.views.sharing import StartOver
from projections.open_items.view import Timelines
from projections.projection import Query
from services.assembly import assemble, assemble_reporting
from services.catalogue import CATALOGUE
from services.feed.publisher import Publisher
from services.processes.process import keep
from services.processes.reporter import REPORTER, reached
from tests.feed.planting import OUTGOING
from tests.feed.trade import FIRST, Trade
from tests.infra.following import becomes, running
from tests.infra.proxy import proxied
from tests.services.random_year import Year
from tests.services.terminal import Terminal

HOUSE = Path(__file__).parents[2]
CAUSE = Cause("tester", "by hand")
# What is on the wire is less than what is in the log: reasons, and words of people, are empty there.
LEFT_OUT = {"reason", "value"}
_PATIENCE = 90.0


class House:
    """A ledger that publishes, its reporting database, and workers in processes of their own."""

    def __init__(self, ledger_url, reporting_url, broker, home):
        self.ledger_url, self.reporting_url, self.broker, self.home = ledger_url, reporting_url, broker, home
        self.settings = Settings(home=home, database_url=ledger_url, kafka=broker, reporting_url=reporting_url)
        self.app = assemble(self.settings)

    def publish(self):
        try:
            return self.app.publisher.publish_all()
        finally:
            self.app.publisher.close()

    def reporting(self, **how):
        """The house of a worker, in this process."""
        settings = self.settings.model_copy(update=how)
        return assemble_reporting(settings)

    def catch_up(self):
        """By one worker in this process."""
        with self.reporting() as app:
            reporter = app.reporter
            try:
                assert caught_up(reporter, self.app.ledger.head().position)
            finally:
                reporter.close()

    def start(self):
        environment = {
            **os.environ,
            "RECEIVABLES_HOME": str(self.home),
            # Nobody answers there: a worker needs nothing of the ledger's own database.
            "RECEIVABLES_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
            "RECEIVABLES_REPORTING_URL": self.reporting_url,
            "RECEIVABLES_KAFKA": self.broker,
        }
        command = [sys.executable, "-m", "services.cli", "work", "reporter"]
        return subprocess.Popen(
            command, cwd=HOUSE, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def position(self):
        with psycopg.connect(self.reporting_url, autocommit=True) as conn:
            [[position]] = conn.execute("select min(position) from ledger.positions").fetchall()
            return position

    def reaches(self, position, seconds=_PATIENCE):
        return becomes(lambda: self.position() == position, seconds)

    def require_same(self):
        """All rows of all tables of both views, and what is parked."""
        self.app.bring_views_up_to_date()
        for name in ("open_items", "credit_risk"):
            ours, theirs = (tables(url, f"view_{name}") for url in (self.reporting_url, self.ledger_url))
            assert ours.keys() == theirs.keys()
            for table in theirs:
                assert ours[table] == theirs[table], table
        assert parked(self.reporting_url) == parked(self.ledger_url)
        assert self.position() == self.app.ledger.head().position


def caught_up(reporter, position, seconds=_PATIENCE):
    deadline = time.monotonic() + seconds
    reporter.views.prepare()
    while reporter.views.progress()[0] < position:
        if time.monotonic() > deadline:
            return False
        reporter.advance()
    return True


def tables(url, schema):
    """The rows of each table, without what is left out on the wire."""
    with psycopg.connect(url, autocommit=True) as conn:
        names = conn.execute("select tablename from pg_tables where schemaname = %s", (schema,)).fetchall()
        found = {}
        for (name,) in names:
            cursor = conn.execute(SQL("select * from {}").format(Identifier(schema, name)))
            columns = [column.name for column in cursor.description or ()]
            skipped = LEFT_OUT if name == "credit_facts" else ()
            found[name] = sorted(
                repr([value for column, value in zip(columns, row, strict=True) if column not in skipped])
                for row in cursor.fetchall()
            )
        return found


def parked(url):
    with psycopg.connect(url, autocommit=True) as conn:
        return conn.execute(
            "select projection, position, stream from ledger.parked"
            " where projection in ('open_items', 'credit_risk') order by 1, 2"
        ).fetchall()


def record(app, stream, expected, *facts):
    app.ledger.record_many([Batch(stream, expected, [(fact, FIRST) for fact in facts], CAUSE)])


def invoice(number, customer="acme", minor=100_00):
    return Issued(number, "main", customer, "EUR", minor, 0, FIRST, (Instalment(FIRST, minor),))


@pytest.fixture
def house(databases, kafka, tmp_path):
    house = House(databases(), databases(), kafka, tmp_path)
    with house.app:
        yield house


@pytest.fixture
def workers():
    with ExitStack() as ending:

        def start(house):
            process = house.start()
            ending.callback(process.communicate)
            ending.callback(process.kill)
            return process

        yield start


# The same rows


def test_rows_of_the_feed_are_those_of_the_log(house):
    year = Year(house.app.ledger, 7, FIRST, invoices=60)
    for day in range(40):
        year.live(FIRST + timedelta(day), acts=6)
    Trade(house.app.ledger).go_on(600)
    house.publish()
    house.catch_up()
    house.require_same()
    with psycopg.connect(house.reporting_url) as conn:
        [[kept]] = conn.execute("select count(*) from ledger.feed_applied where bit_count(positions) = 1024").fetchall()
        assert kept == 0


# What a clerk records, on which day of 2026, and with what.
TAKEN_BACK: tuple[tuple[str, str | None, dict[str, object]], ...] = (
    ("invoice.issue", "01-05", {"number": "R-1", "customer": "acme", "amount": "100.00", "currency": "EUR"}),
    ("invoice.issue", "01-05", {"number": "R-2", "customer": "acme", "amount": "60.00", "currency": "EUR"}),
    ("invoice.issue", "01-05", {"number": "R-3", "customer": "acme", "amount": "80.00", "currency": "EUR"}),
    ("invoice.issue", "01-05", {"number": "R-4", "customer": "blue", "amount": "90.00", "currency": "EUR"}),
    (
        "invoice.issue",
        "01-05",
        {"number": "R-9", "customer": "acme", "amount": "40.00", "currency": "EUR", "entity": "branch"},
    ),
    # A payment and a credit note, later moved to other days, and what goes before them.
    (
        "receipt.record",
        "01-20",
        {"receipt": "P-1", "customer": "acme", "amount": "70.00", "currency": "EUR", "invoices": ["R-1"]},
    ),
    ("receipt.unallocate", "01-25", {"receipt": "P-1", "allocation": 1}),
    ("receipt.unallocate", "02-01", {"receipt": "P-1", "allocation": 1}),
    ("receipt.allocate", "02-02", {"receipt": "P-1", "invoices": ["R-2"]}),
    ("receipt.reverse", "02-03", {"receipt": "P-1", "amount": "15.00"}),
    ("credit_note.issue", "01-15", {"credit_note": "CN-1", "invoice": "R-1", "amount": "130.00"}),
    ("credit_note.unallocate", "01-16", {"credit_note": "CN-1", "allocation": 1}),
    ("credit_note.unallocate", "01-18", {"credit_note": "CN-1", "allocation": 1}),
    ("credit_note.allocate", "01-21", {"credit_note": "CN-1", "invoices": ["R-3"]}),
    ("credit_note.refund", "01-28", {"credit_note": "CN-1", "amount": "5.00", "reference": "transfer"}),
    ("invoice.credit", "01-12", {"number": "R-3", "credit_note": "CN-2", "amount": "30.00"}),
    ("credit_note.undo", None, {"credit_note": "CN-2"}),
    ("invoice.write_off", "02-10", {"number": "R-1"}),
    ("invoice.undo_write_off", None, {"number": "R-1"}),
    ("invoice.void", "01-10", {"number": "R-4"}),
    ("invoice.undo_void", None, {"number": "R-4"}),
    # Money at a rate, and money of another entity.
    ("receipt.record", "01-22", {"receipt": "P-2", "customer": "blue", "amount": "99.90", "currency": "USD"}),
    ("receipt.allocate", None, {"receipt": "P-2", "invoices": ["R-4"], "rate": "0.9", "difference": "given_up"}),
    ("receipt.unallocate", "01-30", {"receipt": "P-2", "allocation": 1}),
    (
        "receipt.record",
        "01-23",
        {"receipt": "P-3", "customer": "acme", "amount": "40.00", "currency": "EUR", "invoices": ["R-9"]},
    ),
    ("receipt.move", None, {"receipt": "P-3", "to_entity": "branch"}),
    ("receipt.allocate", None, {"receipt": "P-3", "invoices": ["R-9"]}),
)


def test_what_is_taken_back_moved_or_credited_is_the_same_by_the_feed(house):
    app = house.app
    for number, (name, on, asked) in enumerate(TAKEN_BACK):
        day = CATALOGUE[name].day
        given = {**asked, **({day: f"2026-{on}"} if on else {})}
        app.bring_views_up_to_date()
        app.commands.run(name, given, Cause("li", f"c-{number}", "a mistake"))
    recorded = {row.name for row in app.ledger.rows(0, 1000)}
    assert not LATER - recorded
    house.publish()
    with house.reporting() as worker:
        # Facts of one day, on several topics, come in pages of their own and in any order.
        worker.reporter._size = 3
        assert caught_up(worker.reporter, app.ledger.head().position)
        worker.reporter.close()
    house.require_same()
    assert parked(house.reporting_url) == []
    for name in ("open_items", "credit_risk"):
        app.projector.rebuild(name)
    house.require_same()


LATER = {
    *(name for name in KINDS["credit_note"].facts),
    "receipt.allocation_reinstated", "receipt.moved", "invoice.payment_reinstated", "invoice.exchange_difference_taken",
    "invoice.credit_note_undone", "invoice.credit_note_reinstated", "invoice.void_undone", "invoice.write_off_undone",
}  # fmt: skip


def test_what_is_left_out_is_empty_and_nothing_else(house):
    Trade(house.app.ledger).go_on(50)
    house.app.bring_views_up_to_date()
    house.publish()
    house.catch_up()
    query = "select position, value, reason from view_credit_risk.credit_facts order by position, subject"
    with psycopg.connect(house.reporting_url) as ours, psycopg.connect(house.ledger_url) as theirs:
        rows = [*zip(ours.execute(query).fetchall(), theirs.execute(query).fetchall(), strict=True)]
    assert rows
    assert {mine[1] == whole[1] for mine, whole in rows} == {True}
    assert {(mine[2], whole[2]) for mine, whole in rows} == {(None, "as agreed by phone")}


def test_a_fact_that_fits_no_view_is_parked_as_the_projector_parks_it_and_only_its_stream_waits(house):
    app = house.app
    record(app, invoice_stream("bad-1", "main"), 0, invoice("bad-1"))
    record(app, invoice_stream("bad-1", "main"), 1, FeeCharged(9, 5_00, FIRST, "reminder"))
    record(app, invoice_stream("bad-1", "main"), 2, PartiallyPaid("R", 2, 5_00, (Part(1, 5_00),)))
    Trade(app.ledger).go_on(100)
    house.publish()
    house.catch_up()
    house.require_same()
    assert parked(house.reporting_url) == [("open_items", n, "invoice:main:bad-1") for n in (2, 3)]


def test_a_fact_whose_rows_no_table_takes_is_found_and_parked_alone(house, monkeypatch):
    writes = Timelines.writes

    def picky(batch):
        if any("unfit" in stream for stream in batch._items):
            yield Query("select 1 / 0")
        yield from writes(batch)

    monkeypatch.setattr(Timelines, "writes", picky)
    trade = Trade(house.app.ledger)
    trade.go_on(50)
    record(house.app, invoice_stream("unfit", "main"), 0, invoice("unfit"))
    record(house.app, invoice_stream("unfit", "main"), 1, PartiallyPaid("R", 1, 5_00, (Part(1, 5_00),)))
    trade.go_on(50)
    house.publish()
    house.catch_up()
    house.require_same()
    assert [(view, stream) for view, _, stream in parked(house.reporting_url)] == 2 * [
        ("open_items", "invoice:main:unfit")
    ]


# Reports


def test_reports_of_the_reporting_database_are_those_of_the_ledger_to_the_cent(house):
    trade = Trade(house.app.ledger)
    trade.go_on(400)
    known_at = house.app.clock()
    trade.go_on(400)
    house.publish()
    house.catch_up()
    house.app.bring_views_up_to_date()
    whole = Settings(home=house.home, database_url=house.ledger_url)
    with assemble(whole) as ledger:
        ledger.bring_views_up_to_date()
        ours, theirs = answers(house.app, known_at), answers(ledger, known_at)
    assert ours.keys() == theirs.keys()
    for name in theirs:
        assert ours[name] == theirs[name], name


def answers(app, known_at):
    day, found = FIRST + timedelta(70), {}
    for then in (None, known_at):
        for by in ("customer", "currency", "entity", "collector", "country", "risk_class"):
            found[f"aging by {by} {then}"] = app.reports.aging(day, then, by=by)
        found[f"items {then}"] = app.reports.items(day, then, customer="TC-3")
        found[f"metrics {then}"] = app.metrics.metrics(day, known_at=then)
        found[f"risk {then}"] = app.risk.risk(day, then)
        found[f"provisions {then}"] = app.risk.provisions(day, then)
        found[f"forecast {then}"] = app.risk.forecast(day, then)
    found["restatement"] = app.reports.restatement(day, known_at)
    return {name: without(each, {"known_at", "known_2", "reason"}) for name, each in found.items()}


def instant(text):
    return datetime.fromisoformat(text)


def without(answer, names):
    """`known_at` is the present where nothing else is asked for."""
    if isinstance(answer, dict):
        return {name: without(each, names) for name, each in answer.items() if name not in names}
    return [without(each, names) for each in answer] if isinstance(answer, list) else answer


def test_between_facts_a_report_is_as_of_a_position_and_exact_there(house):
    """Workers are at different facts of the log: the position is that up to which all are there."""
    trade, day, seen = Trade(house.app.ledger), date(2026, 3, 1), set()
    only_ledger = Settings(home=house.home, database_url=house.ledger_url)
    # Neither has recorded anything, so neither waits.
    with house.reporting() as app, assemble(house.settings) as reader, assemble(only_ledger) as whole:
        app.reporter._size = 97
        app.reporter.views.prepare()
        for _ in range(4):
            # Which partition is given first is the broker's choice: at the end of each round at least all is there.
            trade.go_on(150)
            house.publish()
            whole.bring_views_up_to_date()
            while house.position() < trade.facts:
                app.reporter.advance()
                if not house.position() or house.position() in seen:
                    continue
                answer = reader.reports.aging(day)
                seen.add(answer["position"])
                known_at = instant(answer["known_at"])
                # Several facts are recorded at one instant, and some positions lie between them.
                if whole.ledger.position_at(known_at) == answer["position"]:
                    assert without(answer, {"known_at"}) == without(whole.reports.aging(day, known_at), {"known_at"})
        app.reporter.close()
    assert len(seen) >= 4


def test_reports_wait_for_the_feed_and_say_who_keeps_it_when_that_takes_too_long(house):
    Trade(house.app.ledger).go_on(5)
    house.publish()
    house.catch_up()
    record(house.app, invoice_stream("late", "main"), 0, invoice("late"))
    house.app._report_snapshots._views.wait_seconds = 0.1
    with pytest.raises(Behind, match="1 fact behind.*receivables work reporter"):
        house.app.reports.aging(FIRST)
    house.publish()
    house.catch_up()
    assert house.app.reports.aging(FIRST)["position"] == house.app.ledger.head().position


def test_a_reporting_database_must_be_named_filled_and_no_ledger(house, tmp_path, databases):
    with pytest.raises(Unavailable, match="RECEIVABLES_REPORTING_URL to a database of its own"):
        assemble_reporting(Settings(home=tmp_path, database_url=house.ledger_url, kafka=house.broker))
    itself = Settings(home=tmp_path, database_url=house.ledger_url, reporting_url=house.ledger_url)
    with pytest.raises(Unavailable, match="the database of the ledger itself"):
        assemble_reporting(itself)
    Trade(house.app.ledger)
    with pytest.raises(Unavailable, match="has facts of its own"):
        assemble_reporting(Settings(home=tmp_path, reporting_url=house.ledger_url))
    with pytest.raises(Unavailable, match="by none yet"):
        house.app.reports.aging(FIRST)


# What comes again


def test_pages_sent_again_and_a_whole_replay_change_nothing(house):
    trade = Trade(house.app.ledger)
    half = trade.go_on(300)
    house.publish()
    house.catch_up()
    house.app.publisher.return_to(half // 3)
    trade.go_on(300)
    house.publish()
    house.catch_up()
    house.require_same()
    house.app.publisher.return_to(0)
    house.publish()
    house.catch_up()
    record(house.app, invoice_stream("after", "main"), 0, invoice("after"))
    house.publish()
    house.catch_up()
    house.require_same()


def test_topics_that_were_deleted_and_filled_again_are_read_from_their_beginning(house):
    trade = Trade(house.app.ledger)
    half = trade.go_on(300)
    house.publish()
    # So that the same fact has another offset in the new topics.
    house.app.publisher.return_to(half // 2)
    house.publish()
    house.catch_up()
    deleted(house.broker)
    trade.go_on(2000)
    house.app.publisher.return_to(0)
    house.publish()
    house.catch_up()
    house.require_same()


def test_topics_that_are_deleted_while_a_worker_reads_them(house):
    trade = Trade(house.app.ledger)
    trade.go_on(200)
    house.publish()
    with house.reporting() as app, running(lambda stop: keep(app, REPORTER, stop)) as worker:
        assert house.reaches(house.app.ledger.head().position)
        deleted(house.broker)
        trade.go_on(200)
        house.app.publisher.return_to(0)
        house.publish()
        assert house.reaches(house.app.ledger.head().position)
        assert worker.error is None
    house.require_same()


def test_a_topic_that_a_later_release_adds_is_waited_for_and_read(house):
    Trade(house.app.ledger).go_on(50)
    house.publish()
    house.catch_up()
    deleted(house.broker, [topics.FACTS["credit_note"]])
    with house.reporting() as app, running(lambda stop: keep(app, REPORTER, stop)) as worker:
        time.sleep(1)
        credit = {"credit_note": "CN-1", "customer": "TC-1", "amount": "5.00", "currency": "EUR"}
        house.app.commands.run("credit_note.issue", credit, Cause("li", "credit", "goods came back"))
        house.publish()
        assert house.reaches(house.app.ledger.head().position)
        assert worker.error is None
    house.require_same()


def deleted(broker, names=OUTGOING):
    admin = KafkaAdminClient(bootstrap_servers=broker)
    admin.delete_topics(names)
    assert becomes(lambda: not set(names) & set(admin.list_topics()))
    admin.close()


# Several at once


def test_one_that_lost_its_partitions_cannot_write(house):
    trade = Trade(house.app.ledger)
    trade.go_on(200)
    house.publish()
    with house.reporting() as first, house.reporting() as second:
        zombie, heir = first.reporter, second.reporter
        # Of a group of its own, so that nobody tells it that its partitions are another's now.
        zombie._consumer._group += "-alone"
        zombie.views.prepare()
        apply = zombie.views.apply
        outcomes: list[None] = []

        def late(page):
            assert caught_up(heir, house.app.ledger.head().position)
            outcomes.append(None)
            return apply(page)

        zombie.views.apply = late
        before = zombie._placed
        while not outcomes:
            zombie.advance()
        assert (before, zombie._placed) == (None, None)
        zombie.views.apply = apply
        trade.go_on(100)
        house.publish()
        assert caught_up(zombie, house.app.ledger.head().position)
        zombie.close()
        heir.close()
    house.require_same()


def test_workers_share_the_partitions_and_one_more_or_less_of_them_changes_no_row(house, workers):
    """Three, of which some are killed in the middle of load, or told to stop, and followed by others."""
    stormy(house, workers, rounds=2, seed=1)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(6))
def test_a_long_storm(house, workers, seed):
    stormy(house, workers, rounds=15, seed=seed)


def stormy(house, workers, *, rounds, seed):
    dice, trade = random.Random(seed), Trade(house.app.ledger, seed)
    alive = [workers(house) for _ in range(3)]
    for _ in range(rounds):
        for _ in range(4):
            trade.go_on(dice.randrange(20, 200))
            house.publish()
            if dice.random() < 0.1:
                house.app.publisher.return_to(dice.randrange(trade.facts))
        victim = alive.pop(dice.randrange(len(alive)))
        victim.send_signal(signal.SIGTERM if dice.random() < 0.25 else signal.SIGKILL)
        alive.append(workers(house))
    house.publish()
    assert house.reaches(house.app.ledger.head().position)
    assert [process.poll() for process in alive] == [None] * 3
    with psycopg.connect(house.reporting_url, autocommit=True) as conn:
        [[applied]] = conn.execute("select sum(facts) from ledger.feed_offsets").fetchall()
        assert applied == trade.facts
    house.require_same()


# Outages, and what cannot go on


@contextmanager
def at_work(house, **how):
    """A worker in this process, and what it has reported."""
    with house.reporting(**how) as app:
        said = []
        with running(lambda stop: REPORTER.run(app, stop, lambda *each: said.append(each))) as worker:
            yield app, said, worker


@pytest.mark.deep
def test_a_broker_that_is_away_is_waited_for(databases, own_broker, tmp_path, monkeypatch):
    monkeypatch.setattr(consumer, "LOOK_SECONDS", 0.3)
    monkeypatch.setattr(consumer, "ANSWER_SECONDS", 1.0)
    broker = own_broker()
    house = House(databases(), databases(), broker.address, tmp_path)
    with house.app, at_work(house) as (_, said, worker):
        trade = Trade(house.app.ledger)
        trade.go_on(50)
        house.publish()
        assert house.reaches(house.app.ledger.head().position)
        assert [state for state, _ in said] in (["following"], ["away", "following"])
        os.kill(broker.pid, signal.SIGKILL)
        assert becomes(lambda: said[-1][0] == "away")
        broker.start()
        assert becomes(lambda: said[-1][0] == "following")
        trade.go_on(50)
        house.publish()
        assert house.reaches(house.app.ledger.head().position)
        assert worker.error is None
        house.require_same()


def test_a_reporting_database_that_is_away_is_waited_for(house):
    trade = Trade(house.app.ledger)
    trade.go_on(50)
    house.publish()
    with proxied(house.reporting_url) as proxy, at_work(house, reporting_url=proxy.url) as (_, said, worker):
        assert house.reaches(house.app.ledger.head().position)
        trade.go_on(50)
        # The page is written, and nobody hears of it.
        proxy.drop(b"pg_advisory_xact_lock(hashtext('receivables.reporting'))")
        house.publish()
        assert house.reaches(house.app.ledger.head().position)
        assert "away" in [state for state, _ in said]
        assert worker.error is None
    house.require_same()


def test_after_a_restore_the_reporting_database_is_made_anew(house):
    trade = Trade(house.app.ledger)
    position = trade.go_on(100)
    house.publish()
    house.catch_up()
    with house.app.pool.connection() as conn:
        begin_incarnation(conn, str(house.app.ledger.ledger_id), "restored", position + 1)
    trade.go_on(100)
    house.publish()
    with at_work(house) as (_, _, worker):
        worker.join()
        assert isinstance(worker.error, StartOver)
        assert "another name" in str(worker.error)
        assert "receivables views refill" in str(worker.error)
    typed = Terminal(house.ledger_url, house.home)
    typed.environment |= {"RECEIVABLES_REPORTING_URL": house.reporting_url, "RECEIVABLES_KAFKA": house.broker}
    assert typed.json("views", "refill") == {"emptied": ["open_items", "credit_risk"]}
    house.catch_up()
    house.require_same()


def test_facts_that_come_after_later_ones_of_their_partition_are_not_taken(house, monkeypatch):
    trade = Trade(house.app.ledger)
    trade.go_on(100)
    house.publish()
    deleted(house.broker)
    trade.go_on(100)
    with monkeypatch.context() as patch:
        # As when they were lost while the publisher was at work.
        patch.setattr(Publisher, "_fill_what_was_lost", lambda self, reader: None)
        house.publish()
    with house.reporting() as app:
        before = app.reporter.views.progress()
        app.reporter.views.prepare()
        while app.reporter.views.progress()[1] < 50:
            app.reporter.advance()
        house.app.publisher.return_to(0)
        house.publish()
        with pytest.raises(StartOver, match="came after later ones"):
            for _ in range(20):
                app.reporter.advance()
        app.reporter.close()
        assert before[0] == app.reporter.views.progress()[0] == 0
    house.app.reporting.start_over(house.app.publisher.incarnations().all())
    deleted(house.broker)
    house.app.publisher.return_to(0)
    house.publish()
    house.catch_up()
    house.require_same()


def test_a_worker_is_seen_by_those_who_look_at_workers_and_says_how_far_it_is(house):
    trade = Trade(house.app.ledger)
    trade.go_on(50)
    house.publish()
    begun, address = Event(), []

    def begins(at):
        address.append(at)
        begun.set()

    with house.reporting(metrics_port=0) as app, running(lambda stop: keep(app, REPORTER, stop, begins=begins)):
        assert begun.wait(20)
        assert house.reaches(house.app.ledger.head().position)
        assert becomes(lambda: [each.state for each in house.app.reporting_workers()] == ["following"])
        assert becomes(lambda: reached(app) == (trade.facts, trade.facts))
        [worker] = house.app.reporting_workers()
        assert (worker.name, worker.is_alive) == ("reporter", True)
