"""An invoice, from issue to payment, write-off or void."""

from domain.invoice.charging import charge_fee, charge_interest, claim_compensation, waive
from domain.invoice.contacting import (
    block,
    call,
    deliver,
    fail_delivery,
    note,
    remind,
    require_chaseable,
    unblock,
    warn_of_bureau,
)
from domain.invoice.crediting import credit
from domain.invoice.dating import effective_from, next_change, open_since_minor
from domain.invoice.deferring import defer
from domain.invoice.disputing import dispute, resolve
from domain.invoice.evolving import evolve, fold
from domain.invoice.issuing import issue, undo_void, void
from domain.invoice.paying import pay, payable_minor, recover, reverse_payment
from domain.invoice.placing import (
    factor,
    obtain_judgment,
    pay_advance,
    place,
    reassign,
    recall,
    release_reserve,
    start_legal_action,
)
from domain.invoice.promising import (
    accept_settlement,
    agree_plan,
    offer_settlement,
    promise,
    review_plan,
    review_promise,
)
from domain.invoice.state import Invoice
from domain.invoice.writing_off import undo_write_off, write_off

__all__ = [
    "Invoice",
    "accept_settlement",
    "agree_plan",
    "block",
    "call",
    "charge_fee",
    "charge_interest",
    "claim_compensation",
    "credit",
    "defer",
    "deliver",
    "dispute",
    "effective_from",
    "evolve",
    "factor",
    "fail_delivery",
    "fold",
    "issue",
    "next_change",
    "note",
    "obtain_judgment",
    "offer_settlement",
    "open_since_minor",
    "pay",
    "pay_advance",
    "payable_minor",
    "place",
    "promise",
    "reassign",
    "recall",
    "recover",
    "release_reserve",
    "remind",
    "require_chaseable",
    "resolve",
    "reverse_payment",
    "review_plan",
    "review_promise",
    "start_legal_action",
    "unblock",
    "undo_void",
    "undo_write_off",
    "void",
    "waive",
    "warn_of_bureau",
    "write_off",
]
