"""`high_water`: how far the facts reach: while it is the same, nothing was recorded, decided or planned in between."""

from sqlmodel import Session, col, func, select

from models.assignment_tables import Batch, Undo
from models.escalation_tables import HoldingRow
from models.outcome_tables import AuditEntry, Notice

HighWater = tuple[int, ...]


def high_water(session: Session) -> HighWater:
    """Return the newest audit entry, workbook, notice and holding, and how many workbooks were taken back."""
    newest = (
        select(func.coalesce(func.max(col(row.id)), 0)).scalar_subquery()
        for row in (AuditEntry, Batch, Notice, HoldingRow)
    )
    undone = select(func.count()).select_from(Undo).scalar_subquery()
    return tuple(session.execute(select(*newest, undone)).one())  # type: ignore[call-overload]
