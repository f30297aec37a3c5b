"""A command that comes again gets its first answer, though what it looks at before its decision has changed since."""

from dataclasses import replace

import pytest

from domain.entry import Cause, customer_stream
from domain.refusal import Refused
from services.catalogue.customers import CONTACT, ERASE, REGISTER
from services.catalogue.receipts import RECORD
from tests.services.desk import JAN_5, JAN_12, JAN_20, remittances

ANN = customer_stream("ann")


def test_a_contact_recorded_before_the_erasure_is_answered_again_after_it(app):
    app.commands.give(ANN, REGISTER(), on=JAN_5, cause=Cause("joe", "register"))
    contact = CONTACT(name="Ann Example", email=None)
    first = app.commands.give(ANN, contact, on=JAN_5, cause=Cause("joe", "contact"))
    app.commands.give(ANN, ERASE(), on=JAN_12, cause=Cause("joe", "erase", "she asked for it"))
    again = app.commands.give(ANN, contact, on=JAN_5, cause=Cause("joe", "contact"))
    assert again == replace(first, is_repeat=True)
    with pytest.raises(Refused) as refusal:
        app.commands.give(ANN, contact, on=JAN_5, cause=Cause("joe", "another"))
    assert refusal.value.code == "data_erased"
    with pytest.raises(Refused) as refusal:
        app.commands.give(ANN, CONTACT(name="Joe", email=None), on=JAN_5, cause=Cause("joe", "contact"))
    assert refusal.value.code == "command_reused"


def test_a_payment_to_the_oldest_invoice_is_answered_again_while_the_views_are_behind(app, desk, monkeypatch):
    desk.issue("R-1", 100_00)
    payment = {"receipt": "B-1", "amount": "40.00", "currency": "EUR", "customer": "acme"}
    first = app.commands.run("receipt.record", payment, Cause("joe", "payment"))
    desk.issue("R-2", 100_00)
    monkeypatch.setattr(app.views, "wait_seconds", 0.0)
    monkeypatch.setattr(app, "bring_views_up_to_date", lambda: None)
    assert app.commands.run("receipt.record", payment, Cause("joe", "payment")) == replace(first, is_repeat=True)


def test_the_configured_entity_holds_for_typed_arguments_too(app, desk):
    app.commands._entity = "de"
    desk.issue("D-1", 100_00, entity="de")
    record = RECORD(amount_minor=60_00, currency="EUR", customer="acme", invoices=remittances(["D-1"]))
    app.commands.give("receipt:B-1", record, on=JAN_20, cause=Cause("joe", "payment"))
    assert app.commands.state("invoice:de:D-1").open_minor == 40_00
