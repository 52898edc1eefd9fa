"""`obstacles_of`: what stands in the way of assignments, who must answer by when, and whether somebody has."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from models.answer_tables import ObstacleAnswer
from models.assignment_tables import Assignment, Batch
from models.columns import table_of
from models.raised_tables import Obstacle
from models.reference import calendar_of, succession_of
from models.status import last_good_day
from models.status_query import counted
from rules.calendar import WorkingCalendar
from rules.obstacle import ObstacleStatus, judge_obstacle
from rules.status import NEVER

Raised = tuple[Obstacle, str, Batch]


@dataclass(frozen=True)
class ObstacleRow:
    """One obstacle as it stands on a day: `addressed_to` is who is accountable for the answer that day.

    `effective_needed_by` is the day through which an answer is in time (NEVER without a day); `days_late` counts
    working days from it to the answer, or to the day asked about. `batch` is where it was raised.
    """

    obstacle: Obstacle
    assignment: str
    addressed_to: str | None
    effective_needed_by: date
    status: ObstacleStatus
    days_late: int
    answer: ObstacleAnswer | None
    batch: Batch


def obstacles_of(
    session: Session,
    *,
    as_of: date,
    known_at: datetime,
    assignment: str | None = None,
    agencies: Collection[str] | None = None,
) -> Sequence[ObstacleRow]:
    """Return every obstacle that stands on `as_of`, by what had been recorded at `known_at` (aware), oldest first.

    `assignment` is a code that narrows them, `agencies` those who raised them or were asked. Of several an agency
    raised about one assignment the newest stands.
    """
    calendar, passed_on = calendar_of(session), succession_of(session).accountable(as_of)
    answers = _answers(session, as_of, known_at)
    query = (
        select(Obstacle, Assignment.code, Batch)
        .join(Assignment, col(Assignment.id) == col(Obstacle.assignment_id))
        .join(Batch, col(Batch.id) == col(Obstacle.batch_id))
        .where(counted(table_of(Obstacle), known_at), col(Obstacle.raised_on) <= as_of)
        .order_by(col(Obstacle.raised_on), col(Obstacle.id))
    )
    if assignment is not None:
        query = query.where(Assignment.code == assignment)
    if agencies is not None:
        addressed = select(Obstacle.assignment_id).where(col(Obstacle.addressed_to).in_(agencies))
        raised = col(Obstacle.raised_by).in_(agencies)
        query = query.where(or_(raised, col(Obstacle.assignment_id).in_(addressed)))
    return [
        _row(row, passed_on.get(row[0].addressed_to or "", row[0].addressed_to), answers, calendar, as_of)
        for row in _standing(session.exec(query))
    ]


def _standing(raised: Iterable[Raised]) -> Iterable[Raised]:
    """Return the newest obstacle of each agency about each assignment; in the same words it is the one raised first."""
    first: dict[tuple[int, str, str], Raised] = {}
    newest: dict[tuple[int, str], Raised] = {}
    for row in raised:
        whose = (row[0].assignment_id, row[0].raised_by)
        newest[whose] = first.setdefault((*whose, row[0].digest), row)
    return newest.values()


def _answers(session: Session, as_of: date, known_at: datetime) -> dict[int, ObstacleAnswer]:
    given = select(ObstacleAnswer).where(
        col(ObstacleAnswer.recorded_at) <= known_at, col(ObstacleAnswer.answered_on) <= as_of
    )
    return {answer.obstacle_id: answer for answer in session.exec(given.order_by(col(ObstacleAnswer.id)))}


def _row(
    found: Raised,
    addressed_to: str | None,
    answers: dict[int, ObstacleAnswer],
    calendar: WorkingCalendar,
    as_of: date,
) -> ObstacleRow:
    obstacle, code, batch = found
    assert obstacle.id is not None
    answer, by = answers.get(obstacle.id), last_good_day(calendar, obstacle.needed_by)
    answered_on = answer.answered_on if answer else NEVER
    status = judge_obstacle(last_good_day=by, answered_on=answered_on, as_of=as_of)
    late = by != NEVER and min(answered_on, as_of) > by
    days_late = calendar.working_days_between(by, min(answered_on, as_of)) if late else 0
    return ObstacleRow(obstacle, code, addressed_to, by, status, days_late, answer, batch)
