"""When a month's papers are closed, and when the Government meets on them."""

from datetime import date

import pytest

from config.calendar import load_calendar
from rules.meeting import cutoff_of, meeting_of, month_before

CALENDAR = load_calendar()


@pytest.mark.parametrize(
    ("month", "meeting", "because"),
    [
        ("2025-06", date(2025, 7, 1), "the first of July 2025 is a Tuesday"),
        ("2025-05", date(2025, 6, 2), "the first of June 2025 is a Sunday"),
        ("2025-08", date(2025, 9, 3), "1 and 2 September 2025 are the National Day break"),
        ("2025-12", date(2026, 1, 5), "1 and 2 January 2026 are off, then a weekend"),
    ],
)
def test_the_meeting_is_on_the_next_months_first_working_day(month: str, meeting: date, because: str) -> None:
    assert meeting_of(month, CALENDAR) == meeting, because


def test_papers_close_on_the_25th() -> None:
    assert cutoff_of("2025-08") == date(2025, 8, 25)


@pytest.mark.parametrize("month", ["2025-13", "2025-00", "tháng 8", ""])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cutoff_of(month)


@pytest.mark.parametrize(("day", "month"), [(date(2025, 9, 3), "2025-08"), (date(2026, 1, 5), "2025-12")])
def test_the_meeting_hears_the_month_before(day: date, month: str) -> None:
    assert month_before(day) == month
