"""What is in doubt about reports once it is known which assignments they are about."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from imports.meaning.progress_rows import ProgressRow
from imports.problem import Problem, Severity, shown
from imports.storing.extensions import deadlines_written_over, pointless_extensions
from imports.storing.proof import other_products
from imports.storing.stored import FOREVER, StoredAssignment, StoredTask, declared_done
from models.assignment_tables import Progress
from models.columns import table_of
from models.status_query import counted
from rules.product import Proof

_PROGRESS = table_of(Progress)
_AT_ONCE = 500
Reported = Mapping[int, tuple[StoredAssignment, ProgressRow]]


def report_doubts(
    session: Session,
    on: date,
    reported: Reported,
    proofs: Iterable[tuple[ProgressRow, Proof, str]],
    tasks: Mapping[int, StoredTask],
) -> Iterator[Problem]:
    """Yield what is to be said of reports of the day `on`, by the assignments (ids) and `tasks` they are about."""
    yield from other_products(proofs)
    yield from pointless_extensions(reported.values())
    yield from deadlines_written_over((row, tasks[id_]) for id_, (_, row) in reported.items())
    yield from _done_taken_back(session, on, reported, {task.document for task in tasks.values()})


def _done_taken_back(session: Session, on: date, reported: Reported, documents: Collection[str]) -> Iterator[Problem]:
    """Ask about work declared not done that was last declared done; one question per row."""
    undone = {id_: row for id_, (_, row) in reported.items() if row.declared_done is False}
    ever_done = declared_done(session, documents, on) if undone else set()
    told: set[int] = set()
    for id_, day in _last_declared_done(session, ever_done & undone.keys(), on):
        row = undone[id_]
        if id(row) not in told:
            told.add(id(row))
            column = row.cells.get("status", row.cells.get("progress_pct", "")).rstrip("0123456789") or None
            values = {"number": row.number, "day": f"{day:%d/%m/%Y}"}
            place = (row.sheet, row.row, column, shown(row.declared_text))
            yield Problem("done_taken_back", Severity.TO_CONFIRM, *place, values)


def _last_declared_done(session: Session, assignments: Collection[int], on: date) -> Iterator[tuple[int, date]]:
    """Yield the assignments that the newest live report up to `on` says done, with its day."""
    p, ids = _PROGRESS.c, sorted(assignments)
    declared = select(p.assignment_id, p.reported_on, p.declared_done).where(p.declared_done.is_not(None))
    so_far = declared.where(p.reported_on <= on, counted(_PROGRESS, FOREVER)).order_by(p.reported_on, p.id)
    for start in range(0, len(ids), _AT_ONCE):
        these = session.execute(so_far.where(p.assignment_id.in_(ids[start : start + _AT_ONCE])))
        newest = {id_: (day, done) for id_, day, done in these}
        yield from ((id_, day) for id_, (day, done) in newest.items() if done)
