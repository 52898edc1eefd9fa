"""`dondoc import` gives a workbook with something to mend back, marked, and says where it lies."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from cli.main import dondoc
from models import Store
from tests.imports.workbooks import annex, task

BAD = annex(task(1), task(2, deadline="31/2/2025"))
ASKING = annex(task(1), task(2, deadline="theo quy định"))


def run(store: Store, *words: str) -> Result:
    return CliRunner().invoke(dondoc, [*words, "--database", store.url.render_as_string(hide_password=False)])


def imported(store: Store, file: Path, content: bytes, *more: str) -> dict[str, Any]:
    """Import one file and return what is said of it."""
    file.write_bytes(content)
    (batch,) = json.loads(run(store, "import", str(file), "--json", *more).stdout)["batches"]
    assert isinstance(batch, dict)
    return batch


def test_a_workbook_with_something_to_mend_is_given_back(store: Store, tmp_path: Path, data: Path) -> None:
    batch = imported(store, tmp_path / "Phụ lục.xlsx", BAD)
    assert batch["outcome"] == "rejected"
    assert batch["annotated_copy"] == str(data / "annotated" / f"{batch['sha256'][:8]}-Phụ lục.can-sua.xlsx")
    copy = openpyxl.load_workbook(io.BytesIO(Path(batch["annotated_copy"]).read_bytes()))
    assert copy.sheetnames == ["Cần sửa - To mend", "Phụ lục"]
    assert [path.name for path in (data / "annotated").iterdir()] == [Path(batch["annotated_copy"]).name]


@pytest.mark.parametrize(
    ("content", "more", "outcome", "has_copy"),
    [
        (BAD, (), "rejected", True),
        (BAD, ("--dry-run",), "rejected", True),
        (ASKING, (), "recorded", True),
        (ASKING, ("--dry-run",), "previewed", True),
        (annex(task(1)), (), "recorded", False),
        (annex(task(1, text="MẬT")), (), "rejected", False),
        (b"hello", (), "rejected", False),
    ],
    ids=["wrong", "wrong, tried", "asking", "asking, tried", "clean", "secret", "no workbook"],
)
def test_when_there_is_a_copy(
    store: Store, tmp_path: Path, data: Path, content: bytes, more: tuple[str, ...], outcome: str, *, has_copy: bool
) -> None:
    batch = imported(store, tmp_path / "phu-luc.xlsx", content, *more)
    assert batch["outcome"] == outcome
    assert (batch["annotated_copy"] is not None) is has_copy
    assert (data / "annotated").exists() is has_copy


def test_the_same_workbook_again_has_the_same_copy(store: Store, tmp_path: Path) -> None:
    first, again = (imported(store, tmp_path / "phu-luc.xlsx", ASKING) for _ in range(2))
    assert again["outcome"] == "unchanged"
    assert again["annotated_copy"] == first["annotated_copy"]


def test_people_are_told_where_the_copy_lies(store: Store, tmp_path: Path, data: Path) -> None:
    file = tmp_path / "phu-luc.xlsx"
    file.write_bytes(BAD)
    said = run(store, "import", str(file)).stdout
    assert f"{data}/annotated/" in said
    assert "bản đã đánh dấu" in said


def test_a_copy_that_cannot_be_written_changes_nothing_else(store: Store, tmp_path: Path, data: Path) -> None:
    data.write_text("a file where the folder should be")
    file = tmp_path / "phu-luc.xlsx"
    file.write_bytes(ASKING)
    result = run(store, "import", str(file), "--json")
    (batch,) = json.loads(result.stdout)["batches"]
    assert (result.exit_code, batch["outcome"], batch["annotated_copy"]) == (0, "recorded", None)
    assert "DONDOC_DATA" in result.stderr
