"""B14: a tick of the ladders over overdue invoices, against the bare insertion of the facts it leaves."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from statistics import median
from typing import Any

from bench import importing
from bench.measure import Figure, Goal, attempted, in_turns, ratios, require, shown, timed
from bench.place import Place
from bench.sizes import Size
from domain.entry import Cause
from infra.policies.shipped import GENERAL
from services.answers.policy_toml import as_toml
from services.assembly import App
from services.escalation.ticking import Tick
from services.importing import Options

IDS = ("B14",)
DECISIONS_A_SECOND = 10_000
IDLE_SECONDS = 1.0
# Every invoice of the file is overdue by then, and its reminders are due.
DAY = importing.DAY + timedelta(days=150)
INSERT = "insert into plain.facts values (%s, %s, %s, %s)"


def figures(place: Place, size: Size, wanted: Collection[str]) -> Iterator[Figure]:
    place.say(f"B14: ticks over {size.overdue:,} overdue invoices")
    yield attempted("B14", partial(_ticks, place, size))


def _ticks(place: Place, size: Size) -> Figure:
    run = Run(place, size.overdue)
    works, limits = in_turns(run.tick, run.limit)
    few = Run(place, size.overdue // 10)
    [less] = in_turns(few.tick)
    run.close()
    few.close()
    a_second = [run.decided / seconds for seconds in works]
    per_invoice = median(works) / run.decided / (median(less) / few.decided)
    return Figure(
        "B14",
        f"a tick over {size.overdue:,} overdue invoices of {size.overdue // importing.PER_CUSTOMER:,} customers",
        f"{median(works):.2f} s",
        f"executemany of the same facts: {median(limits):.2f} s",
        shown(ratios(limits, works)),
        [
            Goal(
                f">= {DECISIONS_A_SECOND:,} decisions/s ({median(a_second):,.0f})",
                median(a_second) >= DECISIONS_A_SECOND,
            ),
            Goal(f"<= 1.2 of the time per invoice of a tenth ({per_invoice:.2f})", per_invoice <= 1.2),
            Goal(f"nothing due: <= {IDLE_SECONDS:.0f} s ({median(run.idle):.3f} s)", median(run.idle) <= IDLE_SECONDS),
        ],
        [f"{run.facts:,} facts, {run.contacts:,} contacts among them; the same day again adds none"],
    )


class Run:
    """One ledger of overdue invoices for each round: the copy of the first, before its tick."""

    def __init__(self, place: Place, rows: int):
        self._place = place
        path = place.home / f"overdue-{rows}.csv"
        importing.write(path, rows)
        self._empty, self._url = place.new_database(), ""
        with place.app(self._empty) as app:
            app.imports.invoices(path, Options(actor="bench"))
            app.policies.ensure_published()
            _lift_daily_bound(app)
            app.bring_views_up_to_date()
        self.decided = self.facts = self.contacts = 0
        self.idle: list[float] = []

    def close(self) -> None:
        self._drop()
        self._place.drop(self._empty)

    def tick(self, _: int) -> float:
        self._drop()
        self._url = self._place.new_database(self._empty)
        with self._place.app(self._url) as app:
            before = app.ledger.head().position
            seconds, first = _run(app, DAY)
            self.decided, self.contacts = first.decided, first.contacts
            self.facts = app.ledger.head().position - before
            require(
                first.decided > 0 and first.decided + sum(first.waiting.values()) <= first.considered, True, "steps"
            )
            again = _run(app, DAY)[1]
            require((again.decided, again.contacts), (0, 0), "steps of the same day again")
            # The next day nothing is due: most of what is overdue has its next step a week later.
            app.bring_views_up_to_date()
            idle, next_day = _run(app, DAY + timedelta(days=1))
            require(next_day.decided, 0, "steps of the next day")
            self.idle.append(idle)
        return seconds

    def limit(self, _: int) -> float:
        with self._place.plain(self._url) as conn:
            rows: list[tuple[Any, ...]] = conn.execute(
                "select originator_id, originator_version, topic, state from ledger.log"
                " order by notification_id desc limit %s",
                (self.facts,),
            ).fetchall()
            conn.execute("create table plain.facts (stream text, version bigint, name text, state bytea)")
            conn.execute("create unique index on plain.facts (stream, version)")

            def inserted() -> None:
                with conn.transaction(), conn.cursor() as cursor:
                    cursor.executemany(INSERT, rows)

            return timed(inserted)

    def _drop(self) -> None:
        if self._url:
            self._place.drop(self._url)
            self._url = ""


def _lift_daily_bound(app: App) -> None:
    """All that is due is to be measured, and the ladder that ships stops after some two thousand contacts."""
    policy = replace(app.policies.shipped()[GENERAL], most_contacts_a_day=1_000_000)
    app.commands.run("policy.publish", {"policy": GENERAL, "document": as_toml(policy)}, Cause("bench", "bound"))


def _run(app: App, today: date) -> tuple[float, Tick]:
    found: list[Tick] = []
    return timed(lambda: found.append(app.escalator.run(today))), found[0]
