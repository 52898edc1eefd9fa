"""How a sample workbook is drawn and saved: fonts, borders, page set-up, and bytes that never change."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from math import ceil

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

FACE = "Times New Roman"
FORMULA_MARKS = ("=", "+", "-", "@")
# A workbook says it was made on the day of the directive, so that making it again gives the same bytes.
MADE_AT = datetime(2025, 3, 14)  # noqa: DTZ001 (the file format has no zone)
LINE = Side(style="thin")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
LINE_POINTS = 16


def put(  # noqa: PLR0913 (one keyword per thing a cell shows)
    sheet: Worksheet,
    row: int,
    column: int,
    value: str | int | date | None,
    *,
    size: int = 12,
    bold: bool = False,
    italic: bool = False,
    align: str = "left",
    boxed: bool = False,
) -> None:
    """Write one cell. Text stays text even when it begins like a formula; an empty text leaves the cell empty."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if value not in ("", None):
        cell.value = value
        if isinstance(value, str) and value.startswith(FORMULA_MARKS):
            cell.data_type = "s"
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
    cell.font = Font(name=FACE, size=size, bold=bold, italic=italic)
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    if boxed:
        cell.border = BOX


def put_across(sheet: Worksheet, row: int, span: tuple[int, int], text: str, **look: object) -> None:
    """Write `text` centred over the columns `span` (first, last), merged; the row grows with its lines."""
    first, last = span
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    put(sheet, row, first, text, align="center", **look)  # type: ignore[arg-type]
    _grow(sheet, row, _lines(text, sum(_width(sheet, column) for column in range(first, last + 1))))


def put_record(sheet: Worksheet, row: int, values: Sequence[str | int | date | None], *, centred: set[int]) -> None:
    """Write one boxed row of the table from column 1; the columns of `centred` are centred."""
    for column, value in enumerate(values, start=1):
        put(sheet, row, column, value, boxed=True, align="center" if column in centred else "left")
        _grow(sheet, row, _lines("" if value is None else str(value), _width(sheet, column)))


def merge_boxed(sheet: Worksheet, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    """Merge a block whose first cell is written, and box it all around."""
    (top, bottom), (left, right) = rows, columns
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            sheet.cell(row, column).border = BOX
    if (top, left) != (bottom, right):
        sheet.merge_cells(start_row=top, end_row=bottom, start_column=left, end_column=right)


def put_footer(sheet: Worksheet, row: int, recipients: Sequence[str]) -> None:
    """Write the "Nơi nhận" block from `row` on."""
    put(sheet, row, 1, "Nơi nhận:", bold=True, italic=True)
    sheet.cell(row, 1).alignment = Alignment(wrap_text=False)
    for offset, recipient in enumerate(recipients, start=1):
        put(sheet, row + offset, 1, f"- {recipient}", size=11)
        sheet.cell(row + offset, 1).alignment = Alignment(wrap_text=False)


def set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Set the widths of the first columns, in characters."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def set_page(sheet: Worksheet, *, header_rows: tuple[int, int]) -> None:
    """Set A4 landscape, one page wide, the table's header repeated on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_title_rows = f"{header_rows[0]}:{header_rows[1]}"
    sheet.page_margins.left, sheet.page_margins.right = 0.6, 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.6


def workbook_bytes(workbook: Workbook) -> bytes:
    """Return the workbook as a file. The same workbook gives the same bytes, whatever day and machine.

    The parts are stored, not deflated: compressed bytes differ between zlib releases.
    """
    workbook.properties.creator = "Dondoc"
    workbook.properties.created = workbook.properties.modified = MADE_AT
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        ExcelWriter(workbook, archive).save()
    return _without_clock(made.getvalue())


def _without_clock(content: bytes) -> bytes:
    steady = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(steady, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=MADE_AT.timetuple()[:6])
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            target.writestr(entry, source.read(name))
    return steady.getvalue()


def _width(sheet: Worksheet, column: int) -> float:
    return float(sheet.column_dimensions[get_column_letter(column)].width)


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(len(line) * 1.02 / width)) for line in text.split("\n"))


def _grow(sheet: Worksheet, row: int, lines: int) -> None:
    dimension = sheet.row_dimensions[row]
    dimension.height = max(dimension.height or 0, lines * LINE_POINTS + 4)
