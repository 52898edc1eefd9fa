"""`StandingsKept`: the country's standings between requests, judged again only where something was recorded since."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock, Thread

from sqlmodel import Session

from models.milestones_then import end_of, milestones_then
from models.standings import Asked, Stand, Standings, Wordings, judge_all, order_of, put_among
from models.standings_stamp import Stamp, Stamps, before_much, parts_of, stamp_of, touched
from models.status_table import Counts
from models.store import Store
from models.turns import BusyError, Turns
from rules.milestone import Milestone
from rules.reference import Reference
from rules.status import CompletionLevel

Key = tuple[date, datetime | None]
_DAYS_KEPT = 8
_AT_ONCE, _WAITING = 2, 6


@dataclass(frozen=True)
class _Entry:
    stamp: Stamp
    table: Standings


class StandingsKept:
    """Keeps the standings of a few days, and the reference data, for one process; its answers are never stale.

    Each question looks first at how far the store has come. Facts are appended, so that what was judged stands but for
    the tasks of what came since; another register, calendar or programme has all judged anew. Of each day the standings
    before the newest are kept too: who asks about the instant they are of is answered while the newest are judged.
    `judged` counts the days judged so far.
    """

    def __init__(self, store: Store, *, level: CompletionLevel, window: int) -> None:
        """Keep nothing yet; `level` and `window` are as in `status_of`."""
        self._store, self._level, self._window = store, level, window
        self._stamps = Stamps(store)
        self._entries: OrderedDict[Key, tuple[_Entry, ...]] = OrderedDict()
        self._locks: dict[Key, Lock] = {}
        self._lock, self._reading_words, self._going_on = Lock(), Lock(), Lock()
        self._broke_off = False
        self._before: tuple[Stamp, Stamp, datetime | None] | None = None
        self._then: dict[tuple[str, str | None], tuple[Stamp, Counts]] = {}
        self.wordings = Wordings()
        self.judged = 0
        self.turns = Turns(_AT_ONCE, waiting=_WAITING)

    def reference(self) -> Reference:
        """Return the reference data the store holds."""
        return self._stamps.reference()

    def at(self, as_of: date, known_at: datetime, *, then: bool = False) -> Standings:
        """Return how all stood on `as_of`, by what had been recorded at `known_at` (aware).

        `then` says that the same `known_at` will be asked about again: an instant of the past, and not the present.
        Raises BusyError when too many days not kept are asked about at once.
        """
        key, stamp = (as_of, known_at if then else None), self._stamps.at(known_at)
        if found := self._found(key, stamp):
            return found
        with self._lock:
            lock = self._locks.setdefault(key, Lock())
        if not then:
            with self._going_on:
                pass  # whoever waits for the present waits for the thread that judges it
        with lock:
            if found := self._found(key, stamp):
                return found
            entry = self._judged(key, known_at) if self._newest(key) else self._judged_whole(key, known_at)
            self._keep({key: entry})
            return entry.table

    def ready_at(self, as_of: date, now: datetime) -> datetime:
        """Return the newest instant up to `now` (aware) about which readers of `as_of` are answered without waiting.

        It is `now`, unless much was recorded since the standings of that day were judged: then it is the instant before
        the first of that, and a thread judges those of all days in step with it.
        """
        newest = self._newest((as_of, None))
        if newest is None or (stamp := self._stamps.at(now)) == newest.stamp:
            self._broke_off = False
            return now
        before = self._instant_before(newest.stamp, stamp)
        if before is None or self._broke_off or self._stamps.at(before) != newest.stamp:
            return now
        if self._going_on.acquire(blocking=False):
            Thread(target=self._go_on, args=(newest.stamp, now), name="standings", daemon=True).start()
        return before

    def verdicts_then(
        self, milestone: Milestone, *, as_of: date, known_at: datetime, agency: str | None
    ) -> Counts | None:
        """Return how the rows of a milestone stood as known when its day ended; None before its day is over.

        See `milestones_then`. What was known at an instant of the past is counted once.
        """
        if milestone.on >= as_of:
            return None
        key, stamp = (milestone.code, agency), self._stamps.at(min(known_at, end_of(milestone.on)))
        counted = self._then.get(key)
        if counted is None or counted[0] != stamp:
            found = milestones_then(
                self._store, as_of=as_of, known_at=known_at, agency=agency, level=self._level, only=milestone.code
            )
            counted = self._then[key] = (stamp, found[milestone.code])
        return counted[1]

    def _found(self, key: Key, stamp: Stamp) -> Standings | None:
        with self._lock:
            found = next((each.table for each in self._entries.get(key, ()) if each.stamp == stamp), None)
            if found is not None:
                self._entries.move_to_end(key)
            return found

    def _newest(self, key: Key) -> _Entry | None:
        with self._lock:
            return next(iter(self._entries.get(key, ())), None)

    def _keep(self, made: dict[Key, _Entry]) -> None:
        """Keep new standings, those of several days at once, beside the ones that were the newest."""
        with self._lock:
            self.judged += len(made)
            for key, entry in made.items():
                self._entries[key] = (entry, *self._entries.get(key, ())[:1])
                self._entries.move_to_end(key)
            while len(self._entries) > _DAYS_KEPT:
                self._locks.pop(self._entries.popitem(last=False)[0], None)

    def _instant_before(self, old: Stamp, new: Stamp) -> datetime | None:
        known = self._before
        if known is None or known[:2] != (old, new):
            with self._store.reading() as session:
                known = self._before = (old, new, before_much(session, old, new))
        return known[2]

    def _go_on(self, behind: Stamp, now: datetime) -> None:
        """Judge the days that stand at one stamp anew, and show them all at once."""
        done = False
        try:
            with self._lock:
                days = [key for key, (newest, *_) in self._entries.items() if not key[1] and newest.stamp == behind]
            self._keep({key: self._judged(key, now) for key in days})
            done = True
        finally:
            self._broke_off = not done
            self._going_on.release()

    def _judged_whole(self, key: Key, known_at: datetime) -> _Entry:
        try:
            with self.turns.taken():
                return self._judged(key, known_at)
        except BusyError:
            with self._lock:
                if key not in self._entries:
                    self._locks.pop(key, None)
            raise

    def _judged(self, key: Key, known_at: datetime) -> _Entry:
        asked, newest = Asked(key[0], known_at, self._level, self._window), self._newest(key)
        with self._store.reading() as session:
            stamp = stamp_of(session, known_at)
            reference = self._stamps.reference_by(session, stamp.reference)
            tasks = None if newest is None else touched(session, newest.stamp, stamp, known_at)
            if newest is None or tasks is None:
                return _Entry(stamp, self._table(session, asked, reference, judge_all(session, asked, reference), ()))
            found = [row for parts in parts_of(session, tasks) for row in judge_all(session, asked, reference, parts)]
            left = [row for row in newest.table.rows if row.task not in tasks]
            table = self._table(session, asked, reference, found, left)
            table.prepare_like(newest.table)
            return _Entry(stamp, table)

    def _table(
        self, session: Session, asked: Asked, reference: Reference, found: Sequence[Stand], left: Sequence[Stand]
    ) -> Standings:
        """Return standings of the rows found, in their places among those left over from the standings before."""
        with self._reading_words:
            self.wordings.read(session, {row.wording for row in found})
        order = order_of(session, self.wordings, reference)
        return Standings(asked.as_of, asked.known_at, put_among(left, sorted(found, key=order), order))
