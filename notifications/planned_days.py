"""Which day was planned last."""

from datetime import date

from sqlalchemy import func, select
from sqlmodel import col

from models import Store
from models.outcome_tables import Notice


def last_planned_day(store: Store) -> date | None:
    """Return the latest day that notices were planned for; None before the first."""
    with store.reading() as session:
        return session.scalar(select(func.max(col(Notice.as_of))))
