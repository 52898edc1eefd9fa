"""Small workbooks by the thousand, the same every time: a decision's annex each, and reports on some of them.

One workbook of each kind is made cell by cell; the others are its package with another number in its texts.
"""

import io
import os
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

AGENCIES = {
    "BYT": "Bộ Y tế", "BTC": "Bộ Tài chính", "BXD": "Bộ Xây dựng", "BNV": "Bộ Nội vụ", "BTP": "Bộ Tư pháp",
    "BNG": "Bộ Ngoại giao", "BCA": "Bộ Công an", "BGDDT": "Bộ Giáo dục và Đào tạo",
}  # fmt: skip
AS_OF = date(2025, 9, 16)
_STANDS_FOR_A_NUMBER = "900000"
_DOCUMENT = f"Quyết định số {_STANDS_FOR_A_NUMBER}/QĐ-TTg ngày 14 tháng 3 năm 2025 của Thủ tướng Chính phủ"
_DEADLINES = ("Tháng 6/2025", "Quý III/2025", "31/8/2025", "Tháng 12/2025", "30/9/2025")
_SAYS_DONE = 3


def fill(inbox: Path, *, annexes: int, reports: int, rows: int) -> int:
    """Lay annexes and reports into agencies' folders, the reports as if they had come first; say how many files."""
    made = [*_reports(reports, rows), *_annexes(annexes, rows)]
    for minute, (agency, name, content) in enumerate(made):
        folder = inbox / agency
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        os.utime(folder / name, (minute, minute))
    return len(made)


def _annexes(count: int, rows: int) -> Iterator[tuple[str, str, bytes]]:
    packages = {agency: _annex(name, rows) for agency, name in AGENCIES.items()}
    for number in range(1, count + 1):
        agency = list(AGENCIES)[number % len(AGENCIES)]
        yield agency, f"phu-luc-{number:05}.xlsx", _numbered(packages[agency], number)


def _reports(count: int, rows: int) -> Iterator[tuple[str, str, bytes]]:
    packages = {agency: _report(name, rows) for agency, name in AGENCIES.items()}
    for number in range(1, count + 1):
        agency = list(AGENCIES)[number % len(AGENCIES)]
        yield agency, f"bao-cao-{number:05}.xlsx", _numbered(packages[agency], number)


def _annex(lead: str, rows: int) -> bytes:
    head = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Sản phẩm", "Thời gian hoàn thành")
    table = [
        (number, _task(number), lead, "", "Báo cáo", _DEADLINES[number % len(_DEADLINES)])
        for number in range(1, rows + 1)
    ]
    return _saved([("PHỤ LỤC",), (f"(Kèm theo {_DOCUMENT})",), head, *table])


def _report(issuer: str, rows: int) -> bytes:
    head = ("TT", "NHIỆM VỤ", "TIẾN ĐỘ", "KẾT QUẢ HIỆN NAY", "VĂN BẢN KẾT QUẢ", "NGÀY HOÀN THÀNH")
    title = [(issuer.upper(), "", "Hà Nội, ngày 27 tháng 6 năm 2025"), (f"(Thực hiện {_DOCUMENT})",)]
    table = [
        (number, _task(number), "Hoàn thành", "Đã ban hành", f"{number}/BC-VP", "25/6/2025")
        if number % _SAYS_DONE == 0
        else (number, _task(number), "Đang thực hiện", "", "", "")
        for number in range(1, rows + 1)
    ]
    return _saved([*title, head, *table])


def _task(number: int) -> str:
    return f"Rà soát, hoàn thiện nội dung thứ {number} của quyết định {_STANDS_FOR_A_NUMBER}"


def _saved(rows: list[tuple[Any, ...]]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _numbered(package: bytes, number: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part).replace(_STANDS_FOR_A_NUMBER.encode(), str(number).encode()))
    return made.getvalue()
