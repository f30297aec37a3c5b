"""Whether the log is as it was recorded, as plain data."""

from typing import TypedDict

from infra.log.chain import Verified


class VerificationAnswer(TypedDict):
    """`broken_at` is the first position that does not fit, None when all do; `checkpoint` the last one that held."""

    verified: int
    head: str
    checkpoint: int | None
    broken_at: int | None


def verification_answer(verified: Verified) -> VerificationAnswer:
    return {
        "verified": verified.verified,
        "head": verified.head,
        "checkpoint": verified.checkpoint,
        "broken_at": verified.broken_at,
    }
