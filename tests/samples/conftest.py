"""A store that holds every sample, filled once per database and module."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from imports import check_workbook, record
from models.store import Store
from samples.directive import HERE
from tests.conftest import NewStore

FOLDERS = ("assignments", "progress-2025-06", "progress-2025-08")
RECORDED_ON = date(2025, 8, 29)
RECORDED_AT = datetime(2025, 8, 29, 2, tzinfo=UTC)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled_store(
    request: pytest.FixtureRequest, new_store: NewStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """Give a store into which all samples were imported, oldest round first. Tests read it and write nothing."""
    with new_store(request.param, tmp_path_factory.mktemp("filled")) as store:
        for folder in FOLDERS:
            for path in sorted((HERE / folder).glob("*.xlsx")):
                _import(store, path)
        yield store


def _import(store: Store, path: Path) -> None:
    check = check_workbook(path.read_bytes(), name=path.name, store=store, today=RECORDED_ON)
    assert not check.stops, [problem.message for problem in check.problems]
    assert record(check, store=store, now=RECORDED_AT).outcome == "recorded", path
