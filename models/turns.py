"""`Turns`: long work takes turns, so that those who ask for it leave threads to everybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from texts import SaidError


class BusyError(SaidError):
    """As many wait as may; the message asks to come again."""


class Turns:
    """Lets `at_once` work and `waiting` more wait, in one process; `in_line` has a place for each of them."""

    def __init__(self, at_once: int, *, waiting: int) -> None:
        """Nobody works yet."""
        self._working, self.in_line = BoundedSemaphore(at_once), BoundedSemaphore(at_once + waiting)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn and hold it; raises BusyError at once when too many wait."""
        if not self.in_line.acquire(blocking=False):
            raise BusyError("portal.busy")
        try:
            with self._working:
                yield
        finally:
            self.in_line.release()
