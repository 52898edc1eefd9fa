"""Documents cited as proof: their number, sign, kind and date, and no guess where something is missing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence import EvidenceKind, EvidenceReference, find_evidence

JUNE_25 = date(2025, 6, 25)


@pytest.mark.parametrize(
    ("text", "number", "sign", "kind", "on"),
    [
        ("1234/QĐ-BCA", "1234", "QĐ-BCA", EvidenceKind.DECISION, None),
        ("45/2025/NĐ-CP", "45/2025", "NĐ-CP", EvidenceKind.DECREE, None),
        ("512/BC-BYT ngày 25/6/2025", "512", "BC-BYT", EvidenceKind.REPORT, JUNE_25),
        ("Báo cáo số 512/BC-BYT của Bộ Y tế ngày 25 tháng 6 năm 2025", "512", "BC-BYT", EvidenceKind.REPORT, JUNE_25),
        ("512 /BC - BYT (25.6.2025)", "512", "BC-BYT", EvidenceKind.REPORT, JUNE_25),
        ("512/bc-byt ngay 25/6/2025", "512", "BC-BYT", EvidenceKind.REPORT, JUNE_25),
        ("512/BC-BYT ngày 6/25/2025", "512", "BC-BYT", EvidenceKind.REPORT, JUNE_25),
        ("Quyết định số 06/QĐ-TTg", "06", "QĐ-TTg", EvidenceKind.DECISION, None),
        ("07/CT-TTg ngày 14/3/2025", "07", "CT-TTg", EvidenceKind.DIRECTIVE, date(2025, 3, 14)),
        ("57-NQ/TW ngày 22/12/2024", "57", "NQ/TW", EvidenceKind.RESOLUTION, date(2024, 12, 22)),
        ("12/TTr-BTP", "12", "TTr-BTP", EvidenceKind.SUBMISSION, None),
        ("5678/BCA-C06", "5678", "BCA-C06", EvidenceKind.OFFICIAL_LETTER, None),
        ("Luật số 24/2023/QH15", "24/2023", "QH15", EvidenceKind.LAW, None),
        ("Lệnh số 18/2024/L-CTN", "18/2024", "L-CTN", EvidenceKind.ORDER, None),
        ("Nghị quyết số 193/2025/QH15", "193/2025", "QH15", EvidenceKind.RESOLUTION, None),
        ("193/2025/QH15", "193/2025", "QH15", EvidenceKind.OTHER, None),
        ("05/BC", "05", "BC", EvidenceKind.REPORT, None),
    ],
)
def test_a_cited_document_is_read(text: str, number: str, sign: str, kind: EvidenceKind, on: date | None) -> None:
    assert find_evidence(text) == (EvidenceReference(number, sign, kind, on),)


@pytest.mark.parametrize(
    "text",
    [
        "512/BC-BYT ngày 25/6",
        "512/BC-BYT ngày 25/6/25",
        "512/BC-BYT ngày 31/6/2025",
        "512/BC-BYT ngày 25/6/1025",
        "512/BC-BYT, hoàn thành 25/6/2025",
        "512/BC-BYT; 25/6/2025",
        "Ngày 25/6/2025 đã có Báo cáo 512/BC-BYT",
    ],
)
def test_a_date_is_never_guessed(text: str) -> None:
    (found,) = find_evidence(text)
    assert found.on is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "25/6/2025",
        "Tháng 8/2025",
        "6 tháng/lần",
        "T7/2025-T9/2025",
        "đạt 45/hồ sơ",
        "12/KH - hoàn thành",
        "100%",
    ],
)
def test_what_is_no_document_number_is_no_evidence(text: str) -> None:
    assert find_evidence(text) == ()


def test_every_document_is_found_each_with_its_own_date() -> None:
    first, second = find_evidence("12/TTr-BNV; 13/TTr-BNV ngày 25/6/2025")
    assert (first.number, first.on) == ("12", None)
    assert (second.number, second.on) == ("13", JUNE_25)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    find_evidence(text)
