"""Which reminders about an invoice went out, for what a later one says of them."""

from collections.abc import Sequence

from projections.projection import Query

# A notice before the due day is no reminder: its level is 0. What a person sent has no contact; of one that has, it is
# known whether it left and whether it came back.
_REMINDED = """
select distinct stream, effective_on from (
    select stream, effective_on, convert_from(state, 'UTF8')::jsonb -> 'data' as data
    from ledger.facts where stream = any (%(streams)s) and name = 'invoice.reminded'
) reminded
where coalesce((data ->> 'level')::int, 1) > 0 and (data ->> 'contact' is null or (
    exists (select from ledger.facts sent where sent.stream = data ->> 'contact' and sent.name = 'contact.handed_over')
    and not exists (
        select from ledger.facts failed
        where failed.stream = data ->> 'contact' and failed.name = 'contact.delivery_failed'
    )
))
"""


def reminded(invoices: Sequence[str]) -> Query:
    """(stream, day) for each day on which a reminder about an invoice left."""
    return Query(_REMINDED, {"streams": list(invoices)})
