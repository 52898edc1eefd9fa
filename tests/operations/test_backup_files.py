"""A backup holds the files beside the database, opens under its key alone, and a changed byte is noticed anywhere."""

import json
import os
import random
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.main import dondoc
from models import Store
from models.backup import backup, restore
from models.backup_archive import BackupRefusedError, opened_archive
from models.backup_cipher import CHUNK
from models.schema import migrate
from tests.models.world import World

NOW = datetime(2025, 9, 5, 3, tzinfo=UTC)
KEY = "một câu dài, bí mật, của văn phòng"
RECORDS = {
    "data/annotated/1a2b-bo-y-te.can-sua.xlsx": b"annotated",
    "data/mail/new/1.eml": "Kính gửi Bộ Y tế".encode(),
    "data/reports/2025-08/bao-cao.docx": random.Random(7).randbytes(200_000),  # noqa: S311 - bytes that do not shrink
    "inbox/BYT/phụ lục.xlsx": b"workbook",
}
NO_RECORDS = {
    "data/prefect/prefect.db": b"Prefect's own",
    "data/demo/dondoc.db": b"the demonstration",
    "data/session.key": b"a key that signs sessions",
    "data/up.json": b"what runs now",
    "data/lost+found/#12": b"the disk's own",
    "data/measured/report_seconds": b"1.5",
    "data/backups/last.dondoc": b"a backup",
    "inbox/BYT/half.xlsx.partial": b"unfinished",
}
EXAMPLES = 500 if os.environ.get("DONDOC_DEEP") == "1" else 20
CANNOT_HURT = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def office(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of an office: a database in use, records, and what is none."""
    home = tmp_path_factory.mktemp("office")
    for name, content in {**RECORDS, **NO_RECORDS}.items():
        place = home / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    (home / "data" / "outside").symlink_to("/etc")
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, home / 'data' / 'dondoc.db')}")
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 6, 30))
    store.close()
    return home


def folders(home: Path) -> dict[str, Path]:
    return {"data": home / "data", "inbox": home / "inbox", "reports": home / "data" / "reports"}


@pytest.fixture(scope="module")
def plain(office: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give a good backup in plain form."""
    return made_of(office, tmp_path_factory.mktemp("plain") / "a.dondoc", None)


@pytest.fixture(scope="module")
def encrypted(office: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give a good backup under a key."""
    return made_of(office, tmp_path_factory.mktemp("encrypted") / "a.dondoc", KEY)


def made_of(office: Path, file: Path, key: str | None) -> bytes:
    store = Store(f"sqlite:///{office / 'data' / 'dondoc.db'}")
    backup(store, file, now=NOW, folders=folders(office), key=key)
    store.close()
    assert file.stat().st_mode & 0o777 == 0o600
    return file.read_bytes()


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("dondoc.db")
    }


@pytest.mark.parametrize("form", ["plain", "encrypted"])
def test_every_record_comes_back_and_nothing_else(
    form: str, request: pytest.FixtureRequest, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "kept.dondoc"
    file.write_bytes(request.getfixturevalue(form))
    restored = restore(store, file, folders=folders(tmp_path / "new"), key=KEY if form == "encrypted" else None)
    assert files_below(tmp_path / "new") == RECORDS
    assert (restored.files, restored.totals["total"]) == (len(RECORDS), 2)


def test_a_file_is_as_old_as_it_was(office: Path, plain: bytes, store: Store, tmp_path: Path) -> None:
    """Retention counts a file's days."""
    (tmp_path / "kept").write_bytes(plain)
    restore(store, tmp_path / "kept", folders=folders(tmp_path / "new"))
    letter = "data/mail/new/1.eml"
    assert (tmp_path / "new" / letter).stat().st_mtime == pytest.approx((office / letter).stat().st_mtime)


def test_a_backup_is_in_no_other_backup(office: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(office, home, symlinks=True)
    store = Store(f"sqlite:///{home / 'data' / 'dondoc.db'}")
    for name, key in (("first", None), ("second", KEY), ("third", None)):
        assert backup(store, home / "data" / name, now=NOW, folders=folders(home), key=key).files == len(RECORDS)
    store.close()


def test_nothing_readable_is_in_an_encrypted_backup(encrypted: bytes) -> None:
    for word in (b"PK\x03\x04", b"manifest", b"tables/", b"sha256:"):
        assert word not in encrypted


def test_two_backups_under_one_key_share_no_bytes(office: Path, encrypted: bytes, tmp_path: Path) -> None:
    other = made_of(office, tmp_path / "b.dondoc", KEY)
    assert other[16:32] != encrypted[16:32], "each has a salt of its own"
    assert other[200:232] not in encrypted


@pytest.mark.parametrize(
    ("key", "code"), [(None, "needs_key"), ("another sentence altogether", "wrong_key"), (KEY + " ", "wrong_key")]
)
def test_without_its_key_nothing_is_read(encrypted: bytes, tmp_path: Path, key: str | None, code: str) -> None:
    assert refusal(encrypted, tmp_path, key) == code


def test_with_a_key_set_only_what_it_sealed_is_read(plain: bytes, tmp_path: Path) -> None:
    """Anybody can write a plain file that agrees with itself."""
    assert refusal(plain, tmp_path, KEY) == "not_encrypted"
    (tmp_path / "kept").write_bytes(plain)
    with opened_archive(tmp_path / "kept", KEY, plain_too=True) as archive:
        assert "manifest.json" in archive.namelist()


@CANNOT_HURT
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_changed_byte_of_a_plain_backup_is_refused(plain: bytes, tmp_path: Path, place: float, flip: int) -> None:
    assert refusal(changed(plain, place, flip), tmp_path, None) == "damaged"


@CANNOT_HURT
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_changed_byte_of_an_encrypted_backup_is_refused(
    encrypted: bytes, tmp_path: Path, place: float, flip: int
) -> None:
    assert refusal(changed(encrypted, place, flip), tmp_path, KEY) in {"damaged", "wrong_key"}


@pytest.mark.parametrize("place", range(0, 80, 5))
def test_a_changed_byte_of_the_first_is_refused(plain: bytes, encrypted: bytes, tmp_path: Path, place: int) -> None:
    for content, key in ((plain, None), (encrypted, KEY)):
        altered = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert refusal(altered, tmp_path, key) in {"damaged", "wrong_key"}


def changed(content: bytes, place: float, flip: int) -> bytes:
    at = int(place * len(content))
    return content[:at] + bytes([content[at] ^ flip]) + content[at + 1 :]


@CANNOT_HURT
@given(left=st.floats(0, 1, exclude_max=True))
def test_a_cut_backup_is_refused(plain: bytes, encrypted: bytes, tmp_path: Path, left: float) -> None:
    assert refusal(plain[: int(left * len(plain))], tmp_path, KEY) == "damaged"
    assert refusal(encrypted[: int(left * len(encrypted))], tmp_path, KEY) in {"damaged", "wrong_key"}


def test_chunks_left_out_exchanged_or_added_are_refused(encrypted: bytes, tmp_path: Path) -> None:
    header, whole = 16 + 16 + 7 + 32, CHUNK + 16
    first, second = encrypted[header : header + whole], encrypted[header + whole : header + 2 * whole]
    rest = encrypted[header + 2 * whole :]
    assert len(second) == whole, "the office is too small to tell"
    for body in (second + first + rest, first + rest, first + first + rest, first + second, first + second + rest * 2):
        assert refusal(encrypted[:header] + body, tmp_path, KEY) == "damaged"


def refusal(content: bytes, tmp_path: Path, key: str | None) -> str:
    """Return why a file is not opened: before anything could be read from it."""
    file = tmp_path / "altered.dondoc"
    file.write_bytes(content)
    return code_of(lambda: opened_archive(file, key).__enter__())


def code_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(BackupRefusedError) as refused:
        attempt()
    return refused.value.code


def test_a_file_in_the_way_is_never_replaced(plain: bytes, empty_store: Store, tmp_path: Path) -> None:
    """The database stays empty too: it is all or nothing."""
    migrate(empty_store)
    (tmp_path / "kept").write_bytes(plain)
    mine = tmp_path / "new" / "inbox" / "BYT" / "phụ lục.xlsx"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"another workbook")
    assert code_of(lambda: restore(empty_store, tmp_path / "kept", folders=folders(tmp_path / "new"))) == (
        "files_in_the_way"
    )
    assert files_below(tmp_path / "new") == {"inbox/BYT/phụ lục.xlsx": b"another workbook"}
    mine.write_bytes(RECORDS["inbox/BYT/phụ lục.xlsx"])
    assert restore(empty_store, tmp_path / "kept", folders=folders(tmp_path / "new")).files == len(RECORDS)


def test_a_full_database_leaves_no_file_behind(plain: bytes, store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 6, 30))
    (tmp_path / "kept").write_bytes(plain)
    assert code_of(lambda: restore(store, tmp_path / "kept", folders=folders(tmp_path / "new"))) == "not_empty"
    assert not files_below(tmp_path / "new")


def run(*words: str) -> Result:
    return CliRunner().invoke(dondoc, list(words))


def test_a_drill_restores_beside_what_is_running(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a terminal: encrypted, restored into a new folder, examined there."""
    monkeypatch.setenv("DONDOC_DATA", str(office / "data"))
    monkeypatch.setenv("DONDOC_INBOX", str(office / "inbox"))
    file, drill = str(tmp_path / "kept.dondoc"), tmp_path / "drill"
    assert "DONDOC_BACKUP_KEY" in run("backup", file, "--encrypt").stderr
    monkeypatch.setenv("DONDOC_BACKUP_KEY", KEY)
    made = json.loads(run("backup", file, "--encrypt", "--json").stdout)
    again = json.loads(run("restore", file, "--into", str(drill), "--json").stdout)
    assert made == again
    assert made["files"] == len(RECORDS)
    status = run("status", "--as-of", "2025-09-05", "--database", f"sqlite:///{drill / 'dondoc.db'}", "--json")
    assert json.loads(status.stdout)["totals"]["total"] == 2
    assert [place.stat().st_mode & 0o777 for place in (drill, drill / "dondoc.db")] == [0o700, 0o600]
    assert run("restore", file, "--into", str(drill)).exit_code == 1, "the folder is not new any more"


def test_a_wrong_key_leaves_no_drill_behind(encrypted: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept").write_bytes(encrypted)
    monkeypatch.setenv("DONDOC_BACKUP_KEY", "not the key it was made with")
    refused = run("restore", str(tmp_path / "kept"), "--into", str(tmp_path / "drill"))
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)
    assert "not the key" not in refused.output
    assert list((tmp_path / "drill").rglob("*")) == []
