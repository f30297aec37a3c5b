"""How a customer stands, asked of views that have seen all that is recorded."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from infra.views.answers import Views
from infra.views.projector import Fenced, Projector
from projections.open_items import standing
from projections.open_items.standing import Owner
from projections.projection import Row

MOST_INVOICES = 500


class Standing:
    def __init__(self, projector: Projector, views: Views):
        self._projector, self._views = projector, views

    def oldest_first(self, customer: str, entity: str, currency: str) -> list[str]:
        """Streams of the customer's open invoices, the earliest due first; only so many as one receipt may pay."""
        query = standing.oldest_first(customer, entity, currency, MOST_INVOICES)
        return standing.column(self._fresh().ask(query))

    def oldest_first_of(self, owed: Mapping[Owner, int]) -> dict[Owner, list[str]]:
        """As `oldest_first` for many at once, each with how much came in: no more than that money can reach."""
        found: dict[Owner, list[str]] = {}
        for *owner, stream in self._fresh().ask(standing.oldest_first_of(owed, MOST_INVOICES)):
            found.setdefault(Owner(*owner), []).append(stream)
        return found

    def last_voucher_on(self, customer: str) -> date | None:
        return standing.day(self._fresh().ask(standing.last_voucher(customer)))

    def receipts(self, customer: str) -> list[str]:
        return standing.column(self._fresh().ask(standing.receipts(customer)))

    def owed(self, customer: str) -> tuple[int, list[Row]]:
        """What the customer owes, and the position of the log up to which that is so."""
        with self._fresh().snapshot() as snapshot:
            [rows] = snapshot.ask(standing.owed(customer))
            return snapshot.position(standing.VIEW), rows

    def _fresh(self) -> Views:
        # Fenced off, another projector keeps the views and is as far along.
        with suppress(Fenced):
            self._projector.catch_up()
        return self._views
