"""What the commands write beside the store goes into a folder of the test's own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let DONDOC_DATA name an empty folder."""
    folder = tmp_path / "data"
    monkeypatch.setenv("DONDOC_DATA", str(folder))
    return folder
