"""`dondoc import` before it records: what changes, field by field; and `dondoc undo` after it did."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import dondoc
from imports import Check, StaleCheckError
from models import Store
from tests.cli.test_contract import ask, said_in_both_languages, url
from tests.imports.workbooks import REASON, annex, report, task, told


@pytest.fixture
def first(store: Store, tmp_path: Path) -> str:
    """Record an annex of three tasks; return its path."""
    file = tmp_path / "phu-luc.xlsx"
    file.write_bytes(annex(task(1), task(2), task(3)))
    (batch,) = ask(store, "import", str(file))["batches"]
    assert [new["number"] for new in batch["changes"]["new"]] == ["1", "2", "3"]
    return str(file)


@pytest.fixture
def second(tmp_path: Path) -> str:
    """Save the next state of the annex: task 2 is due later, 3 is gone, 4 is new."""
    file = tmp_path / "ban-moi.xlsx"
    file.write_bytes(annex(task(1), task(2, deadline="Tháng 8/2025"), task(4, text="Tổ chức hội nghị")))
    return str(file)


def printed(store: Store, *words: str) -> str:
    """Return what a command prints for people."""
    result = CliRunner().invoke(dondoc, [*words, "--database", url(store)])
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


@pytest.mark.usefixtures("first")
def test_a_preview_names_each_field_old_and_new(store: Store, second: str) -> None:
    (batch,) = ask(store, "import", second, "--dry-run", "--reason", REASON)["batches"]
    changes: dict[str, Any] = batch["changes"]
    assert [(new["number"], new["agencies"]) for new in changes["new"]] == [("4", ["BYT"])]
    (changed,) = changes["changed"]
    assert (changed["number"], changed["sheet"], changed["row"]) == ("2", "Phụ lục", 5)
    assert changed["fields"] == [
        {"field": "deadline_text", "old": "Tháng 6/2025", "new": "Tháng 8/2025"},
        {"field": "due_on", "old": "30/06/2025", "new": "31/08/2025"},
    ]
    assert [gone["number"] for gone in changes["gone"]] == ["3"]
    assert (changes["reported"], changes["left_out"]) == ([], 0)
    for said in ("ngày hạn", "30/06/2025", "31/08/2025", "không còn", "Nhiệm vụ số 3", "Tổ chức hội nghị"):
        assert said in printed(store, "import", second, "--dry-run", "--reason", REASON)


@pytest.mark.usefixtures("first")
def test_a_corrected_report_names_what_it_said_before(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "bao-cao.xlsx"
    file.write_bytes(report(told(1, "Đang thực hiện", result="Đã lấy ý kiến")))
    ask(store, "import", str(file))
    file.write_bytes(report(told(1, "Hoàn thành", "512/BC-BYT ngày 25/6/2025", result="Đã lấy ý kiến")))
    (batch,) = ask(store, "import", str(file), "--dry-run")["batches"]
    (reported,) = batch["changes"]["reported"]
    assert (reported["assignment"], reported["replaces"]) == ("07-CT-TTg.1.BYT", True)
    assert {change["field"]: (change["old"], change["new"]) for change in reported["fields"]} == {
        "declared_text": ("Đang thực hiện", "Hoàn thành"),
        "evidence_text": ("", "512/BC-BYT ngày 25/6/2025"),
    }


@pytest.mark.usefixtures("first")
def test_a_changed_deadline_without_a_reason_is_refused(store: Store, second: str) -> None:
    (batch,) = ask(store, "import", second, exits=1)["batches"]
    codes = [problem["code"] for problem in batch["problems"] if problem["severity"] == "stops"]
    assert (batch["outcome"], codes) == ("rejected", ["deadline_changed_without_reason"])
    assert ask(store, "import", second, "--reason", REASON)["batches"][0]["outcome"] == "recorded"


def test_a_check_overtaken_every_time_is_refused_with_a_sentence(
    store: Store, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*_given: object, **_asked: object) -> Check:
        raise StaleCheckError("phu-luc.xlsx")

    monkeypatch.setattr("imports.take", overtaken)
    (batch,) = ask(store, "import", first, exits=1)["batches"]
    (problem,) = batch["problems"]
    assert (batch["outcome"], problem["code"], batch["new"]) == ("rejected", "overtaken", 0)
    assert said_in_both_languages(problem["message"])


@pytest.mark.usefixtures("first")
def test_an_undo_says_what_it_reversed_kept_and_would_break(store: Store, second: str) -> None:
    (recorded,) = ask(store, "import", second, "--reason", REASON)["batches"]
    refused = ask(store, "undo", "1", exits=1)
    assert (refused["undone"], refused["reason"]) == (False, "later_batch")
    assert refused["refused_because"] == [{"batch": recorded["batch"], "file": "ban-moi.xlsx"}]
    decided = ("--by", "Văn phòng Chính phủ", "--reason", "Bãi bỏ", "--document", "99/QĐ-TTg")
    ask(store, "decide", "cancel", "07-CT-TTg.4.BYT", *decided)
    undone = ask(store, "undo", str(recorded["batch"]))
    assert (undone["undone"], undone["reversed"]) == (True, {"new": 0, "changed": 1, "gone": 1, "reports": 0})
    assert undone["kept"] == [{"assignment": "07-CT-TTg.4.BYT", "decided": ["cancel"], "by": ["Văn phòng Chính phủ"]}]


@pytest.mark.usefixtures("first")
def test_an_undo_tells_people_the_same(store: Store) -> None:
    decided = ("--by", "Văn phòng Chính phủ", "--reason", "Bãi bỏ", "--document", "99/QĐ-TTg")
    ask(store, "decide", "cancel", "07-CT-TTg.2.BYT", *decided)
    said = printed(store, "undo", "1")
    for part in ("Nhiệm vụ không còn: 2", "07-CT-TTg.2.BYT", "cancel", "Văn phòng Chính phủ"):
        assert part in said
