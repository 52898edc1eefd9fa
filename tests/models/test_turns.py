"""Long work takes turns: so many at once, a few wait, the next is sent away."""

from threading import Event, Thread

import pytest

from models.turns import BusyError, Turns


def test_so_many_work_at_once_and_the_next_is_sent_away() -> None:
    turns = Turns(2, waiting=0)
    with turns.taken(), turns.taken(), pytest.raises(BusyError), turns.taken():
        pytest.fail("three at once")


def test_one_who_may_wait_has_a_turn_when_the_work_before_is_done() -> None:
    turns, done = Turns(1, waiting=1), Event()

    def work() -> None:
        with turns.taken():
            done.set()

    with turns.taken():
        waiting = Thread(target=work)
        waiting.start()
        assert not done.wait(0.05)
    waiting.join(10)
    assert done.is_set()


def test_a_turn_is_given_back_when_the_work_fails() -> None:
    turns = Turns(1, waiting=0)
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"), turns.taken():
            raise ValueError("broken")
