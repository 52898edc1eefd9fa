"""Put generated rows into the product's own tables in bulk: executemany on SQLite, COPY on PostgreSQL."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import chain
from types import TracebackType
from typing import Any, Self

from pydantic.fields import FieldInfo
from sqlalchemy import text
from sqlmodel import SQLModel

from models.store import Store
from models.tables import METADATA

Row = Mapping[str, Any]
_AT_ONCE = 20_000
_MODELS = {str(getattr(model, "__tablename__", "")): model for model in SQLModel.__subclasses__()}


class Loader:
    """Collects rows by table and writes them in one transaction; foreign keys are not checked, the rows hold them.

    All rows of a table have the same keys; a column they leave out takes the model's default.
    """

    def __init__(self, store: Store) -> None:
        """Write into `store`, whose schema stands."""
        store.close()  # no other connection: the journal is turned off for the time of loading
        self._engine = store.engine
        self._is_sqlite = store.engine.dialect.name == "sqlite"
        self._connection = store.engine.raw_connection()
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}
        self._defaults: dict[str, dict[str, Any]] = {}
        self._names: dict[str, list[str]] = {}

    def __enter__(self) -> Self:
        """Begin the transaction."""
        cursor = self._connection.cursor()
        if self._is_sqlite:
            for setting in ("foreign_keys", "synchronous", "journal_mode"):
                cursor.execute(f"PRAGMA {setting} = OFF")
            cursor.execute("BEGIN")
        else:
            cursor.execute("SET session_replication_role = replica")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Write what waits and commit; PostgreSQL's planner looks at the tables, as it would by itself in time."""
        if kind is None:
            for table in self._waiting:
                self._write(table)
            self._connection.commit()
        self._connection.invalidate()
        if kind is None and not self._is_sqlite:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """Take rows of a table; a table's ids count from 1 where its rows name none."""
        coming = iter(rows)
        first = next(coming, None)
        if first is None:
            return
        if table not in self._names:
            self._defaults[table] = {name: _plain(value) for name, value in _left_out(table, first).items()}
            self._names[table] = [*first, *self._defaults[table]]
        defaults, waiting = tuple(self._defaults[table].values()), self._waiting.setdefault(table, [])
        waiting.extend((*map(_plain, row.values()), *defaults) for row in chain([first], coming))
        if len(waiting) >= _AT_ONCE:
            self._write(table)

    def _write(self, table: str) -> None:
        rows, names = self._waiting[table], ", ".join(f'"{name}"' for name in self._names[table])
        cursor: Any = self._connection.cursor()
        if self._is_sqlite:
            marks = ", ".join("?" * len(self._names[table]))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608 - our own names
        else:
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                copy.write("".join(map(_line, rows)))
        rows.clear()


def _left_out(table: str, row: Row) -> dict[str, Any]:
    """Return the columns that may not be null and stand in no row, with the value they take."""
    fields = _MODELS[table].model_fields
    missing = [
        c.name for c in METADATA.tables[table].columns if not c.nullable and c.name not in row and c.name != "id"
    ]
    return {name: _default(fields[name]) for name in missing}


def _default(field: FieldInfo) -> Any:
    """Return a field's default; a required one is empty: "" or 0."""
    empty: Any = field.annotation
    return empty() if field.is_required() else field.get_default(call_default_factory=True)


def _plain(value: Any) -> Any:
    """Return a value as SQLite keeps it; PostgreSQL reads the same texts."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return json.dumps(value) if isinstance(value, dict) else value


def _line(row: tuple[Any, ...]) -> str:
    return "\t".join("\\N" if value is None else str(value) for value in row) + "\n"
