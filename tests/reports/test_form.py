"""The Word paper measured against the form of Decree 30/2020/ND-CP: page, face, sizes, headings, head and foot."""

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length

from tests.reports.conftest import Written

FACE = "Times New Roman"
SCRIPTS = ("ascii", "hAnsi", "eastAsia", "cs")


def millimetres(length: Length | None) -> int:
    assert length is not None
    return round(float(length.mm))


def styled(document: Document, *names: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style is not None and p.style.name in names]


@pytest.fixture(scope="module")
def document(written: Written) -> Document:
    return docx.Document(str(written.file("docx")))


def paragraphs_with_sizes(document: Document) -> Iterator[tuple[str, float, bool, bool]]:
    """Yield text, size in points, bold and italic of every run of the head and the foot."""
    for run in document.element.body.iter(qn("w:r")):
        text = "".join(part.text or "" for part in run.iter(qn("w:t")))
        size = run.find(f"{qn('w:rPr')}/{qn('w:sz')}")
        look = {name: run.find(f"{qn('w:rPr')}/{qn('w:' + name)}") is not None for name in ("b", "i")}
        if text and size is not None:
            yield text, int(size.get(qn("w:val"))) / 2, look["b"], look["i"]


def test_paper_and_margins(document: Document) -> None:
    first, *annexes = document.sections
    assert (millimetres(first.page_width), millimetres(first.page_height)) == (210, 297)
    assert len(annexes) >= 6
    for annex in annexes:
        assert (annex.orientation, millimetres(annex.page_width), millimetres(annex.page_height)) == (
            WD_ORIENT.LANDSCAPE,
            297,
            210,
        )
    for section in document.sections:
        assert 20 <= millimetres(section.top_margin) <= 25
        assert 20 <= millimetres(section.bottom_margin) <= 25
        assert 30 <= millimetres(section.left_margin) <= 35
        assert 15 <= millimetres(section.right_margin) <= 20


def test_page_numbers_stand_in_the_middle_of_the_top_and_not_on_page_one(document: Document) -> None:
    header = document.sections[0].header
    assert header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert "PAGE" in header.paragraphs[0]._p.xml  # noqa: SLF001 - python-docx has no verb for fields
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"  # noqa: SLF001
    assert not "".join(p.text for p in document.sections[0].first_page_header.paragraphs)


def test_the_face_is_named_everywhere(written: Written) -> None:
    with zipfile.ZipFile(written.file("docx")) as package:
        styles = ET.fromstring(package.read("word/styles.xml"))  # noqa: S314 - our own file
        body = package.read("word/document.xml").decode()
    default = styles.find(f"{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert default is not None
    assert {script: default.get(qn(f"w:{script}")) for script in SCRIPTS} == dict.fromkeys(SCRIPTS, FACE)
    assert "w:asciiTheme" not in body
    used = set(re.findall(r'w:pStyle w:val="([^"]+)"', body))
    for style in styles.iter(qn("w:style")):
        fonts = style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if style.get(qn("w:styleId")) in used and fonts is not None:
            assert {fonts.get(qn(f"w:{script}")) for script in SCRIPTS} == {FACE}


def test_body(document: Document) -> None:
    normal = document.styles["Normal"]
    assert 13 <= normal.font.size.pt <= 14
    form = normal.paragraph_format
    assert form.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert 10 <= form.first_line_indent.mm <= 12.75
    assert form.space_before.pt + form.space_after.pt >= 6
    assert 1 <= form.line_spacing <= 1.5


def test_headings_make_a_navigation_pane(document: Document) -> None:
    first = styled(document, "Heading 1")
    second = styled(document, "Heading 2")
    assert first[:5] == [
        "I. TÌNH HÌNH THỰC HIỆN CHUNG",
        "II. NHỮNG NỘI DUNG CẦN LƯU Ý",
        "III. BIẾN ĐỘNG",
        "IV. NHIỆM VỤ ĐẾN HẠN TRONG THỜI GIAN TỚI",
        "V. ĐỀ XUẤT, KIẾN NGHỊ",
    ]
    assert first[5:8] == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]
    assert all(re.match(r"\d\. ", heading) for heading in second)
    for name in ("Heading 1", "Heading 2"):
        style = document.styles[name]
        assert (style.font.bold, style.font.size.pt, str(style.font.color.rgb)) == (True, 14, "000000")


def test_head_and_foot(document: Document) -> None:
    found = {text: (size, bold, italic) for text, size, bold, italic in paragraphs_with_sizes(document)}
    assert found["BAN CHỈ ĐẠO CỦA CHÍNH PHỦ"] == (12, False, False)
    assert found["TỔ CÔNG TÁCTRIỂN KHAI ĐỀ ÁN 06"] == (12, True, False)
    assert found["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == (12, True, False)
    assert found["Độc lập - Tự do - Hạnh phúc"] == (13, True, False)
    assert found["Số:          /BC-TCTĐA06"] == (13, False, False)
    assert found["Hà Nội, ngày 25 tháng 8 năm 2025"] == (13, False, True)
    assert found["TM. TỔ CÔNG TÁC"] == (14, True, False)
    assert found["Nơi nhận:"] == (12, True, True)
    assert found["- Lưu: VT, TCT."] == (11, False, False)
    assert styled(document, "Title")[0] == "BÁO CÁO"
    assert styled(document, "Subtitle")[0].startswith("Kết quả theo dõi, đôn đốc")
    for name in ("Title", "Subtitle"):
        assert (document.styles[name].font.size.pt, document.styles[name].font.bold) == (14, True)


def test_the_text_ends_with_its_mark(document: Document) -> None:
    texts = [paragraph.text for paragraph in document.paragraphs]
    annexes = next(index for index, text in enumerate(texts) if text == "Phụ lục I")
    body = [p.text for p in document.paragraphs[:annexes] if p.style is not None and p.style.name == "Normal"]
    assert body[-1].endswith("cho ý kiến chỉ đạo./.")


def test_tables_are_native_and_repeat_their_headings(document: Document) -> None:
    framed = [t for t in document.tables if t._tbl.find(f"{qn('w:tblPr')}/{qn('w:tblBorders')}") is not None]  # noqa: SLF001
    assert len(framed) >= 9
    for table in framed:
        assert table._tbl.find(f"{qn('w:tr')}/{qn('w:trPr')}/{qn('w:tblHeader')}") is not None  # noqa: SLF001


def test_annex_columns(document: Document) -> None:
    late = next(t for t in document.tables if len(t.columns) == 8 and t.cell(0, 1).text == "NHIỆM VỤ")
    assert [cell.text for cell in late.rows[0].cells] == [
        "TT",
        "NHIỆM VỤ",
        "KẾT QUẢ YÊU CẦU",
        "THỜI GIAN HOÀN THÀNH",
        "CƠ QUAN THỰC HIỆN",
        "TIẾN ĐỘ",
        "KẾT QUẢ HIỆN NAY",
        "ĐỀ XUẤT, KIẾN NGHỊ",
    ]
    assert "Quá hạn 17 ngày làm việc" in {cell.text for cell in late.columns[5].cells}


def test_charts_have_words_for_those_who_cannot_see_them(document: Document) -> None:
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]  # noqa: SLF001
    assert len(described) == 4
    assert all(described)
    assert described[1].startswith(
        "Biểu đồ đường, số nhiệm vụ còn phải hoàn thành cuối mỗi tháng: 31/03/2025: kế hoạch"
    )
    assert described[0].startswith("Biểu đồ thanh xếp chồng, số nhiệm vụ: Quý II/2025: đạt 12, đạt muộn 1, không đạt 9")
