"""The period of a recurring duty as people read it."""

import pytest

from texts import Language, period_text


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        ("2025-08", "tháng 8/2025", "month 8/2025"),
        ("2025-12", "tháng 12/2025", "month 12/2025"),
        ("2025-Q3", "quý III/2025", "quarter III/2025"),
        ("2025-H1", "6 tháng đầu năm 2025", "first half of 2025"),
        ("2025-H2", "6 tháng cuối năm 2025", "second half of 2025"),
        ("2025-W07", "tuần 7/2025", "week 7/2025"),
        ("2025", "năm 2025", "year 2025"),
        ("", "", ""),
        ("2025-13", "2025-13", "2025-13"),
        ("2025-Q5", "2025-Q5", "2025-Q5"),
        ("theo {năm}", "theo {năm}", "theo {năm}"),
    ],
)
def test_a_period_is_written_as_people_read_it(period: str, vi: str, en: str) -> None:
    assert (period_text(period), period_text(period, Language.EN)) == (vi, en)
