"""The workbook sent to an agency holds its open work, locked, and imports as it comes back filled in."""

import io
from datetime import UTC, date, datetime
from itertools import count

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import update

from imports import Severity, check_workbook, record
from imports.returning.template import write_template
from models import Store, status_of
from models.assignment_tables import Document, TaskRevision
from tests.models.world import World

AS_OF = date(2025, 9, 5)
NOW = datetime(2025, 9, 5, 3, tzinfo=UTC)
HEADER = 6
COLUMNS = [
    "TT", "NHIỆM VỤ", "THỜI GIAN HOÀN THÀNH", "TIẾN ĐỘ", "KẾT QUẢ HIỆN NAY", "VĂN BẢN KẾT QUẢ", "NGÀY HOÀN THÀNH",
    "KHÓ KHĂN, VƯỚNG MẮC", "ĐỀ XUẤT, KIẾN NGHỊ", "GỬI CƠ QUAN GIẢI QUYẾT", "HẠN CẦN TRẢ LỜI", "HẠN MỚI ĐỀ NGHỊ",
    "LÝ DO GIA HẠN", "MÃ ĐỐI CHIẾU",
]  # fmt: skip


def given(store: Store, agency: str = "BYT", as_of: date = AS_OF) -> tuple[Workbook, Worksheet]:
    workbook = load_workbook(io.BytesIO(write_template(store, agency, as_of=as_of, known_at=NOW).content))
    return workbook, workbook["Tiến độ"]


def sent_back(workbook: Workbook) -> bytes:
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


@pytest.fixture
def register(store: Store) -> Store:
    """Give a store in which the Ministry of Health has two open duties and a finished one."""
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", "BTC", due=date(2025, 8, 31))
        (done,) = world.duty("BYT", due=date(2025, 6, 30))
        world.duty("BYT", due=None)
        world.report(done, date(2025, 6, 27), evidence=date(2025, 6, 25))
        session.execute(update(TaskRevision).values(deadline_text="Tháng 8/2025"))
    return store


def test_only_the_agencys_open_work_stands_in_it(register: Store) -> None:
    template = write_template(register, "BYT", as_of=AS_OF, known_at=NOW)
    _, sheet = given(register)
    assert template.assignments == 2
    assert [cell.value for cell in sheet[HEADER]] == COLUMNS
    assert [row[:3] for row in sheet.iter_rows(HEADER + 1, values_only=True)] == [
        (1, "Nhiệm vụ 1", "Tháng 8/2025"),
        (3, "Nhiệm vụ 3", "Tháng 8/2025"),
    ]
    assert [sheet.cell(at, 1).value for at in (1, 3, 4)] == [
        "BỘ Y TẾ",
        "(Thực hiện Văn bản số 07/CT-TTg ngày 14 tháng 3 năm 2025)",
        "Số liệu tính đến ngày 05/09/2025",
    ]


def test_rows_stand_in_the_order_people_count(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        world.numbers = iter([10, 2, 9])  # type: ignore[assignment]
        for _ in range(3):
            world.duty("BYT", due=date(2025, 9, 30))
    _, sheet = given(store)
    assert [row[0] for row in sheet.iter_rows(HEADER + 1, max_col=1, values_only=True)] == [2, 9, 10]


def test_given_cells_are_locked_and_asked_ones_are_not(register: Store) -> None:
    _, sheet = given(register)
    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[HEADER + 1]] == [True] * 3 + [False] * 10 + [True]
    assert all(cell.protection.locked for cell in sheet[HEADER])


def test_each_row_carries_its_assignment_in_a_hidden_column(register: Store) -> None:
    _, sheet = given(register)
    assert sheet.column_dimensions["N"].hidden
    assert not any(sheet.column_dimensions[letter].hidden for letter in "ABCDEFGHIJKLM")
    assert [sheet[f"N{at}"].value for at in (HEADER + 1, HEADER + 2)] == ["07-CT-TTg.1.BYT", "07-CT-TTg.3.BYT"]


def test_status_agency_and_days_are_checked_as_they_are_typed(register: Store) -> None:
    _, sheet = given(register)
    checks = {str(check.sqref): (check.type, check.formula1) for check in sheet.data_validations.dataValidation}
    assert checks == {
        "D7:D8": ("list", '"Đã hoàn thành,Đang thực hiện,Chưa thực hiện"'),
        "J7:J8": ("list", "'Danh mục'!$A$1:$A$58"),
        **{f"{column}7:{column}8": ("date", "DATE(2000,1,1)") for column in "GKL"},
    }


def test_the_agencies_to_choose_from_are_those_of_the_day(register: Store) -> None:
    workbook, _ = given(register)
    lists = workbook["Danh mục"]
    names = [row[0] for row in lists.iter_rows(values_only=True)]
    assert lists.sheet_state == "hidden"
    assert len(names) == 58
    assert {"Bộ Tài chính", "Bộ Y tế"} <= set(names)
    assert not any("Kiên Giang" in str(name) for name in names)


def test_how_to_fill_it_in_stands_in_both_languages(register: Store) -> None:
    workbook, _ = given(register)
    lines = [row[0] for row in workbook["Hướng dẫn"].iter_rows(values_only=True)]
    assert (lines[0], lines[9]) == ("CÁCH ĐIỀN", "HOW TO FILL IT IN")
    assert len(lines) == 18
    assert workbook.sheetnames == ["Tiến độ", "Hướng dẫn", "Danh mục"]


def test_it_prints_on_a4_landscape_with_its_header_on_every_page(register: Store) -> None:
    _, sheet = given(register)
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$6:$6", "$A:$B")
    assert sheet.print_area == "'Tiến độ'!$A$1:$M$8"


@pytest.mark.parametrize("text", ["=1+1", "+84 24", "-cmd|' /C calc'!A0", "@SUM(A1)", "a\x00b\x1fc"])
def test_text_that_looks_like_a_formula_stays_text(register: Store, text: str) -> None:
    with register.writing() as session:
        session.execute(update(TaskRevision).values(text=text.replace("\x00", "\x01")))
    _, sheet = given(register)
    cell = sheet.cell(HEADER + 1, 2)
    assert cell.data_type == "s"
    assert cell.value == "".join(char if char.isprintable() else " " for char in text)


def test_filled_in_it_imports_and_changes_the_status(register: Store) -> None:
    workbook, sheet = given(register)
    for column, value in (
        ("D", "Đã hoàn thành"),
        ("E", "=không phải công thức"),
        ("F", "123/BC-BYT ngày 03/9/2025"),
        ("G", date(2025, 9, 3)),
    ):
        sheet[f"{column}7"] = value
    sheet["E7"].data_type = "s"
    sheet["D8"] = "Đang thực hiện"
    check = check_workbook(sent_back(workbook), name="bo-y-te.xlsx", store=register, today=AS_OF)
    assert [problem.message for problem in check.problems if problem.severity is Severity.STOPS] == []
    assert (check.kind, check.agency, check.document, check.reported_on) == ("progress", "BYT", "07/CT-TTg", AS_OF)
    assert (check.rows, check.new) == (2, 2)
    assert record(check, store=register, now=NOW).outcome == "recorded"
    status = {row.code: row.status for row in status_of(register, as_of=AS_OF, known_at=NOW, agency="BYT").rows}
    assert status["07-CT-TTg.1.BYT"] == "completed_on_time"
    assert status["07-CT-TTg.3.BYT"] == "undated"


def test_untouched_it_reports_nothing(register: Store) -> None:
    workbook, _ = given(register)
    check = check_workbook(sent_back(workbook), name="bo-y-te.xlsx", store=register, today=AS_OF)
    assert (check.stops, check.new, check.changed) == (False, 0, 0)


def test_every_agency_is_recognised_by_its_own_workbook(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("T89", "XKIENGIANG", "BCD57", "TTCP", due=date(2025, 9, 30))
    for agency in ("T89", "BCD57", "TTCP"):
        workbook, sheet = given(store, agency)
        sheet["D7"] = "Đang thực hiện"
        check = check_workbook(sent_back(workbook), name="x.xlsx", store=store, today=AS_OF)
        assert (check.agency, check.stops) == (agency, False), [problem.message for problem in check.problems]


def test_work_of_several_documents_names_each_rows_document(register: Store) -> None:
    with register.writing() as session:
        second = Document(code="99/TB-VPCP", issued_on=date(2025, 4, 2), batch_id=1)
        session.add(second)
        session.flush()
        assert second.id
        world = object.__new__(World)
        world.session, world.batch, world.document, world.numbers = session, 1, second.id, count(50)
        world.duty("BYT", due=date(2025, 9, 30))
    workbook, sheet = given(register)
    assert [sheet.cell(at, 4).value for at in (HEADER, HEADER + 1, HEADER + 3)] == [
        "VĂN BẢN GIAO NHIỆM VỤ",
        "Văn bản số 07/CT-TTg ngày 14 tháng 3 năm 2025",
        "Văn bản số 99/TB-VPCP ngày 02 tháng 4 năm 2025",
    ]
    for at in (HEADER + 1, HEADER + 3):
        sheet.cell(at, 5).value = "Đang thực hiện"
    check = check_workbook(sent_back(workbook), name="bo-y-te.xlsx", store=register, today=AS_OF)
    assert ([row.document.code for row in check.progress], check.stops) == (["07/CT-TTg", "99/TB-VPCP"], False)


def test_an_agency_without_open_work_gets_an_empty_table(register: Store) -> None:
    assert write_template(register, "BQP", as_of=AS_OF, known_at=NOW).assignments == 0


@pytest.mark.parametrize(
    ("deadline", "asked_for", "noted"),
    [("Tháng 12/2025", None, 1), ("Tháng 8/2025 (kỳ T8)", None, 0), ("Tháng 12/2025", date(2025, 12, 31), 0)],
    ids=["written over", "as given", "asked for as well"],
)
def test_a_deadline_written_over_points_to_the_column_for_more_time(
    register: Store, deadline: str, asked_for: date | None, noted: int
) -> None:
    workbook, sheet = given(register)
    sheet["C7"], sheet["D7"], sheet["L7"], sheet["M7"] = deadline, "Đang thực hiện", asked_for, "Chờ kinh phí"
    check = check_workbook(sent_back(workbook), name="bo-y-te.xlsx", store=register, today=AS_OF)
    notes = [problem for problem in check.problems if problem.code == "deadline_not_reported"]
    assert [(note.severity, note.row, note.column) for note in notes] == [(Severity.NOTE, 7, "C")] * noted
    assert all(word in note.message for note in notes for word in (deadline, "Tháng 8/2025", "HẠN MỚI ĐỀ NGHỊ"))
