"""`dondoc columns` from a terminal, and what an import answers about the rows of each sheet."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.main import dondoc
from models import Store
from tests.imports.workbooks import DIRECTIVE, HEADINGS, Row, saved, task

POST = "Chuyên viên tổng hợp"
SETTINGS = ("--set", "A=seq", "--set", "b=task", "--set", "C=lead", "--set", "D=deadline")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep annotated copies out of the checkout."""
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path / "var"))


def run(store: Store, *words: str) -> Result:
    return CliRunner().invoke(dondoc, [*words, "--database", store.url.render_as_string(hide_password=False)])


def ask(store: Store, *words: str, exits: int = 0) -> dict[str, Any]:
    result = run(store, *words, "--json")
    assert result.exit_code == exits, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.fixture
def odd(tmp_path: Path) -> str:
    """Give a workbook with headings nobody knows."""
    table: list[Row] = [["Mã", "Phần việc", "Ai làm", "Bao giờ"], [1, "Việc", "Bộ Y tế", "2025"]]
    file = tmp_path / "odd.xlsx"
    file.write_bytes(saved(("PL", [["BỘ Y TẾ"], [f"(Kèm theo {DIRECTIVE})"], *table], [])))
    return str(file)


@pytest.fixture
def plain(tmp_path: Path) -> str:
    """Give an annex as most are."""
    rows: list[Row] = [[f"(Kèm theo {DIRECTIVE})"], HEADINGS, task(1), ["", "- thêm"], ["Nơi nhận:"]]
    file = tmp_path / "phu-luc.xlsx"
    file.write_bytes(saved(("PL", rows, []), ("Bìa", [["Báo cáo"]], [])))
    return str(file)


def test_the_columns_of_a_workbook_are_shown(store: Store, plain: str) -> None:
    answer = ask(store, "columns", plain)
    (table,) = answer["tables"]
    assert (answer["agency"], answer["stored"], answer["problems"]) == (None, False, [])
    assert (table["sheet"], table["row"], table["kind"], table["by"]) == ("PL", 2, "assignments", None)
    assert table["columns"][2] == {"column": "C", "heading": "Cơ quan chủ trì", "field": "lead", "corrected": False}


def test_a_correction_is_stored_and_used_by_the_next_import(store: Store, odd: str) -> None:
    assert ask(store, "columns", odd, exits=1)["tables"][0]["kind"] is None
    assert [p["code"] for p in ask(store, "import", odd, "--dry-run", exits=1)["batches"][0]["problems"]] == [
        "no_table"
    ]
    answer = ask(store, "columns", odd, *SETTINGS, "--by", POST)
    (table,) = answer["tables"]
    assert (answer["agency"], answer["stored"], table["kind"], table["by"]) == ("BYT", True, "assignments", POST)
    (batch,) = ask(store, "import", odd)["batches"]
    assert (batch["outcome"], batch["new"], [p["code"] for p in batch["problems"]]) == ("recorded", 1, ["mapping_used"])


def test_a_table_a_person_reads_names_the_meaning_in_both_languages(store: Store, odd: str) -> None:
    result = run(store, "columns", odd, *SETTINGS, "--by", POST)
    assert result.exit_code == 0
    for words in ("cơ quan chủ trì / accountable lead", "đã chỉ rõ / corrected", POST, "bảng giao nhiệm vụ"):
        assert words in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("words", "exits"),
    [
        (SETTINGS, 2),
        ((*SETTINGS, "--by", " "), 2),
        (("--set", "B=việc", "--by", POST), 2),
        (("--set", "task", "--by", POST), 2),
        (("--set", "1=task", "--by", POST), 2),
        (("--set", "B=task", "--by", POST), 1),
        (("--set", "Z=task", "--by", POST), 1),
        (("--agency", "KHONG-CO"), 1),
        ((*SETTINGS, "--by", POST, "--sheet", "Khác"), 1),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(store: Store, odd: str, words: tuple[str, ...], exits: int) -> None:
    assert " / " in ask(store, "columns", odd, *words, exits=exits)["error"]["message"]
    assert ask(store, "columns", odd, exits=1)["tables"][0]["by"] is None


def test_a_missing_file_is_refused(store: Store, tmp_path: Path) -> None:
    assert ask(store, "columns", str(tmp_path / "none.xlsx"), exits=1)["error"]["code"] == "no_such_file"


def test_an_import_accounts_for_the_rows_of_every_sheet(store: Store, plain: str) -> None:
    for outcome in ("recorded", "unchanged"):
        (batch,) = ask(store, "import", plain)["batches"]
        assert batch["outcome"] == outcome
        assert batch["rows_read"] == {"PL": 2, "Bìa": 0}
        assert batch["rows_set_aside"] == {"PL": {"footer": 1, "header": 1, "title": 1}, "Bìa": {"no_table": 1}}


def test_a_person_reads_where_the_rows_went(store: Store, plain: str) -> None:
    said = " ".join(run(store, "import", plain, "--dry-run").output.split())
    assert "trang “PL”: đọc 2 dòng, để riêng 3 dòng" in said
    assert "phần cuối / footer 1" in said
