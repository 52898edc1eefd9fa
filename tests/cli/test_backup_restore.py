"""`dondoc backup` and `dondoc restore` from a terminal: from either database into either."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import dondoc
from models import Store
from models.schema import migrate
from tests.models.world import World


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DONDOC_INBOX", str(tmp_path / "inbox"))


def run(store: Store, *words: str) -> Result:
    database = store.url.render_as_string(hide_password=False)
    return CliRunner().invoke(dondoc, [*words, "--database", database])


def test_what_is_backed_up_is_restored(store: Store, empty_store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 8, 31))
    file = str(tmp_path / "keep" / "dondoc.zip")
    made = run(store, "backup", file, "--json")
    migrate(empty_store)
    restored = run(empty_store, "restore", file, "--json")
    assert (made.exit_code, restored.exit_code) == (0, 0), restored.output
    assert json.loads(made.stdout) == json.loads(restored.stdout)
    assert json.loads(made.stdout)["totals"]["total"] == 2


def test_a_damaged_file_and_a_full_database_are_refused(store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 8, 31))
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    bad.write_bytes(b"PK not a zip")
    run(store, "backup", str(good))
    for file, said in ((bad, "hỏng"), (good, "dondoc init"), (tmp_path / "none.zip", "Không có tệp")):
        result = run(store, "restore", str(file))
        assert (result.exit_code, said in result.stderr) == (1, True), result.output
    assert run(store, "backup", str(good)).exit_code == 1, "a backup never overwrites"


def test_before_init_there_is_nothing_to_back_up(empty_store: Store, tmp_path: Path) -> None:
    result = run(empty_store, "backup", str(tmp_path / "x.zip"))
    assert result.exit_code == 3
    assert "dondoc init" in result.stderr
