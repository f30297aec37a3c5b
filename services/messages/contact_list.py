"""Which contacts the messenger has to do with, by the view of escalation; what they are is read from the log."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

from infra.views.answers import Views
from projections.escalation import sending
from projections.escalation.view import NAME as VIEW
from projections.projection import Query, Row


class ContactList(Protocol):
    """Streams of contacts. What is behind the log is of no harm: it is looked at again before anything is done."""

    def waiting(self, today: date, most: int) -> Sequence[str]:
        """To be handed over, the oldest first."""

    def handed_over(self) -> Sequence[str]: ...

    def by_message_id(self, message_ids: Sequence[str]) -> Mapping[str, str]:
        """Message-ID -> contact, of those that are known at the end of the log."""


class ViewedContacts:
    """Waits for a view that is behind what this process has recorded, for a bounded time, and then raises `Behind`."""

    def __init__(self, views: Views, recorded_to: Callable[[], int], head: Callable[[], int]):
        self._views, self._recorded_to, self._head = views, recorded_to, head

    def waiting(self, today: date, most: int) -> list[str]:
        return [stream for (stream,) in self._ask(sending.waiting(today, most), self._recorded_to())]

    def handed_over(self) -> list[str]:
        return [stream for (stream,) in self._ask(sending.handed_over(), self._recorded_to())]

    def by_message_id(self, message_ids: Sequence[str]) -> dict[str, str]:
        return dict(self._ask(sending.by_message_id(message_ids), self._head())) if message_ids else {}

    def _ask(self, query: Query, not_before: int) -> list[Row]:
        with self._views.snapshot(VIEW, not_before=not_before) as snapshot:
            return snapshot.ask(query)[0]
