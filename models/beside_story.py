"""What stands beside the story of an assignment: what was asked for, promised and raised, and who decided what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.assignment_tables import Assignment
from models.columns import table_of
from models.commitment_tables import Appeal, AppealAnswer
from models.commitments import CommitmentState, Promise, commitments_of
from models.counted import counted
from models.indicators import MeasuredIndicator, indicators_beside
from models.obstacles import ObstacleRow, obstacles_of
from models.outcome_tables import AuditEntry
from models.raised_tables import ExtensionRequest
from models.status_table import StatusRow, StatusTable
from models.told import Told, told_about


@dataclass(frozen=True)
class BesideStory:
    """Everything recorded about an assignment, and about what it is held together with, beside its facts."""

    promises: Sequence[tuple[Promise, CommitmentState]]
    requests: Sequence[ExtensionRequest]
    appeals: Sequence[tuple[Appeal, AppealAnswer | None]]
    obstacles: Sequence[ObstacleRow]
    indicators: Sequence[MeasuredIndicator]
    told: Sequence[Told]
    audit: Sequence[AuditEntry]


def beside_story(session: Session, code: str, row: StatusRow | None, *, as_of: date, known_at: datetime) -> BesideStory:
    """Return what stands beside the assignment `code` on `as_of`, by what was recorded at `known_at` (aware).

    With its `row` in the status table, all the row stands for is told of.
    """
    codes = {code, *(row.codes if row else ())}
    assignments = session.exec(
        select(Assignment).where(col(Assignment.code).in_(codes)).order_by(Assignment.code)
    ).all()
    ids = [each.id for each in assignments if each.id is not None]
    table = StatusTable(as_of, known_at, [row] if row else [], ())
    return BesideStory(
        promises=[(promise, state) for _, promise, state in commitments_of(session, table)],
        requests=_requests(session, ids, known_at),
        appeals=_appeals(session, ids, known_at),
        obstacles=[
            o for each in sorted(codes) for o in obstacles_of(session, as_of=as_of, known_at=known_at, assignment=each)
        ],
        indicators=_indicators(session, assignments, as_of, known_at),
        told=told_about(session, ids, known_at=known_at),
        audit=_audit(session, codes, known_at),
    )


def _indicators(
    session: Session, assignments: Sequence[Assignment], as_of: date, known_at: datetime
) -> Sequence[MeasuredIndicator]:
    """Return the indicators beside assignments, each once."""
    found = {
        measured.indicator.code: measured
        for each in assignments
        for measured in indicators_beside(session, each, as_of=as_of, known_at=known_at)
    }
    return list(found.values())


def _requests(session: Session, ids: Collection[int], known_at: datetime) -> Sequence[ExtensionRequest]:
    known = counted(table_of(ExtensionRequest), known_at)
    query = select(ExtensionRequest).where(col(ExtensionRequest.assignment_id).in_(ids), known)
    return session.exec(query.order_by(col(ExtensionRequest.asked_on), col(ExtensionRequest.id))).all()


def _appeals(
    session: Session, ids: Collection[int], known_at: datetime
) -> Sequence[tuple[Appeal, AppealAnswer | None]]:
    query = select(Appeal).where(col(Appeal.assignment_id).in_(ids), col(Appeal.recorded_at) <= known_at)
    appeals = session.exec(query.order_by(col(Appeal.id))).all()
    given = select(AppealAnswer).where(col(AppealAnswer.appeal_id).in_([each.id for each in appeals]))
    given = given.where(col(AppealAnswer.recorded_at) <= known_at).order_by(col(AppealAnswer.id))
    answers = {answer.appeal_id: answer for answer in session.exec(given)}
    return [(each, answers.get(each.id or 0)) for each in appeals]


def _audit(session: Session, codes: Collection[str], known_at: datetime) -> Sequence[AuditEntry]:
    query = select(AuditEntry).where(col(AuditEntry.subject).in_(codes), col(AuditEntry.at) <= known_at)
    return session.exec(query.order_by(col(AuditEntry.id))).all()
