from dataclasses import replace

from domain import invoice as invoices
from domain.invoice.facts import (
    DiscountTaken,
    Part,
    PaymentReversed,
    PromiseKept,
    PromiseMade,
    Recovered,
    SettlementAccepted,
    WrittenOff,
)
from tests.domain.examples import (
    DISCOUNT_UNTIL,
    DISCOUNTED,
    DUE,
    IN_THREE,
    INVOICE,
    invoice_of,
    paid,
    part_paid,
)
from tests.stories import given

MONEY = {"receipt": "B-1", "allocation": 1, "currency": "EUR", "on": DUE}
LOST = WrittenOff(1000_00, 0, (Part(1, 1000_00),))
ACCEPTED = SettlementAccepted(1)
PROMISED = PromiseMade(1, 500_00, DUE)


def owed(*facts):
    return [item.open_minor for item in invoice_of(*facts).items]


def returned_once(*facts):
    """As if nothing had been paid, but that it is remembered that a payment was taken back."""
    return replace(invoice_of(*facts), returned=1)


RETURNED = PaymentReversed("B-1", 1, 1000_00, 0, (Part(1, 1000_00),))
BACK = {"receipt": "B-1", "allocation": 1}


# Payments that do not hold


def test_a_returned_payment_reopens_the_invoice():
    given(INVOICE, paid()).when(invoices.reverse_payment, **BACK).then(RETURNED)
    assert owed(INVOICE, paid(), RETURNED) == [1000_00]


def test_a_returned_payment_restores_each_item_it_took():
    parts = (Part(1, 300_00), Part(2, 150_00))
    back = PaymentReversed("B-1", 1, 450_00, 0, parts)
    given(IN_THREE, part_paid(450_00, parts=parts)).when(invoices.reverse_payment, **BACK).then(back)
    assert invoice_of(IN_THREE, part_paid(450_00, parts=parts), back) == returned_once(IN_THREE)


def test_the_discount_falls_with_the_payment_that_took_it():
    story = [DISCOUNTED, DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(980_00)]
    back = PaymentReversed("B-1", 1, 980_00, 20_00, (Part(1, 20_00), Part(1, 980_00)))
    given(*story).when(invoices.reverse_payment, **BACK).then(back)
    assert invoice_of(*story, back) == returned_once(DISCOUNTED)


def test_the_discount_may_be_taken_again_in_time_after_a_returned_payment():
    story = [DISCOUNTED, DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(980_00)]
    back = PaymentReversed("B-1", 1, 980_00, 20_00, (Part(1, 20_00), Part(1, 980_00)))
    assert invoices.payable_minor(invoice_of(*story, back), on=DISCOUNT_UNTIL) == 980_00


def test_a_payment_is_returned_once():
    given(INVOICE, paid(), RETURNED).when(invoices.reverse_payment, **BACK).then()
    given(INVOICE).when(invoices.reverse_payment, **BACK).then()


def test_only_the_payment_that_is_named_is_returned():
    second = part_paid(300_00, allocation=2)
    other = part_paid(100_00, receipt="B-2", allocation=2)
    story = [INVOICE, part_paid(400_00), second, other]
    given(*story).when(invoices.reverse_payment, **(BACK | {"allocation": 2})).then(
        PaymentReversed("B-1", 2, 300_00, 0, (Part(1, 300_00),))
    )


def test_a_returned_payment_is_no_longer_counted_for_the_promise():
    story = [INVOICE, PROMISED, part_paid(400_00)]
    back = PaymentReversed("B-1", 1, 400_00, 0, (Part(1, 400_00),))
    given(*story, back).when(invoices.pay, amount_minor=499_99, **(MONEY | {"receipt": "B-2"})).then(
        part_paid(499_99, receipt="B-2")
    )


def test_a_returned_payment_from_before_the_promise_leaves_the_promise_alone():
    story = [INVOICE, part_paid(400_00), PROMISED, part_paid(300_00, receipt="B-2")]
    back = PaymentReversed("B-1", 1, 400_00, 0, (Part(1, 400_00),))
    given(*story, back).when(invoices.pay, amount_minor=200_00, **(MONEY | {"receipt": "B-3"})).then(
        part_paid(200_00, receipt="B-3"), PromiseKept(1)
    )


def test_nothing_is_returned_on_an_invoice_that_is_not_there():
    given().when(invoices.reverse_payment, **BACK).refused("not_issued")


def test_an_invoice_is_readable_though_an_answer_counts_from_an_earlier_day_than_what_it_answers():
    """A claim as of a day may hold the return of a payment and not the payment, or an acceptance and not the offer."""
    assert owed(INVOICE, RETURNED) == [2000_00]
    assert owed(INVOICE, ACCEPTED) == [1000_00]


LATE_MONEY = {"receipt": "B-1", "allocation": 1, "currency": "EUR"}


# Recoveries


def test_money_for_an_invoice_given_up_takes_back_that_much_of_the_loss():
    given(INVOICE, LOST).when(invoices.recover, amount_minor=150_00, **LATE_MONEY).then(Recovered("B-1", 1, 150_00))
    invoice = invoice_of(INVOICE, LOST, Recovered("B-1", 1, 150_00))
    assert (invoice.open_minor, invoice.written_off_minor) == (0, 850_00)


def test_all_of_the_loss_may_be_recovered_and_not_a_cent_more():
    given(INVOICE, LOST).when(invoices.recover, amount_minor=1000_00, **LATE_MONEY).then(Recovered("B-1", 1, 1000_00))
    given(INVOICE, LOST).when(invoices.recover, amount_minor=1000_01, **LATE_MONEY).refused("over_written_off")
    given(INVOICE, LOST, Recovered("B-0", 1, 1_00)).when(invoices.recover, amount_minor=999_01, **LATE_MONEY).refused(
        "over_written_off"
    )


def test_the_same_recovery_again_changes_nothing():
    given(INVOICE, LOST, Recovered("B-1", 1, 1000_00)).when(invoices.recover, amount_minor=1000_00, **LATE_MONEY).then()


def test_a_recovery_that_bounces_is_a_loss_again():
    story = [INVOICE, LOST, Recovered("B-1", 1, 150_00)]
    bounced = PaymentReversed("B-1", 1, 150_00, 0, ())
    given(*story).when(invoices.reverse_payment, **BACK).then(bounced)
    assert invoice_of(*story, bounced) == returned_once(INVOICE, LOST)


def test_nothing_is_recovered_that_was_not_written_off():
    given().when(invoices.recover, amount_minor=1_00, **LATE_MONEY).refused("not_issued")
    given(INVOICE).when(invoices.recover, amount_minor=1_00, **LATE_MONEY).refused("not_written_off")
    given(INVOICE, LOST, Recovered("B-0", 1, 1000_00)).when(invoices.recover, amount_minor=1_00, **LATE_MONEY).refused(
        "not_written_off"
    )


def test_a_recovery_of_nothing_or_in_another_currency_is_refused():
    given(INVOICE, LOST).when(invoices.recover, amount_minor=0, **LATE_MONEY).refused("not_positive")
    given(INVOICE, LOST).when(invoices.recover, amount_minor=1_00, **(LATE_MONEY | {"currency": "USD"})).refused(
        "currency_differs"
    )
