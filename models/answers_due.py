"""`answers_due`: the answers that agencies owe to obstacles others raised, each as a duty with a due day of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.assignment_tables import Assignment, AssignmentRevision
from models.columns import table_of
from models.duties import WITHDRAWN, Awaited, Duty
from models.obstacles import ObstacleRow
from models.raised_tables import Obstacle
from rules.obstacle import ObstacleStatus
from rules.status import NEVER, Status

_STANDS = {
    ObstacleStatus.ANSWERED: Status.COMPLETED_ON_TIME,
    ObstacleStatus.OVERDUE: Status.OVERDUE,
    ObstacleStatus.OPEN: Status.IN_PROGRESS,
}
_AT_REST = frozenset({Status.CANCELLED, Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE})


class Words(NamedTuple):
    """The code of an assignment, the id of its words, and the period of a recurring duty."""

    code: str
    wording_id: int
    period: str


def answers_due(
    session: Session, obstacles: Sequence[ObstacleRow], blocked: Mapping[int, Duty], told: Iterable[int]
) -> list[Duty]:
    """Return a duty for each obstacle addressed to another agency with a day, and for those once `told` of (their ids).

    `blocked` is the duty each blocked assignment counts under. While that rests the answer rests with it. `WITHDRAWN`
    is an obstacle that nobody need answer now: raised in other words since, taken back, or of work that is done, off
    the list or the answering agency's own.
    """
    awaited = [row for row in obstacles if row.addressed_to and row.effective_needed_by != NEVER]
    gone = sorted({*told} - {row.obstacle.id or 0 for row in awaited})
    rows = session.scalars(select(Obstacle).where(col(Obstacle.id).in_(gone))).all() if gone else []
    unknown = [each.assignment_id for each in (*(row.obstacle for row in awaited), *rows)]
    words = words_of(session, sorted({*unknown} - blocked.keys()))
    words |= {id_: Words(duty.code, duty.wording_id, duty.period) for id_, duty in blocked.items()}
    return [*_standing(awaited, blocked, words), *(_withdrawn(row, row.addressed_to or "", words) for row in rows)]


def _standing(
    awaited: Iterable[ObstacleRow], blocked: Mapping[int, Duty], words: Mapping[int, Words]
) -> Iterator[Duty]:
    for row in awaited:
        obstacle, owes = row.obstacle, row.addressed_to or ""
        duty = blocked.get(obstacle.assignment_id)
        if duty is None or duty.agency == owes or (duty.status in _AT_REST and row.answer is None):
            yield _withdrawn(obstacle, owes, words)
            continue
        rests = duty.status == Status.SUSPENDED and row.answer is None
        answered_on = row.answer.answered_on if row.answer else NEVER
        yield Duty(
            obstacle.assignment_id, row.assignment, owes, Status.SUSPENDED if rests else _STANDS[row.status],
            row.effective_needed_by, answered_on, 0, duty.wording_id, duty.period, duty.task_id,
            obstacle=Awaited(obstacle.id or 0, obstacle.text, obstacle.raised_by),
        )  # fmt: skip


def _withdrawn(obstacle: Obstacle, owes: str, words: Mapping[int, Words]) -> Duty:
    code, wording_id, period = words[obstacle.assignment_id]
    awaited = Awaited(obstacle.id or 0, obstacle.text, obstacle.raised_by)
    return Duty(
        obstacle.assignment_id, code, owes, WITHDRAWN, NEVER, NEVER, 0, wording_id, period, obstacle=awaited
    )  # fmt: skip


def words_of(session: Session, ids: Sequence[int]) -> dict[int, Words]:
    """Return how assignments that are no duty are worded, by their ids."""
    revision = table_of(AssignmentRevision).c
    newest = select(func.max(revision.id)).where(revision.assignment_id.in_(ids)).group_by(revision.assignment_id)
    query = (
        select(Assignment.id, Assignment.code, revision.task_revision_id, Assignment.period)  # type: ignore[call-overload]
        .join(table_of(AssignmentRevision), revision.assignment_id == Assignment.id)
        .where(revision.id.in_(newest))
    )
    return {id_: Words(*words) for id_, *words in session.execute(query)} if ids else {}
