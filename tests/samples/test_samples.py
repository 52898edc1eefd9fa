"""The shipped samples: what the script makes, the directive's own words, and progress that cannot be of the future."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from config.agencies import load_register
from rules.evidence import find_evidence
from rules.register import AgencyKind
from samples.annexes import annex_files
from samples.build import sample_files
from samples.directive import HERE, directive_rows
from samples.drawing import put, workbook_bytes
from samples.progress import PROVINCES, REPORTED_ON, ProgressRow, progress_rows
from samples.progress_reports import INVENTED, progress_files

ISSUED_ON = date(2025, 3, 14)
RECURRING = {64, 66}


@pytest.fixture(scope="module")
def reports() -> dict[str, bytes]:
    """Give every progress workbook by its name."""
    return dict(progress_files())


def test_the_script_makes_exactly_the_workbooks_that_are_shipped_byte_for_byte() -> None:
    shipped = {path.relative_to(HERE): path.read_bytes() for path in HERE.glob("*/*.xlsx")}
    assert dict(sample_files()) == shipped


def test_making_a_workbook_again_gives_the_same_bytes() -> None:
    assert dict(annex_files()) == dict(annex_files())


def test_every_row_of_the_directive_stands_in_one_annex_word_for_word() -> None:
    found = [line for _, content in annex_files() for line in _lines(content, columns=6)]
    expected = [
        (row.number, row.task, row.lead, row.coordinating or None, row.product or None, row.deadline or None)
        for row in directive_rows().values()
    ]
    assert sorted(found, key=lambda line: int(str(line[0]))) == expected


@pytest.mark.parametrize(
    ("through", "tasks"), [(date(2025, 6, 30), 20), (date(2025, 8, 31), 23), (date(2025, 12, 31), 40)]
)
def test_tasks_due_by_a_milestone_add_up_to_the_published_figures(through: date, tasks: int) -> None:
    with (HERE / "directive07.csv").open(encoding="utf-8", newline="") as file:
        due = [date.fromisoformat(row["due_date"]) for row in csv.DictReader(file) if row["due_date"]]
    assert sum(day <= through for day in due) == tasks


def test_every_annex_is_an_a4_landscape_page_with_motto_citation_and_recipients() -> None:
    for name, content in annex_files():
        sheet = _sheet(content)
        texts = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell}
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9"), name
        assert {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Nơi nhận:"} <= texts, name
        assert "(Kèm theo Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của Thủ tướng Chính phủ)" in texts, name


@pytest.mark.parametrize("text", ["=1+1", "+84 24", "- nội dung", "@Bộ Y tế"])
def test_text_that_begins_like_a_formula_stays_text(text: str) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    put(sheet, 1, 1, text)
    cell = _sheet(workbook_bytes(workbook))["A1"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_every_row_of_progress_stands_in_one_workbook_of_its_round(reports: dict[str, bytes]) -> None:
    shown = Counter(
        (name.partition("/")[0].removeprefix("progress-"), line[0])
        for name, content in reports.items()
        for line in _lines(content, columns=2)
    )
    assert shown == Counter((row.round, row.number) for row in progress_rows())


def test_every_progress_workbook_says_that_its_figures_are_invented(reports: dict[str, bytes]) -> None:
    for name, content in reports.items():
        column = [cell.value for cell in _sheet(content)["A"]]
        assert INVENTED in column, name
    assert "giả định" in (HERE / "progress.csv").read_text(encoding="utf-8").splitlines()[0]
    assert "giả định" in (HERE / "README.md").read_text(encoding="utf-8")


def test_no_progress_is_later_than_its_report_nor_older_than_the_directive() -> None:
    for row in progress_rows():
        days = [day for day in (row.completed_on, *(cited.on for cited in find_evidence(row.evidence))) if day]
        assert all(ISSUED_ON <= day <= REPORTED_ON[row.round] for day in days), row


def test_evidence_is_a_number_and_a_date_the_rules_can_read() -> None:
    for row in progress_rows():
        if row.evidence:
            evidence, *_ = find_evidence(row.evidence)
            assert evidence.on, row
            assert re.search(rf"{evidence.number}\D", row.evidence), row


def test_no_report_speaks_twice_of_the_same_duty() -> None:
    spoken = Counter((row.round, number, agency) for row in progress_rows() for agency, number in _duties(row))
    assert [duty for duty, times in spoken.items() if times > 1] == []


def test_abolished_provinces_report_for_themselves_before_the_merger() -> None:
    register = load_register()
    named = {agency for row in progress_rows() if row.round == "2025-06" for agency, _ in _duties(row)}
    provinces = {agency.code for agency in register.agencies if agency.kind is AgencyKind.PROVINCE}
    assert len(provinces) == 63
    assert provinces <= named


def test_the_folder_holds_nothing_but_what_it_describes() -> None:
    assert {path.name for path in HERE.iterdir() if path.is_dir() and not path.name.startswith("__")} == {
        "assignments",
        "progress-2025-06",
        "progress-2025-08",
    }


def _duties(row: ProgressRow) -> Iterator[tuple[str, str]]:
    """Yield the agency and the task, with the month for a recurring one."""
    month = f"{row.completed_on or REPORTED_ON[row.round]:%Y-%m}" if row.number in RECURRING else ""
    provinces = [agency.code for agency in load_register().agencies if agency.kind is AgencyKind.PROVINCE]
    for agency in provinces if row.agencies == (PROVINCES,) else row.agencies:
        yield agency, f"{row.number}{month}"


def _lines(content: bytes, *, columns: int) -> Iterator[tuple[object, ...]]:
    """Yield the table's lines as a reader sees them: a merged lead cell counts for every row it covers."""
    sheet = _sheet(content)
    for block in list(sheet.merged_cells.ranges):
        if block.min_row < block.max_row and block.min_col == block.max_col:
            sheet.unmerge_cells(str(block))
            for row in range(block.min_row + 1, block.max_row + 1):
                sheet.cell(row, block.min_col).value = sheet.cell(block.min_row, block.min_col).value
    for line in sheet.iter_rows(max_col=columns, values_only=True):
        if isinstance(line[0], int):
            yield tuple(line)


def _sheet(content: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet
