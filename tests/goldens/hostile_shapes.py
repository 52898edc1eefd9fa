"""Originals made to harm their reader. None may, and each is refused with a sentence."""

import zipfile

from openpyxl import Workbook

from tests.goldens.file_shapes import separated
from tests.goldens.originals import original
from tests.goldens.packages import SHEET, changed, packed, parts_of, written_again
from tests.goldens.pages import TASKS, Page, annex, book, saved

MEBIBYTE = 1024 * 1024
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def with_cells(*cells: str) -> bytes:
    """Return the plain annex with cells written behind its last row."""
    written = "".join(cells)
    return written_again(book(annex(*TASKS)), sheet1=("</sheetData>", f"{written}</sheetData>"))


@original("far-corner.xlsx", "One stray cell in XFD1048576: the area between is sixteen thousand million cells.")
def far_corner() -> bytes:
    return with_cells('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


@original("beyond-the-grid.xlsx", "A row with a number no sheet has.")
def beyond() -> bytes:
    return with_cells('<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>')


@original("column-beyond-the-grid.xlsx", "A column behind XFD.")
def column_beyond() -> bytes:
    return with_cells('<row r="12"><c r="ZZZ12"><v>1</v></c></row>')


@original("billion-laughs.xlsx", "Entities that unfold to thousands of millions of letters.")
def billion_laughs() -> bytes:
    declared = f'<!DOCTYPE sst [<!ENTITY a0 "ha">{ENTITIES}]><sst'
    return changed(
        book(annex(*TASKS)),
        sharedStrings=lambda part: part.replace(b"<sst", declared.encode(), 1).replace(b"PH\xe1\xbb\xa4", b"&a9;", 1),
    )


@original("external-entity.xlsx", "An entity that asks for a file of the machine that reads.")
def external() -> bytes:
    declared = '<!DOCTYPE worksheet [<!ENTITY secret SYSTEM "file:///etc/passwd">]><worksheet'
    return written_again(book(annex(*TASKS)), sheet1=("<worksheet", declared))


@original("merged-over-the-grid.xlsx", "One merge over the whole grid.")
def merged() -> bytes:
    merge = '</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return written_again(book(annex(*TASKS)), sheet1=("</sheetData>", merge))


@original("many-sheets.xlsx", "300 sheets.", kept=False)
def many_sheets() -> bytes:
    made = Workbook()
    for number in range(299):
        made.create_sheet(f"S{number}")
    return saved(made)


@original("255-sheets.xlsx", "255 sheets, the table on the last.", kept=False)
def most_sheets() -> bytes:
    return book(*(Page((("x",),), name=f"S{number}") for number in range(254)), annex(*TASKS))


@original(
    "million-sparse-rows.xlsx", "A million rows, each with one cell, and one row reaching far to the right.", kept=False
)
def sparse_rows() -> bytes:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(12, 1_000_000))
    return with_cells(rows, '<row r="1000001"><c r="ZZ1000001"><v>1</v></c></row>')


@original("ratio-bomb.xlsx", "A sheet of 64 MB of blanks, packed a thousand times smaller.", kept=False)
def ratio_bomb() -> bytes:
    parts = parts_of(book(annex(*TASKS)))
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b" " * (64 * MEBIBYTE) + b"</sheetData>")
    return packed(parts)


@original("many-parts.xlsx", "Six thousand parts.", kept=False)
def many_parts() -> bytes:
    return packed({**parts_of(book(annex(*TASKS))), **{f"xl/media/{n}.png": b"" for n in range(6000)}})


@original("lying-sizes.xlsx", "The package's list says the sheet has 10 bytes; it has thousands.")
def lying() -> bytes:
    content = bytearray(book(annex(*TASKS)))
    at = content.rfind(SHEET.encode()) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(content)


@original("claims-four-gigabytes.xlsx", "The package's list says the sheet has four gigabytes.")
def claims() -> bytes:
    content = bytearray(book(annex(*TASKS)))
    at = content.rfind(SHEET.encode()) - 46
    content[at + 24 : at + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    return bytes(content)


@original("file-too-large.xlsx", "A workbook of 65 MB: a film was pasted into it.", kept=False)
def too_large() -> bytes:
    parts = {**parts_of(book(annex(*TASKS))), "xl/media/film.bin": bytes(65 * MEBIBYTE)}
    return packed(parts, compression=zipfile.ZIP_STORED)


@original("endless-columns.csv", "A table, and below it one row of twenty thousand columns.", kept=False)
def endless_columns() -> bytes:
    return (separated(";") + ";".join("x" * 20_000)).encode()
