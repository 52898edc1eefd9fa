"""The periods of duties that come back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import WorkingCalendar
from rules.deadline import DeadlineKind, Occurrence, occurrences, read_deadline
from rules.deadline.recurrence import parse_recurrence

SIGNED = date(2025, 3, 14)
RECURRING = (
    "Hằng tuần",
    "Thứ Sáu hằng tuần",
    "Hằng tháng",
    "Ngày 31 hằng tháng",
    "Trước ngày 25 hằng tháng",
    "Hằng quý",
    "Định kỳ hằng quý trước ngày 15 của tháng cuối quý",
    "Hằng quý, ngày 5 của tháng đầu quý",
    "6 tháng/lần",
    "20/6 và 20/12 hằng năm",
    "Hằng năm",
    "Trước ngày 15/12 hằng năm",
    "Tháng 6 hằng năm",
    "Hằng tháng đến hết năm 2027",
)


def periods(text: str, calendar: WorkingCalendar, through: date, signed: date = SIGNED) -> list[tuple[str, date]]:
    deadline = read_deadline(text, document_on=signed, calendar=calendar)
    return [(each.period, each.due_on) for each in occurrences(deadline, document_on=signed, through=through)]


@pytest.mark.parametrize(
    ("text", "through", "expected"),
    [
        ("Hằng tuần", date(2025, 3, 24), [("2025-W12", date(2025, 3, 21)), ("2025-W13", date(2025, 3, 28))]),
        ("Thứ 2 hằng tuần", date(2025, 3, 23), [("2025-W12", date(2025, 3, 17))]),
        ("Hằng tháng", date(2025, 4, 1), [("2025-03", date(2025, 3, 31)), ("2025-04", date(2025, 4, 30))]),
        ("Hằng tháng", date(2025, 3, 31), [("2025-03", date(2025, 3, 31))]),
        (
            "Trước ngày 25 hằng tháng",
            date(2025, 4, 1),
            [("2025-03", date(2025, 3, 24)), ("2025-04", date(2025, 4, 24))],
        ),
        ("Ngày 31 hằng tháng", date(2025, 4, 1), [("2025-03", date(2025, 3, 31)), ("2025-04", date(2025, 4, 30))]),
        ("Ngày 10 hằng tháng", date(2025, 4, 1), [("2025-04", date(2025, 4, 10))]),
        ("Hằng quý", date(2025, 4, 1), [("2025-Q1", date(2025, 3, 31)), ("2025-Q2", date(2025, 6, 30))]),
        (
            "Định kỳ hằng quý trước ngày 15 của tháng cuối quý",
            date(2025, 4, 1),
            [("2025-Q1", date(2025, 3, 14)), ("2025-Q2", date(2025, 6, 14))],
        ),
        ("Định kỳ 6 tháng", date(2025, 7, 1), [("2025-H1", date(2025, 6, 30)), ("2025-H2", date(2025, 12, 31))]),
        ("20/6 và 20/12 hằng năm", date(2025, 7, 1), [("2025-H1", date(2025, 6, 20)), ("2025-H2", date(2025, 12, 20))]),
        ("Hằng năm", date(2026, 1, 1), [("2025", date(2025, 12, 31)), ("2026", date(2026, 12, 31))]),
        ("Tháng 2 hằng năm", date(2026, 1, 1), [("2026", date(2026, 2, 28))]),
        ("Trước ngày 15/12 hằng năm", date(2025, 12, 31), [("2025", date(2025, 12, 14))]),
        (
            "Hằng quý đến hết năm 2025",
            date(2027, 1, 1),
            [
                (f"2025-Q{n}", d)
                for n, d in enumerate(
                    (date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)), start=1
                )
            ],
        ),
        (
            "Hằng tháng từ tháng 7/2025",
            date(2025, 8, 1),
            [("2025-07", date(2025, 7, 31)), ("2025-08", date(2025, 8, 31))],
        ),
        ("Hằng tháng", date(2025, 2, 28), []),
        ("Tháng 8/2025", date(2030, 1, 1), []),
        ("Thường xuyên", date(2030, 1, 1), []),
    ],
)
def test_periods_come_from_the_one_the_document_falls_in(
    text: str, through: date, expected: list[tuple[str, date]], calendar: WorkingCalendar
) -> None:
    assert periods(text, calendar, through) == expected


def test_a_period_starts_on_its_first_day(calendar: WorkingCalendar) -> None:
    deadline = read_deadline("Hằng quý", document_on=SIGNED, calendar=calendar)
    first, *_ = occurrences(deadline, document_on=SIGNED, through=date(2025, 12, 31))
    assert first == Occurrence("2025-Q1", date(2025, 1, 1), date(2025, 3, 31))


def test_the_week_of_new_year_belongs_to_its_iso_year(calendar: WorkingCalendar) -> None:
    assert periods("Hằng tuần", calendar, date(2025, 12, 31), date(2025, 12, 29)) == [("2026-W01", date(2026, 1, 2))]


@given(st.sampled_from(RECURRING), st.dates(date(2025, 1, 1), date(2027, 11, 30)), st.integers(0, 900))
def test_no_period_comes_twice_and_each_is_due_after_it_starts(text: str, signed: date, length: int) -> None:
    calendar = WorkingCalendar({}, frozenset(), frozenset({2025}))
    deadline = read_deadline(text, document_on=signed, calendar=calendar)
    through = date.fromordinal(signed.toordinal() + length)
    found = occurrences(deadline, document_on=signed, through=through)
    assert len({each.period for each in found}) == len(found)
    assert found == sorted(found, key=lambda each: each.starts_on)
    assert all(each.starts_on <= each.due_on and signed <= each.due_on for each in found)
    assert all(each.starts_on <= through for each in found)
    if found:
        assert found[0].due_on == deadline.due_on


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (DeadlineKind.RECURRING_WEEKLY, "FREQ=WEEKLY;BYDAY=FR"),
        (DeadlineKind.RECURRING_MONTHLY, "FREQ=MONTHLY;BYMONTHDAY=24;UNTIL=20251231"),
        (DeadlineKind.RECURRING_QUARTERLY, "FREQ=QUARTERLY"),
        (DeadlineKind.RECURRING_QUARTERLY, "BYMONTH=3,6,9,12;BYMONTHDAY=14"),
        (DeadlineKind.RECURRING_QUARTERLY, "BYMONTH=1,4,7,10;BYMONTHDAY=5"),
        (DeadlineKind.RECURRING_SEMIANNUAL, "BYMONTH=6,12"),
        (DeadlineKind.RECURRING_ANNUAL, "BYMONTH=12;BYMONTHDAY=14"),
    ],
)
def test_a_recurrence_reads_back_from_its_text(kind: DeadlineKind, text: str) -> None:
    assert str(parse_recurrence(kind, text)) == text


@pytest.mark.parametrize(
    ("text", "recurrence"),
    [
        ("6 tháng/lần", "BYMONTH=6,12"),
        ("Định kỳ 3 tháng/lần", "FREQ=QUARTERLY"),
        ("quý/lần", "FREQ=QUARTERLY"),
        ("01 lần/quý", "FREQ=QUARTERLY"),
        ("2 lần/năm", "BYMONTH=6,12"),
        ("Báo cáo tháng, quý, năm", "FREQ=MONTHLY"),
        ("Quý, 6 tháng, năm", "FREQ=QUARTERLY"),
        ("Hằng tháng đến hết năm 2025", "FREQ=MONTHLY;UNTIL=20251231"),
        ("20/6 và 20/12 hằng năm", "BYMONTH=6,12;BYMONTHDAY=20"),
        ("30/6 và 31/12 hằng năm", "BYMONTH=6,12"),
    ],
)
def test_a_frequency_is_read_however_it_is_put(text: str, recurrence: str, calendar: WorkingCalendar) -> None:
    deadline = read_deadline(text, document_on=SIGNED, calendar=calendar)
    assert deadline.recurrence == recurrence
    assert not deadline.needs_confirmation
