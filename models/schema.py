"""Migrate the store; `models.opening` says at which revision it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from models.opening import known_revisions
from models.store import Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(store: Store) -> str:
    """Bring the schema to this version's revision in one transaction; return it."""
    with store.engine.connect() as connection, _tables_may_be_made_anew(connection), connection.begin():
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(_MIGRATIONS))
        command.upgrade(config, "head")
    return known_revisions()[-1]


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
