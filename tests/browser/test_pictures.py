"""The pictures of the documents are of these pages; `DONDOC_PICTURES=1` takes them anew into docs/pictures."""

import os
from pathlib import Path

import pytest

from rules.access import Role
from tests.browser.conftest import OpenPage

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
TAKEN = {
    "portal-first": (Role.LEADER, "/", False),
    "portal-first-phone": (Role.LEADER, "/", True),
    "portal-assignment": (Role.SECRETARIAT, "/assignments/07-CT-TTg.28.BYT", False),
    "portal-round": (Role.SECRETARIAT, "/collecting?month=2025-08", False),
    "portal-questions": (Role.SECRETARIAT, "/questions", False),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_picture_shows_the_page(open_page: OpenPage, tmp_path: Path, name: str) -> None:
    role, path, phone = TAKEN[name]
    page = open_page(role, phone=phone)
    page.goto(path)
    page.evaluate("document.fonts.ready")
    taken = page.screenshot(path=tmp_path / f"{name}.png")
    assert len(taken) > 10_000, "an empty page"
    assert (PICTURES / f"{name}.png").exists(), "take the pictures anew with DONDOC_PICTURES=1"
    if os.environ.get("DONDOC_PICTURES") == "1":
        (PICTURES / f"{name}.png").write_bytes(taken)
