"""How a template's cells look and what may be done to them: given ones are locked, asked ones yellow and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from texts import say

_LONGEST_TEXT = 32_767
_LINE_POINTS, _LETTER_WIDTH, _TALLEST = 17, 0.95, 409
_FACE, _LINE = "Times New Roman", Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TO_FILL_IN = PatternFill("solid", start_color="FFFDF3D8")
_A4, _MARGIN_INCHES = 9, 0.4
Value = str | int | float


class Look(StrEnum):
    """The ways a cell looks: only ASKED, DAY, FIGURE and DAY_LINE may be changed."""

    TITLE = "dd_title"
    LINE = "dd_line"
    DAY_LINE = "dd_day_line"
    HEADING = "dd_heading"
    NUMBER = "dd_number"
    GIVEN = "dd_given"
    ASKED = "dd_asked"
    DAY = "dd_day"
    FIGURE = "dd_figure"
    PLAIN = "dd_plain"
    STRONG = "dd_strong"


_FILLED_IN = frozenset({Look.ASKED, Look.DAY, Look.FIGURE, Look.DAY_LINE})
_BOXED = frozenset({Look.HEADING, Look.NUMBER, Look.GIVEN, Look.ASKED, Look.DAY, Look.FIGURE})
_BOLD = frozenset({Look.TITLE, Look.HEADING, Look.STRONG})
_ACROSS = {Look.HEADING: "center", Look.NUMBER: "center", Look.DAY: "center"}


@dataclass(frozen=True)
class Column:
    """A column of a template: `name` is its entry `template.column_<name>`, `width` in letters."""

    name: str
    width: int
    look: Look = Look.GIVEN
    hidden: bool = False


@dataclass(frozen=True)
class Grid:
    """Where a table stands on its sheet: the row of its header, its columns, and how many rows it has."""

    sheet: Worksheet
    header: int
    columns: Sequence[Column]
    rows: int

    def letter(self, name: str) -> str:
        """Return the letter of the column `name`."""
        names = [column.name for column in self.columns]
        return get_column_letter(names.index(name) + 1)

    def check(self, name: str, check: DataValidation) -> None:
        """Let `check` weigh what is typed into the column `name`."""
        check.errorTitle, check.error = word("wrong_title"), word(f"wrong_{name}")
        check.showErrorMessage, check.allow_blank = True, True
        letter = self.letter(name)
        check.add(f"{letter}{self.header + 1}:{letter}{self.header + max(1, self.rows)}")
        self.sheet.add_data_validation(check)


def word(entry: str, **values: object) -> str:
    """Return the Vietnamese words `template.<entry>`: the importer reads headings back."""
    return say(f"template.{entry}", **values)


def add_looks(workbook: Workbook) -> None:
    """Give the workbook its cell styles, once: a style per cell would take seconds for thousands of rows."""
    for look in Look:
        style = NamedStyle(name=look.value)
        size = 14 if look is Look.TITLE else 12
        style.font = Font(name=_FACE, size=size, bold=look in _BOLD, italic=look in {Look.LINE, Look.DAY_LINE})
        style.alignment = Alignment(_ACROSS.get(look), "center" if look is Look.HEADING else "top", wrap_text=True)
        style.protection = Protection(locked=look not in _FILLED_IN)
        style.number_format = "dd/mm/yyyy" if look is Look.DAY else "General"
        if look in _BOXED:
            style.border = _BOX
        if look in _FILLED_IN:
            style.fill = _TO_FILL_IN
        workbook.add_named_style(style)


def put(sheet: Worksheet, row: int, column: int, value: Value, look: Look) -> None:
    """Write one cell. Text stays text even when it begins like a formula."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.style = look.value
    if not isinstance(value, str):
        cell.value = value
    elif value:
        cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:_LONGEST_TEXT]
        # openpyxl makes a formula of "=…"; Excel would make one of an edited "+…" without the quote prefix.
        cell.data_type = "s"
        if value.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True


def put_title(sheet: Worksheet, lines: Sequence[tuple[str, Look]], last: int) -> None:
    """Write the lines above a table, each across its `last` columns."""
    for row, (text, look) in enumerate(lines, start=1):
        put(sheet, row, 1, text, look)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)


def put_table(grid: Grid, records: Sequence[Mapping[str, Value]]) -> None:
    """Write header and rows; a row is as tall as its given texts need, since Excel does not grow locked rows."""
    sheet = grid.sheet
    sheet.row_dimensions[grid.header].height = 3 * _LINE_POINTS
    for position, column in enumerate(grid.columns, start=1):
        put(sheet, grid.header, position, word(f"column_{column.name}"), Look.HEADING)
        dimension = sheet.column_dimensions[get_column_letter(position)]
        dimension.width, dimension.hidden = column.width, column.hidden
    widths = {column.name: column.width for column in grid.columns if not column.hidden}
    for at, record in enumerate(records, start=grid.header + 1):
        for position, column in enumerate(grid.columns, start=1):
            put(sheet, at, position, record.get(column.name, ""), column.look)
        lines = max(_lines(record.get(name, ""), width) for name, width in widths.items())
        sheet.row_dimensions[at].height = min(_TALLEST, _LINE_POINTS * lines)


def _lines(value: Value, width: int) -> int:
    """Return how many lines a value takes in a column of `width` letters, a little generously."""
    return sum(max(1, ceil(len(part) * _LETTER_WIDTH / width)) for part in str(value).split("\n"))


def set_page(grid: Grid, *, pages_wide: int = 1) -> None:
    """Set A4 landscape with header, number and text on every page, and lock what is given.

    The lock has no password: it warns and does not shut out.
    """
    sheet = grid.sheet
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_wide, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    for side in ("left", "right", "top", "bottom"):
        setattr(sheet.page_margins, side, _MARGIN_INCHES)
    sheet.oddFooter.center.text = "&P / &N"  # type: ignore[union-attr]
    sheet.print_title_rows, sheet.print_title_cols = f"{grid.header}:{grid.header}", "A:B"
    shown = sum(not column.hidden for column in grid.columns)
    sheet.print_area = f"A1:{get_column_letter(shown)}{grid.header + max(1, grid.rows)}"
    sheet.freeze_panes = f"C{grid.header + 1}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
