"""A customer: who owes, on which terms, and how far we trust them."""

from domain.customer.account import Customer, defer, encrypted_contacts, evolve, fold
from domain.customer.agreeing import agree_retainer, agree_terms, erase, register, request_replenishment, set_contact
from domain.customer.attending import assign_collector, assign_policy, block, note_contact, unblock
from domain.customer.trusting import (
    check_credit,
    hold,
    release,
    report_to_bureau,
    require_prepayment,
    review_risk,
    set_limit,
    withdraw_report,
)

__all__ = [
    "Customer",
    "agree_retainer",
    "agree_terms",
    "assign_collector",
    "assign_policy",
    "block",
    "check_credit",
    "defer",
    "encrypted_contacts",
    "erase",
    "evolve",
    "fold",
    "hold",
    "note_contact",
    "register",
    "release",
    "report_to_bureau",
    "request_replenishment",
    "require_prepayment",
    "review_risk",
    "set_contact",
    "set_limit",
    "unblock",
    "withdraw_report",
]
