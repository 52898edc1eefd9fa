"""The one query behind every status: facts per assignment, gathered per accountable agency, judged by the table."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select, union_all

from models.columns import table_of
from models.counted import counted, live_batches
from models.question import CODES, DAY, WARNING_UNTIL, Question, Shape
from models.register_tables import EffectiveDayRow
from models.status_facts import ASSIGNMENT, Facts, day, one_if
from rules.status import NEVER, OTHERWISE, TABLE, WORST_FIRST, AskedAbout, StatusFacts

__all__ = ["Question", "counted", "inherited", "judged", "judged_apart", "live_batches"]

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
    """Return the rows of `judged` in one or two parts that share no agency.

    Only a successor can hold several assignments of one task and period: the others are spared the gathering.
    """
    own = ASSIGNMENT.c.agency_code
    among = Facts(shape, own.in_(CODES), few=True)
    if shape.one:
        return [_gathered(among, told=told) if shape.gathers else _parts(among, told=told)]
    alone = _parts(Facts(shape, own.not_in(CODES), few=False), told=told)
    return [alone, _gathered(among, told=told)] if shape.gathers else [alone]


@lru_cache
def inherited(shape: Shape) -> Select[tuple[int, str, str, str]]:
    """Select task, period, agency and code of what stands for the agencies given as `codes`."""
    return Facts(shape, ASSIGNMENT.c.agency_code.in_(CODES), few=True).standing().order_by(ASSIGNMENT.c.code)


def _parts(facts: Facts, *, told: bool) -> Subquery:
    """Return one row per assignment with its facts and its own status."""
    found = facts.query(told=told)
    c = found.c
    last_good_day = func.coalesce(EFFECTIVE_DAY.c.effective_on, c.due_on, day(NEVER))
    total = StatusFacts(c.nature, last_good_day, c.completed_on, c.cancelled_on, c.held_from, c.held_until)
    asked = AskedAbout(DAY, WARNING_UNTIL)  # type: ignore[arg-type]
    status = case(*((holds(total, asked), str(status)) for status, holds in TABLE), else_=str(OTHERWISE))
    columns: list[ColumnElement[Any]] = [*c, last_good_day.label("last_good_day"), status.label("status")]
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
