"""`waiting_duties`: work that waits for a person though nobody asked: declared done without proof, or without a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, Subquery, and_, false, func, select, true
from sqlmodel import Session

from models.assignment_tables import Assignment, AssignmentRevision, Document, Task, TaskRevision
from models.columns import table_of
from models.completion_query import CLAIMS, evidenced
from models.question import DAY, Question
from models.status_query import judged_among
from rules.status import CompletionLevel, Nature, Status

COMPLETION, UNDATED = "completion", "undated"
_ASSIGNMENT, _REVISION, _TASK = table_of(Assignment), table_of(AssignmentRevision), table_of(Task)
_DOCUMENT, _WORDS = table_of(Document), table_of(TaskRevision)
_CLAIMED = CLAIMS.alias("claimed")
# What a person must look at before it counts.
_UNPROVEN: dict[CompletionLevel, ColumnElement[bool]] = {
    CompletionLevel.DECLARED: false(),
    CompletionLevel.EVIDENCED: ~evidenced(_CLAIMED),
    CompletionLevel.CONFIRMED: true(),
}


@dataclass(frozen=True)
class WaitingDuty:
    """An open assignment that waits, since a day: its completion to be confirmed, or its due day to be set.

    `kind` is `COMPLETION` or `UNDATED`; `agency` is accountable.
    """

    kind: str
    assignment_id: int
    code: str
    agency: str
    since: date
    task: str


def waiting_duties(session: Session, question: Question) -> Sequence[WaitingDuty]:
    """Return what is declared done without counting as done, and what nobody has set a due day for."""
    return [*_completions(session, question), *_undated(session, question)]


def _completions(session: Session, question: Question) -> Iterator[WaitingDuty]:
    candidates = select(_CLAIMED.c.assignment_id).where(_UNPROVEN[question.level], _CLAIMED.c.reported_on <= DAY)
    last = CLAIMS.alias("last_claim")
    claimed_on = (
        select(func.max(last.c.reported_on))
        .where(last.c.assignment_id == _ASSIGNMENT.c.id, last.c.reported_on <= DAY)
        .correlate_except(last)
        .scalar_subquery()
    )
    found = judged_among(question.shape(session), _ASSIGNMENT.c.id.in_(candidates))
    for row in session.execute(_worded(found, claimed_on).where(found.c.awaiting == 1), question.values()):
        yield WaitingDuty(COMPLETION, *row)


def _undated(session: Session, question: Question) -> Iterator[WaitingDuty]:
    candidates = select(_REVISION.c.assignment_id).where(_REVISION.c.nature == Nature.UNDATED)
    found = judged_among(question.shape(session), _ASSIGNMENT.c.id.in_(candidates))
    waits = and_(found.c.status == Status.UNDATED, found.c.awaiting == 0)
    for row in session.execute(_worded(found, _DOCUMENT.c.issued_on).where(waits), question.values()):
        yield WaitingDuty(UNDATED, *row)


def _worded(found: Subquery, since: ColumnElement[date]) -> Select[tuple[int, str, str, date, str]]:
    c = found.c
    return (
        select(c.assignment_id, _ASSIGNMENT.c.code, c.holder, since, _WORDS.c.text)
        .join(_ASSIGNMENT, _ASSIGNMENT.c.id == c.assignment_id)
        .join(_TASK, _TASK.c.id == _ASSIGNMENT.c.task_id)
        .join(_DOCUMENT, _DOCUMENT.c.id == _TASK.c.document_id)
        .join(_WORDS, _WORDS.c.id == c.task_revision_id)
        .order_by(_ASSIGNMENT.c.id)
    )
