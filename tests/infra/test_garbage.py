"""Python searches for garbage seldom as long as anybody needs it, and as usual afterwards."""

import gc
from threading import Event, Thread

from infra.log.garbage import SELDOM, searched_seldom


def test_what_is_wanted_within_does_not_end_what_is_wanted_around_it():
    usual = gc.get_threshold()
    with searched_seldom():
        with searched_seldom():
            pass
        assert gc.get_threshold()[0] == SELDOM
    assert gc.get_threshold() == usual


def test_of_two_threads_the_last_ends_it_also_after_an_error():
    usual, begun, may_end = gc.get_threshold(), Event(), Event()

    def work():
        with searched_seldom():
            begun.set()
            may_end.wait(10)

    other = Thread(target=work)
    try:
        with searched_seldom():
            other.start()
            begun.wait(10)
            raise ValueError
    except ValueError:
        pass
    assert gc.get_threshold()[0] == SELDOM
    may_end.set()
    other.join()
    assert gc.get_threshold() == usual
