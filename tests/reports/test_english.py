"""The paper in English on request: the same figures, an own file, every word of ours translated."""

import json
import re
from pathlib import Path

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from models import Store
from reports import EditionWritten, write_edition
from reports.counts import SHOWN
from tests.reports.conftest import fill
from tests.reports.ledger import KNOWN, august
from texts import Language, say

BOTH = (Language.VI, Language.EN)


@pytest.fixture
def written(sqlite_store: Store, tmp_path: Path) -> EditionWritten:
    fill(sqlite_store)
    return write_edition(august(sqlite_store), store=sqlite_store, out=tmp_path, now=KNOWN, languages=BOTH)


def named(written: EditionWritten, ending: str) -> Path:
    return next(file.path for file in written.files if file.path.name.endswith(ending))


def test_english_files_stand_beside_the_vietnamese_ones(written: EditionWritten) -> None:
    assert [file.path.name.removeprefix("bao-cao-2025-08-1") for file in written.files] == [
        ".docx", ".pdf", ".xlsx", ".json", ".csv", ".en.docx", ".en.pdf", ".en.xlsx",
    ]  # fmt: skip


def test_the_figures_are_the_same_and_the_words_english(written: EditionWritten) -> None:
    document = docx.Document(str(named(written, "1.en.docx")))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts.count("REPORT") == 1
    assert "I. OVERALL PROGRESS" in texts
    table = next(t for t in document.tables if t.rows[0].cells[1].text == "Status")
    facts = totals_of(written)
    assert [(row.cells[1].text, int(row.cells[2].text)) for row in table.rows[1:-1]] == [
        (say(f"status.{status}", Language.EN), facts[status.value]) for status in SHOWN
    ]
    printed = " ".join(page.extract_text() for page in PdfReader(named(written, ".en.pdf")).pages)
    assert "On 25/08/2025 15 dated tasks were not done; by plan 5 were to be left" in " ".join(printed.split())
    ours = re.sub(r"\s+", " ", " ".join(texts))
    for vietnamese in ("nhiệm vụ", "quá hạn", "Phụ lục", "Bảng", "Hình", "tháng"):
        assert vietnamese not in ours, vietnamese
    book = openpyxl.load_workbook(named(written, ".en.xlsx"))
    assert book.sheetnames[0] == "Totals"
    assert document.core_properties.language == "en-GB"


def totals_of(written: EditionWritten) -> dict[str, int]:
    read: dict[str, int] = json.loads(named(written, ".json").read_text(encoding="utf-8"))["totals"]
    return read


def test_asked_for_later_it_is_added_and_nothing_else_changes(sqlite_store: Store, tmp_path: Path) -> None:
    fill(sqlite_store)
    first = write_edition(august(sqlite_store), store=sqlite_store, out=tmp_path / "a", now=KNOWN)
    later = write_edition(august(sqlite_store), store=sqlite_store, out=tmp_path / "b", now=KNOWN, languages=BOTH)
    once = write_edition(august(sqlite_store), store=sqlite_store, out=tmp_path / "c", now=KNOWN, languages=BOTH)
    assert (first.code, later.code, later.new) == ("2025-08/1", "2025-08/1", False)
    kept = {file.path.name: file.sha256 for file in later.files}
    assert {file.path.name: file.sha256 for file in first.files}.items() <= kept.items()
    assert {file.path.name: file.sha256 for file in once.files} == kept
