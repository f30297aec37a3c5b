"""What the views say of a debtor, for commands that need it: no older than what this process itself has recorded."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from infra.views.answers import Views
from projections.open_items import debtors
from projections.open_items.asking import Part
from projections.open_items.debtors import Owner
from projections.projection import Query, Row
from services.snapshots import LAST

MOST_INVOICES = 500


class Debtors:
    """Waits for views that are behind, for a bounded time, and then raises `Behind`; it never moves them."""

    def __init__(self, views: Views, recorded_to: Callable[[], int]):
        self._views, self._recorded_to = views, recorded_to

    def oldest_first(self, customer: str, entity: str | None, currency: str, on: date, *, default: str) -> list[str]:
        """Streams of what the customer owed on a day and has not paid since, the earliest due first.

        Only so many as one receipt may pay.
        Of no entity named, those of the only one to which the customer owes, if it is one; else of the default one.
        """
        rows = self._ask(debtors.oldest_first(customer, entity, currency, on, MOST_INVOICES))
        if entity is None and len({of for of, _ in rows}) > 1:
            rows = self._ask(debtors.oldest_first(customer, default, currency, on, MOST_INVOICES))
        return [stream for _, stream in rows]

    def oldest_first_of(self, owed: Mapping[Owner, int]) -> dict[Owner, list[str]]:
        """As `oldest_first` for many at once, each with how much came in: no more than that money can reach."""
        found: dict[Owner, list[str]] = {}
        for *owner, stream in self._ask(debtors.oldest_first_of(owed, MOST_INVOICES)):
            found.setdefault(Owner(*owner), []).append(stream)
        return found

    def written_off_since(self, customers: Sequence[str], on: date) -> dict[Owner, list[tuple[str, date]]]:
        """Streams of what was written off after a day, each with the day of that."""
        found: dict[Owner, list[tuple[str, date]]] = {}
        for *owner, stream, lost_on in self._ask(debtors.written_off_since(customers, on)):
            found.setdefault(Owner(*owner), []).append((stream, lost_on))
        return found

    def entities(self) -> list[str]:
        """Those to which anything is owed, as far as the views have come."""
        with self._views.snapshot(debtors.VIEW) as snapshot:
            return debtors.column(snapshot.ask(debtors.entities())[0])

    def entities_owed(self, customers: Sequence[str]) -> dict[tuple[str, str], list[str]]:
        """By customer and currency, the entities to which they owe."""
        found: dict[tuple[str, str], list[str]] = {}
        for customer, currency, entity in self._ask(debtors.entities_owed(customers)):
            found.setdefault((customer, currency), []).append(entity)
        return found

    def last_voucher_on(self, customer: str, *, not_before: int) -> tuple[date | None, int]:
        """The day of the last voucher, and the position of the log up to which that is known."""
        with self._views.snapshot(debtors.VIEW, not_before=not_before) as snapshot:
            [rows] = snapshot.ask(debtors.last_voucher(customer))
            return debtors.day(rows), snapshot.position(debtors.VIEW)

    def receipts(self, customer: str, *, not_before: int) -> list[str]:
        """Streams of the receipts that are, or ever were, the customer's."""
        with self._views.snapshot(debtors.VIEW, not_before=not_before) as snapshot:
            return debtors.column(snapshot.ask(debtors.receipts(customer))[0])

    def owed(self, customer: str) -> tuple[int, list[Row]]:
        """What the customer owes, and the position of the log up to which that is so."""
        with self._views.snapshot(debtors.VIEW, not_before=self._recorded_to()) as snapshot:
            [rows] = snapshot.ask(debtors.owed(customer))
            return snapshot.position(debtors.VIEW), rows

    def owed_on(self, customer: str, as_of: date, known_at: int | None) -> tuple[int, list[Row]]:
        """As `owed`, on a day and as known at a position, or by all that is known."""
        with self._views.snapshot(debtors.VIEW, not_before=self._recorded_to()) as snapshot:
            position = min(snapshot.position(debtors.VIEW), LAST if known_at is None else known_at)
            part = Part(as_of=as_of, known_at=position, customer=customer)
            return position, snapshot.ask(debtors.owed_on(part))[0]

    def _ask(self, query: Query) -> list[Row]:
        with self._views.snapshot(debtors.VIEW, not_before=self._recorded_to()) as snapshot:
            return snapshot.ask(query)[0]
