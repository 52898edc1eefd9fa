"""Migrate the store, and say at which revision it stands."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from models.store import Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(store: Store) -> str:
    """Bring the schema to this version's head in one transaction; return its revision."""
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "head")
    return head()


def revision_of(store: Store) -> str | None:
    """Return the revision the store is at, or None for an empty database."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the newest revision this version knows."""
    newest = ScriptDirectory.from_config(_config(None)).get_current_head()
    assert newest is not None, "models/migrations holds no revision"
    return newest


def _config(connection: Connection | None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
