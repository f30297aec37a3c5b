"""Money that came in, and the invoices it pays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from domain import invoice as invoices
from domain.entry import invoice_stream, receipt_stream
from domain.invoice.paying import PRINCIPAL_FIRST
from domain.terms import EarlyDiscount
from tests.services.desk import FEB_10, JAN_12, JAN_20, names


def test_a_payment_goes_to_the_invoice_it_names_in_one_commit(desk):
    desk.issue("R-1", 100_00)
    desk.issue("R-2", 50_00)

    done = desk.receive("B-1", 50_00, invoices=["R-2"])

    assert names(done) == ["receipt.received", "receipt.allocated", "invoice.paid"]
    assert desk.open_minor("R-1", "R-2") == [100_00, 0]
    assert desk.owed() == ("100.00", "0.00")


def test_a_payment_that_names_nothing_goes_to_what_fell_due_first(desk):
    desk.issue("R-1", 30_00, due_on=date(2026, 3, 1))
    desk.issue("R-2", 30_00, due_on=date(2026, 2, 1))
    desk.issue("R-3", 30_00, due_on=date(2026, 4, 1))

    desk.receive("B-1", 50_00, customer="acme")

    assert desk.open_minor("R-1", "R-2", "R-3") == [10_00, 0, 30_00]
    assert desk.owed() == ("40.00", "0.00")


def test_a_payment_goes_to_what_the_payer_says_for_each_invoice(desk):
    desk.issue("R-1", 100_00)
    desk.issue("R-2", 100_00)

    desk.receive("B-1", 70_00, invoices={"R-2": 40_00, "R-1": 20_00})

    assert desk.open_minor("R-1", "R-2") == [80_00, 60_00]
    assert desk.left("B-1") == 10_00


def test_what_is_paid_too_much_stays_on_account(desk):
    desk.issue("R-1", 100_00)

    desk.receive("B-1", 120_00, invoices=["R-1"])

    assert desk.left("B-1") == 20_00
    assert desk.owed() == ("0.00", "20.00")


def test_paying_within_the_days_of_the_discount_settles_the_invoice(desk):
    desk.issue("R-1", 100_00, discounts=[EarlyDiscount(14, 200)])

    done = desk.receive("B-1", 98_00, invoices=["R-1"], value_on=date(2026, 1, 19))

    assert names(done)[2:] == ["invoice.discount_taken", "invoice.paid"]
    assert desk.open_minor("R-1") == [0]
    assert desk.left("B-1") == 0


def test_one_payment_takes_the_discount_of_every_invoice_it_settles(desk):
    for number in ("R-1", "R-2"):
        desk.issue(number, 100_00, discounts=[EarlyDiscount(14, 200)])

    desk.receive("B-1", 196_00, customer="acme", value_on=JAN_12)

    assert desk.open_minor("R-1", "R-2") == [0, 0]
    assert desk.left("B-1") == 0


def test_who_keeps_no_discount_back_is_given_none(desk):
    desk.issue("R-1", 100_00, discounts=[EarlyDiscount(14, 200)])

    done = desk.receive("B-1", 100_00, invoices=["R-1"], value_on=JAN_12)

    assert names(done)[2:] == ["invoice.paid"]
    assert desk.left("B-1") == 0


def test_paying_after_the_days_of_the_discount_leaves_it_open(desk):
    desk.issue("R-1", 100_00, discounts=[EarlyDiscount(14, 200)])

    desk.receive("B-1", 98_00, invoices=["R-1"], value_on=JAN_20)

    assert desk.open_minor("R-1") == [2_00]


def test_a_settlement_is_completed_by_what_was_agreed_and_no_more(desk):
    desk.issue("R-1", 100_00)
    desk.ask(invoices.offer_settlement, "R-1", pay_minor=60_00, until_on=FEB_10)
    desk.ask(invoices.accept_settlement, "R-1")

    desk.receive("B-1", 65_00, invoices=["R-1"])

    assert desk.open_minor("R-1") == [0]
    assert desk.left("B-1") == 5_00


def test_money_in_another_currency_stays_on_account(desk):
    desk.issue("R-1", 100_00)

    done = desk.receive("B-1", 100_00, currency="USD", invoices=["R-1"])

    assert names(done) == ["receipt.received"]
    assert desk.receipt("B-1").customer == "acme"
    assert desk.open_minor("R-1") == [100_00]


def test_money_for_an_invoice_written_off_is_a_recovery(desk):
    desk.issue("R-1", 100_00)
    desk.ask(invoices.write_off, "R-1", reason="insolvent")

    done = desk.receive("B-1", 130_00, invoices=["R-1"])

    assert names(done)[2:] == ["invoice.recovered"]
    assert desk.invoice("R-1").written_off_minor == 0
    assert desk.left("B-1") == 30_00


def test_money_for_an_invoice_that_was_sold_stays_on_account(desk):
    desk.issue("R-1", 100_00)
    sale = {"factor": "bank", "advance_basis_points": 9000, "fee_basis_points": 300, "with_recourse": False}
    desk.ask(invoices.factor, "R-1", **sale)

    desk.receive("B-1", 100_00, invoices=["R-1"])

    assert desk.left("B-1") == 100_00
    assert desk.receipt("B-1").customer == "acme"


def test_the_order_of_appropriation_is_the_callers(desk):
    for number, order in (("R-1", {}), ("R-2", {"order": PRINCIPAL_FIRST})):
        desk.issue(number, 100_00)
        desk.ask(invoices.charge_fee, number, amount_minor=5_00, basis="reminder")
        desk.receive(f"B-{number}", 100_00, invoices=[number], **order)

    assert [item.kind for item in desk.invoice("R-1").items if item.open_minor] == ["principal"]
    assert [item.kind for item in desk.invoice("R-2").items if item.open_minor] == ["fee"]


def test_a_payment_never_counts_before_the_invoice_it_pays(app, desk):
    desk.issue("R-1", 100_00, issued_on=JAN_20)

    desk.receive("B-1", 100_00, invoices=["R-1"], value_on=JAN_12)

    days = {entry.effective_on for entry in app.ledger.facts(invoice_stream("R-1", "main"))}
    assert days == {JAN_20}
    assert [entry.effective_on for entry in app.ledger.facts(receipt_stream("B-1"))] == [JAN_12, JAN_20]


def test_money_for_an_unknown_invoice_is_kept_with_what_the_payer_wrote(desk):
    done = desk.receive("B-1", 100_00, invoices=["R-9", "your bill\n17"], references=["thanks"])

    assert names(done) == ["receipt.received"]
    assert desk.receipt("B-1").customer is None
    assert desk.receipt("B-1").received.references == ("thanks", "R-9", "your bill\n17")


def test_money_of_an_unknown_customer_registers_the_customer(app, desk):
    done = desk.receive("B-1", 100_00, customer="newcomer")

    assert sorted(names(done)) == ["customer.registered", "receipt.received"]
    assert [note.code for note in done.notes] == ["unknown_customer"]
    assert desk.receipt("B-1").customer == "newcomer"
    assert app.ledger.state("customer:newcomer").registered.customer == "newcomer"


def test_the_payer_is_kept_sealed(app, desk):
    desk.issue("R-1", 100_00)
    desk.receive("B-1", 50_00, invoices=["R-1"], payer="Ann Smith")
    desk.receive("B-2", 50_00, payer="Bob Smith")

    known, unknown = desk.receipt("B-1").received.payer_encrypted, desk.receipt("B-2").received.payer_encrypted
    assert app.encryption.decrypt("acme", known) == {"payer": "Ann Smith"}
    assert app.encryption.decrypt("receipt:B-2", unknown) == {"payer": "Bob Smith"}
    assert "Smith" not in known + unknown


def test_a_payment_is_recorded_once_under_its_command(app, desk):
    desk.issue("R-1", 100_00)
    first = desk.receive("B-1", 40_00, command="pay", invoices=["R-1"])
    again = desk.receive("B-1", 40_00, command="pay", invoices=["R-1"])

    assert again.is_repeat
    assert again.facts == first.facts
    assert desk.open_minor("R-1") == [60_00]


def test_the_same_command_with_another_amount_is_refused(desk, refused):
    desk.receive("B-1", 40_00, command="pay")

    with refused("command_reused"):
        desk.receive("B-1", 41_00, command="pay")


def test_the_same_receipt_under_another_command_changes_nothing(desk):
    desk.issue("R-1", 100_00)
    desk.receive("B-1", 40_00, invoices=["R-1"], payer="Ann Smith")

    assert desk.receive("B-1", 40_00, invoices=["R-1"], payer="Ann Smith").facts == ()
    assert desk.open_minor("R-1") == [60_00]


def test_the_number_of_another_receipt_is_refused(desk, refused):
    desk.receive("B-1", 40_00)

    with refused("number_taken"):
        desk.receive("B-1", 41_00)


def test_money_that_is_none_is_refused(app, desk, refused):
    with refused("not_positive"):
        desk.receive("B-1", 0)

    assert app.ledger.head().position == 0


def test_a_view_that_is_behind_what_others_recorded_never_takes_too_much(app, desk, monkeypatch):
    desk.issue("R-1", 50_00)
    desk.issue("R-2", 50_00)
    app.projector.catch_up()
    monkeypatch.setattr(app, "bring_views_up_to_date", lambda: None)
    monkeypatch.setattr(app, "recorded_to", lambda: 0)
    monkeypatch.setattr(app.debtors, "_recorded_to", lambda: 0)
    desk.receive("B-1", 50_00, invoices=["R-1"])

    desk.receive("B-2", 80_00, customer="acme")

    assert desk.open_minor("R-1", "R-2") == [0, 0]
    assert desk.left("B-2") == 30_00


# Identified and allocated later


def test_unidentified_money_is_identified_and_allocated_to_the_oldest(desk):
    desk.receive("B-1", 100_00, invoices=["R-1"])
    desk.issue("R-1", 60_00)
    desk.do("identify", "B-1", customer="acme")

    desk.do("allocate", "B-1")

    assert desk.open_minor("R-1") == [0]
    assert desk.owed() == ("0.00", "40.00")


def test_only_a_registered_customer_can_own_money(desk, refused):
    desk.receive("B-1", 100_00)

    with refused("not_registered"):
        desk.do("identify", "B-1", customer="nobody")


def test_unidentified_money_may_go_to_an_invoice_that_is_named(desk):
    desk.issue("R-1", 60_00)
    desk.receive("B-1", 100_00)

    done = desk.do("allocate", "B-1", invoices={"R-1": 25_00})

    assert names(done) == ["receipt.allocated", "invoice.partially_paid"]
    assert desk.open_minor("R-1") == [35_00]


@pytest.mark.parametrize(
    ("code", "receipt", "invoices"),
    [
        ("not_received", "B-9", ["R-1"]),
        ("not_issued", "B-1", ["R-9"]),
        ("currency_differs", "B-1", ["R-2"]),
        ("nothing_open", "B-1", ["R-3"]),
        ("over_open", "B-1", {"R-1": 61_00}),
        ("over_unallocated", "B-1", {"R-1": 100_01}),
        ("unidentified", "B-1", []),
    ],
)
def test_money_is_not_allocated_where_it_cannot_go(app, desk, refused, code, receipt, invoices):
    desk.issue("R-1", 60_00)
    desk.issue("R-2", 60_00, currency="USD")
    desk.issue("R-3", 5_00)
    desk.receive("B-3", 5_00, invoices=["R-3"])
    desk.receive("B-1", 100_00)
    before = app.ledger.head().position

    with refused(code):
        desk.do("allocate", receipt, invoices=invoices)

    assert app.ledger.head().position == before


def test_money_that_a_clerk_allocates_late_was_in_time_if_it_came_in_time(app, desk):
    desk.issue("R-1", 60_00)
    desk.receive("B-1", 100_00, value_on=JAN_12)

    desk.do("allocate", "B-1", on=None, invoices=["R-1"])

    [paid] = [entry for entry in app.ledger.facts(invoice_stream("R-1", "main")) if entry.version == 2]
    assert paid.effective_on == JAN_12


def test_money_that_came_before_a_fee_pays_it_as_an_allocation_of_its_own(app, desk):
    desk.issue("R-1", 60_00)
    desk.ask(invoices.charge_fee, "R-1", on=JAN_20, amount_minor=5_00, basis="reminder")

    done = desk.receive("B-1", 100_00, invoices=["R-1"], value_on=JAN_12)

    assert names(done) == ["receipt.received", *2 * ["receipt.allocated"], "invoice.partially_paid", "invoice.paid"]
    assert [entry.effective_on for entry in app.ledger.facts(receipt_stream("B-1"))] == [JAN_12, JAN_12, JAN_20]
    assert (desk.open_minor("R-1"), desk.left("B-1")) == ([0], 35_00)


def test_a_receipt_with_nothing_left_is_not_allocated(desk, refused):
    desk.issue("R-1", 60_00)
    desk.receive("B-1", 10_00, invoices=["R-1"])

    with refused("over_unallocated"):
        desk.do("allocate", "B-1", invoices=["R-1"])


def test_an_allocation_is_made_once_under_its_command(desk):
    desk.issue("R-1", 60_00)
    desk.receive("B-1", 100_00)
    desk.do("allocate", "B-1", command="a", invoices={"R-1": 25_00})

    assert desk.do("allocate", "B-1", command="a", invoices={"R-1": 25_00}).is_repeat
    assert desk.open_minor("R-1") == [35_00]


def test_two_payments_at_once_never_take_more_than_is_open(app, desk):
    desk.issue("R-1", 100_00)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: desk.receive(f"B-{n}", 30_00, command=f"p{n}", invoices=["R-1"]), range(8)))

    assert desk.open_minor("R-1") == [0]
    assert sum(desk.left(f"B-{n}") for n in range(8)) == 140_00
    assert desk.owed() == ("0.00", "140.00")
