"""The shipped working calendar, as every rule is asked about real days."""

import pytest

from config.calendar import load_calendar
from rules.calendar import WorkingCalendar


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    """Give the calendar of config/calendar.toml."""
    return load_calendar()
