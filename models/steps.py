"""`steps_of`: how the steps of listed assignments stand, read beside the one query that used them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from models.assignment_tables import Progress
from models.columns import table_of
from models.counted import BATCH, counted
from models.question import Question
from models.story import Story
from models.work_tables import TaskStep
from rules.calendar import WorkingCalendar
from rules.status import NEVER, AskedAbout, StatusFacts
from rules.steps import Schedule, Step, StepStanding, standings

AT_ONCE = 500
Cited = tuple[str, date, datetime]


def steps_of(
    session: Session, question: Question, rows: Sequence[Row[Any]], calendar: WorkingCalendar
) -> Mapping[int, Sequence[StepStanding]]:
    """Return, by the id of the assignment that decides a row, how its steps stand; nothing for work without steps."""
    if not question.kinds.steps:
        return {}
    worded = _worded(session, {row.task_revision_id for row in rows})
    stepped = [row for row in rows if row.due_on and row.task_revision_id in worded]
    cited = _cited(session, [row.assignment_id for row in stepped], question.known_at)
    return {
        row.assignment_id: standings(
            Schedule(
                worded[row.task_revision_id],
                row.due_on - row.original_due_on,
                [(number, on) for number, on, at in cited[row.assignment_id] if row.since is None or at > row.since],
            ),
            StatusFacts(row.nature, NEVER, row.completed_on, row.cancelled_on, row.held_from, row.held_until),
            question.asked,
            calendar,
        )
        for row in stepped
    }


def steps_in(story: Story, whole: StatusFacts, asked: AskedAbout, calendar: WorkingCalendar) -> list[StepStanding]:
    """Return how the steps of one assignment stand, told from its story."""
    due_on, original = story.due_on, story.dates.original_due_on
    if not story.steps or due_on is None or original is None:
        return []
    steps = [Step(each.position, each.name, each.due_on) for each in story.steps]
    return standings(Schedule(steps, due_on - original, story.cited), whole, asked, calendar)


def _worded(session: Session, wordings: set[int]) -> dict[int, list[Step]]:
    found: dict[int, list[Step]] = defaultdict(list)
    for step in session.scalars(select(TaskStep).order_by(col(TaskStep.position))):
        if step.task_revision_id in wordings:
            found[step.task_revision_id].append(Step(step.position, step.name, step.due_on))
    return found


def _cited(session: Session, assignments: Sequence[int], known_at: datetime) -> Mapping[int, list[Cited]]:
    report, found = table_of(Progress), defaultdict[int, list[Cited]](list)
    c = report.c
    known = (counted(report, known_at), c.evidence_number.is_not(None), c.evidence_on.is_not(None))
    query = select(c.assignment_id, c.evidence_number, c.evidence_on, BATCH.c.recorded_at)
    query = query.join_from(report, BATCH, BATCH.c.id == c.batch_id).where(*known)
    for start in range(0, len(assignments), AT_ONCE):
        of_these = c.assignment_id.in_(assignments[start : start + AT_ONCE])
        for assignment, number, on, at in session.execute(query.where(of_these)):
            found[assignment].append((number, on, at))
    return found
