"""Every day of the published years against a list written by hand, and what is known of the next year.

Written from the yearly announcements of public holidays for officials, with the swaps of 29 April 2024, 2 May 2025,
2 January 2026 and 31 August 2026. Nothing here is computed. (24 November 2026 awaits its law, so it is worked.)
"""

from datetime import date, timedelta

import pytest

from config.calendar import load_calendar

SHIPPED = load_calendar()
# First and last day nobody works, weekends at both ends included; every other Saturday and Sunday is off by itself.
BREAKS = {
    "Tết Dương lịch 2024": ("2023-12-30", "2024-01-01"),
    "Tết Giáp Thìn": ("2024-02-08", "2024-02-14"),
    "Giỗ Tổ 2024": ("2024-04-18", "2024-04-18"),
    "30/4 và 1/5/2024": ("2024-04-27", "2024-05-01"),
    "Quốc khánh 2024": ("2024-08-31", "2024-09-03"),
    "Tết Dương lịch 2025": ("2025-01-01", "2025-01-01"),
    "Tết Ất Tỵ": ("2025-01-25", "2025-02-02"),
    "Giỗ Tổ 2025": ("2025-04-05", "2025-04-07"),
    "30/4 và 1/5/2025": ("2025-04-30", "2025-05-04"),
    "Quốc khánh 2025": ("2025-08-30", "2025-09-02"),
    "Tết Dương lịch 2026": ("2026-01-01", "2026-01-04"),
    "Tết Bính Ngọ": ("2026-02-14", "2026-02-22"),
    "Giỗ Tổ 2026": ("2026-04-25", "2026-04-27"),
    "30/4 và 1/5/2026": ("2026-04-30", "2026-05-03"),
    "Quốc khánh 2026": ("2026-08-29", "2026-09-02"),
}
WORKED_SATURDAYS = ("2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22")
# Labour Code 2019 art. 112: one day, five of Tết, one, one, one, two; days that fall on a weekend are made up for.
STATUTORY_2027 = {
    "Tết Dương lịch": ("2027-01-01",),
    "Tết Đinh Mùi": ("2027-02-04", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10"),
    "Giỗ Tổ": ("2027-04-16",),
    "Ngày Chiến thắng": ("2027-04-30",),
    "Quốc tế Lao động": ("2027-05-03",),
    "Quốc khánh": ("2027-09-02", "2027-09-03"),
}


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def written_off() -> set[date]:
    breaks = (every_day(date.fromisoformat(first), date.fromisoformat(last)) for first, last in BREAKS.values())
    return {day for each in breaks for day in each}


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_a_published_year_is_as_written_by_hand(year: int) -> None:
    off, worked = written_off(), {date.fromisoformat(text) for text in WORKED_SATURDAYS}
    for day in every_day(date(year, 1, 1), date(year, 12, 31)):
        expected = day in worked or (day not in off and day.isoweekday() <= 5)
        assert SHIPPED.is_working(day) is expected, day


@pytest.mark.parametrize(("year", "worked"), [(2024, 251), (2025, 250), (2026, 250)])
def test_a_published_year_has_as_many_working_days_as_counted_on_paper(year: int, worked: int) -> None:
    days = every_day(date(year, 1, 1), date(year, 12, 31))
    assert sum(map(SHIPPED.is_working, days)) == worked
    assert SHIPPED.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == worked


@pytest.mark.parametrize("feast", STATUTORY_2027)
def test_the_next_years_statutory_days_are_off_and_provisional(feast: str) -> None:
    for text in STATUTORY_2027[feast]:
        day = date.fromisoformat(text)
        assert not SHIPPED.is_working(day)
        assert SHIPPED.effective(day) is None, "a provisional year states no effective day"


def test_a_provisional_year_holds_the_statutory_days_and_no_swap() -> None:
    stated = {date.fromisoformat(text) for days in STATUTORY_2027.values() for text in days}
    weekdays_off = {day for day in every_day(date(2027, 1, 1), date(2027, 12, 31)) if day.isoweekday() <= 5}
    assert {day for day in weekdays_off if not SHIPPED.is_working(day)} == stated
    assert 2027 in SHIPPED.provisional_years
    assert not [day for day in SHIPPED.worked_weekends if day.year in SHIPPED.provisional_years]
