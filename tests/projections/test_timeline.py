from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from projections.open_items.timeline import FOREVER, NEVER, Movement, Period, ladder_age, superpose

DAY = date(2026, 1, 1)
DUE = DAY + timedelta(10)
LAST_DAY, LAST_POSITION = 24, 9


def day(number):
    return DAY + timedelta(number)


class Story:
    """Movements of one item in the order they were learnt, at positions 1, 2, 3 …"""

    def __init__(self, *movements):
        self.movements = [Movement(day(on), at, *amounts) for at, (on, *amounts) in enumerate(movements, 1)]
        self.now: Sequence[Period] = ()
        self.superseded: list[Period] = []
        for movement in self.movements:
            self.now, superseded = superpose(self.now, movement, DUE)
            self.superseded += superseded

    @property
    def periods(self):
        return [*self.now, *self.superseded]

    def at(self, on, known):
        """The spans that hold on a day as known at a position: one at most."""
        return [s for s in self.periods if s.valid_from <= on < s.valid_to and s.from_position <= known < s.to_position]

    def open_on(self, on, known=LAST_POSITION):
        return sum(period.open_minor for period in self.at(day(on), known))

    def summed(self, on, known):
        """The same, the naive way."""
        return sum(m.open_minor for m in self.movements if m.on <= on and m.position <= known)


def test_a_payment_booked_today_for_last_month_changes_what_was_owed_then_not_what_we_knew_then():
    story = Story((0, 100), (20, -40), (5, -60))
    assert [story.open_on(on) for on in (4, 5, 19, 20)] == [100, 40, 40, 0]
    assert [story.open_on(on, known=2) for on in (4, 5, 19, 20)] == [100, 100, 100, 60]
    assert [story.open_on(on, known=1) for on in (4, 5, 19, 20)] == [100, 100, 100, 100]


def test_a_payment_known_before_its_day_leaves_the_invoice_open_until_that_day():
    story = Story((0, 100), (20, -100))
    assert story.open_on(19) == 100 and story.open_on(20) == 0


def test_a_reversal_reopens_the_invoice_from_its_day_on():
    story = Story((0, 100), (5, -100), (8, 100))
    assert [story.open_on(on) for on in (0, 5, 7, 8)] == [100, 0, 0, 100]


def test_nothing_is_owed_before_the_first_day_nor_known_before_the_first_position():
    story = Story((3, 100))
    assert story.at(day(2), 1) == [] and story.at(day(3), 0) == []


def test_a_settled_item_says_since_when_and_by_what():
    story = Story((0, 100, 0, 0, "issued"), (5, -40, 0, 0, "credited"), (9, -60, 0, 0, "paid"))
    [period] = story.at(day(20), LAST_POSITION)
    assert (period.settled_on, period.settled_by) == (day(9), "paid")
    assert [s.settled_on for s in story.at(day(5), LAST_POSITION)] == [None]


def test_what_moves_no_money_on_a_settled_item_does_not_move_its_settlement_day():
    story = Story((0, 100), (2, 0, 100), (5, -100, 0, 0, "paid"), (9, 0, -100))
    [period] = story.at(day(9), LAST_POSITION)
    assert (period.settled_on, period.settled_by) == (day(5), "paid")


def test_a_reopened_item_that_is_paid_again_was_settled_on_the_later_day():
    story = Story((0, 100), (5, -100, 0, 0, "paid"), (8, 100), (12, -100, 0, 0, "paid"))
    assert [s.settled_on for s in story.at(day(12), LAST_POSITION)] == [day(12)]
    assert [s.settled_on for s in story.at(day(6), LAST_POSITION)] == [day(5)]


def test_days_wholly_in_dispute_do_not_age_the_ladder_but_do_age_the_item():
    story = Story((0, 100), (12, 0, 100), (15, 0, -100))
    ages = {on: ladder_age(story.at(day(on), LAST_POSITION)[0], DUE, day(on)) for on in (9, 11, 12, 14, 15, 20)}
    assert ages == {9: -1, 11: 1, 12: 1, 14: 1, 15: 2, 20: 7}


def test_a_dispute_before_the_due_day_stops_the_ladder_only_from_the_due_day_on():
    story = Story((0, 100), (5, 0, 100), (13, 0, -100))
    assert ladder_age(story.at(day(12), LAST_POSITION)[0], DUE, day(12)) == 0
    assert ladder_age(story.at(day(13), LAST_POSITION)[0], DUE, day(13)) == 1


def test_a_dispute_of_a_part_does_not_stop_the_ladder():
    story = Story((0, 100), (12, 0, 99))
    assert ladder_age(story.at(day(20), LAST_POSITION)[0], DUE, day(20)) == 10


def test_a_dispute_for_days_before_the_item_was_there_counts_from_its_first_day():
    story = Story((4, 100), (1, 0, 100))
    assert story.at(day(3), LAST_POSITION) == []
    assert [s.disputed_minor for s in story.at(day(4), LAST_POSITION)] == [100]


amounts = st.integers(-100, 100)
stories = st.lists(
    st.tuples(st.integers(0, LAST_DAY), amounts, st.integers(-50, 50), st.integers(0, 1)), min_size=1, max_size=8
).map(lambda moves: Story((moves[0][0], 500, 0, 0), *moves))


@given(stories)
def test_every_day_as_known_at_every_position_is_the_sum_of_what_counted_and_was_known(story):
    for on in range(-1, LAST_DAY + 2):
        for known in range(LAST_POSITION + 1):
            assert story.open_on(on, known) == story.summed(day(on), known)


@given(stories)
def test_no_two_spans_of_an_item_hold_at_once(story):
    for on in range(LAST_DAY + 1):
        for known in range(LAST_POSITION + 1):
            assert len(story.at(day(on), known)) <= 1


@given(stories)
def test_what_is_known_now_leaves_no_gap_from_the_first_day_on(story):
    ends = [period.valid_to for period in story.now]
    assert [period.valid_from for period in story.now[1:]] == ends[:-1] and ends[-1] == FOREVER
    assert {period.to_position for period in story.now} == {NEVER}
    assert all(period.from_position < period.to_position < NEVER for period in story.superseded)


@given(stories)
def test_an_item_is_settled_exactly_when_nothing_is_open_and_since_the_day_that_became_so(story):
    since = None
    for period in story.now:
        since = None if period.open_minor else since or period.valid_from
        assert period.settled_on == since


def plain_ladder_age(story, on, known):
    """Days past due less those on which the one span of that day was wholly disputed, counted one by one."""
    days = [DUE + timedelta(n) for n in range(1, (on - DUE).days + 1)]
    held = [story.at(each, known) for each in days]
    return (on - DUE).days - sum(0 < s.open_minor <= s.disputed_minor for [s] in held)


@given(stories.filter(lambda story: story.now[0].valid_from <= DUE))
def test_the_ladders_age_is_what_counting_day_by_day_gives(story):
    for known in range(1, LAST_POSITION):
        for on in range(10, LAST_DAY + 2):
            held = story.at(day(on), known)
            if held and story.at(DUE, known):
                assert ladder_age(held[0], DUE, day(on)) == plain_ladder_age(story, day(on), known)


def test_a_span_is_a_plain_tuple_so_that_it_can_be_copied_into_a_table():
    story = Story((0, 100))
    assert isinstance(story.now[0], Period) and isinstance(story.now[0], tuple)
