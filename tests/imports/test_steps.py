"""A deadline that names stages is recorded as one assignment with its steps; read again unchanged, nothing is added."""

from datetime import UTC, date, datetime

from imports import check_workbook, record
from models import Store, status_of
from rules.status import Status
from tests.imports.workbooks import saved

NOW = datetime(2025, 7, 15, tzinfo=UTC)
HEADINGS = ["TT", "Tên nhiệm vụ", "Cơ quan chủ trì", "Sản phẩm", "Thời gian hoàn thành"]
ROWS = [
    ["1", "Xây dựng Nghị định về dữ liệu", "Bộ Công an", "Nghị định", "trình trước 15/7, ban hành trước 31/8"],
    ["2", "Kế hoạch năm", "Bộ Y tế", "Kế hoạch", "Tháng 8/2025"],
]


def test_an_annex_gives_steps(store: Store) -> None:
    content = saved(("PL", [["(Kèm theo Chỉ thị số 07/CT-TTg ngày 14/3/2025)"], HEADINGS, *ROWS], []))
    for new in (2, 0):
        check = check_workbook(content, name="pl.xlsx", store=store, today=date(2025, 7, 15))
        assert len(check.changes.new) == new
        record(check, store=store, now=NOW)
    first, second = status_of(store, as_of=date(2025, 7, 16), known_at=NOW).rows
    assert [(step.name, step.due_on) for step in first.steps] == [
        ("trình", date(2025, 7, 14)),
        ("ban hành", date(2025, 8, 30)),
    ]
    assert (first.status, first.due_on, second.steps) == (Status.OVERDUE, date(2025, 8, 30), ())
