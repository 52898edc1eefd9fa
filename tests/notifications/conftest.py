"""A store on SQLite alone, where the database makes no difference to what is tested."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import Store
from tests.notifications.receiver import Receiver, receiving


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """Give a filled store on SQLite, where the database makes no difference to what is tested."""
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'dondoc.db')}")
    yield store
    store.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give a program that listens for changes."""
    with receiving() as found:
        yield found
