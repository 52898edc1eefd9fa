"""Draft → submitted → updated → final: what follows what, what a correction says of itself, what the list shows."""

from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
from sqlmodel import select

from models import Store
from models.edition_tables import Edition
from reports import EditionState, EditionStateError, EditionWritten, Purpose, write_edition
from reports.editions import FileState, NoSuchEditionError, compare, edition_named, editions_of
from reports.state import is_correction, state_after
from tests.reports.conftest import fill
from tests.reports.ledger import KNOWN, Ledger, august
from tests.reports.records import freeze

DRAFT, SUBMITTED, UPDATED, FINAL = EditionState
NEXT_DAY = datetime(2025, 8, 26, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "asked", "becomes"),
    [
        (None, None, DRAFT),
        (None, SUBMITTED, SUBMITTED),
        (DRAFT, None, DRAFT),
        (DRAFT, SUBMITTED, SUBMITTED),
        (SUBMITTED, None, SUBMITTED),
        (SUBMITTED, SUBMITTED, SUBMITTED),
        (SUBMITTED, UPDATED, UPDATED),
        (SUBMITTED, FINAL, FINAL),
        (UPDATED, FINAL, FINAL),
        (FINAL, None, FINAL),
        (SUBMITTED, DRAFT, None),
        (UPDATED, SUBMITTED, None),
        (FINAL, UPDATED, None),
        (None, FINAL, None),
        (DRAFT, FINAL, None),
    ],
)
def test_a_state_follows_the_last_one(
    last: EditionState | None, asked: EditionState | None, becomes: EditionState | None
) -> None:
    if becomes is None:
        with pytest.raises(EditionStateError, match="2025-08"):
            state_after(last, asked, month="2025-08")
    else:
        assert state_after(last, asked, month="2025-08") is becomes


@pytest.mark.parametrize(
    ("last", "chosen", "corrects"),
    [(None, DRAFT, False), (DRAFT, DRAFT, False), (DRAFT, SUBMITTED, False), (SUBMITTED, SUBMITTED, True),
     (SUBMITTED, FINAL, False), (FINAL, FINAL, True)],
)  # fmt: skip
def test_only_the_same_state_again_is_a_correction(
    last: EditionState | None, chosen: EditionState, *, corrects: bool
) -> None:
    assert is_correction(last, chosen) is corrects


def words_of(written: EditionWritten) -> str:
    opened = docx.Document(str(written.files[0].path))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_a_month_goes_through_its_states(store: Store, tmp_path: Path) -> None:
    fill(store)
    facts = august(store)
    made = [
        write_edition(facts, store=store, out=tmp_path, now=KNOWN, purpose=Purpose(state, approved_by="Tổ trưởng"))
        for state in EditionState
    ]
    assert [(edition.code, edition.state, edition.follows) for edition in made] == [
        ("2025-08/1", DRAFT, ""),
        ("2025-08/2", SUBMITTED, "2025-08/1"),
        ("2025-08/3", UPDATED, "2025-08/2"),
        ("2025-08/4", FINAL, "2025-08/3"),
    ]
    assert ["DỰ THẢO" in words_of(edition) for edition in made] == [True, False, False, False]
    assert ["cập nhật đến ngày họp 03/09/2025" in words_of(edition) for edition in made] == [False, False, True, True]
    assert ["ngày 03 tháng 9 năm 2025" in words_of(edition) for edition in made] == [False, False, True, True]
    with pytest.raises(EditionStateError, match="final"):
        write_edition(
            august(store, meeting=date(2025, 9, 4)), store=store, out=tmp_path, now=KNOWN, purpose=Purpose(DRAFT)
        )


def test_a_correction_is_a_new_edition_that_lists_what_changed(store: Store, tmp_path: Path) -> None:
    fill(store)
    write_edition(august(store), store=store, out=tmp_path, now=KNOWN, purpose=Purpose(SUBMITTED))
    with store.writing() as session:
        Ledger(session, "57/NQ-TW").duty("BQP", due=date(2025, 6, 30), text="Việc mới phát hiện")
    corrected = write_edition(
        august(store), store=store, out=tmp_path, now=NEXT_DAY, purpose=Purpose(reason="Bổ sung văn bản")
    )
    assert (corrected.code, corrected.state, corrected.new) == ("2025-08/2", SUBMITTED, True)
    found = {(c.part, c.key, c.field): (c.before, c.after) for c in corrected.changes}
    assert found["totals", "", "overdue"] == (10, 11)
    assert found["late", "57-NQ-TW.1.BQP", ""] == (None, "Việc mới phát hiện")
    assert not [change for change in corrected.changes if change.key.startswith("07-CT-TTg.1.")]
    said = words_of(corrected)
    assert "Bản này thay thế bản số liệu 2025-08/1" in said
    assert "NỘI DUNG SỬA SO VỚI BẢN TRƯỚC" in said
    assert "Tổng số – Quá hạn" in said
    row = edition_named(store, "2025-08/2")
    assert (row.corrects, row.reason) == ("2025-08/1", "Bổ sung văn bản")
    assert compare(edition_named(store, "2025-08/1"), row) == corrected.changes
    assert compare(row, row) == ()


@pytest.mark.parametrize("first", [DRAFT, SUBMITTED], ids=["what the draft said", "what the first one said"])
def test_going_back_to_what_an_earlier_edition_said_is_a_correction_again(
    sqlite_store: Store, tmp_path: Path, first: EditionState
) -> None:
    """A meeting day was set wrongly, and set right again."""
    right, wrong = august(sqlite_store), august(sqlite_store, meeting=date(2025, 9, 4))
    for facts, state in ((right, first), (wrong, SUBMITTED)):
        write_edition(facts, store=sqlite_store, out=tmp_path, now=KNOWN, purpose=Purpose(state))
    back = write_edition(right, store=sqlite_store, out=tmp_path, now=NEXT_DAY)
    assert (back.code, back.new, back.state) == ("2025-08/3", True, SUBMITTED)
    assert [(c.part, c.before, c.after) for c in back.changes] == [("meeting", "2025-09-04", "2025-09-03")]
    assert edition_named(sqlite_store, "2025-08/3").corrects == "2025-08/2"
    again = write_edition(right, store=sqlite_store, out=tmp_path, now=NEXT_DAY, purpose=Purpose(SUBMITTED))
    assert (again.code, again.new) == ("2025-08/3", False)


def test_a_correction_of_the_month_before_alone_is_listed_too(sqlite_store: Store, tmp_path: Path) -> None:
    with sqlite_store.writing() as session:
        Ledger(session).duty("BYT", due=date(2025, 6, 30))
    july = {"month": "2025-07", "meeting": date(2025, 8, 1)}
    freeze(sqlite_store, august(sqlite_store, cutoff=date(2025, 7, 25), **july))
    submitted = Purpose(SUBMITTED)
    write_edition(august(sqlite_store), store=sqlite_store, out=tmp_path, now=KNOWN, purpose=submitted)
    freeze(sqlite_store, august(sqlite_store, cutoff=date(2025, 7, 28), **july), number=2)
    corrected = write_edition(august(sqlite_store), store=sqlite_store, out=tmp_path, now=NEXT_DAY, purpose=submitted)
    assert corrected.code == "2025-08/2"
    assert {(c.part, c.field): (c.before, c.after) for c in corrected.changes} == {
        ("previous", "edition"): ("2025-07/1", "2025-07/2"),
        ("previous", "as_of"): ("2025-07-25", "2025-07-28"),
    }
    said = words_of(corrected)
    assert "NỘI DUNG SỬA SO VỚI BẢN TRƯỚC" in said
    assert "So với kỳ trước – bản số liệu" in said


def test_what_an_older_version_kept_otherwise_is_no_correction(sqlite_store: Store, tmp_path: Path) -> None:
    """Its digest is of facts without the figures of today; nothing a reader sees is other."""
    facts = august(sqlite_store)
    write_edition(facts, store=sqlite_store, out=tmp_path, now=KNOWN, purpose=Purpose(SUBMITTED))
    with sqlite_store.writing() as session:
        session.exec(select(Edition)).one().facts_sha256 = "of an older version"
    assert not write_edition(facts, store=sqlite_store, out=tmp_path, now=NEXT_DAY).new


def test_the_list_says_whether_the_files_are_as_made(sqlite_store: Store, tmp_path: Path) -> None:
    written = write_edition(august(sqlite_store), store=sqlite_store, out=tmp_path, now=KNOWN)
    (tmp_path / "bao-cao-2025-08-1.pdf").unlink()
    (tmp_path / "bao-cao-2025-08-1.docx").write_bytes(b"edited")
    (row,) = editions_of(sqlite_store, folder=tmp_path)
    assert row.digests == {file.path.name: file.sha256 for file in written.files}
    assert {name.rpartition(".")[2]: state for name, state in row.files.items()} == {
        "docx": FileState.ALTERED,
        "pdf": FileState.MISSING,
        "xlsx": FileState.KEPT,
        "json": FileState.KEPT,
        "csv": FileState.KEPT,
    }
    assert editions_of(sqlite_store, folder=tmp_path, month="2025-09") == []
    with pytest.raises(NoSuchEditionError, match="2025-08/9"):
        edition_named(sqlite_store, "2025-08/9")
