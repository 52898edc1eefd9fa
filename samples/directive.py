"""The 66 assignments of Directive 07/CT-TTg as published, read from `directive07.csv`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CITATION = "Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của Thủ tướng Chính phủ"
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


@dataclass(frozen=True)
class DirectiveRow:
    """One row of the directive, words exactly as in the file."""

    number: int
    section: str
    lead: str
    coordinating: str
    task: str
    product: str
    deadline: str


def directive_rows(path: Path = HERE / "directive07.csv") -> Mapping[int, DirectiveRow]:
    """Return the rows by their number, in the directive's order."""
    with path.open(encoding="utf-8", newline="") as file:
        return {int(row["no"]): _row(row) for row in csv.DictReader(file)}


def _row(row: dict[str, str]) -> DirectiveRow:
    return DirectiveRow(
        number=int(row["no"]),
        section=row["section"],
        lead=row["lead"],
        coordinating=row["coordinating"],
        task=row["task_vi"],
        product=row["product_vi"],
        deadline=row["deadline_text_vi"],
    )
