"""What the report reads of what agencies raise and promise: requests, disputes, obstacles, commitments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from sqlmodel import Session, col, select

from models.assignment_tables import Assignment, Batch, Decision
from models.columns import table_of
from models.commitment_tables import Appeal, AppealAnswer
from models.commitments import CommitmentState, Promise, commitments_of
from models.counted import counted
from models.obstacles import ObstacleRow, obstacles_of
from models.raised_tables import ExtensionRequest
from models.status_table import StatusTable
from reports.counts import DONE
from reports.raised import Asked, OpenObstacle
from reports.text import cleaned
from rules.obstacle import ObstacleStatus
from rules.register import Register
from rules.status import Status

EXTENSION, DISPUTE = "extension", "dispute"
_EXTEND, _DECLINE = "extend", "decline"
_GRANTED, _DECLINED, _COMPLETED, _CANCELLED = "granted", "declined", "completed", "cancelled"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Request:
    """More time or another status asked for an assignment, before it is named."""

    code: str
    assignment_id: int
    asked_by: str
    kind: str
    asked_on: date
    until_on: date | None
    text: str
    answer: str = ""


@dataclass(frozen=True)
class Raised:
    """All that was raised and promised by the cut-off: promises by the code of the assignment, obstacles unanswered."""

    requests: Sequence[Request] = ()
    promises: Mapping[str, tuple[Promise, CommitmentState]] = field(default_factory=dict)
    obstacles: Sequence[ObstacleRow] = ()

    @cached_property
    def _reasons(self) -> Mapping[str, tuple[date, str]]:
        """Why more time is needed, by the code of the assignment: the last that was said, and when."""
        said = [(each.asked_on, each.code, each.text) for each in self.requests]
        said += [(one.commitment.given_on, code, one.commitment.reason) for code, (one, _) in self.promises.items()]
        return {code: (day, text) for day, code, text in sorted(said) if text}

    def reason_for(self, codes: Iterable[str]) -> str:
        """Return why more time is needed, as last said with a request or a commitment; "" when nobody said."""
        known = (self._reasons.get(code, (date.min, "")) for code in codes)
        return max(known, default=(date.min, ""))[1]


def raised_by(session: Session, then: StatusTable) -> Raised:
    """Return what was raised by the day of `then`, as it was known then; the newest of each kind counts."""
    as_of, known_at = then.as_of, then.known_at
    promises = {row.code: (each, state) for row, each, state in commitments_of(session, then)}
    obstacles = [
        row
        for row in obstacles_of(session, as_of=as_of, known_at=known_at)
        if row.status is not ObstacleStatus.ANSWERED
    ]
    requests = [*_requests(session, as_of, known_at), *_appeals(session, as_of, known_at)]
    return Raised(sorted(requests, key=lambda each: (each.asked_on, each.code, each.kind)), promises, obstacles)


def _requests(session: Session, as_of: date, known_at: datetime) -> Iterable[Request]:
    """Return the newest request of each agency about each assignment, and whether it was granted or declined since."""
    rows = session.exec(
        select(ExtensionRequest, Assignment.code, Batch.recorded_at)
        .join(Assignment, col(Assignment.id) == col(ExtensionRequest.assignment_id))
        .join(Batch, col(Batch.id) == col(ExtensionRequest.batch_id))
        .where(counted(table_of(ExtensionRequest), known_at), col(ExtensionRequest.asked_on) <= as_of)
        .order_by(col(ExtensionRequest.asked_on), col(ExtensionRequest.id))
    )
    newest = {(row.assignment_id, row.asked_by): (row, code, recorded_at) for row, code, recorded_at in rows}
    extended, declined = _last(session, _EXTEND, known_at), _last(session, _DECLINE, known_at)
    for row, code, recorded_at in newest.values():
        granted_at, declined_at = (each.get(row.assignment_id, _NEVER) for each in (extended, declined))
        answer = _GRANTED if granted_at > declined_at else _DECLINED
        answer = answer if max(granted_at, declined_at) >= recorded_at else ""
        about = (code, row.assignment_id, row.asked_by)
        yield Request(*about, EXTENSION, row.asked_on, row.new_due_on, cleaned(row.reason), answer)


def _last(session: Session, action: str, known_at: datetime) -> Mapping[int, datetime]:
    """Return when an action was last decided of each assignment, whatever its day: so the statuses count extensions."""
    given = select(Decision).where(Decision.action == action, col(Decision.recorded_at) <= known_at)
    return {row.assignment_id: row.recorded_at for row in session.exec(given.order_by(col(Decision.recorded_at)))}


def _appeals(session: Session, as_of: date, known_at: datetime) -> Iterable[Request]:
    given = select(AppealAnswer).where(
        col(AppealAnswer.recorded_at) <= known_at, col(AppealAnswer.answered_on) <= as_of
    )
    answers = {row.appeal_id: row.outcome for row in session.exec(given.order_by(col(AppealAnswer.id)))}
    extended = _last(session, _EXTEND, known_at)
    rows = session.exec(
        select(Appeal, Assignment)
        .join(Assignment, col(Assignment.id) == col(Appeal.assignment_id))
        .where(col(Appeal.asked_on) <= as_of, col(Appeal.recorded_at) <= known_at)
        .where(col(Appeal.kind).in_((EXTENSION, DISPUTE)))
        .order_by(col(Appeal.asked_on), col(Appeal.id))
    )
    for row, assignment in rows:
        assert row.id is not None
        about = (assignment.code, row.assignment_id, assignment.agency_code, row.kind)
        granted = row.kind == EXTENSION and extended.get(row.assignment_id, _NEVER) >= row.recorded_at
        answer = answers.get(row.id, _GRANTED if granted else "")
        yield Request(*about, row.asked_on, row.until_on, cleaned(row.text), answer)


def asked_of(raised: Raised, then: StatusTable, register: Register, *, more_time: bool) -> tuple[Asked, ...]:
    """Return the requests for more time, or the other ones, about work that counts.

    One nobody answered waits no more once its work is cancelled, or done where more time was asked for.
    """
    names = {agency.code: agency.name_vi for agency in register.agencies}
    rows = {code: row for row in then.rows for code in row.codes}
    return tuple(
        Asked(
            code=each.code,
            agency=rows[each.code].agency,
            agency_name=names.get(each.asked_by, each.asked_by),
            task=cleaned(rows[each.code].task),
            kind=each.kind,
            asked_on=each.asked_on,
            until_on=each.until_on,
            text=each.text,
            answer=each.answer or _settled(each, rows[each.code].status),
        )
        for each in raised.requests
        if each.code in rows and (each.kind == EXTENSION) is more_time
    )


def _settled(request: Request, status: Status) -> str:
    if status is Status.CANCELLED:
        return _CANCELLED
    return _COMPLETED if request.kind == EXTENSION and status in DONE else ""


def open_obstacles(raised: Raised, register: Register) -> tuple[OpenObstacle, ...]:
    """Return the obstacles nobody answered, by who must answer, longest waiting first."""
    names = {agency.code: agency.name_vi for agency in register.agencies}
    found = [
        OpenObstacle(
            code=row.assignment,
            raised_by=names.get(row.obstacle.raised_by, row.obstacle.raised_by),
            raised_on=row.obstacle.raised_on,
            addressed_to=row.addressed_to or "",
            addressed_name=addressee(row, names),
            needed_by=row.obstacle.needed_by,
            days_late=row.days_late,
            text=cleaned(row.obstacle.text),
            proposal=cleaned(row.obstacle.proposal),
        )
        for row in raised.obstacles
    ]
    return tuple(sorted(found, key=lambda each: (each.addressed_name, -each.days_late, each.raised_on, each.code)))


def addressee(row: ObstacleRow, names: Mapping[str, str]) -> str:
    """Return the name of who must answer, or the words as written; "" when the obstacle names nobody."""
    return names.get(row.addressed_to or "", cleaned(row.obstacle.addressed_text))
