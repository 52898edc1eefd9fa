"""A plan of shares: every sheet is read, a row that says too little stops the whole file, one command hands it down."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import dondoc
from imports.handed_plan import Plan, read_plan
from models import Store
from rules.calendar import WorkingCalendar
from tests.conftest import SQLITE
from tests.imports.workbooks import saved
from tests.models.world import World

PARENT = "07-CT-TTg.1.BYT"
BY = "Chánh Văn phòng Bộ Y tế"
HEADINGS = ("TT", "Mã nhiệm vụ", "Nội dung công việc", "Đơn vị thực hiện", "Sản phẩm", "Thời hạn")
PLAN = (
    ["KẾ HOẠCH TRIỂN KHAI"],
    HEADINGS,
    [1, PARENT, "Xây dựng dự thảo", "Vụ Pháp chế", "Dự thảo", "15/7/2025"],
    [2, PARENT, "+ thẩm định", "Cục An toàn thực phẩm", "", "Tháng 8/2025"],
)


@pytest.mark.parametrize("store", [SQLITE], indirect=True)
def test_a_plan_is_read_from_a_workbook_and_handed_down_by_one_command(store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 8, 31))
    file = tmp_path / "ke-hoach.xlsx"
    file.write_bytes(saved(("Kế hoạch", PLAN, [])))
    url = store.url.render_as_string(hide_password=False)
    where = ["--agency", "BYT", "--database", url, "--json"]
    ran = CliRunner().invoke(dondoc, ["hand-down", "file", str(file), "--by", BY, *where])
    answer = json.loads(ran.stdout)
    assert (ran.exit_code, answer["shares"]) == (0, 2), ran.output
    assert [each["outcome"] for each in answer["outcomes"]] == ["recorded", "recorded"]
    words = ["hand-down", "report", f"{PARENT}/1", "--state", "done", "--on", "2025-07-14", "--by", BY, *where]
    assert CliRunner().invoke(dondoc, words).exit_code == 0
    listed = json.loads(CliRunner().invoke(dondoc, ["hand-down", "list", "--as-of", "2025-09-05", *where]).stdout)
    assert listed["assignments"] == [
        {"assignment": PARENT, "done": 1, "total": 2, "late": [f"{PARENT}/2"], "to_confirm": False}
    ]
    late = CliRunner().invoke(
        dondoc, ["hand-down", "add", PARENT, "--unit", "X", "--due", "2026-01-01", "--by", BY, *where]
    )
    assert (late.exit_code, json.loads(late.stdout)["outcome"]) == (1, "refused")


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["TT", "Nội dung"], [1, "x"]], "plan_without_table"),
        ([HEADINGS, [1, "", "Việc", "Vụ Pháp chế", "", "15/7/2025"]], "plan_row_incomplete"),
        ([HEADINGS, [1, PARENT, "Việc", "Vụ Pháp chế", "", "khi có điều kiện"]], "plan_day_unread"),
        ([HEADINGS, [1, "", "Việc", "Vụ Pháp chế", "", ""]], "plan_row_incomplete"),
        ([HEADINGS, [1, PARENT, "Việc", "Vụ Pháp chế", "", "15/7/2025"], ["", "", "Thẩm định"]], "plan_row_incomplete"),
        ([HEADINGS, [1, PARENT, "Việc", "Vụ Pháp chế", "", "15/7/2025"], HEADINGS], "plan_day_unread"),
        ([HEADINGS, [1, PARENT, "Việc", "Vụ Pháp chế", "", "Hằng tháng"]], "plan_day_unread"),
        ([HEADINGS, [1, PARENT, "TỐI MẬT", "Vụ Pháp chế", "", "15/7/2025"]], "secret_row"),
    ],
)
def test_a_plan_that_says_too_little_is_refused(rows: list[list[object]], code: str) -> None:
    calendar = WorkingCalendar({}, frozenset(), frozenset({2025}))
    plan = read_plan(saved(("Kế hoạch", rows, [])), name="ke-hoach.xlsx", calendar=calendar, today=date(2025, 7, 1))
    assert plan.stops
    assert code in {problem.code for problem in plan.problems}


def test_every_sheet_of_a_plan_is_read_and_a_mistake_on_any_stops_it() -> None:
    def read(*more: list[object]) -> Plan:
        second = [["KẾ HOẠCH, phần 2"], HEADINGS, [1, PARENT, "Kiểm tra", "Thanh tra Bộ", "", "20/7/2025"], *more]
        content = saved(("Ghi chú", [["Nội dung"]], []), ("Phần 1", PLAN, []), ("Phần 2", second, []))
        calendar = WorkingCalendar({}, frozenset(), frozenset({2025}))
        return read_plan(content, name="ke-hoach.xlsx", calendar=calendar, today=date(2025, 7, 1))

    assert [(each.unit, each.row) for each in read().shares] == [
        ("Vụ Pháp chế", 3), ("Cục An toàn thực phẩm", 4), ("Thanh tra Bộ", 3),
    ]  # fmt: skip
    assert not read().stops
    refused = read([2, "", "Việc", "Vụ Pháp chế", "", ""])
    assert refused.stops
    assert {(each.sheet, each.row) for each in refused.problems} == {("Phần 2", 4)}
