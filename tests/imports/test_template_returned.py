"""A template filled in comes back as exactly the facts that were filled in; its hidden codes go before what is seen."""

import io
import os
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import select

from imports import Check, check_workbook, record, undo
from imports.meaning.nothing_said import says_nothing
from imports.returning.template import write_template
from models import Store
from models.assignment_tables import Assignment, Progress
from models.raised_tables import ExtensionRequest, IndicatorValue, Obstacle
from models.reference import register_of
from tests.imports.workbooks import annex, recorded, saved, task

AS_OF = date(2025, 9, 5)
NOW = datetime(2025, 9, 5, 3, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HEADER, FIRST = 6, 7
ISSUED_ON = date(2025, 3, 14)
PAST = st.dates(ISSUED_ON, AS_OF)
TO_COME = st.dates(AS_OF, date(2026, 6, 30))
WORDS = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" \n=+-@", max_codepoint=0x1EFF),
    min_size=1,
    max_size=60,
).filter(lambda text: "mật" not in text.lower() and "MAT" not in text.upper() and not says_nothing(text))
FILLED = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["Đã hoàn thành", "Đang thực hiện", "Chưa thực hiện"]),
        "number": st.integers(1, 9999),
        "evidence_on": PAST,
        "result": st.none() | WORDS,
        "obstacle": st.none() | st.tuples(WORDS, st.sampled_from(["BTC", "BYT", "T01", "TTCP"]), TO_COME),
        "extension": st.none() | st.tuples(st.dates(date(2026, 1, 1), date(2026, 6, 30)), WORDS),
    }
)
OPEN = 7


@pytest.fixture
def assigned(store: Store) -> Store:
    """Give a store in which Bộ Y tế has four plain tasks, one of sections, and a duty of every quarter."""
    rows = [*(task(number, deadline="Tháng 8/2025") for number in (1, 2, 10)), task("3.1", "Các bộ, ngành", "2025")]
    recorded(annex(*rows, task(64, "Bộ Y tế; Bộ Công an", "Hằng quý")), store)
    return store


@pytest.fixture
def measured(assigned: Store) -> Store:
    """Give a store in which Bộ Y tế also has an indicator."""
    headings = ("TT", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu năm 2025", "Cơ quan chủ trì")
    about = [["(Kèm theo Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025)"]]
    row = [1, "Hồ sơ sức khỏe điện tử", "hồ sơ", "60.000.000", "Bộ Y tế"]
    recorded(saved(("PL", [*about, headings, row], ())), assigned, "chi-tieu.xlsx")
    return assigned


def template(store: Store, agency: str = "BYT") -> tuple[Workbook, Worksheet]:
    workbook = load_workbook(io.BytesIO(write_template(store, agency, as_of=AS_OF, known_at=LATER).content))
    return workbook, workbook["Tiến độ"]


def sent_back(workbook: Workbook, store: Store) -> Check:
    written = io.BytesIO()
    workbook.save(written)
    return check_workbook(written.getvalue(), name="bo-y-te.xlsx", store=store, today=AS_OF)


def columns(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): position for position, cell in enumerate(sheet[HEADER], start=1)}


def as_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Type text, as Excel keeps it: never a formula."""
    cell: Any = sheet.cell(row, column)
    cell.value, cell.data_type = text, "s"


def fill(sheet: Worksheet, row: int, filled: dict[str, Any], names: dict[str, str]) -> None:
    at = columns(sheet)
    sheet.cell(row, at["TIẾN ĐỘ"]).value = filled["status"]
    if filled["status"] == "Đã hoàn thành":
        sheet.cell(
            row, at["VĂN BẢN KẾT QUẢ"]
        ).value = f"{filled['number']}/BC-BYT ngày {filled['evidence_on']:%d/%m/%Y}"
        sheet.cell(row, at["NGÀY HOÀN THÀNH"]).value = filled["evidence_on"]
    if filled["result"]:
        as_text(sheet, row, at["KẾT QUẢ HIỆN NAY"], filled["result"])
    if filled["obstacle"]:
        text, agency, needed_by = filled["obstacle"]
        as_text(sheet, row, at["KHÓ KHĂN, VƯỚNG MẮC"], text)
        sheet.cell(row, at["GỬI CƠ QUAN GIẢI QUYẾT"]).value = names[agency]
        sheet.cell(row, at["HẠN CẦN TRẢ LỜI"]).value = needed_by
    if filled["extension"]:
        sheet.cell(row, at["HẠN MỚI ĐỀ NGHỊ"]).value = filled["extension"][0]
        as_text(sheet, row, at["LÝ DO GIA HẠN"], filled["extension"][1])


def stored(store: Store, table: type[Any], batch: int) -> dict[str, Any]:
    """Return the facts a batch put into a table, by the code of their assignment."""
    with store.reading() as session:
        codes = {assignment.id: assignment.code for assignment in session.exec(select(Assignment))}
        rows = session.exec(select(table).where(table.batch_id == batch))
        return {codes[row.assignment_id]: row for row in rows}


@settings(
    max_examples=200 if os.environ.get("DONDOC_DEEP") else 4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a shorter example costs minutes and says no more
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(FILLED, min_size=OPEN, max_size=OPEN))
def test_every_open_row_filled_in_comes_back_as_the_same_facts(assigned: Store, rows: list[dict[str, Any]]) -> None:
    names = {"BTC": "Bộ Tài chính", "BYT": "Bộ Y tế", "T01": "Thành phố Hà Nội", "TTCP": "Thanh tra Chính phủ"}
    workbook, sheet = template(assigned)
    assert sheet.max_row == HEADER + OPEN
    for at, filled in enumerate(rows, start=FIRST):
        fill(sheet, at, filled, names)
    codes = [str(sheet.cell(at, columns(sheet)["MÃ ĐỐI CHIẾU"]).value) for at in range(FIRST, FIRST + OPEN)]
    check = sent_back(workbook, assigned)
    assert [problem.message for problem in check.problems] == []
    assert (check.agency, check.rows, check.new, check.reported_on) == ("BYT", OPEN, OPEN, AS_OF)
    batch = record(check, store=assigned, now=LATER).batch
    assert batch
    progress, obstacles, requests = (stored(assigned, table, batch) for table in (Progress, Obstacle, ExtensionRequest))
    assert set(progress) == set(codes)
    for code, filled in zip(codes, rows, strict=True):
        assert_told(progress[code], filled)
        assert_raised(obstacles.get(code), filled["obstacle"])
        request, asked = requests.get(code), filled["extension"]
        assert (request and (request.new_due_on, request.reason)) == (asked and (asked[0], clean(asked[1])))
    assert undo(batch, store=assigned, now=LATER).undone


def assert_told(told: Progress, filled: dict[str, Any]) -> None:
    done = filled["status"] == "Đã hoàn thành"
    assert (told.declared_done, told.declared_text) == (done, filled["status"])
    assert told.result_text == clean(filled["result"] or "")
    assert told.evidence_number == (f"{filled['number']}/BC-BYT" if done else None)
    assert told.evidence_on == told.declared_completed_on == (filled["evidence_on"] if done else None)


def assert_raised(obstacle: Obstacle | None, raised: tuple[str, str, date] | None) -> None:
    found = (obstacle.text, obstacle.addressed_to, obstacle.needed_by) if obstacle else None
    assert found == (raised and (clean(raised[0]), *raised[1:]))


def clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def test_each_agency_offered_is_read_back_as_itself(store: Store) -> None:
    recorded(annex(*(task(number) for number in range(1, 61))), store)
    workbook, sheet = template(store)
    names = [str(row[0]) for row in workbook["Danh mục"].iter_rows(values_only=True)]
    at = columns(sheet)
    for row, name in enumerate(names, start=FIRST):
        sheet.cell(row, at["KHÓ KHĂN, VƯỚNG MẮC"]).value = "Vướng"
        sheet.cell(row, at["GỬI CƠ QUAN GIẢI QUYẾT"]).value = name
    check = sent_back(workbook, store)
    assert {problem.code for problem in check.problems} == {"nothing_reported"}
    found = {row.obstacle.addressed_text: row.obstacle.addressed_to for row in check.progress if row.obstacle}
    with store.reading() as session:
        agencies = register_of(session).by_code()
    assert {name: agencies[code or ""].name_vi for name, code in found.items()} == {name: name for name in names}


Spoiling = Callable[[Worksheet, dict[str, int]], None]


def other_number(sheet: Worksheet, at: dict[str, int]) -> None:
    sheet.cell(FIRST, at["TT"]).value = 2


def other_words(sheet: Worksheet, at: dict[str, int]) -> None:
    sheet.cell(FIRST, at["NHIỆM VỤ"]).value = "Báo cáo tình hình trang bị máy tính của các phòng"


def no_number(sheet: Worksheet, at: dict[str, int]) -> None:
    sheet.cell(FIRST, at["TT"]).value = "a"


@pytest.mark.parametrize("spoil", [other_number, other_words, no_number])
def test_the_hidden_code_goes_before_number_and_words_and_says_so(assigned: Store, spoil: Spoiling) -> None:
    workbook, sheet = template(assigned)
    sheet.cell(FIRST, columns(sheet)["TIẾN ĐỘ"]).value = "Đang thực hiện"
    spoil(sheet, columns(sheet))
    check = sent_back(workbook, assigned)
    assert [p.code for p in check.problems if p.code != "nothing_reported"] == ["reference_differs"]
    assert [entry.code for entry in check.changes.progress] == ["07-CT-TTg.1.BYT"]


@pytest.mark.parametrize(
    "code",
    ["07-CT-TTg.99.BYT", "07-CT-TTg.64.BCA.2025-Q2", "=1+1", "' OR 1=1 --"],
    ids=["unknown", "foreign", "=", "'"],
)
def test_a_code_that_is_unknown_or_anothers_is_never_used(assigned: Store, code: str) -> None:
    workbook, sheet = template(assigned)
    sheet.cell(FIRST, columns(sheet)["TIẾN ĐỘ"]).value = "Đang thực hiện"
    as_text(sheet, FIRST, columns(sheet)["MÃ ĐỐI CHIẾU"], code)
    check = sent_back(workbook, assigned)
    (problem,) = (problem for problem in check.problems if problem.code != "nothing_reported")
    assert (problem.code, problem.row, problem.column, problem.found) == ("unknown_reference", FIRST, "N", code)
    assert check.stops


def test_without_its_code_a_row_is_known_by_number_and_period(assigned: Store) -> None:
    workbook, sheet = template(assigned)
    at = columns(sheet)
    for row in range(FIRST, FIRST + OPEN):
        sheet.cell(row, at["TIẾN ĐỘ"]).value = "Đang thực hiện"
    codes = [str(sheet.cell(row, at["MÃ ĐỐI CHIẾU"]).value) for row in range(FIRST, FIRST + OPEN)]
    sheet.delete_cols(at["MÃ ĐỐI CHIẾU"])
    check = sent_back(workbook, assigned)
    assert sorted(entry.code for entry in check.changes.progress) == sorted(codes)


def test_a_period_of_a_recurring_duty_is_the_one_of_its_row(assigned: Store) -> None:
    workbook, sheet = template(assigned)
    at = columns(sheet)
    rows = {sheet.cell(row, at["MÃ ĐỐI CHIẾU"]).value: row for row in range(FIRST, FIRST + OPEN)}
    row = rows["07-CT-TTg.64.BYT.2025-Q1"]
    sheet.cell(row, at["TIẾN ĐỘ"]).value = "Đã hoàn thành"
    sheet.cell(row, at["VĂN BẢN KẾT QUẢ"]).value = "9/BC-BYT ngày 30/8/2025"
    check = sent_back(workbook, assigned)
    assert {problem.code for problem in check.problems} == {"nothing_reported"}
    assert [entry.code for entry in check.changes.progress] == ["07-CT-TTg.64.BYT.2025-Q1"]


def test_a_successor_reports_on_the_parts_it_holds(store: Store) -> None:
    recorded(annex(task(20, "UBND các tỉnh, thành phố", "Tháng 12/2025")), store)
    workbook, sheet = template(store, "T89")
    sheet.cell(FIRST, columns(sheet)["TIẾN ĐỘ"]).value = "Đang thực hiện"
    check = sent_back(workbook, store)
    assert sorted(entry.code for entry in check.changes.progress) == ["07-CT-TTg.20.T89", "07-CT-TTg.20.XKIENGIANG"]
    assert check.problems == ()


def test_indicators_are_listed_and_their_values_come_back(measured: Store) -> None:
    made = write_template(measured, "BYT", as_of=AS_OF, known_at=LATER)
    assert (made.assignments, made.indicators) == (OPEN, 1)
    workbook, _ = template(measured)
    assert workbook.sheetnames == ["Tiến độ", "Chỉ tiêu", "Hướng dẫn", "Danh mục"]
    sheet = workbook["Chỉ tiêu"]
    assert [cell.value for cell in sheet[5]][:6] == [
        1, "Hồ sơ sức khỏe điện tử", "hồ sơ", "60.000.000", "31/12/2025",
        "Văn bản số 07/CT-TTg ngày 14 tháng 3 năm 2025",
    ]  # fmt: skip
    assert [cell.protection.locked for cell in sheet[5]] == [True] * 6 + [False] * 2 + [True]
    assert sheet.column_dimensions["I"].hidden
    sheet["G5"], sheet["H5"] = "12.345.678,5", date(2025, 8, 31)
    check = sent_back(workbook, measured)
    assert {problem.code for problem in check.problems} == {"nothing_reported"}
    record(check, store=measured, now=LATER)
    with measured.reading() as session:
        (value,) = session.exec(select(IndicatorValue))
    assert (value.value, value.unit, value.observed_on) == (12_345_678.5, "hồ sơ", date(2025, 8, 31))


def test_another_agencys_indicator_is_refused(measured: Store) -> None:
    workbook, sheet = template(measured)
    code = workbook["Chỉ tiêu"]["I5"].value
    assert isinstance(code, str)
    workbook, sheet = template(measured)
    sheet.cell(FIRST, columns(sheet)["TIẾN ĐỘ"]).value = "Đang thực hiện"
    workbook["Chỉ tiêu"]["G5"] = 5
    workbook["Chỉ tiêu"]["I5"] = code.replace("BYT", "BCA")
    problems = sent_back(workbook, measured).problems
    assert [p.code for p in problems if p.code != "nothing_reported"] == ["unknown_reference"]


def test_nothing_filled_in_says_so_row_by_row_and_nothing_else(measured: Store) -> None:
    workbook, _ = template(measured)
    check = sent_back(workbook, measured)
    codes = [problem.code for problem in check.problems]
    assert (check.stops, check.new, codes) == (False, 0, ["nothing_reported"] * OPEN + ["no_value_given"])
