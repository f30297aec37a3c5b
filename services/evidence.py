"""Evidence: what a court is shown of one invoice, and what proves that it was recorded so, and when.

Each row's hash covers the row and the hash before it, so each can be recomputed from what is shown here. That the rows
lie in the chain up to the checkpoint is shown by verifying the log, or an export of it, beside this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from infra.log.chain import GENESIS, Checkpoint, Row, Verified
from services.audit_files import log_row

TERMS = "customer.terms_agreed"


def proof(
    rows: Sequence[Row], hashes: Mapping[int, bytes], verified: Verified, checkpoints: Sequence[Checkpoint]
) -> dict[str, Any]:
    """`hashes` are those of the positions before the rows."""
    sign_checkpoint = next((each for each in checkpoints if each.position >= rows[-1].position), None)
    return {
        "rows": [log_row(row) | {"previous": hashes.get(row.position - 1, GENESIS).hex()} for row in rows],
        "verified": asdict(verified),
        "checkpoint": asdict(sign_checkpoint) if sign_checkpoint else None,
    }


def terms_at(facts: Sequence[Mapping[str, Any]], position: int) -> Mapping[str, Any] | None:
    """Which of the customer's facts was the last agreement of terms before the invoice's issue."""
    agreed = [fact for fact in facts if fact["name"] == TERMS and fact["position"] < position]
    return agreed[-1] if agreed else None
