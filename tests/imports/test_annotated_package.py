"""The annotated copy as a package: what is not marked is as it came, byte for byte, however the workbook was made."""

import re
from pathlib import Path

import pytest
from openpyxl.worksheet.table import Table

from imports.returning.annotated.copying import annotated_copy
from tests.imports.originals import (
    LIST,
    SHEET,
    STORED,
    by_libreoffice,
    bytes_of,
    changed,
    copied,
    listed,
    marked,
    needs_libreoffice,
    notes,
    opened,
    original,
    parts,
    question,
    remark,
    stop,
)

PROBLEMS = (stop("E", 8), question("C", 6), remark("F", 4), stop("A", 20), remark(None, 10), stop(None, None))
MARKED = {"E8": "red", "C5": "yellow", "F4": "blue", "A20": "red", "A10": "blue"}
SHEET_PART, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
TOUCHED = {
    SHEET_PART,
    BOOK,
    STYLES,
    "[Content_Types].xml",
    "xl/_rels/workbook.xml.rels",
    "xl/comments/comment1.xml",
    "xl/drawings/commentsDrawing1.vml",
    "xl/worksheets/sheet2.xml",  # it was the selected one
}


def test_untouched_parts_are_the_same_bytes_in_the_same_order() -> None:
    before, after = parts(original()), parts(copied(original(), *PROBLEMS))
    assert list(after)[: len(before)] == list(before)
    assert list(after)[len(before) :] == ["xl/worksheets/dondoc1.xml"]
    assert {name for name in before if before[name] != after[name]} == TOUCHED


def test_in_a_touched_sheet_only_touched_rows_change() -> None:
    rows = re.compile(rb'<row r="(\d+)".*?</row>', re.DOTALL)
    before = {row[0] for row in rows.finditer(parts(original())[SHEET_PART])}
    after = list(rows.finditer(parts(copied(original(), *PROBLEMS))[SHEET_PART]))
    assert [int(row[1]) for row in after if row[0] not in before] == [4, 5, 8, 10, 20]
    assert len(after) == len(before) + 1


def test_stored_values_of_formulas_stay() -> None:
    content = copied(original(), *PROBLEMS, stop("F", 9))
    assert marked(content) == {**MARKED, "F9": "red"}
    assert [opened(content, values=True)[SHEET][f"F{row}"].value for row in range(5, 17)] == [int(STORED)] * 12
    assert opened(content)[SHEET]["F9"].value == "=LEN(B9)"


def test_the_workbook_opens_at_the_list_and_no_other_sheet_is_selected_with_it() -> None:
    workbook = opened(copied(original(), *PROBLEMS))
    assert workbook.sheetnames == [LIST, SHEET, "Nga's & <x>", "Ẩn"]
    assert workbook.active is workbook[LIST]
    assert [sheet.title for sheet in workbook.worksheets if sheet.sheet_view.tabSelected] == [LIST]
    assert workbook["Ẩn"].sheet_state == "hidden"


def test_names_and_print_titles_stay_with_their_sheets() -> None:
    workbook = opened(copied(original(), *PROBLEMS))
    assert [sheet.print_title_rows for sheet in workbook.worksheets] == ["$7:$7", "$4:$4", None, None]
    assert workbook[SHEET].defined_names["hạn"].attr_text == f"'{SHEET}'!$E$5:$E$16"


def test_the_same_workbook_gives_the_same_bytes() -> None:
    assert copied(original(), *PROBLEMS) == copied(original(), *PROBLEMS)


def test_macros_are_kept_and_the_copy_is_called_after_them() -> None:
    types = parts(original())["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    macros = bytes(range(256)) * 40
    workbook = changed(original(), {"[Content_Types].xml": types, "xl/vbaProject.bin": macros})
    copy = annotated_copy(workbook, name="phu-luc.XLSM", problems=PROBLEMS)
    assert copy is not None
    assert copy.name == "phu-luc.can-sua.xlsm"
    assert parts(copy.content)["xl/vbaProject.bin"] == macros
    assert marked(copy.content) == MARKED


def prefixed(xml: bytes) -> bytes:
    """Write a part with a prefix before every element of the main namespace, as some programs do."""
    xml = xml.replace(
        b'xmlns="http://schemas.openxmlformats.org/spreadsheetml',
        b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml',
    )
    return re.sub(rb"<(/?)(?=[A-Za-z]+[\s/>])", rb"<\1x:", xml)


def test_prefixes_stay_as_they_are() -> None:
    names = (SHEET_PART, BOOK, STYLES, "xl/comments/comment1.xml", "xl/worksheets/sheet2.xml")
    workbook = changed(original(), {name: prefixed(parts(original())[name]) for name in names})
    content = copied(workbook, *PROBLEMS)
    assert b'<x:c r="A20" s="' in parts(content)[SHEET_PART]
    assert marked(content) == MARKED
    assert notes(content).keys() == {*MARKED, "B6"}
    assert {name for name, part in parts(workbook).items() if parts(content)[name] != part} == TOUCHED


@needs_libreoffice
def test_libreoffice_opens_the_copy_and_sees_what_we_wrote(tmp_path: Path) -> None:
    seen = by_libreoffice(copied(original(), *PROBLEMS), "xlsx", tmp_path)
    assert opened(seen).sheetnames == [LIST, SHEET, "Nga's & <x>", "Ẩn"]
    assert marked(seen) == MARKED
    assert notes(seen).keys() == {*MARKED, "B6", "E8"}
    assert [row[-1] for row in listed(seen)][:2] == ["impossible_date", "impossible_date"]
    assert opened(seen)[LIST]["B9"].hyperlink.location == f"'{SHEET}'!E8"
    assert by_libreoffice(copied(original(), *PROBLEMS), "pdf", tmp_path / "pdf").startswith(b"%PDF-")


@needs_libreoffice
def test_a_workbook_saved_by_libreoffice_is_patched_as_well(tmp_path: Path) -> None:
    workbook = by_libreoffice(original(), "xlsx", tmp_path)
    content = copied(workbook, *PROBLEMS)
    assert marked(content) == MARKED
    assert notes(content)["B6"] == "Đã hỏi Vụ Kế hoạch"
    assert [opened(content, values=True)[SHEET][f"F{row}"].value for row in (5, 16)] == [int(STORED)] * 2
    same = {name for name, part in parts(workbook).items() if parts(content)[name] == part}
    assert same >= {"xl/sharedStrings.xml", "docProps/core.xml", "docProps/app.xml", "xl/worksheets/sheet3.xml"}


def test_a_copy_that_comes_back_is_marked_anew() -> None:
    """What was mended since looks mended; the list is written again and not a second time."""
    first = copied(original(), *PROBLEMS)
    second = copied(first, stop("E", 9))
    assert opened(second).sheetnames == opened(first).sheetnames
    assert marked(second) == {"E9": "red"}
    assert notes(second).keys() == {"B6", "E8", "E9"}
    assert [row[:4] for row in listed(second)] == [["Phải sửa\nMust be mended", SHEET, "9", "E"]]
    assert opened(second)[LIST].print_title_rows == "$7:$7"


def without(pattern: bytes, part: str, new: bytes = b"") -> bytes:
    """Return the original with something of a part taken out or replaced."""
    return changed(original(), {part: re.sub(pattern, new, parts(original())[part])})


@pytest.mark.parametrize(
    "workbook",
    [
        without(rb'(?<=<c) r="[A-Z]+\d+"', SHEET_PART),
        without(rb'(?<=<row) r="\d+"', SHEET_PART),
        without(rb"<sheetData>", SHEET_PART, b"<!-- made by a program --><sheetData>"),
        without(rb'<row r="9"', SHEET_PART, b'<row r="7"'),
        without(rb"<fills>.*</fills>|<fills .*</fills>", STYLES),
    ],
    ids=["cells without places", "rows without numbers", "a comment", "rows out of order", "styles without fills"],
)
def test_a_workbook_of_an_unknown_shape_becomes_a_plain_one_with_the_same_content(workbook: bytes) -> None:
    content = copied(workbook, stop("E", 8), question("C", 6))
    assert "xl/worksheets/dondoc1.xml" in parts(content)
    assert "xl/theme/theme1.xml" not in parts(content)
    assert opened(content)[SHEET]["B16"].value == "Nhiệm vụ số 12"
    assert set(marked(content).values()) == {"red", "yellow"}


def test_a_conversation_at_a_cell_is_left_alone() -> None:
    """Excel keeps it in a part of its own, and shows that one whatever the note says."""
    conversation = without("Văn thư".encode(), "xl/comments/comment1.xml", b"tc={6F1}")
    content = copied(conversation, stop("E", 8))
    assert notes(content) == notes(conversation)
    assert marked(content) == {"E8": "red"}


def test_the_drawing_of_notes_is_linked_where_excel_looks_for_it() -> None:
    workbook = opened(original())
    sheet = workbook["Nga's & <x>"]
    sheet["B1"] = "Tên"
    sheet.add_table(Table(displayName="Bảng", ref="B1:B2"))
    content = copied(bytes_of(workbook), stop("B", 2, sheet.title))
    ends = re.findall(rb"<(pageMargins|legacyDrawing|tableParts)", parts(content)["xl/worksheets/sheet2.xml"])
    assert ends == [b"pageMargins", b"legacyDrawing", b"tableParts"]
    assert notes(content, sheet.title).keys() == {"B2"}
    assert opened(content)[sheet.title].tables.keys() == {"Bảng"}
