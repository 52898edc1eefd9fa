"""The one query behind every status: facts per assignment, gathered per accountable agency, judged by the table."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlmodel import col

from models.assignment_tables import Assignment, AssignmentRevision, Batch, Decision, Progress, Undo
from models.register_tables import EffectiveDayRow
from rules.register import Register
from rules.status import NEVER, OTHERWISE, TABLE, AskedAbout, CompletionLevel, StatusFacts


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


def live_batches(known_at: datetime) -> Select[Any]:
    """Select the batches recorded, and not taken back, by `known_at`."""
    undone = select(Undo.batch_id).where(col(Undo.recorded_at) <= known_at)
    return select(Batch.id).where(col(Batch.recorded_at) <= known_at, col(Batch.id).not_in(undone))


def _facts(question: Question) -> CTE:
    """One row per assignment: its dates as they stand, and what is known of its completion."""
    revision, progress = _current_revision(question), _last_progress(question)
    heard = _last_heard(question)
    cancelled, held, extended, acceptance = (
        _last_decision(question, *actions)
        for actions in (("cancel",), ("hold",), ("extend",), ("confirm", "return"))
    )
    due_on = func.coalesce(extended.c.until_on, revision.c.original_due_on)
    awaiting = case((and_(progress.c.declared_done, _completed_on(progress, acceptance, question) == NEVER), 1), else_=0)
    query = (
        select(
            Assignment.id.label("assignment_id"),  # type: ignore[union-attr]
            col(Assignment.code).label("code"),
            col(Assignment.task_id).label("task_id"),
            col(Assignment.period).label("period"),
            col(Assignment.agency_code).label("agency_code"),
            _holder(question).label("holder"),
            revision.c.task_revision_id,
            revision.c.nature,
            revision.c.original_due_on,
            revision.c.collective_code,
            case((revision.c.several_leads, 1), else_=0).label("several_leads"),
            due_on.label("due_on"),
            _completed_on(progress, acceptance, question).label("completed_on"),
            func.coalesce(cancelled.c.effective_on, _day(NEVER)).label("cancelled_on"),
            func.coalesce(held.c.effective_on, _day(NEVER)).label("held_from"),
            func.coalesce(held.c.until_on, _day(NEVER)).label("held_until"),
            heard.c.last_heard_on,
            awaiting.label("awaiting"),
            case((extended.c.until_on.is_not(None), 1), else_=0).label("extended"),
        )
        .join(revision, revision.c.assignment_id == Assignment.id)
        .outerjoin(progress, progress.c.assignment_id == Assignment.id)
        .outerjoin(heard, heard.c.assignment_id == Assignment.id)
    )
    for decision in (cancelled, held, extended, acceptance):
        query = query.outerjoin(decision, decision.c.assignment_id == Assignment.id)
    return query.where(revision.c.counts_from <= question.asked.day).cte("facts")


def _held(facts: CTE, question: Question) -> CTE:
    """Gather the parts an agency holds of one task: done when all are done, due when the first is due."""
    c = facts.c
    good = func.coalesce(EffectiveDayRow.effective_on, c.due_on, _day(NEVER))
    assigned = func.coalesce(EffectiveDayRow.effective_on, c.due_on)
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
            func.count().label("parts"),
        )
        .outerjoin(EffectiveDayRow, col(EffectiveDayRow.day) == c.due_on)
        .group_by(c.task_id, c.period, c.holder)
        .cte("held")
    )


def _current_revision(question: Question) -> CTE:
    newest = (
        select(func.max(AssignmentRevision.id).label("id"))
        .where(col(AssignmentRevision.batch_id).in_(live_batches(question.known_at)))
        .group_by(col(AssignmentRevision.assignment_id))
        .cte("newest_revision")
    )
    return (
        select(AssignmentRevision.__table__)  # type: ignore[attr-defined]
        .join(newest, newest.c.id == AssignmentRevision.id)
        .where(col(AssignmentRevision.standing))
        .cte("revision")
    )


def _last_progress(question: Question) -> CTE:
    """The last report known about each assignment: it says whether, and since when, the work is done."""
    age = func.row_number().over(
        partition_by=Progress.assignment_id, order_by=(col(Progress.reported_on).desc(), col(Progress.id).desc())
    )
    ranked = (
        select(Progress.__table__, age.label("age"))  # type: ignore[attr-defined]
        .where(col(Progress.batch_id).in_(live_batches(question.known_at)))
        .cte("ranked_progress")
    )
    return select(ranked).where(ranked.c.age == 1).cte("progress_known")


def _last_heard(question: Question) -> CTE:
    return (
        select(Progress.assignment_id, func.max(Progress.reported_on).label("last_heard_on"))
        .where(col(Progress.batch_id).in_(live_batches(question.known_at)))
        .where(col(Progress.reported_on) <= question.asked.day)
        .group_by(col(Progress.assignment_id))
        .cte("heard")
    )


def _last_decision(question: Question, *actions: str) -> CTE:
    newest = (
        select(func.max(Decision.id).label("id"))
        .where(col(Decision.action).in_(actions), col(Decision.recorded_at) <= question.known_at)
        .group_by(col(Decision.assignment_id))
    )
    table = Decision.__table__  # type: ignore[attr-defined]
    return select(table).where(table.c.id.in_(newest)).cte(f"last_{actions[0]}")


def _completed_on(progress: CTE, acceptance: CTE, question: Question) -> ColumnElement[date]:
    """The day the work counts as done, or NEVER: a completion sent back counts no more until reported anew."""
    sent_back = and_(acceptance.c.action == "return", acceptance.c.effective_on >= progress.c.reported_on)
    standing = and_(progress.c.declared_done, or_(acceptance.c.id.is_(None), ~sent_back))
    evidenced = and_(progress.c.evidence_number.is_not(None), progress.c.evidence_on.is_not(None))
    declared_day = func.coalesce(progress.c.evidence_on, progress.c.declared_completed_on, progress.c.reported_on)
    counts = {
        CompletionLevel.DECLARED: (standing, declared_day),
        CompletionLevel.EVIDENCED: (and_(standing, evidenced), progress.c.evidence_on),
        CompletionLevel.CONFIRMED: (and_(standing, acceptance.c.action == "confirm"), declared_day),
    }[question.level]
    return case(counts, else_=_day(NEVER))


def _holder(question: Question) -> ColumnElement[str]:
    """The agency accountable on the day asked about for what was assigned to `agency_code`."""
    passed_on = question.register.accountable(question.asked.day)
    agency = col(Assignment.agency_code)
    return case(dict(passed_on), value=agency, else_=agency) if passed_on else agency  # type: ignore[return-value]


def _day(day: date) -> ColumnElement[date]:
    return literal(day, Date())
