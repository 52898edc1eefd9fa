"""`dondoc demo`: the whole main job on the samples, in a folder of its own."""

import json
import mailbox
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import dondoc
from rules.access import SHORTEST_PASSWORD


def test_the_demo_does_the_whole_job(prefect_server: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """A channel set in the shell is not used: the demo tells nobody."""
    monkeypatch.setenv("DONDOC_CHANNEL", "mailtos://somebody:secret@mail.example.vn")
    before = dict(os.environ)
    data = tmp_path / "demo"
    result = CliRunner().invoke(dondoc, ["demo", "--data", str(data), "--json"])
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert (answer["as_of"], answer["workbooks"], answer["rejected"]) == ("2025-09-05", 48, 0)
    totals = answer["totals"]
    assert totals["total"] == sum(count for status, count in totals.items() if status != "total") > 0
    digests = mailbox.Maildir(data / "mail", create=False)
    assert len(digests) == answer["delivery"]["accepted"] == sum(answer["notices"].values()) > 0
    assert all(Path(path).is_file() for path in answer["outputs"]["reports"])
    assert len(answer["outputs"]["reports"]) == 5
    assert (answer["account"]["name"], len(answer["account"]["password"]) >= SHORTEST_PASSWORD) == ("van-thu", True)
    assert dict(os.environ) == before


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "thesis.docx"
    kept.write_text("years of work")
    result = CliRunner().invoke(dondoc, ["demo", "--data", str(tmp_path), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "demo_not_ours"
    assert kept.read_text() == "years of work"
