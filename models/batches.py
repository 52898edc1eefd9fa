"""The recorded workbooks, the newest first, and what each of them changed: words before and after, reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlmodel import Session, col

from models.assignment_tables import (
    Assignment,
    AssignmentRevision,
    Batch,
    Document,
    Progress,
    Task,
    TaskRevision,
    Undo,
)
from models.columns import table_of

_WORDS = ("number", "section", "text", "product", "lead_text", "coordinating_text", "deadline_text")
_WORDING, _TASK, _DATES = table_of(TaskRevision), table_of(Task), table_of(AssignmentRevision)
_PROGRESS, _ASSIGNMENT = table_of(Progress), table_of(Assignment)


@dataclass(frozen=True)
class BatchAsIs:
    """A recorded workbook, and since when it counts no more (None: it counts)."""

    batch: Batch
    undone_at: datetime | None


@dataclass(frozen=True)
class WordedTask:
    """A task as a batch worded it: new, changed, gone. `before` and `after` hold the fields that differ."""

    document: str
    number: str
    text: str
    kind: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True)
class BatchChanges:
    """One page of what a batch changed, beside how much it changed in all."""

    tasks: Sequence[WordedTask]
    reports: Sequence[Any]
    task_count: int
    report_count: int


def batches_of(session: Session, *, agency: str | None, at_most: int, skip: int = 0) -> tuple[Sequence[BatchAsIs], int]:
    """Return the batches recorded, the newest first, and how many there are: all, or those of one agency."""
    query = select(Batch, col(Undo.recorded_at)).outerjoin(Undo, col(Undo.batch_id) == col(Batch.id))
    counted = select(func.count()).select_from(Batch)
    if agency is not None:
        query, counted = (each.where(col(Batch.agency_code) == agency) for each in (query, counted))  # type: ignore[assignment]
    found = session.execute(query.order_by(col(Batch.id).desc()).limit(at_most).offset(skip))
    return [BatchAsIs(batch, undone_at) for batch, undone_at in found], session.scalar(counted) or 0


def batch_as_is(session: Session, number: int) -> BatchAsIs | None:
    """Return one batch."""
    batch = session.get(Batch, number)
    undone = session.get(Undo, number)
    return BatchAsIs(batch, undone.recorded_at if undone else None) if batch else None


def changes_of(session: Session, batch: int, *, agency: str | None, at_most: int, skip: int = 0) -> BatchChanges:
    """Return what a batch changed, in the workbook's order; with `agency`, of its assignments alone."""
    worded, reported = _wordings(batch, agency), _reports(batch, agency)
    rows = session.execute(worded.order_by(_WORDING.c.id).limit(at_most).offset(skip)).all()
    before = _before(session, [row.id for row in rows])
    reports = session.execute(reported.order_by(_PROGRESS.c.id).limit(at_most).offset(skip)).all()
    counts = (session.scalar(select(func.count()).select_from(query.subquery())) or 0 for query in (worded, reported))
    return BatchChanges([_task(row, before.get(row.id)) for row in rows], reports, *counts)


def _wordings(batch: int, agency: str | None) -> Select[Any]:
    w = _WORDING.c
    number = func.coalesce(w.number, _TASK.c.number).label("number")
    columns = [w[name] for name in _WORDS if name != "number"]
    query = (
        select(w.id, w.digest, col(Document.code).label("document"), number, *columns)
        .join(_TASK, _TASK.c.id == w.task_id)
        .join(Document, col(Document.id) == _TASK.c.document_id)
        .where(w.batch_id == batch)
    )
    return query if agency is None else query.where(_gives_it_to(agency))


def _gives_it_to(agency: str) -> ColumnElement[bool]:
    return exists().where(
        _DATES.c.task_revision_id == _WORDING.c.id,
        _DATES.c.assignment_id == _ASSIGNMENT.c.id,
        _ASSIGNMENT.c.agency_code == agency,
    )


def _reports(batch: int, agency: str | None) -> Select[Any]:
    p = _PROGRESS.c
    told = (p.reported_on, p.declared_text, p.result_text, p.evidence_text, p.sheet, p.row)
    query = (
        select(p.id, _ASSIGNMENT.c.code, *told)
        .join(_ASSIGNMENT, _ASSIGNMENT.c.id == p.assignment_id)
        .where(p.batch_id == batch)
    )
    return query if agency is None else query.where(_ASSIGNMENT.c.agency_code == agency)


def _before(session: Session, wordings: Sequence[int]) -> dict[int, Any]:
    """Return the wording each of these replaced, by the id of the newer one."""
    newer, older = _WORDING.alias("newer"), _WORDING.alias("older")
    last = (
        select(newer.c.id.label("newer"), func.max(older.c.id).label("older"))
        .join(older, (older.c.task_id == newer.c.task_id) & (older.c.id < newer.c.id))
        .where(newer.c.id.in_(wordings))
        .group_by(newer.c.id)
        .subquery()
    )
    number = func.coalesce(_WORDING.c.number, _TASK.c.number).label("number")
    words = [_WORDING.c[name] for name in _WORDS if name != "number"]
    query = (
        select(last.c.newer, _WORDING.c.digest, number, *words)
        .join(_WORDING, _WORDING.c.id == last.c.older)
        .join(_TASK, _TASK.c.id == _WORDING.c.task_id)
    )
    return {row.newer: row for row in session.execute(query)}


def _task(row: Any, before: Any) -> WordedTask:
    known = before is not None and before.digest != ""
    kind = "gone" if not row.digest else "changed" if known else "new"
    differing = [name for name in _WORDS if getattr(row, name) != getattr(before, name)] if kind == "changed" else []
    old, new = ({name: getattr(each, name) for name in differing} for each in (before, row))
    return WordedTask(row.document, row.number, row.text, kind, old, new)
