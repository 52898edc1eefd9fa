"""`dondoc template` and `dondoc conclusions` from a terminal."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from cli.main import dondoc
from imports import conclusions, record
from models import Store
from tests.models.world import World

HEADINGS = ("TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành")
RULINGS = [
    (1, "Trình Nghị định về định danh điện tử", "Bộ Công an", "Tháng 10/2025"),
    (2, "Kết nối dữ liệu khám chữa bệnh", "Bộ Y tế; Bộ Tài chính", "31/12/2025"),
]


def run(store: Store, *words: str) -> Result:
    return CliRunner().invoke(dondoc, [*words, "--database", store.url.render_as_string(hide_password=False)])


def answered(result: Result) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def conclusions_file(folder: Path, *title: str, headings: tuple[str, ...] = HEADINGS) -> str:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for line in title:
        sheet.append([line])
    sheet.append(headings)
    for ruling in RULINGS:
        sheet.append([*ruling, *([""] * (len(headings) - len(ruling)))])
    written = io.BytesIO()
    workbook.save(written)
    path = folder / "ket-luan.xlsx"
    path.write_bytes(written.getvalue())
    return str(path)


@pytest.mark.parametrize(
    ("title", "document", "issued_on"),
    [
        (["KẾT LUẬN PHIÊN HỌP BAN CHỈ ĐẠO"], "20250903/KL-PH", "2025-09-03"),
        (["Kèm theo Thông báo số 480/TB-VPCP"], "480/TB-VPCP", "2025-09-03"),
        (["Kèm theo Thông báo số 480/TB-VPCP ngày 10 tháng 9 năm 2025"], "480/TB-VPCP", "2025-09-10"),
        (["Số: 480/TB-VPCP"], "480/TB-VPCP", "2025-09-03"),
        (["Họp về Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025"], "20250903/KL-PH", "2025-09-03"),
    ],
    ids=["no number", "a notice", "a dated notice", "its own number", "a document only cited"],
)
def test_conclusions_become_a_document_with_tasks(
    store: Store, tmp_path: Path, title: list[str], document: str, issued_on: str
) -> None:
    file = conclusions_file(tmp_path, *title)
    result = run(store, "conclusions", file, "--meeting", "2025-09-03", "--json")
    assert result.exit_code == 0, result.output
    assert {"document": document, "tasks": 2, "assignments": 3}.items() <= answered(result).items()
    rows = answered(run(store, "status", "--as-of", "2025-09-15", "--json"))["assignments"]
    assert [(row["document"], row["agency"], row["due_on"]) for row in rows] == [
        (document, "BCA", "2025-10-31"),
        (document, "BTC", "2025-12-31"),
        (document, "BYT", "2025-12-31"),
    ]
    before = str(date.fromisoformat(issued_on).replace(day=int(issued_on[-2:]) - 1))
    assert answered(run(store, "status", "--as-of", before, "--json"))["totals"]["total"] == 0


def test_the_same_conclusions_again_add_nothing(store: Store, tmp_path: Path) -> None:
    words = ("conclusions", conclusions_file(tmp_path, "KẾT LUẬN"), "--meeting", "2025-09-03", "--json")
    assert [answered(run(store, *words))["outcome"] for _ in range(2)] == ["recorded", "unchanged"]


def test_what_gives_no_conclusions_is_refused(store: Store, tmp_path: Path) -> None:
    progress = conclusions_file(tmp_path, "KẾT LUẬN", headings=(*HEADINGS, "TIẾN ĐỘ", "KẾT QUẢ HIỆN NAY"))
    nonsense = tmp_path / "x.xlsx"
    nonsense.write_bytes(b"no workbook")
    for file in (progress, str(nonsense), str(tmp_path / "none.xlsx")):
        result = run(store, "conclusions", file, "--meeting", "2025-09-03")
        assert result.exit_code == 1, result.output
        assert " / " in result.stderr
    assert answered(run(store, "status", "--as-of", "2025-09-15", "--json"))["totals"]["total"] == 0


def test_conclusions_overtaken_by_another_recording_are_checked_anew(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = conclusions_file(tmp_path, "KẾT LUẬN")
    read = conclusions.check_conclusions

    def overtaken(*given: Any, **named: Any) -> Any:
        check = read(*given, **named)
        monkeypatch.setattr(conclusions, "check_conclusions", read)
        record(read(*given, **named), store=store, now=datetime(2025, 9, 3, tzinfo=UTC))
        return check

    monkeypatch.setattr(conclusions, "check_conclusions", overtaken)
    result = run(store, "conclusions", file, "--meeting", "2025-09-03", "--json")
    assert (result.exit_code, answered(result)["outcome"]) == (0, "unchanged"), result.output


def test_a_problem_of_conclusions_says_which_cell(store: Store, tmp_path: Path) -> None:
    file = conclusions_file(tmp_path, "KẾT LUẬN", headings=(*HEADINGS, "Ghi chú"))
    (problem,) = answered(run(store, "conclusions", file, "--meeting", "2025-09-03", "--json"))["problems"]
    assert (problem["code"], problem["column"], problem["found"]) == ("column_not_read", "E", "Ghi chú")


def test_a_template_is_written_once(store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 8, 31))
    out = tmp_path / "sent" / "bo-y-te.xlsx"
    words = ("template", "--agency", "BYT", "--out", str(out), "--as-of", "2025-09-05")
    assert answered(run(store, *words, "--json")) == {"file": str(out), "assignments": 1}
    assert load_workbook(out).sheetnames == ["Tiến độ", "Hướng dẫn", "Danh mục"]
    again = run(store, *words)
    assert (again.exit_code, "Chọn tên khác" in again.stderr) == (1, True)


def test_a_template_needs_a_known_agency(store: Store, tmp_path: Path) -> None:
    result = run(store, "template", "--agency", "BYTE", "--out", str(tmp_path / "x.xlsx"))
    assert (result.exit_code, "BYT" in result.stderr) == (1, True)
