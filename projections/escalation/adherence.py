"""Whether the ladder was kept: which of the steps whose day lies in a period were taken on it, and what became of them.

Steps still to be decided are not counted: no fact says that they are late.
"""

from datetime import date
from typing import NamedTuple

from projections.escalation.asking import SCHEMA
from projections.projection import Query


class StepKept(NamedTuple):
    """`median_days` and `most_days` are those of the late ones; of two in the middle the lower is the median."""

    policy: str
    step: str
    decided: int
    on_time: int
    late: int
    median_days: int | None
    most_days: int | None
    withheld: int
    failed: int
    unknown: int
    skipped: int
    held: int


class Skips(NamedTuple):
    """So many were skipped by somebody for one reason."""

    policy: str
    step: str
    by: str
    reason: str | None
    steps: int


class Exceptions(NamedTuple):
    """`steps` of a customer were decided; `exceptions` of them were late, or did not come to what they were to."""

    customer: str
    collector: str | None
    steps: int
    exceptions: int
    skipped: int
    withheld: int
    failed: int
    unknown: int
    late: int


_STEPS = f"""
with taken as (
    select s.policy, s.step, s.late_days, s.due_on - s.invoice_due_on as days,
        coalesce(message.customer, task.customer) as customer, u.collector,
        s.late_days > 0 as is_late,
        coalesce(message.state = 'withheld', false) as is_withheld,
        coalesce(message.state = 'failed', false) as is_failed,
        coalesce(message.state = 'unknown', false) as is_unknown,
        'skipped' in (coalesce(message.state, ''), coalesce(task.state, '')) as is_skipped,
        case when task.state = 'skipped' then task.actor else message.actor end as skipped_by,
        case when task.state = 'skipped' then task.reason else message.reason end as skipped_for,
        c.held_by is not null as is_held
    from {SCHEMA}.steps s
    left join {SCHEMA}.contacts message on message.contact = s.contact
    left join {SCHEMA}.contacts task on task.contact = s.task
    left join {SCHEMA}.customers u on u.customer = coalesce(message.customer, task.customer)
    left join {SCHEMA}.cases c on c.invoice = s.invoice and c.held_by = s.task
    where s.due_on between %(from_on)s and %(to_on)s
        and (%(collector)s::text is null or u.collector = %(collector)s)
)
"""
_COUNTS = """
count(*) filter (where is_withheld), count(*) filter (where is_failed), count(*) filter (where is_unknown)
"""
_BY_STEP = f"""
{_STEPS}
select policy, step, count(*), count(*) filter (where not is_late), count(*) filter (where is_late),
    percentile_disc(0.5) within group (order by late_days) filter (where is_late),
    max(late_days) filter (where is_late),
    {_COUNTS}, count(*) filter (where is_skipped), count(*) filter (where is_held)
from taken group by policy, step order by policy, min(days), step
"""
_SKIPS = f"""
{_STEPS}
select policy, step, skipped_by, skipped_for, count(*) from taken
where is_skipped group by policy, step, skipped_by, skipped_for order by policy, min(days), step, 5 desc, 3, 4
"""
_BY_CUSTOMER = f"""
{_STEPS}
select * from (
    select customer, collector, count(*),
        count(*) filter (where is_skipped or is_withheld or is_failed or is_unknown or is_late) as exceptions,
        count(*) filter (where is_skipped) as skipped, {_COUNTS}, count(*) filter (where is_late) as late
    from taken group by customer, collector
) customer where exceptions > 0 and customer is not null
order by exceptions desc, skipped desc, late desc, customer
"""


def adherence(from_on: date, to_on: date, collector: str | None) -> list[Query]:
    """Rows of `StepKept`, of `Skips` and of `Exceptions`, the worst first; both days are in."""
    values = {"from_on": from_on, "to_on": to_on, "collector": collector}
    return [Query(sql, values) for sql in (_BY_STEP, _SKIPS, _BY_CUSTOMER)]
