"""Migrate the store; `models.opening` says at which revision it stands and refuses to work at another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from models.opening import refuse_newer
from models.store import Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(store: Store) -> str:
    """Bring the schema to this version's revision in one transaction; return it.

    Raises StoreNotReadyError for a schema of a newer version: nothing is done to what is not known.
    """
    revision = refuse_newer(store)
    with store.beside_others() as connection, _tables_may_be_made_anew(connection), connection.begin():
        facts_may_be_changed(connection)
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(_MIGRATIONS))
        command.upgrade(config, "head")
    return revision


@contextmanager
def _tables_may_be_made_anew(connection: Connection) -> Iterator[None]:
    """Let SQLite replace a table others refer to: its only way to change one, and it checks no references meanwhile."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def facts_may_be_changed(connection: Connection) -> None:
    """Say to the triggers of deploy/postgresql/roles.sql that this transaction is a migration, or a restore."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL dondoc.migrating = 'on'"))
