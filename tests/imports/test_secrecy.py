"""Marks of secrecy: any in a cell refuses the workbook, words about secrecy do not."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from imports.problem import Problem
from imports.reading.reader import read_workbook
from imports.reading.secrecy import secret_marks
from tests.imports.workbooks import annex, task

SECRET = (
    "MẬT - Kế hoạch",
    "Kế hoạch A - TUYỆT MẬT",
    "Kế hoạch A – Mật",
    "Văn bản Mật số 12",
    "Tài liệu Tối mật",
    "độ Mật",
    "ĐỘ MẬT: TỐI MẬT",
    "VĂN BẢN MẬT, BẢO MẬT",
    "Kế hoạch\nTUYỆT\nMẬT",
    "dài " * 600 + "MẬT",
    "Mật\nBí danh ABCXYZ",
    "Kế hoạch\nMật",
    "M Ậ T",
    "Mức độ: mật",
    "độ tuyệt mật",
    "Tuyệt-mật",
    "Tài liệu mật",
    "đóng dấu “Mật”",
    "Kế hoạch A - mật",
    "TỐI MẬ\u0422",
)
OPEN = (
    "BẢO MẬT",
    "AN TOÀN, BẢO MẬT DỮ LIỆU",
    "BÍ MẬT NHÀ NƯỚC",
    "MẬT ĐỘ DÂN SỐ",
    "Mật độ dân số",
    "MẬT MÃ",
    "Mật mã - Cơ yếu",
    "ĐỘ MẬT",
    "Độ mật",
    "Thông tin, bảo mật",
    "Quản lý văn bản mật trên môi trường mạng",
)


@pytest.mark.parametrize("words", SECRET)
def test_a_mark_of_secrecy_anywhere_in_a_cell_refuses_the_workbook(words: str) -> None:
    assert [(p.code, p.row) for p in marks(words)] == [("secret_row", 4)]


@pytest.mark.parametrize("words", OPEN)
def test_words_about_secrecy_are_no_mark(words: str) -> None:
    assert marks(words) == []


def test_lines_of_a_text_that_is_no_table_are_searched() -> None:
    workbook = read_workbook("MẬT\nKế hoạch bảo vệ mục tiêu\n".encode(), name="ke-hoach.csv")
    assert [(p.code, p.row) for p in secret_marks(workbook, "ke-hoach.csv")] == [("secret_row", 1)]


def name_the_sheet(workbook: Workbook) -> None:
    workbook.active.title = "MẬT"  # type: ignore[union-attr]


def head_the_page(workbook: Workbook) -> None:
    workbook.active.oddHeader.center.text = "TUYỆT MẬT"  # type: ignore[union-attr]


def write_a_note(workbook: Workbook) -> None:
    workbook.active["B4"].comment = Comment("Tài liệu Mật", "Phòng Tổng hợp")  # type: ignore[index]


def calculate_it(workbook: Workbook) -> None:
    workbook.active["H4"] = '="M"&"ẬT" & " MẬT "'  # type: ignore[index]


@pytest.mark.parametrize("mark", [name_the_sheet, head_the_page, write_a_note, calculate_it])
def test_a_mark_beside_the_cells_refuses_the_workbook(mark: Callable[[Any], None]) -> None:
    workbook = load_workbook(io.BytesIO(annex(task(1))))
    mark(workbook)
    content = io.BytesIO()
    workbook.save(content)
    read = read_workbook(content.getvalue())
    assert [problem.code for problem in secret_marks(read, "phu-luc.xlsx")] == ["secret_mark"]


def test_a_mark_in_the_name_of_the_file_refuses_it() -> None:
    read = read_workbook(annex(task(1)))
    assert [problem.code for problem in secret_marks(read, "MẬT.xlsx")] == ["secret_mark"]
    assert secret_marks(read, "bao-mat-du-lieu.xlsx") == []


def marks(words: str) -> list[Problem]:
    return secret_marks(read_workbook(annex(task(1, text=words))), "phu-luc.xlsx")
