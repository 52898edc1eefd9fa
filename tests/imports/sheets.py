"""Sheets as the reader gives them, and what layout makes of them, without a file and without a store."""

from collections.abc import Sequence
from typing import Any

from config.agencies import load_register
from config.table_layouts import load_layouts
from imports.layout.written import ReadWith, Written, read_written
from imports.meaning.fields_read import fields_read
from imports.reading.cells import Area, Value
from imports.reading.reader import Sheet
from tests.imports.workbooks import TODAY

GIVEN = ReadWith(load_register(), TODAY, load_layouts(), fields_read)
ONE: list[Value] = [1, "Xây dựng kế hoạch", "Bộ Y tế", "Bộ Công an", "Kế hoạch", "Tháng 6/2025"]
TWO: list[Value] = [2, "Báo cáo kết quả", "Bộ Nội vụ", "", "Báo cáo", "Quý III/2025"]


def sheet(*rows: Sequence[Value], merges: Sequence[Area] = (), name: str = "PL", **more: Any) -> Sheet:
    """Return a sheet of rows made equally wide."""
    width = max(map(len, rows), default=0)
    return Sheet(name, [[*row, *[""] * (width - len(row))] for row in rows], list(merges), **more)


def written(*sheets: Sheet) -> Written:
    """Read sheets with the shipped layouts."""
    return read_written(sheets, GIVEN)


def numbers(answer: Written) -> list[str]:
    """Return the numbers of the rows read."""
    return [row.number for row in answer.rows]


def said(answer: Written) -> list[tuple[str, str, int | None]]:
    """Return what is said of the workbook: code, severity, row."""
    return [(problem.code, str(problem.severity), problem.row) for problem in answer.problems]


def accounts(answer: Written) -> dict[str, tuple[int, int, dict[str, int]]]:
    """Return, by sheet, how many rows hold something, how many were read, and why the others were not."""
    return {a.sheet: (a.filled, a.read, {str(reason): n for reason, n in a.aside.items()}) for a in answer.accounting}
