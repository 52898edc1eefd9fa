"""A leader's page: their agencies, late first, what is asked of them; one page, whatever there is."""

import io
from datetime import date
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from models import Store
from models.reference import register_of
from models.register_tables import AgencyRow
from reports.brief import NoSuchAgencyError, brief_files, brief_of
from reports.paper import Paragraph, Table
from tests.reports.conftest import Written
from tests.reports.ledger import DECEMBER, Q2, Ledger, Said, august


def asks(brief: Any) -> list[str]:
    return [block.text for block in brief.blocks if isinstance(block, Paragraph)]


def test_a_leader_reads_what_is_late_first_and_what_to_do(store: Store) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        (short,) = ledger.duty("BCA", due=date(2025, 7, 31), text="Chậm ít")
        (long,) = ledger.duty("BYT", due=Q2, text="Chậm nhiều")
        ledger.duty("BCA", due=date(2025, 9, 15), text="Sắp đến hạn")
        (declared,) = ledger.duty("BYT", due=DECEMBER)
        ledger.report(declared, Said(done_on=date(2025, 8, 1), evidence=False))
        ledger.promise(long, date(2025, 8, 20), "Đang trình")
        ledger.obstacle(short, "Thiếu kinh phí", by="BTC", to="BYT", needed_by=date(2025, 8, 15))
        ledger.duty("BTC", due=Q2, text="Của cơ quan khác")
    brief = brief_of(august(store), ("BCA", "BYT"), post="Phó Thủ tướng phụ trách")
    agencies, late = (block for block in brief.blocks if isinstance(block, Table))
    assert [row.cells for row in agencies.rows] == [
        ("Bộ Công an", "2", "0", "1", "17", "1"),
        ("Bộ Y tế", "2", "0", "1", "40", "0"),
        ("Tổng cộng", "4", "0", "2", "40", "1"),
    ]
    assert [row.cells[1:] for row in late.rows] == [
        ("Chậm nhiều", "Bộ Y tế", "40", "20/08/2025"),
        ("Chậm ít", "Bộ Công an", "17", "–"),
    ]
    assert brief.post == "Phó Thủ tướng phụ trách"
    assert asks(brief) == [
        "- Hoàn thành 2 nhiệm vụ quá hạn; lâu nhất 40 ngày làm việc.",
        "- 1 cam kết không được thực hiện: xác định lại ngày hoàn thành và trách nhiệm.",
        "- Trả lời 1 khó khăn, vướng mắc của cơ quan khác, 1 đã quá ngày đề nghị.",
        "- Bổ sung minh chứng cho 1 nhiệm vụ đã báo cáo hoàn thành.",
        "- Bảo đảm đúng hạn 1 nhiệm vụ đến hạn đến ngày 30/09/2025.",
    ]


def test_an_agency_named_twice_is_counted_once(written: Written) -> None:
    twice, once = (brief_of(written.facts, codes) for codes in (("BYT", "BTC", "BYT"), ("BYT", "BTC")))
    assert twice == once
    assert {name.rpartition(".")[0] for name in brief_files(written.facts, ("BYT", "BYT"))} == {"tom-tat-2025-08-BYT"}


def test_nothing_late_asks_nothing(written: Written) -> None:
    brief = brief_of(written.facts, ("BCA",))
    assert brief.post == "Người đứng đầu Bộ Công an"
    assert asks(brief)[0] == "Không có nhiệm vụ quá hạn."


@pytest.mark.parametrize("codes", [("BKX",), ()], ids=["unknown", "none"])
def test_an_agency_without_work_is_named(written: Written, codes: tuple[str, ...]) -> None:
    with pytest.raises(NoSuchAgencyError, match="BCA"):
        brief_of(written.facts, codes)


def test_it_is_one_page_whatever_there_is(sqlite_store: Store) -> None:
    """Thirty provinces with names of 300 letters, each with late work of 3,000 characters."""
    with sqlite_store.writing() as session:
        codes = [a.code for a in register_of(session).agencies if a.code.startswith("T") and a.code[1:].isdecimal()]
        for code in codes:
            session.get_one(AgencyRow, code).name_vi = f"{code} " + "Cơ quan có tên rất dài " * 12
        ledger = Ledger(session)
        for text in ("nhiệm vụ dài " * 231, "x" * 3000):
            for late in ledger.duty(*codes, due=Q2, text=text):
                ledger.promise(late, date(2025, 8, 20), "Đang trình")
                ledger.obstacle(late, text, by=codes[0], to=codes[1], needed_by=date(2025, 8, 1))
        (declared, *_) = ledger.duty(*codes, due=date(2025, 9, 2), text="y" * 3000)
        ledger.report(declared, Said(done_on=date(2025, 8, 1), evidence=False))
    facts = august(sqlite_store)
    files = brief_files(facts, tuple(codes), post="Phó Thủ tướng " * 30)
    assert files == brief_files(facts, tuple(codes), post="Phó Thủ tướng " * 30)
    word, pdf = (next(content for name, content in files.items() if name.endswith(kind)) for kind in ("docx", "pdf"))
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    assert "và 62 nhiệm vụ quá hạn khác" in " ".join(page.extract_text().split())
    assert len(docx.Document(io.BytesIO(word)).tables) == 2
    assert all(len(name) < 60 for name in files)
