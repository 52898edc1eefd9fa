from datetime import date

import pytest

from config.calendar import load_calendar
from config.programme import load_ladder
from rules.ladder import rung_reached

CALENDAR, LADDER = load_calendar(), load_ladder()
DUE_30_JUNE = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("today", "offset", "role"),
    [
        (date(2025, 6, 13), None, None),
        (date(2025, 6, 16), -10, "focal_point"),
        (date(2025, 6, 20), -10, "focal_point"),
        (date(2025, 6, 23), -5, "focal_point"),
        (date(2025, 6, 30), -5, "focal_point"),
        (date(2025, 7, 1), 1, "unit_head"),
        (date(2025, 7, 4), 1, "unit_head"),
        (date(2025, 7, 7), 5, "deputy_head"),
        (date(2025, 7, 11), 5, "deputy_head"),
        (date(2025, 7, 14), 10, "agency_head"),
        (date(2025, 7, 25), 10, "agency_head"),
        (date(2025, 7, 28), 20, "working_group"),
        (date(2025, 12, 31), 20, "working_group"),
    ],
)
def test_highest_rung_whose_day_has_come(today: date, offset: int | None, role: str | None) -> None:
    rung = rung_reached(DUE_30_JUNE, today, LADDER, CALENDAR)
    assert (rung and rung.offset, rung and rung.role) == (offset, role)


def test_national_day_is_not_a_day_late() -> None:
    """Due Sunday 31 August counts from Wednesday 3 September."""
    assert rung_reached(date(2025, 9, 3), date(2025, 9, 3), LADDER, CALENDAR).offset == -5  # type: ignore[union-attr]
    assert rung_reached(date(2025, 9, 3), date(2025, 9, 4), LADDER, CALENDAR).offset == 1  # type: ignore[union-attr]
