"""Rows that a template gave a code: it names the assignment for certain, whatever became of number and words."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

from sqlalchemy import select
from sqlmodel import Session, col

from imports.meaning.progress_rows import ProgressRow
from imports.problem import Problem, Severity, shown
from imports.storing.same_task import TaskWords
from imports.storing.stored import StoredAssignment, StoredTask
from models.assignment_tables import Assignment, Document, Task

_AT_ONCE = 500


def reported_documents(session: Session, rows: Iterable[ProgressRow]) -> set[str]:
    """Return the documents (codes) rows name, and those of the assignments their references name."""
    rows = list(rows)
    named = {row.document.code for row in rows}
    references = sorted({row.reference for row in rows if row.reference})
    found = (
        select(col(Document.code))
        .join(Task, col(Task.document_id) == col(Document.id))
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .distinct()
    )
    for start in range(0, len(references), _AT_ONCE):
        part = references[start : start + _AT_ONCE]
        named.update(session.scalars(found.where(col(Assignment.code).in_(part))))
    return named


class References:
    """The stored assignments by the code a template gave their rows."""

    def __init__(self, stored: Iterable[StoredTask], words: TaskWords) -> None:
        """Hold the tasks; their assignments are looked through when the first row has a code."""
        self._stored, self._words = stored, words

    @cached_property
    def _by_code(self) -> dict[str, tuple[StoredTask, StoredAssignment]]:
        return {a.code: (task, a) for task in self._stored for a in task.standing.values()}

    def targets(
        self, row: ProgressRow, concerned: Collection[str], holders: Callable[[StoredTask], Iterable[str]]
    ) -> tuple[Sequence[StoredAssignment], Problem | None]:
        """Return the assignments the row is about, and what is to be said of its code.

        These are, of the task and period it names, the ones of `holders`, else the one it names. A code that stands
        for none, or for one of an agency that is not `concerned`, is refused; so is one beside the number and the very
        words of another task of theirs. One beside another number or other words is asked about.
        """
        task, named = self._by_code.get(row.reference, (None, None))
        if task is None or named is None or named.agency not in concerned:
            return [], problem("unknown_reference", row, Severity.STOPS, agency=", ".join(row.agencies))
        mine = [task.standing[key] for holder in holders(task) if (key := (holder, named.period)) in task.standing]
        mine = mine or [named]
        if self._agrees(row, task):
            return mine, None
        others = self._words.named(row.document.code, row.number, row.text)
        if any(other is not task and not other.agencies.isdisjoint(concerned) for other in others):
            values = {"number": task.number, "stored": shown(task.text), "written": row.number}
            return [], problem("reference_of_another_task", row, Severity.STOPS, **values)
        stored = {"number": task.number, "document": task.document, "stored": shown(task.text)}
        return mine, problem("reference_differs", row, Severity.TO_CONFIRM, written=row.number, **stored)

    def _agrees(self, row: ProgressRow, task: StoredTask) -> bool:
        numbered = row.number == task.number or row.number.endswith(f".{task.number}")
        return numbered and row.document.code == task.document and self._words.may_be(row.text, task)


def problem(code: str, row: ProgressRow, severity: Severity, **values: object) -> Problem:
    """Return a problem at the code of a row."""
    column = row.cells.get("reference", "").rstrip("0123456789") or None
    return Problem(code, severity, row.sheet, row.row, column, shown(row.reference), values)
