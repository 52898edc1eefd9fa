"""`dondoc report`, `editions`, `summary` from a terminal: states, lists, old files, differences, what to look at."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from cli.main import dondoc
from models import Store
from tests.reports.conftest import fill
from tests.reports.ledger import Q2, Ledger

on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
KNOWN = ("--known-at", "2025-08-25")


def run(store: Store, *words: str) -> Result:
    return CliRunner().invoke(dondoc, [*words, "--database", store.url.render_as_string(hide_password=False)])


def ask(store: Store, *words: str) -> dict[str, Any]:
    result = run(store, *words, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def more_work(store: Store) -> None:
    with store.writing() as session:
        Ledger(session, "57/NQ-TW").duty("BQP", due=Q2, text="Việc mới phát hiện")


def test_a_month_from_draft_to_a_correction(store: Store, data: Path) -> None:
    fill(store)
    assert ask(store, "report", "2025-08", *KNOWN)["state"] == "draft"
    assert ask(store, "report", "2025-08", *KNOWN, "--state", "submitted")["edition"] == "2025-08/2"
    back = run(store, "report", "2025-08", *KNOWN, "--meeting", "2025-09-04", "--state", "draft")
    assert (back.exit_code, "submitted" in back.stderr) == (1, True)
    more_work(store)
    corrected = run(store, "report", "2025-08", *KNOWN, "--reason", "Bổ sung văn bản")
    assert "Tổng số – Quá hạn: 10 → 11" in corrected.stdout
    listed = ask(store, "editions", "list", "2025-08")["editions"]
    assert [(e["code"], e["state"], e["corrects"], e["reason"]) for e in listed] == [
        ("2025-08/1", "draft", "", ""),
        ("2025-08/2", "submitted", "", ""),
        ("2025-08/3", "submitted", "2025-08/2", "Bổ sung văn bản"),
    ]
    assert {file["kept"] for edition in listed for file in edition["files"]} == {"kept"}
    changes = ask(store, "editions", "compare", "2025-08/1", "2025-08/3")["changes"]
    assert {"part": "totals", "key": "", "field": "overdue", "before": 10, "after": 11} in changes
    assert "cùng nội dung" in run(store, "editions", "compare", "2025-08/1", "2025-08/2").stdout
    assert sorted(path.suffix for path in (data / "reports").glob("bao-cao-2025-08-3.*")) == [
        ".csv", ".docx", ".json", ".pdf", ".xlsx",
    ]  # fmt: skip


@on_sqlite
def test_an_old_edition_is_shown_and_written_again(store: Store, data: Path) -> None:
    fill(store)
    made = ask(store, "report", "2025-08", *KNOWN)
    paper = data / "reports" / "bao-cao-2025-08-1.docx"
    before = paper.read_bytes()
    paper.unlink()
    shown = run(store, "editions", "show", "2025-08/1")
    assert "không còn" in shown.stdout
    again = ask(store, "editions", "show", "2025-08/1", "--write")
    assert paper.read_bytes() == before
    assert again["facts"] == made["facts"]
    assert {file["sha256"] for file in again["files"]} == {file["sha256"] for file in made["files"]}
    assert run(store, "editions", "show", "2025-08/7").exit_code == 1


@on_sqlite
def test_a_review_makes_no_edition(store: Store) -> None:
    fill(store)
    assert "Chưa có bản nào" in run(store, "report", "2025-08", *KNOWN, "--review").stdout
    ask(store, "report", "2025-08", *KNOWN)
    more_work(store)
    review = run(store, "report", "2025-08", *KNOWN, "--review", "--moved-percent", "10").stdout
    assert "Tổng số – Quá hạn: 10 → 11" in review
    assert "BTC" in review
    assert ask(store, "report", "2025-08", *KNOWN, "--review")["since"] == "2025-08/1"
    assert len(ask(store, "editions", "list")["editions"]) == 1


@on_sqlite
def test_a_page_for_each_leader_or_for_one_of_several_agencies(store: Store, data: Path) -> None:
    fill(store)
    one = ask(store, "summary", "2025-08", *KNOWN, "--agency", "BTC", "--agency", "BYT", "--post", "Phó Thủ tướng")
    assert [Path(path).name for path in one["files"]] == ["tom-tat-2025-08-BTC-BYT.docx", "tom-tat-2025-08-BTC-BYT.pdf"]
    assert all(Path(path).is_file() for path in one["files"])
    wrong = run(store, "summary", "2025-08", *KNOWN, "--agency", "BNG")
    assert (wrong.exit_code, "BNG" in wrong.stderr) == (1, True)
    assert data.exists()


@on_sqlite
def test_the_report_opens_with_conclusions_recorded_from_a_workbook(store: Store, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["Kèm theo Thông báo số 480/TB-VPCP ngày 10 tháng 9 năm 2025"],
        ["TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành"],
        [1, "Trình Nghị định về định danh điện tử", "Bộ Công an", "20/9/2025"],
        [2, "Kết nối dữ liệu khám chữa bệnh", "Bộ Y tế; Bộ Tài chính", "31/12/2025"],
    ):
        sheet.append(row)
    book.save(tmp_path / "ket-luan.xlsx")
    recorded = run(store, "conclusions", str(tmp_path / "ket-luan.xlsx"), "--meeting", "2025-09-03")
    assert recorded.exit_code == 0, recorded.output
    (found,) = ask(store, "report", "2025-09")["facts"]["conclusions"]
    assert (found["document"], found["counts"]["overdue"], found["counts"]["total"]) == ("480/TB-VPCP", 1, 3)
    assert [work["agency"] for work in found["works"]] == ["BCA", "BTC", "BYT"]
    assert ask(store, "report", "2025-10")["facts"]["conclusions"] == []
