"""What the report reads from the store beside the statuses: the last progress reports and the last stored figures."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from models.assignment_tables import Assignment, Progress
from models.columns import table_of
from models.day_totals import day_totals_known
from models.edition_tables import Edition
from models.outcome_tables import DayTotal
from models.status_query import counted
from reports.counts import SHOWN, StatusCounts
from reports.facts import Facts, Previous
from reports.work import Work
from rules.meeting import first_day, month_before


@dataclass(frozen=True)
class LastReport:
    """What an agency said last about an assignment; `order` breaks the tie between reports of one day.

    `later` says that it was reported after the cut-off.
    """

    later: bool = False
    reported_on: date = date.min
    order: int = 0
    declared: str = ""
    result: str = ""
    evidence: str = ""
    difficulty: str = ""
    proposal: str = ""


def last_reports(session: Session, *, known_at: datetime, cutoff: date) -> Mapping[str, LastReport]:
    """Return what is quoted of each assignment, by its code, from what was known at `known_at`.

    That is the last progress report of a day up to `cutoff`; without one the last of a later day, marked `later`.
    """
    later = col(Progress.reported_on) > cutoff
    query = (
        select(Assignment.code, Progress)
        .join(Progress, col(Progress.assignment_id) == col(Assignment.id))
        .where(counted(table_of(Progress), known_at))
        .order_by(later.desc(), col(Progress.reported_on), col(Progress.id))
    )
    return {code: _report(progress, cutoff) for code, progress in session.exec(query)}


def _report(progress: Progress, cutoff: date) -> LastReport:
    return LastReport(
        later=progress.reported_on > cutoff,
        reported_on=progress.reported_on,
        order=progress.id or 0,
        declared=progress.declared_text,
        result=progress.result_text,
        evidence=progress.evidence_text or progress.evidence_number or "",
        difficulty=progress.difficulty,
        proposal=progress.proposal,
    )


def previous_figures(
    session: Session, *, month: str, cutoff: date, known_at: datetime
) -> tuple[Previous | None, tuple[Work, ...] | None]:
    """Return the figures of the last edition of an earlier month; without one, of the last day stored a month before.

    Beside them what was late then; None where the last figures name no work.

    "A month before" is the same day of the month before the cut-off, so that the movement shown spans a month where
    the store allows it; with a shorter history the first stored day serves. None without any.
    """
    edition = session.exec(
        select(Edition)
        .where(col(Edition.month) < month, col(Edition.cutoff) < cutoff, col(Edition.created_at) <= known_at)
        .order_by(col(Edition.cutoff).desc(), col(Edition.id).desc())
    ).first()
    if edition is not None:
        facts = Facts.from_json(edition.facts)
        return Previous(edition.code, edition.cutoff, facts.totals), facts.late
    return _day_before(session, cutoff, known_at), None


def meeting_before(session: Session, month: str, *, known_at: datetime, usual: date) -> date:
    """Return the day of the meeting before the one of `month`: as its last edition says, else the `usual` one."""
    before = month_before(first_day(month))
    made = select(Edition).where(Edition.month == before, col(Edition.created_at) <= known_at)
    last = session.exec(made.order_by(col(Edition.id).desc())).first()
    return last.meeting if last else usual


def since_then(previous: Previous | None, before: Sequence[Work] | None, late: Sequence[Work]) -> Previous | None:
    """Return the last figures with what became late since, and what was late and is no more.

    Work is the same under any code it stands for: what was merged, or given again by another document, is still late.
    """
    if previous is None or before is None:
        return previous
    late_then, late_now = _codes(before), _codes(late)
    newly = tuple(work.code for work in late if not work.codes & late_then)
    no_more = tuple(sorted(work.code for work in before if not work.codes & late_now))
    joined = (len(before) - len(no_more)) - (len(late) - len(newly))
    return replace(previous, newly_late=newly, late_no_more=no_more, joined=joined)


def _codes(works: Iterable[Work]) -> frozenset[str]:
    return frozenset(code for work in works for code in work.codes)


def _day_before(session: Session, cutoff: date, known_at: datetime) -> Previous | None:
    stored = [col(DayTotal.as_of) < cutoff, col(DayTotal.assessed_at) <= known_at]
    a_month_before = session.exec(
        select(func.max(DayTotal.as_of)).where(*stored, col(DayTotal.as_of) <= same_day_before(cutoff))
    ).one()
    day = a_month_before or session.exec(select(func.min(DayTotal.as_of)).where(*stored)).one()
    if day is None:
        return None
    counts = day_totals_known(session, day, known_at=known_at).by_status()
    parts = {status.value: counts.get(status.value, 0) for status in SHOWN}
    return Previous("", day, StatusCounts(**parts, total=sum(counts.values())))


def same_day_before(day: date) -> date:
    """Return the same day of the month before, or that month's last day when it is shorter."""
    year, month = (day.year - 1, 12) if day.month == 1 else (day.year, day.month - 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))
