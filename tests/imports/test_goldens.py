"""Every original in tests/goldens/workbooks is read as its expected file says: a file added is a test added."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.store import Store
from tests.goldens.expect import prepare
from tests.goldens.files import SUFFIX, content_of, expected_of, originals
from tests.goldens.originals import FOLDER
from tests.goldens.reading import Sent, check_original, reading_of

FEWEST = 40
# Read at full size only, and in any case by the test of broken files.
SLOW = {"million-sparse-rows.xlsx"} if "DONDOC_DEEP" not in os.environ else set()
Stores = Callable[[tuple[str, ...]], Store]


@pytest.fixture(scope="module")
def stores(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Give a store in which the originals named are recorded; checking writes nothing, so one store serves many."""
    made: dict[tuple[str, ...], Store] = {}

    def after(names: tuple[str, ...]) -> Store:
        if names not in made:
            path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("goldens") / "dondoc.db")
            made[names] = Store(f"sqlite:///{path}")
            prepare(made[names], names)
        return made[names]

    yield after
    for store in made.values():
        store.close()


@pytest.mark.parametrize("name", [name for name in originals() if name not in SLOW])
def test_an_original_is_read_as_expected(name: str, stores: Stores) -> None:
    path = expected_of(name)
    assert path.exists(), f"write it with `python -m tests.goldens.expect {name}`, then hold it against the workbook"
    expected = json.loads(path.read_text(encoding="utf-8"))
    sent = Sent.from_json(expected["sent"])
    assert reading_of(check_original(content_of(name), name, sent, stores(sent.after))) == expected["reading"]


def test_there_are_enough_originals_and_none_is_missing() -> None:
    assert len(originals()) >= FEWEST
    expected = {path.name.removesuffix(SUFFIX) for path in FOLDER.glob(f"*{SUFFIX}")}
    assert expected == set(originals())
