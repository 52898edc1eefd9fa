from datetime import date

import pytest

from config.agencies import load_register
from imports.layout.title_block import TitleBlock, document_number, read_title_block
from rules.leads import LeadReader

LEADS = LeadReader(load_register(), date(2025, 9, 5))


def title(*texts: str) -> TitleBlock:
    return read_title_block(texts, LEADS)


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("(Kèm theo Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của Thủ tướng)", "07/CT-TTg", date(2025, 3, 14)),
        ("(Kèm theo Chỉ thị số 07/CT-TTg ngày 14/3/2025)", "07/CT-TTg", date(2025, 3, 14)),
        ("(Kem theo Chi thi so 07/CT-TTg ngay 14 thang 3 nam 2025)", "07/CT-TTg", date(2025, 3, 14)),
        ("Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024", "57-NQ/TW", date(2024, 12, 22)),
        ("theo Quyết định số 1012/QĐ-TTg, ngày 06.6.2025", "1012/QĐ-TTg", date(2025, 6, 6)),
        ("Nghị định số 178/2024/NĐ-CP ngày 31/12/2024", "178/2024/NĐ-CP", date(2024, 12, 31)),
    ],
)
def test_the_assigning_document(text: str, number: str, day: date) -> None:
    found = title("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", text)
    assert found.document == number
    assert found.document_day is not None
    assert found.document_day.day == day


def test_the_mention_with_a_date_goes_first() -> None:
    found = title("NHIỆM VỤ TẠI CHỈ THỊ SỐ 05/CT-TTg", "(Kèm theo Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025)")
    assert found.document == "07/CT-TTg"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "(Kèm theo Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của Thủ tướng Chính phủ)",
            "Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của Thủ tướng Chính phủ",
        ),
        (
            "(Kèm theo Chỉ thị số 07/CT-TTg\nngày 14 tháng 3 năm 2025\ncủa Thủ tướng Chính phủ)",
            "Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của Thủ tướng Chính phủ",
        ),
        (
            "Thực hiện Chỉ thị số 07/CT-TTg ngày 14/3/2025.\nSố liệu đến ngày 25/6/2025",
            "Chỉ thị số 07/CT-TTg ngày 14/3/2025",
        ),
        ("(Phụ lục I) Nghị quyết số 57-NQ/TW (trích)", "Nghị quyết số 57-NQ/TW"),
        ("07/CT-TTg ngày 14/3/2025", ""),
        ("PHỤ LỤC", ""),
    ],
)
def test_the_title_of_the_document(text: str, expected: str) -> None:
    assert title(text).document_title == expected


def test_the_report_s_own_number_is_not_the_document() -> None:
    found = title("BỘ Y TẾ", "Số: 512/BC-BYT", "Thực hiện Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025")
    assert found.document == "07/CT-TTg"
    assert title("Số: 512/BC-BYT").document is None


def test_a_day_that_does_not_exist_is_kept_as_written() -> None:
    day = title("Chỉ thị số 07/CT-TTg ngày 31 tháng 2 năm 2025").document_day
    assert day is not None
    assert (day.text, day.day) == ("31/2/2025", None)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Hà Nội, ngày 27 tháng 6 năm 2025"], date(2025, 6, 27)),
        (["(Số liệu tính đến ngày 25/6/2025)"], date(2025, 6, 25)),
        (["tính đến hết ngày 25 tháng 6 năm 2025"], date(2025, 6, 25)),
        (["(Số liệu tính đến ngày 25/6/2025)", "Nghệ An, ngày 27 tháng 6 năm 2025"], date(2025, 6, 27)),
    ],
)
def test_the_day_of_the_report(texts: list[str], expected: date) -> None:
    found = title("Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025", *texts).report_day
    assert found is not None
    assert found.day == expected


def test_a_blank_day_is_no_day() -> None:
    assert title("Hà Nội, ngày    tháng 6 năm 2025").report_day is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("BỘ Y TẾ", "BYT"),
        ("BỘ VĂN HÓA, THỂ THAO\nVÀ DU LỊCH", "BVHTTDL"),
        ("ỦY BAN NHÂN DÂN\nTỈNH NGHỆ AN", "T40"),
        ("BỘ Y TẾ\nVỤ KẾ HOẠCH - TÀI CHÍNH", "BYT"),
        ("THỦ TƯỚNG CHÍNH PHỦ", None),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", None),
    ],
)
def test_the_issuing_agency(text: str, code: str | None) -> None:
    assert title(text).issuer == code


@pytest.mark.parametrize(
    ("text", "expected"), [("Chỉ thị số 07/CT-TTg", "07/CT-TTg"), ("07/CT-TTg", "07/CT-TTg"), ("theo kế hoạch", None)]
)
def test_a_document_named_in_a_cell(text: str, expected: str | None) -> None:
    assert document_number(text) == expected
