"""Marks of secrecy (MẬT): the workbook that bears one is refused whole, and of its texts nothing is kept.

Looked at: every cell of every sheet, hidden ones too; names of sheets and of the file; of an .xlsx also notes, text
boxes, headers and footers of the page, and formulas never calculated.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import PurePath

from imports.problem import Problem, Severity
from imports.reading.cells import cell_text, column_letters
from imports.reading.reader import Sheet, Workbook

# Accents and capitals matter here: "mặt", "mất", "mật khẩu" and "văn bản mật" in running text are no marks.
_PAPERS = "văn bản|tài liệu|công văn|hồ sơ|báo cáo|kế hoạch|quyết định|chỉ thị|thông tin|tờ trình|phụ lục"
_MARKS = (
    # All that the cell says, or that a bracket in it says.
    re.compile(r"^\W*(?:độ mật\W+)?(?:tuyệt mật|tối mật|mật)\W*$|[(\[](?:tuyệt |tối )?mật[)\]]", re.IGNORECASE),
    re.compile(rf"^\W*(?:{_PAPERS}|(?:mức )?độ|loại)\W+(?:tuyệt |tối )?mật\W*$(?<!^độ mật)", re.IGNORECASE),
    re.compile(r"^\W*(?:TUYET |TOI )?MAT\W*$|\b(?:TUYET|TOI) MAT\b"),
    # Stamped in capitals anywhere, except in a longer word of which MẬT is a part; alone, "ĐỘ MẬT" heads a column.
    re.compile(r"(?<!BẢO )(?<!BÍ )(?<!CƠ )(?<!^ĐỘ )\bMẬT\b(?! (?:ĐỘ|KHẨU|MÃ|VỤ|THIẾT|NGỮ|ONG)\b)"),
    re.compile(r"^\W*ĐỘ MẬT\W*(?:TUYỆT |TỐI )?MẬT\b"),
    # The degree with its capital: the two higher ones anywhere, "Mật" said of a paper or set off at either end.
    re.compile(r"\b(?:Tuyệt|Tối) [Mm]ật\b|\b(?i:độ|mức) (?:tuyệt|tối) mật\b"),
    re.compile(rf"\b(?i:{_PAPERS}|dấu|độ|mức|loại)\W+(?<!^Độ )Mật\b(?! (?:độ|khẩu|mã|vụ|thiết|ngữ|ong)\b)"),
    re.compile(r"^\W*Mật\s*[-:;,.(]|[-:;,(]\s*Mật\W*$|\s-\s*mật\W*$"),
)
_ALIKE = str.maketrans("–—‐‑−\u041c\u0410\u0422", "-----MAT")
_SPACED = re.compile(r"\bM Ậ T\b")
_HYPHENED = re.compile(r"\b(tuyệt|tối)-(mật)\b", re.IGNORECASE)
_ROWS_AT_ONCE = 2000
_LETTERS = re.compile("[mM\u043c\u041c] ?[ậẬ] ?[tT\u0442\u0422]")


def secret_marks(workbook: Workbook, name: str) -> list[Problem]:
    """Return one problem per row marked secret, and per mark beside the cells; none holds any text of the file."""
    return [*secret_rows(workbook.sheets), *_beside_the_cells(workbook, name)]


def secret_rows(sheets: Sequence[Sheet]) -> list[Problem]:
    """Return one problem per row marked secret; it names the sheet, the row and the column and no text."""
    return [
        Problem("secret_row", Severity.STOPS, sheet.name, row + 1, column_letters(column), "MẬT")
        for sheet in sheets
        if (marked := _marked(sheet.rows))
        for row, values in enumerate(sheet.rows)
        for column in [at for at, value in enumerate(values) if value in marked][:1]
    ]


def _beside_the_cells(workbook: Workbook, name: str) -> Iterator[Problem]:
    if is_marked(PurePath(name).stem) or any(map(is_marked, workbook.beside)):
        yield Problem("secret_mark", Severity.STOPS, found="MẬT")
    for sheet in workbook.sheets:
        if is_marked(sheet.name) or any(map(is_marked, sheet.beside)):
            yield Problem("secret_mark", Severity.STOPS, sheet.name, found="MẬT")


def is_marked(value: str) -> bool:
    """Whether a text bears a mark of secrecy: as a whole, or in one of its lines."""
    lines = [_plain(line) for line in cell_text(value).splitlines()]
    return any(mark.search(text) for text in (*lines, " ".join(lines)) for mark in _MARKS)


def _plain(line: str) -> str:
    text = " ".join(line.translate(_ALIKE).split())
    return _HYPHENED.sub(r"\1 \2", _SPACED.sub("MẬT", text))


def _marked(rows: Sequence[Sequence[object]]) -> set[str]:
    """Return the texts of cells that bear a mark; of most rows nothing more need be asked than what they say at all."""
    marked: set[str] = set()
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        values = set(chain.from_iterable(rows[start : start + _ROWS_AT_ONCE]))
        texts = [value for value in values if isinstance(value, str)]
        if _may_be_marked("\n".join(texts)):
            marked.update(text for text in texts if _may_be_marked(text) and is_marked(text))
    return marked


def _may_be_marked(text: str) -> bool:
    """Whether the letters of a mark stand anywhere in a text."""
    return "MAT" in text or _LETTERS.search(unicodedata.normalize("NFC", text)) is not None
