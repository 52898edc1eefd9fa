"""How far a store has come: what standings rest on, counted; and what lies between two such counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

from sqlalchemy import FromClause, Select, String, Table, cast, func, select, union
from sqlmodel import Session

from models.assignment_tables import AssignmentRevision, Batch, Decision, Progress, Undo
from models.columns import table_of
from models.pulse import Pulse
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
from models.status_facts import ASSIGNMENT
from models.store import Store
from models.work_tables import SameWork
from rules.reference import Reference

BATCH, UNDO, DECISION, SAME_WORK = (table_of(each) for each in (Batch, Undo, Decision, SameWork))
REVISION, PROGRESS = table_of(AssignmentRevision), table_of(Progress)
_REFERENCE = (
    AgencyRow, CalendarDayRow, CalendarYearRow, CollectiveRow, ContactRow, LayoutRow, MilestoneRow, RungRow,
)  # fmt: skip
_AT_ONCE, _TOO_MANY, _SPANS_KEPT = 4_000, 40_000, 16
_MUCH = 1_000
_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True)
class Stamp:
    """How far the store had come at an instant: of each kind of fact how many, and the newest; what was taken back."""

    batches: tuple[int, int]
    decisions: tuple[int, int]
    works: tuple[int, int]
    undone: frozenset[int]
    reference: str


@dataclass(frozen=True)
class _Span:
    """A stamp, true from the instant of its newest fact until that of the next (None: there is none)."""

    stamp: Stamp
    first: datetime
    end: datetime | None

    def holds(self, known_at: datetime) -> bool:
        return self.first <= known_at and (self.end is None or known_at < self.end)


class Stamps:
    """How far the store had come at instants, and the reference data: read again only after something was committed."""

    def __init__(self, store: Store) -> None:
        """Read nothing yet."""
        self._store, self._pulse, self._lock = store, Pulse(store), Lock()
        self._beat: object = None
        self._digest = ""
        self._spans: list[_Span] = []
        self._reference: Reference | None = None

    def at(self, known_at: datetime) -> Stamp:
        """Return how far the store had come at `known_at` (aware)."""
        with self._lock:
            self._look()
            span = next((each for each in self._spans if each.holds(known_at)), None)
            if span is None:
                with self._store.reading() as session:
                    span = _span_of(session, known_at, self._digest)
                self._spans = [span, *self._spans[: _SPANS_KEPT - 1]]
            return span.stamp

    def reference(self) -> Reference:
        """Return the reference data the store holds."""
        with self._lock:
            self._look()
            assert self._reference is not None
            return self._reference

    def reference_by(self, session: Session, digest: str) -> Reference:
        """Return the reference data of that digest, which is what `session` sees."""
        with self._lock:
            return self._reference if self._reference and self._digest == digest else read_reference(session)

    def _look(self) -> None:
        beat = self._pulse.beat()
        if beat == self._beat:
            return
        with self._store.reading() as session:
            digest = fingerprint(session)
            if digest != self._digest:
                self._digest, self._reference = digest, read_reference(session)
        self._beat, self._spans = beat, []


def stamp_of(session: Session, known_at: datetime) -> Stamp:
    """Return how far the store had come at `known_at`, as `session` sees it."""
    return _span_of(session, known_at, fingerprint(session)).stamp


def _span_of(session: Session, known_at: datetime, reference: str) -> _Span:
    (batches, decisions, works), firsts, nexts = zip(
        *(_reached(session, table, known_at) for table in (BATCH, DECISION, SAME_WORK)), strict=True
    )
    undone: dict[int, datetime] = dict(session.execute(select(UNDO.c.batch_id, UNDO.c.recorded_at)).tuples().all())
    by_then = {number for number, at in undone.items() if at <= known_at}
    stamp = Stamp(batches, decisions, works, frozenset(by_then), reference)
    later = [*(at for at in nexts if at), *(at for at in undone.values() if at > known_at)]
    first = max([*(at for at in firsts if at), *(undone[number] for number in by_then)], default=known_at)
    return _Span(stamp, first, min(later, default=None))


def _reached(
    session: Session, table: Table, known_at: datetime
) -> tuple[tuple[int, int], datetime | None, datetime | None]:
    """Return how many rows of a table were recorded by an instant, the newest's number; its instant and the next."""
    at, by_then = table.c.recorded_at, table.c.recorded_at <= known_at
    counted = select(func.count(), func.max(table.c.id), func.max(at)).where(by_then)
    count, newest, last = session.execute(counted).one()
    return (count, newest or 0), last, session.scalar(select(func.min(at)).where(~by_then))


def fingerprint(session: Session) -> str:
    """Return the digest of all the reference data says, as the database words it."""
    digest = sha256()
    for model in _REFERENCE:
        table = table_of(model)
        columns = (func.aggregate_strings(func.coalesce(cast(column, String), ""), "\n") for column in table.c)
        for said in session.execute(select(*columns)).one():
            digest.update(f"{said}\n\n".encode())
    return digest.hexdigest()


def before_much(session: Session, old: Stamp, new: Stamp) -> datetime | None:
    """Return the last instant before the first of what was recorded or taken back between two stamps.

    None when that is little, not more than a thousand rows of workbooks.
    """
    undone = sorted(new.undone - old.undone)
    since = (BATCH.c.id > old.batches[1]) & (BATCH.c.id <= new.batches[1])
    rows = session.scalar(select(func.sum(BATCH.c.rows)).where(since | BATCH.c.id.in_(undone[:_AT_ONCE])))
    if (rows or 0) <= _MUCH:
        return None
    newer = (
        select(BATCH.c.recorded_at).where(since),
        select(UNDO.c.recorded_at).where(UNDO.c.batch_id.in_(undone[:_AT_ONCE])),
        select(DECISION.c.recorded_at).where(DECISION.c.id > old.decisions[1]),
        select(SAME_WORK.c.recorded_at).where(SAME_WORK.c.id > old.works[1]),
    )
    firsts: list[datetime] = [at for each in newer for at in session.scalars(each.order_by("recorded_at").limit(1))]
    return min(firsts) - _LEAST


def touched(session: Session, old: Stamp, new: Stamp, known_at: datetime) -> set[int] | None:
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


def parts_of(session: Session, tasks: set[int]) -> Iterator[list[int]]:
    """Yield the assignments of tasks, some thousand at a time; all of one work are together."""
    linked = sorted(linked_with(session, tasks))
    alone = sorted(tasks - set(linked))
    for group in [linked, *(alone[at : at + _AT_ONCE] for at in range(0, len(alone), _AT_ONCE))]:
        if group:
            yield list(session.scalars(select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.task_id.in_(group))))
