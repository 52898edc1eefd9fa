"""Assignments that are told of under another's name: parts a successor holds, and rows another document binds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from models.assignment_tables import Assignment
from models.duties import Duty
from models.question import Question
from models.same_work import works_known
from models.succession import taken_over

_AT_ONCE = 900


class Held(NamedTuple):
    """The duty an assignment counts under, by the id it is named after, and the assignment's own code."""

    row: int
    code: str


def held_under(session: Session, question: Question, ids: Iterable[int], duties: Sequence[Duty]) -> Mapping[int, Held]:
    """Return for those of `ids` that are no duty themselves which of `duties` they count under, if any."""
    wanted = sorted(set(ids) - {duty.assignment_id for duty in duties})
    if not wanted or not (question.touched or question.kinds.linked):
        return {}
    day, known_at = question.asked.day, question.known_at
    works = works_known(session, known_at) if question.kinds.linked else {}
    taken = {
        (each.task_id, each.period, each.former): each.to
        for each in (taken_over(session, on=day, known_at=known_at) if question.kinds.taken_over else ())
    }
    rows = {(works.get(duty.task_id, -duty.task_id), duty.period, duty.agency): duty.assignment_id for duty in duties}
    found: dict[int, Held] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        some = select(Assignment.id, Assignment.code, Assignment.task_id, Assignment.period, Assignment.agency_code)  # type: ignore[call-overload]
        for id_, code, task, period, agency in session.execute(
            some.where(col(Assignment.id).in_(wanted[at : at + _AT_ONCE]))
        ):
            to = taken.get((task, period, agency), agency)
            row = rows.get((works.get(task, -task), period, question.passed_on.get(to, to)))
            if row is not None:
                found[id_] = Held(row, code)
    return found
