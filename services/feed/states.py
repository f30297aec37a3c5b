"""The claim as it stands, for the compacted topic: the latest state of every invoice that facts were recorded on."""

from collections.abc import Mapping, Sequence

import orjson

from infra.database import AWAY
from infra.kafka import topics
from infra.kafka.message import Message
from infra.kafka.partitions import partition_of
from infra.log.chain import Row
from infra.log.incarnations import Incarnations
from infra.log.ledger import Ledger
from infra.log.memory import Stream
from infra.logs import logger
from services.answers.invoice_state import invoice_state
from services.feed.messages import ALWAYS, source_of

STATE_TYPE = "receivables.invoice-state.v1"
INVOICE = "invoice:"
NAME = "publisher"


class States:
    """A state may be ahead of the facts that led to it, and never behind one that was published before."""

    def __init__(self, ledger: Ledger, incarnations: Incarnations, partitions: int):
        self._ledger, self._incarnations, self._partitions = ledger, incarnations, partitions

    def of(self, rows: Sequence[Row]) -> list[Message]:
        """Of each invoice that these facts are about, one."""
        positions = {row.stream: row.position for row in rows if row.stream.startswith(INVOICE)}
        return [
            _message(stream, known, self._incarnations.name_at(positions[stream]), self._partition(known))
            for stream, known in self.read(positions).items()
        ]

    def now(self, partitions: Mapping[str, int], incarnation: str) -> list[Message]:
        """As the log has them, of invoices by the partition each is in; without a value where it has none."""
        known = self.read(dict.fromkeys(partitions, 0))
        return [_message(stream, each, incarnation, partitions[stream]) for stream, each in known.items()]

    def read(self, streams: Mapping[str, int]) -> dict[str, Stream]:
        """Without those whose facts cannot be added up: their state is nobody's to tell, and no other waits for it."""
        try:
            return self._ledger.read(streams)
        except AWAY:
            raise
        except Exception as error:
            if len(streams) == 1:
                logger(worker=NAME).error("no state", position=next(iter(streams.values())), exc_info=error)
                return {}
            places, half = [*streams.items()], len(streams) // 2
            return self.read(dict(places[:half])) | self.read(dict(places[half:]))

    def _partition(self, known: Stream) -> int:
        return partition_of(known.state.issued.customer, self._partitions)


def _message(stream: str, known: Stream, incarnation: str, partition: int) -> Message:
    key = stream.encode()
    headers = [
        *ALWAYS,
        ("ce_id", f"{incarnation}:{stream}@{known.version}".encode()),
        ("ce_source", source_of(incarnation)),
        ("ce_type", STATE_TYPE.encode()),
        ("ce_subject", key),
        ("ce_sequence", b"%d" % known.version),
    ]
    value = orjson.dumps(invoice_state(known.state)) if known.version else None
    return Message(topics.INVOICE_STATE, key, value, headers, partition)
