"""What a message on a topic says of the fact it was made of."""

import re
from typing import NamedTuple

from infra.kafka.message import Record


class Origin(NamedTuple):
    """`position` and `loghash` are those of the row of the log, `incarnation` the name it was published under."""

    incarnation: str
    position: int
    loghash: str
    stream: str
    version: int
    partition: int


def origin_of(record: Record) -> Origin | None:
    """None for a message that no publisher of ours has made."""
    headers = {name: value.decode("utf-8", "replace") for name, value in record.headers if value is not None}
    incarnation, _, position = headers.get("ce_id", "").rpartition(":")
    sequence = headers.get("ce_sequence", "")
    if not incarnation or not _NUMBER.fullmatch(position) or not _NUMBER.fullmatch(sequence) or record.key is None:
        return None
    stream = record.key.decode("utf-8", "replace")
    return Origin(incarnation, int(position), headers.get("ce_loghash", ""), stream, int(sequence), record.partition)


# As the publisher writes it, and no more than the log can count to: whoever may write to the topics writes anything.
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
