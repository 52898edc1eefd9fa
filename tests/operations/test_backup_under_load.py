"""A backup taken while an office imports and sends, restored elsewhere: the same chains, the same totals, all files."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models import Store, status_of
from models.backup import BackupMade, backup, restore
from models.chain import Chain, walk
from models.columns import table_of
from models.outcome_tables import AuditEntry, Delivery
from models.schema import migrate

ROOT = Path(__file__).parents[2]
DAYS = ("2025-05-16", "2025-08-01", "2025-09-05")
SEALED = (Delivery, AuditEntry)


@dataclass(frozen=True)
class Office:
    """An office at work: its store, its folders, and its process."""

    store: Store
    folders: dict[str, Path]
    process: subprocess.Popen[bytes]


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Iterator[Office]:
    """Give an office that has just begun its day."""
    data, inbox = tmp_path / "office", tmp_path / "inbox"
    script = str(Path(__file__).with_name("office_at_work.py"))
    database = store.url.render_as_string(hide_password=False)
    environment = {
        **os.environ, "DONDOC_DATA": str(data), "DONDOC_INBOX": str(inbox), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    folders = {"data": data, "inbox": inbox, "reports": data / "reports"}
    command = [sys.executable, script, database, *DAYS]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        yield Office(store, folders, process)
        process.kill()


@pytest.mark.parametrize(("store", "empty_store"), [("sqlite", "sqlite"), ("postgresql", "postgresql")], indirect=True)
def test_a_backup_under_load_restores_to_the_same_chains_and_totals(
    office: Office, empty_store: Store, tmp_path: Path
) -> None:
    made = backups_until_it_ends(office, tmp_path)
    counts = [one.chains["delivery"]["sealed"] for one, _ in made]
    assert counts == sorted(counts)
    midway = [pair for pair, count in zip(made, counts, strict=True) if 0 < count < counts[-1]]
    assert midway, f"no backup was taken in the middle of work: {counts}"
    in_the_middle, at = midway[-1]

    migrate(empty_store)
    elsewhere = tmp_path / "elsewhere"
    folders = {name: elsewhere / name for name in office.folders}
    restored = restore(empty_store, in_the_middle.file, folders=folders)

    assert restored.totals == status_of(empty_store, as_of=at.date(), known_at=at).totals()
    for model in SEALED:
        there = chain_of(empty_store, model)
        assert there.broken_at is None
        assert there.head == hash_at(office.store, model, there.sealed), "another chain than the office's"
    letters = [path for path in (elsewhere / "data" / "mail").rglob("*") if path.is_file()]
    assert len(letters) >= deliveries(empty_store), "the letters of all deliveries that are in the database"


def backups_until_it_ends(office: Office, folder: Path) -> list[tuple[BackupMade, datetime]]:
    """Take one backup after the other while the office works, and one when it is done."""
    made: list[tuple[BackupMade, datetime]] = []
    working = True
    while working:
        working = office.process.poll() is None
        at = datetime.now(UTC)
        made.append((backup(office.store, folder / f"{len(made)}.zip", now=at, folders=office.folders), at))
    assert office.process.returncode == 0
    return made


def chain_of(store: Store, model: type[Delivery | AuditEntry]) -> Chain:
    with store.reading() as session:
        return walk(session, model)


def hash_at(store: Store, model: type[Delivery | AuditEntry], sealed: int) -> str | None:
    """Return the hash of a chain's row by its place in the chain."""
    table = table_of(model)
    with store.reading() as session:
        rows = select(table.c.hash).where(table.c.hash != "").order_by(table.c.id).limit(1).offset(sealed - 1)
        return session.scalar(rows)


def deliveries(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table_of(Delivery))) or 0
