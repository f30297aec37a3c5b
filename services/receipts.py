"""Questions about receipts: what came in, where it went and what is left, now or as it was on a day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from domain.entry import receipt_stream
from domain.receipt import Receipt
from domain.refusal import Refused
from infra.clock import Clock
from infra.log.ledger import Ledger
from projections.audit.as_it_was import facts_on, state_on
from services.answers.as_known import as_of_and_known_at
from services.answers.receipt import ReceiptAnswer, receipt_answer
from services.snapshots import LAST, require_day, require_past


class Receipts:
    def __init__(self, ledger: Ledger, clock: Clock):
        self._ledger, self._clock = ledger, clock

    def show(self, number: str, as_of: date | None = None, known_at: datetime | None = None) -> ReceiptAnswer:
        """By all its facts, or by those effective on a day and known at an instant.

        Refuses `not_received`, also of a receipt that came later, `bad_day` and `not_yet`.
        """
        stream = receipt_stream(number)
        position = self._ledger.position_at(require_past(known_at, self._clock())) if known_at else LAST
        entries = facts_on(self._ledger.facts(stream), as_of and require_day(as_of), position)
        receipt: Receipt | None = state_on(entries)
        if receipt is None:
            then = " on that day" if as_of or known_at else ""
            raise Refused("not_received", f"there is no receipt {number}{then}")
        return {**receipt_answer(receipt, entries), **as_of_and_known_at(as_of, known_at)}

    def reversed_of(self, streams: Iterable[str], as_of: date, position: int) -> Mapping[str, bool]:
        """Of each receipt and credit note whether all of it had gone back by that day; one query however many."""
        return {
            stream: state_on(facts_on(entries, as_of, position)).is_reversed
            for stream, entries in self._ledger.facts_of(streams).items()
        }
