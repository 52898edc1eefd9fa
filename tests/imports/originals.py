"""Workbooks as they are uploaded, and their packages taken apart, for the tests of the annotated copy."""

import io
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from imports import Problem, Severity
from imports.returning.annotated.copying import annotated_copy

SHEET = "Phụ lục I"
LIST = "Cần sửa - To mend"
HEADINGS = ("TT", "NHIỆM VỤ", "CƠ QUAN CHỦ TRÌ", "SẢN PHẨM", "THỜI GIAN HOÀN THÀNH", "SỐ CHỮ")
STORED = "111"
SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed: NOT TESTED")


@cache
def original() -> bytes:
    """Return an annex with white headings on blue, a merged lead, notes, stored formula values and print titles.

    Its rows 5 to 16 are numbered 1 to 12; column F counts letters by a formula; row 20 is empty.
    """
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    sheet.append(["BỘ Y TẾ", None, None, None, "Hà Nội, ngày 27 tháng 6 năm 2025"])
    sheet.append(["PHỤ LỤC (Kèm theo Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025)"])
    sheet.append([])
    sheet.append(HEADINGS)
    for number in range(1, 13):
        sheet.append(
            [number, f"Nhiệm vụ số {number}", "Bộ Y tế", "Báo cáo", f"Tháng {number}/2025", f"=LEN(B{number + 4})"]
        )
    _dressed(sheet)
    sheet.merge_cells("C5:C7")
    sheet["B6"].comment = Comment("Đã hỏi Vụ Kế hoạch", "Văn thư")
    sheet["E8"].comment = Comment("Chờ ý kiến", "Văn thư")
    sheet.print_title_rows = "4:4"
    sheet.defined_names["hạn"] = DefinedName("hạn", attr_text=f"'{SHEET}'!$E$5:$E$16")
    other = workbook.create_sheet("Nga's & <x>")
    other["B2"] = "ghi chú"
    hidden = workbook.create_sheet("Ẩn")
    hidden["A1"], hidden.sheet_state = "x", "hidden"
    workbook.active = 1
    sheet.sheet_view.tabSelected, other.sheet_view.tabSelected = False, True
    return with_stored_values(bytes_of(workbook))


def bytes_of(workbook: openpyxl.Workbook) -> bytes:
    """Return a workbook as a file."""
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _dressed(sheet: Worksheet) -> None:
    line = Side(style="thin")
    for cells in sheet["A4:F16"]:
        for cell in cells:
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            cell.font = Font(name="Times New Roman", size=12)
    for cell in sheet[4]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFFFF"), PatternFill("solid", start_color="FF1F3864")
    sheet["E8"].number_format, sheet["E8"].alignment = "dd/mm/yyyy", Alignment(wrap_text=True)


def with_stored_values(content: bytes) -> bytes:
    """Give each formula the value Excel would have stored."""
    sheet = "xl/worksheets/sheet1.xml"
    return changed(content, {sheet: re.sub(rb"<v\s*/>|<v></v>", f"<v>{STORED}</v>".encode(), parts(content)[sheet])})


def parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a package."""
    with ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def changed(content: bytes, new: Mapping[str, bytes | None]) -> bytes:
    """Return the package with some parts changed, added or, where None, left out."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as package:
        for name, part in {**parts(content), **new}.items():
            if part is not None:
                package.writestr(name, part)
    return made.getvalue()


def by_libreoffice(content: bytes, kind: str, folder: Path, suffix: str = ".xlsx") -> bytes:
    """Return what LibreOffice makes of a file: a real program that opened it and saved it as `kind`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"in{suffix}").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [
        str(SOFFICE),
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(folder / "out"),
        f"in{suffix}",
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    return next((folder / "out").iterdir()).read_bytes()


def stop(column: str | None, row: int | None, sheet: str = SHEET, found: str = "31/2/2025") -> Problem:
    """Return a problem that refuses the workbook."""
    return Problem("impossible_date", Severity.STOPS, sheet, row, column, found)


def question(column: str | None, row: int | None, sheet: str = SHEET, found: str = "theo quy định") -> Problem:
    """Return a problem somebody must confirm."""
    return Problem("needs_date", Severity.TO_CONFIRM, sheet, row, column, found)


def remark(column: str | None, row: int | None, sheet: str = SHEET, found: str = "TIẾN ĐỘ CŨ") -> Problem:
    """Return a note."""
    return Problem("column_not_read", Severity.NOTE, sheet, row, column, found)


def copied(content: bytes, *problems: Problem, name: str = "phu-luc.xlsx") -> bytes:
    """Return the annotated copy's bytes."""
    copy = annotated_copy(content, name=name, problems=problems)
    assert copy is not None
    return copy.content


def opened(content: bytes, *, values: bool = False) -> openpyxl.Workbook:
    """Open a workbook as another program does."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def cells_of(sheet: Worksheet) -> list[Cell | MergedCell]:
    """Return the cells there are, in order; a sheet may have one in its very last row."""
    return [cell for _, cell in sorted(sheet._cells.items())]  # noqa: SLF001 - the public way walks through all rows


def marked(content: bytes, sheet: str = SHEET) -> dict[str, str]:
    """Return the cells of a sheet with one of our colours, and which."""
    colours = {"FFFEC7CE": "red", "FFFEE699": "yellow", "FFDDEBF6": "blue"}
    cells = cells_of(opened(content)[sheet])
    return {c.coordinate: colours[c.fill.fgColor.rgb] for c in cells if c.fill.fgColor.rgb in colours}


def notes(content: bytes, sheet: str = SHEET) -> dict[str, str]:
    """Return the notes of a sheet by cell."""
    cells = cells_of(opened(content)[sheet])
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def sentences(problem: Problem) -> list[str]:
    """Return what a problem says in Vietnamese and in English."""
    return problem.message.split(" / ")


def listed(content: bytes) -> list[list[object]]:
    """Return the rows below the headings of the first sheet."""
    return [[cell.value for cell in row] for row in opened(content)[LIST].iter_rows(min_row=8)]
