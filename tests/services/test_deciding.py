"""Decisions look at nothing but what they are shown; what was looked up before them is looked up again if it moved."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from domain.customer.facts import DataErased
from domain.entry import Cause, customer_stream, invoice_stream, receipt_stream
from domain.invoice.facts import Issued
from infra import clock as infra_clock
from infra.encryption import LOST
from infra.log.appends import Contended
from infra.log.bulk import MovedOn
from infra.log.decision import Done, Overtaken
from infra.settings import Settings
from services import commands as commands_module
from services.assembly import App, assemble
from services.catalogue.command import Asked, Change, Command, Decided, Reader, Request
from services.catalogue.customers import ERASE, REGISTER
from services.catalogue.invoices import ISSUE
from services.importing import Options, Summary
from tests.services.conftest import SetClock, keep_views
from tests.services.test_reasons import STORY

ACME = customer_stream("acme")
INVOICE: dict[str, object] = {"number": "R-1", "customer": "acme", "amount": "100.00", "currency": "EUR"}
MONEY: dict[str, object] = {"receipt": "B-1", "amount": "100.00", "currency": "EUR"}


class LookedAround(BaseException):
    """What a decision did that it may not; nothing that handles errors handles it."""


class Guard:
    """Raises for whoever asks the database, the clock or chance while a decision is made."""

    def __init__(self) -> None:
        self.is_deciding = False
        self.decided = 0

    def keeping(self, what: str, reach: Callable[..., Any]) -> Callable[..., Any]:
        def kept(*given: Any, **more: Any) -> Any:
            if self.is_deciding:
                raise LookedAround(what)
            return reach(*given, **more)

        return kept

    def around(self, decide: Callable[..., Decided]) -> Callable[..., Decided]:
        def guarded(*states: object) -> Decided:
            self.is_deciding, self.decided = True, self.decided + 1
            try:
                return decide(*states)
            finally:
                self.is_deciding = False

        return guarded


@pytest.fixture
def guard() -> Guard:
    return Guard()


@pytest.fixture
def guarded(guard: Guard, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    clock = guard.keeping("the clock", SetClock())
    entropy = guard.keeping("chance", infra_clock.entropy)
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock, entropy=entropy) as app:
        change = app.ledger.change

        def guarded_change(streams: Sequence[str], decide: Callable[..., Decided], **more: Any) -> Done:
            return change(streams, guard.around(decide), **more)

        monkeypatch.setattr(app.ledger, "change", guarded_change)
        monkeypatch.setattr(app.pool, "connection", guard.keeping("the database", app.pool.connection))
        yield app


def test_no_decision_asks_the_database_the_clock_or_chance(guarded, guard):
    """A payer's name among them: it is encrypted, under a key that may have to be made, before the decision."""
    for number, (name, arguments) in enumerate(STORY):
        guarded.bring_views_up_to_date()
        assert guarded.commands.run(name, arguments, Cause("ann", str(number), "x")).facts
    assert guard.decided >= len(STORY)


@pytest.mark.parametrize(
    ("reach", "what"),
    [
        (lambda app, reader: reader.encrypt("new", {"payer": "Ann"}), "chance|the database"),
        (lambda app, reader: reader.state(invoice_stream("R-9", "main")), "the database"),
        (lambda app, reader: app.entropy(8), "chance"),
        (lambda app, reader: app.clock(), "the clock"),
    ],
)
def test_a_decision_that_looks_around_is_seen(guarded, reach, what):
    def plan(asked: Asked, reader: Reader) -> Change:
        def decide(state: object) -> Decided:
            reach(guarded, reader)
            return {}

        return Change([asked.stream], decide, asked.day)

    with pytest.raises(LookedAround, match=what):
        guarded.commands.give(ACME, Request(replace(REGISTER, plan=plan), {}), cause=Cause("ann", "c"))


# What was looked up before the decision


@pytest.fixture
def elsewhere(app: App, database_url: str, tmp_path: Path) -> Iterator[App]:
    """The same ledger in another process."""
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=SetClock()) as other:
        keep_views(other)
        yield other


def give(app: App, name: str, arguments: dict[str, object], command_id: str = "") -> Done:
    return app.commands.run(name, arguments, Cause("ann", command_id or f"{name} {arguments}", "x"))


def meanwhile(monkeypatch: pytest.MonkeyPatch, app: App, act: Callable[[], object]) -> list[Sequence[str]]:
    """Done after the first look-up of a command and before its decision; the streams of each attempt."""
    change, attempts = app.ledger.change, list[Sequence[str]]()

    def interrupted(streams: Sequence[str], decide: Callable[..., Decided], **more: Any) -> Done:
        attempts.append(streams)
        if len(attempts) == 1:
            act()
        return change(streams, decide, **more)

    monkeypatch.setattr(app.ledger, "change", interrupted)
    return attempts


@pytest.mark.parametrize(
    ("named", "others", "tries"),
    [
        ({"invoices": ["R-1"]}, ("invoice.issue", INVOICE), 2),
        # Who is named is the customer, known or not.
        ({"customer": "acme"}, ("customer.register", {"customer": "acme"}), 1),
        ({"customer": "acme", "invoices": ["R-1"]}, ("invoice.issue", INVOICE), 1),
    ],
)
def test_a_payer_who_becomes_known_meanwhile_is_encrypted_under_the_customers_key(
    app, elsewhere, monkeypatch, named, others, tries
):
    attempts = meanwhile(monkeypatch, app, lambda: give(elsewhere, *others))

    give(app, "receipt.record", MONEY | named | {"payer": "Ann Example"})

    received = app.ledger.state(receipt_stream("B-1")).received
    assert len(attempts) == tries
    assert received.customer == "acme"
    assert app.encryption.decrypt("acme", received.payer_encrypted) == {"payer": "Ann Example"}
    assert app.encryption.open_many([("receipt:B-1", received.payer_encrypted)]) == [LOST]


def test_a_payer_nobody_knows_is_planned_once(app, elsewhere, monkeypatch):
    attempts = meanwhile(monkeypatch, app, lambda: give(elsewhere, "invoice.issue", INVOICE))

    give(app, "receipt.record", MONEY | {"payer": "Ann Example"})

    received = app.ledger.state(receipt_stream("B-1")).received
    assert len(attempts) == 1
    assert app.encryption.decrypt("receipt:B-1", received.payer_encrypted) == {"payer": "Ann Example"}


def test_a_command_whose_look_up_never_holds_gives_up_after_some_tries(app):
    planned = []

    def plan(asked: Asked, reader: Reader) -> Change:
        planned.append(asked)

        def decide(state: object) -> Decided:
            raise Overtaken

        return Change([asked.stream], decide, asked.day)

    with pytest.raises(Contended, match="others kept changing what customer.register is about"):
        app.commands.give(ACME, Request(replace(REGISTER, plan=plan), {}), cause=Cause("ann", "c"))
    assert len(planned) == commands_module.TRIES
    assert app.ledger.answer("c") is None


def test_a_fault_in_a_decision_is_told_and_not_tried_again(app):
    planned = []

    def plan(asked: Asked, reader: Reader) -> Change:
        planned.append(asked)

        def decide(state: object) -> Decided:
            raise ZeroDivisionError

        return Change([asked.stream], decide, asked.day)

    with pytest.raises(ZeroDivisionError):
        app.commands.give(ACME, Request(replace(REGISTER, plan=plan), {}), cause=Cause("ann", "c"))
    assert len(planned) == 1


# An invoice to a customer, and the erasure of that customer


@contextmanager
def at_once() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


class Held:
    """A command whose first decision waits until it is let go, having been shown what it is shown."""

    def __init__(self, command: Command[...]):
        self.is_deciding, self.go_on = Event(), Event()
        self.shown: list[tuple[Any, ...]] = []
        self.command = replace(command, plan=self._plan)
        self._planned = command.plan

    def _plan(self, asked: Asked, reader: Reader) -> Change:
        change = self._planned(asked, reader)

        def decide(*states: Any) -> Decided:
            self.shown.append(states)
            if len(self.shown) == 1:
                self.is_deciding.set()
                assert self.go_on.wait(10)
            return change.decide(*states)

        return change._replace(decide=decide)


def issued_and_erased(app: App) -> list[type]:
    return [type(each.fact) for each in app.ledger.entries(0) if isinstance(each.fact, Issued | DataErased)]


@pytest.fixture
def known(app: App) -> App:
    """A customer without a voucher, who can be forgotten at once."""
    give(app, "customer.register", {"customer": "acme"})
    app.bring_views_up_to_date()
    return app


def test_an_invoice_that_is_being_decided_notices_the_erasure(known, elsewhere):
    held = Held(ISSUE)
    issue = Request(held.command, {"customer": "acme", "amount_minor": 100_00, "currency": "EUR"})
    with at_once() as threads:
        issuing = threads.submit(known.commands.give, invoice_stream("R-1", "main"), issue, cause=Cause("ann", "i"))
        assert held.is_deciding.wait(10)
        assert give(elsewhere, "customer.erase", {"customer": "acme"}).facts
        held.go_on.set()
        issuing.result()

    assert issued_and_erased(known) == [DataErased, Issued]
    assert [debtor.is_erased for _, debtor in held.shown] == [False, True]


def test_an_erasure_that_is_being_decided_lets_no_invoice_pass(known, elsewhere):
    held = Held(ERASE)
    with at_once() as threads:
        erasing = threads.submit(known.commands.give, ACME, Request(held.command, {}), cause=Cause("ann", "e", "asked"))
        assert held.is_deciding.wait(10)
        issuing = threads.submit(give, elsewhere, "invoice.issue", INVOICE)
        with pytest.raises(TimeoutError):
            issuing.result(timeout=0.3)
        held.go_on.set()
        erasing.result()
        issuing.result()

    assert issued_and_erased(known) == [DataErased, Issued]
    assert elsewhere.ledger.state(ACME).is_erased


VOUCHERS: dict[str, list[tuple[str, dict[str, object]]]] = {
    "an invoice": [("invoice.issue", INVOICE)],
    "money": [("receipt.record", MONEY | {"customer": "acme"})],
    "money identified": [("receipt.record", MONEY), ("receipt.identify", {"receipt": "B-1", "customer": "acme"})],
}


@pytest.mark.parametrize("vouchers", VOUCHERS.values(), ids=VOUCHERS)
def test_an_erasure_notices_a_voucher_that_came_after_it_had_looked_for_the_last(
    known, elsewhere, monkeypatch, refused, vouchers
):
    attempts = meanwhile(monkeypatch, known, lambda: [give(elsewhere, *voucher) for voucher in vouchers])

    with refused("must_be_kept"):
        give(known, "customer.erase", {"customer": "acme"})

    assert len(attempts) == 2
    assert not known.ledger.state(ACME).is_erased


def test_an_erasure_is_not_held_up_by_the_invoices_of_others(known, elsewhere, monkeypatch):
    other = INVOICE | {"customer": "other"}
    attempts = meanwhile(monkeypatch, known, lambda: give(elsewhere, "invoice.issue", other))

    assert give(known, "customer.erase", {"customer": "acme"}).facts
    assert len(attempts) == 1


# The same in bulk

ROWS = "customer,customer_name,number,issued_on,amount,currency\nacme,Ann Example,R-1,2026-01-05,100.00,EUR\n"


def load(app: App, folder: Path, rows: str = ROWS) -> Summary:
    path = folder / "invoices.csv"
    path.write_text(rows, encoding="utf-8")
    summary: Summary = app.imports.invoices(path, Options())
    return summary


def test_an_import_that_has_decided_notices_the_erasure(known, elsewhere, monkeypatch, tmp_path):
    record_many, moved_on = known.ledger.record_many, list[str]()

    def after_the_erasure(*given: Any) -> object:
        if not moved_on:
            give(elsewhere, "customer.erase", {"customer": "acme"})
        try:
            return record_many(*given)
        except MovedOn as moved:
            moved_on.append(str(moved))
            raise

    monkeypatch.setattr(known.ledger, "record_many", after_the_erasure)
    assert load(known, tmp_path).imported == 1

    assert issued_and_erased(known) == [DataErased, Issued]
    assert len(moved_on) == 1
    assert ACME in moved_on[0]
    # Decided anew, for a customer of whom nothing personal may be kept.
    assert known.ledger.state(ACME).encrypted_contact is None
    assert known.ledger.state(ACME).is_erased


def test_a_customer_whom_an_import_kept_from_an_earlier_chunk_is_looked_at_again(
    known, elsewhere, monkeypatch, tmp_path
):
    """Customers come again and again in a file; one who was erased between two chunks is another by then."""
    monkeypatch.setattr("services.importing.loading.CHUNK", 1)
    give(known, "customer.register", {"customer": "later"})
    record_many = known.ledger.record_many
    chunks = []

    def then_erased(batches: Any, read: Any) -> object:
        head = record_many(batches, read)
        chunks.append(read)
        if len(chunks) == 1:
            give(elsewhere, "customer.erase", {"customer": "later"})
        return head

    rows = "customer,customer_name,number,issued_on,amount,currency\n" + "".join(
        f"{customer},{name},R-{number},2026-01-05,100.00,EUR\n"
        for number, (customer, name) in enumerate([("acme", "Ann"), ("later", ""), ("later", "Eve")])
    )
    monkeypatch.setattr(known.ledger, "record_many", then_erased)
    assert load(known, tmp_path, rows).imported == 3

    assert known.ledger.state(customer_stream("later")).is_erased
    assert known.ledger.state(customer_stream("later")).encrypted_contact is None


def test_an_erasure_notices_an_import_that_came_after_it_had_looked_for_the_last_voucher(
    known, elsewhere, monkeypatch, refused, tmp_path
):
    attempts = meanwhile(monkeypatch, known, lambda: load(elsewhere, tmp_path))

    with refused("must_be_kept"):
        give(known, "customer.erase", {"customer": "acme"})

    assert len(attempts) == 2
    assert known.customers.contact("acme") == {"name": "Ann Example"}


def test_an_erasure_that_is_being_decided_lets_no_import_pass(known, elsewhere, tmp_path):
    held = Held(ERASE)
    with at_once() as threads:
        erasing = threads.submit(known.commands.give, ACME, Request(held.command, {}), cause=Cause("ann", "e", "asked"))
        assert held.is_deciding.wait(10)
        importing: Future[Summary] = threads.submit(load, elsewhere, tmp_path)
        with pytest.raises(TimeoutError):
            importing.result(timeout=0.5)
        held.go_on.set()
        erasing.result()
        assert importing.result().imported == 1

    assert issued_and_erased(known) == [DataErased, Issued]
    assert elsewhere.ledger.state(ACME).encrypted_contact is None
