"""One sheet of the .xlsx annex: title, frozen headings, filter and print setup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.wording import worded

Value = str | int | float | date | None
FACE = "Times New Roman"
HEADING_ROW = 3
# Excel holds no longer text in a cell.
LONGEST = 32_000
_LINE = Side(style="thin", color="808080")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SHADE = PatternFill("solid", fgColor="E7ECEF")
_LINE_HEIGHT, _TALLEST_ROW = 15, 405


@dataclass(frozen=True)
class Grid:
    """A sheet's content: headings with widths in characters, rows, a total row, and the columns a formula sums.

    A wide grid is printed on A3.
    """

    title: str
    titles: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Value]]
    total: Sequence[Value] = ()
    summed: tuple[int, ...] = ()
    wide: bool = False


def write_grid(sheet: Worksheet, grid: Grid) -> Grid:
    """Write a grid with its headings frozen and filtered, ready to print; return it."""
    _put(sheet.cell(1, 1), grid.title, Font(name=FACE, size=14, bold=True), border=False)
    sheet.cell(1, 1).alignment = Alignment(wrap_text=False)
    for column, (title, width) in enumerate(grid.titles, start=1):
        cell = sheet.cell(HEADING_ROW, column)
        _put(cell, title, Font(name=FACE, size=11, bold=True))
        cell.fill = _SHADE
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    narrow = [(title, max(1, width - 2)) for title, width in grid.titles]
    sheet.row_dimensions[HEADING_ROW].height = _LINE_HEIGHT + _height([title for title, _ in narrow], narrow)
    _write_rows(sheet, grid)
    _write_total(sheet, grid)
    sheet.freeze_panes = f"B{HEADING_ROW + 1}"
    last = HEADING_ROW + max(len(grid.rows), 1)
    sheet.auto_filter.ref = f"A{HEADING_ROW}:{get_column_letter(len(grid.titles))}{last}"
    _set_print(sheet, wide=grid.wide)
    return grid


def _write_rows(sheet: Worksheet, grid: Grid) -> None:
    font = Font(name=FACE, size=11)
    for row, values in enumerate(grid.rows, start=HEADING_ROW + 1):
        for column, value in enumerate(values, start=1):
            _put(sheet.cell(row, column), value, font)
        sheet.row_dimensions[row].height = _height(values, grid.titles)


def _height(values: Sequence[Value], titles: Sequence[tuple[str, int]]) -> int:
    """Return a row's height in points: no program opens the rows of wrapped text by itself in the same way."""
    lines = [
        sum(1 + len(line) // width for line in value.split("\n"))
        for value, (_, width) in zip(values, titles, strict=False)
        if isinstance(value, str)
    ]
    return min(_TALLEST_ROW, _LINE_HEIGHT * max(lines, default=1))


def _write_total(sheet: Worksheet, grid: Grid) -> None:
    if not grid.total:
        return
    first, last = HEADING_ROW + 1, HEADING_ROW + len(grid.rows)
    bold, italic = Font(name=FACE, size=11, bold=True), Font(name=FACE, size=10, italic=True)
    for column, value in enumerate(grid.total, start=1):
        _put(sheet.cell(last + 1, column), value, bold)
    if not grid.rows:
        return
    _put(sheet.cell(last + 2, 1), worded("sheet_check"), italic)
    for column in grid.summed:
        letter = get_column_letter(column)
        cell = sheet.cell(last + 2, column)
        _put(cell, None, italic)
        cell.value = f"=SUM({letter}{first}:{letter}{last})"


def _put(cell: Cell | MergedCell, value: Value, font: Font, *, border: bool = True) -> None:
    """Write one value; text is text even when it looks like a formula."""
    assert isinstance(cell, Cell), "no sheet of the annex merges cells"
    if isinstance(value, str):
        cell.value = value[:LONGEST]
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value
    if isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    elif isinstance(value, float):
        cell.number_format = "0.0"
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
    if border:
        cell.border = _BORDER


def _set_print(sheet: Worksheet, *, wide: bool) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if wide else sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.page_margins.left, sheet.page_margins.right = 0.6, 0.4
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text=worded("sheet_page")))
