"""The Message-ID of a contact's attempt: derived, so that a report that names one can be checked, and never the same
for two ledgers."""

from hashlib import sha256
from uuid import UUID


def token_of(ledger_id: UUID, contact: str) -> str:
    """Short, and nothing of the customer can be read from it."""
    return sha256(f"{ledger_id}\n{contact}".encode()).hexdigest()[:32]


def message_id(ledger_id: UUID, contact: str, attempt: int, domain: str) -> str:
    """As in the header, with its angle brackets."""
    return f"<{token_of(ledger_id, contact)}.{attempt}@{domain}>"


def attempt_of(named: str, ledger_id: UUID, contact: str) -> int | None:
    """Which attempt of the contact a Message-ID names; None when it is none of that contact's."""
    token, _, attempt = named.strip("<>").partition("@")[0].partition(".")
    is_ours = token == token_of(ledger_id, contact) and attempt.isdecimal()
    return int(attempt) if is_ours else None
