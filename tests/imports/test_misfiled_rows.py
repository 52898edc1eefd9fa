"""Rows that used to go silently to the wrong document, task or section."""

from datetime import date
from typing import Any

import pytest

from models import Store
from tests.imports.workbooks import (
    DIRECTIVE,
    HEADINGS,
    Row,
    annex,
    checked,
    codes,
    recorded,
    report,
    saved,
    task,
    told,
)

DECISION = "Quyết định số 06/QĐ-TTg ngày 06 tháng 01 năm 2022"
LETTER = "Công văn số 123/VPCP-KSTT ngày 02 tháng 6 năm 2025"
OF_2026 = "Chỉ thị số 07/CT-TTg ngày 20 tháng 02 năm 2026"
WITH_DOCUMENT = (*HEADINGS, "Văn bản giao", "Ngày văn bản")


def under(document: str, *rows: Row) -> list[Row]:
    return [["PHỤ LỤC"], [f"(Kèm theo {document})"], HEADINGS, *rows]


def test_two_sheets_of_different_documents(store: Store) -> None:
    content = saved(("A", under(DIRECTIVE, task(1)), ()), ("B", under(DECISION, task(2)), ()))
    check = checked(content, store)
    assert [(p.code, p.severity, p.sheet, p.row) for p in check.problems] == [("several_documents", "stops", "B", 3)]
    assert "06/QĐ-TTg" in check.problems[0].message
    assert codes(checked(content, store, document="07/CT-TTg")) == []


def test_two_tables_of_one_sheet_of_different_documents(store: Store) -> None:
    other = ["STT", "Nội dung công việc", "Thời hạn hoàn thành", "Đơn vị chủ trì"]
    below: list[Row] = [[], ["PHỤ LỤC II"], [f"(Kèm theo {DECISION})"], [], other, [2, "Việc", "2025", "Bộ Công an"]]
    content = saved(("A", [*under(DIRECTIVE, task(1)), *below], ()))
    assert ("several_documents", "stops") in [(p.code, p.severity) for p in checked(content, store).problems]


def test_sheets_of_one_document_are_one(store: Store) -> None:
    content = saved(("A", under(DIRECTIVE, task(1)), ()), ("B", under("Chỉ thị số 07/CT-TTg", task(2)), ()))
    assert codes(checked(content, store)) == []


def test_a_letter_and_the_directive_above_one_table(store: Store) -> None:
    check = checked(annex(task(1), title=[[f"(Kèm theo {LETTER})"], [f"Thực hiện {DIRECTIVE}"]]), store)
    assert [(p.code, p.severity, p.found) for p in check.problems] == [
        ("documents_named", "to_confirm", "07/CT-TTg, 123/VPCP-KSTT")
    ]
    assert check.document == "07/CT-TTg"


def test_the_same_number_in_another_year_is_another_document(store: Store) -> None:
    recorded(annex(task(1)), store)
    content = annex(task(1, text="Việc của năm sau", deadline="Tháng 6/2026"), title=[[f"(Kèm theo {OF_2026})"]])
    check = checked(content, store, today=date(2026, 3, 1))
    assert [(p.code, p.severity) for p in check.problems] == [("document_of_another_year", "stops")]
    named: dict[str, Any] = {
        "document": "07/CT-TTg/2026",
        "document_date": date(2026, 2, 20),
        "today": date(2026, 3, 1),
    }
    assert checked(content, store, **named).document == "07/CT-TTg/2026"
    recorded(content, store, **named)
    again = checked(content, store, today=date(2026, 3, 1))
    assert (again.document, codes(again)) == ("07/CT-TTg/2026", [])


@pytest.mark.parametrize("named", [("07/CT-TTg", date(2026, 2, 20)), ("Chỉ thị số 07/CT-TTg ngày 20/02/2026", "")])
@pytest.mark.parametrize("title", [["PHỤ LỤC"], [f"(Kèm theo {DIRECTIVE})"]])
def test_a_row_s_document_of_another_year(store: Store, title: Row, named: Row) -> None:
    recorded(annex(task(1)), store)
    content = annex([*task(2, text="Số hóa hồ sơ hộ tịch"), *named], title=[title], headings=WITH_DOCUMENT)
    check = checked(content, store, today=date(2026, 3, 1))
    assert ("document_of_another_year", "stops", 3) in [(p.code, p.severity, p.row) for p in check.problems]


def test_a_row_s_document_without_a_number(store: Store) -> None:
    content = annex([*task(1), "Kết luận của Thủ tướng tại phiên họp tháng 5", ""], headings=WITH_DOCUMENT)
    check = checked(content, store)
    assert [(p.code, p.severity, p.column) for p in check.problems] == [("row_document_unnumbered", "to_confirm", "G")]


@pytest.mark.parametrize(
    ("second", "asked"),
    [
        (["07/CT-TTg", "14/03/2025"], []),
        (["", ""], [("row_document_left_out", 5, {"document": "07/CT-TTg", "count": 1})]),
    ],
    ids=["every row names one", "a row names none"],
)
def test_a_row_that_leaves_its_document_out(store: Store, second: Row, asked: list[object]) -> None:
    rows = [[*task(1), "07/CT-TTg", "14/03/2025"], [*task(2), *second]]
    check = checked(annex(*rows, headings=WITH_DOCUMENT), store)
    assert [(p.code, p.row, p.values) for p in check.problems if p.code == "row_document_left_out"] == asked


@pytest.mark.parametrize(
    "row",
    [["", "Xây dựng Đề án", "Bộ Công an", "", "Đề án", ""], ["", "Xây dựng Đề án", "Bộ Công an", "", "", ""]],
    ids=["lead and product", "another lead"],
)
def test_work_of_its_own_without_a_number_is_not_joined(store: Store, row: Row) -> None:
    check = checked(annex(task(1), row, task(3)), store)
    assert ("row_without_number", "stops") in [(p.code, p.severity) for p in check.problems]


def test_a_joined_deadline_is_asked_about(store: Store) -> None:
    check = checked(annex(task(1), ["", "", "", "", "", "và tháng 9/2025"]), store)
    assert ("row_continues", "to_confirm") in [(p.code, p.severity) for p in check.problems]


def test_capitals_that_go_on_with_a_sentence(store: Store) -> None:
    check = checked(annex(task(1, text="Kết nối cơ sở dữ liệu với"), ["", "CSDL BHXH (VNEID)"], task(2)), store)
    assert check.tasks[0].text == "Kết nối cơ sở dữ liệu với\nCSDL BHXH (VNEID)"
    assert [row.section for row in check.tasks] == ["", ""]


@pytest.mark.parametrize(("end", "expected"), [("", ["heading_in_capitals"]), (".", [])])
def test_capitals_taken_for_a_heading(store: Store, end: str, expected: list[str]) -> None:
    check = checked(annex(task(1, text=f"Kết nối dữ liệu{end}"), ["", "NHÓM HAI"], task(2)), store)
    assert (codes(check), check.tasks[1].section) == (expected, "NHÓM HAI")


def test_a_table_on_a_sheet_called_like_the_list_of_problems(store: Store) -> None:
    content = saved(("A", under(DIRECTIVE, task(1)), ()), ("Cần sửa - To mend", under(DIRECTIVE, task(2)), ()))
    assert [row.number for row in checked(content, store).tasks] == ["1", "2"]


def test_each_sheet_numbered_from_one_stops_once(store: Store) -> None:
    second = [task(number, "Bộ Công an", text=f"Việc khác {number}") for number in (1, 2)]
    content = saved(("A", under(DIRECTIVE, task(1), task(2)), ()), ("B", under(DIRECTIVE, *second), ()))
    (problem,) = checked(content, store).problems
    assert (problem.code, problem.severity, problem.sheet) == ("numbers_begin_again", "stops", "B")
    assert problem.found == "1, 2"


@pytest.mark.parametrize(("day", "expected"), [(27, []), (28, ["completed_day_to_confirm"])])
def test_completed_after_the_report(store: Store, day: int, expected: list[str]) -> None:
    recorded(annex(task(1)), store)
    row = told(1, "Hoàn thành", "512/BC-BYT ngày 25/6/2025", "", date(2025, 6, day))
    found = [(p.code, p.severity) for p in checked(report(row), store).problems if "completed" in p.code]
    assert found == [(code, "to_confirm") for code in expected]


@pytest.mark.parametrize(("written", "number"), [("9 (mới)", "9"), ("9 (ii)", "9(ii"), ("9(a)", "9(a")])
def test_a_remark_beside_the_number(store: Store, written: str, number: str) -> None:
    assert checked(annex([written, *task(9)[1:]]), store).tasks[0].number == number
