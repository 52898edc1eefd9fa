"""An edition is frozen: same facts, same edition, same bytes; other facts, the next number; nothing overwritten."""

import hashlib
import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from models import Store
from models.edition_tables import Edition, EditionFile
from reports import EditionKeptError, Facts, Letterhead, write_edition
from reports.edition import write_again
from reports.editions import edition_named
from tests.reports.conftest import fill
from tests.reports.ledger import KNOWN, Ledger, august

LATER = datetime(2027, 2, 3, 4, 5, tzinfo=UTC)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("bao-cao-*"))}


def test_freezes_facts_and_files(store: Store, tmp_path: Path) -> None:
    fill(store)
    facts = august(store)
    edition = write_edition(facts, store=store, out=tmp_path / "out", now=KNOWN)
    assert (edition.code, edition.new) == ("2025-08/1", True)
    assert [file.path.name for file in edition.files] == [
        f"bao-cao-2025-08-1.{kind}" for kind in ("docx", "pdf", "xlsx", "json", "csv")
    ]
    with store.reading() as session:
        row = session.exec(select(Edition)).one()
        kept = {file.name: (file.sha256, file.size) for file in session.exec(select(EditionFile))}
    assert Facts.from_json(row.facts) == facts
    assert (row.cutoff, row.meeting, row.known_at) == (facts.cutoff, facts.meeting, facts.known_at)
    assert kept == {file.path.name: (file.sha256, file.path.stat().st_size) for file in edition.files}
    assert {name: digest for name, (digest, _) in kept.items()} == contents(tmp_path / "out")


def test_the_same_facts_are_the_same_edition_and_the_same_bytes(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another day, in another zone, in another directory, known at another instant."""
    fill(sqlite_store)
    first = write_edition(august(sqlite_store), store=sqlite_store, out=tmp_path / "a", now=KNOWN)
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.chdir(tmp_path)
    time.tzset()
    again = august(sqlite_store, known_at=LATER)
    second = write_edition(again, store=sqlite_store, out=Path("b") / "c", now=LATER)
    monkeypatch.undo()
    time.tzset()
    assert (second.code, second.new) == (first.code, False)
    assert contents(tmp_path / "a") == contents(tmp_path / "b" / "c")


def test_the_same_facts_give_the_same_bytes_in_another_store(
    sqlite_store: Store, sqlite_template: Path, tmp_path: Path
) -> None:
    fill(sqlite_store)
    facts = august(sqlite_store)
    write_edition(facts, store=sqlite_store, out=tmp_path / "a", now=KNOWN)
    other = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'other.db')}")
    write_edition(facts, store=other, out=tmp_path / "b", now=LATER)
    other.close()
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_other_facts_are_the_next_edition(sqlite_store: Store, tmp_path: Path) -> None:
    fill(sqlite_store)
    write_edition(august(sqlite_store), store=sqlite_store, out=tmp_path, now=KNOWN)
    with sqlite_store.writing() as session:
        Ledger(session, "57/NQ-TW").duty("BQP", due=date(2025, 6, 30))
    corrected = write_edition(august(sqlite_store), store=sqlite_store, out=tmp_path, now=LATER)
    assert (corrected.code, corrected.new) == ("2025-08/2", True)
    assert len(contents(tmp_path)) == 10


def as_made_by_another_version(store: Store) -> None:
    """Let the kept edition be one of version 0.0.1, which wrote its Word file otherwise; give its digest."""
    with store.writing() as session:
        session.exec(select(Edition)).one().version = "0.0.1"
        word = next(file for file in session.exec(select(EditionFile)) if file.name.endswith(".docx"))
        word.sha256 = hashlib.sha256(b"older").hexdigest()


def test_a_newer_version_says_so_and_never_overwrites(sqlite_store: Store, tmp_path: Path) -> None:
    facts, name = august(sqlite_store), "bao-cao-2025-08-1.docx"
    write_edition(facts, store=sqlite_store, out=tmp_path, now=KNOWN)
    as_made_by_another_version(sqlite_store)
    (tmp_path / name).write_bytes(b"older")
    before = contents(tmp_path)
    kept = write_edition(facts, store=sqlite_store, out=tmp_path, now=LATER)
    assert contents(tmp_path) == before == {file.path.name: file.sha256 for file in kept.files}
    (tmp_path / name).unlink()
    with pytest.raises(EditionKeptError, match=r"2025-08/1.*0\.0\.1"):
        write_edition(facts, store=sqlite_store, out=tmp_path, now=LATER)
    assert not (tmp_path / name).exists()


def test_another_letterhead_is_another_edition_and_each_is_written_again_with_its_own(
    sqlite_store: Store, tmp_path: Path
) -> None:
    facts = august(sqlite_store)
    write_edition(facts, store=sqlite_store, out=tmp_path, now=KNOWN)
    moved = write_edition(facts, store=sqlite_store, out=tmp_path, now=LATER, letterhead=Letterhead(place="Huế"))
    assert moved.code == "2025-08/2"
    assert [(c.part, c.field, c.before, c.after) for c in moved.changes] == [("letterhead", "place", "Hà Nội", "Huế")]
    before = contents(tmp_path)
    for path in tmp_path.glob("bao-cao-*"):
        path.unlink()
    for code in ("2025-08/1", "2025-08/2"):
        write_again(edition_named(sqlite_store, code), store=sqlite_store, out=tmp_path)
    assert contents(tmp_path) == before


def test_without_a_letterhead_the_month_keeps_that_of_its_last_edition(sqlite_store: Store, tmp_path: Path) -> None:
    first = august(sqlite_store)
    write_edition(first, store=sqlite_store, out=tmp_path, now=KNOWN, letterhead=Letterhead(place="Huế"))
    assert not write_edition(first, store=sqlite_store, out=tmp_path, now=LATER).new
    moved = august(sqlite_store, meeting=date(2025, 9, 4))
    changes = write_edition(moved, store=sqlite_store, out=tmp_path, now=LATER).changes
    assert [(change.part, change.after) for change in changes] == [("meeting", "2025-09-04")]
    assert edition_named(sqlite_store, "2025-08/2").letterhead["place"] == "Huế"


def test_a_damaged_file_is_written_again(sqlite_store: Store, tmp_path: Path) -> None:
    facts = august(sqlite_store)
    write_edition(facts, store=sqlite_store, out=tmp_path, now=KNOWN)
    before = contents(tmp_path)
    (tmp_path / "bao-cao-2025-08-1.pdf").write_bytes(os.urandom(100))
    write_edition(facts, store=sqlite_store, out=tmp_path, now=LATER)
    assert contents(tmp_path) == before


def test_the_digest_leaves_out_only_the_instant_of_knowing(sqlite_store: Store) -> None:
    facts = august(sqlite_store)
    assert facts.digest() == replace(facts, known_at=LATER).digest()
    assert facts.digest() != replace(facts, meeting=date(2025, 9, 4)).digest()
