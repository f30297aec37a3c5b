"""Evidence: what a court is shown of one invoice, and what proves that it was recorded so, and when.

Each row's hash covers the row and the hash before it, so each can be recomputed from what is shown here. That the rows
lie in the chain up to the checkpoint is shown by verifying the log, or an export of it, beside this.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypedDict

from infra.log.chain import GENESIS, Checkpoint, Row, Verified
from services.answers.facts import FactAnswer
from services.answers.invoice import InvoiceAsOf
from services.answers.log_rows import LogRow, log_row
from services.answers.verification import VerificationAnswer, verification_answer

TERMS = "customer.terms_agreed"


class ChainedRow(LogRow):
    previous: str


class CheckedChain(VerificationAnswer):
    message: str


class SignedCheckpoint(TypedDict):
    position: int
    hash: str
    at: str
    ledger_id: str


class Proof(TypedDict):
    """`checkpoint` is the first that covers all the rows."""

    rows: list[ChainedRow]
    verified: CheckedChain
    checkpoint: SignedCheckpoint | None


class EvidenceAnswer(TypedDict):
    """`terms` is the fact that agreed the terms the invoice was issued under."""

    as_of: str
    invoice: InvoiceAsOf | None
    terms: FactAnswer | None
    facts: list[FactAnswer]
    proof: Proof


def evidence_answer(
    as_of: date,
    invoice: InvoiceAsOf | None,
    facts: list[FactAnswer],
    terms: FactAnswer | None,
    proof: Proof,
) -> EvidenceAnswer:
    return {"as_of": as_of.isoformat(), "invoice": invoice, "terms": terms, "facts": facts, "proof": proof}


def proof(
    rows: Sequence[Row], hashes: Mapping[int, bytes], verified: Verified, checkpoints: Sequence[Checkpoint]
) -> Proof:
    """`hashes` are those of the positions before the rows."""
    covering = next((each for each in checkpoints if each.position >= rows[-1].position), None)
    return {
        "rows": [{**log_row(row), "previous": hashes.get(row.position - 1, GENESIS).hex()} for row in rows],
        "verified": {**verification_answer(verified), "message": verified.message},
        "checkpoint": _checkpoint(covering) if covering else None,
    }


def terms_at(facts: Sequence[FactAnswer], position: int) -> FactAnswer | None:
    """Which of the customer's facts was the last agreement of terms before the invoice's issue."""
    agreed = [fact for fact in facts if fact["name"] == TERMS and fact["position"] < position]
    return agreed[-1] if agreed else None


def _checkpoint(checkpoint: Checkpoint) -> SignedCheckpoint:
    return {
        "position": checkpoint.position,
        "hash": checkpoint.hash,
        "at": checkpoint.at,
        "ledger_id": checkpoint.ledger_id,
    }
