"""What a command did, as the person reads it who gave it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import credit_note
from domain.customer.facts import PlacedOnHold, Registered
from domain.invoice import Invoice
from domain.invoice import facts as invoice
from domain.invoice.facts import Part
from domain.kinds import FACTS, KINDS, NAMES
from domain.money import readable
from domain.receipt import Allocated, Received, Reversed
from domain.terms import Instalment
from projections.audit.happening import happened, sentences
from projections.audit.words import WORDS, in_words, subject
from tests.projections.random_history import histories
from tests.projections.test_difference import WORKED

ON = date(2026, 2, 6)
ISSUED = invoice.Issued(
    "V1", "main", "acme", "EUR", 120_00, 0, date(2026, 1, 1), (Instalment(date(2026, 1, 31), 120_00),)
)
RECEIVED = Received("R1", "main", "EUR", 50_00, ON, "acme", ("V1",))
V1, R1 = "invoice:main:V1", "receipt:R1"


def told(stream, *facts, before=()):
    return [*sentences(stream, happened(stream, [(fact, ON) for fact in (*before, *facts)], len(before) + 1))]


def test_a_void_says_what_is_no_longer_owed():
    assert told(V1, invoice.Voided((Part(1, 120_00),)), before=[ISSUED]) == [
        "Invoice V1 is voided: 120.00 EUR less, nothing open."
    ]


def test_a_payment_says_whose_money_pays_what_from_which_day_on_and_what_is_left():
    paid = invoice.PartiallyPaid("R1", 1, 50_00, (Part(1, 50_00),))
    assert told(V1, paid, before=[ISSUED]) == [
        "50.00 EUR of receipt R1 pays invoice V1 from 2026-02-06 on: 70.00 EUR open."
    ]


def test_a_credit_note_lessens_what_is_open():
    applied = invoice.CreditNoteApplied("G1", 20_00, 0, (Part(1, 20_00),), 1)
    assert told(V1, applied, before=[ISSUED]) == [
        "20.00 EUR of credit note G1 lessens invoice V1 from 2026-02-06 on: 100.00 EUR open."
    ]


def test_what_is_written_off_in_part_says_so():
    lost = invoice.WrittenOff(20_00, 0, (Part(1, 20_00),))
    assert told(V1, lost, before=[ISSUED]) == ["Invoice V1 is written off in part: 20.00 EUR less, 100.00 EUR open."]


def test_of_many_things_at_once_the_last_balance_is_the_one_that_holds():
    paid = invoice.PartiallyPaid("R1", 1, 50_00, (Part(1, 50_00),))
    back = invoice.PaymentReversed("R1", 1, 50_00, 0, (Part(1, 50_00),))
    again = invoice.PartiallyPaid("R1", 2, 30_00, (Part(1, 30_00),))
    assert told(V1, back, again, before=[ISSUED, paid]) == [
        "Invoice V1: payment reversed; overdue instalment 1 open again; 50.00 EUR more, 120.00 EUR open.",
        "30.00 EUR of receipt R1 pays invoice V1 from 2026-02-06 on: 90.00 EUR open.",
    ]


def test_an_item_that_opens_by_payment_and_discount_is_named_once():
    paid = invoice.Paid("R1", 1, 117_60, (Part(1, 117_60),))
    discount = invoice.DiscountTaken("R1", 1, 2_40, (Part(1, 2_40),), "early_payment")
    back = invoice.PaymentReversed("R1", 1, 117_60, 2_40, (Part(1, 2_40), Part(1, 117_60)))
    assert told(V1, back, before=[ISSUED, discount, paid]) == [
        "Invoice V1: payment reversed; overdue instalment 1 open again; 2.40 EUR of discount taken back; "
        "120.00 EUR more, 120.00 EUR open."
    ]


def test_a_credit_note_of_its_own_is_money_of_its_customer():
    issued = credit_note.Issued("G1", "main", "acme", "EUR", 50_00, 0, ON, None)
    assert told("credit_note:main:G1", issued) == [
        "Credit note G1: 50.00 EUR for acme; 50.00 EUR stays on account of acme."
    ]


def test_money_says_what_stays_of_it_and_whose_it_is():
    took = Allocated(1, V1, 30_00)
    assert told(R1, RECEIVED, took) == [
        "Receipt R1: 50.00 EUR received from acme, value 2026-02-06; 20.00 EUR stays on account of acme."
    ]
    assert told(R1, Received("R1", "main", "EUR", 50_00, ON)) == [
        "Receipt R1: 50.00 EUR received from an unidentified payer, value 2026-02-06; 50.00 EUR stays unidentified."
    ]
    assert told(R1, Reversed(50_00), before=[RECEIVED]) == [
        "Receipt R1: 50.00 EUR taken back by the bank; nothing is left of it."
    ]


def test_a_fee_adds_to_what_is_open_and_a_dispute_does_not():
    fee = invoice.FeeCharged(2, 5_00, date(2026, 2, 20), "agreed")
    assert told(V1, fee, before=[ISSUED]) == [
        "Invoice V1: fee of 5.00 EUR, due 2026-02-20; 5.00 EUR more, 125.00 EUR open."
    ]
    dispute = invoice.Disputed(1, "price", 20_00, (Part(1, 20_00),))
    assert told(V1, dispute, before=[ISSUED]) == [
        "Invoice V1: dispute 1 raised: price; 120.00 EUR open, 20.00 EUR of it disputed."
    ]


def test_a_discount_beside_a_payment_is_said_beside_it():
    paid = invoice.PartiallyPaid("R1", 1, 117_60, (Part(1, 117_60),))
    discount = invoice.DiscountTaken("R1", 1, 2_40, (Part(1, 2_40),), "early_payment")
    assert told(V1, paid, discount, before=[ISSUED]) == [
        "117.60 EUR of receipt R1 pays invoice V1 from 2026-02-06 on: 2.40 EUR open.",
        "Invoice V1: 2.40 EUR of early payment discount taken; 2.40 EUR less, nothing open.",
    ]


def test_what_is_about_a_customer_needs_no_balance():
    assert told("customer:acme", Registered("acme", "DE")) == ["Customer acme registered in DE."]
    assert told("customer:acme", PlacedOnHold("orders"), before=[Registered("acme", "DE")]) == [
        "Customer acme: orders on hold."
    ]


def test_an_entity_is_said_where_it_is_another():
    assert subject("invoice:main:V1") == "invoice V1"
    assert subject("invoice:north:V1") == "invoice V1 of north"
    assert subject("credit_note:north:G:1") == "credit note G:1 of north"
    assert subject("receipt:R1") == "receipt R1"
    assert subject("contact:main:2026-01-20:phone:1:acme") == "phone 1 to acme on 2026-01-20"


def test_every_fact_has_plain_words_and_no_word_is_left_over():
    assert WORDS.keys() == FACTS.keys()
    assert all("_" not in words and "." not in words and words for words in WORDS.values())
    assert in_words("invoice.from_the_future") == "from the future"


@pytest.mark.parametrize(("before", "fact", "_"), WORKED, ids=[type(fact).__name__ for _, fact, _ in WORKED])
def test_whatever_happens_is_told_without_the_names_that_programs_use(before, fact, _):
    stream = KINDS[NAMES[type(fact)].partition(".")[0]]
    name = stream.stream(":".join(["x"] * len(stream.key)))
    said = told(name, fact, before=before)
    assert said and all(each[0].isupper() or each[0].isdigit() for each in said)
    assert all(each.endswith(".") and not each.endswith(("..", " .", ": .")) for each in said), said
    assert not any(known in each for each in said for known in FACTS)


@given(st.randoms(use_true_random=False), st.integers(0, 3))
def test_whatever_happened_the_last_sentence_has_the_balance_that_holds(dice, since):
    for stream, facts in histories(dice, 4):
        story = happened(stream, facts, min(since, len(facts) - 1) + 1)
        after = story[-1].after
        left = after.open_minor if isinstance(after, Invoice) else after.unallocated_minor
        currency = after.issued.currency if isinstance(after, Invoice) else after.received.currency
        [*_, last] = sentences(stream, story)
        assert (readable(left, currency) if left else "nothing") in last
