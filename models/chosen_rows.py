"""The full rows of a few assignments: a page of a list, without judging the rest of the country."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session

from models.kinds import kinds_of
from models.standings import Asked, Key, Stand
from models.standings_stamp import linked_with
from models.status import rows_for, with_commitments
from models.status_facts import ASSIGNMENT
from models.status_table import StatusRow, StatusTable
from models.story import Story
from rules.reference import Reference


def chosen_rows(
    session: Session, asked: Asked, reference: Reference, stands: Iterable[Stand]
) -> Mapping[Key, StatusRow]:
    """Return the rows of `stands` as `status_of` gives them, by their keys and in their order.

    What no longer stands is left out.
    """
    wanted = [stand.key for stand in stands]
    rows = _rows(session, asked, reference, _parts(session, asked, reference, wanted))
    tasks = _tasks(session, rows)
    found = {(tasks[row.assignment_id], row.period, row.agency): row for row in rows}
    return {key: found[key] for key in wanted if key in found}


def row_of(session: Session, asked: Asked, reference: Reference, story: Story) -> StatusRow | None:
    """Return the row that stands for the assignment of a story; None when it is not counted."""
    code, task = story.assignment.code, story.assignment.task_id
    c = ASSIGNMENT.c
    same = select(c.id).where(c.task_id.in_({task, *linked_with(session, {task})}), c.period == story.assignment.period)
    rows = _rows(session, asked, reference, tuple(session.scalars(same)))
    return next((row for row in rows if code in row.codes), None)


def _rows(session: Session, asked: Asked, reference: Reference, chosen: tuple[int, ...]) -> Sequence[StatusRow]:
    question = asked.question(session, reference, chosen=chosen)
    rows = rows_for(session, question, reference.calendar, reference.milestones)
    if not question.kinds.promised:
        return rows
    return with_commitments(session, StatusTable(asked.as_of, asked.known_at, rows, reference.milestones)).rows


def _parts(session: Session, asked: Asked, reference: Reference, wanted: Sequence[Key]) -> tuple[int, ...]:
    """Return the assignments the wanted rows may be made of: of the same works and periods, held by their agencies."""
    own = {task for task, _, _ in wanted}
    holders = {agency for _, _, agency in wanted}
    passed_on = {former for former, to in reference.register.accountable(asked.as_of).items() if to in holders}
    split = {former for former, _ in kinds_of(session).taken_over}
    c = ASSIGNMENT.c
    query = select(c.id).where(
        c.task_id.in_(own | linked_with(session, own)), c.agency_code.in_(holders | passed_on | split)
    )
    return tuple(session.scalars(query.where(c.period.in_({period for _, period, _ in wanted}))))


def _tasks(session: Session, rows: Sequence[StatusRow]) -> Mapping[int, int]:
    query = select(ASSIGNMENT.c.id, ASSIGNMENT.c.task_id).where(
        ASSIGNMENT.c.id.in_([row.assignment_id for row in rows])
    )
    return dict(session.execute(query).tuples().all())
