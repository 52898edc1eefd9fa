"""The one query behind every status: facts per assignment, gathered per accountable agency, judged by the table."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, true, union_all

from models.columns import table_of
from models.counted import counted, live_batches
from models.judging import status_by
from models.question import CHOSEN, CODES, DAY, Question, Shape
from models.register_tables import EffectiveDayRow
from models.same_work import bound, documents, is_linked
from models.status_facts import ASSIGNMENT, Facts, day, one_if
from models.step_query import next_good_day
from rules.status import NEVER, WORST_FIRST, StatusFacts

__all__ = ["Question", "counted", "inherited", "judged", "judged_among", "judged_apart", "live_batches"]

EFFECTIVE_DAY = table_of(EffectiveDayRow)


@lru_cache
def judged(shape: Shape, *, told: bool = True) -> Subquery:
    """Return one row per task, period and accountable agency: the facts and status of the part that decides.

    `told` adds what is told beside a status: the assignment it is named after, its words, what was heard of it.
    """
    parts = judged_apart(shape, told=told)
    return union_all(*map(select, parts)).subquery("judged") if len(parts) > 1 else parts[0]


@lru_cache
def judged_apart(shape: Shape, *, told: bool) -> Sequence[Subquery]:
    """Return the rows of `judged` in one or two parts that share no row.

    Few successors hold several assignments of one task and period, and few tasks are one work with others: all the rest
    is spared the gathering.
    """
    if shape.one or shape.few:
        return [_counted_once(shape, told=told)]
    if not shape.gathers and not shape.kinds.linked:
        return [_parts(Facts(shape, true(), few=False), told=told)]
    alone = Facts(shape, ~_together(shape), few=False)
    return [_parts(alone, told=told), _counted_once(shape, told=told)]


@lru_cache
def documented(shape: Shape) -> Select[Any]:
    """Select every row of works that several documents give, before the one that counts is chosen."""
    return documents(_held(shape, told=True))


def judged_among(shape: Shape, held: ColumnElement[bool]) -> Subquery:
    """Return the rows of the few assignments that fulfil `held`, each by itself, with what is told beside a status."""
    return _parts(Facts(shape, held, few=True), told=True)


def _counted_once(shape: Shape, *, told: bool) -> Subquery:
    """Return the rows of agencies that hold what was assigned to others, and of work several documents give."""
    held = _held(shape, told=told)
    # Named apart: nested any deeper, SQLite would not read it.
    return bound(select(held).cte("of_documents"), told=told) if shape.kinds.linked else held


def _held(shape: Shape, *, told: bool) -> Subquery:
    among = _few(shape) if shape.one or shape.few else _together(shape)
    facts = Facts(shape, among, few=True)
    return _gathered(facts, told=told) if shape.gathers else _parts(facts, told=told)


def _together(shape: Shape) -> ColumnElement[bool]:
    """Whether an assignment may count as one with others: as a part of what its agency holds, or as the same work."""
    linked = [is_linked(ASSIGNMENT.c.task_id)] if shape.kinds.linked else []
    return or_(*([_is_part(shape)] if shape.gathers else []), *linked)


def _is_part(shape: Shape) -> ColumnElement[bool]:
    """Whether an agency may hold another assignment of the same task and period.

    Who holds what by a decision is not known before it is read: then whatever may have passed on is a part.
    """
    if shape.kinds.taken_over:
        return _few(shape)
    return ASSIGNMENT.c.id.in_(select(_parts_held(shape.passed_on).c.id))


@lru_cache
def _parts_held(passed_on: tuple[tuple[str, str], ...]) -> CTE:
    """Return the assignments whose agency on the day was given another one of the same task and period."""
    c = ASSIGNMENT.c
    holder = case(dict(passed_on), value=c.agency_code, else_=c.agency_code)
    held = func.count().over(partition_by=(c.task_id, c.period, holder)).label("held")
    counted = select(c.id, held).where(c.agency_code.in_(CODES)).subquery()
    # Three places ask for them: so they are planned and read once.
    return select(counted.c.id).where(counted.c.held > 1).cte("parts_held").prefix_with("MATERIALIZED")


@lru_cache
def inherited(shape: Shape) -> Select[tuple[int, str, str, str]]:
    """Select task, period, accountable agency and code of what other agencies, given as `codes`, were assigned."""
    return Facts(shape, _few(shape), few=True).standing().order_by(ASSIGNMENT.c.code)


def _few(shape: Shape) -> ColumnElement[bool]:
    return ASSIGNMENT.c.id.in_(CHOSEN) if shape.few else ASSIGNMENT.c.agency_code.in_(CODES)


def _parts(facts: Facts, *, told: bool) -> Subquery:
    """Return one row per assignment with its facts and its own status."""
    found = facts.query(told=told)
    c = found.c
    final = func.coalesce(EFFECTIVE_DAY.c.effective_on, c.due_on, day(NEVER))
    last_good_day = next_good_day(found, final) if facts.shape.kinds.steps else final
    total = StatusFacts(c.nature, last_good_day, c.completed_on, c.cancelled_on, c.held_from, c.held_until)
    status = status_by(total)
    days = (last_good_day.label("last_good_day"), final.label("final_good_day"))
    columns: list[ColumnElement[Any]] = [*c, *days, status.label("status")]
    if told:
        completion = facts.completion(c.assignment_id, found)
        unproven = or_(c.completed_on == day(NEVER), completion.first_given_on() > DAY)
        awaiting = and_(completion.is_claimed(), unproven)
        open_ = and_(c.completed_on > DAY, c.cancelled_on > DAY)
        columns += [
            func.coalesce(EFFECTIVE_DAY.c.effective_on, c.due_on).label("effective_due_on"),
            c.assignment_id.label("named_after"),
            case((open_, one_if(awaiting)), else_=0).label("awaiting"),
            facts.heard_on(c.assignment_id).label("heard_on"),
            literal(1).label("documents"),
        ]
    return (
        select(*columns).select_from(found.outerjoin(EFFECTIVE_DAY, EFFECTIVE_DAY.c.day == c.due_on)).subquery("part")
    )


def _gathered(facts: Facts, *, told: bool) -> Subquery:
    """Return, of the parts an agency holds of one task and period, the worst: it stands for all."""
    parts = _parts(facts, told=told)
    c = parts.c
    together = (c.task_id, c.period, c.holder)
    worst_first = (
        case({str(status): at for at, status in enumerate(WORST_FIRST)}, value=c.status),
        case((c.completed_on <= DAY, day(NEVER)), else_=c.last_good_day),
        c.completed_on.desc(),
        c.assignment_id,
    )
    of_all = _of_all(parts, together) if told else {}
    held = select(
        *(of_all.get(column.name, column).label(column.name) for column in c),
        func.row_number().over(partition_by=together, order_by=worst_first).label("badness"),
    ).subquery("held")
    return select(*(held.c[column.name] for column in c)).where(held.c.badness == 1).subquery("gathered")


def _of_all(parts: Subquery, together: Sequence[ColumnElement[Any]]) -> Mapping[str, ColumnElement[Any]]:
    """Return what is told of all parts together; they are named after the agency's own part, or else the first."""
    c = parts.c
    first, own = func.min(c.named_after), func.min(case((c.agency_code == c.holder, c.named_after)))
    named_after = func.coalesce(own.over(partition_by=together), first.over(partition_by=together))
    latest = {name: func.max(c[name]).over(partition_by=together) for name in ("heard_on", "awaiting", "extended")}
    return {"named_after": named_after, **latest}
