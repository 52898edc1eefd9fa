"""`dondoc export` and `dondoc import` of what it wrote."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import dondoc
from models import Store
from tests.conftest import SQLITE
from tests.imports.workbooks import annex, recorded, task

pytestmark = pytest.mark.parametrize("store", [SQLITE], indirect=True)


def url(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def ran(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(dondoc, list(words))
    return result.exit_code, result.stdout


def test_an_export_says_what_it_wrote_and_never_writes_over_a_file(store: Store, tmp_path: Path) -> None:
    recorded(annex(task(1), task(2, "Bộ Tài chính"), task(3, "Cơ quan không có")), store)
    words = ["export", "--as-of", "2025-09-05", "--to", str(tmp_path / "ra"), "--database", url(store)]
    code, said = ran(*words, "--json")
    answer = json.loads(said)
    assert (code, answer["assignments"], answer["progress"], answer["without_lead"]) == (0, 2, 0, 1)
    for file in answer["files"]:
        assert sha256((tmp_path / "ra" / file["name"]).read_bytes()).hexdigest() == file["sha256"]
    assert json.loads((tmp_path / "ra" / "manifest.json").read_text("utf-8"))["files"] == answer["files"]
    code, said = ran(*words, "--json")
    assert (code, json.loads(said)["error"]["code"]) == (1, "file_exists")


def test_what_one_agency_holds_is_exported_alone_and_imports_as_known(store: Store, tmp_path: Path) -> None:
    recorded(annex(task(1), task(2, "Bộ Tài chính")), store)
    of_one = ["--agency", "BTC", "--to", str(tmp_path), "--database", url(store)]
    assert ran("export", "--as-of", "2025-09-05", *of_one)[0] == 0
    names = [str(tmp_path / name) for name in ("assignments.json", "assignments.csv", "progress.json", "progress.csv")]
    code, said = ran("import", *names, "--database", url(store), "--json")
    batches = json.loads(said)["batches"]
    assert (code, {batch["outcome"] for batch in batches}) == (0, {"unchanged"})
    assert [batch["rows"] for batch in batches] == [1, 1, 0, 0]
