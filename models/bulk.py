"""Append many rows to a table as fast as the database takes them, with ids of our own.

For a writer that holds the lock under which the tables are written (`Store.writing` on SQLite, a table lock on
PostgreSQL): nobody else may take ids meanwhile. Everything happens in the session's transaction.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import JSON, Boolean, ColumnElement, Date, DateTime, Table, between, exists, func, select, text
from sqlmodel import Session, SQLModel

from models.columns import REFERS_TO, table_of

Columns = Mapping[str, Iterable[Any]]
_FEW = 5000


class JsonText(str):
    """A value of a JSON column that is written out already."""

    __slots__ = ()


class MissingReferenceError(Exception):
    """Rows were appended that name rows which do not exist: a fault in Dondoc, and nothing of the batch is kept."""


def next_id(session: Session, model: type[SQLModel]) -> int:
    """Return the first id after all the table has."""
    highest: int | None = session.scalar(select(func.max(table_of(model).c.id)))
    return (highest or 0) + 1


def append(session: Session, model: type[SQLModel], columns: Columns) -> None:
    """Append rows given column by column, the shortest column deciding how many; other columns stay empty.

    Dates, booleans and JSON (unless it is `JsonText`) are converted; an instant is not a bulk value and raises
    TypeError. With a column `id`, the ids the database gives itself go on after the highest.
    """
    table = table_of(model)
    session.flush()
    rows = zip(*(_plain(table, name, values) for name, values in columns.items()), strict=False)
    if session.get_bind().dialect.name == "postgresql":
        _copy(session, table, columns, rows)
    else:
        _insert(session, table, columns, rows)


def check_references(session: Session, model: type[SQLModel], *, since: int) -> None:
    """Check that the rows from id `since` on name rows that exist; raises MissingReferenceError when one does not.

    One query per column declared with `refers_to`, instead of one look-up per row and column.
    """
    table = table_of(model)
    appended = _appended(session, model, since)
    for column in table.columns:
        if REFERS_TO in column.info:
            parent, key = column.info[REFERS_TO].split(".")
            referred = SQLModel.metadata.tables[parent].c[key]
            known = exists().where(referred == column)
            # The lowest of all, not the first found: asked for one row, PostgreSQL would look up each by itself.
            missing = session.scalar(select(func.min(column)).where(appended, ~known))
            if missing is not None:
                message = f"{table.name}.{column.name} names {column.info[REFERS_TO]} {missing}"
                raise MissingReferenceError(message)


def _appended(session: Session, model: type[SQLModel], since: int) -> ColumnElement[bool]:
    """Choose the rows from id `since` on, so that few are looked up each and many are compared as a whole.

    Of a table that just grew PostgreSQL knows nothing yet: it takes a range with one end for a third of the table and
    reads it whole, one with two ends for a two-hundredth.
    """
    id_, end = table_of(model).c.id, next_id(session, model)
    return between(id_, since, end - 1) if end - since < _FEW else id_ >= since


def _insert(session: Session, table: Table, names: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    names = list(names)
    marks = ", ".join("?" * len(names))
    driver: Any = session.connection().connection.driver_connection
    driver.executemany(f"INSERT INTO {table.name} ({_quoted(names)}) VALUES ({marks})", rows)  # noqa: S608 - our names


def _copy(session: Session, table: Table, names: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    written = False
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({_quoted(names)}) FROM STDIN") as copy:
        for row in rows:
            written = True
            copy.write_row(row)
    if written and "id" in names:
        sequence, highest = f"pg_get_serial_sequence('{table.name}', 'id')", f"SELECT max(id) FROM {table.name}"  # noqa: S608
        session.execute(text(f"SELECT setval({sequence}, ({highest}))"))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _plain(table: Table, name: str, values: Iterable[Any]) -> Iterable[Any]:
    """Return values both drivers take as they are: text, numbers, None."""
    kind = table.c[name].type
    if isinstance(kind, JSON):
        return (value if type(value) is JsonText else json.dumps(value) for value in values)
    if isinstance(kind, Date):
        return map(_day, values)
    if isinstance(kind, Boolean):
        return (None if value is None else int(value) for value in values)
    if isinstance(getattr(kind, "impl", kind), DateTime):
        message = f"{table.name}.{name} holds instants"
        raise TypeError(message)
    return values


@cache
def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
