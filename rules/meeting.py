"""The month of the Government meeting: papers by the 25th, the meeting on the first working day of the next month."""

from datetime import date
from typing import NamedTuple

from rules.calendar import WorkingCalendar

CUTOFF_DAY = 25
_DECEMBER = 12


class ReportDays(NamedTuple):
    """A report's month with its cut-off and its meeting, and the day it was asked for."""

    month: str
    cutoff: date
    meeting: date
    asked: date


def first_day(month: str) -> date:
    """Return the first day of `month` ("2025-08"). Raises ValueError when it is no month."""
    return date.fromisoformat(f"{month}-01")


def next_month(month: str) -> str:
    """Return the month after `month`."""
    first = first_day(month)
    year, number = (first.year + 1, 1) if first.month == _DECEMBER else (first.year, first.month + 1)
    return f"{year:04d}-{number:02d}"


def month_before(day: date) -> str:
    """Return the month before the one of `day`."""
    year, number = (day.year - 1, _DECEMBER) if day.month == 1 else (day.year, day.month - 1)
    return f"{year:04d}-{number:02d}"


def cutoff_of(month: str) -> date:
    """Return the day papers of `month` are closed."""
    return first_day(month).replace(day=CUTOFF_DAY)


def meeting_of(month: str, calendar: WorkingCalendar) -> date:
    """Return the day of the meeting that hears the report of `month`."""
    return calendar.next_working(first_day(next_month(month)))
