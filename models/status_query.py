"""The one query behind every status: facts per assignment, gathered per accountable agency, judged by the table."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Select,
    Table,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)

from models.assignment_tables import Assignment, AssignmentRevision, Batch, Decision, Progress, Undo
from models.columns import table_of
from models.register_tables import EffectiveDayRow
from rules.register import Register
from rules.status import NEVER, OTHERWISE, TABLE, AskedAbout, CompletionLevel, StatusFacts

ASSIGNMENT, REVISION = table_of(Assignment), table_of(AssignmentRevision)
PROGRESS, DECISION = table_of(Progress), table_of(Decision)
BATCH, UNDO, EFFECTIVE_DAY = table_of(Batch), table_of(Undo), table_of(EffectiveDayRow)


@dataclass(frozen=True)
class Question:
    """What is asked: the day, what had been recorded by then, the warning window and what counts as completion."""

    asked: AskedAbout
    known_at: datetime
    level: CompletionLevel
    register: Register


def judged(question: Question) -> CTE:
    """Return one row per task, period and accountable agency, with its facts and its status."""
    held = _held(_facts(question), question)
    facts = StatusFacts(
        nature=held.c.nature,
        last_good_day=held.c.last_good_day,
        completed_on=held.c.completed_on,
        cancelled_on=held.c.cancelled_on,
        held_from=held.c.held_from,
        held_until=held.c.held_until,
    )
    asked = AskedAbout(_day(question.asked.day), _day(question.asked.warning_until))  # type: ignore[arg-type]
    status = case(*((holds(facts, asked), str(status)) for status, holds in TABLE), else_=str(OTHERWISE))
    return select(held, status.label("status")).cte("judged")


def inherited(question: Question, passed_on: Collection[str]) -> Select[tuple[int, str, str, str]]:
    """Select task, period, agency and code of what stands for the agencies whose duties have passed on."""
    revision = _current_revision(question)
    return (
        select(ASSIGNMENT.c.task_id, ASSIGNMENT.c.period, ASSIGNMENT.c.agency_code, ASSIGNMENT.c.code)
        .join_from(ASSIGNMENT, revision, revision.c.assignment_id == ASSIGNMENT.c.id)
        .where(ASSIGNMENT.c.agency_code.in_(passed_on), revision.c.counts_from <= question.asked.day)
        .order_by(ASSIGNMENT.c.code)
    )


def live_batches(known_at: datetime) -> Select[Any]:
    """Select the batches recorded, and not taken back, by `known_at`."""
    undone = select(UNDO.c.batch_id).where(UNDO.c.recorded_at <= known_at)
    return select(BATCH.c.id).where(BATCH.c.recorded_at <= known_at, BATCH.c.id.not_in(undone))


def _facts(question: Question) -> CTE:
    """Return one row per assignment: its dates as they stand, and what is known of its completion."""
    revision, progress, heard = _current_revision(question), _last_progress(question), _last_heard(question)
    cancelled, held, extended = (_last_decision(question, action) for action in ("cancel", "hold", "extend"))
    acceptance = _last_decision(question, "confirm", "return")
    completed_on = _completed_on(progress, acceptance, question)
    awaiting = and_(progress.c.declared_done, completed_on == _day(NEVER))
    query = select(
        ASSIGNMENT.c.id.label("assignment_id"),
        ASSIGNMENT.c.code,
        ASSIGNMENT.c.task_id,
        ASSIGNMENT.c.period,
        ASSIGNMENT.c.agency_code,
        _holder(question).label("holder"),
        revision.c.task_revision_id,
        revision.c.nature,
        revision.c.original_due_on,
        revision.c.collective_code,
        _one_if(revision.c.several_leads).label("several_leads"),
        func.coalesce(extended.c.until_on, revision.c.original_due_on).label("due_on"),
        completed_on.label("completed_on"),
        func.coalesce(cancelled.c.effective_on, _day(NEVER)).label("cancelled_on"),
        func.coalesce(held.c.effective_on, _day(NEVER)).label("held_from"),
        func.coalesce(held.c.until_on, _day(NEVER)).label("held_until"),
        heard.c.last_heard_on,
        _one_if(awaiting).label("awaiting"),
        _one_if(extended.c.until_on.is_not(None)).label("extended"),
    ).join_from(ASSIGNMENT, revision, revision.c.assignment_id == ASSIGNMENT.c.id)
    for known in (progress, heard, cancelled, held, extended, acceptance):
        query = query.outerjoin(known, known.c.assignment_id == ASSIGNMENT.c.id)
    return query.where(revision.c.counts_from <= question.asked.day).cte("facts")


def _held(facts: CTE, question: Question) -> CTE:
    """Gather the parts an agency holds of one task: done when all are done, due when the first is due."""
    c = facts.c
    good = func.coalesce(EFFECTIVE_DAY.c.effective_on, c.due_on, _day(NEVER))
    assigned = func.coalesce(EFFECTIVE_DAY.c.effective_on, c.due_on)
    still_counts = c.cancelled_on > question.asked.day
    own = case((c.agency_code == c.holder, c.assignment_id))
    return (
        select(
            func.coalesce(func.min(own), func.min(c.assignment_id)).label("assignment_id"),
            c.task_id,
            c.period,
            c.holder,
            func.max(c.task_revision_id).label("task_revision_id"),
            func.min(c.nature).label("nature"),
            func.min(c.collective_code).label("collective_code"),
            func.max(c.several_leads).label("several_leads"),
            func.min(c.original_due_on).label("original_due_on"),
            func.min(c.due_on).label("due_on"),
            func.min(assigned).label("effective_due_on"),
            func.min(good).label("last_good_day"),
            func.max(case((still_counts, c.completed_on), else_=_day(date.min))).label("completed_on"),
            func.max(c.cancelled_on).label("cancelled_on"),
            func.max(c.held_from).label("held_from"),
            func.min(c.held_until).label("held_until"),
            func.max(c.last_heard_on).label("last_heard_on"),
            func.max(c.awaiting).label("awaiting"),
            func.max(c.extended).label("extended"),
        )
        .join_from(facts, EFFECTIVE_DAY, EFFECTIVE_DAY.c.day == c.due_on, isouter=True)
        .group_by(c.task_id, c.period, c.holder)
        .cte("held")
    )


def _current_revision(question: Question) -> CTE:
    known = REVISION.c.batch_id.in_(live_batches(question.known_at))
    newest = _newest(REVISION, known, REVISION.c.id.desc(), name="revision")
    return select(newest).where(newest.c.standing).cte("standing")


def _last_progress(question: Question) -> CTE:
    """Return the last report known about each assignment: it says whether, and since when, the work is done."""
    known = PROGRESS.c.batch_id.in_(live_batches(question.known_at))
    return _newest(PROGRESS, known, PROGRESS.c.reported_on.desc(), PROGRESS.c.id.desc(), name="progress_known")


def _last_decision(question: Question, *actions: str) -> CTE:
    known = and_(DECISION.c.action.in_(actions), DECISION.c.recorded_at <= question.known_at)
    return _newest(DECISION, known, DECISION.c.id.desc(), name=f"last_{actions[0]}")


def _newest(table: Table, known: ColumnElement[bool], *newest_first: ColumnElement[Any], name: str) -> CTE:
    """Return, of the rows known about each assignment, the newest one."""
    age = func.row_number().over(partition_by=table.c.assignment_id, order_by=newest_first)
    ranked = select(table, age.label("age")).where(known).cte(f"{name}_ranked")
    return select(ranked).where(ranked.c.age == 1).cte(name)


def _last_heard(question: Question) -> CTE:
    return (
        select(PROGRESS.c.assignment_id, func.max(PROGRESS.c.reported_on).label("last_heard_on"))
        .where(PROGRESS.c.batch_id.in_(live_batches(question.known_at)))
        .where(PROGRESS.c.reported_on <= question.asked.day)
        .group_by(PROGRESS.c.assignment_id)
        .cte("heard")
    )


def _completed_on(progress: CTE, acceptance: CTE, question: Question) -> ColumnElement[date]:
    """Return the day the work counts as done, or NEVER: a completion sent back counts no more until reported anew."""
    sent_back = and_(acceptance.c.action == "return", acceptance.c.effective_on >= progress.c.reported_on)
    accepted = and_(acceptance.c.action == "confirm", acceptance.c.effective_on >= progress.c.reported_on)
    standing = and_(progress.c.declared_done, or_(acceptance.c.id.is_(None), ~sent_back))
    evidenced = and_(progress.c.evidence_number.is_not(None), progress.c.evidence_on.is_not(None))
    declared_day = func.coalesce(progress.c.evidence_on, progress.c.declared_completed_on, progress.c.reported_on)
    enough = {
        CompletionLevel.DECLARED: true(),
        CompletionLevel.EVIDENCED: or_(evidenced, accepted),
        CompletionLevel.CONFIRMED: accepted,
    }[question.level]
    return case((and_(standing, enough), declared_day), else_=_day(NEVER))


def _holder(question: Question) -> ColumnElement[str]:
    """Return the agency accountable on the day asked about for what was assigned to `agency_code`."""
    passed_on = question.register.accountable(question.asked.day)
    agency = ASSIGNMENT.c.agency_code
    return case(dict(passed_on), value=agency, else_=agency) if passed_on else agency


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _day(day: date) -> ColumnElement[date]:
    return literal(day, Date())
