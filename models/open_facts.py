"""What the open files give: every assignment as its document words it and as it stands, and every report about it."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlmodel import Session

from models.assignment_tables import Assignment, AssignmentRevision, Batch, Document, Progress, Task, TaskRevision
from models.columns import table_of
from models.counted import counted
from models.open_forms import OpenAssignment, OpenProgress
from models.raised_tables import ExtensionRequest, Obstacle
from models.register_tables import AgencyRow
from models.status_table import StatusRow, StatusTable
from rules.evidence import find_evidence

_A, _R, _T, _W = table_of(Assignment).c, table_of(AssignmentRevision).c, table_of(Task).c, table_of(TaskRevision).c
_D, _P, _B = table_of(Document).c, table_of(Progress).c, table_of(Batch).c
_O, _E, _AGENCY = table_of(Obstacle).c, table_of(ExtensionRequest).c, table_of(AgencyRow).c
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s?%")
_WHOLE = 100


def open_assignments(session: Session, table: StatusTable) -> Iterator[OpenAssignment]:
    """Yield every assignment the rows of `table` stand for, each by itself, in the order of lists.

    What was put together (after a merger, or for one work of several documents) shares what is said of its status.
    """
    standing = {code: row for row in table.rows for code in row.codes}
    for found in session.execute(_worded(table.known_at)):
        row = standing.get(found.code)
        if row is not None:
            yield _assignment(found, row)


def open_progress(session: Session, table: StatusTable) -> Iterator[OpenProgress]:
    """Yield what was declared about these assignments by the day of `table`: of each day what was declared last."""
    codes = {code for row in table.rows for code in row.codes}
    for found in session.execute(_declared(table.as_of, table.known_at)):
        if found.code in codes:
            yield _progress(found)


def _worded(known_at: datetime) -> Select[Any]:
    """Select the assignments that stand, with the words of their task."""
    revisions = table_of(AssignmentRevision)
    newest = select(func.max(_R.id)).where(counted(revisions, known_at)).group_by(_R.assignment_id)
    words = (_W.section, _W.text, _W.product, _W.lead_text, _W.coordinating_text, _W.deadline_text)
    return (
        select(
            _A.code, _A.agency_code, _A.period, _R.original_due_on, _T.number.label("first_number"),
            func.coalesce(_W.number, _T.number).label("number"), *words, _D.code.label("document"), _D.issued_on,
            _D.title,
        )
        .select_from(revisions)
        .join(table_of(Assignment), _A.id == _R.assignment_id)
        .join(table_of(Task), _T.id == _A.task_id)
        .join(table_of(TaskRevision), _W.id == _R.task_revision_id)
        .join(table_of(Document), _D.id == _T.document_id)
        .join(table_of(AgencyRow), _AGENCY.code == _A.agency_code)
        .where(_R.id.in_(newest), _R.standing.is_(True))
        .order_by(_D.issued_on, _D.code, _T.id, _A.period, _AGENCY.position)
    )  # fmt: skip


def _assignment(found: Any, row: StatusRow) -> OpenAssignment:
    return OpenAssignment(
        code=found.code,
        document=found.document,
        document_issued_on=found.issued_on,
        document_title=found.title,
        number=found.number,
        first_number="" if found.first_number == found.number else found.first_number,
        section=found.section,
        task=found.text,
        product=found.product,
        lead=found.agency_code,
        lead_text=found.lead_text,
        coordinating_text=found.coordinating_text,
        deadline_text=found.deadline_text,
        period=found.period,
        original_due_on=found.original_due_on,
        due_on=row.due_on,
        effective_due_on=row.effective_due_on,
        status=row.status,
        flags=row.flags,
        days_late=row.days_late,
        completed_on=row.completed_on,
        milestone=row.milestone,
        verdict=row.verdict,
        accountable=row.agency,
        counted_as=row.code,
    )


def _declared(as_of: date, known_at: datetime) -> Select[Any]:
    """Select, of each assignment and day, the newest report, with what it raised."""
    reports = table_of(Progress)
    newest = (
        select(func.max(_P.id))
        .where(counted(reports, known_at), _P.reported_on <= as_of)
        .group_by(_P.assignment_id, _P.reported_on)
    )
    said: Select[Any] = (
        select(
            _A.code, _B.recorded_at, *_P, _O.addressed_text, _O.needed_by, _E.new_due_on.label("asked_due_on"),
            _E.reason.label("asked_reason"),
        )
        .select_from(reports)
        .join(table_of(Assignment), _A.id == _P.assignment_id)
        .join(table_of(Batch), _B.id == _P.batch_id)
        .outerjoin(table_of(Obstacle), and_(*_of_report(_O, _O.raised_on)))
        .outerjoin(table_of(ExtensionRequest), and_(*_of_report(_E, _E.asked_on)))
        .where(_P.id.in_(newest))
        .order_by(_P.reported_on, _P.id)
    )  # fmt: skip
    return said


def _of_report(raised: Any, raised_on: Any) -> tuple[Any, ...]:
    """Return what ties what was raised to its report."""
    same_batch = raised.batch_id == _P.batch_id
    return same_batch, raised.assignment_id == _P.assignment_id, raised_on == _P.reported_on


def _progress(found: Any) -> OpenProgress:
    share = _SHARE.fullmatch(found.declared_text.strip())
    percent = float(share[1].replace(",", ".")) if share else None
    return OpenProgress(
        assignment=found.code,
        reported_on=found.reported_on,
        done=found.declared_done,
        status_text=found.declared_text,
        percent=percent if percent is not None and percent <= _WHOLE else None,
        completed_on=found.declared_completed_on,
        result=found.result_text,
        evidence_text=found.evidence_text,
        evidence_number=found.evidence_number or "",
        evidence_on=found.evidence_on,
        evidence_kind=next((cited.kind for cited in find_evidence(found.evidence_number or "")), None),
        difficulty=found.difficulty,
        proposal=found.proposal,
        addressed_to=found.addressed_text or "",
        needed_by=found.needed_by,
        asked_due_on=found.asked_due_on,
        asked_reason=found.asked_reason or "",
        batch=found.batch_id,
        recorded_at=found.recorded_at,
    )
