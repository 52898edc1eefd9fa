"""The sheets of a template that hold no work: how to fill it in, and the agencies to choose from."""

from collections.abc import Sequence

from openpyxl import Workbook

from imports.returning.template_cells import Look, put, word
from texts import Language, say

_LINES = range(1, 10)
_WIDTH = 110


def draw_instructions(workbook: Workbook) -> None:
    """Write how to fill the workbook in, in Vietnamese and then in English."""
    sheet = workbook.create_sheet(word("instructions_sheet"))
    sheet.column_dimensions["A"].width = _WIDTH
    lines = [(number, say(f"template.instruction_{number}", language)) for language in Language for number in _LINES]
    for at, (number, line) in enumerate(lines, start=1):
        put(sheet, at, 1, line, Look.STRONG if number == _LINES[0] else Look.PLAIN)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.protection.sheet = True


def draw_agencies(workbook: Workbook, names: Sequence[str]) -> str:
    """Write the names to choose an agency from on a hidden sheet; return their range."""
    sheet = workbook.create_sheet(word("lists_sheet"))
    for at, name in enumerate(names, start=1):
        put(sheet, at, 1, name, Look.PLAIN)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    return f"'{sheet.title}'!$A$1:$A${max(1, len(names))}"
