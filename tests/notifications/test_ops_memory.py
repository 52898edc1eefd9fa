"""What ops were told is kept in a file; a full disk costs that memory, and no failure of others is lost in it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from notifications.ops_memory import remembered

NOW = datetime(2025, 9, 5, 1, tzinfo=UTC)


def test_what_is_remembered_is_there_for_the_next(tmp_path: Path) -> None:
    for expected in (0, None):
        with remembered(tmp_path) as memory:
            assert memory.due("daily_round Failed", now=NOW) == expected


def test_a_failure_of_whoever_remembers_is_not_swallowed(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"), remembered(tmp_path):
        raise OSError("the channel is gone")


def test_a_file_that_cannot_be_opened_costs_the_memory_alone(tmp_path: Path) -> None:
    (tmp_path / "measured").write_text("a file in the folder's place")
    with remembered(tmp_path) as memory:
        assert memory.due("daily_round Failed", now=NOW) == 0
