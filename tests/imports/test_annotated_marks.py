"""The annotated copy of an .xlsx: which cells are marked, what is said there, and what the first sheet lists."""

from copy import copy

import pytest
from openpyxl import Workbook

from imports import Problem, Severity
from imports.returning.annotated.notes_part import MOST_NOTES
from tests.imports.originals import (
    LIST,
    SHEET,
    bytes_of,
    copied,
    listed,
    marked,
    notes,
    opened,
    original,
    question,
    remark,
    sentences,
    stop,
)


@pytest.mark.parametrize(
    ("problem", "cell", "colour"),
    [
        (stop("E", 8), "E8", "red"),
        (question("E", 10), "E10", "yellow"),
        (remark("F", 4), "F4", "blue"),
        (question("C", 5), "C5", "yellow"),
        (question("C", 7), "C5", "yellow"),
        (stop(None, 9), "A9", "red"),
        (stop(None, 1), "A1", "red"),
        (stop("G", 9), "G9", "red"),
        (stop("C", 3), "C3", "red"),
        (stop("B", 20), "B20", "red"),
        (stop(None, 20), "A20", "red"),
        (stop("A", 1_048_576), "A1048576", "red"),
        (stop("XFD", 9), "XFD9", "red"),
    ],
    ids=[
        "a cell",
        "a question",
        "a note on a heading",
        "the first of merged cells",
        "a covered cell, marked where it is shown",
        "a row without a column, at its first used cell",
        "the first row",
        "a cell behind the last one",
        "a row without cells",
        "a row that is not there",
        "a row that is not there, without a column",
        "the last row",
        "the last column",
    ],
)
def test_a_problem_marks_its_cell(problem: Problem, cell: str, colour: str) -> None:
    content = copied(original(), problem)
    assert marked(content) == {cell: colour}
    assert all(sentence in notes(content)[cell] for sentence in sentences(problem))


@pytest.mark.parametrize(
    "problem",
    [
        stop("E", None),
        stop(None, None),
        stop("E", 0),
        stop("E", 1_048_577),
        stop("E", 8, sheet="Không có"),
        stop("E", 8, sheet=""),
    ],
    ids=["no row", "no place", "row 0", "beyond the last row", "a sheet that is not there", "no sheet"],
)
def test_a_problem_without_a_cell_is_only_listed(problem: Problem) -> None:
    content = copied(original(), problem)
    assert marked(content) == {}
    assert [row[-1] for row in listed(content)] == ["impossible_date"]
    assert opened(content)[LIST]["B8"].hyperlink is None


@pytest.mark.parametrize("column", ["", "e", "XFE", "E8", "Ô", "=1"])
def test_a_column_that_is_none_marks_the_row(column: str) -> None:
    assert marked(copied(original(), stop(column, 9))) == {"A9": "red"}


def test_a_row_whose_first_cells_are_empty_is_marked_where_it_says_something() -> None:
    workbook = Workbook()
    sheet = workbook.create_sheet(SHEET, 0)
    sheet["A2"].number_format, sheet["C2"] = "0%", "Nhiệm vụ"
    assert marked(copied(bytes_of(workbook), stop(None, 2))) == {"C2": "red"}


def test_a_cell_with_several_problems_has_the_gravest_colour_and_every_sentence() -> None:
    problems = [remark("E", 10), question("E", 10), stop("E", 10, found="1"), stop("E", 10, found="2")]
    content = copied(original(), *problems)
    assert marked(content) == {"E10": "red"}
    note = notes(content)["E10"]
    assert note.startswith("Phải sửa / must be mended\nTrang “Phụ lục I”, ô E10: “1”")
    assert all(sentence in note for problem in problems for sentence in sentences(problem))


def test_all_else_of_a_cells_look_stays() -> None:
    before, after = opened(original())[SHEET], opened(copied(original(), stop("E", 8), remark("F", 4)))[SHEET]
    for cell in ("E8", "F4"):
        old, new = before[cell], after[cell]
        assert new.number_format == old.number_format
        assert (copy(new.border), copy(new.alignment)) == (copy(old.border), copy(old.alignment))
        assert (new.font.name, new.font.size, new.font.bold) == (old.font.name, old.font.size, old.font.bold)
    assert before["E8"].number_format == "dd/mm/yyyy"


def test_white_letters_on_a_marked_heading_become_dark() -> None:
    sheet = opened(copied(original(), remark("F", 4)))[SHEET]
    assert (sheet["F4"].font.color.rgb, sheet["E4"].font.color.rgb) == ("FF1F1F1F", "FFFFFFFF")


def test_a_made_cell_looks_like_its_row_or_its_column() -> None:
    workbook = opened(original())
    workbook[SHEET].column_dimensions["H"].number_format = "0.00"
    workbook[SHEET].row_dimensions[18].number_format = "0%"
    after = opened(copied(bytes_of(workbook), stop("H", 9), stop("B", 18)))[SHEET]
    assert (after["H9"].number_format, after["B18"].number_format) == ("0.00", "0%")


def test_a_persons_note_stays_and_ours_stands_below_it() -> None:
    content = copied(original(), stop("E", 8), stop("E", 9))
    assert notes(content)["B6"] == "Đã hỏi Vụ Kế hoạch"
    assert notes(content)["E8"].startswith("Chờ ý kiến\n\nPhải sửa / must be mended\n")
    assert notes(content)["E9"].startswith("Phải sửa / must be mended\n")


def test_the_gravest_cells_have_notes_and_every_problem_is_listed() -> None:
    many = [question("B", row) for row in range(21, 21 + MOST_NOTES)]
    content = copied(original(), *many, stop("B", 3000))
    ours = {cell for cell, note in notes(content).items() if "Cần xác nhận" in note or "Phải sửa" in note}
    assert len(ours) == MOST_NOTES
    assert "B3000" in ours
    assert f"B{20 + MOST_NOTES}" not in ours
    assert len(marked(content)) == len(listed(content)) == MOST_NOTES + 1
    assert f"{MOST_NOTES} ô" in str(opened(content)[LIST]["A6"].value)


def test_the_first_sheet_lists_what_stops_first_then_in_the_order_of_the_workbook() -> None:
    other = "Nga's & <x>"
    problems = [
        remark("F", 4),
        question("E", 12),
        stop("B", 2, other),
        stop("E", 8),
        stop("A", 8),
        stop(None, None, ""),
    ]
    content = copied(original(), *problems)
    rows = listed(content)
    assert [tuple(row[:4]) for row in rows] == [
        ("Phải sửa\nMust be mended", None, None, None),
        ("Phải sửa\nMust be mended", SHEET, "8", "A"),
        ("Phải sửa\nMust be mended", SHEET, "8", "E"),
        ("Phải sửa\nMust be mended", other, "2", "B"),
        ("Cần xác nhận\nTo confirm", SHEET, "12", "E"),
        ("Lưu ý\nNote", SHEET, "4", "F"),
    ]
    assert rows[1][4:] == ["31/2/2025", *sentences(stop("A", 8)), "impossible_date"]
    sheet = opened(content)[LIST]
    assert [sheet[f"B{row}"].hyperlink and sheet[f"B{row}"].hyperlink.location for row in range(8, 14)] == [
        None,
        f"'{SHEET}'!A8",
        f"'{SHEET}'!E8",
        "'Nga''s & <x>'!B2",
        f"'{SHEET}'!E12",
        f"'{SHEET}'!F4",
    ]


def test_a_link_leads_to_the_cell_that_shows_a_covered_one() -> None:
    sheet = opened(copied(original(), stop("C", 7)))[LIST]
    assert (sheet["D8"].value, sheet["D8"].hyperlink.location) == ("C", f"'{SHEET}'!C5")


def test_the_first_sheet_counts_and_is_ready_to_filter_and_print() -> None:
    workbook = opened(copied(original(), stop("E", 8), question("E", 9), question("E", 10), name="bao-cao.xlsx"))
    sheet = workbook[LIST]
    assert workbook.active is sheet
    assert sheet["A2"].value == "Tệp “bao-cao.xlsx”: 1 chỗ phải sửa, 2 chỗ cần xác nhận, 0 lưu ý."
    assert sheet["A3"].value == "File “bao-cao.xlsx”: 1 to mend, 2 to confirm, 0 to note."
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A8", "A7:H10", "$7:$7")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-1",
    "@SUM(A1)",
    "</t></is></c><c r='Z1'><v>1</v></c>",
    "]]>&amp;<!-- \"'",
    "a\x00b\x0bc\ud800d\ufffee",
    "_x0041__x000D_",
    "{found} %s {0}",
    "x" * 40_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_texts_from_outside_are_only_texts(text: str) -> None:
    content = copied(original(), stop("E", 9, found=text), name=f"{text}.xlsx")
    cell = opened(content)[LIST]["E8"]
    plain = "".join(char for char in text if char not in "\x00\x0b\ud800\ufffe").replace("_x", "_x005F_x")
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert str(cell.value)[:31_000] == plain[:31_000]
    assert len(notes(content)["E9"]) < 32_767


def test_many_problems_at_one_cell_fit_into_its_note() -> None:
    content = copied(original(), *(stop("E", 9, found=f"{number} {'x' * 100}") for number in range(400)))
    assert 20_000 < len(notes(content)["E9"]) < 32_767
    assert notes(content)["E9"].endswith("…\n")
    assert len(listed(content)) == 400


def test_every_severity_has_its_colour() -> None:
    problems = [Problem("row_set_aside", severity, SHEET, 9 + at, "B", "x") for at, severity in enumerate(Severity)]
    assert list(marked(copied(original(), *problems)).values()) == ["red", "yellow", "blue"]
