"""When a due day may be moved: asked in time, not too often, not too far; and what a stopped clock gives back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.extension import ExtensionCase, ExtensionObjection, ExtensionPolicy, objection
from rules.hold import due_after_hold

TWICE_A_QUARTER = ExtensionPolicy(most=2, most_days=90)
SUNDAY_31_AUGUST, WEDNESDAY_3_SEPTEMBER = date(2025, 8, 31), date(2025, 9, 3)


@pytest.mark.parametrize(
    ("story", "asked_on", "until_on", "granted", "expected"),
    [
        ("asked on the last good day", date(2025, 9, 3), date(2025, 10, 31), 0, None),
        ("asked the day after", date(2025, 9, 4), date(2025, 10, 31), 0, ExtensionObjection.TOO_LATE),
        ("the second time", date(2025, 9, 3), date(2025, 10, 31), 1, None),
        ("the third time", date(2025, 9, 3), date(2025, 10, 31), 2, ExtensionObjection.TOO_MANY),
        ("by ninety days in all", date(2025, 9, 3), date(2025, 11, 29), 1, None),
        ("by ninety-one days in all", date(2025, 9, 3), date(2025, 11, 30), 1, ExtensionObjection.TOO_LONG),
    ],
)
def test_what_stands_against_an_extension(
    story: str, asked_on: date, until_on: date, granted: int, expected: ExtensionObjection | None
) -> None:
    case = ExtensionCase(
        asked_on=asked_on,
        until_on=until_on,
        original_due_on=SUNDAY_31_AUGUST,
        last_good_day=WEDNESDAY_3_SEPTEMBER,
        granted=granted,
    )
    assert objection(case, TWICE_A_QUARTER) is expected, story


@pytest.mark.parametrize(
    ("held", "earlier", "due"),
    [
        ((date(2025, 8, 1), date(2025, 8, 1)), [], date(2025, 9, 1)),
        ((date(2025, 8, 1), date(2025, 8, 10)), [], date(2025, 9, 10)),
        ((date(2025, 8, 1), date(2025, 8, 10)), [(date(2025, 7, 25), date(2025, 8, 4))], date(2025, 9, 6)),
        ((date(2025, 8, 1), date(2025, 8, 10)), [(date(2025, 7, 1), date(2025, 8, 31))], SUNDAY_31_AUGUST),
    ],
)
def test_a_stopped_clock_gives_back_each_calendar_day_once(
    held: tuple[date, date], earlier: list[tuple[date, date]], due: date
) -> None:
    assert due_after_hold(SUNDAY_31_AUGUST, held, earlier) == due


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@given(DAYS, DAYS, st.integers(0, 100))
def test_a_hold_never_shortens_a_deadline(due: date, first: date, length: int) -> None:
    held = (first, date.fromordinal(first.toordinal() + length))
    assert (due_after_hold(due, held) - due).days == length + 1
