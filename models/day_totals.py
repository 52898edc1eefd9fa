"""The day's totals per agency as they were assessed: stored once a day, the source of movement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select
from sqlmodel import col

from models.outcome_tables import DayTotal
from models.status_table import StatusTable
from models.store import Store

TOTAL = "total"


@dataclass(frozen=True)
class DayTotals:
    """What was stored for `as_of`: counts by agency and status; a status without assignments is left out."""

    as_of: date
    counts: Mapping[str, Mapping[str, int]]

    def by_status(self) -> Mapping[str, int]:
        """Return the counts of all agencies together."""
        together: dict[str, int] = {}
        for counts in self.counts.values():
            for status, count in counts.items():
                together[status] = together.get(status, 0) + count
        return together


def store_day_totals(store: Store, table: StatusTable, *, now: datetime) -> DayTotals:
    """Store the totals of `table` for its day, in place of what an earlier run stored for that day; `now` is aware.

    Only a table of all agencies and milestones may be stored: the caller narrows nothing.
    """
    counts = {
        agency: {status: count for status, count in by_status.items() if count and status != TOTAL}
        for agency, by_status in table.by_agency().items()
    }
    rows = [
        {"as_of": table.as_of, "agency_code": agency, "status": status, "count": count, "assessed_at": now}
        for agency, by_status in counts.items()
        for status, count in by_status.items()
    ]
    with store.writing() as session:
        session.execute(delete(DayTotal).where(col(DayTotal.as_of) == table.as_of))
        if rows:
            session.execute(insert(DayTotal), rows)
    return DayTotals(table.as_of, counts)


def day_totals_before(store: Store, day: date) -> DayTotals | None:
    """Return what was stored for the last assessed day before `day`, or None when there is none."""
    with store.reading() as session:
        last = session.scalar(select(func.max(DayTotal.as_of)).where(col(DayTotal.as_of) < day))
        if last is None:
            return None
        counts: dict[str, dict[str, int]] = {}
        for row in session.scalars(select(DayTotal).where(col(DayTotal.as_of) == last)):
            counts.setdefault(row.agency_code, {})[row.status] = row.count
    return DayTotals(last, counts)
