"""The inbox: what waits, in which order, whose it is, and where it goes."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from imports.inbox import Taken, Waiting, closed_folders, set_aside, take_in, waiting
from models import Store
from tests.imports.accounts import as_sweeper, drop
from tests.imports.workbooks import NOW, TODAY, annex, recorded, report, task, told

LONG_AGO, LATER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


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


@pytest.mark.parametrize("rights", [0o000, 0o444], ids=["nobody may list it", "nobody may look at its files"])
def test_a_closed_folder_keeps_only_its_own_files_and_is_named(rights: int) -> None:
    with drop() as inbox:
        with as_sweeper():
            lay(inbox, "BYT/open.xlsx")
        closed = lay(inbox, "BTC/closed.xlsx").parent
        closed.chmod(rights)
        with as_sweeper():
            assert [each.file.name for each in waiting(inbox, settled_by=LATER)] == ["open.xlsx"]
            assert closed_folders(inbox) == ["BTC"]
        closed.chmod(0o755)


def test_a_file_of_a_clock_that_is_ahead_is_settled_by_our_own(tmp_path: Path) -> None:
    path, now = lay(tmp_path, "ahead.xlsx"), datetime.now(UTC)
    os.utime(path, (LATER.timestamp(),) * 2)
    assert waiting(tmp_path, settled_by=now - timedelta(seconds=60)) == []
    assert [each.file for each in waiting(tmp_path, settled_by=now + timedelta(seconds=60))] == [path]


@pytest.mark.parametrize(
    "name",
    [
        "Báo cáo " + "ậ" * 76 + ".xlsx",
        os.fsdecode("Phụ lục".encode() + b" s\xe1ch.xlsx"),
        "Phụ\u202elục\n.xlsx",
    ],
    ids=["long", "not of this system", "not to be seen"],
)
def test_whatever_a_file_is_called_it_is_put_away_under_a_name(store: Store, tmp_path: Path, name: str) -> None:
    waits = Waiting(lay(tmp_path, f"BYT/{name}", annex(task(1))), "BYT")
    taken = swept(waits, tmp_path, store, others_follow=False)
    assert isinstance(taken, Taken)
    assert (taken.outcome, taken.place.is_file(), taken.name.isprintable()) == ("recorded", True, True)
    refused = swept(Waiting(lay(tmp_path, f"BYT/{name}"), "BYT"), tmp_path, store, others_follow=False)
    assert isinstance(refused, Taken)
    assert json.loads(refused.place.with_name(f"{refused.place.name}.json").read_text("utf-8"))["file"] == taken.name


def test_the_days_a_file_is_kept_count_from_when_it_was_put_away(store: Store, tmp_path: Path) -> None:
    taken = swept(Waiting(lay(tmp_path, "_/phu-luc.xlsx", annex(task(1))), None), tmp_path, store, others_follow=False)
    assert isinstance(taken, Taken)
    assert taken.place.stat().st_mtime == NOW.timestamp()


def test_of_another_account_s_file_a_copy_is_put_away() -> None:
    with drop() as inbox:
        with as_sweeper():
            (inbox / "_").mkdir()
        waits = Waiting(lay(inbox, "_/phu-luc.xlsx", b"hello"), None)
        with as_sweeper():
            taken = set_aside(waits, ValueError(), inbox=inbox, at=NOW)
        assert (taken.place.read_bytes(), waits.file.exists()) == (b"hello", False)
        assert taken.place.stat().st_mtime > LONG_AGO.timestamp()


def test_what_cannot_be_dealt_with_lies_beside_the_reason(tmp_path: Path) -> None:
    for _ in range(2):
        path = lay(tmp_path, "BYT/phu-luc.xlsx", b"x")
        taken = set_aside(Waiting(path, "BYT"), PermissionError("/a/secret/path"), inbox=tmp_path, at=NOW)
        assert (taken.is_set_aside, taken.outcome, path.exists(), taken.place.read_bytes()) == (
            True, "rejected", False, b"x",
        )  # fmt: skip
    said = [file.read_text("utf-8") for file in (tmp_path / "rejected" / "BYT").glob("*.json")]
    assert [json.loads(each)["problems"][0]["code"] for each in said] == ["not_dealt_with"] * 2
    assert "/a/secret/path" not in "".join(said)


def test_another_account_s_file_that_may_not_be_read_is_set_aside() -> None:
    with drop() as inbox:
        with as_sweeper():
            (inbox / "_").mkdir()
        path = lay(inbox, "_/phu-luc.xlsx")
        path.chmod(0o000)
        with as_sweeper():
            taken = set_aside(Waiting(path, None), PermissionError(), inbox=inbox, at=NOW)
        assert (taken.place.is_file(), path.exists()) == (True, False)


@pytest.mark.parametrize("name", ["Danh sách TUYỆT MẬT chuyên án X.xlsx", "a" * 90 + " (Tuyệt mật).xlsx"])
def test_of_a_file_named_secret_only_that_it_came_and_from_whom_is_kept(
    store: Store, tmp_path: Path, name: str
) -> None:
    inbox = tmp_path / "inbox"
    for number in (1, 2):
        waits = Waiting(lay(inbox, f"BCA/{name}", annex(task(number, text="Chuyên án X"))), "BCA")
        taken = swept(waits, inbox, store, others_follow=False)
        assert isinstance(taken, Taken)
        assert (waits.name, taken.name, taken.agency, taken.outcome) == ("MẬT", "MẬT", "BCA", "rejected")
    left = [file for file in inbox.rglob("*") if file.is_file()]
    assert [file.suffix for file in left] == [".json"] * 2, "two came"
    for file in left:
        said = json.loads(file.read_text("utf-8"))
        assert [(each["code"], each["sheet"], each["row"]) for each in said["problems"]] == [("secret_mark", "", None)]
        assert "án X" not in f"{file}{said}"


def test_a_rejected_file_lies_beside_its_problems(store: Store, tmp_path: Path) -> None:
    path = lay(tmp_path, "BYT/letter.xlsx", b"hello")
    taken = take_in(Waiting(path, "BYT"), inbox=tmp_path, store=store, today=TODAY, now=lambda: NOW)
    assert isinstance(taken, Taken)
    assert (taken.outcome, taken.place.parent, path.exists()) == ("rejected", tmp_path / "rejected" / "BYT", False)
    said = json.loads((taken.place.parent / f"{taken.place.name}.json").read_text("utf-8"))
    assert (said["file"], said["agency"], said["problems"][0]["code"]) == ("letter.xlsx", "BYT", "not_a_workbook")


def test_of_a_workbook_with_a_secret_row_only_the_place_of_the_mark_is_kept(store: Store, tmp_path: Path) -> None:
    marked = task(7, text="MẬT - Bảo vệ mục tiêu quan trọng")
    inbox = tmp_path / "inbox"
    path = lay(inbox, "BYT/phu-luc.xlsx", annex(task(6), marked))
    taken = take_in(Waiting(path, "BYT"), inbox=inbox, store=store, today=TODAY, now=lambda: NOW)
    assert isinstance(taken, Taken)
    left = [file for file in inbox.rglob("*") if file.is_file()]
    assert [file.suffix for file in left] == [".json"]
    said = left[0].read_text("utf-8")
    assert "mục tiêu" not in said
    assert [(p["code"], p["row"]) for p in json.loads(said)["problems"]] == [("secret_row", 5)]


def test_two_workbooks_of_one_name_are_both_kept(store: Store, tmp_path: Path) -> None:
    for number in (1, 2):
        path = lay(tmp_path, "_/phu-luc.xlsx", annex(task(number)))
        assert take_in(Waiting(path, None), inbox=tmp_path, store=store, today=TODAY, now=lambda: NOW) is not None
    kept = [file.name for file in (tmp_path / "done" / "_").glob("phu-luc.*.xlsx")]
    assert len([name for name in kept if ".can-sua." not in name]) == 2
    assert len([name for name in kept if ".can-sua." in name]) == 1, "the second asks where task 1 has gone"


def test_a_file_another_sweep_took_is_passed_over(store: Store, tmp_path: Path) -> None:
    gone = Waiting(tmp_path / "gone.xlsx", None)
    assert take_in(gone, inbox=tmp_path, store=store, today=TODAY, now=lambda: NOW) is None


def swept(waits: Waiting, inbox: Path, store: Store, *, others_follow: bool) -> Taken | Waiting | None:
    return take_in(waits, inbox=inbox, store=store, today=TODAY, now=lambda: NOW, others_follow=others_follow)


@pytest.mark.parametrize(
    "title",
    [None, [["BỘ Y TẾ", "", "Hà Nội, ngày 27 tháng 6 năm 2025"]]],
    ids=["named above the table", "named in a row"],
)
def test_a_report_waits_for_the_annex_behind_it(store: Store, tmp_path: Path, title: list[list[str]] | None) -> None:
    rows = [[1, "Nhiệm vụ số 1", "Đang thực hiện", "07/CT-TTg"]]
    named = {"headings": ["TT", "Nhiệm vụ", "Tiến độ", "Văn bản giao"]}
    content = report(told(1, "Đang thực hiện")) if title is None else annex(*rows, title=title, **named)
    late = Waiting(lay(tmp_path, "_/bao-cao.xlsx", content), None)
    assert swept(late, tmp_path, store, others_follow=True) is late
    assert late.file.exists()
    assert not (tmp_path / "rejected").exists()
    early = Waiting(lay(tmp_path, "_/phu-luc.xlsx", annex(task(1))), None)
    for waits in (early, late):
        taken = swept(waits, tmp_path, store, others_follow=False)
        assert isinstance(taken, Taken)
        assert (taken.outcome, taken.new, waits.file.exists()) == ("recorded", 1, False)


def test_a_report_about_an_unknown_task_waits_and_is_rejected_last(store: Store, tmp_path: Path) -> None:
    recorded(annex(task(1)), store)
    late = Waiting(lay(tmp_path, "_/bao-cao.xlsx", report(told(2, "Đang thực hiện"))), None)
    assert swept(late, tmp_path, store, others_follow=True) is late
    taken = swept(late, tmp_path, store, others_follow=False)
    assert isinstance(taken, Taken)
    assert (taken.outcome, [problem.code for problem in taken.problems]) == ("rejected", ["unknown_task"])


def test_what_no_annex_can_mend_is_rejected_at_once(store: Store, tmp_path: Path) -> None:
    recorded(annex(task(1)), store)
    content = report(told(2, "Đang thực hiện"), told(1, "Hoàn thành", completed="31/2/2025"))
    for name, bad in (("bao-cao.xlsx", content), ("thu.xlsx", b"hello")):
        taken = swept(Waiting(lay(tmp_path, f"_/{name}", bad), None), tmp_path, store, others_follow=True)
        assert isinstance(taken, Taken)
        assert taken.outcome == "rejected"
