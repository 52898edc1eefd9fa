"""`record` and `undo`: one transaction per workbook; facts are appended, an undo adds a row (exceptions: ADR 0004)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, text, update
from sqlmodel import Session, col, select

from imports.check import Check, compared
from imports.meaning.assignment_rows import TaskRow
from imports.meaning.documents import DocumentRef
from imports.storing.changes import ChangedTask, Changes, GoneTask, ReportedProgress
from imports.storing.stored import Key, StoredAssignment, StoredTask, known_documents
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
from models.store import Store

_AT_ONCE = 5000


class StaleCheckError(Exception):
    """Somebody recorded something since the check: check the workbook again."""


class Outcome(StrEnum):
    """What came of recording a check."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Recorded:
    """`batch` is the batch recorded; for an unchanged file the batch that has it already, if one has."""

    batch: int | None
    outcome: Outcome


@dataclass(frozen=True)
class Undone:
    """Whether a batch was taken back; `reason` says why not: `unknown_batch` or `already_undone`."""

    batch: int
    undone: bool
    reason: str | None = None


def record(check: Check, *, store: Store, now: datetime) -> Recorded:
    """Record exactly what was checked, in one transaction; `now` is the instant it becomes known.

    Raises StaleCheckError when the store has changed since in what the check rests on.
    """
    if check.stops:
        return Recorded(None, Outcome.REJECTED)
    if check.changes.nothing:
        return Recorded(check.already, Outcome.UNCHANGED)
    with store.writing() as session:
        _one_writer(session)
        fresh = compared(session, check)
        if fresh.changes != check.changes:
            raise StaleCheckError(check.name)
        batch = _Recording(session, check, fresh.stored, now).write(fresh.changes)
    return Recorded(batch, Outcome.RECORDED)


def undo(batch_id: int, *, store: Store, now: datetime) -> Undone:
    """Take a batch back: from `now` on its facts no longer count, and what they replaced counts again."""
    with store.writing() as session:
        _one_writer(session)
        if session.get(Batch, batch_id) is None:
            return Undone(batch_id, undone=False, reason="unknown_batch")
        if session.get(Undo, batch_id) is not None:
            return Undone(batch_id, undone=False, reason="already_undone")
        session.add(Undo(batch_id=batch_id, recorded_at=now))
    return Undone(batch_id, undone=True)


def _one_writer(session: Session) -> None:
    # On PostgreSQL the lock comes before the first read, so that the snapshot is taken when the other has finished.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE batch IN EXCLUSIVE MODE"))


class _Recording:
    """Writes one batch. Ids the database gives are read back by batch: one insert and one query per table."""

    def __init__(self, session: Session, check: Check, stored: Mapping[Key, StoredTask], now: datetime) -> None:
        self.session, self.stored = session, stored
        row = Batch(
            file=check.name,
            sha256=check.sha256,
            content_sha256=check.content_sha256,
            agency_code=check.agency,
            recorded_at=now,
            rows=check.rows,
            new=check.new,
            changed=check.changed,
            unchanged=check.unchanged,
            gone=check.gone,
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        self.batch = row.id

    def write(self, changes: Changes) -> int:
        rows = [*changes.new, *(change.row for change in changes.changed)]
        if rows:
            documents = self._documents({row.document for row in rows})
            tasks = self._tasks(rows, documents)
            revisions = self._revisions(rows, tasks)
            ids = self._assignments(rows, tasks)
            self._assignment_revisions(rows, tasks, revisions, ids)
            self._drop(changes.changed, revisions)
        self._withdraw(changes.gone)
        self._progress(changes.progress)
        return self.batch

    def _documents(self, wanted: Iterable[DocumentRef]) -> dict[str, int]:
        ids = {document.code: document.id for document in self.session.exec(select(Document)) if document.id}
        known = {reference.code for reference in known_documents(self.session).values()}
        for reference in sorted(wanted):
            values: dict[str, Any] = {
                "title": reference.title,
                "issued_on": reference.issued_on,
                "batch_id": self.batch,
            }
            if reference.code not in ids:
                row = Document(code=reference.code, **values)
                self.session.add(row)
                self.session.flush()
                assert row.id is not None
                ids[reference.code] = row.id
            elif reference.code not in known:
                # Every batch that used this number was taken back: its date was never anybody's but theirs.
                self.session.execute(update(Document).where(col(Document.code) == reference.code).values(values))
        return ids

    def _tasks(self, rows: Sequence[TaskRow], documents: Mapping[str, int]) -> dict[Key, int]:
        ids = {key: task.id for key, task in self.stored.items()}
        missing = [row for row in rows if row.key not in ids]
        self._insert(
            Task,
            (
                {"document_id": documents[row.document.code], "number": row.number, "batch_id": self.batch}
                for row in missing
            ),
        )
        codes = {id_: code for code, id_ in documents.items()}
        added = self.session.exec(select(Task).where(Task.batch_id == self.batch))
        return ids | {(codes[task.document_id], task.number): task.id for task in added if task.id is not None}

    def _revisions(self, rows: Sequence[TaskRow], tasks: Mapping[Key, int]) -> dict[int, int]:
        """Write the tasks' words; return the new revision's id by task."""
        self._insert(TaskRevision, (_task_revision(row, tasks[row.key], self.batch) for row in rows))
        columns = select(TaskRevision.task_id, TaskRevision.id).where(TaskRevision.batch_id == self.batch)
        return {task_id: revision_id for task_id, revision_id in self.session.exec(columns) if revision_id is not None}

    def _assignments(self, rows: Sequence[TaskRow], tasks: Mapping[Key, int]) -> dict[str, int]:
        """Write the assignments that never were; return the ids of all of them by code."""
        ids: dict[str, int] = {}
        missing = []
        for row in rows:
            task = self.stored.get(row.key)
            for assignment in row.assignments:
                key = (assignment.agency, assignment.period)
                code = row.code_of(assignment)
                if task is not None and key in task.ever:
                    ids[code] = task.ever[key]
                    continue
                place = {"task_id": tasks[row.key], "agency_code": assignment.agency, "period": assignment.period}
                missing.append({"code": code, **place, "batch_id": self.batch})
        self._insert(Assignment, missing)
        added = self.session.exec(select(Assignment.code, Assignment.id).where(Assignment.batch_id == self.batch))
        return ids | {code: id_ for code, id_ in added if id_ is not None}

    def _assignment_revisions(
        self, rows: Sequence[TaskRow], tasks: Mapping[Key, int], revisions: Mapping[int, int], ids: Mapping[str, int]
    ) -> None:
        self._insert(
            AssignmentRevision,
            (
                {
                    "assignment_id": ids[row.code_of(assignment)],
                    "task_revision_id": revisions[tasks[row.key]],
                    "batch_id": self.batch,
                    "nature": assignment.nature.value,
                    "counts_from": assignment.counts_from,
                    "original_due_on": assignment.original_due_on,
                    "collective_code": assignment.collective,
                    "several_leads": assignment.several_leads,
                    "standing": True,
                }
                for row in rows
                for assignment in row.assignments
            ),
        )

    def _drop(self, changed: Sequence[ChangedTask], revisions: Mapping[int, int]) -> None:
        for change in changed:
            task = self.stored[change.row.key]
            dropped = (standing for standing in task.standing.values() if standing.code in change.dropped)
            self._end(dropped, revisions[task.id])

    def _withdraw(self, gone: Sequence[GoneTask]) -> None:
        """Write that tasks no longer stand: a revision out of every queue, and their assignments ended."""
        for missing in gone:
            task = self.stored[missing.document, missing.number]
            assert task.revision is not None
            words = task.revision.model_dump(exclude={"id"})
            revision = TaskRevision(**{**words, "batch_id": self.batch, "queue": None, "digest": ""})
            self.session.add(revision)
            self.session.flush()
            assert revision.id is not None
            self._end(task.standing.values(), revision.id)

    def _end(self, assignments: Iterable[StoredAssignment], task_revision: int) -> None:
        self._insert(
            AssignmentRevision,
            (
                {
                    "assignment_id": assignment.id,
                    "task_revision_id": task_revision,
                    "batch_id": self.batch,
                    "nature": assignment.nature,
                    "counts_from": assignment.counts_from,
                    "original_due_on": assignment.due_on,
                    "collective_code": None,
                    "several_leads": False,
                    "standing": False,
                }
                for assignment in assignments
            ),
        )

    def _progress(self, reported: Sequence[ReportedProgress]) -> None:
        self._insert(Progress, (_progress_values(entry, self.batch) for entry in reported))

    def _insert(self, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
        values = list(rows)
        for start in range(0, len(values), _AT_ONCE):
            self.session.execute(insert(table.__table__), values[start : start + _AT_ONCE])


def _task_revision(row: TaskRow, task_id: int, batch: int) -> dict[str, Any]:
    return {
        "task_id": task_id,
        "batch_id": batch,
        "section": row.section,
        "text": row.text,
        "product": row.product,
        "lead_text": row.lead_text,
        "coordinating_text": row.coordinating_text,
        "deadline_text": row.deadline_text,
        "deadline_kind": row.deadline_kind,
        "recurrence": row.recurrence,
        "problem": row.problem,
        "needs_confirmation": row.needs_confirmation,
        "queue": row.queue,
        "sheet": row.sheet,
        "row": row.row,
        "cells": row.cells,
        "digest": row.digest,
    }


def _progress_values(entry: ReportedProgress, batch: int) -> dict[str, Any]:
    row, reported_on = entry.row, entry.reported_on
    return {
        "assignment_id": entry.assignment_id,
        "batch_id": batch,
        "reported_on": reported_on,
        "declared_done": row.declared_done,
        "declared_text": row.declared_text,
        "declared_completed_on": row.declared_completed_on,
        "result_text": row.result_text,
        "evidence_text": row.evidence_text,
        "evidence_number": row.evidence_number,
        "evidence_on": row.evidence_on,
        "difficulty": row.difficulty,
        "proposal": row.proposal,
        "sheet": row.sheet,
        "row": row.row,
        "cells": row.cells,
        "digest": row.digest,
    }
