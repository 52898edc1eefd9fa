"""`duties_of`: of every duty only what escalation asks about, for registers too large to be worded row by row."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from models.assignment_tables import Assignment, AssignmentRevision, Document, Task, TaskRevision
from models.columns import table_of
from models.counted import counted
from models.handed_tables import HandedDown
from models.outcome_tables import NoticeItem
from models.question import CODES, Question
from models.raised_tables import Obstacle
from models.same_work import is_linked
from models.status_query import judged
from rules.status import NEVER, Status

OPEN = frozenset({Status.OVERDUE, Status.DUE_SOON, Status.IN_PROGRESS})
WITHDRAWN = "withdrawn"
_AT_ONCE = 900


class Awaited(NamedTuple):
    """An obstacle that waits for its answer: its id, what stands in the way, and the agency that raised it."""

    id: int
    text: str
    raised_by: str


class Share(NamedTuple):
    """A share of an assignment that its agency handed down: its id and code, the unit, what it must do and deliver."""

    id: int
    code: str
    unit: str
    text: str
    product: str


class Duty(NamedTuple):
    """One assignment on the day asked about; `agency` is accountable, `awaiting` says declared done without evidence.

    `last_good_day` and `completed_on` are `NEVER` where there is no such day; `status` is a `Status`, or `WITHDRAWN`
    for an assignment that no longer stands; `extended` says that more time was granted. With an `obstacle` it is the
    answer that `agency` owes by `last_good_day` to what blocks the assignment, with a `share` what a unit of `agency`
    must do of it by then.
    """

    assignment_id: int
    code: str
    agency: str
    status: str
    last_good_day: date
    completed_on: date
    awaiting: int
    wording_id: int
    period: str
    task_id: int = 0
    extended: int = 0
    obstacle: Awaited | None = None
    share: Share | None = None

    @property
    def subject(self) -> tuple[int, int, int]:
        """What is told of: the assignment, and what stands beside it: an obstacle, or a share (both 0: neither)."""
        return self.assignment_id, self.obstacle.id if self.obstacle else 0, self.share.id if self.share else 0

    @property
    def is_beside(self) -> bool:
        """Whether it stands beside the assignment: an answer owed to an obstacle, or a share handed down."""
        return self.obstacle is not None or self.share is not None


class Wording(NamedTuple):
    """How a task is worded, and in which document."""

    document: str
    number: str
    task: str
    product: str
    deadline_text: str


def duties_of(session: Session, question: Question, *, through: date) -> list[Duty]:
    """Return the open duties due through a day, and whatever was ever told of, is blocked or handed down, by id."""
    holder = judged(question.shape(session)).c
    found = (
        select(
            holder.named_after, Assignment.code, holder.holder, holder.status, holder.last_good_day,
            holder.completed_on, holder.awaiting, holder.task_revision_id, holder.period, holder.task_id,
            holder.extended,
        )  # type: ignore[call-overload]
        .join(Assignment, Assignment.id == holder.named_after)
        .where(or_(*_asked(holder, question, through)))
    )  # fmt: skip
    rows = session.connection().execute(found, question.values())
    return sorted(Duty(*row) for row in rows.all())


def _asked(holder: Any, question: Question, through: date) -> Iterator[ColumnElement[bool]]:
    """Yield what brings a row into the answer; what was told of a part, or of a linked row, concerns its whole."""
    told, obstacle, handed = table_of(NoticeItem).c, table_of(Obstacle).c, table_of(HandedDown).c
    blocked = select(obstacle.assignment_id).where(obstacle.addressed_to.is_not(None))
    concerned = (select(told.assignment_id), blocked, select(handed.assignment_id))
    yield and_(holder.status.in_([str(status) for status in OPEN]), holder.last_good_day <= through)
    yield from (holder.named_after.in_(ids) for ids in concerned)
    if question.touched:
        tasks = select(col(Assignment.task_id)).where(or_(*(col(Assignment.id).in_(ids) for ids in concerned)))
        yield and_(holder.holder.in_(CODES), holder.task_id.in_(tasks))
    if question.kinds.linked:
        yield is_linked(holder.task_id)


def withdrawn_of(session: Session, question: Question, ids: Iterable[int]) -> list[Duty]:
    """Return those of `ids` that no longer stand: taken out of the document, or their workbook taken back."""
    revision, wanted, found = table_of(AssignmentRevision).c, sorted(set(ids)), []
    of_all = (revision.task_revision_id, Assignment.period, Assignment.task_id)
    for at in range(0, len(wanted), _AT_ONCE):
        some = revision.assignment_id.in_(wanted[at : at + _AT_ONCE])
        known = select(func.max(revision.id)).where(some, counted(table_of(AssignmentRevision), question.known_at))
        stands = select(revision.assignment_id).where(
            revision.id.in_(known.group_by(revision.assignment_id)), revision.standing
        )
        newest = select(func.max(revision.id)).where(some, revision.assignment_id.not_in(stands))
        rows = session.execute(
            select(Assignment.id, Assignment.code, Assignment.agency_code, *of_all)  # type: ignore[call-overload]
            .join(table_of(AssignmentRevision), revision.assignment_id == Assignment.id)
            .where(revision.id.in_(newest.group_by(revision.assignment_id)))
        )
        for id_, code, agency, wording_id, period, task_id in rows:
            holder = question.passed_on.get(agency, agency)
            found.append(Duty(id_, code, holder, WITHDRAWN, NEVER, NEVER, 0, wording_id, period, task_id))
    return found


def wordings_of(session: Session, ids: Iterable[int]) -> Mapping[int, Wording]:
    """Return the words of task revisions by their ids."""
    wanted, words = sorted(set(ids)), table_of(TaskRevision).c
    number = func.coalesce(words.number, Task.number)
    found: dict[int, Wording] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        query = (
            select(words.id, Document.code, number, words.text, words.product, words.deadline_text)  # type: ignore[call-overload]
            .join(Task, col(Task.id) == words.task_id)
            .join(Document, col(Document.id) == col(Task.document_id))
            .where(words.id.in_(wanted[at : at + _AT_ONCE]))
        )
        found.update((row[0], Wording(*row[1:])) for row in session.execute(query))
    return found
