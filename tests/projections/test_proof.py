"""The books added up again: each rule that is broken is found, and by its name."""

from datetime import date

import pytest

from domain import customer, receipt
from domain import invoice as invoices
from domain.entry import Cause, Entry
from domain.invoice.facts import Paid, Part
from domain.receipt import Allocated
from domain.terms import Instalment
from projections.open_items.proof import Proof

DAY = date(2026, 1, 5)
INVOICE, RECEIPT = "invoice:main:R-1", "receipt:B-1"


def issued(minor=100_00):
    asked = {"number": "R-1", "entity": "main", "customer": "acme", "currency": "EUR", "total_minor": minor}
    return invoices.issue(None, **asked, issued_on=DAY, instalments=[Instalment(DAY, minor)])[0]


def received(minor=100_00):
    asked = {"number": "B-1", "entity": "main", "currency": "EUR", "amount_minor": minor}
    return receipt.receive(None, **asked, value_on=DAY)[0]


def entry(position, stream, version, fact, cause=None):
    return Entry(stream, version, fact, DAY, cause or Cause("ann", f"c{position}"), position)


def proof(*entries):
    proof = Proof()
    for each in entries:
        proof.take(each)
    return proof


def broken(*entries):
    return {fault.rule for fault in proof(*entries).faults()}


SOUND = (
    entry(1, INVOICE, 1, issued()),
    entry(2, RECEIPT, 1, received()),
    entry(3, RECEIPT, 2, Allocated(1, INVOICE, 100_00)),
    entry(4, INVOICE, 2, Paid("B-1", 1, 100_00, (Part(1, 100_00),))),
)


def test_a_sound_log_has_no_fault():
    assert proof(*SOUND).faults() == []
    assert proof(*SOUND).open_minor() == {}


def test_what_is_open_is_told_by_stream():
    assert proof(*SOUND[:2]).open_minor() == {INVOICE: 100_00, RECEIPT: 100_00}


def test_who_was_forgotten_is_told():
    gone = "customer:acme"
    facts = entry(1, gone, 1, customer.facts.Registered("acme")), entry(2, gone, 2, customer.facts.DataErased())

    assert proof(*facts).erased() == ["acme"]


@pytest.mark.parametrize(
    ("rule", "entries"),
    [
        ("log", [entry(2, INVOICE, 1, issued())]),
        ("log", [entry(1, INVOICE, 2, issued())]),
        ("cause", [entry(1, INVOICE, 1, issued(), Cause("", "c"))]),
        ("cause", [entry(1, INVOICE, 1, issued(), Cause("ann", ""))]),
        ("open", [*SOUND[:3], entry(4, INVOICE, 2, Paid("B-1", 1, 100_00, (Part(1, 99_99),)))]),
        ("open", [*SOUND[:3], entry(4, INVOICE, 2, Paid("B-1", 1, 100_01, (Part(1, 100_01),)))]),
        ("receipt", [*SOUND[:2], entry(3, RECEIPT, 2, Allocated(1, INVOICE, 100_01))]),
        ("allocation", SOUND[:3]),
        ("allocation", [*SOUND[:3], entry(4, INVOICE, 2, Paid("B-1", 1, 90_00, (Part(1, 90_00),)))]),
        ("allocation", [SOUND[0], entry(2, INVOICE, 2, Paid("B-1", 1, 100_00, (Part(1, 100_00),)))]),
    ],
)
def test_a_broken_rule_is_found(rule, entries):
    assert rule in broken(*entries)
