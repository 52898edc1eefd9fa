"""The day's totals per agency as they were assessed: appended by each assessment, the source of movement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select
from sqlmodel import Session, col

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
    """Store the totals of `table` for its day, beside what an earlier assessment found; `now` is aware.

    Totals that are the same as the last ones known of the day are not stored again. Only a table of all agencies and
    milestones may be stored: the caller narrows nothing.
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
    totals = DayTotals(table.as_of, counts)
    with store.writing() as session:
        if rows and day_totals_known(session, table.as_of, known_at=now) != totals:
            at_once = (col(DayTotal.as_of) == table.as_of, col(DayTotal.assessed_at) == now)
            session.execute(delete(DayTotal).where(*at_once))
            session.execute(insert(DayTotal), rows)
    return totals


def day_totals_known(session: Session, day: date, *, known_at: datetime) -> DayTotals:
    """Return what the newest assessment of `day` found that had been made by `known_at` (aware)."""
    assessed = (col(DayTotal.as_of) == day, col(DayTotal.assessed_at) <= known_at)
    newest = select(func.max(DayTotal.assessed_at)).where(*assessed).scalar_subquery()
    counts: dict[str, dict[str, int]] = {}
    for row in session.scalars(select(DayTotal).where(*assessed, col(DayTotal.assessed_at) == newest)):
        counts.setdefault(row.agency_code, {})[row.status] = row.count
    return DayTotals(day, counts)


def day_totals_before(store: Store, day: date, *, known_at: datetime) -> DayTotals | None:
    """Return what was known at `known_at` (aware) of the last assessed day before `day`; None without one."""
    with store.reading() as session:
        assessed = (col(DayTotal.as_of) < day, col(DayTotal.assessed_at) <= known_at)
        last = session.scalar(select(func.max(DayTotal.as_of)).where(*assessed))
        return None if last is None else day_totals_known(session, last, known_at=known_at)
