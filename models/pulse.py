"""`Pulse`: whether anything was committed to a store since one last looked, told without reading any of it."""

from threading import Lock
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection, event

from models.store import Store

# The transactions this moment sees: while no other has been committed, the words are the same.
_SEEN = "SELECT pg_current_snapshot()::text"
_COMMITS = "PRAGMA data_version"


class Pulse:
    """Beats with every commit, of whatever process; much cheaper than asking the tables."""

    def __init__(self, store: Store) -> None:
        """Ask nothing yet."""
        self._engine = store.engine
        self._lock = Lock()
        self._apart: PoolProxiedConnection | None = None
        self._opened = 0
        event.listen(store.engine, "engine_disposed", self._rest)

    def beat(self) -> object:
        """Return what equals its like as long as nothing was committed in between.

        Whoever reads after asking may see more than the beat stands for, and never less.
        """
        if self._engine.dialect.name == "postgresql":
            with self._engine.connect() as connection:
                return connection.exec_driver_sql(_SEEN).scalar_one()
        with self._lock:
            if self._apart is None:
                self._apart = _apart(self._engine)
                self._opened += 1  # each connection counts for itself
            return self._opened, _first(self._apart.cursor().execute(_COMMITS).fetchone())

    def _rest(self, _engine: Engine) -> None:
        """Close the connection with those of the pool."""
        with self._lock:
            if self._apart is not None:
                self._apart.close()
                self._apart = None


def _apart(engine: Engine) -> PoolProxiedConnection:
    """Return a connection outside the pool that never writes: SQLite tells each of the commits of all the others."""
    connection = engine.raw_connection()
    connection.detach()
    return connection


def _first(row: Any) -> object:
    return row[0]
