from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.billing import bill
from domain.customer import Customer
from domain.customer.facts import Registered, TermsAgreed
from domain.invoice import evolve
from domain.refusal import Refused
from domain.terms import WHOLE, Instalment, Share

JAN_5, FEB_4, MAR_6 = date(2026, 1, 5), date(2026, 2, 4), date(2026, 3, 6)
ASKED: dict[str, Any] = {"customer": "acme", "currency": "EUR", "amount_minor": 100_00}
SIXTY_DAYS = Customer(Registered("acme"), TermsAgreed((Share(60, WHOLE),)))


def billed(debtor=None, **asked):
    return bill(None, debtor, "R-1", "main", JAN_5, **(ASKED | asked))


def test_an_invoice_without_a_due_day_is_due_after_thirty_days_where_its_customer_has_no_terms():
    registered, [issued] = billed()
    assert issued.instalments == (Instalment(FEB_4, 100_00),)
    assert registered == [Registered("acme")]


def test_an_invoice_without_a_due_day_is_due_by_the_terms_of_its_customer():
    registered, [issued] = billed(SIXTY_DAYS)
    assert issued.instalments == (Instalment(MAR_6, 100_00),)
    assert registered == []


def test_a_due_day_that_is_given_comes_before_the_terms():
    _, [issued] = billed(SIXTY_DAYS, due_on=FEB_4)
    assert issued.instalments == (Instalment(FEB_4, 100_00),)


THIRDS = (Share(30, 3333), Share(60, 3333), Share(90, 3334))


def test_thirds_are_thirds():
    _, [issued] = billed(schedule=THIRDS)
    assert [each.minor for each in issued.instalments] == [33_34, 33_33, 33_33]


def test_an_invoice_issued_when_thirds_were_shared_out_by_the_per_cent_is_the_same_again():
    _, [issued] = billed(schedule=THIRDS)
    by_shares = zip(issued.instalments, (33_33, 33_33, 33_34), strict=True)
    before = replace(issued, instalments=tuple(Instalment(each.due_on, minor) for each, minor in by_shares))
    again = {**ASKED, "schedule": THIRDS}
    for known in (issued, before):
        assert bill(evolve(None, known), SIXTY_DAYS, "R-1", "main", JAN_5, **again) == ([], [])
    with pytest.raises(Refused):
        bill(
            evolve(None, before), SIXTY_DAYS, "R-1", "main", JAN_5, **{**ASKED, "schedule": THIRDS[:1] * 2 + THIRDS[2:]}
        )


def test_the_same_invoice_again_changes_nothing_though_the_terms_have_changed_since():
    _, [issued] = billed()
    again = bill(evolve(None, issued), SIXTY_DAYS, "R-1", "main", JAN_5, **ASKED)
    assert again == ([], [])
