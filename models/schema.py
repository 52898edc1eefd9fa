"""Migrate the store; `models.opening` says at which revision it stands."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from models.opening import known_revisions
from models.store import Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(store: Store) -> str:
    """Bring the schema to this version's revision in one transaction; return it."""
    with store.engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(_MIGRATIONS))
        command.upgrade(config, "head")
    return known_revisions()[-1]
