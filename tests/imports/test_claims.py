"""Claims: two sweeps never take the same file, and what a killed one held comes back."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imports.claims import ClaimState, begin, claims_of, give_back, lay_out, lay_out_again
from imports.inbox import waiting
from tests.imports.accounts import AS_ROOT, as_sweeper, drop

LONG_AGO, LATER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Lay five files into an inbox, of nobody and of two agencies."""
    for minute, name in enumerate(("a.xlsx", "_/b.xlsx", "BYT/c.xlsx", "BYT/d.xlsx", "BTC/a.xlsx")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
        os.utime(path, (minute, minute))
    return tmp_path


def names(inbox: Path) -> list[tuple[str, str | None]]:
    return [(each.file.read_text(), each.agency) for each in waiting(inbox, settled_by=LATER)]


def test_a_claim_keeps_the_order_and_the_agencies_and_is_bounded(inbox: Path) -> None:
    claims = lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="one", size=2)
    assert [each.name for each in claims] == ["one-0000", "one-0001", "one-0002"]
    held = [[(each.file.name, each.agency) for each in claim.files] for claim in claims]
    assert held == [[("a.xlsx", None), ("b.xlsx", None)], [("c.xlsx", "BYT"), ("d.xlsx", "BYT")], [("a.xlsx", "BTC")]]
    assert names(inbox) == []


def test_two_sweeps_that_saw_the_same_files_share_them(inbox: Path) -> None:
    found = waiting(inbox, settled_by=LATER)
    with ThreadPoolExecutor(8) as pool:
        swept = list(pool.map(lambda n: lay_out(found, inbox=inbox, sweep=f"s{n}", size=2), range(8)))
    held = sorted(each.file.read_text() for claims in swept for claim in claims for each in claim.files)
    assert held == ["BTC/a.xlsx", "BYT/c.xlsx", "BYT/d.xlsx", "_/b.xlsx", "a.xlsx"]


def test_one_alone_begins_a_claim(inbox: Path) -> None:
    lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="one", size=9)
    with ThreadPoolExecutor(8) as pool:
        begun = [each for each in pool.map(lambda _: begin(inbox, "one-0000"), range(8)) if each]
    assert [each.state for each in begun] == [ClaimState.BEGUN]


def test_a_claim_that_is_touched_stays_and_a_silent_one_comes_back(inbox: Path) -> None:
    before = names(inbox)
    lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="one", size=9)
    held = begin(inbox, "one-0000")
    assert held is not None
    assert lay_out_again(inbox, "one", untouched_since=LONG_AGO) == 0
    assert give_back(inbox, untouched_since=LONG_AGO) == 0
    assert give_back(inbox, untouched_since=LATER) == 5
    assert sorted(names(inbox)) == sorted(before)
    assert (held.files, claims_of(inbox)) == ([], [])
    held.touch()  # its holder was only slow: it finds nothing left and does no harm


def test_the_sweep_takes_up_the_claim_of_a_silent_helper(inbox: Path) -> None:
    lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="one", size=9)
    lost = begin(inbox, "one-0000")
    assert lay_out_again(inbox, "one", untouched_since=LATER) == 1
    taken_up = begin(inbox, "one-0000")
    assert lost is not None
    assert taken_up is not None
    assert len(taken_up.files) == 5


def test_what_was_given_up_comes_back_at_once_even_beside_a_newer_file_of_its_name(inbox: Path) -> None:
    (claim,) = lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="one", size=9)
    (inbox / "BYT" / "c.xlsx").write_text("newer")
    assert claim.becomes(ClaimState.LEFT) is not None
    assert give_back(inbox, untouched_since=LONG_AGO) == 5
    assert (inbox / "BYT" / "c.xlsx").read_text() == "newer"
    assert (inbox / "BYT" / "c.2.xlsx").read_text() == "BYT/c.xlsx"


def test_killed_between_the_two_steps_of_giving_back_a_file_is_still_one(inbox: Path) -> None:
    (claim,) = lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="one", size=9)
    (file,) = [each.file for each in claim.files if each.file.read_text() == "BYT/c.xlsx"]
    os.link(file, inbox / "BYT" / "c.xlsx")
    assert give_back(inbox, untouched_since=LATER) == 5
    assert sorted(path.name for path in (inbox / "BYT").iterdir()) == ["c.xlsx", "d.xlsx"]


@pytest.mark.skipif(not AS_ROOT, reason="only root can lay another account's file")
def test_another_account_s_file_comes_back_and_over_no_other() -> None:
    """Under fs.protected_hardlinks, as Debian has it, nobody may link it."""
    with drop() as inbox:
        (inbox / "a.xlsx").write_text("another's")
        with as_sweeper():
            (claim,) = lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="one", size=9)
            (inbox / "_").mkdir()
            (inbox / "_" / "a.xlsx").write_text("newer")
            assert claim.becomes(ClaimState.LEFT) is not None
            assert give_back(inbox, untouched_since=LONG_AGO) == 1
            assert sorted(text for text, _ in names(inbox)) == ["another's", "newer"]
            assert claims_of(inbox) == []


def test_what_cannot_go_back_keeps_none_of_the_others(inbox: Path) -> None:
    (claim,) = lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="one", size=9)
    (inbox / "BTC").rmdir()
    (inbox / "BTC").write_text("in the way of the folder")
    assert give_back(inbox, untouched_since=LATER) == 4
    assert [(each.name, each.state) for each in claims_of(inbox)] == [(claim.name, ClaimState.LEFT)]
    (inbox / "BTC").unlink()
    assert give_back(inbox, untouched_since=LONG_AGO) == 1, "the next sweep tries again"
    assert claims_of(inbox) == []


def test_what_a_folder_does_not_let_go_is_passed_over() -> None:
    with drop() as inbox:
        folder = inbox / "BYT"
        folder.mkdir()
        (folder / "a.xlsx").write_text("held fast")
        folder.chmod(0o555)
        with as_sweeper():
            assert lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="one", size=9) == []
        assert (folder / "a.xlsx").exists()
        folder.chmod(0o755)


@pytest.mark.parametrize("name", ["ậ" * 83 + ".xlsx", os.fsdecode(b"s\xe1ch.xlsx")])
def test_whatever_a_file_is_called_it_comes_back_beside_a_newer_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "_").mkdir()
    (tmp_path / "_" / name).write_text("older")
    lay_out(waiting(tmp_path, settled_by=LATER), inbox=tmp_path, sweep="one", size=9)
    (tmp_path / "_" / name).write_text("newer")
    assert give_back(tmp_path, untouched_since=LATER) == 1
    assert sorted(text for text, _ in names(tmp_path)) == ["newer", "older"]


def test_a_holder_that_died_on_this_machine_is_known_at_once(inbox: Path) -> None:
    lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="one", size=9)
    held = begin(inbox, "one-0000")
    assert held is not None
    (holder,) = [path for path in held.folder.iterdir() if path.is_file()]
    host, process, began = holder.read_text().split()
    for other in (f"elsewhere {process} 1", f"{host} {process} {began}"):
        holder.write_text(other)
        assert give_back(inbox, untouched_since=LONG_AGO) == 0, "of other machines nothing is known; this one lives"
    holder.write_text(f"{host} {process} 1")
    assert give_back(inbox, untouched_since=LONG_AGO) == 5, "its number is another process's by now"
    assert claims_of(inbox) == []
