"""Whether the log is as it was recorded, as plain data."""

from typing import TypedDict

from infra.log.chain import Verified


class VerificationAnswer(TypedDict):
    """`broken_at` is the first position that does not fit, None when all do; `checkpoint` the last one that held."""

    verified: int
    head: str
    checkpoint: int | None
    broken_at: int | None


# What people are told who have nothing to hold the chain against.
NO_CHECKPOINT = (
    "there is no checkpoint: the chain is sound in itself, but a log that somebody recomputed as a whole could not be "
    "told from the true one; `receivables audit checkpoint` signs one"
)


def verification_answer(verified: Verified) -> VerificationAnswer:
    return {
        "verified": verified.verified,
        "head": verified.head,
        "checkpoint": verified.checkpoint,
        "broken_at": verified.broken_at,
    }
