"""Assignments by their codes: which task of which document each is, and whose."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session

from imports.storing.stored import FOREVER
from models.assignment_tables import Assignment, Document, Task, TaskRevision
from models.columns import table_of
from models.counted import in_live_batch

_A, _T, _D, _W = table_of(Assignment).c, table_of(Task).c, table_of(Document).c, table_of(TaskRevision).c
_AT_ONCE = 500


class Named(NamedTuple):
    """What a code names: the document and the number of the task there, and the agency it was assigned to."""

    document: str
    number: str
    agency: str


def named_by_code(session: Session, codes: Iterable[str]) -> Mapping[str, Named]:
    """Return what each of the `codes` that are known names; the number is the one the task has now."""
    wordings = table_of(TaskRevision)
    newest = (
        select(_W.number)
        .where(_W.task_id == _T.id, in_live_batch(wordings, FOREVER))
        .order_by(_W.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = (
        select(_A.code, _D.code, func.coalesce(newest, _T.number), _A.agency_code)
        .join(table_of(Task), _T.id == _A.task_id)
        .join(table_of(Document), _D.id == _T.document_id)
    )
    asked, named = sorted(set(codes)), {}
    for start in range(0, len(asked), _AT_ONCE):
        for code, *of_code in session.execute(found.where(_A.code.in_(asked[start : start + _AT_ONCE]))):
            named[code] = Named(*of_code)
    return named
