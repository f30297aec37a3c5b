from datetime import date

import pytest

from infra.log.arrays import Bigints, Blobs, Days, Texts


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("text", Texts(["", None, "straße", "it's"])),
        ("bytea", Blobs([b"\0\xff", None, b""])),
        ("bigint", Bigints([0, -1, 2**63 - 1, -(2**63)])),
        ("date", Days([date(2000, 1, 1), date(1999, 12, 31), date.max, date(1, 1, 1)])),
    ],
)
def test_an_array_arrives_as_it_was_sent(pool, kind, items):
    with pool.connection() as conn:
        assert conn.execute(f"select %b::{kind}[]", (items,)).fetchone() == (list(items),)
        assert conn.execute(f"select %b::{kind}[]", (type(items)(),)).fetchone() == ([],)
