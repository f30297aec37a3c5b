"""Customers: what is agreed with them, what is known of them, and how it is forgotten."""

from datetime import UTC, date, datetime, time

import pytest

from domain import customer
from domain import invoice as invoices
from domain.entry import customer_stream
from domain.terms import EarlyDiscount, Share
from tests.services.desk import FEB_10, JAN_5, JAN_12, JAN_20, ask_customer, erase_customer, names, set_contact_of

ANN = {"name": "Ann Smith", "email": "ann@acme.example"}
LATE = date(2037, 1, 1)


@pytest.fixture
def ask(app, desk):
    def ask(decision, who="acme", /, *, command=None, on=JAN_5, **asked):
        return ask_customer(app, decision, who, on=on, cause=desk.cause(command), **asked)

    return ask


@pytest.fixture
def registered(ask):
    ask(customer.register, country="DE")


@pytest.fixture
def set_contact(app, desk):
    def set_contact(contact, who="acme", command=None):
        return set_contact_of(app, who, contact, on=JAN_5, cause=desk.cause(command))

    return set_contact


@pytest.fixture
def erase(app, desk, clock):
    def erase(who="acme", on=LATE, command=None):
        clock.at = max(clock.at, datetime.combine(on, time(9), UTC))
        return erase_customer(app, who, on=on, cause=desk.cause(command))

    return erase


def account(app, who="acme"):
    return app.ledger.state(customer_stream(who))


def test_a_customer_is_registered_under_the_number_asked_for(app, ask):
    done = ask(customer.register, country="DE")

    assert names(done) == ["customer.registered"]
    assert account(app).registered == customer.facts.Registered("acme", "DE")


def test_a_decision_is_made_once_under_its_command(app, ask, registered):
    limit = {"amount_minor": 5000_00, "currency": "EUR", "reason": "first year"}
    first = ask(customer.set_limit, command="l", **limit)

    assert ask(customer.set_limit, command="l", **limit).facts == first.facts
    assert ask(customer.set_limit, **limit).facts == ()


def test_the_same_command_with_another_limit_is_refused(ask, registered, refused):
    limit = {"currency": "EUR", "reason": "first year"}
    ask(customer.set_limit, command="l", amount_minor=5000_00, **limit)

    with refused("command_reused"):
        ask(customer.set_limit, command="l", amount_minor=6000_00, **limit)


def test_the_approval_of_a_limit_is_kept(app, ask, registered):
    ask(customer.set_limit, amount_minor=5000_00, currency="EUR", reason="growth", approval="board 12")

    assert account(app).limit.approval == "board 12"


def test_an_unknown_customer_has_no_limit(ask, refused):
    with refused("not_registered"):
        ask(customer.set_limit, amount_minor=5000_00, currency="EUR", reason="growth")


def test_a_debtor_is_reported_only_after_the_warning_about_that_invoice(app, desk, ask, refused):
    desk.issue("R-1", 100_00, due_on=JAN_12)
    report = {"bureau": "Credex", "invoice": "R-1"}

    with refused("not_warned"):
        ask(customer.report_to_bureau, on=FEB_10, **report)
    desk.ask(invoices.warn_of_bureau, "R-1", on=JAN_20, bureau="Credex", channel="letter", document="abc")

    assert names(ask(customer.report_to_bureau, on=FEB_10, **report)) == ["customer.reported_to_bureau"]


def test_a_warning_to_one_debtor_is_none_to_another(desk, ask, refused):
    desk.issue("R-1", 100_00, due_on=JAN_12)
    desk.ask(invoices.warn_of_bureau, "R-1", on=JAN_20, bureau="Credex", channel="letter", document="abc")
    ask(customer.register, "other")

    with refused("not_warned"):
        ask(customer.report_to_bureau, "other", bureau="Credex", invoice="R-1")


# Personal data


def test_a_contact_is_kept_sealed_and_can_be_read(app, registered, set_contact):
    done = set_contact(ANN)

    assert app.customers.contact("acme") == ANN
    assert b"Smith" not in app.ledger.rows(done.position - 1)[0].state


def test_the_same_contact_again_changes_nothing(registered, set_contact):
    first = set_contact(ANN, command="c")

    assert set_contact(ANN, command="c").facts == first.facts
    assert set_contact(dict(reversed(ANN.items()))).facts == ()


def test_another_contact_under_the_same_command_is_refused(registered, set_contact, refused):
    set_contact(ANN, command="c")

    with refused("command_reused"):
        set_contact({"name": "Bob"}, command="c")


def test_an_unknown_customer_has_no_contact(app, set_contact, refused):
    with refused("not_registered"):
        set_contact(ANN)

    assert app.customers.contact("acme") is None


def test_a_customer_without_vouchers_can_be_forgotten_at_once(app, registered, set_contact, erase):
    set_contact(ANN)
    encrypted = account(app).encrypted_contact

    done = erase(on=JAN_12)

    assert names(done) == ["customer.data_erased"]
    assert app.customers.contact("acme") is None
    assert app.encryption.decrypt("acme", encrypted) is None


def test_personal_data_is_kept_until_ten_years_after_the_year_of_the_last_voucher(
    app, desk, set_contact, erase, refused
):
    desk.issue("R-1", 100_00)
    set_contact(ANN)
    desk.receive("B-1", 100_00, invoices=["R-1"])

    with refused("must_be_kept"):
        erase(on=date(2036, 12, 31))
    assert app.customers.contact("acme") == ANN

    erase(on=date(2037, 1, 1))
    assert app.customers.contact("acme") is None


def test_erasing_again_changes_nothing(app, registered, erase):
    first = erase(command="e")

    assert erase(command="e").facts == first.facts
    assert erase().facts == ()


def test_a_crash_after_the_record_is_made_good_by_asking_again(app, registered, set_contact, erase, monkeypatch):
    set_contact(ANN)
    encrypted = account(app).encrypted_contact

    def crash(customer):
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(app.encryption, "destroy", crash)
        erase(command="e")
    assert app.encryption.decrypt("acme", encrypted) == ANN

    assert erase(command="e").is_repeat
    assert app.encryption.decrypt("acme", encrypted) is None


def test_the_payer_of_money_that_became_the_customers_is_forgotten_too(app, desk, registered, erase):
    desk.receive("B-1", 100_00, payer="Ann Smith")
    desk.receive("B-2", 100_00, payer="Somebody Else")
    desk.do("identify", "B-1", customer="acme")

    erase()

    assert app.encryption.decrypt("receipt:B-1", desk.receipt("B-1").received.payer_encrypted) is None
    assert app.encryption.decrypt("receipt:B-2", desk.receipt("B-2").received.payer_encrypted) == {
        "payer": "Somebody Else"
    }


def test_nothing_personal_is_added_after_the_erasure(registered, set_contact, erase, refused):
    erase()

    with refused("data_erased"):
        set_contact(ANN)


def test_money_of_a_forgotten_customer_is_taken_without_the_name(app, desk, registered, erase):
    erase()

    desk.receive("B-1", 100_00, customer="acme", payer="Ann Smith")

    assert desk.receipt("B-1").customer == "acme"
    assert desk.receipt("B-1").received.payer_encrypted is None


def test_the_chain_still_verifies_after_an_erasure(app, registered, set_contact, erase):
    set_contact(ANN)
    erase()

    assert app.ledger.verify().broken_at is None


# As shown


def test_a_customer_is_shown_with_terms_trust_and_what_is_owed(app, desk, ask, registered, set_contact):
    set_contact(ANN)
    ask(customer.agree_terms, schedule=(Share(30, 10000),), discounts=(EarlyDiscount(10, 200),))
    ask(customer.set_limit, amount_minor=5000_00, currency="EUR", reason="first year")
    desk.issue("R-1", 100_00)
    desk.receive("B-1", 30_00, invoices=["R-1"])
    desk.receive("B-2", 7_00, currency="USD", customer="acme")

    shown = app.customers.show("acme")

    assert shown["contact"] == ANN
    assert shown["terms"]["discounts"] == [{"days": 10, "basis_points": 200}]
    assert shown["limit"]["amount"] == "5000.00"
    assert shown["owed"] == [
        {"entity": "main", "currency": "EUR", "items": 1, "open": "70.00", "disputed": "0.00", "unapplied": "0.00"},
        {"entity": "main", "currency": "USD", "items": 0, "open": "0.00", "disputed": "0.00", "unapplied": "7.00"},
    ]
    assert shown["position"] == app.ledger.head().position


def test_an_unknown_customer_cannot_be_shown(app, refused):
    with refused("not_registered"):
        app.customers.show("acme")
