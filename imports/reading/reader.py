"""Bytes → sheets of cells. Whatever the bytes are, the answer is a value: sheets, or the problem that stops them.

Formats: .xlsx, .xlsm, .xlsb, .xls, .ods, told apart by their content and never by the file's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from imports.problem import Problem, stops
from imports.reading.cell_formats import Place, Shown, as_shown, shown_formats
from imports.reading.cells import Area, Value
from imports.reading.package_scan import is_encrypted

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows from row 1 (index 0) on, each as wide as the widest, and its merged areas (0-based).

    `hidden`, `hidden_rows` and `hidden_columns` say what Excel does not show. `unread` are the cells whose value is
    unknown and stands as "" in `rows`: an error ("#REF!"), or "=" for a formula whose value was never stored.
    """

    name: str
    rows: list[list[Value]]
    merges: list[Area]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    unread: Mapping[Place, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(value not in ("", None) for row in self.rows for value in row)


def read_sheets(content: bytes) -> tuple[list[Sheet], Problem | None]:
    """Return the workbook's sheets in order, or the problem that stops the whole workbook."""
    if is_encrypted(content):
        return [], stops("encrypted_workbook")
    if not content.startswith((_OLE, _ZIP)):
        return [], stops("not_a_workbook", _look(content))
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        formats = shown_formats(content)
        sheets = [_sheet(workbook.get_sheet_by_name(name), formats.get(name, {})) for name in _worksheets(workbook)]
    except PasswordError:
        return [], stops("encrypted_workbook")
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return [], stops("not_a_workbook", str(error))
    if all(sheet.is_empty for sheet in sheets):
        return [], stops("empty_workbook")
    return sheets, None


def _worksheets(workbook: CalamineWorkbook) -> list[str]:
    return [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]


def _sheet(sheet: CalamineSheet, formats: Mapping[Place, Shown]) -> Sheet:
    rows: list[list[Value]] = sheet.to_python(skip_empty_area=False)
    for (row, column), shown in formats.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = as_shown(rows[row][column], shown)
    return Sheet(sheet.name, rows, sheet.merged_cell_ranges or [])


def _look(content: bytes) -> str:
    """Say what the bytes begin with, as far as they are printable text."""
    if not content:
        return "0 byte"
    return content[:40].decode("utf-8", "replace").split("\n")[0]
