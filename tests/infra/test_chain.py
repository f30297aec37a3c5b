"""Every way to change a log behind the ledger's back, and the place that `verify` names."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from infra.clock import entropy, now
from infra.database import Pool
from infra.log.chain import GENESIS, Checkpoint, Head, Row, Verified, link, microseconds, verify
from infra.log.checkpoints import Checkpoints, ForgedCheckpoint
from infra.log.ledger import Batch, Ledger
from tests.infra.accounts import DAY, Moved, Opened, because
from tests.tampering import unguarded

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


def chained(rows: list[Row]) -> list[Row]:
    """The rows with the hashes that an honest log would have, or one who recomputes them."""
    done: list[Row] = []
    for row in rows:
        previous = done[-1].hash if done else GENESIS
        at = microseconds(row.recorded_at)
        stream, name = row.stream.encode(), row.name.encode()
        done.append(row._replace(hash=link(previous, row.position, at, stream, row.version, name, row.state)))
    return done


LOG = chained(
    [
        Row(n, AT + timedelta(seconds=n), f"account:{n % 3}", (n + 2) // 3, "account.moved", b"%d" % n, b"")
        for n in range(1, 11)
    ]
)
CHECKPOINTS = [Checkpoint(n, LOG[n - 1].hash.hex(), "", str(ONE)) for n in (4, 8)]


def edited(position: int, **changes: Any) -> list[Row]:
    return [row._replace(**changes) if row.position == position else row for row in LOG]


def swapped(one: int, other: int) -> list[Row]:
    rows = list(LOG)
    rows[one - 1], rows[other - 1] = rows[other - 1]._replace(position=one), rows[one - 1]._replace(position=other)
    return rows


def test_a_whole_log_verifies_to_its_end():
    assert verify(LOG, CHECKPOINTS) == Verified(10, LOG[-1].hash.hex(), 8)


def test_an_empty_log_is_whole():
    assert verify([]).broken_at is None


@pytest.mark.parametrize(
    "changes",
    [
        {"state": b"6 "},
        {"recorded_at": AT + timedelta(seconds=6, microseconds=1)},
        {"stream": "account:9"},
        {"version": 3},
        {"name": "account.opened"},
        {"hash": bytes(32)},
        {"stream": "account:0account", "name": ".moved"},
    ],
    ids=lambda changes: "+".join(changes),
)
def test_whatever_is_edited_in_a_row_its_position_is_named(changes: dict[str, Any]):
    found = verify(edited(6, **changes), CHECKPOINTS)
    assert (found.broken_at, found.verified, found.checkpoint) == (6, 5, 4)
    assert found.message == "position 6 is not what was recorded there"


def test_a_removed_row_is_missed_at_its_position():
    found = verify([row for row in LOG if row.position != 6])
    assert (found.broken_at, found.message) == (6, "position 6 is missing")


def test_a_removed_first_row_is_missed():
    assert verify(LOG[1:]).broken_at == 1


def test_a_row_from_before_the_beginning_does_not_belong():
    assert verify([LOG[0]._replace(position=0), *LOG]).broken_at == 1


def test_a_row_that_is_there_twice_is_named():
    assert verify([*LOG[:6], LOG[5], *LOG[6:]]).broken_at == 7


def test_swapped_rows_are_named_at_the_first_of_them():
    assert verify(swapped(6, 9)).broken_at == 6


def test_a_log_that_ends_before_its_checkpoint_was_cut_off():
    found = verify(LOG[:6], CHECKPOINTS)
    assert (found.broken_at, found.message) == (7, "the log ends before the checkpoint at 8")


def test_a_log_that_ends_before_its_head_was_cut_off():
    assert verify(LOG[:9], head=Head(10, LOG[-1].hash, AT)).broken_at == 10


def test_a_head_that_is_not_the_last_rows_hash_is_named():
    assert verify(LOG, head=Head(10, bytes(32), AT)).broken_at == 10


def test_rows_beyond_the_head_may_have_come_since():
    assert verify(LOG, head=Head(8, LOG[7].hash, AT)) == Verified(10, LOG[-1].hash.hex())


def test_a_chain_that_was_recomputed_as_a_whole_is_betrayed_by_the_checkpoint():
    forged = chained(edited(6, state=b"6000000"))
    assert verify(forged).broken_at is None
    found = verify(forged, CHECKPOINTS)
    assert (found.broken_at, found.checkpoint) == (8, 4)
    assert "recomputed" in found.message
    assert "up to 4" in found.message


def test_a_log_put_in_the_place_of_another_is_betrayed_by_the_checkpoint():
    found = verify(LOG, CHECKPOINTS, ledger_id=str(OTHER))
    assert (found.broken_at, found.message) == (1, "the checkpoint at 4 was made of another ledger")


# The same in the database


def tampered(ledger: Ledger, pool: Pool, *statements: str) -> Verified:
    ledger.record_many(
        [Batch(f"account:{n}", 0, [(Opened("ann", DAY), DAY), (Moved(n), DAY)], because("i")) for n in range(50)]
    )
    assert ledger.verify().verified == 100
    with pool.connection() as conn, unguarded(conn):
        for statement in statements:
            conn.execute(statement.encode())
    return ledger.verify()


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("update ledger.log set state = replace(state::text, '30', '31')::bytea where notification_id = 40", 40),
        ("update ledger.log set recorded_at = recorded_at - interval '1 day' where notification_id = 40", 40),
        ("delete from ledger.log where notification_id = 40", 40),
        ("delete from ledger.log where notification_id > 98", 99),
        (
            "insert into ledger.log select 'account:3', 3, topic, state, -5, recorded_at, hash from ledger.log limit 1",
            1,
        ),
        ("update ledger.head set hash = sha256('')", 100),
        ("update ledger.head set position = 90, hash = (select hash from ledger.log where notification_id = 90)", 91),
    ],
)
def test_what_is_done_to_the_tables_is_found(ledger: Ledger, pool: Pool, statement: str, broken_at: int):
    assert tampered(ledger, pool, statement).broken_at == broken_at


def test_swapped_facts_in_the_tables_are_found(ledger: Ledger, pool: Pool):
    swap = "update ledger.log a set state = b.state from ledger.log b where (a.notification_id, b.notification_id) in "
    assert tampered(ledger, pool, swap + "((20, 60), (60, 20))").broken_at == 20


def test_a_ledger_is_held_against_its_checkpoints(ledger: Ledger, pool: Pool, tmp_path: Path):
    checkpoints = Checkpoints(tmp_path / "checkpoints.jsonl", entropy)
    ledger.record_many([Batch("account:a", 0, [(Opened("ann", DAY), DAY)], because("i"))])
    written = checkpoints.write(ledger.head(), ledger.ledger_id, now())
    ledger.record_many([Batch("account:a", 1, [(Moved(5), DAY)], because("i"))])
    assert ledger.verify(checkpoints.read()) == Verified(2, ledger.head().hash.hex(), 1)
    with pool.connection() as conn, unguarded(conn):
        conn.execute("delete from ledger.log")
        conn.execute(b"update ledger.head set position = 0, hash = '\\x%s'" % GENESIS.hex().encode())
    assert ledger.verify().broken_at is None
    assert ledger.verify(checkpoints.read()).message == f"the log ends before the checkpoint at {written.position}"


# The file of checkpoints


def kept(tmp_path: Path) -> Checkpoints:
    checkpoints = Checkpoints(tmp_path / "checkpoints.jsonl", entropy)
    for position in (4, 8):
        checkpoints.write(Head(position, LOG[position - 1].hash, AT), ONE, AT)
    return checkpoints


def test_checkpoints_are_read_as_they_were_written_also_by_the_next_process(tmp_path: Path):
    assert kept(tmp_path).read() == [replace(each, at=AT.isoformat()) for each in CHECKPOINTS]
    assert Checkpoints(tmp_path / "checkpoints.jsonl", entropy).read() == kept(tmp_path).read()[:2]


def test_there_may_be_no_checkpoints_yet(tmp_path: Path):
    assert Checkpoints(tmp_path / "checkpoints.jsonl", entropy).read() == []


@pytest.mark.parametrize(
    "forge",
    [
        lambda line: {**line, "position": 9},
        lambda line: {**line, "hash": "00" * 32},
        lambda line: {**line, "at": "2026-01-06T09:00:00+00:00"},
        lambda line: {**line, "ledger_id": str(OTHER)},
        lambda line: {**line, "signature": "00" * 64},
        lambda line: {**line, "signature": "not hex"},
        lambda line: {**line, "more": 1},
        lambda line: {"position": 8},
        lambda line: [],
    ],
)
def test_a_checkpoint_that_was_changed_is_refused(tmp_path: Path, forge: Callable[[Any], Any]):
    checkpoints = kept(tmp_path)
    first, second = checkpoints.path.read_bytes().splitlines()
    checkpoints.path.write_bytes(first + b"\n" + orjson.dumps(forge(orjson.loads(second))) + b"\n")
    with pytest.raises(ForgedCheckpoint, match="line 2 of checkpoints.jsonl was not signed by its key"):
        checkpoints.read()


def test_only_the_owner_may_read_the_checkpoints_and_their_key(tmp_path: Path):
    checkpoints = kept(tmp_path)
    modes = {path.name: path.stat().st_mode & 0o777 for path in checkpoints.path.parent.iterdir()}
    assert modes == dict.fromkeys(("checkpoints.jsonl", "checkpoints.jsonl.key", "checkpoints.jsonl.pub"), 0o600)
