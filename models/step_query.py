"""Work done in steps: until it is done, it is in time through the last good day of the first step still open.

A step before the last is done when a document is cited for it: the first document with number and date that any report
gives does the first step, another one the second. What a return sent back does none. A due day that was moved moves
every step by as many days.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, FromClause, and_, case, distinct, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from models.columns import table_of
from models.completion_query import PROGRESS
from models.counted import BATCH, counted
from models.question import DAY, KNOWN_AT
from models.register_tables import EffectiveDayRow
from models.work_tables import TaskStep

STEP, EFFECTIVE_DAY = table_of(TaskStep), table_of(EffectiveDayRow)


class Moved(GenericFunction[date]):
    """A day moved by the calendar days from a second day to a third."""

    name = "moved"
    type = Date()
    inherit_cache = True


@compiles(Moved, "sqlite")
def _moved_on_sqlite(element: Moved, compiler: SQLCompiler, **named: Any) -> str:
    day, since, until = (compiler.process(clause, **named) for clause in element.clauses)
    return f"date({day}, (julianday({until}) - julianday({since})) || ' days')"


@compiles(Moved, "postgresql")
def _moved_on_postgresql(element: Moved, compiler: SQLCompiler, **named: Any) -> str:
    day, since, until = (compiler.process(clause, **named) for clause in element.clauses)
    return f"({day} + ({until} - {since}))"


def next_good_day(found: FromClause, final: ColumnElement[date]) -> ColumnElement[date]:
    """Return the last good day of what has to be done next; `final` is that of the work as a whole."""
    c, step, effective = found.c, STEP.alias("step"), EFFECTIVE_DAY.alias("step_day")
    due_on = Moved(step.c.due_on, c.original_due_on, c.due_on)
    first_open = and_(step.c.task_revision_id == c.task_revision_id, step.c.position == _done(found) + 1)
    good_day = (
        select(func.coalesce(effective.c.effective_on, due_on))
        .select_from(step.outerjoin(effective, effective.c.day == due_on))
        .where(first_open)
        .correlate_except(step, effective)
    )
    in_steps = c.task_revision_id.in_(select(STEP.c.task_revision_id))
    return case(
        (c.completed_on <= DAY, final), (in_steps, func.coalesce(good_day.scalar_subquery(), final)), else_=final
    )


def _done(found: FromClause) -> ColumnElement[int]:
    """Count the documents cited for an assignment that bear a date not after the day asked about."""
    report = PROGRESS.alias("cited")
    recorded_at = select(BATCH.c.recorded_at).where(BATCH.c.id == report.c.batch_id).scalar_subquery()
    cited = (
        report.c.assignment_id == found.c.assignment_id,
        report.c.evidence_on <= DAY,
        counted(report, KNOWN_AT),
        or_(found.c.since.is_(None), recorded_at > found.c.since),
    )
    numbers = select(func.count(distinct(report.c.evidence_number))).where(*cited)
    return numbers.correlate_except(report).scalar_subquery()
