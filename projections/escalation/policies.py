"""Questions about policies: which are published, and to how many they are assigned."""

from projections.escalation.asking import SCHEMA
from projections.projection import Query


def published() -> Query:
    """(policy, version, day, actor) of the last version of each, by name."""
    return Query(
        f"select distinct on (policy) policy, version, published_on, actor from {SCHEMA}.policies"
        " order by policy, version desc"
    )


def assigned() -> Query:
    """(policy, customers, invoices): to how many of each it is assigned by themselves."""
    return Query(
        f"select policy, count(*) filter (where is_customer), count(*) filter (where not is_customer) from ("
        f" select policy, true as is_customer from {SCHEMA}.customers where policy is not null"
        f" union all select assigned, false from {SCHEMA}.cases where assigned is not null) a group by policy"
    )
