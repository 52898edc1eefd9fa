"""The calendar's data expires; this says so before anybody is judged by a calendar that is not there."""

from datetime import date

from config.calendar import load_calendar

NOVEMBER = 11


def test_from_november_the_next_year_is_known() -> None:
    """When this fails: add the year to config/calendar.toml, official once its list is published, else provisional."""
    calendar = load_calendar()
    today = date.today()  # noqa: DTZ011 - the one test that is meant to fail when time passes
    needed = today.year + 1 if today.month >= NOVEMBER else today.year
    known = calendar.official_years | calendar.provisional_years
    assert needed in known, f"config/calendar.toml does not know {needed}; it knows {sorted(known)}"
