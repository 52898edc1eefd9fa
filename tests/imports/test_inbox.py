"""The inbox: what waits, in which order, whose it is, and where it goes."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imports.inbox import Waiting, take_in, waiting
from models import Store
from tests.imports.workbooks import NOW, TODAY, annex, task

LATER = datetime(2100, 1, 1, tzinfo=UTC)


def lay(inbox: Path, name: str, content: bytes = b"x", *, minute: int = 0) -> Path:
    """Put a file into the inbox as if it had arrived at that minute."""
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (minute * 60, minute * 60))
    return path


def test_files_wait_in_the_order_they_came_with_the_agency_of_their_folder(tmp_path: Path) -> None:
    lay(tmp_path, "BYT/second.xlsx", minute=2)
    lay(tmp_path, "_/first.xlsx", minute=1)
    lay(tmp_path, "third.xlsx", minute=3)
    found = waiting(tmp_path, settled_by=LATER)
    assert [(each.file.name, each.agency) for each in found] == [
        ("first.xlsx", None),
        ("second.xlsx", "BYT"),
        ("third.xlsx", None),
    ]


@pytest.mark.parametrize(
    "name",
    ["~$open.xlsx", ".hidden.xlsx", "half.xlsx.part", "half.crdownload", "done/_/old.xlsx", "rejected/_/old.xlsx"],
)
def test_what_is_no_finished_upload_is_left(tmp_path: Path, name: str) -> None:
    lay(tmp_path, name)
    assert waiting(tmp_path, settled_by=LATER) == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    secret = lay(tmp_path, "elsewhere/secret.xlsx")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "link.xlsx").symlink_to(secret)
    (inbox / "BYT").symlink_to(secret.parent)
    assert waiting(inbox, settled_by=LATER) == []


def test_an_inbox_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert waiting(tmp_path / "none", settled_by=LATER) == []


def test_a_rejected_file_lies_beside_its_problems(store: Store, tmp_path: Path) -> None:
    path = lay(tmp_path, "BYT/letter.xlsx", b"hello")
    taken = take_in(Waiting(path, "BYT"), inbox=tmp_path, store=store, today=TODAY, now=lambda: NOW)
    assert taken is not None
    assert (taken.outcome, taken.place.parent, path.exists()) == ("rejected", tmp_path / "rejected" / "BYT", False)
    said = json.loads((taken.place.parent / f"{taken.place.name}.json").read_text("utf-8"))
    assert (said["file"], said["agency"], said["problems"][0]["code"]) == ("letter.xlsx", "BYT", "not_a_workbook")


def test_two_workbooks_of_one_name_are_both_kept(store: Store, tmp_path: Path) -> None:
    for number in (1, 2):
        path = lay(tmp_path, "_/phu-luc.xlsx", annex(task(number)))
        assert take_in(Waiting(path, None), inbox=tmp_path, store=store, today=TODAY, now=lambda: NOW) is not None
    assert len(list((tmp_path / "done" / "_").glob("phu-luc.*.xlsx"))) == 2


def test_a_file_another_sweep_took_is_passed_over(store: Store, tmp_path: Path) -> None:
    gone = Waiting(tmp_path / "gone.xlsx", None)
    assert take_in(gone, inbox=tmp_path, store=store, today=TODAY, now=lambda: NOW) is None
