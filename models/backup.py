"""Backup and restore: the whole store as one zip of JSON lines, the same from SQLite and from PostgreSQL.

The zip holds `manifest.json` and one `tables/<name>.jsonl` per table. The manifest names the schema's revision, the
digest of every table file, and the status totals on the day of the backup; a restore must count the same.
"""

import hashlib
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from sqlalchemy import Date, DateTime, LargeBinary, Table, delete, func, select
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from models.kinds import kinds_of
from models.opening import stored_revision
from models.question import Question
from models.reference import calendar_of, milestones_of, register_of
from models.status import WARNING_WORKING_DAYS
from models.status_totals import counts_of, tallies
from models.store import Store
from models.tables import METADATA, register_tables
from rules.status import AskedAbout, CompletionLevel
from texts import SaidError
from texts.wording import HANOI

FORMAT = "dondoc-backup/1"
_MANIFEST = "manifest.json"
_CHUNK = 1000
_A_FIXED_DAY = (1980, 1, 1, 0, 0, 0)
_REFERENCE = {table.__tablename__ for table in vars(register_tables).values() if hasattr(table, "__tablename__")}

# What reading an altered zip and its JSON can raise.
_DAMAGE = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError)

Totals = Mapping[str, int]


class BackupRefusedError(SaidError):
    """A backup cannot be written or restored; the message says what was found and what to do next."""


@dataclass(frozen=True)
class BackupMade:
    """The file written, its digest, and the status totals it holds."""

    file: Path
    sha256: str
    totals: Totals


@dataclass(frozen=True)
class Restored:
    """The file restored, its digest, and the status totals counted from what was restored."""

    file: Path
    sha256: str
    totals: Totals


def backup(store: Store, file: Path, *, now: datetime) -> BackupMade:
    """Write every table, as of one moment, to the new zip `file`; `now` (aware) dates it and the totals.

    Raises BackupRefusedError when `file` exists or the database has no schema. Uploaded workbooks and the files of
    editions lie outside the database and are not in it.
    """
    if file.exists():
        raise BackupRefusedError("backup.file_exists", file=file)
    revision = _revision(store)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    with ZipFile(partial, "w", ZIP_DEFLATED) as archive, store.reading() as session:
        tables = {table.name: _write_table(archive, session, table) for table in METADATA.sorted_tables}
        totals = _totals(session, now.astimezone(HANOI).date(), now)
        manifest = {
            "format": FORMAT,
            "created_at": now.astimezone(UTC).isoformat(),
            "revision": revision,
            "tables": tables,
            "totals": totals,
        }
        archive.writestr(ZipInfo(_MANIFEST, _A_FIXED_DAY), json.dumps(manifest, ensure_ascii=False, indent=2))
    partial.replace(file)
    return BackupMade(file, _sha256_of(file), totals)


def restore(store: Store, file: Path) -> Restored:
    """Fill a migrated database that holds no facts yet from the zip `file`, in one transaction.

    Everything is verified before the first row is written, and the totals once more after the last: raises
    BackupRefusedError, leaving the database as it was, when the file is damaged, of another revision, or the database
    is not empty. Reference data already loaded is replaced by the backup's.
    """
    with _opened(file) as archive:
        manifest = _verified(archive)
        _same_revision(_revision(store), manifest["revision"])
        with store.writing() as session:
            _empty(session)
            _fill(session, archive)
            _same_totals(session, manifest)
    return Restored(file, _sha256_of(file), manifest["totals"])


def _revision(store: Store) -> str:
    revision = stored_revision(store)
    if revision is None:
        raise BackupRefusedError("backup.no_schema", database=store)
    return revision


def _same_revision(here: str, there: str) -> None:
    if here != there:
        raise BackupRefusedError("backup.other_revision", backup=there, database=here)


def _write_table(archive: ZipFile, session: Session, table: Table) -> dict[str, object]:
    digest, rows = hashlib.sha256(), 0
    entry = ZipInfo(_name_of(table), _A_FIXED_DAY)
    entry.compress_type = ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as member:
        found = session.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=_CHUNK))
        for row in found.mappings():
            line = json.dumps(dict(row), ensure_ascii=False, default=_as_text).encode() + b"\n"
            digest.update(line)
            member.write(line)
            rows += 1
    return {"rows": rows, "sha256": digest.hexdigest()}


def _opened(file: Path) -> ZipFile:
    try:
        return ZipFile(file)
    except FileNotFoundError:
        raise BackupRefusedError("backup.no_file", file=file) from None
    except (BadZipFile, OSError) as error:
        raise BackupRefusedError("backup.damaged", part=error) from error


def _verified(archive: ZipFile) -> dict[str, Any]:
    """Return the manifest once every table file is there, is ours, and has its digest."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        found, digests = manifest["format"], {name: table["sha256"] for name, table in manifest["tables"].items()}
        altered = [table.name for table in METADATA.sorted_tables if _digest(archive, table) != digests[table.name]]
    except _DAMAGE as error:
        raise BackupRefusedError("backup.damaged", part=error) from error
    if found != FORMAT:
        raise BackupRefusedError("backup.other_format", found=found, wanted=FORMAT)
    if altered:
        raise BackupRefusedError("backup.damaged", part=", ".join(altered))
    return manifest


def _digest(archive: ZipFile, table: Table) -> str:
    with archive.open(_name_of(table)) as member:
        return _sha256(member)


def _empty(session: Session) -> None:
    """Refuse a database with facts; take out the reference data the backup brings its own of."""
    for table in METADATA.sorted_tables:
        if table.name not in _REFERENCE and session.execute(select(table).limit(1)).first():
            raise BackupRefusedError("backup.not_empty", table=table.name)
    for table in reversed(METADATA.sorted_tables):
        if table.name in _REFERENCE:
            session.execute(delete(table))


def _fill(session: Session, archive: ZipFile) -> None:
    for table in METADATA.sorted_tables:
        with archive.open(_name_of(table)) as member:
            for rows in _chunks(member, table):
                session.execute(table.insert(), rows)
        _reset_sequence(session, table)


def _chunks(lines: IO[bytes], table: Table) -> Iterator[list[dict[str, Any]]]:
    readers = {column.name: _reader(column.type) for column in table.columns}
    rows: list[dict[str, Any]] = []
    for line in lines:
        rows.append({name: readers[name](value) for name, value in json.loads(line).items()})
        if len(rows) == _CHUNK:
            yield rows
            rows = []
    if rows:
        yield rows


def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return what turns a column's JSON value back into its Python value."""
    plain = kind.impl if isinstance(kind, TypeDecorator) else kind
    if isinstance(plain, DateTime):
        return lambda value: None if value is None else datetime.fromisoformat(value)
    if isinstance(plain, Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    if isinstance(plain, LargeBinary):
        return lambda value: None if value is None else b64decode(value)
    return lambda value: value


def _reset_sequence(session: Session, table: Table) -> None:
    if session.get_bind().dialect.name != "postgresql" or table.autoincrement_column is None:
        return
    column = table.autoincrement_column
    next_id = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
    session.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), next_id, False)))  # noqa: FBT003


def _totals(session: Session, as_of: date, known_at: datetime) -> dict[str, Any]:
    """Count the assignments by status in the transaction at hand."""
    window = AskedAbout(as_of, calendar_of(session).add_working_days(as_of, WARNING_WORKING_DAYS))
    level, register = CompletionLevel.EVIDENCED, register_of(session)
    question = Question(window, known_at, level, register, kinds=kinds_of(session))
    return dict(counts_of(tallies(session, question, milestones_of(session))))


def _same_totals(session: Session, manifest: dict[str, Any]) -> None:
    known_at = datetime.fromisoformat(manifest["created_at"])
    counted = _totals(session, known_at.astimezone(HANOI).date(), known_at)
    if counted != manifest["totals"]:
        raise BackupRefusedError("backup.other_totals", backup=manifest["totals"], database=counted)


def _as_text(value: date | datetime | bytes) -> str:
    return b64encode(value).decode("ascii") if isinstance(value, bytes) else value.isoformat()


def _name_of(table: Table) -> str:
    return f"tables/{table.name}.jsonl"


def _sha256(stream: IO[bytes]) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _sha256_of(file: Path) -> str:
    with file.open("rb") as stream:
        return _sha256(stream)
