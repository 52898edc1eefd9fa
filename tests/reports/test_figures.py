"""Every figure printed in the four files is the figure of the facts: read back from each file."""

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import docx
import openpyxl
import pytest
from docx.table import Table
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from reports import Facts
from reports.counts import SHOWN
from reports.flat import csv_of
from reports.heat import heat_of
from reports.wording import percent_text, status_text
from rules.milestone import Verdict
from tests.reports.conftest import Written
from tests.reports.csv_back import facts_of_csv

Row = Sequence[object]


def totals(facts: Facts) -> list[tuple[str, int, int]]:
    rows = [(status_text(s), facts.totals.of(s), facts.movement.totals.of(s)) for s in SHOWN]
    return [*rows, ("Tổng cộng", facts.totals.total, facts.movement.totals.total)]


def by_agency(facts: Facts) -> list[tuple[object, ...]]:
    return [(a.name, a.counts.total, *(a.counts.of(status) for status in SHOWN)) for a in facts.agencies]


def by_milestone(facts: Facts) -> list[tuple[object, ...]]:
    return [(m.name, m.due, *map(m.of, Verdict)) for m in facts.milestones]


def number(text: str) -> int:
    return int(text.replace(".", "").replace("−", "-"))


@pytest.fixture(scope="module")
def tables(written: Written) -> list[Table]:
    return docx.Document(str(written.file("docx"))).tables


@pytest.fixture(scope="module")
def pdf_text(written: Written) -> str:
    pages = PdfReader(written.file("pdf")).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u200b", "")


def cells(tables: Sequence[Table], heading: str, columns: int) -> list[list[str]]:
    found = next(t for t in tables if len(t.columns) == columns and t.rows[0].cells[1].text == heading)
    return [[cell.text for cell in row.cells] for row in found.rows][1:]


def test_docx_totals(written: Written, tables: list[Table]) -> None:
    rows = cells(tables, "Trạng thái", 6)
    assert [(row[1], number(row[2]), number(row[4])) for row in rows] == totals(written.facts)
    for row in rows:
        assert number(row[5]) == number(row[4]) - number(row[2])
        assert row[3] == percent_text(number(row[2]), written.facts.totals.total)


def test_docx_agencies(written: Written, tables: list[Table]) -> None:
    rows = cells(tables, "Cơ quan chủ trì", 13)
    assert [(row[1], *map(number, row[2:12])) for row in rows[:-1]] == by_agency(written.facts)
    assert [number(cell) for cell in rows[-1][2:12]] == [
        written.facts.totals.total,
        *(count for _, count in written.facts.totals.parts()),
    ]


def test_docx_milestones(written: Written, tables: list[Table]) -> None:
    rows = cells(tables, "Tổng số", 8)
    assert [(row[0], *map(number, row[1:])) for row in rows] == by_milestone(written.facts)


def test_docx_late_work_by_name(written: Written, tables: list[Table]) -> None:
    rows = [row for row in cells(tables, "NHIỆM VỤ", 8) if row[0] != row[1]]
    assert [(row[4], row[5]) for row in rows] == [
        (work.agency_name, f"Quá hạn {work.days_late} ngày làm việc") for work in written.facts.late
    ]


def test_pdf_prints_the_same_rows(written: Written, pdf_text: str) -> None:
    """The text of a table row comes out of a PDF with its cells in order, with or without spaces between them."""
    squeezed = re.sub(r"\s+", "", pdf_text)

    def printed(*values: object) -> bool:
        return "".join(str(value).replace(" ", "") for value in values) in squeezed

    facts = written.facts
    for label, before, after in totals(facts)[:-1]:
        change = f"+{after - before}" if after > before else str(after - before).replace("-", "−")
        assert printed(label, before, percent_text(before, facts.totals.total), after, change), label
    for row in by_agency(facts):
        assert printed(*row), row
    for row in by_milestone(facts):
        assert printed(*row), row
    for work in facts.late:
        assert printed(work.agency_name, f"Quá hạn {work.days_late} ngày làm việc"), work.code


def test_pdf_and_docx_say_the_same_sentences(written: Written, pdf_text: str) -> None:
    squeezed = re.sub(r"\s+", "", pdf_text)
    for paragraph in docx.Document(str(written.file("docx"))).paragraphs:
        if paragraph.text:
            assert re.sub(r"\s+", "", paragraph.text) in squeezed, paragraph.text


def test_xlsx_figures(written: Written) -> None:
    book = openpyxl.load_workbook(written.file("xlsx"))
    assert book.sheetnames == [
        "Tổng hợp",
        "Theo cơ quan",
        "Theo mốc",
        "Quá hạn",
        "Hoàn thành muộn",
        "Sắp đến hạn",
        "Chưa có hạn",
        "Chưa đủ minh chứng",
        "Quá hạn đến ngày họp",
        "Thường xuyên",
        "Số ngày quá hạn",
        "So với kế hoạch",
        "Truy vấn",
    ]
    facts = written.facts
    sums = [(row[0], row[1], row[3]) for row in values(book["Tổng hợp"])]
    assert sums[: len(SHOWN) + 1] == totals(facts)
    # A chart needs rows that stand together: the steering committee stands with the centre, above the provinces.
    assert [row[:11] for row in values(book["Theo cơ quan"])][: len(facts.agencies)] == sorted(
        by_agency(facts), key=lambda row: str(row[0]).startswith("UBND")
    )
    assert [row[:8] for row in values(book["Theo mốc"])] == by_milestone(facts)
    late = [(row[1], row[9].date(), row[12]) for row in values(book["Quá hạn"])]  # type: ignore[attr-defined]
    assert late == [(work.code, work.due_on, work.days_late) for work in facts.late]
    assert facts.ongoing is not None
    becomes_late = facts.movement.becomes_late
    listed = (facts.done_late, facts.due_next, facts.undated, facts.unconfirmed, becomes_late, facts.ongoing)
    for sheet, works in zip(book.sheetnames[4:10], listed, strict=True):
        assert [row[1] for row in values(book[sheet])] == [work.code for work in works]


def test_xlsx_sums_again_with_formulas_what_the_facts_say(written: Written) -> None:
    sheet = openpyxl.load_workbook(written.file("xlsx"))["Theo cơ quan"]
    count = len(written.facts.agencies)
    for column in range(2, 12):
        formula = sheet.cell(3 + count + 2, column).value
        letter = get_column_letter(column)
        assert formula == f"=SUM({letter}4:{letter}{3 + count})"
        assert sheet.cell(3 + count + 1, column).value == sum(
            int(str(sheet.cell(row, column).value)) for row in range(4, 4 + count)
        )


def test_every_sum_of_the_annex_gives_the_figure_printed_above_it(written: Written) -> None:
    """Added up from the cells it names, as a spreadsheet program adds them when the file is opened."""
    found = 0
    for sheet in openpyxl.load_workbook(written.file("xlsx")).worksheets:
        rows = list(sheet.iter_rows())
        for printed, formulas in pairwise(rows):
            for above, cell in zip(printed, formulas, strict=True):
                if str(cell.value).startswith("=SUM("):
                    named = sheet[str(cell.value).removeprefix("=SUM(").removesuffix(")")]
                    summed = sum(each.value for (each,) in named if each.value is not None)
                    assert summed == above.value, f"{sheet.title}!{cell.coordinate}"
                    found += 1
    months = {month for days in heat_of(written.facts).values() for month in days}
    assert found == 3 + (1 + len(SHOWN)) + (len(months) + 1)


def test_xlsx_is_ready_to_read_and_print(written: Written) -> None:
    book = openpyxl.load_workbook(written.file("xlsx"))
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "B4"
        assert sheet.auto_filter.ref.startswith("A3:")
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
        assert sheet.print_title_rows == "$3:$3"
    due = book["Quá hạn"]["J4"]
    assert (due.number_format, due.is_date) == ("dd/mm/yyyy", True)


def values(sheet: Worksheet) -> list[Row]:
    return [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0] is not None]


def test_json_is_the_facts(written: Written) -> None:
    read = json.loads(written.file("json").read_text(encoding="utf-8"))
    assert Facts.from_json(read) == written.facts
    assert read["cutoff"] == date(2025, 8, 25).isoformat()


def test_csv_is_the_facts(written: Written) -> None:
    content = written.file("csv").read_bytes()
    assert facts_of_csv(content) == written.facts
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0] == "place,kind,value"
    assert f"totals/overdue,number,{written.facts.totals.overdue}" in lines


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''", "'", "+84", "-", "@x", "\tx", 'a,"b"\nc', ""])
def test_csv_text_is_no_formula_and_comes_back(written: Written, text: str) -> None:
    first, *rest = written.facts.late
    facts = replace(written.facts, late=(replace(first, task=text), *rest))
    content = csv_of(facts)
    assert facts_of_csv(content) == facts
    cell = next(
        row[2] for row in csv.reader(content.decode("utf-8-sig").splitlines(keepends=True)) if row[0] == "late/0/task"
    )
    assert not cell.startswith(("=", "+", "-", "@", "\t"))


def test_days_late_by_month_are_the_same_in_every_file(written: Written, tables: list[Table], pdf_text: str) -> None:
    heat = {written.facts.name_of(agency): days for agency, days in heat_of(written.facts).items()}
    months = sorted({month for days in heat.values() for month in days})
    sheet = openpyxl.load_workbook(written.file("xlsx"))["Số ngày quá hạn"]
    in_sheet = {row[0]: row[1:-1] for row in values(sheet)[: len(heat)]}
    table = next(
        t for t in tables if t.rows[0].cells[1].text == "Cơ quan chủ trì" and t.rows[0].cells[-1].text == "Tổng cộng"
    )
    in_word = {row[1]: row[2:-1] for row in ([cell.text for cell in each.cells] for each in table.rows[1:])}
    squeezed = re.sub(r"\s+", "", pdf_text)
    for name, days in heat.items():
        assert [cell or 0 for cell in in_sheet[name]] == [days.get(month, 0) for month in months]
        assert [number(cell or "0") for cell in in_word[name]] == [days.get(month, 0) for month in months]
        printed = "".join(f"{days[month]}" for month in months if month in days)
        assert f"{name}{printed}{sum(days.values())}".replace(" ", "") in squeezed


def test_the_way_to_plan_is_the_same_in_sheet_and_picture(written: Written) -> None:
    sheet = openpyxl.load_workbook(written.file("xlsx"))["So với kế hoạch"]
    points = [(point.on, point.planned, point.left) for point in written.facts.burndown]
    assert [(row[0].date(), *row[1:3]) for row in values(sheet)] == points  # type: ignore[attr-defined]
    described = [shape._inline.docPr.get("descr") for shape in docx.Document(str(written.file("docx"))).inline_shapes]  # noqa: SLF001
    for on, planned, left in points:
        said = f"{on:%d/%m/%Y}: kế hoạch {planned}" + ("" if left is None else f", thực tế {left}")
        assert said in described[1]
