"""`undo`: take a batch back. What somebody has decided about since stays; what a later batch rests on is not undone.

A later workbook rests on an annex when it lists or reports on tasks the annex said something about, changed or not; on
a report, when it reports on the same tasks as of the same day; on indicators, when it gives work of the same document
or values of these indicators.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union
from sqlmodel import Session, col

from imports.storing.stored import FOREVER
from models.answer_tables import ObstacleAnswer
from models.assignment_tables import (
    Assignment,
    AssignmentRevision,
    Batch,
    Decision,
    Progress,
    TaskRevision,
    Undo,
)
from models.batch_tables import Kept, Listing
from models.bulk import append
from models.columns import table_of
from models.raised_tables import Indicator, IndicatorValue, Obstacle
from models.status_query import live_batches
from models.store import Store
from models.writers import wait_for_writers_of

_WORDING, _DATES, _PROGRESS = table_of(TaskRevision), table_of(AssignmentRevision), table_of(Progress)
_INDICATOR, _VALUE = table_of(Indicator), table_of(IndicatorValue)


@dataclass(frozen=True)
class Reversed:
    """How many tasks are given no more, are as before, or stand again; how many reports and measures count no more."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    reports: int = 0

    @property
    def nothing(self) -> bool:
        """Whether nothing was reversed."""
        return not (self.new or self.changed or self.gone or self.reports)


@dataclass(frozen=True)
class KeptAssignment:
    """An assignment left as the batch had it, for somebody decided about it since: what, and which post."""

    code: str
    actions: tuple[str, ...]
    decided_by: tuple[str, ...]


@dataclass(frozen=True)
class LaterBatch:
    """A later batch that rests on the one to be taken back."""

    batch: int
    file: str


@dataclass(frozen=True)
class Undone:
    """Whether a batch was taken back, what that reversed and what it kept.

    `reason` says why not: `unknown_batch`, `already_undone`, `later_batch` (those of `refused_because`), `all_kept`.
    """

    batch: int
    undone: bool
    reason: str | None = None
    reversed: Reversed = field(default_factory=Reversed)
    kept: tuple[KeptAssignment, ...] = ()
    refused_because: tuple[LaterBatch, ...] = ()


def undo(
    batch_id: int, *, store: Store, now: datetime, beside: Callable[[Session, "Undone"], None] | None = None
) -> Undone:
    """Take a batch back: from `now` on its facts no longer count, and what they replaced counts again.

    `beside` adds what must stand with the undo or not at all.
    """
    with store.writing() as session:
        wait_for_writers_of(session, Batch)
        # Decisions and answers queue too: each is either seen here and keeps its assignment, or comes after.
        wait_for_writers_of(session, Decision, ObstacleAnswer)
        batch = session.get(Batch, batch_id)
        if batch is None:
            return Undone(batch_id, undone=False, reason="unknown_batch")
        if session.get(Undo, batch_id) is not None:
            return Undone(batch_id, undone=False, reason="already_undone")
        later = tuple(_resting_on(session, batch_id))
        if later:
            return Undone(batch_id, undone=False, reason="later_batch", refused_because=later)
        kept = _decided_since(session, batch_id, batch.recorded_at)
        reversed_ = _reversed(session, batch_id, list(kept))
        told = tuple(sorted(kept.values(), key=lambda one: one.code))
        if kept and reversed_.nothing:
            return Undone(batch_id, undone=False, reason="all_kept", kept=told)
        session.add(Undo(batch_id=batch_id, recorded_at=now))
        append(session, Kept, {"batch_id": [batch_id] * len(kept), "assignment_id": list(kept)})
        undone = Undone(batch_id, undone=True, reversed=reversed_, kept=told)
        if beside:
            beside(session, undone)
    return undone


def _resting_on(session: Session, batch: int) -> Iterator[LaterBatch]:
    """Yield the later batches that count and rest on `batch`, oldest first."""
    found = {*_listing_its_tasks(session, batch), *_reporting_its_day(session, batch), *_on_indicators(session, batch)}
    for id_, file in session.execute(select(col(Batch.id), col(Batch.file)).where(_later(col(Batch.id), batch))):
        if id_ in found:
            yield LaterBatch(id_, file)


def _later(column: Any, batch: int) -> ColumnElement[bool]:
    later: ColumnElement[bool] = (column > batch) & column.in_(live_batches(FOREVER))
    return later


def _listing_its_tasks(session: Session, batch: int) -> Iterator[int]:
    """Yield the batches that list tasks an annex said something about."""
    worded = select(_WORDING.c.task_id).where(_WORDING.c.batch_id == batch).distinct().order_by(_WORDING.c.task_id)
    yield from _listing(session, batch, list(session.scalars(worded)))


def _listing(session: Session, batch: int, tasks: Sequence[int]) -> Iterator[int]:
    """Yield the later batches that list one of `tasks`, ids in order."""
    ranges = select(col(Listing.batch_id), col(Listing.first_task_id), col(Listing.last_task_id))
    for id_, first, last in session.execute(ranges.where(_later(col(Listing.batch_id), batch))) if tasks else ():
        at = bisect_left(tasks, first)
        if at < len(tasks) and tasks[at] <= last:
            yield id_


def _reporting_its_day(session: Session, batch: int) -> set[int]:
    """Return the batches that report on the same tasks as of the same day as a report, some of it perhaps unchanged."""
    days = set(session.scalars(_days(batch)))
    if not days:
        return set()
    p, v = _PROGRESS.c, _VALUE.c
    of_days = union(
        select(p.batch_id).where(p.reported_on.in_(days), _later(p.batch_id, batch)),
        select(v.batch_id).where(v.observed_on.in_(days), _later(v.batch_id, batch)),
    )
    mine = select(col(Listing.first_task_id), col(Listing.last_task_id)).where(col(Listing.batch_id) == batch)
    tasks = sorted({id_ for first, last in session.execute(mine) for id_ in range(first, last + 1)})
    return set(session.scalars(of_days)) & set(_listing(session, batch, tasks))


def _days(batch: int) -> Any:
    return union(
        select(_PROGRESS.c.reported_on).where(_PROGRESS.c.batch_id == batch),
        select(_VALUE.c.observed_on).where(_VALUE.c.batch_id == batch),
    )


def _on_indicators(session: Session, batch: int) -> Iterator[int]:
    """Yield the batches that may list an annex's indicators unchanged, and those that give values of them."""
    mine = _INDICATOR.c.batch_id == batch
    annexes = (
        select(col(Listing.batch_id))
        .join(Batch, col(Batch.id) == col(Listing.batch_id))
        .where(col(Listing.document_id).in_(select(_INDICATOR.c.document_id).where(mine)))
        .where(col(Batch.kind) != "progress", _later(col(Listing.batch_id), batch))
    )
    values = select(_VALUE.c.batch_id).where(_VALUE.c.indicator_id.in_(select(_INDICATOR.c.id).where(mine)))
    yield from session.scalars(annexes)
    yield from session.scalars(values.where(_later(_VALUE.c.batch_id, batch)))


def _decided_since(session: Session, batch: int, recorded_at: datetime) -> dict[int, KeptAssignment]:
    """Return the assignments the batch said something about and somebody decided about since, by id."""
    found: dict[int, list[Any]] = {}
    for query in (_decisions(batch, recorded_at), _answers(batch)):
        for row in session.execute(query):
            found.setdefault(row.id, []).append(row)
    return {
        id_: KeptAssignment(rows[0].code, _once(row.action for row in rows), _once(row.decided_by for row in rows))
        for id_, rows in found.items()
    }


def _decisions(batch: int, recorded_at: datetime) -> Select[Any]:
    said = union(
        select(_DATES.c.assignment_id).where(_DATES.c.batch_id == batch),
        select(_PROGRESS.c.assignment_id).where(_PROGRESS.c.batch_id == batch),
    )
    decided = select(col(Assignment.id), col(Assignment.code), col(Decision.action), col(Decision.decided_by))
    since = decided.join(Decision, col(Decision.assignment_id) == col(Assignment.id))
    return since.where(col(Decision.recorded_at) >= recorded_at, col(Assignment.id).in_(said)).order_by(
        col(Decision.id)
    )


def _answers(batch: int) -> Select[Any]:
    """Select the answers to what the batch's reports said stands in the way."""
    answered = select(
        col(Assignment.id), col(Assignment.code), literal("answer").label("action"), col(ObstacleAnswer.decided_by)
    )
    return (
        answered.join(Obstacle, col(Obstacle.assignment_id) == col(Assignment.id))
        .join(ObstacleAnswer, col(ObstacleAnswer.obstacle_id) == col(Obstacle.id))
        .where(col(Obstacle.batch_id) == batch)
        .order_by(col(ObstacleAnswer.id))
    )


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _reversed(session: Session, batch: int, kept: Sequence[int]) -> Reversed:
    """Count what taking `batch` back reverses, without the assignments `kept`."""
    w, earlier = _WORDING.c, table_of(TaskRevision).alias("earlier")
    partly = select(_DATES.c.task_revision_id).where(_DATES.c.batch_id == batch, _DATES.c.assignment_id.in_(kept))
    mine: Select[Any] = select(func.count()).where(w.batch_id == batch, w.id.not_in(partly))
    live = earlier.c.batch_id.in_(live_batches(FOREVER)) & (earlier.c.id < w.id)
    before = select(earlier.c.id).where(earlier.c.task_id == w.task_id, live).exists()
    gone = session.scalar(mine.where(w.digest == "")) or 0
    changed = session.scalar(mine.where(w.digest != "", before)) or 0
    new = session.scalar(mine.where(w.digest != "", ~before)) or 0
    p = _PROGRESS.c
    reports = session.scalar(select(func.count()).where(p.batch_id == batch, p.assignment_id.not_in(kept))) or 0
    measured = sum(session.scalar(select(func.count()).where(t.c.batch_id == batch)) or 0 for t in (_INDICATOR, _VALUE))
    return Reversed(new, changed, gone, reports + measured)
