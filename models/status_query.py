"""The one query behind every status: facts per assignment, gathered per accountable agency, judged by the table."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Select,
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
from rules.status import NEVER, OTHERWISE, TABLE, WORST_FIRST, AskedAbout, CompletionLevel, StatusFacts

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
    """Return one row per task, period and accountable agency: the facts and status of the part that decides."""
    parts = _judged_parts(question)
    c = parts.c
    together = (c.task_id, c.period, c.holder)
    own = case((c.agency_code == c.holder, c.assignment_id))
    done = c.completed_on <= question.asked.day
    worst_first = (
        case({str(status): at for at, status in enumerate(WORST_FIRST)}, value=c.status),
        case((done, _day(NEVER)), else_=c.last_good_day),
        c.completed_on.desc(),
        c.assignment_id,
    )
    named_after = func.coalesce(
        func.min(own).over(partition_by=together), func.min(c.assignment_id).over(partition_by=together)
    )
    held = select(
        parts,
        named_after.label("named_after"),
        func.max(c.last_heard_on).over(partition_by=together).label("heard_on"),
        func.max(c.awaiting).over(partition_by=together).label("any_awaiting"),
        func.max(c.extended).over(partition_by=together).label("any_extended"),
        func.row_number().over(partition_by=together, order_by=worst_first).label("badness"),
    ).cte("held")
    return select(held).where(held.c.badness == 1).cte("judged")


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


def _judged_parts(question: Question) -> CTE:
    """Return one row per assignment with its facts and its own status."""
    facts = _facts(question)
    day_off = EFFECTIVE_DAY.c.effective_on
    c = facts.c
    last_good_day = func.coalesce(day_off, c.due_on, _day(NEVER))
    asked = AskedAbout(_day(question.asked.day), _day(question.asked.warning_until))  # type: ignore[arg-type]
    total = StatusFacts(c.nature, last_good_day, c.completed_on, c.cancelled_on, c.held_from, c.held_until)
    status = case(*((holds(total, asked), str(status)) for status, holds in TABLE), else_=str(OTHERWISE))
    return (
        select(
            facts,
            func.coalesce(day_off, c.due_on).label("effective_due_on"),
            last_good_day.label("last_good_day"),
            status.label("status"),
        )
        .join_from(facts, EFFECTIVE_DAY, EFFECTIVE_DAY.c.day == c.due_on, isouter=True)
        .cte("judged_part")
    )


def _facts(question: Question) -> CTE:
    """Return one row per assignment: its dates as they stand, and what is known of its completion."""
    revision, heard = _current_revision(question), _last_heard(question)
    acceptance = _last_decision(question, "confirm", "return")
    claim = _claim(question, acceptance)
    cancelled, extended = _last_decision(question, "cancel"), _last_decision(question, "extend")
    held = _last_decision(question, "hold", covering=question.asked.day)
    completed_on = _completed_on(claim, acceptance, question)
    longer = extended.c.until_on > revision.c.original_due_on
    query = select(
        ASSIGNMENT.c.id.label("assignment_id"),
        ASSIGNMENT.c.task_id,
        ASSIGNMENT.c.period,
        ASSIGNMENT.c.agency_code,
        _holder(question).label("holder"),
        revision.c.task_revision_id,
        revision.c.nature,
        revision.c.original_due_on,
        revision.c.collective_code,
        _one_if(revision.c.several_leads).label("several_leads"),
        case((longer, extended.c.until_on), else_=revision.c.original_due_on).label("due_on"),
        completed_on.label("completed_on"),
        func.coalesce(cancelled.c.effective_on, _day(NEVER)).label("cancelled_on"),
        func.coalesce(held.c.effective_on, _day(NEVER)).label("held_from"),
        func.coalesce(held.c.until_on, _day(NEVER)).label("held_until"),
        heard.c.last_heard_on,
        _one_if(and_(claim.c.id.is_not(None), completed_on == _day(NEVER))).label("awaiting"),
        _one_if(longer).label("extended"),
    ).join_from(ASSIGNMENT, revision, revision.c.assignment_id == ASSIGNMENT.c.id)
    for known in (claim, heard, cancelled, held, extended, acceptance):
        query = query.outerjoin(known, known.c.assignment_id == ASSIGNMENT.c.id)
    return query.where(revision.c.counts_from <= question.asked.day).cte("facts")


def _current_revision(question: Question) -> CTE:
    known = REVISION.c.batch_id.in_(live_batches(question.known_at))
    newest = _newest(REVISION, known, REVISION.c.id.desc(), name="revision")
    return select(newest).where(newest.c.standing).cte("standing")


def _claim(question: Question, acceptance: CTE) -> CTE:
    """Return the report that says an assignment is done, where that still stands.

    A report that says "not done" ends what was claimed before it; one that says nothing changes nothing; a claim made
    again without evidence keeps the evidence given before. What was sent back counts only when reported anew.
    """
    reports = (
        select(PROGRESS, BATCH.c.recorded_at)
        .join_from(PROGRESS, BATCH, BATCH.c.id == PROGRESS.c.batch_id)
        .where(PROGRESS.c.batch_id.in_(live_batches(question.known_at)))
        .cte("report")
    )
    c = reports.c
    denial = _newest(reports, c.declared_done.is_(False), c.reported_on.desc(), c.id.desc(), name="denial")
    after_denial = or_(
        denial.c.id.is_(None),
        c.reported_on > denial.c.reported_on,
        and_(c.reported_on == denial.c.reported_on, c.id > denial.c.id),
    )
    not_sent_back = or_(
        acceptance.c.id.is_(None), acceptance.c.action != "return", c.recorded_at > acceptance.c.recorded_at
    )
    same_evidence = (c.assignment_id, c.evidence_number, c.evidence_on)
    claims = (
        select(reports, func.min(c.recorded_at).over(partition_by=same_evidence).label("first_given_at"))
        .join_from(reports, denial, denial.c.assignment_id == c.assignment_id, isouter=True)
        .outerjoin(acceptance, acceptance.c.assignment_id == c.assignment_id)
        .where(c.declared_done, after_denial, not_sent_back)
        .cte("standing_claim")
    )
    proven_first = _one_if(_evidenced(claims)).desc()
    return _newest(claims, true(), proven_first, claims.c.reported_on.desc(), claims.c.id.desc(), name="claim")


def _last_decision(question: Question, *actions: str, covering: date | None = None) -> CTE:
    """Return the newest decision of these kinds about each assignment, of those that cover a day if one is given."""
    known = and_(DECISION.c.action.in_(actions), DECISION.c.recorded_at <= question.known_at)
    if covering is not None:
        known = and_(known, DECISION.c.effective_on <= covering, DECISION.c.until_on >= covering)
    return _newest(DECISION, known, DECISION.c.id.desc(), name=f"last_{actions[0]}")


def _newest(table: FromClause, known: ColumnElement[bool], *newest_first: ColumnElement[Any], name: str) -> CTE:
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


def _completed_on(claim: CTE, acceptance: CTE, question: Question) -> ColumnElement[date]:
    """Return the day the work counts as done, or NEVER. A confirmation holds until other evidence is given."""
    accepted = and_(acceptance.c.action == "confirm", acceptance.c.recorded_at >= claim.c.first_given_at)
    enough = {
        CompletionLevel.DECLARED: true(),
        CompletionLevel.EVIDENCED: or_(_evidenced(claim), accepted),
        CompletionLevel.CONFIRMED: accepted,
    }[question.level]
    said = func.coalesce(claim.c.evidence_on, claim.c.declared_completed_on, claim.c.reported_on)
    return case((and_(claim.c.id.is_not(None), enough), said), else_=_day(NEVER))


def _evidenced(claim: CTE) -> ColumnElement[bool]:
    return and_(claim.c.evidence_number.is_not(None), claim.c.evidence_on.is_not(None))


def _holder(question: Question) -> ColumnElement[str]:
    """Return the agency accountable on the day asked about for what was assigned to `agency_code`."""
    passed_on = question.register.accountable(question.asked.day)
    agency = ASSIGNMENT.c.agency_code
    return case(dict(passed_on), value=agency, else_=agency) if passed_on else agency


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _day(day: date) -> ColumnElement[date]:
    return literal(day, Date())
