"""A generated annex of any size, the same every time: what a ministry's office would send, and the same rows flat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path

from benchmarks.imports.package import EXCEL, SAVED_AGAIN, Cell, write_package
from config.agencies import load_register
from rules.register import AgencyKind

DOCUMENT, DOCUMENT_ON = "07/CT-TTg", date(2025, 3, 14)
FLAT_COLUMNS = (
    "number", "section", "task", "lead", "coordinating", "product", "deadline", "officer", "unit", "budget", "priority",
    "contact",
)  # fmt: skip

_ROWS_PER_GROUP = 50
_FIRST_ROW = 8
_RUNS = (4, 3)
_TITLE: Sequence[Sequence[Cell]] = (
    ("THỦ TƯỚNG CHÍNH PHỦ", None, None, None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("PHỤ LỤC DANH MỤC NHIỆM VỤ",),
    ("(Kèm theo Chỉ thị số {} ngày 14 tháng 3 năm 2025 của Thủ tướng Chính phủ)",),
    (),
    (
        "TT", "Nhiệm vụ", "Phân công thực hiện", None, "Sản phẩm", "Thời gian hoàn thành", "Chuyên viên theo dõi",
        "Phòng theo dõi", "Ghi chú", "Kinh phí", "Mức độ ưu tiên", "Đầu mối",
    ),
    (None, None, "Chủ trì", "Phối hợp"),
    tuple(f"({column})" for column in range(1, 13)),
)  # fmt: skip
_TITLE_MERGES = ("A1:E1", "G1:L1", "A2:L2", "A3:L3", "C5:D5")
_WORK = (
    "Rà soát, hoàn thiện quy định của pháp luật về", "Xây dựng, trình cấp có thẩm quyền ban hành kế hoạch triển khai",
    "Tổ chức kết nối, chia sẻ và làm sạch", "Nâng cấp, bảo đảm an toàn thông tin cho",
    "Tái cấu trúc quy trình và cắt giảm", "Hoàn thành việc số hóa và đưa vào khai thác",
    "Kiểm tra, đôn đốc và báo cáo kết quả thực hiện",
)  # fmt: skip
_SUBJECTS = (
    "cơ sở dữ liệu chuyên ngành phục vụ giải quyết thủ tục hành chính",
    "hệ thống thông tin giải quyết thủ tục hành chính của bộ, ngành",
    "dịch vụ công trực tuyến toàn trình thuộc phạm vi quản lý",
    "hồ sơ, giấy tờ điện tử của cá nhân và tổ chức trên ứng dụng VNeID",
    "dữ liệu về người lao động, bảo hiểm xã hội và an sinh xã hội",
)
_DEADLINES: Sequence[Cell] = (
    "Tháng 6/2025", "Quý II/2025", date(2025, 8, 31), "Tháng 12/2025", "2025", "Quý III/2025", "31/10/2025",
    date(2025, 11, 15), "Trước ngày 30/9/2025",
)  # fmt: skip
_COORDINATING = (
    "Các bộ, cơ quan liên quan",
    "Bộ Công an và các địa phương",
    "Văn phòng Chính phủ; các bộ, ngành",
    None,
)
_PRODUCTS = ("Báo cáo", "Kế hoạch", "Quyết định ban hành", "Hệ thống được nghiệm thu", "Tờ trình và dự thảo nghị định")


@dataclass(frozen=True)
class Task:
    """One row as its office means it; `leads_run` says how many rows its lead's merged cell runs down from here."""

    number: int
    section: str
    text: str
    lead: str
    leads_run: int
    coordinating: str | None
    product: str
    deadline: Cell
    officer: str
    unit: str
    budget: int
    priority: str
    contact: str


def tasks(count: int) -> Iterator[Task]:
    """Yield the first `count` tasks; one accountable ministry each, in groups of fifty."""
    for start in range(0, count, _ROWS_PER_GROUP):
        size = min(_ROWS_PER_GROUP, count - start)
        leads = _merged_leads(size, start)
        for offset in range(size):
            yield _task(start + offset + 1, f"NHÓM NHIỆM VỤ {start // _ROWS_PER_GROUP + 1}", *leads[offset])


def write_annex(path: Path, count: int, *, saved_again: bool = False, of: str = DOCUMENT) -> None:
    """Write the annex: title block, two-tier headings, (1)(2).. row, group rows, leads merged over the rows they hold.

    `saved_again` gives the same cells in another file: other strings' order, other compression, other row attributes.
    `of` is the document that assigns.
    """
    rows: list[Sequence[Cell]] = [*_title(of)]
    merges = [*_TITLE_MERGES]
    section = ""
    for task in tasks(count):
        if task.section != section:
            section = task.section
            rows.append((_roman(len(merges)), section))
        rows.append(_annex_row(task))
        if task.leads_run > 1:
            merges.append(f"C{len(rows)}:C{len(rows) + task.leads_run - 1}")
    write_package(path, rows, merges, sheet="Phụ lục", saving=SAVED_AGAIN if saved_again else EXCEL)


def _title(document: str) -> list[Sequence[Cell]]:
    return [[cell.format(document) if isinstance(cell, str) else cell for cell in row] for row in _TITLE]


def write_flat(path: Path, count: int) -> None:
    """Write the same tasks as a flat sheet with one heading row, every lead written out and every deadline as text."""
    rows: list[Sequence[Cell]] = [FLAT_COLUMNS]
    lead = ""
    for task in tasks(count):
        lead = task.lead or lead
        rows.append(
            (
                task.number, task.section, task.text, lead, task.coordinating or "", task.product, str(task.deadline),
                task.officer, task.unit, task.budget, task.priority, task.contact,
            )
        )  # fmt: skip
    write_package(path, rows, sheet="rows")


def lead_names() -> list[str]:
    """Return the names of the shipped ministries and agencies that exist from the document's day on."""
    kinds = {AgencyKind.MINISTRY, AgencyKind.MINISTERIAL_LEVEL, AgencyKind.GOVERNMENT_AGENCY}
    agencies = load_register().agencies
    return [a.name_vi for a in agencies if a.kind in kinds and a.valid_on(DOCUMENT_ON) and a.valid_to is None]


_LEADS = lead_names()


def _merged_leads(size: int, start: int) -> list[tuple[str, int]]:
    """Return for each of `size` rows the lead and how far its cell runs; ("", 0) where the cell above covers it."""
    leads: list[tuple[str, int]] = []
    for at, run in enumerate(islice(cycle(_RUNS), size)):
        length = min(run, size - len(leads))
        if length < 1:
            break
        leads += [(_LEADS[(start // 7 + at) % len(_LEADS)], length), *[("", 0)] * (length - 1)]
    return leads


def _task(number: int, section: str, lead: str, run: int) -> Task:
    return Task(
        number=number,
        section=section,
        text=f"{_WORK[number % 7]} {_SUBJECTS[number % 5]}, nhiệm vụ số {number}",
        lead=lead,
        leads_run=run,
        coordinating=_COORDINATING[number % 4],
        product=f"{_PRODUCTS[number % 5]} số {number % 997}",
        deadline=_DEADLINES[number % 9],
        officer=f"Chuyên viên theo dõi {number % 61}",
        unit=f"Đơn vị {number % 40}",
        budget=number * 1000,
        priority="Cao" if number % 4 == 0 else "Thường",
        contact=f"Đầu mối {number % 17}",
    )


def _annex_row(task: Task) -> Sequence[Cell]:
    return (
        task.number, task.text, task.lead or None, task.coordinating, task.product, task.deadline, task.officer,
        task.unit, None, task.budget, task.priority, task.contact,
    )  # fmt: skip


def _roman(number: int) -> str:
    return ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")[number % 10]
