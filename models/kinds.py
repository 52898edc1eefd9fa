"""`kinds_of`: which rarer kinds of facts the store has, asked before the one query that may have to look for them."""

from sqlalchemy import exists, select, true
from sqlmodel import Session

from models.assignment_tables import Assignment, Decision
from models.columns import table_of
from models.commitment_tables import Commitment
from models.question import Kinds
from models.work_tables import SameWork, TaskStep

_DECISION, _ASSIGNMENT = table_of(Decision), table_of(Assignment)
_TAKEN_OVER = (
    select(_ASSIGNMENT.c.agency_code, _DECISION.c.to_agency)
    .join_from(_DECISION, _ASSIGNMENT, _ASSIGNMENT.c.id == _DECISION.c.assignment_id)
    .where(_DECISION.c.to_agency.is_not(None))
    .distinct()
    .subquery("taken_over")
)
_EITHER_WAY = select(
    exists().where(table_of(TaskStep).c.position > 0).label("steps"),
    exists().where(table_of(SameWork).c.id > 0).label("linked"),
    exists().where(table_of(Commitment).c.id > 0).label("promised"),
).subquery("either_way")
# One statement for all of them: each one more would be felt by whoever asks about the duties of one agency.
_ASKED = (
    select(_EITHER_WAY, _TAKEN_OVER)
    .select_from(_EITHER_WAY.outerjoin(_TAKEN_OVER, true()))
    .order_by(_TAKEN_OVER.c.agency_code, _TAKEN_OVER.c.to_agency)
)


def kinds_of(session: Session) -> Kinds:
    """Return which of the rarer kinds there are."""
    rows = session.execute(_ASKED).all()
    taken_over = tuple((row.agency_code, row.to_agency) for row in rows if row.to_agency is not None)
    first = rows[0]
    return Kinds(bool(first.steps), bool(first.linked), taken_over, bool(first.promised))
