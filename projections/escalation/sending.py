"""Questions about messages on their way: which are to be handed over, which were, and which one a report is about."""

from collections.abc import Sequence
from datetime import date

from domain.contact.sending import WAITING
from domain.contact.state import MESSAGE
from projections.escalation.asking import SCHEMA
from projections.projection import Query

# Where messages had to wait, those to one customer leave as far apart as they were planned.
MOST_DAYS_APART = 7
_WAITING = f"""
select contact from {SCHEMA}.contacts c
where state = any (%(states)s) and kind = %(kind)s and planned_on <= %(today)s
    and (again_on is null or again_on <= %(today)s)
    and not exists (
        select from {SCHEMA}.contacts before
        where before.customer = c.customer and before.entity = c.entity and before.kind = c.kind
            and before.planned_on < c.planned_on and (
                before.state = any (%(states)s)
                or before.quiet_from + least(c.planned_on - before.planned_on, {MOST_DAYS_APART}) > %(today)s
            )
    )
order by planned_on, position limit %(most)s
"""
_HANDED_OVER = f"select contact from {SCHEMA}.contacts where state = 'handed_over' order by position"
_BY_MESSAGE_ID = f"select message_id, contact from {SCHEMA}.contacts where message_id = any (%s)"


def waiting(today: date, most: int) -> Query:
    """Streams of messages that are to be handed over, the oldest first.

    After days on which none could leave, a customer gets one after the other, and not all in one morning.
    """
    return Query(_WAITING, {"states": list(WAITING), "kind": MESSAGE, "today": today, "most": most})


def handed_over() -> Query:
    """Streams of messages of which nobody has said yet what became of them."""
    return Query(_HANDED_OVER)


def by_message_id(message_ids: Sequence[str]) -> Query:
    """(Message-ID, stream), of the last hand-over of each."""
    return Query(_BY_MESSAGE_ID, [list(message_ids)])
