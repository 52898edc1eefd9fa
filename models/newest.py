"""The newest facts of an assignment: whoever decides has seen these, or somebody was faster."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from models.answer_tables import ObstacleAnswer
from models.assignment_tables import Decision, Progress
from models.columns import table_of
from models.commitment_tables import Appeal, AppealAnswer
from models.status_query import counted

EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Everything recorded, whatever instant a request began at."""


@dataclass(frozen=True)
class Newest:
    """The newest decision about an assignment, its newest report, and the newest answer to what was asked of it."""

    decision: Decision | None
    report: int
    answer: AppealAnswer | None

    @property
    def mark(self) -> str:
        """What a form keeps of them: another mark means another fact."""
        return f"{_number(self.decision)}.{self.report}.{_number(self.answer)}"


def newest_of(session: Session, assignment: int, *, known_at: datetime) -> Newest:
    """Return the newest facts of the assignment of an id, by what had been recorded at `known_at` (aware)."""
    decided = select(Decision).where(Decision.assignment_id == assignment, col(Decision.recorded_at) <= known_at)
    reported = select(func.max(Progress.id)).where(
        Progress.assignment_id == assignment, counted(table_of(Progress), known_at)
    )
    answered = (
        select(AppealAnswer)
        .join(Appeal, col(Appeal.id) == col(AppealAnswer.appeal_id))
        .where(Appeal.assignment_id == assignment, col(AppealAnswer.recorded_at) <= known_at)
    )
    return Newest(
        session.exec(decided.order_by(col(Decision.id).desc()).limit(1)).first(),
        session.exec(reported).one() or 0,
        session.exec(answered.order_by(col(AppealAnswer.id).desc()).limit(1)).first(),
    )


def mark_of_obstacle(session: Session, obstacle: int) -> str:
    """Return what a form keeps of the newest answer to an obstacle."""
    newest = session.exec(select(func.max(ObstacleAnswer.id)).where(ObstacleAnswer.obstacle_id == obstacle)).one()
    return str(newest or 0)


def _number(fact: Decision | AppealAnswer | None) -> int:
    return fact.id or 0 if fact else 0
