"""An account of a customer, told as a clerk would: what was issued, paid, credited, written off and taken back.

Each step is a decision of `domain` over all streams; the facts it adds must fit everything that was there before.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from inspect import signature
from itertools import accumulate
from typing import Any

import pytest

from domain import (
    cash_application,
    credit_application,
    credit_note,
    customer,
    receipt,
    taking_back,
    takings,
    writing_off,
)
from domain import invoice as invoices
from domain.books import Dated
from domain.by_day import DayChanges
from domain.credit_note import CreditNote
from domain.entry import credit_note_stream, customer_stream, invoice_stream, receipt_stream
from domain.invoice import dating
from domain.kinds import kind_of
from domain.receipt import Receipt
from domain.refusal import Refused
from domain.terms import Instalment

ENTITY, ANN = "main", "ann"
A_DAY = timedelta(1)
Step = Callable[..., list[str]]


def march(day: int) -> date:
    return date(2026, 3, day)


ISSUED_ON, DUE = march(1), march(31)


class Account:
    """Steps say what they recorded as lines, stream by stream: `R-1: 10 March paid 400.00`."""

    def __init__(self) -> None:
        self.states: dict[str, Any] = {}
        self.told: list[tuple[str, Any, date]] = []
        self._record({customer_stream(ANN): [(fact, ISSUED_ON) for fact in customer.register(None, ANN)]})

    # What can be done

    def issue(
        self,
        number: str,
        minor: int,
        *,
        on: date = ISSUED_ON,
        due: tuple[date, ...] = (DUE,),
        entity: str = ENTITY,
        **asked: Any,
    ) -> list[str]:
        shares = [Instalment(day, minor // len(due)) for day in due]
        written: dict[str, Any] = {
            "number": number,
            "entity": entity,
            "customer": ANN,
            "currency": "EUR",
            "total_minor": minor,
        }
        facts = invoices.issue(None, **written, issued_on=on, instalments=shares, **asked)
        return self._record({_invoice(number, entity): [(fact, on) for fact in facts]})

    def pay(self, number: str, minor: int, *named: str, on: date, wanted: int | None = None) -> list[str]:
        """For invoices that are named; without any, for those open."""
        asked: dict[str, int | None] = dict.fromkeys(map(_invoice, named or self.open_numbers()))
        if wanted:
            asked = dict.fromkeys(asked, wanted)
        money: dict[str, Any] = {
            "number": number,
            "entity": ENTITY,
            "currency": "EUR",
            "amount_minor": minor,
            "value_on": on,
        }
        return self._record(cash_application.record(self._seen(named), asked, **money, customer=ANN))

    def allocate(
        self, number: str, *named: str, on: date | None = None, wanted: int | None = None, entity: str = ENTITY
    ) -> list[str]:
        own = self._source(number)
        asked = {_invoice(each, entity): wanted for each in named or self.open_numbers()}
        return self._record(cash_application.apply(self._seen(named, own), own, asked, on=on, is_named=bool(named)))

    def unallocate(
        self, number: str, allocation: int = 1, *, minor: int | None = None, on: date | None = None
    ) -> list[str]:
        asked = {"allocation": allocation, "on": on, "amount_minor": minor}
        return self._decide(taking_back.unallocate, self._source(number), **asked)

    def reverse(self, number: str, minor: int | None = None, *, on: date) -> list[str]:
        return self._decide(taking_back.reverse, receipt_stream(number), on=on, amount_minor=minor)

    def refund(self, number: str, minor: int, *, on: date) -> list[str]:
        own = self._source(number)
        state = self.states[own]
        facts = receipt.refund(state, on, amount_minor=minor, reference=f"T-{len(self.told)}")
        if isinstance(state, CreditNote):
            facts = [credit_note.named(fact) for fact in facts]
        return self._record({own: [(fact, on) for fact in facts]})

    def move(self, number: str, entity: str, *, on: date | None = None) -> list[str]:
        own = receipt_stream(number)
        return self._record({own: receipt.move(self.states[own], on, entity=entity)})

    def credit(self, number: str, minor: int, named: str | None = None, *, on: date, tax: int = 0) -> list[str]:
        whose: dict[str, str] = {"invoice": named} if named else {"customer": ANN, "currency": "EUR"}
        return self.issue_credit(credit_note=number, amount_minor=minor, tax_minor=tax, on=on, **whose)

    def issue_credit(self, **written: Any) -> list[str]:
        return self._decide(credit_application.issue, entity=ENTITY, **written)

    def resolve(self, number: str, *, on: date, **asked: Any) -> list[str]:
        return self._decide(credit_application.resolve, _invoice(number), on=on, **asked)

    def undo_credit(self, number: str, *, on: date | None = None) -> list[str]:
        return self._decide(taking_back.undo_credit_note, credit_note_stream(number, ENTITY), on=on)

    def write_off(self, number: str, minor: int | None = None, *, on: date, tax: int = 0) -> list[str]:
        return self._decide(writing_off.write_off, _invoice(number), on=on, amount_minor=minor, tax_minor=tax)

    def undo_write_off(self, number: str, *, on: date | None = None) -> list[str]:
        return self._decide(writing_off.undo, _invoice(number), on=on)

    def ask(self, number: str, decision: Callable[..., Any], *, on: date, **asked: Any) -> list[str]:
        """Any decision on one invoice, checked for its day as its command does."""
        invoice = self.invoice(number)
        if "on" in signature(decision).parameters:
            asked["on"] = on
        facts = dating.require_in_time(invoice, decision(invoice, **asked), on)
        return self._record({_invoice(number): [(fact, on) for fact in facts]})

    # What there is then

    def invoice(self, number: str, entity: str = ENTITY) -> invoices.Invoice:
        found = self.states[_invoice(number, entity)]
        assert isinstance(found, invoices.Invoice)
        return found

    def source(self, number: str) -> Receipt:
        found = self.states[self._source(number)]
        assert isinstance(found, Receipt)
        return found

    def open(self, number: str, on: date | None = None, entity: str = ENTITY) -> int:
        return sum(_level(item.by_day, on) for item in self.invoice(number, entity).items)

    def left(self, number: str, on: date | None = None) -> int:
        return _level(self.source(number).by_day, on)

    def lost(self, number: str) -> int:
        return self.invoice(number).written_off_minor

    def open_numbers(self) -> list[str]:
        return [
            state.issued.number
            for state in self.states.values()
            if isinstance(state, invoices.Invoice) and (state.open_minor or state.written_off_minor)
        ]

    # How it is recorded

    def _seen(self, named: tuple[str, ...], *own: str) -> dict[str, Any]:
        """Money that names no invoice is decided without any other money."""
        states = self.states.items()
        return {stream: each for stream, each in states if named or stream in own or not isinstance(each, Receipt)}

    def _source(self, number: str) -> str:
        own = receipt_stream(number)
        return own if own in self.states else credit_note_stream(number, ENTITY)

    def _decide(self, decision: Callable[..., Dated], *arguments: Any, **asked: Any) -> list[str]:
        return self._record(decision(self.states, *arguments, **asked))

    def _record(self, decided: Mapping[str, Any]) -> list[str]:
        lines = []
        for stream, dated in decided.items():
            for fact, on in dated:
                self.states[stream] = kind_of(stream).evolve(self.states.get(stream), fact, on)
                self.told.append((stream, fact, on))
                lines.append(_line(stream, fact, on))
        self._check()
        return lines

    def _check(self) -> None:
        """Nothing is ever less than nothing, and what money and credit notes gave is what invoices had of them."""
        given, had = set(), set()
        for stream, state in self.states.items():
            if isinstance(state, Receipt):
                assert _least(state.by_day) >= 0, stream
                assert all(each.on >= state.allocated_on[each.made.allocation] for each in state.undone)
                given |= {(stream, each.allocation, each.invoice, each.amount_minor) for each in state.allocations}
                allocated = sum(each.amount_minor for each in state.allocations)
                assert allocated + state.unallocated_minor == state.left_minor
            if isinstance(state, invoices.Invoice):
                assert all(_least(item.by_day) >= 0 for item in state.items), stream
                assert state.written_off_minor >= 0
                found: list[Any] = [*state.payments, *state.credit_notes]
                for taken in found:
                    if source := takings.source_of(taken, ENTITY):
                        had |= {(source, taken.allocation, stream, taken.amount_minor)}
        assert given == had


def refused(code: str, step: Step, *asked: Any, **named: Any) -> None:
    with pytest.raises(Refused) as refusal:
        step(*asked, **named)
    assert refusal.value.code == code, refusal.value


def possible_from(day: date, step: Step, *asked: Any, on: date, **named: Any) -> list[str]:
    """Refused as too early on that day and on the last one before the first possible one, and done on that."""
    for early in (on, day - A_DAY):
        with pytest.raises(Refused) as refusal:
            step(*asked, on=early, **named)
        assert refusal.value.code == "too_early", refusal.value
        assert re.search(r"\d{4}-\d\d-\d\d", refusal.value.message)[0] == day.isoformat(), refusal.value  # type: ignore[index]
    return step(*asked, on=day, **named)


def _invoice(number: str, entity: str = ENTITY) -> str:
    return invoice_stream(number, entity)


def _line(stream: str, fact: Any, on: date) -> str:
    minor = getattr(fact, "amount_minor", None) or sum(part.minor for part in getattr(fact, "parts", ()))
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(fact).__name__).lower()
    return f"{stream.rpartition(':')[2]}: {on:%-d %B} {words} {minor / 100:.2f}"


def _level(by_day: DayChanges, on: date | None) -> int:
    return sum(minor for day, minor in by_day if on is None or day <= on)


def _least(by_day: DayChanges) -> int:
    return min(accumulate((minor for _, minor in by_day), initial=0))
