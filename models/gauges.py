"""The figures operations watch, counted where they lie: the outbox, what was recorded, the newest edition."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from models.assignment_tables import Batch
from models.edition_tables import Edition
from models.outcome_tables import Notice


@dataclass(frozen=True)
class Gauges:
    """Notices by state, when the oldest that waits was planned; batches and rows; the newest batch and edition."""

    notices: Mapping[str, int]
    oldest_planned_at: datetime | None
    batches: int
    rows: int
    newest_batch_at: datetime | None
    newest_edition_at: datetime | None


def gauges_of(session: Session, *, waiting: Collection[str]) -> Gauges:
    """Return the figures; `waiting` are the states of a notice that is still to be sent."""
    states = session.exec(select(Notice.state, func.count()).group_by(col(Notice.state)))
    oldest = session.exec(select(func.min(Notice.planned_at)).where(col(Notice.state).in_(waiting))).one()
    batches, rows = session.exec(select(func.count(), func.coalesce(func.sum(Batch.rows), 0)).select_from(Batch)).one()
    newest_batch = session.exec(select(func.max(Batch.recorded_at))).one()
    newest = session.exec(select(func.max(Edition.created_at))).one()
    return Gauges(dict(states.all()), oldest, batches, rows, newest_batch, newest)
