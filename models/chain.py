"""The chain that seals deliveries and audit entries: each row's hash covers its values and the hash before it.

A row altered, slipped in or taken out afterwards breaks the chain at its place. Rows cut off at the end leave no
gap, so the newest hash is worth keeping elsewhere; every exported proof names it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, RowMapping, Select, Table, create_engine, select
from sqlmodel import Session, SQLModel

from models.columns import table_of

GENESIS = "0" * 64
# One queue, until the end of the transaction, for everybody who adds to a chain.
_LOCK = "SELECT pg_advisory_xact_lock(7141202)"
_OURS = frozenset({"id", "previous", "hash"})
_CHUNK = 1000


@dataclass(frozen=True)
class Chain:
    """What a walk along a table's chain found.

    `sealed` rows stand in it, `unsealed` are older than it; `broken_at` is the id of the first row that does not fit
    (None: all fit); `head` is the newest hash.
    """

    table: str
    sealed: int
    unsealed: int
    head: str
    broken_at: int | None


def seal(
    connection: Connection, table: Table, row: Mapping[str, object], *, newest: str | None = None
) -> dict[str, Any]:
    """Return `row`, every column but the id given, with the hash before it and its own.

    Whoever seals first waits for the others' commits; several rows may be sealed before they are written. `newest` is
    the hash to go on from, where the caller has waited for its turn.
    """
    transaction, place = connection.get_transaction(), f"sealed {table.name}"
    in_transaction, just_sealed = connection.info.get(place, (None, ""))
    before = just_sealed if in_transaction is transaction else None
    previous = before or newest or _newest_whoever_wrote_it(connection, table)
    sealed = {**row, "previous": previous, "hash": digest(previous, row)}
    connection.info[place] = transaction, sealed["hash"]
    return sealed


def digest(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of a row's values after `previous`; instants count as UTC, JSON in a fixed order."""
    values = {name: value for name, value in row.items() if name not in _OURS}
    told = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return sha256(f"{previous}\n{told}".encode()).hexdigest()


def walk(session: Session, model: type[SQLModel]) -> Chain:
    """Follow a table's chain from its first row to its newest and say whether it holds."""
    table = table_of(model)
    sealed = unsealed = 0
    head, broken_at = GENESIS, None
    for row in _rows(session, table):
        if not row["hash"] and not sealed:
            unsealed += 1
            continue
        fits = row["previous"] == head and row["hash"] == digest(head, dict(row))
        if not fits and broken_at is None:
            broken_at = row["id"]
        sealed += 1
        head = row["hash"]
    return Chain(table.name, sealed, unsealed, head, broken_at)


def _rows(session: Session, table: Table) -> Iterator[RowMapping]:
    query = select(table).order_by(table.c.id).execution_options(yield_per=_CHUNK)
    yield from session.execute(query).mappings()


def wait_for_my_turn(connection: Connection) -> None:
    """Wait for those who are adding to a chain; they wait for this transaction's end."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_LOCK)


@cache
def newest(table: Table) -> Select[tuple[str]]:
    """Return the query for the newest hash of a table."""
    return select(table.c.hash).order_by(table.c.id.desc()).limit(1)


def _newest_whoever_wrote_it(connection: Connection, table: Table) -> str:
    """Return the newest hash where this transaction may see an older state than that: look from outside as well."""
    wait_for_my_turn(connection)
    query = select(table.c.id, table.c.hash).order_by(table.c.id.desc()).limit(1)
    rows = [connection.execute(query).first()]
    if connection.dialect.name == "postgresql":
        with _outside(connection.engine.url).connect() as outside:
            rows.append(outside.execute(query).first())
    row = max((row for row in rows if row), key=lambda row: row.id, default=None)
    return row.hash if row and row.hash else GENESIS


@lru_cache(maxsize=8)
def _outside(database: URL) -> Engine:
    """Return a way to look from outside without a pooled connection: those who wait for us may hold them all."""
    return create_engine(database, poolclass=NullPool)


def _plain(value: object) -> str:
    assert isinstance(value, date), f"{type(value).__name__} has no place in a sealed row"
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()
