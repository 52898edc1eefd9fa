"""Unusual months: nothing known, nothing late, all late, very long names and tasks, hostile text, missing letters."""

import io
import re
import struct
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from models import Store
from models.register_tables import AgencyRow
from reports import Facts
from reports.annex import annex_of
from reports.contents import paper_of
from reports.docx_paper import docx_of
from reports.form import Form
from reports.paper import Paragraph, Table
from reports.pdf import pdf_of
from rules.status import Nature
from tests.reports.ledger import AUGUST, DECEMBER, Q2, Ledger, Said, august

HOSTILE = (
    "=cmd|'/c calc'!A1",
    "@SUM(1+1)",
    "<b>đậm</b> & <script>",
    '#eval("1+1") *đậm* _nghiêng_ $x^2$ @ref <nhãn>',
    "{chỗ trống} {0} %s \\n",
    "]]> <!-- --> &amp;",
)


def sentences(facts: Facts) -> str:
    return "\n".join(block.text for block in paper_of(facts, Form()).blocks if isinstance(block, Paragraph))


def set_everywhere(facts: Facts) -> tuple[str, PdfReader, openpyxl.Workbook]:
    """Return the Word text, the PDF and the workbook of the facts, each opened again by its own reader."""
    paper = paper_of(facts, Form())
    word = docx_of(paper, made_at=facts.known_at)
    for part in zipfile.ZipFile(io.BytesIO(word)).namelist():
        if part.endswith(".xml"):
            ET.fromstring(zipfile.ZipFile(io.BytesIO(word)).read(part))  # noqa: S314 - our own file
    opened = docx.Document(io.BytesIO(word))
    texts = [p.text for p in opened.paragraphs]
    texts += [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    pdf = PdfReader(io.BytesIO(pdf_of(paper, made_at=facts.known_at)))
    return "\n".join(texts), pdf, openpyxl.load_workbook(io.BytesIO(annex_of(facts, made_at=facts.known_at)))


def test_a_month_with_no_data(sqlite_store: Store) -> None:
    facts = august(sqlite_store)
    said = sentences(facts)
    assert "chưa có nhiệm vụ nào được ghi nhận" in said
    assert "Không có nhiệm vụ quá hạn." in said
    assert paper_of(facts, Form()).annexes == ()
    word, pdf, book = set_everywhere(facts)
    assert "Phụ lục" not in word
    assert len(pdf.pages) == 2
    assert book.sheetnames[7:] == ["Truy vấn"]


def test_nothing_late(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        Ledger(session).duty("BCA", "BYT", due=DECEMBER)
    said = sentences(august(sqlite_store))
    assert "Không có cơ quan nào có nhiệm vụ quá hạn." in said
    assert "Không có cơ quan nào thuộc diện đề xuất phê bình" in said
    assert "0/0 nhiệm vụ" not in said


def test_one_task_of_one_ministry_is_named_in_the_singular(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        Ledger(session).duty("BCA", due=Q2, text="Một việc")
    facts = august(sqlite_store)
    said = sentences(facts)
    assert "có 01 nhiệm vụ của Bộ Công an được theo dõi: quá hạn 1/1 nhiệm vụ (100,0%)" in said
    assert "Bộ Công an có 1/1 nhiệm vụ (100,0%) quá hạn." in said
    assert "của Bộ Công an; quá hạn lâu nhất 40 ngày làm việc (Bộ Công an)" in said


def test_all_late(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        Ledger(session).duty("BCA", "BYT", "T01", due=Q2, collective="everyone")
    said = sentences(august(sqlite_store))
    assert "Tất cả 3 cơ quan đều có nhiệm vụ quá hạn" in said
    assert "Bộ Công an; Bộ Y tế; UBND thành phố Hà Nội" in said


def test_due_on_a_friday_is_late_on_the_saturday_by_no_working_day(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        Ledger(session).duty("BCA", due=date(2025, 10, 24))
    facts = august(sqlite_store, month="2025-10", cutoff=date(2025, 10, 25), meeting=date(2025, 11, 3))
    word, _, _ = set_everywhere(facts)
    assert facts.late[0].days_late == 0
    assert "Quá hạn, chưa đủ 01 ngày làm việc" in word


def test_very_long_names_and_tasks_break_no_page(sqlite_store: Store) -> None:
    """3,000 characters, a word without a space, and a name of 300 letters stay inside the page."""
    with sqlite_store.writing() as session:
        row = session.get_one(AgencyRow, "BCA")
        row.name_vi = "Cơ quan có tên rất dài " * 12
        ledger = Ledger(session)
        tasks = ("nhiệm vụ dài " * 231, "x" * 3000, "Kết quả\n" * 200)
        for task in tasks:
            (late,) = ledger.duty("BCA", due=Q2, text=task, product=task, deadline="Quý II/2025 " * 20)
            ledger.report(late, Said(result=task, difficulty=task, proposal=task))
            ledger.ask(late, DECEMBER, task, by="BCA")
            ledger.obstacle(late, f"{task} mới", by="BCA", to=None, needed_by=date(2025, 8, 1))
            ledger.indicator(task, {date(2025, 8, 1): 12.3456}, target=1_000_000, baseline=0)
    facts = august(sqlite_store)
    word, pdf, book = set_everywhere(facts)
    printed = "\n".join(page.extract_text() for page in pdf.pages).replace("\u200b", "")
    squeezed = re.sub(r"\s+", "", printed)
    assert max(len(run) for run in re.findall("x+", printed)) < 60
    for work in facts.late:
        assert work.task in word
        assert work.task in {cell.value for cell in book["Quá hạn"]["F"]}
    assert squeezed.count("nhiệmvụdài") >= 4 * 231
    assert squeezed.count("x") >= 4 * 3000
    assert len(pdf.pages) < 90


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(sqlite_store: Store, text: str) -> None:
    with sqlite_store.writing() as session:
        ledger = Ledger(session)
        (late,) = ledger.duty("BCA", due=Q2, text=text, product=text, deadline=text)
        ledger.report(late, Said(result=text, proposal=text))
        ledger.ask(late, DECEMBER, text, by="BCA")
        ledger.obstacle(late, text, by="BCA", to=None)
        ledger.indicator(text, {date(2025, 8, 1): 1.0}, target=2, baseline=0)
        ledger.duty("BYT", due=None, text=text, deadline=text)
        ledger.unled(text, text)
    facts = august(sqlite_store)
    word, pdf, book = set_everywhere(facts)
    assert text in word
    printed = re.sub(r"[\s\u200b]+", "", "".join(page.extract_text() for page in pdf.pages))
    assert re.sub(r"\s+", "", text) in printed
    cells = [cell for cell in book["Quá hạn"][4] if cell.value == text]
    assert len(cells) >= 4
    assert {cell.data_type for cell in cells} == {"s"}
    written = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert {"Vướng mắc", "Chỉ tiêu", "Đề nghị, kiến nghị"} <= {cell.parent.title for cell in written}
    assert {cell.data_type for cell in written} == {"s"}


def test_the_pdf_embeds_its_face_and_is_tagged(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        Ledger(session).duty("BCA", due=Q2)
    _, pdf, _ = set_everywhere(august(sqlite_store))
    root: Any = pdf.trailer["/Root"]
    assert (bool(root["/MarkInfo"]["/Marked"]), root["/Lang"]) == (True, "vi")
    resources: list[Any] = [page["/Resources"] for page in pdf.pages]
    names = {str(font.get_object()["/BaseFont"]) for resource in resources for font in resource["/Font"].values()}
    assert names
    assert all("LiberationSerif" in name for name in names)
    assert round(float(pdf.pages[0].mediabox.width) * 25.4 / 72) == 210
    assert round(float(pdf.pages[-1].mediabox.width) * 25.4 / 72) == 297


@pytest.mark.parametrize("face", ["Regular", "Bold", "Italic", "BoldItalic"])
def test_the_face_has_every_vietnamese_letter(face: str) -> None:
    letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ–−…“”"
    import reports  # noqa: PLC0415 - to find the folder of its fonts

    known = characters(Path(reports.__file__).parent / "fonts" / f"LiberationSerif-{face}.ttf")
    assert {char for char in letters + letters.upper() if ord(char) not in known} == set()


def characters(font: Path) -> set[int]:
    """Read the code points a TrueType font maps to a glyph (its format 4 table)."""
    data = font.read_bytes()
    tables = {
        data[at : at + 4]: struct.unpack(">I", data[at + 8 : at + 12])[0]
        for at in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16)
    }
    cmap = tables[b"cmap"]
    for index in range(struct.unpack(">H", data[cmap + 2 : cmap + 4])[0]):
        offset = cmap + struct.unpack(">I", data[cmap + 8 + 8 * index : cmap + 12 + 8 * index])[0]
        kind, _, _, double = struct.unpack(">4H", data[offset : offset + 8])
        if kind == 4:
            ends = struct.unpack(f">{double // 2}H", data[offset + 14 : offset + 14 + double])
            starts = struct.unpack(f">{double // 2}H", data[offset + 16 + double : offset + 16 + 2 * double])
            return {code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1)}
    raise AssertionError(f"{font.name} has no format 4 map")


def test_work_that_is_ongoing_or_due_on_a_day_off_is_worded(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        ledger = Ledger(session)
        ledger.duty("BCA", due=AUGUST, deadline="Tháng 8/2025", period="2025-08")
        ledger.duty("BCA", due=None, nature=Nature.ONGOING)
    word, _, _ = set_everywhere(august(sqlite_store))
    assert "Tháng 8/2025\n(31/08/2025; tính đến hết 03/09/2025)" in word
    assert "(Nhiệm vụ số 1, kỳ tháng 8/2025, 07/CT-TTg)" in word


def test_work_without_a_due_day_is_named_by_parts_that_add_up_with_table_1(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        ledger = Ledger(session)
        ledger.duty("BCA", due=Q2)
        ledger.duty("BCA", "BYT", "BTC", due=None, nature=Nature.ONGOING)
        ledger.duty("BCA", "BYT", due=None)
        (done,) = ledger.duty("BTC", due=None)
        ledger.report(done, Said(done_on=date(2025, 8, 1)))
    facts = august(sqlite_store)
    found = re.search(
        r"và (\d+) nhiệm vụ không có ngày đến hạn "
        r"\(gồm: (\d+) đã hoàn thành; (\d+) thường xuyên; (\d+) chưa xác định thời hạn\)\.",
        sentences(facts),
    )
    assert found is not None
    without, completed, ongoing, undated = map(int, found.groups())
    assert without == completed + ongoing + undated == 6
    table = next(block for block in paper_of(facts, Form()).blocks if isinstance(block, Table))
    printed = {row.cells[1]: int(row.cells[2]) for row in table.rows}
    assert (printed["Thường xuyên"], printed["Chưa xác định thời hạn"]) == (ongoing, undated)
    assert printed["Hoàn thành đúng hạn"] >= completed


@pytest.mark.parametrize("meeting", [date(2025, 9, 3), AUGUST, date(2025, 8, 25)], ids=["3/9", "31/8", "cut-off"])
def test_the_cliff_after_the_meeting_is_said_when_there_is_one(sqlite_store: Store, meeting: date) -> None:
    with sqlite_store.writing() as session:
        Ledger(session).duty("BCA", "BYT", due=meeting, deadline="Đúng ngày họp")
    said = sentences(august(sqlite_store, meeting=meeting))
    cliff = "2 nhiệm vụ hết hạn hiệu lực đúng ngày họp, sẽ quá hạn từ ngày làm việc kế tiếp nếu chưa hoàn thành."
    # Work due on Sunday 31 August is in time through 3 September: nothing ends on that meeting day itself.
    assert (cliff in said) == (meeting != AUGUST)


def test_page_one_and_the_annexes_bear_one_day(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        Ledger(session).duty("BCA", due=Q2)
    paper = paper_of(august(sqlite_store), Form())
    assert paper.place_and_date == "Hà Nội, ngày 25 tháng 8 năm 2025"
    assert {annex.with_report for annex in paper.annexes} == {
        "(Kèm theo Báo cáo số          /BC-TCTĐA06 ngày 25 tháng 8 năm 2025 của Tổ công tác triển khai Đề án 06)"
    }
