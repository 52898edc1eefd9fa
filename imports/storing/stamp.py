"""How far the store had come: what was compared with it still holds while nothing was recorded or taken back."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.assignment_tables import Batch, Undo


@dataclass(frozen=True)
class Stamp:
    """The last batch recorded, and how many were taken back; both only grow."""

    batch: int
    undone: int


def stamp_of(session: Session) -> Stamp:
    """Return the stamp of the store as `session` sees it."""
    batch = session.scalar(select(func.max(col(Batch.id))))
    return Stamp(batch or 0, session.scalar(select(func.count(col(Undo.batch_id)))) or 0)
