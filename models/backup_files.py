"""The files beside the database in a backup: uploaded workbooks, copies sent back, editions, letters kept."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from models.backup_archive import BackupRefusedError, entry, is_backup, sha256_of

# Prefect's own database and the demonstration are no records of the office; a backup is in no other backup.
LEFT_OUT = frozenset({"prefect", "demo", "backups"})
# The key that signs sessions: a new one is made where it is missing, and everybody signs in again.
_SECRETS = frozenset({"session.key"})
_UNFINISHED = (".partial", "-wal", "-shm", "-journal")
_WAITING = ".restoring-"
_BLOCK = 1024 * 1024
_SHOWN = 3

Folders = Mapping[str, Path]


def write_files(archive: ZipFile, folders: Folders, *, without: Path | None) -> dict[str, dict[str, Any]]:
    """Pack every file of `folders` (name → place) but the database `without`; return size, digest and age of each.

    A folder that lies in another is packed under its own name, once. A file taken away meanwhile is passed over.
    """
    written: dict[str, dict[str, Any]] = {}
    for name, root in folders.items():
        others = {place.resolve() for other, place in folders.items() if other != name}
        for path in _files(root.resolve(), others, without):
            part = f"files/{name}/{path.relative_to(root.resolve()).as_posix()}"
            try:
                written[part] = _pack(archive, part, path)
            except FileNotFoundError:
                continue
    return written


@contextmanager
def unpacked(archive: ZipFile, files: Mapping[str, Mapping[str, Any]], folders: Folders) -> Iterator["Unpacked"]:
    """Unpack `files` beside their places, each checked against its digest; nothing takes its place yet.

    Raises BackupRefusedError when a part is damaged, belongs to no folder, or another file stands in its place.
    """
    places = {name: _place(name, folders) for name in files}
    taken = [str(place) for name, place in places.items() if _is_other(place, files[name]["sha256"])]
    if taken:
        raise BackupRefusedError("backup.files_in_the_way", count=len(taken), files=", ".join(taken[:_SHOWN]))
    missing = {name: place for name, place in places.items() if not place.exists()}
    roots = {name: folders[PurePosixPath(name).parts[1]] for name in missing}
    made = [root for root in set(roots.values()) if not root.exists()]
    for root in made:
        root.mkdir(parents=True, exist_ok=True)
    try:
        with _beside(set(roots.values())) as waiting:
            staged = {}
            for number, name in enumerate(sorted(missing)):
                staged[waiting[roots[name]] / str(number)] = missing[name]
                _unpack(archive, name, files[name], waiting[roots[name]] / str(number))
            yield Unpacked(staged)
    finally:
        for root in sorted(made, reverse=True):
            if root.exists() and not any(root.iterdir()):
                root.rmdir()


class Unpacked:
    """Files that wait beside their places."""

    def __init__(self, waiting: Mapping[Path, Path]) -> None:
        """Take where each waits and where it belongs."""
        self._waiting = waiting

    def put_in_place(self) -> None:
        """Move every file to its place."""
        for waits, place in self._waiting.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            waits.replace(place)


def _files(root: Path, others: set[Path], without: Path | None) -> Iterator[Path]:
    for folder, below, names in os.walk(root):
        here = Path(folder)
        below[:] = sorted(one for one in below if here / one not in others and not _is_left_out(here / one, root))
        for path in (here / name for name in sorted(names)):
            if path.is_file() and not path.is_symlink() and not _is_no_record(path, without):
                yield path


def _is_left_out(folder: Path, root: Path) -> bool:
    waiting = folder.name.startswith(_WAITING)
    return waiting or folder.is_symlink() or (folder.parent == root and folder.name in LEFT_OUT)


def _is_no_record(path: Path, without: Path | None) -> bool:
    if path == without or path.name in _SECRETS or path.name.endswith(_UNFINISHED):
        return True
    try:
        return is_backup(path)
    except FileNotFoundError:
        return True


def _pack(archive: ZipFile, part: str, path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as found, archive.open(entry(part), "w", force_zip64=True) as member:
        changed_at = datetime.fromtimestamp(os.fstat(found.fileno()).st_mtime, UTC)
        while block := found.read(_BLOCK):
            digest.update(block)
            member.write(block)
            size += len(block)
    return {"bytes": size, "sha256": digest.hexdigest(), "changed_at": changed_at.isoformat()}


def _place(part: str, folders: Folders) -> Path:
    path = PurePosixPath(part)
    if len(path.parts) < len(("files", "folder", "name")) or ".." in path.parts or path.parts[1] not in folders:
        raise BackupRefusedError("backup.damaged", part=part)
    return folders[path.parts[1]].resolve().joinpath(*path.parts[2:])


def _is_other(place: Path, digest: str) -> bool:
    return place.exists() and not (place.is_file() and sha256_of(place) == digest)


@contextmanager
def _beside(roots: set[Path]) -> Iterator[dict[Path, Path]]:
    waiting = {root: TemporaryDirectory(prefix=_WAITING, dir=root) for root in roots}
    try:
        yield {root: Path(folder.name) for root, folder in waiting.items()}
    finally:
        for folder in waiting.values():
            folder.cleanup()


def _unpack(archive: ZipFile, part: str, stated: Mapping[str, Any], place: Path) -> None:
    with archive.open(part) as member, place.open("wb") as out:
        shutil.copyfileobj(member, out, _BLOCK)
    if sha256_of(place) != stated["sha256"]:
        raise BackupRefusedError("backup.damaged", part=part)
    changed_at = datetime.fromisoformat(stated["changed_at"]).timestamp()
    os.utime(place, (changed_at, changed_at))
