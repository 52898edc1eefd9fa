"""The annotated copy on its way: beside a rejected file of the inbox, and back again as an upload."""

import io
from pathlib import Path

import openpyxl
import pytest

from imports import Check
from imports.inbox import Taken, Waiting, take_in
from imports.returning.annotated.copying import annotated_copy
from models import Store
from tests.imports.originals import LIST, bytes_of, marked, opened
from tests.imports.workbooks import NOW, TODAY, annex, checked, codes, recorded, task

SHEET = "Phụ lục"
IMPOSSIBLE = annex(task(1), task(2, deadline="31/2/2025"))


def swept(content: bytes, name: str, inbox: Path, store: Store) -> Taken:
    """Put a file into the inbox and take it in."""
    file = inbox / "BYT" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    taken = take_in(Waiting(file, "BYT"), inbox=inbox, store=store, today=TODAY, now=lambda: NOW)
    assert isinstance(taken, Taken)
    return taken


def test_a_rejected_file_lies_beside_its_annotated_copy(store: Store, tmp_path: Path) -> None:
    taken = swept(IMPOSSIBLE, "phu-luc.xlsx", tmp_path, store)
    assert taken.outcome == "rejected"
    assert taken.annotated_copy == taken.place.with_name(f"{taken.place.stem}.can-sua.xlsx")
    assert marked(taken.annotated_copy.read_bytes(), SHEET) == {"F5": "red"}
    kept = sorted(path.name.replace(taken.place.stem, "…") for path in taken.place.parent.iterdir())
    assert kept == ["….can-sua.xlsx", "….xlsx", "….xlsx.json"]
    assert taken.place.read_bytes() == IMPOSSIBLE


@pytest.mark.parametrize("content", [annex(task(1, text="MẬT")), b"hello"], ids=["secret", "no workbook"])
def test_what_is_secret_or_unreadable_has_no_copy(store: Store, tmp_path: Path, content: bytes) -> None:
    taken = swept(content, "phu-luc.xlsx", tmp_path, store)
    assert (taken.outcome, taken.annotated_copy) == ("rejected", None)
    assert not list(tmp_path.rglob("*can-sua*"))


def test_a_recorded_file_needs_no_copy(store: Store, tmp_path: Path) -> None:
    taken = swept(annex(task(1)), "phu-luc.xlsx", tmp_path, store)
    assert (taken.outcome, taken.annotated_copy) == ("recorded", None)


def test_a_name_too_long_for_a_copy_is_shortened(store: Store, tmp_path: Path) -> None:
    taken = swept(IMPOSSIBLE, f"{'ệ' * 70}.xlsx", tmp_path, store)
    assert taken.annotated_copy
    assert taken.annotated_copy.exists()
    assert len(taken.annotated_copy.name.encode()) < 200


def given_back(check: Check, content: bytes) -> bytes:
    """Return the annotated copy of what was checked."""
    copy = annotated_copy(content, name=check.name, problems=check.problems)
    assert copy is not None
    return copy.content


def test_a_copy_mended_and_sent_back_is_recorded(store: Store) -> None:
    workbook = opened(given_back(checked(IMPOSSIBLE, store), IMPOSSIBLE))
    workbook[SHEET]["F5"] = "Tháng 8/2025"
    mended = bytes_of(workbook)
    assert codes(checked(mended, store)) == []
    assert recorded(mended, store).outcome == "recorded"
    assert recorded(annex(task(1), task(2, deadline="Tháng 8/2025")), store).outcome in {"recorded", "unchanged"}


def test_the_list_in_a_copy_that_comes_back_is_not_read(store: Store) -> None:
    """It quotes a document and days as examples of how to write them."""
    nameless = annex(task(1), title=[["PHỤ LỤC"]])
    first = checked(nameless, store)
    assert codes(first) == ["no_document"]
    content = given_back(first, nameless)
    quoted = " ".join(str(cell.value) for row in opened(content)[LIST].iter_rows() for cell in row)
    assert "Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025" in quoted
    assert codes(checked(content, store)) == ["no_document"]


def test_the_row_of_a_problem_is_the_row_excel_shows(store: Store) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(IMPOSSIBLE))
    sheet = workbook[SHEET]
    sheet.insert_rows(1, 3)
    sheet.row_dimensions[2].hidden = True
    moved = bytes_of(workbook)
    assert marked(given_back(checked(moved, store), moved), SHEET)["F8"] == "red"
