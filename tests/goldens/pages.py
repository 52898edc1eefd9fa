"""What the originals are made of: pages of cells written as an office would write them."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.goldens.packages import as_excel_saves

Row = Sequence[Any]
DIRECTIVE = "Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của Thủ tướng Chính phủ"
HEADINGS = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Sản phẩm", "Thời gian hoàn thành")
PROGRESS_HEADINGS = ("TT", "NHIỆM VỤ", "TIẾN ĐỘ", "KẾT QUẢ HIỆN NAY", "VĂN BẢN KẾT QUẢ", "NGÀY HOÀN THÀNH")
TITLE: tuple[Row, ...] = (
    ("THỦ TƯỚNG CHÍNH PHỦ", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("", "", "", "Độc lập - Tự do - Hạnh phúc"),
    (),
    ("PHỤ LỤC",),
    ("DANH MỤC NHIỆM VỤ TRIỂN KHAI ĐỀ ÁN 06 NĂM 2025",),
    (f"(Kèm theo {DIRECTIVE})",),
)
# The tasks most originals give; a shape is the better seen the less else differs.
DECREE: Row = (1, "Xây dựng Nghị định về định danh điện tử", "Bộ Công an", "Bộ Tư pháp", "Nghị định", "Tháng 6/2025")
RECORDS: Row = (2, "Triển khai hồ sơ sức khỏe điện tử", "Bộ Y tế", "Bộ Công an", "Báo cáo", "31/8/2025")
FEES: Row = (3, "Rà soát phí, lệ phí trực tuyến", "Bộ Tài chính", "", "Thông tư", "Quý II/2025")
TASKS: tuple[Row, ...] = (DECREE, RECORDS, FEES)


@dataclass(frozen=True)
class Page:
    """One sheet: rows from row 1 on, merged ranges, number formats by cell, what is hidden and what is bold."""

    rows: Sequence[Row]
    name: str = "Phụ lục"
    merges: Sequence[str] = ()
    formats: Mapping[str, str] = field(default_factory=dict)
    bold: Sequence[int] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[str] = ()
    state: Literal["visible", "hidden", "veryHidden"] = "visible"


def book(*pages: Page) -> bytes:
    """Return the pages as an .xlsx; texts that begin like a formula stay formulas, as Excel would have them."""
    return saved(workbook(*pages))


def workbook(*pages: Page) -> Workbook:
    """Return the pages as a workbook to be finished by hand."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for page in pages:
        _lay(made.create_sheet(page.name), page)
    return made


def saved(made: Workbook) -> bytes:
    """Return the workbook's bytes, as Excel would have saved them."""
    return as_excel_saves(saved_by_openpyxl(made))


def saved_by_openpyxl(made: Workbook) -> bytes:
    """Return the workbook's bytes, its texts inside the cells."""
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def annex(*rows: Row, headings: Row = HEADINGS, title: Sequence[Row] = TITLE, **more: Any) -> Page:
    """Return a page with a title block, one row of headings (row 7 below the usual title) and rows of work."""
    return Page([*title, headings, *rows], **more)


def report(*rows: Row, headings: Row = PROGRESS_HEADINGS, issuer: str = "BỘ Y TẾ", **more: Any) -> Page:
    """Return a progress report of 27 June 2025 on Directive 07; its headings stand in row 5."""
    day = more.pop("day", "Hà Nội, ngày 27 tháng 6 năm 2025")
    title = ((issuer, "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), ("", "", "", day), ("BÁO CÁO TIẾN ĐỘ",))
    return annex(*rows, headings=headings, title=(*title, (f"(Thực hiện {DIRECTIVE})",)), **more)


def _lay(sheet: Worksheet, page: Page) -> None:
    for row in page.rows:
        sheet.append(list(row))
    for merged in page.merges:
        sheet.merge_cells(merged)
    for address, number_format in page.formats.items():
        sheet[address].number_format = number_format
    _hide(sheet, page)
    _dress(sheet, page)


def _hide(sheet: Worksheet, page: Page) -> None:
    sheet.sheet_state = page.state
    for number in page.hidden_rows:
        sheet.row_dimensions[number].hidden = True
    for letters in page.hidden_columns:
        sheet.column_dimensions[letters].hidden = True


def _dress(sheet: Worksheet, page: Page) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.row in page.bold:
                cell.font = Font(bold=True)
    for letters, width in zip("ABCDEF", (6, 60, 26, 26, 18, 22), strict=True):
        sheet.column_dimensions[letters].width = width
