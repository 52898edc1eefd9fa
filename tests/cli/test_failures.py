"""Each failure of a lower room reaches the terminal as its own sentence, with its own exit code."""

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import config.reference
from cli.main import dondoc
from config.calendar import load_calendar
from config.reference import load_reference_data
from models import Store


def refused(*words: str, exits: int) -> dict[str, Any]:
    """Run a command that must fail; return its error, said in both languages."""
    result = CliRunner().invoke(dondoc, [*words, "--json"])
    assert result.exit_code == exits, result.output
    error: dict[str, Any] = json.loads(result.stdout)["error"]
    vietnamese, _, english = error["message"].partition(" / ")
    assert not vietnamese.isascii()
    assert english
    return error


@pytest.mark.parametrize(
    ("words", "exits", "code"),
    [
        (["explain", "nothing"], 1, "unknown_assignment"),
        (["report", "2025-08", "--meeting", "2025-08-01"], 1, "error_meeting"),
        (["restore", "none.zip"], 1, "no_file"),
        (["deliver"], 3, "channel_unusable"),
    ],
)
def test_a_failure_keeps_its_code_and_its_exit(
    store: Store, monkeypatch: pytest.MonkeyPatch, words: list[str], exits: int, code: str
) -> None:
    monkeypatch.setenv("DONDOC_CHANNEL", "pigeon://loft")
    database = store.url.render_as_string(hide_password=False)
    assert refused(*words, "--database", database, exits=exits)["code"] == code


def test_a_ladder_with_an_offset_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, database = tmp_path / "config", tmp_path / "dondoc.db"
    shutil.copytree(config.reference.HERE, data)
    with (data / "escalation.toml").open("a", encoding="utf-8") as ladder:
        ladder.write('[[rung]]\noffset = 5\nrole = "agency_head"\n')
    monkeypatch.setattr(config.reference, "load_reference_data", partial(load_reference_data, data))
    error = refused("init", "--database", f"sqlite:///{database}", exits=3)
    assert error["code"] == "wrong_reference"
    assert "+5" in error["message"]
    assert not database.exists()


def test_a_wrong_calendar_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "calendar.toml"
    wrong.write_text('[2025]\nstatus = "guessed"\n', encoding="utf-8")
    monkeypatch.setattr("cli.deadline.load_calendar", partial(load_calendar, wrong))
    error = refused("deadline", "Tháng 8/2025", "--document-date", "2025-03-14", exits=3)
    assert (error["code"], "[2025]" in error["message"]) == ("wrong_reference", True)
