"""What the store holds of some documents right now: the side a workbook is compared against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select
from sqlmodel import Session, col

from imports.meaning.documents import DocumentRef, same_number
from models.assignment_tables import Assignment, AssignmentRevision, Batch, Document, Progress, Task, TaskRevision
from models.status_query import live_batches

FOREVER = datetime.max.replace(tzinfo=UTC)
Key = tuple[str, str]


@dataclass(frozen=True)
class StoredAssignment:
    """An assignment as it stands: `agency` and `period` name it within its task."""

    id: int
    code: str
    agency: str
    period: str
    nature: str
    counts_from: date
    due_on: date | None


@dataclass
class StoredTask:
    """A task, its newest live revision (None when every batch that had it was taken back), and its words there."""

    id: int
    document: str
    number: str
    revision: TaskRevision | None = None
    text: str = ""
    standing: dict[Key, StoredAssignment] = field(default_factory=dict)
    ever: dict[Key, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """Which earlier workbooks a workbook replaces: those of its agency, or of its file's name when it has none."""

    agency: str | None
    stem: str

    def covers(self, batch: Batch) -> bool:
        """Whether `batch` is an earlier state of the same list."""
        if self.agency is not None:
            return batch.agency_code == self.agency
        return batch.agency_code is None and stem(batch.file) == self.stem


def stem(name: str) -> str:
    """Return a file's name without folder and ending."""
    return PurePath(name).stem.casefold()


def known_documents(session: Session) -> dict[str, DocumentRef]:
    """Return the documents with a live task, by the form in which spellings of a number compare equal."""
    used = (
        select(col(Task.document_id))
        .join(TaskRevision, col(TaskRevision.task_id) == col(Task.id))
        .where(col(TaskRevision.batch_id).in_(live_batches(FOREVER)))
    )
    documents = session.scalars(select(Document).where(col(Document.id).in_(used)))
    return {same_number(document.code): DocumentRef(document.code, document.issued_on) for document in documents}


def live_batch(session: Session, sha256: str) -> int | None:
    """Return the newest batch of exactly these bytes that was not taken back."""
    found: int | None = session.scalar(
        select(func.max(col(Batch.id))).where(col(Batch.sha256) == sha256, col(Batch.id).in_(live_batches(FOREVER)))
    )
    return found


def scope_batches(session: Session, scope: Scope) -> set[int]:
    """Return the live batches `scope` covers."""
    batches = session.scalars(select(Batch).where(col(Batch.id).in_(live_batches(FOREVER))))
    return {batch.id for batch in batches if batch.id is not None and scope.covers(batch)}


def stored_tasks(
    session: Session, documents: Iterable[str], *, agencies: Iterable[str] | None = None
) -> dict[Key, StoredTask]:
    """Return every task of `documents` (codes) by document and number.

    With `agencies`, only their assignments are read, and of revisions the text: all that matching a report needs.
    """
    codes = sorted(set(documents))
    tasks = {
        task_id: StoredTask(task_id, code, number)
        for task_id, code, number in session.execute(
            select(col(Task.id), col(Document.code), col(Task.number))
            .join(Document, col(Document.id) == col(Task.document_id))
            .where(col(Document.code).in_(codes))
        )
    }
    if tasks:
        of_these: ColumnElement[bool] = col(Assignment.task_id).in_(_tasks_of(codes))
        if agencies is None:
            _add_revisions(session, codes, tasks)
        else:
            _add_texts(session, codes, tasks)
            of_these = of_these & col(Assignment.agency_code).in_(sorted(set(agencies)))
        _add_assignments(session, of_these, tasks)
    return {(task.document, task.number): task for task in tasks.values()}


def newest_progress(session: Session, documents: Iterable[str], reported_on: date) -> Mapping[int, str]:
    """Return the digest of each assignment's newest live progress reported on the day."""
    newest = (
        select(func.max(Progress.id).label("id"))
        .join(Assignment, col(Assignment.id) == col(Progress.assignment_id))
        .where(col(Progress.reported_on) == reported_on, col(Progress.batch_id).in_(live_batches(FOREVER)))
        .where(col(Assignment.task_id).in_(_tasks_of(sorted(set(documents)))))
        .group_by(col(Progress.assignment_id))
        .subquery()
    )
    columns = select(col(Progress.assignment_id), col(Progress.digest))
    rows = session.execute(columns.join(newest, newest.c.id == col(Progress.id)))
    return {row.assignment_id: row.digest for row in rows}


def reported_assignments(session: Session, documents: Iterable[str]) -> set[int]:
    """Return the assignments of `documents` (codes) about which some live report was made, whatever it said."""
    reported = select(col(Progress.assignment_id)).join(Assignment, col(Assignment.id) == col(Progress.assignment_id))
    live = col(Progress.batch_id).in_(live_batches(FOREVER))
    of_these = col(Assignment.task_id).in_(_tasks_of(sorted(set(documents))))
    return set(session.scalars(reported.where(live, of_these).distinct()))


def _add_revisions(session: Session, codes: list[str], tasks: Mapping[int, StoredTask]) -> None:
    newest = _newest(TaskRevision, TaskRevision.task_id, col(TaskRevision.task_id).in_(_tasks_of(codes)))
    for revision in session.scalars(select(TaskRevision).join(newest, newest.c.id == TaskRevision.id)):
        tasks[revision.task_id].revision, tasks[revision.task_id].text = revision, revision.text


def _add_texts(session: Session, codes: list[str], tasks: Mapping[int, StoredTask]) -> None:
    newest = _newest(TaskRevision, TaskRevision.task_id, col(TaskRevision.task_id).in_(_tasks_of(codes)))
    texts = select(col(TaskRevision.task_id), col(TaskRevision.text)).join(newest, newest.c.id == col(TaskRevision.id))
    for task_id, text in session.execute(texts):
        tasks[task_id].text = text


def _add_assignments(session: Session, of_these: ColumnElement[bool], tasks: Mapping[int, StoredTask]) -> None:
    found: dict[int, Any] = {}
    columns = (Assignment.id, Assignment.code, Assignment.task_id, Assignment.agency_code, Assignment.period)
    for row in session.execute(select(*columns).where(of_these)):  # type: ignore[call-overload]
        found[row.id] = row
        tasks[row.task_id].ever[row.agency_code, row.period] = row.id
    newest = _newest(
        AssignmentRevision,
        AssignmentRevision.assignment_id,
        col(AssignmentRevision.assignment_id).in_(select(Assignment.id).where(of_these)),  # type: ignore[call-overload]
    )
    revision = AssignmentRevision
    dates = (revision.assignment_id, revision.nature, revision.counts_from, revision.original_due_on)
    current = select(*dates).join(newest, newest.c.id == revision.id)  # type: ignore[call-overload]
    for assignment_id, *rest in session.execute(current.where(col(revision.standing))):
        row = found[assignment_id]
        assignment = StoredAssignment(row.id, row.code, row.agency_code, row.period, *rest)
        tasks[row.task_id].standing[row.agency_code, row.period] = assignment


def _newest(table: Any, grouped_by: Any, condition: Any) -> Subquery:
    live = live_batches(FOREVER)
    query = select(func.max(table.id).label("id")).where(condition, col(table.batch_id).in_(live))
    return query.group_by(grouped_by).subquery()


def _tasks_of(codes: list[str]) -> Select[Any]:
    tasks = select(Task.id).join(Document, Document.id == Task.document_id)  # type: ignore[call-overload]
    answer: Select[Any] = tasks.where(col(Document.code).in_(codes))
    return answer
