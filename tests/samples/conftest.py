"""A store that holds every sample, filled once per database and module."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from imports import check_workbook, record
from models.store import Store
from samples.directive import HERE

FOLDERS = ("assignments", "progress-2025-06", "progress-2025-08")
RECORDED_ON = date(2025, 8, 29)
RECORDED_AT = datetime(2025, 8, 29, 2, tzinfo=UTC)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store into which all samples were imported, oldest round first. Tests read it and write nothing."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("filled") / "dondoc.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        store = Store(f"sqlite:///{path}")
    else:
        store = _postgresql_copy(request.getfixturevalue("postgresql_server"))
    for folder in FOLDERS:
        for path in sorted((HERE / folder).glob("*.xlsx")):
            _import(store, path)
    yield store
    store.close()


def _import(store: Store, path: Path) -> None:
    check = check_workbook(path.read_bytes(), name=path.name, store=store, today=RECORDED_ON)
    assert not check.stops, [problem.message for problem in check.problems]
    assert record(check, store=store, now=RECORDED_AT).outcome == "recorded", path


def _postgresql_copy(server: Store) -> Store:
    name = f"filled_{uuid4().hex}"
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE dondoc_template"))
    return Store(server.url.set(database=name).render_as_string(hide_password=False))
