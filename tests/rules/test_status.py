"""The decision table, row by row, with the day before and after each edge."""

from datetime import date

import pytest

from rules.status import NEVER, AskedAbout, Nature, Status, StatusFacts, judge

DUE = date(2025, 9, 3)
WARNING_UNTIL_15_SEPTEMBER = date(2025, 9, 15)

DATED = {"nature": Nature.DATED, "last_good_day": DUE}
DONE_IN_TIME = {**DATED, "completed_on": DUE}
DONE_LATE = {**DATED, "completed_on": date(2025, 9, 4)}
HELD = {**DATED, "held_from": date(2025, 9, 10), "held_until": date(2025, 9, 20)}

CASES = [
    ("not done, on its last good day", DATED, "2025-09-03", Status.DUE_SOON),
    ("not done, the day after", DATED, "2025-09-04", Status.OVERDUE),
    ("done on the last good day", DONE_IN_TIME, "2025-09-03", Status.COMPLETED_ON_TIME),
    ("done later than the day asked about", DONE_IN_TIME, "2025-09-02", Status.DUE_SOON),
    ("done a day late", DONE_LATE, "2025-09-04", Status.COMPLETED_LATE),
    ("cancelled wins over done", {**DONE_LATE, "cancelled_on": date(2025, 9, 5)}, "2025-09-05", Status.CANCELLED),
    ("cancelled tomorrow is not cancelled", {**DATED, "cancelled_on": date(2025, 9, 5)}, "2025-09-04", Status.OVERDUE),
    ("the day before the hold", HELD, "2025-09-09", Status.OVERDUE),
    ("the first day of the hold", HELD, "2025-09-10", Status.SUSPENDED),
    ("the last day of the hold", HELD, "2025-09-20", Status.SUSPENDED),
    ("the hold ends by itself", HELD, "2025-09-21", Status.OVERDUE),
    ("done wins over held", {**HELD, "completed_on": DUE}, "2025-09-15", Status.COMPLETED_ON_TIME),
    ("ongoing work", {"nature": Nature.ONGOING, "last_good_day": NEVER}, "2025-09-04", Status.ONGOING),
    ("work without a day", {"nature": Nature.UNDATED, "last_good_day": NEVER}, "2025-09-04", Status.UNDATED),
    (
        "work without a day, done",
        {"nature": Nature.UNDATED, "last_good_day": NEVER, "completed_on": DUE},
        "2025-09-04",
        Status.COMPLETED_ON_TIME,
    ),
]


@pytest.mark.parametrize(("story", "facts", "day", "expected"), CASES, ids=[case[0] for case in CASES])
def test_status(story: str, facts: dict[str, object], day: str, expected: Status) -> None:
    asked = AskedAbout(date.fromisoformat(day), WARNING_UNTIL_15_SEPTEMBER)
    assert judge(StatusFacts(**facts), asked) is expected, story


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2025, 9, 15), Status.DUE_SOON),
        (date(2025, 9, 16), Status.IN_PROGRESS),
    ],
)
def test_warning_window_includes_its_last_day(due: date, expected: Status) -> None:
    asked = AskedAbout(date(2025, 9, 1), WARNING_UNTIL_15_SEPTEMBER)
    assert judge(StatusFacts(Nature.DATED, due), asked) is expected
