"""The database's part of a backup: one file of JSON lines per table, the same from SQLite and from PostgreSQL."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import IO, Any
from zipfile import ZipFile

from sqlalchemy import Date, DateTime, LargeBinary, Table, delete, func, select
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from models.account_tables import BY_INIT, Account, AccountState
from models.backup_archive import BackupRefusedError, entry
from models.columns import table_of
from models.outcome_tables import AuditEntry
from models.schema import facts_may_be_changed
from models.tables import METADATA, register_tables

_CHUNK = 1000
_REFERENCE = {table.__tablename__ for table in vars(register_tables).values() if hasattr(table, "__tablename__")}
# What `dondoc init` leaves beside the reference data, one row of each: the first administrator, and who wrote it down.
_FIRST_ADMINISTRATOR = {
    table_of(model).name: writer
    for model, writer in ((Account, "created_by"), (AccountState, "recorded_by"), (AuditEntry, "by"))
}


def write_tables(archive: ZipFile, session: Session) -> dict[str, dict[str, object]]:
    """Write every table as the session's moment sees it; return the rows and the digest of each."""
    return {table.name: _write(archive, session, table) for table in METADATA.sorted_tables}


def altered_tables(archive: ZipFile, digests: dict[str, str]) -> list[str]:
    """Name the tables whose file is not the one `digests` tell of; a missing file or digest raises LookupError."""
    return [table.name for table in METADATA.sorted_tables if _digest(archive, table) != digests[table.name]]


def empty(session: Session) -> None:
    """Refuse a database with facts; take out what `dondoc init` put in and the backup brings its own of."""
    for table in METADATA.sorted_tables:
        if table.name not in _REFERENCE and not _is_fresh(session, table):
            raise BackupRefusedError("backup.not_empty", table=table.name)
    facts_may_be_changed(session.connection())
    for table in reversed(METADATA.sorted_tables):
        if table.name in _REFERENCE or table.name in _FIRST_ADMINISTRATOR:
            session.execute(delete(table))


def _is_fresh(session: Session, table: Table) -> bool:
    """Whether a table of facts holds nothing but what `dondoc init` wrote of the first administrator."""
    rows = session.execute(select(table).limit(2)).mappings().all()
    writer = _FIRST_ADMINISTRATOR.get(table.name)
    return not rows or (writer is not None and [row[writer] for row in rows] == [BY_INIT])


def fill(session: Session, archive: ZipFile) -> None:
    """Insert every row, and let PostgreSQL go on counting after them."""
    for table in METADATA.sorted_tables:
        with archive.open(_name_of(table)) as member:
            for rows in _chunks(member, table):
                session.execute(table.insert(), rows)
        _reset_sequence(session, table)


def _write(archive: ZipFile, session: Session, table: Table) -> dict[str, object]:
    digest, rows = hashlib.sha256(), 0
    with archive.open(entry(_name_of(table)), "w", force_zip64=True) as member:
        found = session.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=_CHUNK))
        for row in found.mappings():
            line = json.dumps(dict(row), ensure_ascii=False, default=_as_text).encode() + b"\n"
            digest.update(line)
            member.write(line)
            rows += 1
    return {"rows": rows, "sha256": digest.hexdigest()}


def _digest(archive: ZipFile, table: Table) -> str:
    with archive.open(_name_of(table)) as member:
        return hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]


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


def _as_text(value: date | datetime | bytes) -> str:
    return b64encode(value).decode("ascii") if isinstance(value, bytes) else value.isoformat()


def _name_of(table: Table) -> str:
    return f"tables/{table.name}.jsonl"
