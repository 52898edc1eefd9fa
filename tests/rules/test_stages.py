"""Deadlines that name stages keep each with its day; points of a trajectory and repeated deliveries are none."""

from datetime import date

import pytest

from rules.calendar import WorkingCalendar
from rules.deadline import read_deadline

SIGNED = date(2025, 3, 14)


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("Quý II/2025 (dự thảo); Quý IV/2025 (ban hành)", [("dự thảo", "2025-06-30"), ("ban hành", "2025-12-31")]),
        ("Năm 2025 (Quý II dự thảo; Quý IV ban hành)", [("dự thảo", "2025-06-30"), ("ban hành", "2025-12-31")]),
        (
            "trình Chính phủ trước 15/7/2025, ban hành trước 31/8/2025",
            [("trình Chính phủ", "2025-07-14"), ("ban hành", "2025-08-30")],
        ),
        (
            "dự thảo: tháng 5/2025; trình: tháng 7/2025; ban hành: tháng 9/2025",
            [("dự thảo", "2025-05-31"), ("trình", "2025-07-31"), ("ban hành", "2025-09-30")],
        ),
        ("Trình trước 15/7, ban hành trước 31/8", [("Trình", "2025-07-14"), ("ban hành", "2025-08-30")]),
        ("trinh thang 6/2025; ban hanh thang 8/2025", [("trinh", "2025-06-30"), ("ban hanh", "2025-08-31")]),
    ],
)
def test_stages_are_read_with_their_names(text: str, stages: list[tuple[str, str]], calendar: WorkingCalendar) -> None:
    deadline = read_deadline(text, document_on=SIGNED, calendar=calendar)
    assert [(stage.name, stage.due_on.isoformat()) for stage in deadline.stages] == stages
    assert deadline.due_on == deadline.stages[-1].due_on


@pytest.mark.parametrize(
    "text",
    [
        "Tháng 6/2025 (10,5%); tháng 9/2025 (14,9%); tháng 12/2025 (57,5%)",
        "30/6/2025; 31/12/2025",
        "Lần 1: 15/4/2025; lần 2: 15/10/2025",
        "ban hành tháng 6/2025; ban hành tháng 8/2025",
        "ban hành tháng 9/2025; dự thảo tháng 5/2025",
        "trình tháng 6/2025; tháng 8/2025",
        "Trình Chính phủ tháng 6/2025",
        "Tháng 8/2025",
        "Hằng tháng",
    ],
)
def test_what_names_no_stages_has_none(text: str, calendar: WorkingCalendar) -> None:
    assert read_deadline(text, document_on=SIGNED, calendar=calendar).stages == ()
