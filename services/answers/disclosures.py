"""Who was shown personal data, as plain data."""

from collections.abc import Sequence
from typing import TypedDict

from infra.disclosures import Disclosure
from services.snapshots import instant_text


class DisclosureAnswer(TypedDict):
    """`subjects` are customers, and receipts whose payer nobody knew."""

    id: int
    at: str
    actor: str
    purpose: str
    data: list[str]
    subjects: list[str]


class DisclosuresAnswer(TypedDict):
    """Newest first; `next` is where the next page goes on, None on the last."""

    disclosures: list[DisclosureAnswer]
    next: int | None


def disclosures_answer(found: Sequence[Disclosure], limit: int, subject: str | None) -> DisclosuresAnswer:
    """`found` may have one more than the `limit`. Of a list that showed many, only the `subject` asked for is named."""
    page = found[:limit]
    return {
        "disclosures": [
            {
                "id": each.id,
                "at": instant_text(each.at),
                "actor": each.actor,
                "purpose": each.purpose,
                "data": each.data,
                "subjects": [subject] if subject else each.subjects,
            }
            for each in page
        ],
        "next": page[-1].id if len(found) > limit else None,
    }
