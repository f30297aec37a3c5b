"""What may be taken from which day on, against counting day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.by_day import DayChanges, changed, least_since, next_change_on, since

DAY = date(2026, 1, 1)
LAST = 12
days = st.integers(0, LAST)
moves = st.lists(st.tuples(days, st.integers(-9, 9)), max_size=6)


def day(number):
    return DAY + timedelta(number)


def steps_of(moves):
    steps: DayChanges = ()
    for on, minor in moves:
        steps = changed(steps, day(on), minor)
    return steps


def level(moves, on):
    return sum(minor for at, minor in moves if at <= on)


@given(moves)
def test_steps_are_in_order_and_come_to_what_was_moved(moves):
    steps = steps_of(moves)
    assert [on for on, _ in steps] == sorted({on for on, _ in steps})
    for on in range(LAST + 1):
        assert sum(change for at, change in steps if at <= day(on)) == level(moves, on)


@given(moves, days)
def test_what_stands_from_a_day_on_is_the_least_of_that_day_and_all_later_ones(moves, on):
    assert least_since(steps_of(moves), day(on)) == min(level(moves, each) for each in range(on, LAST + 1))


@given(moves, days, st.integers(1, 20))
def test_so_much_is_there_since_the_first_day_from_which_it_is_on_every_day(moves, on, minor):
    fit = [each for each in range(on, LAST + 1) if least_since(steps_of(moves), day(each)) >= minor]
    assert since(steps_of(moves), minor, day(on)) == (day(fit[0]) if fit else date.max)


def test_the_next_step_is_beyond_the_day_asked():
    steps = steps_of([(2, 5), (4, -1)])
    assert [next_change_on(steps, day(on)) for on in (1, 2, 4)] == [day(2), day(4), None]
