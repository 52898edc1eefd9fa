"""Which wordings of tasks count: all but those of batches taken back that no undo kept.

What was taken back is little, what counts grows every week: so the little is read and the rest left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from models.assignment_tables import AssignmentRevision, Task, TaskRevision, Undo
from models.batch_tables import Kept
from models.columns import table_of

_TASK, _WORDING, _DATES = table_of(Task).c, table_of(TaskRevision).c, table_of(AssignmentRevision).c
_UNDO, _KEPT = table_of(Undo).c, table_of(Kept).c
_AT_ONCE = 500


@dataclass(frozen=True)
class TakenBack:
    """The `batches` taken back (ids); of their wordings the `kept` (ids) count all the same, for an undo kept some."""

    batches: frozenset[int]
    kept: frozenset[int]

    def counts(self, wording: int, batch: int) -> bool:
        """Whether a wording (its id) of a batch counts."""
        return batch not in self.batches or wording in self.kept


def taken_back(session: Session) -> TakenBack:
    """Return what was taken back until now."""
    batches = frozenset(session.scalars(select(_UNDO.batch_id)))
    return TakenBack(batches, frozenset(_wordings_kept(session) if batches else ()))


def _wordings_kept(session: Session) -> Iterator[int]:
    kept = {(assignment, batch) for assignment, batch in session.execute(select(_KEPT.assignment_id, _KEPT.batch_id))}
    dates = select(_DATES.assignment_id, _DATES.batch_id, _DATES.task_revision_id)
    for some in _in_parts({assignment for assignment, _ in kept}):
        for assignment, batch, wording in session.execute(dates.where(_DATES.assignment_id.in_(some))):
            if (assignment, batch) in kept:
                yield wording


def documents_gone(session: Session) -> set[int]:
    """Return the documents (ids) that have tasks, and no task with a wording that counts."""
    gone = taken_back(session)
    touched = set(_documents_of(session, gone.batches))
    wordings = select(_TASK.document_id, _WORDING.id, _WORDING.batch_id).join(Task, _TASK.id == _WORDING.task_id)
    return touched - {
        document
        for some in _in_parts(touched)
        for document, wording, batch in session.execute(wordings.where(_TASK.document_id.in_(some)))
        if gone.counts(wording, batch)
    }


def _documents_of(session: Session, batches: frozenset[int]) -> Iterator[int]:
    query = select(_TASK.document_id).join(TaskRevision, _TASK.id == _WORDING.task_id).distinct()
    for some in _in_parts(batches):
        yield from session.scalars(query.where(_WORDING.batch_id.in_(some)))


def _in_parts(ids: set[int] | frozenset[int]) -> Iterator[list[int]]:
    in_order = sorted(ids)
    for start in range(0, len(in_order), _AT_ONCE):
        yield in_order[start : start + _AT_ONCE]
