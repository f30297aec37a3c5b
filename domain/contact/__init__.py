"""A contact: one message, call or visit to one customer about one or more invoices."""

from domain.contact.facts import About, Planned
from domain.contact.sending import defer, deliver, fail, hand_over, lose, retry, send, withhold
from domain.contact.state import Contact, contact_stream, evolve, fold
from domain.contact.tasks import finish, is_task, skip

__all__ = [
    "About",
    "Contact",
    "Planned",
    "contact_stream",
    "defer",
    "deliver",
    "evolve",
    "fail",
    "finish",
    "fold",
    "hand_over",
    "is_task",
    "lose",
    "retry",
    "send",
    "skip",
    "withhold",
]
