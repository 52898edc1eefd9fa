"""The files beside the database in a backup: uploaded workbooks, copies sent back, editions, letters kept."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, unquote_to_bytes
from zipfile import ZipFile

from models.backup_archive import BackupRefusedError, entry, is_backup, sha256_of

# Of the data folder: Prefect's own database, the demonstration and what a running Dondoc keeps for itself are no
# records of the office; a backup is in no other backup.
LEFT_OUT = frozenset({"prefect", "demo", "backups", "measured", "up.json", "up.lock"})
# The key that signs sessions: a new one is made where it is missing, and everybody signs in again.
_SECRETS = frozenset({"session.key"})
_UNFINISHED = (".partial", "-wal", "-shm", "-journal")
_WAITING = ".restoring-"
# A folder that is a disk of its own has one, which root alone can read.
_THE_DISKS_OWN = "lost+found"
# A sweep moves a workbook from its agency's folder to the first of these, and from there to one of the others.
_MOVED_TO = ("taking", "done", "rejected")
_BLOCK = 1024 * 1024
_SHOWN = 3
_ESCAPED = "escaped"

Folders = Mapping[str, Path]


def write_files(
    archive: ZipFile, folders: Folders, *, without: Path | None
) -> tuple[dict[str, dict[str, Any]], list[Path]]:
    """Pack every file of `folders` (name → place) but the database `without`; return size, digest and age of each.

    A folder that lies in another is packed under its own name, once. A file moved within its folder meanwhile is packed
    where it is met, perhaps twice; one taken away is passed over. Beside them, the files left out because they are
    backups themselves. Raises BackupRefusedError for what cannot be read: nothing is left out unsaid.
    """
    written: dict[str, dict[str, Any]] = {}
    skipped: list[Path] = []
    for name, root in folders.items():
        others = {place.resolve() for other, place in folders.items() if other != name}
        walk = _Walk(root.resolve(), others, without, LEFT_OUT if name == "data" else frozenset())
        for path in walk.until_all_is_met():
            below = path.relative_to(walk.root).as_posix()
            packed = _packed_name(below)
            try:
                if is_backup(path):
                    skipped.append(path)
                else:
                    part = f"files/{name}/{packed}"
                    escaped = {} if packed == below else {_ESCAPED: True}
                    written[part] = _pack(archive, part, path) | escaped
            except FileNotFoundError:
                walk.moved_away(path)
            except PermissionError as error:
                raise _unreadable(error) from error
    return written, skipped


def wanted_files(stated: Mapping[str, Mapping[str, Any]], folders: Folders) -> dict[str, Mapping[str, Any]]:
    """Return those of a backup's files that belong into `folders` and are ever packed: no keys, nothing half done."""
    wanted = {}
    for part, what in stated.items():
        _, folder, *below = _path_in(part, what).parts
        left_out = (folder == "data" and below[0] in LEFT_OUT) or _is_no_record(below[-1])
        if folder in folders and not left_out:
            wanted[part] = what
    return wanted


@contextmanager
def unpacked(archive: ZipFile, files: Mapping[str, Mapping[str, Any]], folders: Folders) -> Iterator["Unpacked"]:
    """Unpack `files` beside their places, each checked against its digest; nothing takes its place yet.

    Raises BackupRefusedError when a part is damaged, belongs to no folder, or another file stands in its place.
    """
    paths = {name: _path_in(name, stated) for name, stated in files.items()}
    places = {name: folders[path.parts[1]].resolve().joinpath(*path.parts[2:]) for name, path in paths.items()}
    taken = [shown(place) for name, place in places.items() if _is_other(place, files[name]["sha256"])]
    if taken:
        raise BackupRefusedError("backup.files_in_the_way", count=len(taken), files=", ".join(taken[:_SHOWN]))
    missing = {name: place for name, place in places.items() if not place.exists()}
    roots = {name: folders[paths[name].parts[1]] for name in missing}
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


class _Walk:
    """A walk through a folder in which others go on working: each path is given once."""

    def __init__(self, root: Path, others: set[Path], without: Path | None, left_out: frozenset[str]) -> None:
        self.root, self._others, self._without, self._left_out = root, others, without, left_out
        self._met: set[Path] = set()
        self._all_stood_still = False

    def until_all_is_met(self) -> Iterator[Path]:
        """Give the files, from where they come to where they go; again, until nothing is new and nothing moved away."""
        before = -1
        while before < len(self._met) or not self._all_stood_still:
            before, self._all_stood_still = len(self._met), True
            for path in self._files():
                if path not in self._met:
                    self._met.add(path)
                    yield path

    def moved_away(self, path: Path) -> None:
        """Learn that a file given was gone: it is looked for again, there too."""
        self._met.discard(path)
        self._all_stood_still = False

    def _files(self) -> Iterator[Path]:
        for folder, below, names in os.walk(self.root, onerror=self._failed):
            here = Path(folder)
            below[:] = sorted((one for one in below if not self._is_left_out(here / one)), key=_sources_first)
            for path in (here / name for name in sorted(names) if not _is_no_record(name)):
                if path != self._without and not self._is_left_out(path) and self._is_file(path):
                    yield path

    def _is_left_out(self, path: Path) -> bool:
        if path in self._others or path.name.startswith(_WAITING) or path.is_symlink():
            return True
        return path.parent == self.root and path.name in {*self._left_out, _THE_DISKS_OWN}

    def _is_file(self, path: Path) -> bool:
        try:
            return S_ISREG(path.lstat().st_mode)
        except OSError as error:
            self._failed(error)
            return False

    def _failed(self, error: OSError) -> None:
        """Remember what was moved away under the walk; the folder itself may be missing from the beginning."""
        if not isinstance(error, FileNotFoundError):
            raise _unreadable(error) from error
        if Path(error.filename) != self.root:
            self._all_stood_still = False


def _sources_first(folder: str) -> tuple[int, str]:
    return (_MOVED_TO.index(folder) if folder in _MOVED_TO else -1, folder)


def _is_no_record(name: str) -> bool:
    return name in _SECRETS or name.endswith(_UNFINISHED)


def _unreadable(error: OSError) -> BackupRefusedError:
    return BackupRefusedError("backup.unreadable", file=shown(error.filename), reason=error.strerror)


def shown(path: Path | str) -> str:
    """Return a path as it can be printed, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def _packed_name(name: str) -> str:
    """Return a name as it can stand in a zip: itself, or escaped where it is not UTF-8 or may look escaped."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return quote(os.fsencode(name))
    return quote(name) if "%" in name else name


def _path_in(part: str, stated: Mapping[str, Any]) -> PurePosixPath:
    """Return what a part of a backup stands for: "files", the folder's name, and the path below it."""
    path = PurePosixPath(os.fsdecode(unquote_to_bytes(part)) if stated.get(_ESCAPED) else part)
    begins, *below = path.parts or ("",)
    if begins != "files" or len(below) < len(("folder", "name")) or ".." in below or "\0" in str(path):
        raise BackupRefusedError("backup.damaged", part=shown(part))
    return path


def _pack(archive: ZipFile, part: str, path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as found, archive.open(entry(part), "w", force_zip64=True) as member:
        changed_at = datetime.fromtimestamp(os.fstat(found.fileno()).st_mtime, UTC)
        while block := found.read(_BLOCK):
            digest.update(block)
            member.write(block)
            size += len(block)
    return {"bytes": size, "sha256": digest.hexdigest(), "changed_at": changed_at.isoformat()}


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
