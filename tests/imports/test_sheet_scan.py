"""What the scan of an .xlsx sees: hidden things, formats, errors, unstored values; and the traps it refuses."""

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from imports.reading.reader import Sheet, read_workbook
from tests.imports.workbooks import saved

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def patched(parts: Mapping[str, bytes], content: bytes | None = None) -> bytes:
    """Return a workbook with some of its parts replaced."""
    source = ZipFile(io.BytesIO(content or saved(("PL", [["TT", "Nhiệm vụ"], [1, "một"]], ()))))
    answer = io.BytesIO()
    with ZipFile(answer, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
    return answer.getvalue()


def with_rows(rows: str, before: str = "", prefix: str = "") -> bytes:
    """Return a workbook whose only sheet has these rows of XML."""
    opening = f"{prefix}:" if prefix else ""
    declared = f'xmlns:{prefix}="{MAIN}"' if prefix else f'xmlns="{MAIN}"'
    xml = f"<{opening}worksheet {declared}>{before}<{opening}sheetData>{rows}</{opening}sheetData></{opening}worksheet>"
    return patched({SHEET: xml.encode()})


def only_sheet(content: bytes) -> Sheet:
    workbook = read_workbook(content)
    assert workbook.problems == []
    return workbook.sheets[0]


def refusal(content: bytes) -> str:
    workbook = read_workbook(content)
    assert workbook.sheets == []
    return workbook.problems[0].code


def test_hidden_rows_columns_and_sheets_are_seen() -> None:
    workbook = Workbook()
    shown, hidden = workbook.active, workbook.create_sheet("Cũ")
    assert shown is not None
    for sheet in (shown, hidden):
        sheet.append(["a", "b", "c"])
        sheet.append([1, 2, 3])
    hidden.sheet_state = "hidden"
    shown.row_dimensions[2].hidden = True
    shown.column_dimensions["B"].hidden = True
    content = io.BytesIO()
    workbook.save(content)
    sheets = read_workbook(content.getvalue()).sheets
    assert [(s.hidden, set(s.hidden_rows), set(s.hidden_columns)) for s in sheets] == [
        (False, {1}, {1}),
        (True, set(), set()),
    ]


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize(
    ("cell", "unread"),
    [
        ('<c r="B2" t="e"><v>#REF!</v></c>', {(1, 1): "#REF!"}),
        ('<c r="B2" t="e"><f>A1/0</f><v>#DIV/0!</v></c>', {(1, 1): "#DIV/0!"}),
        ('<c r="B2"><f>A1</f></c>', {(1, 1): "="}),
        ('<c r="B2"><f>A1</f><v></v></c>', {(1, 1): "="}),
        ('<c r="B2"><f>A1</f><v> </v></c>', {(1, 1): "="}),
        ('<c r="B2"><f>A1</f><v>7</v></c>', {}),
        ('<c r="B2" t="str"><f>A1</f><v></v></c>', {}),
        ('<c r="B2" t="str"><f>A1</f></c>', {(1, 1): "="}),
        ('<c r="B2"><v>7</v></c>', {}),
    ],
)
def test_cells_whose_value_is_unknown(prefix: str, cell: str, unread: dict[tuple[int, int], str]) -> None:
    tags = f"{prefix}:" if prefix else ""
    named = cell.replace("</", "\0").replace("<", f"<{tags}").replace("\0", f"</{tags}")
    row = f'<{tags}row r="1"><{tags}c r="A1"><{tags}v>1</{tags}v></{tags}c></{tags}row><{tags}row r="2">{named}'
    sheet = only_sheet(with_rows(f'{row}<{tags}c r="C2"><{tags}v>3</{tags}v></{tags}c></{tags}row>', prefix=prefix))
    assert dict(sheet.unread) == unread


def test_cells_without_an_address_follow_one_another() -> None:
    rows = '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row><row><c r="C2"><v>2</v></c><c t="e"><v>#N/A</v></c></row>'
    assert dict(only_sheet(with_rows(rows)).unread) == {(0, 1): "#N/A", (1, 3): "#N/A"}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048577"><c r="A1048577"><v>1</v></c></row>',
            "beyond_the_grid",
        ),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "beyond_the_grid"),
        (
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            "sheet_too_large",
        ),
        ('<row r="x"><c r="A1"><v>1</v></c></row>', "damaged_workbook"),
    ],
)
def test_cells_that_would_break_the_reader_are_refused(rows: str, code: str) -> None:
    assert refusal(with_rows(rows)) == code


def test_the_last_cell_of_the_grid_is_read_when_it_stands_near() -> None:
    sheet = only_sheet(with_rows('<row r="1"><c r="XFD1"><v>1</v></c></row>'))
    assert len(sheet.rows[0]) == 16_384


def test_a_document_type_is_refused() -> None:
    xml = f'<!DOCTYPE w [<!ENTITY a "b">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    assert refusal(patched({SHEET: xml.encode()})) == "document_type"


def test_a_part_packed_too_tightly_is_refused() -> None:
    assert refusal(patched({"xl/theme/theme1.xml": b" " * 20_000_000})) == "packed_too_tightly"


def test_a_declared_area_without_cells_costs_nothing() -> None:
    sheet = only_sheet(with_rows('<row r="1"><c r="A1"><v>1</v></c></row>', before='<dimension ref="A1:XFD1048576"/>'))
    assert sheet.rows == [[1.0]]
