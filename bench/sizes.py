"""How much of everything there is in a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """`closed_by_facts` of the closed items come from facts; the rest are their rows again under other numbers."""

    commands: int  # of one round and client, those of the warm-up among them
    imported: int
    rebuilt: int
    followed_seconds: int
    items: int
    customers: int
    allocations: int
    closed: int
    closed_by_facts: int
    overdue: int
    published: int
    stated: int


SIZES = {
    "small": Size(
        commands=400,
        imported=5_000,
        rebuilt=100_000,
        followed_seconds=10,
        items=100_000,
        customers=5_000,
        allocations=60_000,
        closed=200_000,
        closed_by_facts=20_000,
        overdue=10_000,
        published=30_000,
        stated=200,
    ),
    "full": Size(
        commands=600,
        imported=50_000,
        rebuilt=1_000_000,
        followed_seconds=15,
        items=1_000_000,
        customers=50_000,
        allocations=600_000,
        closed=10_000_000,
        closed_by_facts=200_000,
        overdue=100_000,
        published=100_000,
        stated=1_000,
    ),
}
