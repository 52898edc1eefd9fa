"""Backup and restore: the whole installation as one sealed zip, the same from SQLite and from PostgreSQL.

The zip holds `manifest.json`, the database (`tables/<name>.jsonl`, one file of JSON lines per table) and the files
beside it (`files/<folder>/…`). The manifest names Dondoc's version, the schema's revision, the digest of every part,
the heads of the chains that seal what was sent and decided, and the status totals on the day of the backup; a restore
must come to the same.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sqlmodel import Session

from models.backup_archive import (
    DAMAGE,
    FORMAT,
    MANIFEST,
    BackupRefusedError,
    entry,
    opened_archive,
    sha256_of,
    written_archive,
)
from models.backup_files import Folders, unpacked, wanted_files, write_files
from models.backup_rows import altered_tables, empty, fill, write_tables
from models.chain import walk
from models.kinds import kinds_of
from models.opening import stored_revision
from models.outcome_tables import AuditEntry, Delivery
from models.question import Question
from models.reference import calendar_of, milestones_of, register_of
from models.status import WARNING_WORKING_DAYS
from models.status_totals import counts_of, tallies
from models.store import Store
from rules.status import AskedAbout, CompletionLevel
from texts.wording import HANOI

_NO_FOLDERS: Folders = {}

Totals = Mapping[str, int]


@dataclass(frozen=True)
class BackupMade:
    """The file written, its digest, the status totals and the chains' heads it holds, and how many files.

    `skipped` are the files left out because they are backups themselves.
    """

    file: Path
    sha256: str
    totals: Totals
    chains: Mapping[str, Mapping[str, Any]]
    files: int
    skipped: Sequence[Path] = ()


@dataclass(frozen=True)
class Restored(BackupMade):
    """The same of the file restored, as found in what was restored."""


def backup(
    store: Store, file: Path, *, now: datetime, folders: Folders = _NO_FOLDERS, key: str | None = None
) -> BackupMade:
    """Write every table, as of one moment, and the files of `folders` (name → place) to the new zip `file`.

    `now` (aware) dates it and the totals. Others may go on working: the tables are read in one transaction, the files
    after it, so that none the database knows of is missing. With `key` the file is encrypted. Raises
    BackupRefusedError when `file` exists, the database has no schema or something in the folders cannot be read.
    """
    revision = _revision(store)
    with written_archive(file, key) as archive:
        with store.reading() as session:
            manifest = {
                "format": FORMAT,
                "version": version("dondoc"),
                "created_at": now.astimezone(UTC).isoformat(),
                "revision": revision,
                "tables": write_tables(archive, session),
                **_account(session, now),
            }
        manifest["files"], skipped = write_files(archive, folders, without=_database_file(store))
        archive.writestr(entry(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=2))
    return BackupMade(file, sha256_of(file), manifest["totals"], manifest["chains"], len(manifest["files"]), skipped)


def restore(
    store: Store, file: Path, *, folders: Folders = _NO_FOLDERS, key: str | None = None, plain_too: bool = False
) -> Restored:
    """Fill a database fresh from `dondoc init`, and `folders` (name → place), from the backup `file`.

    Everything is verified before the first row is written, and totals and chains once more after the last; the files
    take their places just before the rows are committed, and one that stands there already is never replaced by
    another. Raises BackupRefusedError, leaving all as it was, when the file is damaged or encrypted under another key
    (or, where there is a key, not at all, unless `plain_too`), of another revision, or the place is not fresh. What
    `init` put in, the first administrator too, is replaced by the backup's; folders the caller does not name stay in
    the backup.
    """
    with opened_archive(file, key, plain_too=plain_too) as archive:
        manifest = _verified(archive)
        _same_revision(_revision(store), manifest["revision"])
        wanted = wanted_files(manifest["files"], folders)
        with unpacked(archive, wanted, folders) as files, store.writing() as session:
            empty(session)
            fill(session, archive)
            _same_account(session, manifest)
            files.put_in_place()
    return Restored(file, sha256_of(file), manifest["totals"], manifest["chains"], len(wanted))


def _revision(store: Store) -> str:
    revision = stored_revision(store)
    if revision is None:
        raise BackupRefusedError("backup.no_schema", database=store.url.render_as_string(hide_password=True))
    return revision


def _same_revision(here: str, there: str) -> None:
    if here != there:
        raise BackupRefusedError("backup.other_revision", backup=there, database=here)


def _database_file(store: Store) -> Path | None:
    if store.url.get_backend_name() != "sqlite" or not store.url.database:
        return None
    return Path(store.url.database).resolve()


def _verified(archive: ZipFile) -> dict[str, Any]:
    """Return the manifest once it is of this format and every table file is there and has its digest."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        found = manifest["format"]
        if found != FORMAT:
            raise BackupRefusedError("backup.other_format", found=found, wanted=FORMAT)
        altered = altered_tables(archive, {name: table["sha256"] for name, table in manifest["tables"].items()})
        missing = set(manifest["files"]) - set(archive.namelist())
        _see_what_is_used(manifest)
    except DAMAGE as error:
        raise BackupRefusedError("backup.damaged", part=MANIFEST) from error
    if altered or missing:
        raise BackupRefusedError("backup.damaged", part=", ".join([*altered, *sorted(missing)][:5]))
    return manifest


def _see_what_is_used(manifest: dict[str, Any]) -> None:
    """Raise LookupError, TypeError or ValueError unless a manifest states all a restore goes by."""
    instants = [manifest["created_at"], *(stated["changed_at"] for stated in manifest["files"].values())]
    if any(datetime.fromisoformat(instant).tzinfo is None for instant in instants):
        raise ValueError("an instant without its zone")
    _ = manifest["revision"], manifest["totals"], manifest["chains"], [f["sha256"] for f in manifest["files"].values()]


def _account(session: Session, known_at: datetime) -> dict[str, Any]:
    """Count the assignments by status and name the chains' heads, in the transaction at hand."""
    found = (walk(session, model) for model in (Delivery, AuditEntry))
    chains = {chain.table: {name: value for name, value in asdict(chain).items() if name != "table"} for chain in found}
    return {"totals": _totals(session, known_at.astimezone(HANOI).date(), known_at), "chains": chains}


def _totals(session: Session, as_of: date, known_at: datetime) -> dict[str, Any]:
    window = AskedAbout(as_of, calendar_of(session).add_working_days(as_of, WARNING_WORKING_DAYS))
    level, register = CompletionLevel.EVIDENCED, register_of(session)
    question = Question(window, known_at, level, register, kinds=kinds_of(session))
    return dict(counts_of(tallies(session, question, milestones_of(session))))


def _same_account(session: Session, manifest: dict[str, Any]) -> None:
    """Raise BackupRefusedError unless what was filled in counts and is sealed as the manifest says."""
    counted = _account(session, datetime.fromisoformat(manifest["created_at"]))
    for part, key in (("totals", "backup.other_totals"), ("chains", "backup.other_chains")):
        if counted[part] != manifest[part]:
            raise BackupRefusedError(key, backup=manifest[part], database=counted[part])
