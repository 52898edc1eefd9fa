"""The periods of a duty that comes back, counted off day by day, are those the product writes down."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlmodel import select

from models import Store
from models.assignment_tables import Assignment, AssignmentRevision, Batch, Document, Task, TaskRevision
from models.periods import HORIZON, extend_periods
from tests.oracle.almanac import period_begins

# What is written, the kind and the recurrence kept with the task, and how the period of a day is named.
WRITTEN = {
    "W": ("Hằng tuần", "recurring_weekly", "FREQ=WEEKLY"),
    "M": ("Hằng tháng", "recurring_monthly", "FREQ=MONTHLY"),
    "Q": ("Hằng quý", "recurring_quarterly", "FREQ=QUARTERLY"),
    "H": ("6 tháng/lần", "recurring_semiannual", "BYMONTH=6,12"),
    "Y": ("Hằng năm", "recurring_annual", "BYMONTH=12"),
}


@pytest.mark.parametrize("how_often", WRITTEN)
def test_the_periods_are_those_counted_off_day_by_day(store: Store, how_often: str) -> None:
    random = Random(f"periods {how_often}")  # noqa: S311 - test data, no secret
    signed_on = date(2025, 1, 1) + timedelta(days=random.randrange(360))
    _record(store, how_often, signed_on)
    today = signed_on
    for _ in range(6):
        today += timedelta(days=random.randrange(1, 200))
        extend_periods(store, today=today, now=datetime(2028, 1, 1, tzinfo=UTC))
        expected = counted_off(how_often, signed_on, today + HORIZON)
        assert _written_down(store) == expected, (signed_on, today)


def counted_off(how_often: str, signed_on: date, through: date) -> list[tuple[str, date, date]]:
    """Return name, first day that counts and due day of every period, by looking at one day after the other.

    A period is due on its last day, a week on its Friday. The day of signature is not counted: a week whose Friday it
    is has passed; a month that ends on it still has that day.
    """
    found: dict[str, tuple[str, date, date]] = {}
    day = signed_on
    while day <= through:
        name = _name(how_often, day)
        begins, due_on = period_begins(name), _last_day(how_often, day)
        in_time = due_on > signed_on if how_often == "W" else due_on >= signed_on
        if in_time:
            found.setdefault(name, (name, max(begins, signed_on), due_on))
        day += timedelta(days=1)
    return list(found.values())


def _name(how_often: str, day: date) -> str:
    year, week, _ = day.isocalendar()
    quarter, half = (day.month - 1) // 3 + 1, (day.month - 1) // 6 + 1
    names = {"W": f"{year}-W{week:02d}", "M": f"{day:%Y-%m}", "Q": f"{day.year}-Q{quarter}", "H": f"{day.year}-H{half}"}
    return names.get(how_often, str(day.year))


def _last_day(how_often: str, day: date) -> date:
    if how_often == "W":
        return day - timedelta(days=day.weekday() - 4)
    months = {"M": 1, "Q": 3, "H": 6, "Y": 12}[how_often]
    month = ((day.month - 1) // months + 1) * months
    return date(day.year, month, monthrange(day.year, month)[1])


def _record(store: Store, how_often: str, signed_on: date) -> None:
    """Put in the first period alone, as a workbook gave it."""
    words, kind, recurrence = WRITTEN[how_often]
    (name, counts_from, due_on) = next(iter(counted_off(how_often, signed_on, signed_on + timedelta(days=400))))
    at = datetime(2025, 1, 1, tzinfo=UTC)
    counts: dict[str, Any] = dict.fromkeys(("rows", "new", "changed", "unchanged", "gone"), 0)
    with store.writing() as session:
        session.add(Batch(id=1, file="x.xlsx", sha256="1", recorded_at=at, **counts))
        session.flush()
        session.add(Document(id=1, code="D1", issued_on=signed_on, batch_id=1))
        session.flush()
        session.add(Task(id=1, document_id=1, number="1", batch_id=1))
        session.add(
            TaskRevision(
                id=1, task_id=1, batch_id=1, text="Báo cáo", deadline_text=words, deadline_kind=kind,
                recurrence=recurrence, sheet="PL", row=9, digest="x",
            )
        )  # fmt: skip
        session.add(Assignment(id=1, code=f"D1.1.BYT.{name}", task_id=1, agency_code="BYT", period=name, batch_id=1))
        session.add(
            AssignmentRevision(
                assignment_id=1, task_revision_id=1, batch_id=1, nature="dated", counts_from=counts_from,
                original_due_on=due_on,
            )
        )  # fmt: skip


def _written_down(store: Store) -> list[tuple[str, date, date]]:
    with store.reading() as session:
        names = {row.id: row.period for row in session.exec(select(Assignment))}
        dates = session.exec(select(AssignmentRevision)).all()
    found = [(names[each.assignment_id], each.counts_from, each.original_due_on or date.max) for each in dates]
    return sorted(found, key=lambda each: each[2])
