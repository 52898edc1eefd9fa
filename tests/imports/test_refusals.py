"""What is refused: a clear sentence each, in Vietnamese and English, and nothing stored."""

import io
import re
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from imports import Check, Outcome, Severity, record
from imports.problem import Problem
from models import Store
from models.assignment_tables import Batch
from tests.goldens.files import content_of
from tests.imports.workbooks import HEADINGS, NOW, annex, checked, codes, recorded, report, saved, task, told


def of(check: Check, code: str) -> Problem:
    return next(problem for problem in check.problems if problem.code == code)


def truncated() -> bytes:
    return annex(task(1))[:2000]


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", "xin chào")
    return content.getvalue()


def encrypted_ods() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    return content.getvalue()


REFUSED = (
    (b"", "empty_file"),
    (b"hello", "not_a_workbook"),
    (b"%PDF-1.7\n...", "file_is_pdf"),
    (b"PK\x03\x04" + bytes(100), "truncated_workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged_workbook"),
    (truncated(), "truncated_workbook"),
    (zipped(), "file_is_archive"),
    (content_of("with-a-password.xlsx"), "encrypted_workbook"),
    (encrypted_ods(), "encrypted_workbook"),
    (saved(("Sheet1", [], [])), "empty_workbook"),
    (saved(("Sheet1", [[None, ""], []], [])), "empty_workbook"),
    (saved(("Sheet1", [["Thư mời họp"], ["Ngày", "Giờ", "Nơi"]], [])), "no_table"),
    (annex(), "empty_table"),
    (annex(task(1, deadline="29/02/2025")), "impossible_date"),
    (annex(task(1), task(1, "Bộ Công an")), "duplicate_row"),
    (annex(task(1), title=[["PHỤ LỤC"]]), "no_document"),
    (annex(task(1), title=[["Kèm theo Chỉ thị số 09/CT-TTg"]]), "no_document_date"),
    (annex(task(1), title=[["Chỉ thị số 09/CT-TTg ngày 31/2/2025"]]), "impossible_document_date"),
    (report(told(1, "Hoàn thành")), "unknown_document"),
)
MARKS = ("MẬT", "Mật", "TỐI MẬT", "Tuyệt mật", "(MẬT)", "Độ mật: Mật", "MAT", "Việc [Mật] số 7")
NO_MARKS = ("bảo mật", "Mật khẩu", "bề mặt", "mất", "Mặt trận Tổ quốc", "bí mật nhà nước")


def test_a_bad_workbook_is_refused_with_a_sentence(store: Store) -> None:
    for content, code in REFUSED:
        check = checked(content, store)
        assert codes(check) == [code]
        assert check.stops, code
        assert " / " in of(check, code).message, code
        assert record(check, store=store, now=NOW).outcome is Outcome.REJECTED, code
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Batch)) == 0


def test_an_unknown_agency_is_named(store: Store) -> None:
    problem = of(checked(annex(task(1)), store, agency="BXYZ"), "unknown_agency")
    assert "BXYZ" in problem.message
    assert problem.severity is Severity.STOPS


def test_an_impossible_date_names_its_cell(store: Store) -> None:
    check = checked(annex(task(1), task(2, deadline="30/02/2025")), store)
    problem = of(check, "impossible_date")
    assert (problem.sheet, problem.row, problem.column, problem.found) == ("Phụ lục", 5, "F", "30/02/2025")
    assert "F5" in problem.message
    assert "30/02/2025" in problem.message
    assert (check.new, check.changes.nothing) == (0, True)


def test_an_impossible_date_in_a_report(store: Store) -> None:
    recorded(annex(task(1)), store)
    for row in (
        told(1, "Hoàn thành", "5/BC-BYT ngày 31/6/2025"),
        told(1, "Hoàn thành", completed="29/02/2025"),
        told(1, "Hoàn thành", completed="31/4/2025"),
    ):
        check = checked(report(row), store)
        assert check.stops, row
        assert "impossible_date" in codes(check), row


def test_days_however_they_are_typed(store: Store) -> None:
    recorded(annex(task(1)), store)
    for typed in (
        "25/6/2025",
        "6/25/2025",
        "25/06/25",
        45833,
        "45833",
        date(2025, 6, 25),
        "ngày 25 tháng 6 năm 2025",
        "2025-06-25",
    ):
        row = checked(report(told(1, "Hoàn thành", completed=typed)), store).progress[0]
        assert row.declared_completed_on == date(2025, 6, 25), typed


def test_no_day_in_the_column_of_days_is_asked_about(store: Store) -> None:
    recorded(annex(task(1)), store)
    assert "unknown_day" in codes(checked(report(told(1, "Hoàn thành", completed="tuần trước")), store))


def test_a_secret_row_refuses_the_workbook_and_none_of_its_words_are_kept(store: Store) -> None:
    for mark in MARKS:
        check = checked(annex(task(1), [*task(2, text="Điều bí mật không ai được biết"), mark]), store)
        assert codes(check) == ["secret_row"], mark
        assert (check.problems[0].sheet, check.problems[0].row) == ("Phụ lục", 5), mark
        assert "Điều bí mật" not in repr(check), mark
        assert record(check, store=store, now=NOW).outcome is Outcome.REJECTED, mark


def test_words_that_only_look_secret(store: Store) -> None:
    for words in NO_MARKS:
        assert codes(checked(annex(task(1, text=words)), store)) == [], words


def test_the_same_row_twice_is_only_a_note(store: Store) -> None:
    check = checked(annex(task(1), task(1)), store)
    assert [(p.code, p.severity, p.row) for p in check.problems] == [("duplicate_row", "note", 5)]
    assert check.new == 1


@pytest.mark.parametrize(("column", "severity"), [("A", "stops"), ("F", "to_confirm")])
def test_a_formula_without_value_is_named(store: Store, column: str, severity: str) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "A & B"
    rows = (["Chỉ thị số 07/CT-TTg ngày 14/3/2025"], HEADINGS, task(1), [2, "Việc", "Bộ Y tế", "", "", ""])
    for row in rows:
        sheet.append(row)
    sheet[f"{column}4"] = "=1+1"
    content = io.BytesIO()
    workbook.save(content)
    problem = of(checked(content.getvalue(), store), "formula_error")
    assert (problem.sheet, problem.row, problem.column, problem.found) == ("A & B", 4, column, "=")
    assert problem.severity == severity


def test_a_cell_in_error_is_named(store: Store) -> None:
    content = _with_error(annex(task(1), [*task(2)[:5], "#REF!"]))
    problem = of(checked(content, store), "formula_error")
    assert (problem.row, problem.column, problem.found) == (5, "F", "#REF!")


def test_every_problem_at_once(store: Store) -> None:
    check = checked(annex(task(1, deadline="29/02/2025"), task(2, "Ai đó"), task(3, deadline="31/4/2025")), store)
    assert [(p.code, p.row) for p in check.problems] == [
        ("impossible_date", 4),
        ("no_accountable_lead", 5),
        ("impossible_date", 6),
    ]


def test_what_was_found_is_shown_in_one_short_line(store: Store) -> None:
    check = checked(annex(task(1, f"Ai đó\n{'rất ' * 100}{{0}}dài")), store)
    message = of(check, "no_accountable_lead").message
    assert "\n" not in message
    assert len(message) < 900


def _with_error(content: bytes) -> bytes:
    """Make the text "#REF!" an error value, as Excel stores it."""
    mended = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(mended, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb'<c r="F5"[^>]*>.*?</c>', b'<c r="F5" t="e"><f>A1</f><v>#REF!</v></c>', part)
            target.writestr(name, part)
    return mended.getvalue()
