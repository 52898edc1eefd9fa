"""Column types shared by the tables: aware instants and JSON, the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

REFERS_TO = "refers_to"

# Rows come from the store or from code that mypy has read: what would validate them is made when somebody asks for it.
SQLModel.model_config["defer_build"] = True
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into UTC (without zone on SQLite, which has none)."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"an instant needs a zone, got naive {value!r}"
            raise ValueError(message)
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give back an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def instant(*, nullable: bool = False, index: bool = False, primary_key: bool = False) -> Column[Any]:
    """Return a column for an aware instant."""
    return Column(Instant(), nullable=nullable, index=index, primary_key=primary_key)


def json_column(*, server_default: str | None = None) -> Column[Any]:
    """Return a JSON column that is never null (JSONB on PostgreSQL); rows from before it get `server_default`."""
    return Column(JSON().with_variant(JSONB(), "postgresql"), nullable=False, server_default=server_default)


def refers_to(column: str, *, index: bool = False) -> Any:
    """Return a field that names a row of another table by `column` ("task.id"), checked once per batch."""
    return Field(index=index, sa_column_kwargs={"info": {REFERS_TO: column}})


def table_of(model: type[SQLModel]) -> Table:
    """Return the table behind a model, for queries written in columns."""
    return SQLModel.metadata.tables[str(model.__tablename__)]
