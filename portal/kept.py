"""`Kept`: what takes long to work out, kept until the facts move on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from models.high_water import high_water
from models.store import Store

T = TypeVar("T")
# Addresses and settings leave no trace in the facts: what they change is seen after this long.
_AT_MOST = timedelta(minutes=10)


class Kept(Generic[T]):
    """Keeps one answer for each day asked about, while nothing new was recorded; one request at a time works it out."""

    def __init__(self, store: Store) -> None:
        """Keep nothing yet."""
        self._store, self._lock = store, Lock()
        self._kept: tuple[object, datetime, T] | None = None

    def of(self, day: object, now: datetime, make: Callable[[], T]) -> tuple[T, datetime]:
        """Return the answer for `day` as of `now` (aware), and the instant at which it was made."""
        with self._lock:
            with self._store.reading() as session:
                key = (day, high_water(session))
            kept = self._kept
            if kept is None or kept[0] != key or not timedelta(0) <= now - kept[1] <= _AT_MOST:
                kept = self._kept = (key, now, make())
        return kept[2], kept[1]
