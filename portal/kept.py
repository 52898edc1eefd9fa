"""`Kept`: what takes long to work out, kept until the facts move on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock, Thread
from time import monotonic
from typing import Generic, TypeVar

from models.high_water import HighWater, high_water
from models.store import Store

T = TypeVar("T")
# Addresses and settings leave no trace in the facts: what they change is seen after this long.
_AT_MOST = timedelta(minutes=10)
_LONG_SECONDS = 1.0


@dataclass(frozen=True)
class _Answer(Generic[T]):
    """An answer, the instant it was made at, how far the facts reached then, and how long it took."""

    day: object
    reach: HighWater
    at: datetime
    value: T
    seconds: float

    def holds(self, day: object, reach: HighWater, now: datetime) -> bool:
        return (self.day, self.reach) == (day, reach) and timedelta(0) <= now - self.at <= _AT_MOST

    def may_stand_in(self, day: object, now: datetime) -> bool:
        """Whether it may be shown, with its instant, while the next one is worked out: that takes long."""
        return self.day == day and self.seconds > _LONG_SECONDS and timedelta(0) <= now - self.at <= 2 * _AT_MOST


class Kept(Generic[T]):
    """Keeps one answer for each day asked about, while nothing new was recorded; one request at a time works it out."""

    def __init__(self, store: Store) -> None:
        """Keep nothing yet."""
        self._store, self._lock = store, Lock()
        self._kept: _Answer[T] | None = None

    def of(self, day: object, now: datetime, make: Callable[[], T], *, waits: bool = True) -> tuple[T, datetime]:
        """Return the answer for `day` as of `now` (aware), and the instant at which it was made.

        One who does not wait gets the answer before, with its instant, while a thread works out one that takes long.
        """
        with self._store.reading() as session:
            reach = high_water(session)
        kept = self._kept
        if kept is not None and kept.holds(day, reach, now):
            return kept.value, kept.at
        if not waits and kept is not None and kept.may_stand_in(day, now):
            if self._lock.acquire(blocking=False):
                Thread(target=self._ahead, args=(day, reach, now, make), name="kept", daemon=True).start()
            return kept.value, kept.at
        with self._lock:
            kept = self._kept
            if kept is None or not kept.holds(day, reach, now):
                kept = self._make(day, reach, now, make)
        return kept.value, kept.at

    def _ahead(self, day: object, reach: HighWater, now: datetime, make: Callable[[], T]) -> None:
        try:
            self._make(day, reach, now, make)
        finally:
            self._lock.release()

    def _make(self, day: object, reach: HighWater, now: datetime, make: Callable[[], T]) -> _Answer[T]:
        began = monotonic()
        made = self._kept = _Answer(day, reach, now, make(), monotonic() - began)
        return made
