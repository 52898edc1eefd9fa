"""Plain phrases are taken as read; whatever could mean another day asks a person."""

from datetime import date

import pytest

from rules.calendar import WorkingCalendar
from rules.deadline import Deadline, read_deadline

SIGNED = date(2025, 3, 14)


def read(text: str, calendar: WorkingCalendar) -> Deadline:
    return read_deadline(text, document_on=SIGNED, calendar=calendar)


SURE = [
    ("trước hoặc trong ngày 30/6/2025", date(2025, 6, 30)),
    ("Chậm nhất trước ngày 30/6/2025", date(2025, 6, 29)),
    ("không quá 30/6/2025", date(2025, 6, 30)),
    ("Hạn chót: 30/6/2025", date(2025, 6, 30)),
    ("trước 0h00 ngày 01/7/2025", date(2025, 6, 30)),
    ("trước 17 giờ ngày 20/3/2025", date(2025, 3, 20)),
    ("6/30/2025", date(2025, 6, 30)),
    ("45838", date(2025, 6, 30)),
    ("45838.0", date(2025, 6, 30)),
    ("2025.0", date(2025, 12, 31)),
    ("30.6.2025", date(2025, 6, 30)),
    ("Tháng 6 (năm 2025)", date(2025, 6, 30)),
    ("Quí II (2025)", date(2025, 6, 30)),
    ("ngày 30/6 năm sau", date(2026, 6, 30)),
    ("từ ngày ký đến hết năm 2025", date(2025, 12, 31)),
    ("đến 30.9", date(2025, 9, 30)),
    ("đến 8/10", date(2025, 10, 8)),
    ("Jun-25", date(2025, 6, 30)),
    ("ngày 5 tháng 7, năm 2025", date(2025, 7, 5)),
    ("8/2025", date(2025, 8, 31)),
    ("8-2025", date(2025, 8, 31)),
    ("tháng tám năm 2025", date(2025, 8, 31)),
    ("tháng 6, 7, 8/2025", date(2025, 8, 31)),
    ("Tháng 6 - 8/2025", date(2025, 8, 31)),
    ("tháng 12/2025 - 02/2026", date(2026, 2, 28)),
    ("01-15/7/2025", date(2025, 7, 15)),
    ("từ 01/7 đến 10/9/2025", date(2025, 9, 10)),
    ("Q1-Q2/2025", date(2025, 6, 30)),
    ("Sáu tháng đầu năm 2025", date(2025, 6, 30)),
    ("9 tháng đầu năm 2025", date(2025, 9, 30)),
    ("Quý II/2025 (dự thảo); Quý IV/2025 (ban hành)", date(2025, 12, 31)),
    ("Hoàn thành 50% trước 30/6/2025, 100% trước 31/12/2025", date(2025, 12, 30)),
    ("giữa tháng 7/2025", date(2025, 7, 15)),
    ("Từ nay đến cuối năm", date(2025, 12, 31)),
    ("cuối tháng 6 năm nay", date(2025, 6, 30)),
    ("15 (mười lăm) ngày kể từ ngày ký ban hành", date(2025, 3, 29)),
    ("30 ngày kể từ ngày 01/7/2025", date(2025, 7, 31)),
    ("Ngay trong tháng 3/2025", date(2025, 3, 31)),
    ("Có hiệu lực thi hành kể từ ngày 01 tháng 01 năm 2026", date(2025, 12, 31)),
]


@pytest.mark.parametrize(("text", "due"), SURE)
def test_plain_phrases_need_no_confirmation(text: str, due: date, calendar: WorkingCalendar) -> None:
    deadline = read(text, calendar)
    assert deadline.due_on == due
    assert not deadline.needs_confirmation


@pytest.mark.parametrize(
    "text",
    [
        "Không trước ngày 30/6/2025",
        "Dự kiến tháng 6/2025",
        "Đã hoàn thành ngày 30/6/2025",
        "Gia hạn đến 30/9/2025",
        "Trước mắt trong tháng 6/2025",
        "30/6/2025 hoặc 30/9/2025",
        "30/9/2025; 30/6/2025",
        "10 ngày trước 30/6/2025",
        "Thường xuyên; hoàn thành 30/6/2025",
        "Hoàn thành trước 30/6/2025, ngay sau khi Luật có hiệu lực",
        "Quý II/2025 (trước ngày 15/6/2025)",
        "6/25",
        "8/10",
        "12/11/10",
        "0h ngày 01/7/2025",
        "giai đoạn 1 tháng 6/2025",
        "Thông tư tháng 6/2025",
        "8-10/2025",
        "2025 và các năm tiếp theo",
        "15/3 và 20/9 hằng năm",
        "Tháng 6 và tháng 12 hằng năm",
        "2025-06-29T17:00:00Z",
        "trong 30 ngày",
        "T6",
        "Không thường xuyên",
        "Khi có yêu cầu thì trong ngày",
        "Tháng 6, hoàn thành trong năm 2025",
        "Trước ngày 30 tháng 6 và 31 tháng 12 năm 2025",
        "sau 6 tháng kể từ ngày ký",
        "Tháng 2",
        "trước ngày 10/3",
        "30/6/2024",
        "Năm 2099",
    ],
)
def test_whatever_could_mean_something_else_must_be_confirmed(text: str, calendar: WorkingCalendar) -> None:
    assert read(text, calendar).needs_confirmation
