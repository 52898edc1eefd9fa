"""Rows marked secret (MẬT): the workbook is refused whole, and of its texts nothing is kept."""

import re
from collections.abc import Sequence

from imports.cells import cell_text, column_letters
from imports.problem import Problem, Severity
from imports.reader import Sheet

# Accents matter here: "mặt", "mất" and "mật khẩu" are no marks; capitals without accents are.
_MARK = re.compile(r"^\W*(?:(?:độ mật\W+)?(?:tuyệt mật|tối mật|mật))\W*$|[(\[](?:tuyệt |tối )?mật[)\]]", re.IGNORECASE)
_BARE_MARK = re.compile(r"^\W*(?:TUYET |TOI )?MAT\W*$")
_LONGEST_SCANNED = 2000


def secret_rows(sheets: Sequence[Sheet]) -> list[Problem]:
    """Return one problem per row marked secret; it names the sheet, the row and the column and no text."""
    return [
        Problem("secret_row", Severity.STOPS, sheet.name, row + 1, column_letters(column), "MẬT")
        for sheet in sheets
        for row, values in enumerate(sheet.rows)
        for column in _marked(values)
    ]


def _marked(values: Sequence[object]) -> list[int]:
    marked = (column for column, value in enumerate(values) if isinstance(value, str) and _is_mark(value))
    return list(marked)[:1]


def _is_mark(value: str) -> bool:
    if len(value) > _LONGEST_SCANNED:
        value = value[:_LONGEST_SCANNED]
    if "t" not in value and "T" not in value:
        return False
    text = cell_text(value)
    return bool(_MARK.search(text) or _BARE_MARK.match(text))
