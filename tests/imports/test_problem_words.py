"""Every problem code has its sentence in both languages, and every sentence its code."""

import ast
import json
import tomllib
from datetime import date
from pathlib import Path

from imports.problem import Problem, Severity

ROOM = Path(__file__).parents[2]
WORDS = tomllib.loads((ROOM / "texts" / "words" / "problem.toml").read_text(encoding="utf-8"))
# Codes that come from the deadline as read.
FROM_RULES = {"needs_date", "awaiting_event", "start_only"}
CALLS = {"stops": 0, "Problem": 0, "_say": 1, "_complain": 0, "problem": 0, "HostileError": 0, "_in_cell": 0}


def codes_used() -> set[str]:
    """Return every code that stands as a literal in a call that makes a problem."""
    found = set(FROM_RULES)
    for path in (ROOM / "imports").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                found |= _literals(node.args[CALLS[name]]) if name in CALLS and len(node.args) > CALLS[name] else set()
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {"code", "_REFUSALS"}:
                found |= _literals(node.value)
    return found


def _literals(node: ast.expr) -> set[str]:
    texts = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return {text for text in texts if text.isidentifier()}


def test_codes_and_sentences_are_the_same_set() -> None:
    assert codes_used() == WORDS.keys()


def test_a_sentence_says_where_and_what_to_do() -> None:
    for code, sentence in WORDS.items():
        for language in ("vi", "en"):
            assert sentence[language].endswith("."), code
            assert len(sentence[language].split(". ")) > 1 or ";" in sentence[language], f"{code}: what to do?"


def test_a_problem_as_json_says_where_and_what() -> None:
    problem = Problem("unknown_agency", Severity.STOPS, "PL", 7, "F", "KHONG-CO", {"unused": date(2025, 9, 5)})
    assert json.loads(json.dumps(problem.as_dict())) == {
        "code": "unknown_agency",
        "severity": "stops",
        "sheet": "PL",
        "row": 7,
        "column": "F",
        "found": "KHONG-CO",
        "message": problem.message,
    }


def test_a_problem_speaks_both_languages() -> None:
    problem = Problem("impossible_date", Severity.STOPS, "PL", 7, "F", "29/02/2025")
    vietnamese, _, english = problem.message.partition(" / Sheet")
    assert "Trang “PL”, ô F7" in vietnamese
    assert "cell F7" in english
