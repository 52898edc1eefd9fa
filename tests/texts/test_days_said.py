"""Words about days say the day that is meant: "by" a day includes it, and the longest lateness is no limit."""

import re
import tomllib
from pathlib import Path

import pytest

TOPICS = sorted((Path(__file__).parents[2] / "texts" / "words").glob("*.toml"))
# "before the day X" shuts X out; "at the latest N days" sets a limit where a lateness is told.
WRONG = (r"(xong|nộp|gửi|trả lời) trước ngày \{", r"chậm nhất \{\w+\} ngày", r"cần trả lời trước")


@pytest.mark.parametrize("topic", TOPICS, ids=lambda path: path.stem)
def test_a_day_until_is_meant_with_that_day(topic: Path) -> None:
    words = tomllib.loads(topic.read_text(encoding="utf-8"))
    assert [(name, entry["vi"]) for name, entry in words.items() if any(re.search(w, entry["vi"]) for w in WRONG)] == []
