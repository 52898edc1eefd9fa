"""`StandingsKept`: the country's standings between requests, judged again only where something was recorded since."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from threading import Lock

from sqlalchemy import FromClause, Select, String, Table, cast, func, select, union
from sqlmodel import Session

from models.assignment_tables import AssignmentRevision, Batch, Decision, Progress, Undo
from models.columns import table_of
from models.milestones_then import end_of, milestones_then
from models.reference import read_reference
from models.register_tables import (
    AgencyRow,
    CalendarDayRow,
    CalendarYearRow,
    CollectiveRow,
    ContactRow,
    LayoutRow,
    MilestoneRow,
    RungRow,
)
from models.standings import Asked, Stand, Standings, Wordings, in_order, judge_all
from models.status_facts import ASSIGNMENT
from models.status_table import Counts
from models.store import Store
from models.work_tables import SameWork
from rules.milestone import Milestone
from rules.reference import Reference
from rules.status import CompletionLevel

BATCH, UNDO, DECISION, SAME_WORK = (table_of(each) for each in (Batch, Undo, Decision, SameWork))
REVISION, PROGRESS = table_of(AssignmentRevision), table_of(Progress)
_REFERENCE = (
    AgencyRow, CalendarDayRow, CalendarYearRow, CollectiveRow, ContactRow, LayoutRow, MilestoneRow, RungRow,
)  # fmt: skip
_DAYS_KEPT, _AT_ONCE, _TOO_MANY = 6, 4_000, 40_000


@dataclass(frozen=True)
class Stamp:
    """How far the store had come at an instant: of each kind of fact how many, and the newest; what was taken back."""

    batches: tuple[int, int]
    decisions: tuple[int, int]
    works: tuple[int, int]
    undone: frozenset[int]
    reference: str


@dataclass(frozen=True)
class _Entry:
    stamp: Stamp
    table: Standings


class StandingsKept:
    """Keeps the standings of a few days, and the reference data, for one process; its answers are never stale.

    Each question looks first at how far the store has come. Facts are appended, so that what was judged stands but for
    the tasks of what came since; another register, calendar or programme has all judged anew.
    """

    def __init__(self, store: Store, *, level: CompletionLevel, window: int) -> None:
        """Keep nothing yet; `level` and `window` are as in `status_of`."""
        self._store, self._level, self._window = store, level, window
        self._entries: OrderedDict[tuple[date, datetime | None], _Entry] = OrderedDict()
        self._locks: dict[tuple[date, datetime | None], Lock] = {}
        self._lock = Lock()
        self._then: dict[tuple[str, str | None], tuple[Stamp, Counts]] = {}
        self._reference: tuple[str, Reference | None] = ("", None)
        self.wordings = Wordings()

    def reference(self, session: Session) -> Reference:
        """Return the reference data the store holds."""
        return self._reference_by(session, _fingerprint(session))

    def at(
        self, as_of: date, known_at: datetime, *, then: bool = False, reference: Reference | None = None
    ) -> Standings:
        """Return how all stood on `as_of`, by what had been recorded at `known_at` (aware).

        `then` says that the same `known_at` will be asked about again: an instant of the past, and not the present.
        `reference` is what `reference()` has just answered, when it was asked.
        """
        key = (as_of, known_at if then else None)
        with self._lock:
            lock = self._locks.setdefault(key, Lock())
        with lock, self._store.reading() as session:
            stamp = stamp_of(session, known_at, self._digest(session, reference))
            entry = self._entries.get(key)
            if entry is None or entry.stamp != stamp:
                asked = Asked(as_of, known_at, self._level, self._window)
                entry = _Entry(stamp, self._judged(session, asked, stamp, entry))
            self._keep(key, entry)
            return entry.table

    def verdicts_then(
        self, milestone: Milestone, *, as_of: date, known_at: datetime, agency: str | None
    ) -> Counts | None:
        """Return how the rows of a milestone stood as known when its day ended; None before its day is over.

        See `milestones_then`. What was known at an instant of the past is counted once.
        """
        if milestone.on >= as_of:
            return None
        key, then = (milestone.code, agency), min(known_at, end_of(milestone.on))
        with self._store.reading() as session:
            stamp = stamp_of(session, then, _fingerprint(session))
        counted = self._then.get(key)
        if counted is None or counted[0] != stamp:
            found = milestones_then(
                self._store, as_of=as_of, known_at=known_at, agency=agency, level=self._level, only=milestone.code
            )
            counted = self._then[key] = (stamp, found[milestone.code])
        return counted[1]

    def _keep(self, key: tuple[date, datetime | None], entry: _Entry) -> None:
        with self._lock:
            self._entries[key] = entry
            self._entries.move_to_end(key)
            while len(self._entries) > _DAYS_KEPT:
                self._locks.pop(self._entries.popitem(last=False)[0], None)

    def _judged(self, session: Session, asked: Asked, stamp: Stamp, entry: _Entry | None) -> Standings:
        reference = self._reference_by(session, stamp.reference)
        tasks = None if entry is None else _touched(session, entry.stamp, stamp, asked.known_at)
        kept: list[Stand] = []
        if entry is None or tasks is None:
            found = judge_all(session, asked, reference)
        else:
            kept = [row for row in entry.table.rows if row.task not in tasks]
            found = [
                row for chosen in _chosen(session, tasks) for row in judge_all(session, asked, reference, tuple(chosen))
            ]
        with self._lock:
            self.wordings.read(session, {row.wording for row in found})
        rows = in_order(session, [*kept, *found], self.wordings, reference)
        return Standings(asked.as_of, asked.known_at, rows)

    def _digest(self, session: Session, reference: Reference | None) -> str:
        known, kept = self._reference
        return known if reference is not None and kept is reference else _fingerprint(session)

    def _reference_by(self, session: Session, fingerprint: str) -> Reference:
        known, reference = self._reference
        if reference is None or known != fingerprint:
            reference = read_reference(session)
            self._reference = (fingerprint, reference)
        return reference


def stamp_of(session: Session, known_at: datetime, reference: str) -> Stamp:
    """Return how far the store had come at `known_at`, as `session` sees it; `reference` is its reference's digest."""
    batches, decisions, works = (_reached(session, table, known_at) for table in (BATCH, DECISION, SAME_WORK))
    undone = session.scalars(select(UNDO.c.batch_id).where(UNDO.c.recorded_at <= known_at))
    return Stamp(batches, decisions, works, frozenset(undone), reference)


def _reached(session: Session, table: Table, known_at: datetime) -> tuple[int, int]:
    """Return how many rows of a table were recorded by an instant, and the number of the newest."""
    count, newest = session.execute(
        select(func.count(), func.max(table.c.id)).where(table.c.recorded_at <= known_at)
    ).one()
    return count, newest or 0


def _fingerprint(session: Session) -> str:
    """Return the digest of all the reference data says, as the database words it."""
    digest = sha256()
    for model in _REFERENCE:
        table = table_of(model)
        columns = (func.aggregate_strings(func.coalesce(cast(column, String), ""), "\n") for column in table.c)
        for said in session.execute(select(*columns)).one():
            digest.update(f"{said}\n\n".encode())
    return digest.hexdigest()


def _touched(session: Session, old: Stamp, new: Stamp, known_at: datetime) -> set[int] | None:
    """Return the tasks of all that was recorded or taken back between two stamps, or None when that cannot be said."""
    pairs = ((old.batches, new.batches), (old.decisions, new.decisions), (old.works, new.works))
    if old.reference != new.reference or not old.undone <= new.undone:
        return None
    for table, (before, after) in zip((BATCH, DECISION, SAME_WORK), pairs, strict=True):
        since = select(func.count()).where(table.c.id > before[1], table.c.recorded_at <= known_at)
        if (session.scalar(since) or 0) != after[0] - before[0]:
            return None
    fresh = select(BATCH.c.id).where(BATCH.c.id > old.batches[1], BATCH.c.recorded_at <= known_at)
    batches = [*session.scalars(fresh), *(new.undone - old.undone)]
    decided = select(DECISION.c.assignment_id).where(DECISION.c.id > old.decisions[1])
    tasks = set(session.scalars(select(ASSIGNMENT.c.task_id).where(ASSIGNMENT.c.id.in_(decided))))
    for at in range(0, len(batches), _AT_ONCE):
        tasks.update(session.scalars(_tasks_of(batches[at : at + _AT_ONCE])))
    tasks.update(session.scalars(select(SAME_WORK.c.task_id).where(SAME_WORK.c.id > old.works[1])))
    return None if len(tasks) > _TOO_MANY else tasks | linked_with(session, tasks)


def _tasks_of(batches: Sequence[int]) -> Select[tuple[int]]:
    def of(facts: FromClause) -> Select[tuple[int]]:
        joined = select(ASSIGNMENT.c.task_id).join_from(facts, ASSIGNMENT, ASSIGNMENT.c.id == facts.c.assignment_id)
        return joined.where(facts.c.batch_id.in_(batches))

    both = union(of(REVISION), of(PROGRESS)).subquery()
    return select(both.c.task_id)


def linked_with(session: Session, tasks: set[int]) -> set[int]:
    """Return every task that somebody ever said is the same work as one of `tasks`, directly or by way of others."""
    works: dict[int, set[int]] = {}
    for task, work in session.execute(select(SAME_WORK.c.task_id, SAME_WORK.c.work_id)):
        together = works.get(task, {task}) | works.get(work, {work})
        works.update(dict.fromkeys(together, together))
    return {other for task in tasks & works.keys() for other in works[task]}


def _chosen(session: Session, tasks: set[int]) -> Iterator[list[int]]:
    """Yield the assignments of tasks, some thousand at a time; all of one work are together."""
    linked = sorted(linked_with(session, tasks))
    alone = sorted(tasks - set(linked))
    for group in [linked, *(alone[at : at + _AT_ONCE] for at in range(0, len(alone), _AT_ONCE))]:
        if group:
            yield list(session.scalars(select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.task_id.in_(group))))
