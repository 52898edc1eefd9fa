"""`dondoc scorecard` from a terminal: every number opens its rows with the command it names."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import samples
from cli.main import dondoc
from models import Store

SAMPLES = Path(samples.__file__ or "").parent
HEALTH = ("assignments/bo-y-te.xlsx", "progress-2025-06/bo-y-te.xlsx", "progress-2025-08/bo-y-te.xlsx")


@pytest.fixture
def database(store: Store) -> str:
    """Give the URL of a store that holds the common tasks and those of the Ministry of Health, with its reports."""
    url = store.url.render_as_string(hide_password=False)
    for name in ("assignments/nhiem-vu-chung.xlsx", *HEALTH):
        assert CliRunner().invoke(dondoc, ["import", str(SAMPLES / name), "--database", url]).exit_code == 0, name
    return url


def ask(database: str, command: str) -> dict[str, Any]:
    words = [*shlex.split(command.removeprefix("dondoc ")), "--database", database, "--json"]
    result = CliRunner().invoke(dondoc, words)
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_every_number_opens_its_rows(database: str) -> None:
    card = ask(database, "dondoc scorecard --as-of 2025-09-05")
    (health,) = [each for each in card["agencies"] if each["agency"] == "BYT"]
    figures = {name: figure for name, figure in health.items() if isinstance(figure, dict) and "count" in figure}
    figures |= {f"unclear {name}": figure for name, figure in health["unclear_by"].items()}
    assert len(figures) == 21
    opened = {name: ask(database, figure["query"])["totals"]["total"] for name, figure in figures.items()}
    assert opened == {name: figure["count"] for name, figure in figures.items()}
    assert sum(figures[name]["count"] for name in ("on_time", "late", "overdue")) == figures["due"]["count"] > 0


def test_the_answer_names_its_days_its_criteria_and_its_reasons(database: str) -> None:
    card = ask(database, "dondoc scorecard --as-of 2025-09-05")
    assert (card["as_of"], card["since"], card["level"]) == ("2025-09-05", "2025-08-05", "evidenced")
    assert card["criteria"]["rank_minimum"] == 5
    criticised = [one["agency"] for one in card["criticism"]]
    assert criticised
    assert "BYT" not in criticised
    for one in card["criticism"]:
        assert {"agency", "name", "count", "of", "longest", "reason", "query"} == set(one)
        assert f"{one['count']}/{one['of']}" in one["reason"]["vi"]
        assert ask(database, one["query"])["totals"]["total"] == one["count"]


def test_a_person_reads_ranks_and_reasons(database: str) -> None:
    result = CliRunner().invoke(dondoc, ["scorecard", "--as-of", "2025-09-05", "--database", database])
    assert result.exit_code == 0, result.output
    assert "Đề xuất phê bình / Proposed for criticism:" in result.stdout
    assert "ngày làm việc" in result.stdout


@pytest.mark.parametrize(
    "words", [("--status", "late"), ("--flag", "tired"), ("--unclear", "mind"), ("--late-from", "x")]
)
def test_a_selection_that_means_nothing_is_wrong_usage(database: str, words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(dondoc, ["status", *words, "--database", database]).exit_code == 2
