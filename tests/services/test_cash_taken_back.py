"""Money that does not stay where it went: allocations taken back, reversals, refunds."""

from datetime import date

from domain import invoice as invoices
from domain.entry import receipt_stream
from domain.terms import EarlyDiscount
from infra.log.ledger import Ledger
from tests.services.desk import FEB_10, JAN_5, JAN_12, JAN_20, names

NEXT_YEAR = date(2027, 5, 1)


def test_taking_an_allocation_back_restores_exactly_what_was_before(desk):
    desk.issue("R-1", 100_00, discounts=[EarlyDiscount(14, 200)])
    desk.ask(invoices.charge_fee, "R-1", amount_minor=5_00, basis="reminder")
    before = desk.invoice("R-1")
    desk.receive("B-1", 103_00, invoices=["R-1"], value_on=JAN_12)
    assert desk.open_minor("R-1") == [0]

    done = desk.do("unallocate", "B-1", allocation=1, reason="meant for another")

    assert names(done) == ["receipt.unallocated", "invoice.payment_reversed"]
    assert desk.invoice("R-1") == before
    assert desk.left("B-1") == 103_00
    assert desk.owed() == ("105.00", "103.00")


def test_taking_back_what_was_taken_back_changes_nothing(desk):
    desk.issue("R-1", 100_00)
    desk.receive("B-1", 100_00, invoices=["R-1"])
    desk.do("unallocate", "B-1", allocation=1, reason="mistake")

    assert desk.do("unallocate", "B-1", allocation=1, reason="mistake").facts == ()


def test_an_allocation_that_was_never_made_cannot_be_taken_back(desk, refused):
    desk.receive("B-1", 100_00)

    with refused("no_such_allocation"):
        desk.do("unallocate", "B-1", allocation=1, reason="mistake")


def test_a_returned_debit_opens_every_invoice_again_in_one_commit(desk):
    desk.issue("R-1", 60_00)
    desk.issue("R-2", 60_00)
    desk.receive("B-1", 100_00, customer="acme")

    done = desk.do("reverse", "B-1", reason="debit returned")

    assert sorted(names(done)) == [
        "invoice.payment_reversed",
        "invoice.payment_reversed",
        "receipt.reversed",
        "receipt.unallocated",
        "receipt.unallocated",
    ]
    assert desk.open_minor("R-1", "R-2") == [60_00, 60_00]
    assert desk.left("B-1") == 0
    assert desk.owed() == ("120.00", "0.00")


def test_a_receipt_is_reversed_once(desk):
    desk.receive("B-1", 100_00)
    desk.do("reverse", "B-1", command="r", reason="debit returned")

    assert desk.do("reverse", "B-1", command="r", reason="debit returned").is_repeat
    assert desk.do("reverse", "B-1", reason="debit returned").facts == ()


def test_a_reversed_recovery_is_lost_again(desk):
    desk.issue("R-1", 100_00)
    desk.ask(invoices.write_off, "R-1", reason="insolvent")
    desk.receive("B-1", 30_00, invoices=["R-1"])

    desk.do("reverse", "B-1", reason="contested by the administrator")

    assert desk.invoice("R-1").written_off_minor == 100_00
    assert desk.open_minor("R-1") == [0]


def test_an_allocation_made_meanwhile_is_taken_back_as_well(app, desk, monkeypatch):
    desk.issue("R-1", 60_00)
    desk.receive("B-1", 100_00)
    looked_up = Ledger.state

    def state(ledger, stream):
        found = looked_up(ledger, stream)
        if stream == "receipt:B-1" and not found.allocations:
            monkeypatch.undo()
            desk.do("allocate", "B-1", invoices=["R-1"])
        return found

    monkeypatch.setattr(Ledger, "state", state)
    desk.do("reverse", "B-1", reason="debit returned")

    assert desk.open_minor("R-1") == [60_00]
    assert desk.left("B-1") == 0


def test_money_goes_back_on_the_day_it_came_at_the_earliest(app, desk, refused):
    desk.issue("R-1", 100_00)
    desk.receive("B-1", 100_00, invoices=["R-1"], value_on=FEB_10)

    with refused("too_early"):
        desk.do("reverse", "B-1", on=JAN_20, reason="debit returned")
    desk.do("reverse", "B-1", on=FEB_10, reason="debit returned")

    assert {entry.effective_on for entry in app.ledger.facts(receipt_stream("B-1"))} == {FEB_10}


def test_money_that_came_while_a_debit_counted_pays_from_the_day_it_was_returned(app, desk):
    desk.issue("R-1", 100_00)
    desk.receive("B-1", 100_00, invoices=["R-1"], value_on=JAN_12)
    desk.do("reverse", "B-1", on=FEB_10, reason="debit returned")
    desk.receive("B-2", 100_00, invoices=["R-1"], value_on=JAN_20)

    app.projector.catch_up()
    aged = {day: app.reports.aging(day, by="currency")["totals"] for day in (JAN_5, JAN_12, JAN_20, FEB_10)}
    assert {day: [(line["open"], line["unapplied"]) for line in lines] for day, lines in aged.items()} == {
        JAN_5: [("100.00", "0.00")],
        JAN_12: [],
        JAN_20: [("0.00", "100.00")],
        FEB_10: [],
    }


def test_money_for_an_invoice_of_next_year_that_goes_back_is_gone_from_the_day_it_went(app, desk, clock):
    clock.pass_by(days=365)
    desk.issue("R-1", 100_00, issued_on=NEXT_YEAR)
    desk.receive("B-1", 100_00, invoices=["R-1"], value_on=JAN_12)
    desk.do("reverse", "B-1", on=JAN_20, reason="debit returned")

    app.projector.catch_up()
    on_account = {day: app.reports.aging(day, by="currency")["totals"] for day in (JAN_12, JAN_20, NEXT_YEAR)}
    assert {day: [(line["open"], line["unapplied"]) for line in lines] for day, lines in on_account.items()} == {
        JAN_12: [("0.00", "100.00")],
        JAN_20: [],
        NEXT_YEAR: [("100.00", "0.00")],
    }


def test_money_taken_back_from_one_invoice_pays_another_from_the_day_it_came_back(app, desk):
    desk.issue("R-1", 100_00)
    desk.issue("R-2", 100_00)
    desk.receive("B-1", 100_00, invoices=["R-1"], value_on=JAN_12)
    desk.do("unallocate", "B-1", on=JAN_20, allocation=1, reason="meant for another")

    desk.do("allocate", "B-1", on=None, invoices=["R-2"])

    days = [entry.effective_on for entry in app.ledger.facts(receipt_stream("B-1"))]
    assert days == [JAN_12, JAN_12, JAN_20, JAN_20]


def test_nobody_is_named_as_the_payer_before_the_money_came(app, desk, refused):
    desk.issue("R-1", 100_00)
    desk.receive("B-1", 100_00, value_on=JAN_20)

    with refused("too_early"):
        desk.do("identify", "B-1", on=JAN_12, customer="acme")
    desk.do("identify", "B-1", on=None, customer="acme")

    assert [entry.effective_on for entry in app.ledger.facts(receipt_stream("B-1"))] == [JAN_20, JAN_20]


# Given back


def test_what_is_left_can_be_refunded_and_no_more(desk, refused):
    desk.issue("R-1", 60_00)
    desk.receive("B-1", 100_00, invoices=["R-1"])

    with refused("over_unallocated"):
        desk.do("refund", "B-1", amount_minor=40_01, reference="out 1")
    desk.do("refund", "B-1", amount_minor=40_00, reference="out 1")

    assert desk.left("B-1") == 0
    assert desk.owed() == ("0.00", "0.00")


def test_a_refund_is_made_once(desk):
    desk.receive("B-1", 100_00)
    desk.do("refund", "B-1", command="r", amount_minor=40_00, reference="out 1")

    assert desk.do("refund", "B-1", command="r", amount_minor=40_00, reference="out 1").is_repeat
    assert desk.do("refund", "B-1", amount_minor=40_00, reference="out 1").facts == ()
    assert desk.left("B-1") == 60_00


def test_of_money_refunded_in_part_the_rest_can_be_reversed_and_no_more(desk, refused):
    desk.receive("B-1", 100_00)
    desk.do("refund", "B-1", amount_minor=40_00, reference="out 1")

    with refused("over_received"):
        desk.do("reverse", "B-1", reason="debit returned", amount_minor=60_01)
    desk.do("reverse", "B-1", reason="debit returned")

    assert (desk.left("B-1"), desk.receipt("B-1").reversed_minor) == (0, 60_00)
