"""The audit trail over a real log: what is found, how it is told, and how it is proved."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

import services.audit
from domain import invoice as invoices
from domain.customer.facts import CollectorAssigned, ContactNoted, ContactSet, Registered, TermsAgreed
from domain.entry import Cause
from domain.invoice.facts import FeeCharged, InterestCharged, Issued, Paid, Part, PartiallyPaid, PromiseMade, Reminded
from domain.kinds import KINDS, NAMES
from domain.receipt import Allocated, Identified, Received
from domain.refusal import Refused
from domain.terms import Instalment, Share
from infra.database import Pool, open_pool
from infra.encryption import Encryption
from infra.log.chain import link, microseconds
from infra.log.checkpoints import Checkpoints
from infra.log.ledger import Batch, Ledger
from infra.views.answers import Views
from infra.views.projector import Projector
from projections.audit.view import Asked, AuditTrail
from services.audit import Audit, Page
from tests.tampering import unguarded

JAN, FEB, MAR, MAY = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 5, 1)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
KEYS = [
    "position", "stream", "version", "name", "effective_on", "recorded_at", "actor", "reason", "command_id",
    "correlation_id", "causation_id", "data", "difference",
]  # fmt: skip


@dataclass
class House:
    """A ledger whose clock moves one minute with each commit."""

    pool: Pool
    folder: Path
    minutes: int = 0

    def __post_init__(self):
        self.ledger = Ledger(self.pool, clock=self.now, kinds=KINDS)
        self.projector = Projector(self.ledger, self.pool, [AuditTrail()])
        self.encryption = Encryption(self.pool, self.folder / "master.key", clock=self.now, entropy=bytes)
        self.checkpoints = Checkpoints(self.folder / "checkpoints.jsonl", bytes)
        self.audit = Audit(
            self.ledger,
            Views(self.pool),
            self.checkpoints,
            self.encryption,
            int,
            clock=self.now,
            disclose=self.disclose,
        )
        self.projector.prepare()
        self.commands = count(1)

    def disclose(self, purpose: str, subjects: Iterable[str], *data: str) -> None:
        """What an app would record."""

    def now(self) -> datetime:
        return START + timedelta(minutes=self.minutes)

    def record(self, stream, *facts, on=JAN, cause=None):
        self.minutes += 1
        cause = cause or Cause("eve", f"command-{next(self.commands)}")
        version = len(self.ledger.facts(stream))
        self.ledger.record_many([Batch(stream, version, [(fact, on) for fact in facts], cause)])
        self.projector.catch_up()

    def found(self, **asked) -> list[int]:
        return [row["position"] for row in self.audit.search(self.audit.asked(**asked), newest_first=False).rows]


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with open_pool(database_url) as pool:
        yield House(pool, tmp_path)


def issued(number="R-1", customer="ann", minor=100000, *instalments):
    due = instalments or (Instalment(MAR, minor),)
    return Issued(number, "main", customer, "EUR", minor, 0, JAN, due)


@pytest.fixture
def busy(house: House) -> House:
    """Nine facts of two customers: an invoice each, one of them paid by money first known to nobody."""
    importing = Cause("importer", "file-7", "opening balance", "run-1")
    house.record("customer:ann", Registered("ann"), cause=importing)
    house.record("invoice:main:R-1", issued(), cause=importing)
    house.record("invoice:main:R-2", issued("R-2", "bob"), on=FEB, cause=importing._replace(command_id="file-8"))
    house.record("invoice:main:R-1", Reminded("first", "email", "a1"), on=MAY)
    house.record("receipt:m1", Received("m1", "main", "EUR", 40000, FEB), on=FEB)
    joe = Cause("joe", "allocate-1", "named on the statement", "run-2", "receipt:m1@1")
    house.record("receipt:m1", Identified("ann"), Allocated(1, "invoice:main:R-1", 40000), on=FEB, cause=joe)
    house.record("invoice:main:R-1", PartiallyPaid("m1", 1, 40000, (Part(1, 40000),)), on=FEB, cause=joe)
    house.record("customer:bob", Registered("bob"))
    return house


# What is shown


def test_an_invoice_is_shown_from_its_issue_on_with_who_when_and_why(busy):
    shown = busy.audit.show("R-1")["facts"]
    assert [list(fact) for fact in shown] == [KEYS] * 3
    assert [fact["name"] for fact in shown] == ["invoice.issued", "invoice.reminded", "invoice.partially_paid"]
    assert shown[0] | {"data": None} == {
        "position": 2,
        "stream": "invoice:main:R-1",
        "version": 1,
        "name": "invoice.issued",
        "effective_on": "2026-01-31",
        "recorded_at": "2026-01-05T09:02:00Z",
        "actor": "importer",
        "reason": "opening balance",
        "command_id": "file-7",
        "correlation_id": "run-1",
        "causation_id": None,
        "data": None,
        "difference": "open 0.00 -> 1,000.00 EUR; due 2026-03-31",
    }
    assert shown[2]["difference"] == "open 1,000.00 -> 600.00 EUR; instalment 1 paid in part, 600.00 EUR left"
    assert shown[2]["causation_id"] == "receipt:m1@1"
    assert shown[2]["data"]["amount_minor"] == 40000


def test_the_receipts_that_paid_an_invoice_are_shown_when_asked_for(busy):
    shown = busy.audit.show("R-1", with_receipts=True)["facts"]
    assert [fact["position"] for fact in shown] == [2, 4, 5, 6, 7, 8]
    assert shown[2]["difference"].startswith("unallocated 0.00 -> 400.00 EUR; received from an unidentified payer")


def test_a_customer_and_a_receipt_have_a_trail_of_their_own(busy):
    assert [fact["name"] for fact in busy.audit.show(customer="bob")["facts"]] == ["customer.registered"]
    assert [fact["version"] for fact in busy.audit.show(receipt="m1")["facts"]] == [1, 2, 3]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"number": "R-9"}, "not_issued"),
        ({"number": "R-1", "entity": "branch"}, "not_issued"),
        ({"customer": "eve"}, "not_registered"),
        ({"receipt": "m9"}, "not_received"),
    ],
)
def test_what_never_was_cannot_be_shown(busy, asked, code):
    with pytest.raises(Refused) as refusal:
        busy.audit.show(**asked)
    assert refusal.value.code == code


def test_an_invoice_is_shown_though_the_index_has_not_seen_it_yet(busy):
    busy.ledger.record_many([Batch("invoice:main:R-9", 0, [(issued("R-9"), JAN)], Cause("eve", "late"))])
    assert len(busy.audit.show("R-9")["facts"]) == 1


# What is found


@pytest.mark.parametrize(
    ("asked", "positions"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"invoice": "R-1"}, [2, 4, 8]),
        ({"receipt": "m1"}, [5, 6, 7]),
        ({"customer": "ann"}, [1, 2, 4, 5, 6, 7, 8]),
        ({"customer": "bob"}, [3, 9]),
        ({"customer": "nobody"}, []),
        ({"actor": "joe"}, [6, 7, 8]),
        ({"kind": "invoice.issued"}, [2, 3]),
        ({"kind": "receipt.*"}, [5, 6, 7]),
        ({"kind": "receipt."}, [5, 6, 7]),
        ({"kind": "customer"}, [1, 9]),
        ({"command_id": "allocate-1"}, [6, 7, 8]),
        ({"correlation_id": "run-1"}, [1, 2, 3]),
        ({"effective_from": FEB, "effective_to": FEB}, [3, 5, 6, 7, 8]),
        ({"effective_to": JAN}, [1, 2, 9]),
        ({"effective_from": MAR}, [4]),
        ({"recorded_from": START + timedelta(minutes=4)}, [4, 5, 6, 7, 8, 9]),
        ({"recorded_to": START + timedelta(minutes=4)}, [1, 2, 3, 4]),
        ({"recorded_from": START + timedelta(minutes=6), "recorded_to": START + timedelta(minutes=6)}, [6, 7]),
        ({"recorded_to": START}, []),
        ({"recorded_from": datetime.min.replace(tzinfo=UTC)}, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"customer": "ann", "kind": "invoice.", "actor": "joe"}, [8]),
        ({"invoice": "R-1", "effective_from": MAR}, [4]),
        ({"actor": "joe", "recorded_to": START + timedelta(minutes=6)}, [6, 7]),
    ],
)
def test_facts_are_found_by_what_their_envelope_says(busy, monkeypatch, asked, positions):
    question = busy.audit.asked(**asked)
    for most_listed in (10_000, 1):
        monkeypatch.setattr(services.audit, "FEW", most_listed)
        assert [row["position"] for row in busy.audit.search(question, newest_first=False).rows] == positions
        assert [row["position"] for row in busy.audit.search(question).rows] == positions[::-1]


def test_money_identified_later_is_in_the_customers_trail_from_the_day_it_came(house):
    house.record("receipt:m1", Received("m1", "main", "EUR", 40000, FEB))
    assert house.found(customer="ann") == []
    house.record("receipt:m1", Identified("ann"))
    assert house.found(customer="ann") == [1, 2]


def test_money_that_was_wrongly_identified_stays_in_both_trails(house):
    house.record("receipt:m1", Received("m1", "main", "EUR", 40000, FEB, "ann"))
    house.record("receipt:m1", Identified("bob"))
    assert house.found(customer="ann") == house.found(customer="bob") == [1, 2]


def test_a_kind_that_no_fact_has_is_refused(busy):
    with pytest.raises(Refused, match="unknown_kind"):
        busy.audit.search(busy.audit.asked(kind="invoice.updated"))


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_has_a_bound(busy, limit):
    with pytest.raises(Refused, match="page_size"):
        busy.audit.search(Asked(), limit=limit)


def test_a_search_says_how_far_the_log_was_searched(busy):
    busy.ledger.record_many([Batch("invoice:main:R-9", 0, [(issued("R-9"), JAN)], Cause("joe", "late"))])
    by_actor = busy.audit.search(busy.audit.asked(actor="joe"))
    assert (by_actor.position, [row["position"] for row in by_actor.rows]) == (9, [8, 7, 6])
    everything = busy.audit.search(Asked())
    assert (everything.position, everything.rows[0]["position"]) == (10, 10)


def test_a_found_fact_is_told_as_it_is_shown(busy):
    shown = {fact["position"]: fact for fact in busy.audit.show("R-1", with_receipts=True)["facts"]}
    found = busy.audit.search(busy.audit.asked(actor="joe")).rows
    assert found == [shown[8], shown[7], shown[6]]


# Turning pages


def turned(audit: Audit, asked: Asked, *, newest_first: bool, limit: int) -> Iterator[Page]:
    page = audit.search(asked, newest_first=newest_first, limit=limit)
    yield page
    while page.next:
        before, after = (page.next, None) if newest_first else (None, page.next)
        page = audit.search(asked, newest_first=newest_first, limit=limit, before=before, after=after)
        yield page


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("asked", [{}, {"customer": "ann"}, {"actor": "joe"}, {"kind": "invoice."}], ids=str)
def test_turning_pages_misses_nothing_and_repeats_nothing(busy, asked, newest_first):
    question = busy.audit.asked(**asked)
    whole = [row["position"] for row in busy.audit.search(question, newest_first=newest_first).rows]
    for limit in (1, 2, 3, 4, 9, 10):
        pages = list(turned(busy.audit, question, newest_first=newest_first, limit=limit))
        assert [row["position"] for page in pages for row in page.rows] == whole
        assert len(pages) == -(-len(whole) // limit)


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_fact_recorded_while_somebody_turns_pages_moves_none(busy, newest_first):
    seen = []
    for page in turned(busy.audit, busy.audit.asked(kind="invoice."), newest_first=newest_first, limit=2):
        seen += [row["position"] for row in page.rows]
        if len(seen) == 2:
            busy.record("invoice:main:R-2", Reminded("first", "email", "a2"), on=MAY)
    assert seen == ([8, 4, 3, 2] if newest_first else [2, 3, 4, 8, 10])


# The claim as it was


def test_an_invoice_is_told_as_it_was_on_a_day(busy):
    before, after = (busy.audit.state("R-1", as_of=day) for day in (FEB - timedelta(1), FEB))
    assert (before["open"], before["payments"], before["status"]) == ("1000.00", [], "open")
    assert (after["open"], after["items"][0]["open"], after["reminders"]) == ("600.00", "600.00", [])
    assert after["payments"] == [{"receipt": "m1", "amount": "400.00", "discount": "0.00"}]
    late = busy.audit.state("R-1", as_of=MAY)
    assert (late["status"], late["overdue"], late["items"][0]["days_past_due"]) == ("overdue", "600.00", 31)


def test_an_invoice_is_told_as_it_was_known_at_an_instant(busy):
    known_at = START + timedelta(minutes=6)
    invoice = busy.audit.state("R-1", as_of=MAY, known_at=known_at)
    assert (invoice["open"], invoice["known_at"], invoice["reminders"]) == (
        "1000.00",
        "2026-01-05T09:06:00Z",
        ["first"],
    )


def test_before_its_issue_and_before_it_was_recorded_there_was_no_invoice(busy):
    assert busy.audit.state("R-1", as_of=JAN - timedelta(1)) is None
    assert busy.audit.state("R-1", as_of=MAY, known_at=START) is None
    assert busy.audit.state("R-9", as_of=MAY) is None


def test_a_charge_recorded_late_for_an_early_day_is_found_beside_one_that_counts_later(house):
    house.record("invoice:main:R-1", issued())
    house.record("invoice:main:R-1", FeeCharged(2, 500, MAY, "letter"), on=MAY)
    house.record("invoice:main:R-1", InterestCharged(3, 700, MAR, FEB, MAR, "9 %"), on=MAR)
    house.record("invoice:main:R-1", PartiallyPaid("m1", 1, 700, (Part(3, 700),)), on=MAR)
    on_march = house.audit.state("R-1", as_of=MAR)
    assert [item["open"] for item in on_march["items"]] == ["1000.00", "0.00", "0.00"]
    assert house.audit.state("R-1", as_of=MAY)["open"] == "1005.00"


def test_promises_disputes_and_whoever_holds_the_invoice_are_told(house):
    house.record("invoice:main:R-1", issued())
    house.record("invoice:main:R-1", PromiseMade(1, 50000, MAR))
    house.record("invoice:main:R-1", invoices.facts.Disputed(1, "price", 10000, (Part(1, 10000),)))
    house.record("invoice:main:R-1", invoices.facts.PlacedWithAgency("Inkasso", 1500, 100000), on=MAY)
    invoice = house.audit.state("R-1", as_of=MAR)
    assert invoice["promise"] == {"pay_on": "2026-03-31", "amount": "500.00", "paid": "0.00"}
    assert invoice["disputes"] == [{"dispute": 1, "reason_code": "price", "amount": "100.00"}]
    assert (invoice["disputed"], invoice["holder"]) == ("100.00", "us")
    assert house.audit.state("R-1", as_of=MAY)["holder"] == "agency Inkasso"


# Exports


EVERYTHING = Asked()


def exported(audit: Audit, asked: Asked = EVERYTHING, **options) -> str:
    to = io.StringIO()
    audit.export(asked, to, **options)
    return to.getvalue()


def test_an_export_as_json_lines_holds_what_a_search_finds(busy):
    for asked in (busy.audit.asked(), busy.audit.asked(actor="joe"), busy.audit.asked(customer="ann")):
        lines = [json.loads(line) for line in exported(busy.audit, asked, form="jsonl").splitlines()]
        assert lines == busy.audit.search(asked, newest_first=False).rows


def test_an_export_in_small_portions_is_the_same_in_either_order(busy, monkeypatch):
    whole = exported(busy.audit, form="jsonl").splitlines()
    monkeypatch.setattr(services.audit, "PORTION", 2)
    assert exported(busy.audit, form="jsonl").splitlines() == whole
    assert exported(busy.audit, form="jsonl", newest_first=True).splitlines() == whole[::-1]


def test_an_export_as_csv_can_be_read_back(busy):
    rows = list(csv.DictReader(io.StringIO(exported(busy.audit))))
    found = busy.audit.search(Asked(), newest_first=False).rows
    assert [row["difference"] for row in rows] == [fact["difference"] for fact in found]
    assert [json.loads(row["data"]) for row in rows] == [fact["data"] for fact in found]
    assert rows[0]["causation_id"] == ""


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_an_export_is_a_formula(house, formula):
    cause = Cause(formula, formula, formula, formula, formula)
    house.record(f"customer:{formula}", Registered(formula), CollectorAssigned(formula), cause=cause)
    rows = list(csv.reader(io.StringIO(exported(house.audit), newline="")))[1:]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_an_export_knows_only_these_forms(busy):
    with pytest.raises(Refused, match="unknown_form"):
        exported(busy.audit, form="xml")


def test_an_export_reports_its_progress_up_to_the_end(busy, monkeypatch):
    monkeypatch.setattr(services.audit, "PORTION", 4)
    reported = []
    for newest_first in (True, False):
        exported(busy.audit, newest_first=newest_first, progress=lambda done, total: reported.append((done, total)))
    assert reported == [(4, 9), (8, 9), (9, 9), (9, 9)] * 2


def test_a_long_export_needs_no_more_memory_than_a_short_one(house):
    class Nowhere(io.StringIO):
        def write(self, text):
            return len(text)

    noted = ContactNoted("phone", "accounts payable", "overdue list", "will look into it" * 5)
    house.record("customer:ann", Registered("ann"), *[noted] * 19_999)
    tracemalloc.start()
    peaks = []
    for last in (4_000, 20_000):
        tracemalloc.reset_peak()
        assert house.audit.export(Asked(last=last), Nowhere(), form="csv") == last
        peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3


# What is sealed


def test_personal_data_is_sealed_unless_asked_for_and_gone_when_erased(house):
    house.record(
        "customer:ann", Registered("ann"), ContactSet(house.encryption.encrypt("ann", {"email": "ann@example.org"}))
    )
    encrypted = house.encryption.encrypt("receipt:m1", {"payer": "Ann Example"})
    house.record("receipt:m1", Received("m1", "main", "EUR", 40000, FEB, payer_encrypted=encrypted))
    assert house.audit.show(customer="ann")["facts"][1]["data"] == {"encrypted": "(encrypted)"}
    assert house.audit.show(receipt="m1")["facts"][0]["data"]["payer_encrypted"] == "(encrypted)"
    assert "encrypted)" in exported(house.audit)
    assert house.audit.show(customer="ann", decrypted=True)["facts"][1]["data"] == {
        "encrypted": {"email": "ann@example.org"}
    }
    assert house.audit.show(receipt="m1", decrypted=True)["facts"][0]["data"]["payer_encrypted"] == {
        "payer": "Ann Example"
    }
    house.encryption.destroy("ann")
    assert house.audit.show(customer="ann", decrypted=True)["facts"][1]["data"] == {"encrypted": "(erased)"}


# What proves it


def test_an_untouched_log_is_verified_to_its_end(busy):
    verified = busy.audit.verify()
    assert (verified.verified, verified.head, verified.checkpoint, verified.broken_at) == (
        9, busy.ledger.head().hash.hex(), None, None,
    )  # fmt: skip


def test_verifying_tells_how_far_it_is(busy):
    steps = []
    busy.audit.verify(lambda done, of: steps.append((done, of)))
    assert steps == [(9, 9)]


def test_a_checkpoint_is_written_only_for_a_log_that_is_whole(busy):
    assert busy.audit.checkpoint().checkpoint == busy.audit.checkpoint().checkpoint == 9
    assert [each.position for each in busy.checkpoints.read()] == [9]
    assert busy.audit.verify().checkpoint == 9
    tamper(busy.pool, "update ledger.log set topic = 'invoice.delivered' where notification_id = 4")
    busy.checkpoints.path.unlink()
    assert busy.audit.checkpoint().broken_at == 4
    assert not busy.checkpoints.path.exists()


def test_an_empty_log_is_whole_and_needs_no_witness(house):
    assert house.audit.checkpoint().verified == 0
    assert not house.checkpoints.path.exists()


def test_an_exported_log_is_verified_without_a_database(busy, tmp_path):
    busy.audit.checkpoint()
    path = written_log(busy, tmp_path)
    with path.open() as lines:
        verified = busy.audit.verify_export(lines)
    assert (verified.verified, verified.checkpoint, verified.broken_at) == (9, 9, None)


@pytest.mark.parametrize(
    ("old", "new", "broken_at"),
    [
        ("opening balance", "closing balance", 1),
        ('"position":4', '"position":5', 4),
        ("2026-01-05T09:05:00", "2026-01-04T09:05:00", 5),
        ("invoice.partially_paid", "invoice.paid", 8),
    ],
)
def test_an_exported_log_that_was_edited_is_broken_there(busy, tmp_path, old, new, broken_at):
    path = written_log(busy, tmp_path)
    path.write_text(path.read_text().replace(old, new, 1))
    with path.open() as lines:
        assert busy.audit.verify_export(lines).broken_at == broken_at


def test_an_exported_log_that_was_cut_short_is_missed_by_its_checkpoint(busy, tmp_path):
    path = written_log(busy, tmp_path)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    with path.open() as lines:
        assert busy.audit.verify_export(lines).broken_at is None
    busy.audit.checkpoint()
    with path.open() as lines:
        assert busy.audit.verify_export(lines).broken_at == 9


@pytest.mark.parametrize("line", ["", "{}", "[]", "7", "no json", '{"position": "x"}', '{"position": 1, "state": 7}'])
def test_a_file_that_is_no_exported_log_is_refused_by_its_line(busy, line):
    with pytest.raises(Refused, match="line 1 is not a line"):
        busy.audit.verify_export(io.StringIO(line + "\n"))


def test_a_checkpoint_signed_by_somebody_else_is_refused(busy):
    busy.audit.checkpoint()
    path = busy.checkpoints.path
    path.write_text(path.read_text().replace('"position":9', '"position":8'))
    with pytest.raises(Refused, match="checkpoint_forged"):
        busy.audit.verify()


def test_evidence_shows_an_invoice_its_terms_and_rows_that_anybody_can_recompute(house):
    agreed = TermsAgreed((Share(59, 10000),))
    house.record("customer:ann", Registered("ann"), agreed)
    house.record("invoice:main:R-1", issued())
    house.record("customer:ann", TermsAgreed((Share(30, 10000),)))
    house.record("receipt:m1", Received("m1", "main", "EUR", 40000, FEB, "ann"))
    house.record("invoice:main:R-1", PartiallyPaid("m1", 1, 40000, (Part(1, 40000),)))
    house.audit.checkpoint()
    evidence = json.loads(json.dumps(house.audit.evidence("R-1", as_of=MAY)))
    assert evidence["invoice"]["open"] == "600.00"
    assert evidence["terms"]["data"]["schedule"] == [{"days": 59, "basis_points": 10000}]
    assert [fact["position"] for fact in evidence["facts"]] == [3, 5, 6]
    assert (evidence["proof"]["checkpoint"]["position"], evidence["proof"]["verified"]["broken_at"]) == (6, None)
    for row in evidence["proof"]["rows"]:
        at = microseconds(datetime.fromisoformat(row["recorded_at"]))
        stream, name, state = (row[key].encode() for key in ("stream", "name", "state"))
        linked = link(bytes.fromhex(row["previous"]), row["position"], at, stream, row["version"], name, state)
        assert linked.hex() == row["hash"]


def written_log(house: House, folder: Path) -> Path:
    path = folder / "log.jsonl"
    with path.open("w") as to:
        assert house.audit.export_log(to) == house.ledger.head().position
    return path


def tamper(pool: Pool, command: str) -> None:
    with pool.connection() as conn, unguarded(conn):
        conn.execute(command.encode())


# What every stored fact says


def test_every_fact_in_the_trail_is_told_under_its_stored_name(busy):
    stored = [NAMES[type(entry.fact)] for entry in busy.ledger.entries(0, 100)]
    assert [row["name"] for row in busy.audit.search(Asked(), newest_first=False).rows] == stored


def test_a_fact_that_settles_an_invoice_is_told_with_its_stream_though_only_it_was_found(house):
    house.record("invoice:main:R-1", issued())
    house.record("invoice:main:R-1", PartiallyPaid("m1", 1, 40000, (Part(1, 40000),)))
    house.record("invoice:main:R-1", Paid("m2", 1, 60000, (Part(1, 60000),)))
    [told] = house.audit.search(house.audit.asked(kind="invoice.paid")).rows
    assert told["difference"] == "open 600.00 -> 0.00 EUR; instalment 1 paid"


def test_what_was_decided_is_told_as_it_went(app, desk):
    desk.issue("R-1", 100000, due_on=FEB)
    desk.ask(invoices.promise, "R-1", pay_on=FEB, on=JAN)
    desk.ask(invoices.dispute, "R-1", reason_code="quality", amount_minor=10000, on=JAN)
    desk.receive("B-1", 60000, customer="acme", value_on=MAR)
    app.projector.catch_up()
    assert [fact["difference"] for fact in app.audit.show("R-1", with_receipts=True)["facts"]] == [
        "open 0.00 -> 1,000.00 EUR; due 2026-02-28",
        "promise 1 of 1,000.00 EUR for 2026-02-28 made",
        "disputed 0.00 -> 100.00 EUR; dispute 1 raised: quality",
        "unallocated 0.00 -> 600.00 EUR; received from acme, value 2026-03-31",
        "unallocated 600.00 -> 0.00 EUR; 600.00 EUR to invoice R-1 of main, allocation 1",
        "promise 1 of 1,000.00 EUR for 2026-02-28 broken",
        "open 1,000.00 -> 400.00 EUR; overdue instalment 1 paid in part, 400.00 EUR left",
    ]
    assert app.audit.search(app.audit.asked(customer="acme")).rows[-1]["name"] == "customer.registered"
    assert app.audit.state("R-1", as_of=FEB)["promise"]["amount"] == "1000.00"
    assert app.audit.state("R-1", as_of=MAR)["promise"] is None
    assert app.audit.checkpoint().broken_at is None
