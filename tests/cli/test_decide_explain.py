"""`dondoc decide` and `dondoc explain` from a terminal, on both databases."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.main import dondoc
from models import Store
from tests.models.world import World

CODE = "07-CT-TTg.1.BYT"
OFFICE = ("--by", "Văn phòng Chính phủ", "--reason", "vướng đấu thầu")


@pytest.fixture
def database(store: Store) -> str:
    """Give the URL of a store with one duty due on 31 August 2025."""
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 8, 31))
    return store.url.render_as_string(hide_password=False)


def run(database: str, *words: str) -> Result:
    return CliRunner().invoke(dondoc, [*words, "--database", database])


def answered(result: Result) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_an_extension_is_recorded_once_and_explained(database: str) -> None:
    words = (
        "decide",
        "extend",
        CODE,
        "--until",
        "2025-10-31",
        "--on",
        "2025-08-20",
        "--document",
        "102/TB-VPCP",
        *OFFICE,
    )
    first, again = run(database, *words, "--json"), run(database, *words, "--json")
    assert [result.exit_code for result in (first, again)] == [0, 0], first.output
    assert {"action": "extend", "outcome": "recorded"}.items() <= answered(first).items()
    assert (answered(again)["outcome"], answered(again)["audit"]) == ("unchanged", answered(first)["audit"])
    explanation = answered(run(database, "explain", CODE, "--as-of", "2025-10-31", "--json"))
    assert (explanation["assignment"], explanation["status"]) == (CODE, "due_soon")
    assert any("Gia hạn đến 31/10/2025" in step["what"] for step in explanation["steps"])
    assert all(set(step) == {"what", "why", "source"} for step in explanation["steps"])


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (("cancel", "--document", "9/QĐ-TTg", "--on", "2025-08-01"), "recorded"),
        (("hold", "--document", "9/QĐ-TTg", "--from", "2025-08-01", "--until", "2025-08-31"), "recorded"),
        (("confirm",), "refused"),
        (("return",), "refused"),
        (("extend", "--document", "9/QĐ-TTg", "--on", "2025-09-04", "--until", "2025-10-31"), "refused"),
        (("extend", "--late", "--document", "9/QĐ-TTg", "--on", "2025-09-04", "--until", "2025-10-31"), "recorded"),
    ],
)
def test_every_decision_has_its_command(database: str, words: tuple[str, ...], outcome: str) -> None:
    result = run(database, "decide", words[0], CODE, *words[1:], *OFFICE, "--json")
    assert answered(result)["outcome"] == outcome
    assert result.exit_code == (1 if outcome == "refused" else 0)
    assert (" / " in result.stderr) == (outcome == "refused")


def test_an_unknown_assignment_is_refused_with_a_sentence(database: str) -> None:
    for words in (("explain", "nothing"), ("decide", "cancel", "nothing", "--document", "1/QĐ-TTg", *OFFICE)):
        result = run(database, *words)
        assert result.exit_code == 1
        assert "dondoc status" in result.stderr


def test_an_answer_asks_for_the_document_that_answers() -> None:
    output = CliRunner().invoke(dondoc, ["decide", "answer", "--help"]).stdout
    assert "văn bản trả lời" in output
    assert "bãi bỏ" not in output


def test_only_flags_that_something_sets_are_offered() -> None:
    output = CliRunner().invoke(dondoc, ["status", "--help"]).stdout
    assert "awaiting_confirmation" in output
    assert not [never for never in ("disputed", "at_risk") if never in output]


def test_without_a_reason_it_is_wrong_usage(database: str) -> None:
    assert run(database, "decide", "confirm", CODE, "--by", "Văn phòng Chính phủ").exit_code == 2


def test_the_explanation_reads_as_numbered_lines(database: str) -> None:
    output = run(database, "explain", CODE, "--as-of", "2025-09-05").stdout
    assert " 1. Văn bản giao nhiệm vụ: 07/CT-TTg" in output
    assert "quá hạn 2 ngày làm việc" in output
