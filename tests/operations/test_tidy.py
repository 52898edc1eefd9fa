"""`dondoc tidy` finds what lay long enough, deletes only when asked, and never touches records."""

import json
import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import dondoc

DAY = 24 * 3600
# File → age in days. By default workbooks are kept for 730 days, copies and logs for 90.
OLD = {"inbox/done/BYT/a.xlsx": 731, "inbox/rejected/_/b.xlsx": 731, "data/uploads/1f/c": 731,
       "data/annotated/d.xlsx": 91, "data/logs/e.log": 91}  # fmt: skip
KEPT = {"inbox/done/BYT/f.xlsx": 729, "inbox/BYT/waiting.xlsx": 9999, "data/annotated/g.xlsx": 89,
        "data/logs/h.log": 89, "data/reports/2020-01/bao-cao.docx": 9999, "data/mail/new/1.eml": 9999,
        "data/dondoc.db": 9999, "data/backups/a.dondoc": 9999}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an office's folders with files of many ages."""
    for name, age in {**OLD, **KEPT}.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"12345")
        os.utime(place, (time.time() - age * DAY,) * 2)
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DONDOC_INBOX", str(tmp_path / "inbox"))
    return tmp_path


def files(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


def tidied(*words: str) -> str:
    result = CliRunner().invoke(dondoc, ["tidy", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_without_being_asked_it_only_lists(home: Path) -> None:
    answer = json.loads(tidied("--json"))
    assert {Path(one["path"]).relative_to(home).as_posix() for one in answer["files"]} == set(OLD)
    assert (answer["deleted"], answer["bytes"]) == (False, 5 * len(OLD))
    assert "--delete" in tidied()
    assert files(home) == set(OLD) | set(KEPT)


def test_what_is_old_goes_and_records_stay(home: Path) -> None:
    tidied("--delete")
    assert files(home) == set(KEPT)
    assert json.loads(tidied("--json"))["files"] == []


@pytest.mark.usefixtures("home")
def test_days_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_KEEP_COPIES_DAYS", "9999")
    monkeypatch.setenv("DONDOC_KEEP_LOGS_DAYS", "30")
    gone = {Path(one["path"]).name for one in json.loads(tidied("--json"))["files"]}
    assert gone == {"a.xlsx", "b.xlsx", "c", "e.log", "h.log"}
