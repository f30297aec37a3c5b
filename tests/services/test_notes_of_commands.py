"""What a command says beside what it records: where money could not go, what it displaced, what could pay again."""

import pytest

from domain.entry import Cause
from domain.refusal import Refused


@pytest.fixture
def run(app):
    def give(name, **arguments):
        given = {key: value for key, value in arguments.items() if value is not None}
        return app.commands.run(name, given, Cause("li", app.new_id(), "told so"))

    give("invoice.issue", number="A", customer="acme", amount="100", currency="EUR", issued_on="2026-01-05")
    return give


def codes(done):
    return [note.code for note in done.notes]


def test_money_that_names_an_invoice_in_another_currency_says_that_it_is_on_account(run):
    done = run("receipt.record", receipt="P", amount="90", currency="USD", invoices=["A"], value_on="2026-02-10")
    assert codes(done) == ["currency_differs"]


def test_money_that_names_what_nobody_knows_says_so(run):
    done = run("receipt.record", receipt="P", amount="90", currency="EUR", invoices=["NOPE"], value_on="2026-02-10")
    assert codes(done) == ["unknown_invoice"]


def test_money_of_a_customer_nobody_knows_registers_the_customer_and_says_so(run):
    done = run("receipt.record", receipt="P", amount="90", currency="EUR", customer="new", value_on="2026-02-10")
    assert codes(done) == ["unknown_customer"]


def test_more_than_is_open_is_on_account_and_that_is_said(run):
    done = run("receipt.record", receipt="P", amount="130", currency="EUR", invoices=["A"], value_on="2026-02-10")
    [note] = done.notes
    assert note.code == "on_account"
    assert "30.00 EUR" in note.message


def test_a_payment_recorded_late_says_whose_money_is_on_account_again(run):
    run("receipt.record", receipt="P2", amount="100", currency="EUR", invoices=["A"], value_on="2026-03-10")
    done = run("receipt.record", receipt="P1", amount="100", currency="EUR", invoices=["A"], value_on="2026-02-10")
    [note] = done.notes
    assert note.code == "displaced"
    assert "100.00 EUR of receipt P2" in note.message


def test_undoing_a_credit_note_says_which_money_could_pay_again(run):
    run("receipt.record", receipt="P", amount="100", currency="EUR", invoices=["A"], value_on="2026-02-10")
    run("invoice.credit", number="A", credit_note="CN", amount="40", on="2026-02-01")
    done = run("invoice.undo_credit", number="A", credit_note="CN")
    [note] = done.notes
    assert note.code == "on_account"
    assert "`receipt allocate P --invoice A`" in note.message
    assert codes(run("receipt.allocate", receipt="P", invoices=["A"])) == []


def test_a_credit_note_is_undone_only_by_the_invoice_it_is_of(run):
    run("invoice.issue", number="B", customer="acme", amount="100", currency="EUR", issued_on="2026-01-05")
    run("invoice.credit", number="A", credit_note="CN", amount="40")
    with pytest.raises(Refused, match="no_such_credit_note"):
        run("invoice.undo_credit", number="B", credit_note="CN")


def test_money_that_pays_only_the_customers_invoices_can_be_said_to_be_theirs(run):
    run("receipt.record", receipt="P", amount="150", currency="EUR", value_on="2026-02-10")
    run("receipt.allocate", receipt="P", invoices=["A"])
    run("customer.register", customer="bolt")
    with pytest.raises(Refused, match="allocated"):
        run("receipt.identify", receipt="P", customer="bolt")
    assert [fact.name for fact in run("receipt.identify", receipt="P", customer="acme").facts] == ["receipt.identified"]


def test_a_repeated_command_has_no_notes(app, run):
    asked = {"receipt": "P", "amount": "90", "currency": "USD", "invoices": ["A"], "value_on": "2026-02-10"}
    first = app.commands.run("receipt.record", asked, Cause("li", "one"))
    again = app.commands.run("receipt.record", asked, Cause("li", "one"))
    assert (bool(first.notes), again.notes, again.is_repeat) == (True, (), True)


def test_a_credit_note_or_a_void_of_before_says_whose_money_is_on_account_again(run):
    run("invoice.issue", number="B", customer="acme", amount="100", currency="EUR", issued_on="2026-01-05")
    run("receipt.record", receipt="P", amount="100", currency="EUR", invoices=["B"], value_on="2026-03-10")
    done = run("invoice.credit", number="B", credit_note="CN", amount="100", on="2026-02-10")
    assert codes(done) == ["displaced"]
    run("invoice.issue", number="D", customer="acme", amount="100", currency="EUR", issued_on="2026-01-05")
    run("invoice.credit", number="D", credit_note="CD", amount="40", on="2026-03-01")
    [note] = run("invoice.void", number="D", on="2026-02-01").notes
    assert (note.code, "40.00 EUR of credit note CD" in note.message) == ("displaced", True)


# The same again


def test_a_receipt_given_again_is_the_same_though_its_customer_owes_another_entity_now(run):
    first = {"receipt": "P", "amount": "60", "currency": "EUR", "customer": "acme", "value_on": "2026-02-10"}
    run("receipt.record", **first)
    run(
        "invoice.issue", number="Z", entity="other", customer="acme", amount="9", currency="EUR", issued_on="2026-01-05"
    )
    run("receipt.record", receipt="Q", amount="40", currency="EUR", invoices=["A"], value_on="2026-02-11")
    assert not run("receipt.record", **first).facts


def test_the_number_of_a_credit_note_is_not_used_again_for_another_invoice(run):
    run("invoice.issue", number="B", customer="acme", amount="100", currency="EUR", issued_on="2026-01-05")
    issued = {"credit_note": "CN", "amount": "5", "issued_on": "2026-02-10"}
    run("credit_note.issue", **issued, invoice="A")
    assert not run("credit_note.issue", **issued, invoice="A").facts
    with pytest.raises(Refused) as refusal:
        run("credit_note.issue", **issued, invoice="B")
    assert refusal.value.code == "number_taken"


def test_money_that_was_all_refunded_cannot_be_charged_back(run):
    run("receipt.record", receipt="P", amount="60", currency="EUR", invoices=["NOPE"], value_on="2026-02-10")
    run("receipt.refund", receipt="P", amount="60", reference="T", on="2026-02-11")
    with pytest.raises(Refused) as refusal:
        run("receipt.reverse", receipt="P", on="2026-02-12")
    assert refusal.value.code == "refunded"


# How much


def test_a_note_says_how_much_is_on_account_and_nothing_of_what_all_went_elsewhere(run):
    run("invoice.issue", number="B", customer="acme", amount="70", currency="USD", issued_on="2026-01-05")
    done = run("receipt.record", receipt="P", amount="90", currency="EUR", invoices=["B", "A"], value_on="2026-02-10")
    assert codes(done) == []
    done = run("receipt.record", receipt="Q", amount="30", currency="EUR", invoices=["B", "A"], value_on="2026-02-11")
    [note] = done.notes
    assert (note.code, "20.00 EUR is on account" in note.message) == ("currency_differs", True)


def test_money_that_is_less_than_the_share_named_is_not_more_than_was_open(run):
    done = run(
        "receipt.record",
        receipt="P",
        amount="50",
        currency="EUR",
        invoices=[{"invoice": "A", "amount": "60"}],
        value_on="2026-02-10",
    )
    assert codes(done) == []


def test_what_exceeds_the_invoice_of_a_credit_note_is_said_to_be_on_account(run):
    done = run("credit_note.issue", credit_note="C", amount="130", invoice="A", issued_on="2026-02-10")
    [note] = done.notes
    assert (note.code, "30.00 EUR" in note.message) == ("on_account", True)
    done = run("invoice.credit", number="A", credit_note="D", amount="7", on="2026-02-11")
    [note] = done.notes
    assert (note.code, "7.00 EUR" in note.message) == ("already_paid", True)


def test_money_of_one_customer_that_pays_the_invoice_of_another_says_so(run):
    done = run(
        "receipt.record", receipt="P", amount="5", currency="EUR", customer="x", invoices=["A"], value_on="2026-02-10"
    )
    assert codes(done) == ["other_customer", "unknown_customer"]


def test_money_displaced_for_some_days_only_is_said_to_be_on_account(run):
    run("receipt.record", receipt="P2", amount="100", currency="EUR", invoices=["A"], value_on="2026-02-20")
    run("receipt.reverse", receipt="P2", on="2026-02-24")
    done = run("receipt.record", receipt="P1", amount="50", currency="EUR", invoices=["A"], value_on="2026-02-10")
    [note] = done.notes
    assert (note.code, "50.00 EUR of receipt P2" in note.message, "2026-02-20" in note.message) == (
        "displaced",
        True,
        True,
    )


# Another day for what is done already


def test_a_day_that_is_given_for_what_is_done_already_is_refused_and_never_passed_over(run):
    def another_day(name, **asked):
        with pytest.raises(Refused) as refusal:
            run(name, **asked)
        assert refusal.value.code == "another_day", refusal.value

    run("receipt.record", receipt="P", amount="100", currency="EUR", invoices=["A"], value_on="2026-01-10")
    run("receipt.reverse", receipt="P", on="2026-02-15")
    another_day("receipt.reverse", receipt="P", on="2026-02-16")
    assert not run("receipt.reverse", receipt="P", on="2026-02-15").facts
    assert not run("receipt.reverse", receipt="P").facts

    run("invoice.void", number="A", on="2026-03-01")
    another_day("invoice.void", number="A", on="2026-03-02")
    run("invoice.undo_void", number="A", on="2026-03-03")
    another_day("invoice.undo_void", number="A", on="2026-03-04")
    assert not run("invoice.undo_void", number="A").facts

    run("credit_note.issue", credit_note="C", amount="5", invoice="A", issued_on="2026-02-10")
    run("credit_note.undo", credit_note="C", on="2026-02-12")
    another_day("credit_note.undo", credit_note="C", on="2026-02-13")

    run("receipt.record", receipt="Q", amount="9", currency="EUR", customer="zoe", value_on="2026-01-01")
    run("receipt.move", receipt="Q", to_entity="nl", on="2026-01-20")
    another_day("receipt.move", receipt="Q", to_entity="nl", on="2026-01-21")
    run("receipt.refund", receipt="Q", amount="2", reference="T", on="2026-01-22")
    another_day("receipt.refund", receipt="Q", amount="2", reference="T", on="2026-01-23")
    assert not run("receipt.refund", receipt="Q", amount="2", reference="T", on="2026-01-22").facts
