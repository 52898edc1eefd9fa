"""A backup restores into the other database with the same answers; what is damaged or misplaced is refused."""

import hashlib
import json
import shutil
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select, text
from sqlmodel import Session

from models import Store, status_of
from models.backup import backup, restore
from models.backup_archive import BackupRefusedError
from models.schema import migrate
from models.tables import METADATA
from tests.models.world import World

NOW = datetime(2025, 9, 5, 3, tzinfo=UTC)


def fill(store: Store) -> None:
    """Put one duty of every common kind into a store."""
    with store.writing() as session:
        world = World(session)
        late, done = world.duty("BYT", "BTC", due=date(2025, 6, 30))
        world.duty("BCA", due=None)
        world.report(done, date(2025, 6, 27), evidence=date(2025, 6, 25))
        world.report(late, date(2025, 6, 28), done=False)
        world.decide(late, "extend", date(2025, 6, 20), until=date(2025, 10, 31))


@pytest.fixture
def filled(store: Store) -> Store:
    """Give a store with one duty of every common kind."""
    fill(store)
    return store


@pytest.fixture
def made(filled: Store, tmp_path: Path) -> Path:
    """Give the backup of a filled store, of each database in turn."""
    return backup(filled, tmp_path / "dondoc.zip", now=NOW).file


@pytest.fixture(scope="module")
def good_bytes(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give one good backup, made once, to be damaged."""
    folder = tmp_path_factory.mktemp("backup")
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, folder / 'filled.db')}")
    fill(store)
    content = backup(store, folder / "dondoc.zip", now=NOW).file.read_bytes()
    store.close()
    return content


@pytest.fixture
def kept(good_bytes: bytes, tmp_path: Path) -> Path:
    """Give a copy of the good backup."""
    path = tmp_path / "kept.zip"
    path.write_bytes(good_bytes)
    return path


def contents(store: Store) -> dict[str, list[dict[str, object]]]:
    with store.reading() as session:
        return {
            table.name: [dict(row) for row in session.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in METADATA.sorted_tables
        }


def test_a_backup_restores_into_either_database(filled: Store, made: Path, empty_store: Store) -> None:
    """Both fixtures take each database in turn: SQLite → SQLite, SQLite → PostgreSQL and back."""
    migrate(empty_store)
    restored = restore(empty_store, made)
    assert contents(empty_store) == contents(filled)
    then, now = (status_of(store, as_of=date(2025, 9, 5), known_at=NOW) for store in (filled, empty_store))
    assert restored.totals == now.totals() == then.totals()
    assert restored.totals["total"] == 3


def test_a_restored_database_goes_on_counting(made: Path, empty_store: Store) -> None:
    """PostgreSQL's sequences do not know the restored ids unless told."""
    migrate(empty_store)
    restore(empty_store, made)
    with empty_store.writing() as session:
        assert newest_batch(session) == 2


def newest_batch(session: Session) -> int:
    world = object.__new__(World)
    world.session = session
    return world.new_batch(NOW)


def test_restoring_twice_is_refused(made: Path, filled: Store) -> None:
    before = contents(filled)
    with pytest.raises(BackupRefusedError, match="dondoc init") as refused:
        restore(filled, made)
    assert refused.value.code == "not_empty"
    assert contents(filled) == before


def test_reference_data_loaded_by_init_is_replaced(made: Path, filled: Store, empty_store: Store) -> None:
    migrate(empty_store)
    with empty_store.writing() as session:
        session.execute(text("INSERT INTO rung (\"offset\", role) VALUES (99, 'working_group')"))
    restore(empty_store, made)
    assert contents(empty_store)["rung"] == contents(filled)["rung"]


def test_a_database_without_schema_is_refused(kept: Path, empty_store: Store, tmp_path: Path) -> None:
    assert code_of(lambda: restore(empty_store, kept)) == "no_schema"
    assert code_of(lambda: backup(empty_store, tmp_path / "new.zip", now=NOW)) == "no_schema"


def test_another_revision_is_refused(kept: Path, empty_store: Store) -> None:
    migrate(empty_store)
    with empty_store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert code_of(lambda: restore(empty_store, kept)) == "other_revision"


def test_a_backup_never_overwrites(filled: Store, made: Path) -> None:
    assert code_of(lambda: backup(filled, made, now=NOW)) == "file_exists"


def test_a_missing_file_is_refused(filled: Store, tmp_path: Path) -> None:
    assert code_of(lambda: restore(filled, tmp_path / "none.zip")) == "no_file"


def test_a_flipped_byte_of_any_table_is_noticed(kept: Path, empty_store: Store) -> None:
    migrate(empty_store)
    before = contents(empty_store)
    good = kept.read_bytes()
    with ZipFile(kept) as archive:
        places = [data_begins(good, info.header_offset) for info in archive.infolist() if info.file_size]
    for place in places:
        kept.write_bytes(good[:place] + bytes([good[place] ^ 0xFF]) + good[place + 1 :])
        assert code_of(lambda: restore(empty_store, kept)) == "damaged"
    assert contents(empty_store) == before


def data_begins(archive: bytes, header: int) -> int:
    """Return where an entry's data begins: after its local header, its name and its extra field."""
    name, extra = struct.unpack_from("<HH", archive, header + 26)
    return header + 30 + int(name) + int(extra)


@pytest.mark.parametrize("length", [0, 10, -30])
def test_a_cut_file_is_refused(kept: Path, empty_store: Store, length: int) -> None:
    migrate(empty_store)
    kept.write_bytes(kept.read_bytes()[:length])
    assert code_of(lambda: restore(empty_store, kept)) == "damaged"


@pytest.mark.parametrize(
    ("entry", "change", "code"),
    [
        ("tables/progress.jsonl", lambda data: data.replace("2025-06-25", "2025-06-24"), "damaged"),
        ("tables/decision.jsonl", lambda _: "", "damaged"),
        ("tables/undo.jsonl", lambda _: None, "damaged"),
        ("manifest.json", lambda _: None, "damaged"),
        ("manifest.json", lambda data: data.replace("dondoc-backup/2", "dondoc-backup/9"), "other_format"),
        ("manifest.json", lambda data: json.dumps(json.loads(data) | {"totals": {"total": 9}}), "other_totals"),
        ("manifest.json", lambda data: json.dumps(json.loads(data) | {"chains": {}}), "other_chains"),
    ],
)
def test_what_was_changed_by_hand_is_refused(
    kept: Path, empty_store: Store, entry: str, change: Callable[[str], str | None], code: str
) -> None:
    migrate(empty_store)
    before = contents(empty_store)
    with ZipFile(kept) as archive:
        entries: dict[str, str | None] = {name: archive.read(name).decode() for name in archive.namelist()}
    entries[entry] = change(entries[entry] or "")
    with ZipFile(kept, "w") as archive:
        for name, data in entries.items():
            if data is not None:
                archive.writestr(name, data)
        archive.comment = bytes(71)
    assert code_of(lambda: restore(empty_store, kept)) == "damaged", "not sealed"
    seal_again(kept)
    assert code_of(lambda: restore(empty_store, kept)) == code
    assert contents(empty_store) == before


def seal_again(path: Path) -> None:
    """Do what somebody would who knows how a backup is sealed."""
    before = path.read_bytes()[:-71]
    path.write_bytes(before + b"sha256:" + hashlib.sha256(before).hexdigest().encode())


def test_the_manifest_names_revision_digests_and_totals(kept: Path) -> None:
    with ZipFile(kept) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["created_at"] == "2025-09-05T03:00:00+00:00"
    assert set(manifest["tables"]) == set(METADATA.tables)
    assert manifest["tables"]["assignment"]["rows"] == 3
    assert manifest["totals"]["total"] == 3


def test_the_same_facts_give_the_same_bytes(filled: Store, tmp_path: Path) -> None:
    first, second = (backup(filled, tmp_path / name, now=NOW) for name in ("a.zip", "b.zip"))
    assert first.sha256 == second.sha256


def code_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(BackupRefusedError) as refused:
        attempt()
    return refused.value.code
