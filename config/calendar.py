"""Load the working calendar from its data file, refusing a file that contradicts itself."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rules.calendar import WorkingCalendar

CALENDAR = Path(__file__).parent / "calendar.toml"
OFFICIAL, PROVISIONAL = "official", "provisional"
SATURDAY = 5


class CalendarDataError(ValueError):
    """The calendar file states something that cannot be; the message says where and what to mend."""


def load_calendar(path: Path = CALENDAR) -> WorkingCalendar:
    """Return the calendar stated in `path`.

    Raises CalendarDataError for a day filed under another year, a weekday named as a worked weekend, a day both off
    and worked, or an unknown status.
    """
    years = {int(year): entry for year, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    holidays = _days(years, "days_off", path)
    worked = _days(years, "worked_weekends", path)
    _refuse(path, (day for day in worked if day.weekday() < SATURDAY), "is a weekday, so it cannot be a worked weekend")
    _refuse(path, worked.keys() & holidays.keys(), "is both off and worked; keep one")
    return WorkingCalendar(
        holidays=holidays,
        worked_weekends=frozenset(worked),
        official_years=_with_status(years, OFFICIAL, path),
        provisional_years=_with_status(years, PROVISIONAL, path),
    )


def _days(years: Mapping[int, Any], table: str, path: Path) -> dict[date, str]:
    dated = [
        (year, _day(written, path), name)
        for year, entry in years.items()
        for written, name in entry.get(table, {}).items()
    ]
    _refuse(path, (day for year, day, _ in dated if day.year != year), "stands under another year; move it")
    return {day: name for _, day, name in sorted(dated)}


def _day(written: str, path: Path) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        message = f"{path.name}: {written!r} is not a day written YYYY-MM-DD"
        raise CalendarDataError(message) from error


def _with_status(years: Mapping[int, Any], status: str, path: Path) -> frozenset[int]:
    unknown = [year for year, entry in years.items() if entry.get("status") not in (OFFICIAL, PROVISIONAL)]
    if unknown:
        message = f"{path.name}: [{unknown[0]}] needs status = {OFFICIAL!r} or {PROVISIONAL!r}"
        raise CalendarDataError(message)
    return frozenset(year for year, entry in years.items() if entry["status"] == status)


def _refuse(path: Path, days: Iterable[date], why: str) -> None:
    for day in sorted(days):
        message = f"{path.name}: {day.isoformat()} {why}"
        raise CalendarDataError(message)
