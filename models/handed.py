"""`handed_of`: the shares of assignments that agencies handed down to their units, and how each stands on a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.assignment_tables import Assignment, Decision
from models.handed_tables import HandedDown, HandedReport
from models.reference import calendar_of
from models.status import last_good_day
from models.story import clock_stops
from rules.calendar import WorkingCalendar
from rules.handed import HandedStatus, judge_handed
from rules.hold import Stretch, due_after_hold
from rules.status import NEVER

_DONE = frozenset({HandedStatus.COMPLETED_ON_TIME, HandedStatus.COMPLETED_LATE})


class HandedState(StrEnum):
    """What is declared of a share."""

    OPEN = "open"
    DONE = "done"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True)
class HandedRow:
    """One share as it stands on a day.

    `due_on` is its due day, moved by the holds that stopped its assignment's clock since it was handed down;
    `effective_due_on` is the last day through which it is in time; `days_late` counts working days from it to its
    completion, or to the day asked about. `report` is the newest declaration, None before the first.
    """

    handed: HandedDown
    assignment: str
    due_on: date
    effective_due_on: date
    status: HandedStatus
    days_late: int
    report: HandedReport | None

    @property
    def is_done(self) -> bool:
        """Whether it is declared done."""
        return self.status in _DONE

    @property
    def completed_on(self) -> date:
        """The day it was done on; NEVER while it is not."""
        return _completed_on(self.report)


@dataclass(frozen=True)
class RolledUp:
    """The shares of one assignment together: `done` of `total`, and the codes of those that are late and open."""

    done: int
    total: int
    late: tuple[str, ...]

    @property
    def open(self) -> int:
        """How many are not done."""
        return self.total - self.done


def rolled_up(rows: Iterable[HandedRow]) -> RolledUp:
    """Put shares together."""
    found = list(rows)
    late = tuple(row.handed.code for row in found if row.status is HandedStatus.OVERDUE)
    return RolledUp(sum(row.is_done for row in found), len(found), late)


def handed_of(
    session: Session,
    *,
    as_of: date,
    known_at: datetime,
    assignments: Collection[str] | None = None,
    agency: str | None = None,
) -> Sequence[HandedRow]:
    """Return the shares that stand on `as_of`, by what had been recorded at `known_at` (aware), in order of their ids.

    `assignments` (codes) and `agency` (who handed down) narrow them. One taken back by that day stands no more.
    """
    query = (
        select(HandedDown, Assignment.code)
        .join(Assignment, col(Assignment.id) == col(HandedDown.assignment_id))
        .where(*_asked(known_at, assignments, agency))
        .order_by(col(HandedDown.id))
    )
    handed = session.exec(query).all()
    if not handed:
        return []
    newest = _newest(session, as_of, known_at, _asked(known_at, assignments, agency))
    moves = _moves(session, {each.assignment_id for each, _ in handed}, known_at)
    calendar = calendar_of(session)
    rows = []
    for each, code in handed:
        report = newest.get(each.id or 0)
        if report is not None and report.state == HandedState.TAKEN_BACK:
            continue
        completed_on = _completed_on(report)
        due_on = _due_day(each, moves.get(each.assignment_id, []), calendar)
        by = last_good_day(calendar, due_on)
        status = judge_handed(last_good_day=by, completed_on=completed_on, as_of=as_of)
        until = min(completed_on, as_of)
        late = calendar.working_days_between(by, until) if until > by else 0
        rows.append(HandedRow(each, code, due_on, by, status, late, report))
    return rows


def _completed_on(report: HandedReport | None) -> date:
    if report is None or report.state != HandedState.DONE:
        return NEVER
    return report.completed_on or report.reported_on


def _moves(session: Session, assignments: Collection[int], known_at: datetime) -> Mapping[int, Sequence[Decision]]:
    """Return the decisions that stop the clocks of assignments or let them go on, oldest first."""
    query = select(Decision).where(
        col(Decision.action).in_(("hold", "resume")),
        col(Decision.due_on).is_not(None),
        Decision.recorded_at <= known_at,
    )
    found: dict[int, list[Decision]] = {}
    for decision in session.exec(query.order_by(col(Decision.id))):
        if decision.assignment_id in assignments:
            found.setdefault(decision.assignment_id, []).append(decision)
    return found


def _due_day(share: HandedDown, moves: Sequence[Decision], calendar: WorkingCalendar) -> date:
    """Return a share's due day after what was decided since; a hold that began when it was late gives nothing back."""
    due_on, earlier = share.due_on, list[Stretch]()
    for held in clock_stops(move for move in moves if move.recorded_at > share.recorded_at):
        if held[0] <= last_good_day(calendar, due_on):
            due_on = due_after_hold(due_on, held, earlier)
            earlier.append(held)
    return due_on


def _asked(
    known_at: datetime, assignments: Collection[str] | None, agency: str | None
) -> Sequence[ColumnElement[bool]]:
    asked = [col(HandedDown.recorded_at) <= known_at]
    if assignments is not None:
        asked.append(col(Assignment.code).in_(sorted(assignments)))
    if agency is not None:
        asked.append(col(HandedDown.agency_code) == agency)
    return asked


def _newest(
    session: Session, as_of: date, known_at: datetime, asked: Sequence[ColumnElement[bool]]
) -> dict[int, HandedReport]:
    """Return, of the reports of days up to `as_of`, the one recorded last about each share asked about."""
    said = (
        select(HandedReport)
        .join(HandedDown, col(HandedDown.id) == col(HandedReport.handed_id))
        .join(Assignment, col(Assignment.id) == col(HandedDown.assignment_id))
        .where(col(HandedReport.reported_on) <= as_of, col(HandedReport.recorded_at) <= known_at, *asked)
        .order_by(col(HandedReport.id))
    )
    return {report.handed_id: report for report in session.exec(said)}
