"""Who asks, under which id and why: what no log, index or view could keep is refused before anything is recorded."""

import random
import string

import pytest
from eventsourcing.persistence import DataError

from domain.customer.facts import Registered
from domain.entry import LONGEST_ID, LONGEST_REASON, Cause, customer_stream
from infra.log.appends import Append, Event
from services.catalogue.customers import ERASE, REGISTER
from services.doctor import examine
from services.importing import Options
from tests.services.desk import JAN_5, JAN_12

# What PostgreSQL cannot make short enough for an index.
LONG = "".join(random.Random(1).choices(string.ascii_letters, k=9_000))


@pytest.mark.parametrize(
    ("cause", "field"),
    [
        (Cause("", "c"), "actor"),
        (Cause("a\0b", "c"), "actor"),
        (Cause("\udcff", "c"), "actor"),
        (Cause(LONG, "c"), "actor"),
        (Cause("ann", ""), "command_id"),
        (Cause("ann", "c" * (LONGEST_ID + 1)), "command_id"),
        (Cause("ann", b"c"), "command_id"),  # type: ignore[arg-type]
        (Cause("ann", "c", "r" * (LONGEST_REASON + 1)), "reason"),
        (Cause("ann", "c", "because\0"), "reason"),
        (Cause("ann", "c", correlation_id=LONG), "correlation_id"),
        (Cause("ann", "c", causation_id="\n"), "causation_id"),
    ],
)
def test_what_nothing_can_keep_is_refused_by_its_name(app, refused, cause, field):
    with refused("bad_cause") as refusal:
        app.commands.give(customer_stream("acme"), REGISTER(), cause=cause)
    assert refusal.value.field == field
    assert app.ledger.head().position == 0


def test_a_reason_may_have_several_lines_and_ids_as_many_characters_as_they_may(app):
    cause = Cause("a" * LONGEST_ID, "c" * LONGEST_ID, "as agreed:\n\tnothing is owed")
    assert app.commands.give(customer_stream("acme"), REGISTER(), cause=cause).facts
    app.bring_views_up_to_date()
    assert all(lag.parked == 0 and lag.facts == 0 for lag in app.projector.lag())


def test_the_command_line_says_so_as_of_anything_typed_wrong(terminal):
    code, _ = terminal.refused("customer", "register", "acme", "--actor", LONG, exits=2)
    assert code == "bad_cause"


def test_an_import_is_refused_as_a_whole(app, refused, tmp_path):
    (tmp_path / "i.csv").write_text("customer,number,issued_on,amount,currency\nacme,R-1,2026-01-05,1.00,EUR\n")
    with refused("bad_cause"):
        app.imports.invoices(tmp_path / "i.csv", Options(actor=LONG))
    assert app.ledger.head().position == 0


def test_a_text_that_no_view_can_keep_is_not_recorded_though_it_came_past_all_doors(app, refused):
    with refused("bad_text"):
        app.commands.give(customer_stream("acme"), REGISTER(country="\0"), cause=Cause("ann", "c"))
    assert app.commands.give(customer_stream("acme"), REGISTER(country=r"\\u0000"), cause=Cause("ann", "c")).facts


def test_a_fact_too_long_for_an_index_is_parked_and_all_others_are_shown(app, desk):
    """As a program might have recorded it that writes to the log by itself."""
    decided = {customer_stream("long"): [Registered("long")]}
    app.ledger.change([*decided], lambda _: decided, on=JAN_5, cause=Cause(LONG, "c"), content="")
    desk.issue("R-1", 5_00)
    app.bring_views_up_to_date()
    lags = {lag.name: (lag.facts, lag.parked) for lag in app.projector.lag()}
    assert lags == {"open_items": (0, 0), "credit_risk": (0, 0), "audit": (0, 1), "escalation": (0, 0)}


def test_one_callers_endless_command_id_is_the_fault_of_its_data(app):
    event = Event(customer_stream("acme"), 1, *app.ledger.mapper.encode(Registered("acme"), JAN_5, Cause("ann", "c")))
    with pytest.raises(DataError):
        app.ledger.recorder.append([Append([event], {event.stream: 0}, LONG, b"", b"")])


def identified_after_the_erasure(app):
    record = {"receipt": "B-1", "amount": "5.00", "currency": "EUR", "payer": "Ann Example"}
    app.commands.run("receipt.record", record, Cause("joe", "1"))
    app.commands.give(customer_stream("ann"), REGISTER(), on=JAN_5, cause=Cause("joe", "2"))
    app.commands.give(customer_stream("ann"), ERASE(), on=JAN_12, cause=Cause("joe", "3", "she asked for it"))
    app.commands.run("receipt.identify", {"receipt": "B-1", "customer": "ann"}, Cause("joe", "4"))


def test_money_identified_as_that_of_somebody_erased_leaves_no_name_readable(app):
    identified_after_the_erasure(app)
    assert app.encryption.is_destroyed("receipt:B-1")


def test_the_doctor_finds_the_key_of_such_a_receipt(app, database_url, monkeypatch):
    monkeypatch.setattr(app.commands, "destroy_key_if_erased", lambda receipt: None)
    identified_after_the_erasure(app)
    [check] = [
        each for each in examine(app.settings, database_url=database_url, deep=True).checks if each.name == "erasure"
    ]
    assert "receipt:B-1" in check.message
