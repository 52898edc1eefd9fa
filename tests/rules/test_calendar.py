"""Which days are worked: the shipped data against its sources, and the arithmetic on it."""

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar import CalendarDataError, load_calendar
from rules.calendar import DAY, WorkingCalendar, days

SHIPPED = load_calendar()
SOME_DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))
CULTURE_DAY = (11, 24)


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        (date(2024, 4, 29), date(2024, 5, 4)),
        (date(2025, 5, 2), date(2025, 4, 26)),
        (date(2026, 1, 2), date(2026, 1, 10)),
        (date(2026, 8, 31), date(2026, 8, 22)),
    ],
)
def test_a_swap_gives_a_weekday_off_and_takes_a_saturday(off: date, worked: date) -> None:
    assert off.weekday() < 5
    assert not SHIPPED.is_working(off)
    assert worked.weekday() == 5
    assert SHIPPED.is_working(worked)


@pytest.mark.parametrize(
    ("last_worked", "first_worked_again"),
    [
        (date(2024, 2, 7), date(2024, 2, 15)),
        (date(2025, 1, 24), date(2025, 2, 3)),
        (date(2025, 4, 4), date(2025, 4, 8)),
        (date(2025, 4, 29), date(2025, 5, 5)),
        (date(2025, 8, 29), date(2025, 9, 3)),
        (date(2025, 12, 31), date(2026, 1, 5)),
        (date(2026, 2, 13), date(2026, 2, 23)),
        (date(2026, 4, 24), date(2026, 4, 28)),
        (date(2026, 4, 29), date(2026, 5, 4)),
        (date(2026, 8, 28), date(2026, 9, 3)),
    ],
)
def test_a_break_ends_on_the_first_day_worked_again(last_worked: date, first_worked_again: date) -> None:
    assert SHIPPED.is_working(last_worked)
    assert SHIPPED.next_working(last_worked + DAY) == first_worked_again
    assert SHIPPED.last_working(first_worked_again - DAY) == last_worked
    assert SHIPPED.is_working(first_worked_again)


def test_the_culture_day_is_worked_until_its_law_is_passed() -> None:
    assert SHIPPED.is_working(date(2026, 11, 24))


@pytest.mark.parametrize("year", sorted(SHIPPED.official_years | SHIPPED.provisional_years))
def test_days_off_are_those_of_the_holidays_package_except_what_we_know_better(year: int) -> None:
    known = set(holidays.country_holidays("VN", years=year)) - {date(year, *CULTURE_DAY)}
    ours = {day for day in SHIPPED.holidays if day.year == year}
    assert ours ^ known == ({date(2026, 1, 2)} if year == 2026 else set())


def test_every_official_year_is_followed_by_one_that_is_at_least_provisional() -> None:
    """When this fails, add the next year to config/calendar.toml: [YYYY] status = "provisional", then its days off."""
    assert max(SHIPPED.provisional_years | SHIPPED.official_years) > max(SHIPPED.official_years)


def test_official_years_leave_no_gap() -> None:
    assert SHIPPED.official_years == set(range(min(SHIPPED.official_years), max(SHIPPED.official_years) + 1))


@pytest.mark.parametrize(
    ("due", "effective"),
    [
        (date(2025, 5, 31), date(2025, 6, 2)),
        (date(2025, 4, 26), date(2025, 4, 26)),
        (date(2025, 4, 30), date(2025, 5, 5)),
        (date(2025, 8, 29), date(2025, 8, 29)),
        (date(2025, 8, 30), date(2025, 9, 3)),
        (date(2025, 8, 31), date(2025, 9, 3)),
        (date(2025, 9, 3), date(2025, 9, 3)),
        (date(2026, 12, 31), date(2026, 12, 31)),
        (date(2027, 1, 4), None),
        (date(2023, 12, 31), None),
        (date.max, None),
    ],
)
def test_a_due_day_off_moves_to_the_next_day_worked_inside_the_covered_years(due: date, effective: date | None) -> None:
    assert SHIPPED.effective(due) == effective


def test_a_due_day_that_would_roll_out_of_the_covered_years_has_no_effective_day() -> None:
    only_2022 = WorkingCalendar({}, frozenset(), frozenset({2022}))
    assert only_2022.effective(date(2022, 12, 30)) == date(2022, 12, 30)
    assert only_2022.effective(date(2022, 12, 31)) is None


@pytest.mark.parametrize(
    ("after", "through", "count"),
    [
        (date(2025, 9, 3), date(2025, 9, 3), 0),
        (date(2025, 9, 3), date(2025, 9, 4), 1),
        (date(2025, 9, 3), date(2025, 9, 5), 2),
        (date(2025, 8, 29), date(2025, 9, 2), 0),
        (date(2025, 8, 29), date(2025, 9, 3), 1),
        (date(2025, 4, 25), date(2025, 4, 26), 1),
        (date(2025, 4, 25), date(2025, 4, 27), 1),
        (date(2025, 9, 5), date(2025, 9, 3), -2),
    ],
)
def test_working_days_are_counted_after_the_first_day_through_the_last(after: date, through: date, count: int) -> None:
    assert SHIPPED.working_days_between(after, through) == count


@given(SOME_DAYS, SOME_DAYS)
def test_counting_equals_looking_at_every_day(first: date, second: date) -> None:
    after, through = sorted((first, second))
    counted = sum(SHIPPED.is_working(day) for day in days(after + DAY, through))
    assert SHIPPED.working_days_between(after, through) == counted
    assert SHIPPED.working_days_between(through, after) == -counted


@given(SOME_DAYS, st.integers(-60, 60))
def test_adding_working_days_is_undone_by_counting_them(day: date, count: int) -> None:
    start = SHIPPED.next_working(day)
    moved = SHIPPED.add_working_days(start, count)
    assert SHIPPED.is_working(moved)
    assert SHIPPED.working_days_between(start, moved) == count


def test_days_off_lists_the_weekend_and_the_holidays_between_two_days() -> None:
    off = list(SHIPPED.days_off(date(2025, 8, 29), date(2025, 9, 3)))
    assert off == [date(2025, 8, 30) + timedelta(days=offset) for offset in range(4)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[2025]\nstatus = "official"\n[2025.days_off]\n2026-01-01 = "x"', "2026-01-01 stands under another year"),
        ('[2025]\nstatus = "official"\n[2025.worked_weekends]\n2025-04-25 = "x"', "2025-04-25 is a weekday"),
        (
            '[2025]\nstatus = "official"\n[2025.days_off]\n2025-04-26 = "x"\n[2025.worked_weekends]\n2025-04-26 = "x"',
            "2025-04-26 is both off and worked",
        ),
        ('[2025]\nstatus = "guessed"', "[2025] needs status"),
        ('[2025]\nstatus = "official"\n[2025.days_off]\n2025-02-29 = "x"', "'2025-02-29' is not a day"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused_with_the_place(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CalendarDataError) as refusal:
        load_calendar(path)
    assert said in str(refusal.value)
    assert "calendar.toml" in str(refusal.value)
