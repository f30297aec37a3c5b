import pytest
from eventsourcing import persistence
from psycopg.pq import TransactionStatus

from infra.views.answers import Views
from projections.projection import Query

POSITIONS = Query("select name, position from ledger.positions order by name")


@pytest.fixture
def views(pool):
    return Views(pool)


@pytest.fixture
def move(pool):
    def moved(**positions):
        with pool.connection() as conn, conn.transaction():
            for name, position in positions.items():
                conn.execute(
                    "insert into ledger.positions (name, position) values (%s, %s)"
                    " on conflict (name) do update set position = excluded.position",
                    (name, position),
                )

    return moved


def test_what_is_committed_while_a_moment_lasts_is_no_part_of_it(views, move):
    move(one=3, two=2)
    with views.snapshot() as snapshot:
        move(one=4, two=4)
        assert snapshot.ask(POSITIONS, POSITIONS) == [[("one", 3), ("two", 2)]] * 2
        assert (snapshot.position("one"), snapshot.position("one", "two")) == (3, 2)
    assert views.ask(POSITIONS) == [("one", 4), ("two", 4)]


def test_a_view_that_has_never_read_the_log_is_at_its_beginning(views, move):
    move(one=3)
    with views.snapshot() as snapshot:
        assert snapshot.position("one", "none such") == 0


def test_a_moment_ends_with_a_refused_question_and_leaves_the_connection_fit_for_others(views, pool, move):
    move(one=3)
    with pytest.raises(persistence.ProgrammingError, match="nothing_there"):
        views.ask(Query("select * from nothing_there"))
    with pytest.raises(persistence.InternalError, match="read-only"):
        views.ask(Query("delete from ledger.positions returning name"))
    with pool.connection() as conn:
        assert conn.info.transaction_status == TransactionStatus.IDLE
    assert views.ask(POSITIONS) == [("one", 3)]
