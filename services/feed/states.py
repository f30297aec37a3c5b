"""The claim as it stands, for the compacted topic: the latest state of every invoice that facts were recorded on."""

from collections.abc import Iterator, Sequence

import orjson

from domain.invoice import Invoice
from infra.kafka import topics
from infra.kafka.message import Message
from infra.kafka.partitions import partition_of
from infra.log.chain import Row
from infra.log.incarnations import Incarnations
from infra.log.ledger import Ledger
from services.answers.invoice_state import invoice_state
from services.feed.messages import ALWAYS, source_of

STATE_TYPE = "receivables.invoice-state.v1"
_INVOICE = "invoice:"


class States:
    """A state may be ahead of the facts that led to it, and never behind one that was published before."""

    def __init__(self, ledger: Ledger, incarnations: Incarnations, partitions: int):
        self._ledger, self._incarnations, self._partitions = ledger, incarnations, partitions

    def of(self, rows: Sequence[Row]) -> list[Message]:
        """Of each invoice that these facts are about, one."""
        return [*self._messages({row.stream: row.position for row in rows if row.stream.startswith(_INVOICE)})]

    def _messages(self, positions: dict[str, int]) -> Iterator[Message]:
        for stream, (version, invoice) in self._ledger.read(positions).items():
            assert isinstance(invoice, Invoice), "an invoice begins by being issued"
            incarnation = self._incarnations.name_at(positions[stream])
            key = stream.encode()
            headers = [
                *ALWAYS,
                ("ce_id", f"{incarnation}:{stream}@{version}".encode()),
                ("ce_source", source_of(incarnation)),
                ("ce_type", STATE_TYPE.encode()),
                ("ce_subject", key),
                ("ce_sequence", b"%d" % version),
            ]
            place = partition_of(invoice.issued.customer, self._partitions)
            yield Message(topics.INVOICE_STATE, key, orjson.dumps(invoice_state(invoice)), headers, place)
