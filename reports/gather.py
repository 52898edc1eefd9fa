"""`gather_facts`: everything one monthly report says, read from the store once."""

import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from models import Store, status_of
from models.assignment_tables import Document
from models.reference import calendar_of, register_of
from models.status import WARNING_WORKING_DAYS
from models.status_table import StatusRow, StatusTable
from reports.beside import Raised, asked_of, open_obstacles, raised_by
from reports.counts import DONE, SHOWN, AgencyFacts, MilestoneFacts
from reports.duties import collectives_of, conclusions_of, counts_of, recurring_of
from reports.facts import Facts, Previous, Source
from reports.measured import burndown_of, indicators_of
from reports.moves import STILL_IN_TIME, movement_of
from reports.named_work import Namer
from reports.opened import opens_of
from reports.raised import IndicatorFacts
from reports.stored import last_reports, meeting_before, previous_figures, since_then
from reports.text import cleaned
from reports.work import UnledTask, Work
from rules.meeting import first_day, meeting_of, month_before
from rules.milestone import BEYOND, Milestone, Verdict
from rules.register import AgencyKind, Register
from rules.scorecard import Proposal, Record, Thresholds, propose
from rules.status import CompletionLevel, Flag, Status
from texts import SaidError, date_text

DECEMBER = 12


class ReportDaysError(SaidError):
    """The month, cut-off and meeting asked for do not fit together; the message says how to mend them."""


def gather_facts(
    store: Store,
    *,
    month: str,
    cutoff: date,
    meeting: date,
    known_at: datetime,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    warning_working_days: int = WARNING_WORKING_DAYS,
    thresholds: Thresholds | None = None,
) -> Facts:
    """Return the facts of the report for `month` ("2025-08") at `cutoff`, by what was known at `known_at`.

    A second snapshot on the day of the `meeting` gives the movement between the two. `warning_working_days` are
    working days. Raises ReportDaysError for days that do not fit, FactsDoNotAddUpError for figures that contradict
    each other.
    """
    _check_days(month, cutoff, meeting)
    then, at_table = (
        status_of(store, as_of=day, known_at=known_at, level=level, warning_working_days=warning_working_days)
        for day in (cutoff, meeting)
    )
    beside = _beside(store, then, month=month)
    through = _end_of_next(month)
    figures = _figures(then, beside.register, thresholds or Thresholds())
    works = _works(then, beside, due_through=through)
    return Facts(
        month=month,
        cutoff=cutoff,
        meeting=meeting,
        known_at=known_at,
        level=level.value,
        warning_working_days=warning_working_days,
        due_through=through,
        sources=beside.sources,
        previous=since_then(beside.previous, beside.late_before, works["late"]),
        indicators=beside.indicators,
        **figures,
        **works,
        **_raised(then, beside),
        movement=movement_of(then, _in_register_order(at_table.rows, beside.register), at_table, beside.namer),
        burndown=burndown_of(then, begins=min((source.issued_on for source in beside.sources), default=None)),
        opens=opens_of(then, at_table, figures["proposals"], figures["thresholds"]),
    )


@dataclass(frozen=True)
class _Beside:
    """What the report reads from the store beside the statuses."""

    register: Register
    namer: Namer
    sources: tuple[Source, ...]
    previous: Previous | None
    late_before: tuple[Work, ...] | None
    raised: Raised
    indicators: tuple[IndicatorFacts, ...]
    last_meeting: date


def _beside(store: Store, then: StatusTable, *, month: str) -> _Beside:
    cutoff, known_at = then.as_of, then.known_at
    with store.reading() as session:
        register, raised = register_of(session), raised_by(session, then)
        previous, late_before = previous_figures(session, month=month, cutoff=cutoff, known_at=known_at)
        return _Beside(
            register=register,
            namer=Namer(register, last_reports(session, known_at=known_at, cutoff=cutoff), raised),
            sources=_sources(session, then.rows),
            previous=previous,
            late_before=late_before,
            raised=raised,
            indicators=indicators_of(session, register, as_of=cutoff, known_at=known_at),
            last_meeting=_last_meeting(session, month, known_at),
        )


def _last_meeting(session: Session, month: str, known_at: datetime) -> date:
    usual = meeting_of(month_before(first_day(month)), calendar_of(session))
    return meeting_before(session, month, known_at=known_at, usual=usual)


def _figures(then: StatusTable, register: Register, thresholds: Thresholds) -> Mapping[str, Any]:
    """Return what is counted: totals, per agency, per milestone, and the proposals that follow."""
    rows = _in_register_order(then.rows, register)
    agencies = _agencies(rows, register)
    without_due_day = counts_of(row for row in rows if row.milestone is None)
    return {
        "thresholds": thresholds,
        "totals": counts_of(rows),
        "agencies": agencies,
        "milestones": tuple(_milestone(milestone, rows) for milestone in then.milestones),
        "beyond_milestones": sum(row.milestone == BEYOND for row in rows),
        "without_due_day": without_due_day.total,
        "without_due_day_counts": without_due_day,
        "proposals": _proposals(agencies, rows, thresholds),
    }


def _works(then: StatusTable, beside: _Beside, *, due_through: date) -> Mapping[str, Any]:
    """Return the lists by name: late work with the longest delay of each agency first, due work by its day."""
    rows, namer = _in_register_order(then.rows, beside.register), beside.namer
    by_status = {status: [row for row in rows if row.status is status] for status in SHOWN}
    position = {agency: order for order, agency in enumerate(dict.fromkeys(row.agency for row in rows))}

    def longest_first(row: StatusRow) -> tuple[int, int]:
        return position[row.agency], -row.days_late

    return {
        "late": namer.works(sorted(by_status[Status.OVERDUE], key=longest_first)),
        "done_late": namer.works(sorted(by_status[Status.COMPLETED_LATE], key=longest_first)),
        "due_next": namer.works(_due_within(rows, then.as_of, due_through)),
        "undated": namer.works(by_status[Status.UNDATED]),
        "unconfirmed": namer.works(row for row in rows if Flag.AWAITING_CONFIRMATION in row.flags),
        "unled": tuple(UnledTask(q.document, q.number, cleaned(q.task), cleaned(q.lead_text)) for q in then.queue),
        "collectives": collectives_of(rows, namer),
        "ongoing": namer.works(by_status[Status.ONGOING]),
        "recurring": recurring_of(rows),
        "conclusions": conclusions_of(rows, beside.sources, namer, since=beside.last_meeting),
    }


def _raised(then: StatusTable, beside: _Beside) -> Mapping[str, Any]:
    """Return what was asked, disputed and is in the way."""
    raised, register = beside.raised, beside.register
    return {
        "extensions": asked_of(raised, then, register, more_time=True),
        "disputes": asked_of(raised, then, register, more_time=False),
        "obstacles": open_obstacles(raised, register),
    }


def _check_days(month: str, cutoff: date, meeting: date) -> None:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month):
        raise ReportDaysError("report.error_month", found=month)
    if meeting < cutoff:
        raise ReportDaysError("report.error_meeting", meeting=date_text(meeting), cutoff=date_text(cutoff))


def _end_of_next(month: str) -> date:
    year, number = (int(part) for part in month.split("-"))
    year, number = (year + 1, 1) if number == DECEMBER else (year, number + 1)
    return date(year, number, monthrange(year, number)[1])


def _in_register_order(rows: Iterable[StatusRow], register: Register) -> list[StatusRow]:
    position = {agency.code: index for index, agency in enumerate(register.agencies)}
    return sorted(rows, key=lambda row: position[row.agency])


def _agencies(rows: Iterable[StatusRow], register: Register) -> tuple[AgencyFacts, ...]:
    grouped: dict[str, list[StatusRow]] = defaultdict(list)
    for row in rows:
        grouped[row.agency].append(row)
    return tuple(
        AgencyFacts(agency.code, agency.name_vi, agency.kind.value, counts_of(own), _longest(own))
        for agency in register.agencies
        if (own := grouped.get(agency.code))
    )


def _longest(rows: Iterable[StatusRow]) -> int:
    return max((row.days_late for row in rows if row.status is Status.OVERDUE), default=0)


def _milestone(milestone: Milestone, rows: Iterable[StatusRow]) -> MilestoneFacts:
    own = [row for row in rows if row.milestone == milestone.code]
    found = Counter(row.verdict for row in own)
    return MilestoneFacts(
        code=milestone.code,
        name=milestone.name_vi,
        name_en=milestone.name_en,
        on=milestone.on,
        due=len(own),
        **{verdict.value: found[verdict] for verdict in Verdict},
        pending_done=sum(row.verdict is Verdict.PENDING and row.status in DONE for row in own),
    )


def _due_within(rows: Iterable[StatusRow], cutoff: date, through: date) -> list[StatusRow]:
    found = [row for row in rows if row.status in STILL_IN_TIME and cutoff <= row.last_good_day <= through]
    return sorted(found, key=lambda row: row.last_good_day)


def _proposals(
    agencies: Iterable[AgencyFacts], rows: Iterable[StatusRow], thresholds: Thresholds
) -> tuple[Proposal, ...]:
    days: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.status is Status.OVERDUE:
            days[row.agency].append(row.days_late)
    # The paper is the working group's own: it proposes nothing about the committee it serves.
    judged = (agency for agency in agencies if agency.kind != AgencyKind.STEERING)
    records = (Record(a.code, a.counts.completed_on_time, a.counts.completed_late, tuple(days[a.code])) for a in judged)
    return tuple(propose(records, thresholds))


def _sources(session: Session, rows: Sequence[StatusRow]) -> tuple[Source, ...]:
    found = Counter(row.document for row in rows)
    also = {other.document for row in rows for other in row.same_work}
    documents = session.exec(select(Document).order_by(Document.issued_on, Document.code))  # type: ignore[arg-type]
    return tuple(
        Source(document.code, cleaned(document.title), document.issued_on, found[document.code])
        for document in documents
        if found[document.code] or document.code in also
    )
