"""The file a backup is: a zip anybody can open, sealed by the digest of all its bytes, encrypted where a key is given.

The digest stands in the zip's comment: a byte changed anywhere, or a cut, shows before anything is read from it.
"""

import hashlib
import io
import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo, is_zipfile

from models.backup_cipher import CHUNK, MAGIC, AlteredError, Decrypting, Encrypting, WrongKeyError
from texts import SaidError

MANIFEST = "manifest.json"
FORMAT = "dondoc-backup/2"
A_FIXED_DAY = (1980, 1, 1, 0, 0, 0)
_SEAL_BEGINS = b"sha256:"
_SEAL = len(_SEAL_BEGINS) + hashlib.sha256().digest_size * 2
_OWNER_ONLY = 0o600

# What reading an altered zip and its JSON can raise.
DAMAGE = (
    BadZipFile, zlib.error, AlteredError, EOFError, OSError, RuntimeError, ValueError, LookupError, TypeError,
    AttributeError,
)  # fmt: skip


class BackupRefusedError(SaidError):
    """A backup cannot be written or restored; the message says what was found and what to do next."""


@contextmanager
def written_archive(file: Path, key: str | None) -> Iterator[ZipFile]:
    """Give a zip to fill; `file` appears, readable by its owner alone, when all of it is written and sealed."""
    if file.exists():
        raise BackupRefusedError("backup.file_exists", file=file)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    try:
        with partial.open("wb") as out:
            partial.chmod(_OWNER_ONLY)
            encrypting = Encrypting(out, key) if key else None
            sealing = _Sealing((encrypting or out).write)
            with ZipFile(cast("IO[bytes]", sealing), "w", ZIP_DEFLATED) as archive:
                archive.comment = bytes(_SEAL)
                yield archive
            sealing.finish()
            if encrypting:
                encrypting.finish()
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(file)
    _name_is_kept(file.parent)


@contextmanager
def opened_archive(file: Path, key: str | None, *, plain_too: bool = False) -> Iterator[ZipFile]:
    """Give the zip in `file` once every byte of it is known to be as it was written.

    Where there is a `key`, a file that anybody could have written is refused, unless `plain_too`.
    """
    with _opened(file) as held:
        plain = _plain(held, key)
        try:
            _check_seal(plain)
            archive = ZipFile(plain)
        except DAMAGE as error:
            raise BackupRefusedError("backup.damaged", part=file.name) from error
        if key and plain is held and not plain_too:
            raise BackupRefusedError("backup.not_encrypted")
        with archive:
            yield archive


def entry(name: str) -> ZipInfo:
    """Return what a part of the zip is called and how it is packed: the same whenever it is written."""
    found = ZipInfo(name, A_FIXED_DAY)
    found.compress_type = ZIP_DEFLATED
    return found


def is_backup(file: Path) -> bool:
    """Say whether a file is itself a backup, plain or encrypted; a workbook that only bears our mark is none."""
    with file.open("rb") as held:
        if held.read(len(MAGIC)) == MAGIC:
            return not is_zipfile(held)
        size = held.seek(0, io.SEEK_END)
        held.seek(max(0, size - _SEAL))
        if not held.read().startswith(_SEAL_BEGINS):
            return False
        try:
            _check_seal(held)
            with ZipFile(held) as archive:
                return str(json.loads(archive.read(MANIFEST))["format"]).startswith(FORMAT.partition("/")[0])
        except DAMAGE:
            return False


def sha256_of(file: Path) -> str:
    """Return the digest of a file."""
    with file.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


class _Sealing:
    """A stream that keeps back its last bytes, the zip's empty comment, and writes the digest of the rest there."""

    def __init__(self, write: Callable[[bytes], int]) -> None:
        self._write, self._kept, self._digest = write, b"", hashlib.sha256()

    def write(self, data: bytes) -> int:
        together = self._kept + data
        sure, self._kept = together[:-_SEAL], together[-_SEAL:]
        self._digest.update(sure)
        self._write(sure)
        return len(data)

    def flush(self) -> None:
        """Do nothing: the file below is flushed when it is closed."""

    def finish(self) -> None:
        assert self._kept == bytes(_SEAL), "the zip ends with its comment"
        self._write(_SEAL_BEGINS + self._digest.hexdigest().encode())


def _opened(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except FileNotFoundError:
        raise BackupRefusedError("backup.no_file", file=file) from None
    except OSError as error:
        raise BackupRefusedError("backup.unreadable", file=file, reason=error.strerror) from error


def _name_is_kept(folder: Path) -> None:
    """Have the disk keep a folder's newest name too."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _plain(held: IO[bytes], key: str | None) -> IO[bytes]:
    """Return the plain bytes of a file, decrypted as they are read where it is encrypted."""
    begins = held.read(len(MAGIC))
    held.seek(0)
    if begins != MAGIC:
        return held
    if not key:
        raise BackupRefusedError("backup.needs_key")
    try:
        return io.BufferedReader(Decrypting(held, key), CHUNK)
    except WrongKeyError:
        raise BackupRefusedError("backup.wrong_key") from None
    except AlteredError as error:
        raise BackupRefusedError("backup.damaged", part="header") from error


def _check_seal(plain: IO[bytes]) -> None:
    """Raise ValueError unless the last bytes are the digest of all before them."""
    left = plain.seek(0, io.SEEK_END) - _SEAL
    plain.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (part := plain.read(min(left, CHUNK))):
        digest.update(part)
        left -= len(part)
    if left or plain.read() != _SEAL_BEGINS + digest.hexdigest().encode():
        raise ValueError("not sealed")
    plain.seek(0)
