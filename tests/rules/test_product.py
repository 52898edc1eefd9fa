"""What a task asks for, and what proves it: a law submitted is no law passed, a kind nobody knows contradicts nothing.

Products are those of Directive 07/CT-TTg and of published annexes; ranks are those of the Law on the Promulgation of
Legal Documents (no. 64/2025/QH15, art. 4).
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence import find_evidence
from rules.product import Issuer, Product, ProductKind, Proof, choose_proof, leaves_open, matches, read_products


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Nghị định của Chính phủ", [(ProductKind.DECREE, Issuer.GOVERNMENT)]),
        ("NGHỊ ĐỊNH", [(ProductKind.DECREE, None)]),
        ("02 Thông tư", [(ProductKind.CIRCULAR, None)]),
        ("- Quyết định của Thủ tướng Chính phủ", [(ProductKind.DECISION, Issuer.PRIME_MINISTER)]),
        ("Nghị định, Quyết định", [(ProductKind.DECREE, None), (ProductKind.DECISION, None)]),
        ("Nghị quyết HĐND cấp tỉnh / báo cáo", [(ProductKind.RESOLUTION, Issuer.COUNCIL), (ProductKind.REPORT, None)]),
        ("Dự thảo Nghị quyết của Quốc hội", [(ProductKind.DRAFT, Issuer.ASSEMBLY)]),
        ("Dự án Luật Dữ liệu", [(ProductKind.DRAFT, None)]),
        ("Hồ sơ Nghị định trình Chính phủ", [(ProductKind.DRAFT, None)]),
        ("Trình Chính phủ ban hành Nghị định", [(ProductKind.DRAFT, None)]),
        ("Luật Dữ liệu (sửa đổi)", [(ProductKind.LAW, None)]),
        ("Báo cáo kết quả thi hành Luật Dữ liệu", [(ProductKind.REPORT, None)]),
        ("Kế hoạch thực hiện Nghị quyết số 57-NQ/TW", [(ProductKind.PLAN, None)]),
        ("Chương trình hành động", [(ProductKind.PROGRAMME, None)]),
        ("Nghị định về phát triển khoa học và công nghệ", [(ProductKind.DECREE, None)]),
        ("Nghị định; bảng giá đất", [(ProductKind.DECREE, None), (ProductKind.OTHER, None)]),
        ("Nghị định\nHệ thống thông tin", [(ProductKind.DECREE, None), (ProductKind.SYSTEM, None)]),
        ("Văn bản quy định chi tiết", [(ProductKind.LEGAL_TEXT, None)]),
        ("Văn bản hướng dẫn", [(ProductKind.GUIDELINE, None)]),
        ("Biên bản, kết luận họp", [(ProductKind.MINUTES, None), (ProductKind.CONCLUSION, None)]),
        ("Hệ thống được kết nối", [(ProductKind.SYSTEM, None)]),
        ("Quy trình liên thông", [(ProductKind.OTHER, None)]),
        ("", []),
    ],
)
def test_what_a_product_asks_for(text: str, asked: list[tuple[ProductKind, Issuer | None]]) -> None:
    assert list(read_products(text)) == [Product(kind, issuer) for kind, issuer in asked]


@pytest.mark.parametrize(
    ("product", "cited", "verdict"),
    [
        # An act is proved by an act of its own or of a higher rank, and by nothing less.
        ("Luật Dữ liệu", "Luật số 60/2024/QH15", True),
        ("Luật Dữ liệu", "Lệnh số 18/2024/L-CTN", True),
        ("Luật Dữ liệu", "112/TTr-BCA", False),
        ("Luật Dữ liệu", "Nghị quyết số 193/2025/QH15", False),
        ("Luật Dữ liệu", "60/2024/QH15", None),
        ("Nghị định của Chính phủ", "165/2025/NĐ-CP", True),
        ("Nghị định của Chính phủ", "1189/TTr-BKHCN", False),
        ("Nghị định của Chính phủ", "512/BC-BYT", False),
        ("Nghị định của Chính phủ", "3365/BYT-KHTC", False),
        ("Nghị định của Chính phủ", "12/2025/TT-BYT", False),
        ("Nghị định của Chính phủ", "71/NQ-CP", True),
        ("Thông tư", "12/2025/TT-BYT", True),
        ("Thông tư", "165/2025/NĐ-CP", True),
        ("Thông tư", "44/KH-BYT", False),
        # The issuer counts where the product names one.
        ("Quyết định của Thủ tướng Chính phủ", "06/QĐ-TTg", True),
        ("Quyết định của Thủ tướng Chính phủ", "627/QĐ-BCA", False),
        ("Quyết định", "627/QĐ-BCA", True),
        ("Nghị quyết HĐND cấp tỉnh", "15/NQ-HĐND", True),
        ("Nghị quyết HĐND cấp tỉnh", "71/NQ-CP", False),
        ("Nghị quyết của Quốc hội", "Nghị quyết số 193/2025/QH15", True),
        ("Nghị quyết của Quốc hội", "1211/NQ-UBTVQH15", True),
        # One of several is enough.
        ("Nghị định, Quyết định", "627/QĐ-BCA", True),
        ("Nghị định, Quyết định", "1189/TTr-BKHCN", False),
        ("Nghị quyết HĐND cấp tỉnh / báo cáo", "91/BC-UBND", None),
        # A submission is no plan and no legal text; other documents may report it.
        ("Kế hoạch triển khai năm 2025", "73/KH-UBND", None),
        ("Kế hoạch triển khai năm 2025", "19/BC-UBND", None),
        ("Kế hoạch triển khai năm 2025", "20/TTr-SYT", False),
        ("Văn bản quy định chi tiết", "1329/BC-VPCP", None),
        ("Văn bản quy định chi tiết", "1189/TTr-BKHCN", False),
        # What has no number of its own is left open, and so is what need only be submitted.
        ("Hệ thống được kết nối", "95/BC-UBND", None),
        ("Đề án chuyển đổi số", "33/TTr-BCT", None),
        ("Dự thảo Nghị định", "1189/TTr-BKHCN", None),
        ("Trình Chính phủ Nghị định", "1189/TTr-BKHCN", None),
        ("", "1189/TTr-BKHCN", None),
    ],
)
def test_a_document_is_held_against_the_product(product: str, cited: str, *, verdict: bool | None) -> None:
    (reference,) = find_evidence(cited)
    assert matches(product, reference) is verdict


@pytest.mark.parametrize(
    ("product", "cited", "proof"),
    [
        (
            "Nghị định",
            "Nghị định 165/2025/NĐ-CP ngày 30/6/2025; báo cáo 648/BC-BCA ngày 05/7/2025",
            Proof("165/2025/NĐ-CP", date(2025, 6, 30), matches=True),
        ),
        (
            "Nghị định",
            "Tờ trình 12/TTr-BTP ngày 01/6/2025; báo cáo 648/BC-BCA ngày 05/7/2025",
            Proof("648/BC-BCA", date(2025, 7, 5), matches=False),
        ),
        ("Báo cáo", "1/BC-BYT ngày 01/6/2025; 2/BC-BYT ngày 02/6/2025", Proof("2/BC-BYT", date(2025, 6, 2))),
        ("Nghị định", "đã xong", Proof()),
    ],
    ids=["the decree, not the later report", "neither is a decree", "the last one dated", "nothing cited"],
)
def test_of_several_documents_the_one_that_can_be_the_product_counts(product: str, cited: str, proof: Proof) -> None:
    assert choose_proof(product, find_evidence(cited)) == proof


@pytest.mark.parametrize(
    ("product", "open_"),
    [("Nghị định", False), ("Kế hoạch", False), ("Nghị định / báo cáo", True), ("Hệ thống", True), ("", True)],
)
def test_most_products_leave_every_document_open(product: str, *, open_: bool) -> None:
    assert leaves_open(product) is open_


@given(st.text())
def test_no_text_raises(text: str) -> None:
    read_products(text)


@given(st.sampled_from(["Hệ thống", "Dự thảo Luật", "Báo cáo", ""]), st.text())
def test_an_open_product_contradicts_nothing(product: str, cited: str) -> None:
    assert all(matches(product, reference) is not False for reference in find_evidence(cited))
