"""The store: one database, SQLite or PostgreSQL, behind two verbs: read and write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlmodel import Session

_BUSY_SECONDS = 30
_WRITES = "dondoc_writes"
# A machine that vanishes in the middle of a transaction holds its locks no longer than this, and one that is cut off
# notices within a minute or two. What the URL says of these goes before.
_PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
    "options": "-c idle_in_transaction_session_timeout=300000",
}


class Store:
    """A database opened by its URL; sessions are short and each is one transaction."""

    def __init__(self, url: str) -> None:
        """Open `url`, e.g. `sqlite:///var/dondoc.db` or `postgresql+psycopg://…`; nothing is created yet."""
        self.url = make_url(url)
        self.engine = _engine(url)

    def __repr__(self) -> str:
        """Name the database without its password."""
        return f"Store({self.url.render_as_string(hide_password=True)})"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads; all its queries see one moment."""
        with self.engine.connect() as connection, Session(connection, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes are committed together at the end, or not at all."""
        with self.engine.connect() as connection:
            connection.info[_WRITES] = True
            try:
                with connection.begin(), Session(connection) as session:
                    yield session
                    session.flush()
            finally:
                connection.info.pop(_WRITES, None)

    @contextmanager
    def beside_others(self) -> Iterator[Connection]:
        """Give one connection for many short transactions, each begun and ended with `connection.begin()`.

        Each statement sees what others have committed by then, so that several workers can share a queue.
        """
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="READ COMMITTED")
            connection.info[_WRITES] = True
            try:
                yield connection
            finally:
                connection.info.pop(_WRITES, None)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        patient = parsed.update_query_dict({**_PATIENCE, **parsed.query})
        engine = create_engine(patient, isolation_level="REPEATABLE READ", pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "handle_error", _without_values)
        return engine
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "handle_error", _without_values)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _without_values(failed: ExceptionContext) -> None:
    """Leave of an error what went wrong: its further lines quote whole rows, letters and signed links among them."""
    reason = (str(failed.original_exception).strip().splitlines() or [""])[0]
    for error in (failed.original_exception, failed.sqlalchemy_exception):
        if error is not None:
            error.args = (reason,)


def _prepare_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    # The driver's own BEGIN comes too late to read one moment, so Dondoc sends it (see _begin_sqlite).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: two writers queue instead of failing when a reader tries to become one.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.get(_WRITES) else "BEGIN")
