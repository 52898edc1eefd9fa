"""What a backup takes along while others work: every file sent in, whatever it is called; what is left out is said."""

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from imports.uploads import Sending, Workplace, receive
from models import Store
from models.backup import backup, restore
from models.backup_archive import BackupRefusedError, entry, opened_archive, written_archive
from models.backup_cipher import MAGIC
from models.backup_files import write_files

NOW = datetime(2025, 9, 5, 3, tzinfo=UTC)
NOT_UTF_8 = os.fsdecode(b"b\xe1o c\xe1o.xlsx")
NAMES = ("phụ lục.xlsx", NOT_UTF_8, "b%E1o c%E1o.xlsx", "50%.xlsx")


def zipped(comment: bytes = b"", **parts: str) -> bytes:
    """Return a zip, as a workbook is one."""
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = comment
    return made.getvalue()


def below(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def laid_down(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def come_back(store: Store, tmp_path: Path) -> dict[str, bytes]:
    """Back up the inbox and restore it elsewhere; return what lies there then."""
    backup(store, tmp_path / "kept", now=NOW, folders={"inbox": tmp_path / "inbox"})
    restore(store, tmp_path / "kept", folders={"inbox": tmp_path / "new"})
    return below(tmp_path / "new")


def test_a_name_of_any_bytes_comes_back_as_it_was(new_store: Any, tmp_path: Path) -> None:
    sent = {name: name.encode("utf-8", "surrogateescape") for name in NAMES}
    laid_down(tmp_path / "inbox" / "BYT", sent)
    with new_store("sqlite", tmp_path) as store:
        assert come_back(store, tmp_path) == sent


HIDING = {
    "a workbook that bears the mark of a seal": zipped(b"sha256:" + b"0" * 64, xl="workbook"),
    "a workbook behind the beginning of an encrypted backup": MAGIC + zipped(xl="workbook"),
}


@pytest.mark.parametrize("content", HIDING.values(), ids=HIDING)
def test_no_workbook_can_hide_from_a_backup(content: bytes, new_store: Any, tmp_path: Path) -> None:
    laid_down(tmp_path / "inbox", {"a.xlsx": content})
    with new_store("sqlite", tmp_path) as store:
        assert come_back(store, tmp_path) == {"a.xlsx": content}


@pytest.mark.parametrize("key", [None, "một câu dài, bí mật"])
def test_a_backup_left_out_of_another_is_named(key: str | None, new_store: Any, tmp_path: Path) -> None:
    with new_store("sqlite", tmp_path) as store:
        backup(store, tmp_path / "inbox" / "mine", now=NOW, key=key)
        again = backup(store, tmp_path / "again", now=NOW, folders={"inbox": tmp_path / "inbox"})
    assert (again.files, again.skipped) == (0, [tmp_path / "inbox" / "mine"])


@contextmanager
def moving(archive: ZipFile, moves: list[tuple[Path, Path]]) -> Iterator[None]:
    """Have somebody move files on, one step each time a part of the backup is begun."""
    begin = archive.open

    def open_and_move(*args: Any, **options: Any) -> Any:
        if moves:
            source, place = moves.pop(0)
            place.parent.mkdir(parents=True, exist_ok=True)
            source.rename(place)
        return begin(*args, **options)

    archive.open = open_and_move  # type: ignore[method-assign]
    yield


def test_a_workbook_put_away_meanwhile_is_in_the_backup(tmp_path: Path) -> None:
    """A sweep goes on while the files are walked: from the agency's folder, through a claim, to those done."""
    inbox = tmp_path / "inbox"
    laid_down(inbox / "done" / "BCA", {"old.xlsx": b"old"})
    laid_down(inbox / "BCA", {"first.xlsx": b"first"})
    laid_down(inbox / "taking" / "s-0000.begun" / "0000.BYT", {"b.xlsx": b"b"})
    laid_down(inbox / "taking" / "s-0001.waiting" / "0000.BYT", {"c.xlsx": b"c"})
    moves = [
        (inbox / "taking" / "s-0000.begun" / "0000.BYT" / "b.xlsx", inbox / "done" / "BYT" / "b.xlsx"),
        (inbox / "taking" / "s-0001.waiting", inbox / "taking" / "s-0001.begun"),
        (inbox / "taking" / "s-0001.begun" / "0000.BYT" / "c.xlsx", inbox / "done" / "BYT" / "c.xlsx"),
    ]
    with ZipFile(tmp_path / "kept", "w") as archive, moving(archive, moves):
        written, _ = write_files(archive, {"inbox": inbox}, without=None)
    assert moves == []
    assert {Path(part).name for part in written} == {"first.xlsx", "old.xlsx", "b.xlsx", "c.xlsx"}


def test_a_folder_that_cannot_be_read_stops_the_backup() -> None:
    """As another user would meet it; what cannot be read is named, and no backup without it is called one."""
    with TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        (Path(home) / "uploads" / "1f").mkdir(parents=True)
        (Path(home) / "uploads" / "1f").chmod(0o000)
        with nobody_special(), ZipFile(io.BytesIO(), "w") as archive, pytest.raises(BackupRefusedError) as refused:
            write_files(archive, {"data": Path(home)}, without=None)
    assert refused.value.code == "unreadable"
    assert "uploads/1f" in refused.value.message


@contextmanager
def nobody_special() -> Iterator[None]:
    """Act without root's right to read what is closed to all."""
    ours = os.geteuid()
    if ours == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(ours)


def test_what_the_portal_receives_the_worker_can_read(store: Store, tmp_path: Path) -> None:
    """Two users of one group, umask 0007 as the units state it; others see nothing, whatever the umask."""
    work = Workplace(store, tmp_path / "uploads", NOW.date, lambda: NOW)
    for umask, mode in ((0o007, 0o770), (0o022, 0o750)):
        before = os.umask(umask)
        try:
            receive(io.BytesIO(b"workbook"), Sending("a.xlsx", by="Văn thư"), work)
        finally:
            os.umask(before)
        newest = max((tmp_path / "uploads").iterdir(), key=lambda place: place.stat().st_ctime_ns)
        assert newest.stat().st_mode & 0o777 == mode


def test_a_key_slipped_into_a_backup_is_not_taken_out(new_store: Any, tmp_path: Path) -> None:
    """Whoever chose the key that signs sessions signs in as anybody."""
    data = laid_down(tmp_path / "data", {"letter": b"letter"})
    with new_store("sqlite", tmp_path) as store:
        backup(store, tmp_path / "good", now=NOW, folders={"data": data})
        altered(tmp_path / "good", tmp_path / "bad", {"files/data/letter": "files/data/session.key"})
        assert restore(store, tmp_path / "bad", folders={"data": tmp_path / "new"}).files == 0
    assert not (tmp_path / "new" / "session.key").exists()


ABSURD = {
    "a file of no folder": {"files/data/letter": "letter"},
    "a file above the folder": {"files/data/letter": "files/data/../letter"},
    "no revision": {'"revision"': '"x"'},
    "an instant that is none": {'"changed_at"': '"at"'},
}


@pytest.mark.parametrize("change", ABSURD.values(), ids=ABSURD)
def test_an_absurd_manifest_is_refused_in_a_sentence(change: dict[str, str], new_store: Any, tmp_path: Path) -> None:
    data = laid_down(tmp_path / "data", {"letter": b"letter"})
    with new_store("sqlite", tmp_path) as store:
        backup(store, tmp_path / "good", now=NOW, folders={"data": data})
        altered(tmp_path / "good", tmp_path / "bad", change)
        with pytest.raises(BackupRefusedError) as refused:
            restore(store, tmp_path / "bad", folders={"data": tmp_path / "new"})
    assert refused.value.code == "damaged"


def altered(good: Path, bad: Path, change: Mapping[str, str]) -> None:
    """Write a backup with other words in its manifest and its parts' names, sealed as ours are."""

    def changed(words: str) -> str:
        for before, after in change.items():
            words = words.replace(before, after)
        return words

    with opened_archive(good, None) as source, written_archive(bad, None) as archive:
        for name in source.namelist():
            content = source.read(name)
            mended = changed(content.decode()).encode() if name == "manifest.json" else content
            archive.writestr(entry(changed(name)), mended)


def test_what_ran_on_since_is_not_in_the_way(new_store: Any, tmp_path: Path) -> None:
    """A restore in place: Dondoc went on measuring and writing down its parts after the backup."""
    data = laid_down(tmp_path / "data", {"letter": b"letter", "up.json": b"{}"})
    laid_down(data / "measured", {"report_seconds": b"1.5"})
    with new_store("sqlite", tmp_path) as store:
        backup(store, tmp_path / "kept", now=NOW, folders={"data": data})
        laid_down(data, {"up.json": b'{"portal": 1}'})
        laid_down(data / "measured", {"report_seconds": b"2.5"})
        assert restore(store, tmp_path / "kept", folders={"data": data}).files == 1
        with store.reading() as session:
            assert session.execute(text("SELECT count(*) FROM agency")).scalar()
