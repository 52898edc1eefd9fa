"""The same work given by several documents: counted once, by the deadline that binds.

Of the rows an agency holds of one work that one counts which is not cancelled, has a due day, and stands in the latest
document; of equals the one due first. Work done under one document is done under all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, case, exists, func, select
from sqlmodel import Session

from models.assignment_tables import Assignment, Document, Task, TaskRevision
from models.columns import table_of
from models.judging import status_by, total_facts
from models.question import DAY, KNOWN_AT
from models.status_facts import day
from models.work_tables import SameWork
from rules.status import NEVER, Status

SAME_WORK, TASK, DOCUMENT, ASSIGNMENT = (table_of(each) for each in (SameWork, Task, Document, Assignment))
WORDING = table_of(TaskRevision)
Held = tuple[int, str, str]


@dataclass(frozen=True)
class OtherDocument:
    """A row that is the same work and not counted: its code and document, its due day, how it would stand alone.

    `parts` are the codes of the assignments it holds as one, as in `StatusRow`; `number`, `task` and `collective` say
    where it stands written and to whom it was given there.
    """

    code: str
    parts: tuple[str, ...]
    document: str
    issued_on: date
    due_on: date | None
    status: Status
    number: str
    task: str
    collective: str | None


def works() -> Subquery:
    """Return which work each task is that somebody said something about: the newest said by then."""
    said, later = SAME_WORK.alias("said"), SAME_WORK.alias("later")
    newer = exists().where(later.c.task_id == said.c.task_id, later.c.id > said.c.id, later.c.recorded_at <= KNOWN_AT)
    known = select(said.c.task_id, said.c.work_id).where(said.c.recorded_at <= KNOWN_AT)
    return known.where(~newer.correlate_except(later)).subquery("works")


def is_linked(task_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether somebody said which work a task is."""
    return task_id.in_(select(works().c.task_id))


def bound(rows: FromClause, *, told: bool) -> Subquery:
    """Return of the rows of one work, period and agency the one that counts; done when any of them is."""
    c, work = rows.c, works()
    together = (func.coalesce(work.c.work_id, -c.task_id), c.period, c.holder)
    completed_on = func.min(c.completed_on).over(partition_by=together)
    changed: dict[str, ColumnElement[Any]] = {"completed_on": completed_on}
    changed["last_good_day"] = case((completed_on <= DAY, c.final_good_day), else_=c.last_good_day)
    if told:
        changed["heard_on"] = func.max(c.heard_on).over(partition_by=together)
        changed["awaiting"] = func.max(c.awaiting).over(partition_by=together)
        changed["documents"] = func.count().over(partition_by=together)
    binding_first = (
        case((c.cancelled_on <= DAY, 1), else_=0),
        case((c.due_on.is_(None), 1), else_=0),
        DOCUMENT.c.issued_on.desc(),
        func.coalesce(c.due_on, day(NEVER)),
        c.task_id,
    )
    source = rows.join(TASK, TASK.c.id == c.task_id).join(DOCUMENT, DOCUMENT.c.id == TASK.c.document_id)
    ranked = (
        select(
            *(changed.get(column.name, column).label(column.name) for column in c),
            func.row_number().over(partition_by=together, order_by=binding_first).label("rank"),
        )
        .select_from(source.outerjoin(work, work.c.task_id == c.task_id))
        .subquery("ranked")
    )
    judged: dict[str, ColumnElement[Any]] = {"status": status_by(total_facts(ranked.c))}
    if told:
        open_ = (ranked.c.completed_on > DAY) & (ranked.c.cancelled_on > DAY)
        judged["awaiting"] = case((open_, ranked.c.awaiting), else_=0)
    columns = (judged.get(column.name, ranked.c[column.name]).label(column.name) for column in c)
    return select(*columns).where(ranked.c.rank == 1).subquery("bound")


@lru_cache
def documents(rows: FromClause) -> Select[Any]:
    """Select the linked rows before one of them is chosen, each with its work, its code and its document."""
    c, work = rows.c, works()
    read = (work.c.work_id, c.period, c.holder, c.task_id, ASSIGNMENT.c.code, DOCUMENT.c.code.label("document"))
    number = func.coalesce(WORDING.c.number, TASK.c.number).label("number")
    return (
        select(*read, DOCUMENT.c.issued_on, c.due_on, c.status, number, WORDING.c.text, c.collective_code)
        .select_from(rows)
        .join(work, work.c.task_id == c.task_id)
        .join(ASSIGNMENT, ASSIGNMENT.c.id == c.named_after)
        .join(TASK, TASK.c.id == c.task_id)
        .join(WORDING, WORDING.c.id == c.task_revision_id)
        .join(DOCUMENT, DOCUMENT.c.id == TASK.c.document_id)
        .order_by(DOCUMENT.c.issued_on, ASSIGNMENT.c.code)
    )


def others_by_row(
    found: Sequence[Any], inherited: Mapping[Held, Sequence[str]]
) -> Mapping[Held, Sequence[OtherDocument]]:
    """Return, by task, period and agency, the other documents' rows of the same work, oldest document first.

    `inherited` are the codes that passed to a successor, by the same key.
    """
    by_work: dict[Held, list[Any]] = {}
    for row in found:
        by_work.setdefault((row.work_id, row.period, row.holder), []).append(row)
    return {
        (row.task_id, row.period, row.holder): [_other(each, inherited) for each in group if each is not row]
        for group in by_work.values()
        for row in group
    }


def works_known(session: Session, known_at: datetime) -> dict[int, int]:
    """Return the work of each task somebody said something about, by what was recorded at `known_at` (aware)."""
    work = works()
    return dict(session.execute(select(work.c.task_id, work.c.work_id), {"known_at": known_at}).tuples().all())


def _other(row: Any, inherited: Mapping[Held, Sequence[str]]) -> OtherDocument:
    taken = inherited.get((row.task_id, row.period, row.holder), ())
    own = () if row.code in taken else (row.code,)
    held, written = (row.code, (*own, *taken)), (row.number, row.text, row.collective_code)
    return OtherDocument(*held, row.document, row.issued_on, row.due_on, Status(row.status), *written)
