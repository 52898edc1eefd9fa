"""`kinds_of`: which rarer kinds of facts the store has, asked before the one query that may have to look for them."""

from sqlalchemy import exists, select
from sqlmodel import Session

from models.assignment_tables import Assignment, Decision
from models.columns import table_of
from models.question import Kinds
from models.work_tables import SameWork, TaskStep

_ASKED = select(
    exists().where(table_of(TaskStep).c.position > 0).label("steps"),
    exists().where(table_of(SameWork).c.id > 0).label("linked"),
)
_DECISION, _ASSIGNMENT = table_of(Decision), table_of(Assignment)
_TAKEN_OVER = (
    select(_ASSIGNMENT.c.agency_code, _DECISION.c.to_agency)
    .join_from(_DECISION, _ASSIGNMENT, _ASSIGNMENT.c.id == _DECISION.c.assignment_id)
    .where(_DECISION.c.to_agency.is_not(None))
    .distinct()
    .order_by(_ASSIGNMENT.c.agency_code, _DECISION.c.to_agency)
)


def kinds_of(session: Session) -> Kinds:
    """Return which of the rarer kinds there are."""
    steps, linked = session.execute(_ASKED).one()
    taken_over = session.execute(_TAKEN_OVER).tuples().all()
    return Kinds(bool(steps), bool(linked), tuple(taken_over))
