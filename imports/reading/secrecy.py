"""Rows marked secret (MẬT): the workbook is refused whole, and of its texts nothing is kept."""

import re
from collections.abc import Sequence

from imports.problem import Problem, Severity
from imports.reading.cells import cell_text, column_letters
from imports.reading.reader import Sheet

# Accents and capitals matter here: "mặt", "mất", "mật khẩu" and "văn bản mật" in running text are no marks.
_PAPERS = "văn bản|tài liệu|công văn|hồ sơ|báo cáo|kế hoạch|quyết định|chỉ thị|thông tin|tờ trình|phụ lục"
_MARKS = (
    # All that the cell says, or that a bracket in it says.
    re.compile(r"^\W*(?:độ mật\W+)?(?:tuyệt mật|tối mật|mật)\W*$|[(\[](?:tuyệt |tối )?mật[)\]]", re.IGNORECASE),
    re.compile(r"^\W*(?:TUYET |TOI )?MAT\W*$|\b(?:TUYET|TOI) MAT\b"),
    # Stamped in capitals anywhere, except in a longer word of which MẬT is a part; alone, "ĐỘ MẬT" heads a column.
    re.compile(r"(?<!BẢO )(?<!BÍ )(?<!CƠ )(?<!^ĐỘ )\bMẬT\b(?! (?:ĐỘ|KHẨU|MÃ|VỤ|THIẾT|NGỮ|ONG)\b)"),
    re.compile(r"^\W*ĐỘ MẬT\W*(?:TUYỆT |TỐI )?MẬT\b"),
    # The degree with its capital: the two higher ones anywhere, "Mật" said of a paper or set off at either end.
    re.compile(r"\b(?:Tuyệt|Tối) [Mm]ật\b"),
    re.compile(rf"\b(?i:{_PAPERS}|dấu|độ|mức|loại) (?<!^Độ )Mật\b(?! (?:độ|khẩu|mã|vụ|thiết|ngữ|ong)\b)"),
    re.compile(r"^\W*Mật\s*[-:;,.(]|[-:;,(]\s*Mật\W*$"),
)
_DASHES = str.maketrans("–—‐‑−", "-----")


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
    text = " ".join(cell_text(value).translate(_DASHES).split())
    return ("mật" in text.lower() or "MAT" in text) and any(mark.search(text) for mark in _MARKS)
