"""What tests of uploads share: a place to work."""

from pathlib import Path

import pytest

from imports.uploads import Workplace
from models import Store
from tests.imports.workbooks import LATER, TODAY


@pytest.fixture
def work(store: Store, tmp_path: Path) -> Workplace:
    """Give a place to work on the morning of 5 September 2025."""
    return Workplace(store, tmp_path / "uploads", lambda: TODAY, lambda: LATER)
