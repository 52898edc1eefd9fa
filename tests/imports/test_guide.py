"""Each problem code has its sentence, its line in the secretariat's guide, and an original that shows it."""

import json
import re
import tomllib
from functools import cache
from pathlib import Path

from tests.goldens.files import expected_of, originals

ROOT = Path(__file__).parents[2]
SENTENCES = tomllib.loads((ROOT / "texts" / "words" / "problem.toml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs" / "huong-dan" / "nhap-bang-tinh.md").read_text(encoding="utf-8")
LINE = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
LEVELS = {"Chặn": "stops", "Xác nhận": "to_confirm", "Ghi chú": "note"}
# What no file alone can show, and the test that shows it.
_BEYOND = "tests/imports/test_codes_beyond_one_file.py"
_DOUBTS = "tests/imports/test_misfiled_rows.py"
_LAYOUT = "tests/imports/test_review_layout.py"
_REVIEW = "tests/imports/test_review_meaning.py"
_DONE = "tests/imports/test_review_done.py"
_OPEN = "tests/imports/test_open_files.py"
_OPEN_PROGRESS = "tests/imports/test_open_progress.py"
_PLAN = "tests/imports/test_handed_plan.py"
SHOWN_BY = {
    "not_dealt_with": "tests/imports/test_inbox.py",
    "open_not_json": _OPEN,
    "open_not_csv": _OPEN,
    "open_unknown_form": _OPEN,
    "open_missing_field": _OPEN,
    "open_unknown_field": _OPEN,
    "open_wrong_value": _OPEN,
    "open_more_problems": _OPEN,
    "open_not_taken": _OPEN,
    "open_words_differ": _OPEN,
    "open_unknown_agency": _OPEN,
    "open_deadline_without_words": _OPEN,
    "open_unknown_code": _OPEN,
    "open_day_to_come": _OPEN,
    "open_evidence_not_a_number": _OPEN,
    "open_evidence_day_differs": _OPEN_PROGRESS,
    "open_code_differs": _OPEN,
    "open_lead_differs": _OPEN,
    "open_due_day_differs": _OPEN,
    "plan_without_table": _PLAN,
    "plan_row_incomplete": _PLAN,
    "plan_day_unread": _PLAN,
    "row_document_day_differs": _REVIEW,
    "task_without_words": _REVIEW,
    "section_of_another_agency": _REVIEW,
    "month_may_be_first": _REVIEW,
    "day_far_off": _REVIEW,
    "column_left_out": _DONE,
    "reference_of_another_task": _DONE,
    "status_contradicts_percentage": _DONE,
    "section_says_done": _DONE,
    "done_taken_back": _DONE,
    "completed_before_assigned": _REVIEW,
    "indicators_withdrawn": "tests/imports/test_indicators.py",
    "as_answered_before": _BEYOND,
    "completed_day_to_confirm": _DOUBTS,
    "document_of_another_year": _DOUBTS,
    "deadlines_or_progress": _LAYOUT,
    "documents_named": _DOUBTS,
    "heading_in_capitals": _DOUBTS,
    "leads_left_out": "tests/imports/test_changes.py",
    "number_is_a_date": _LAYOUT,
    "row_document_left_out": _DOUBTS,
    "table_not_known": _LAYOUT,
    "two_columns_for_one": _LAYOUT,
    "row_document_unnumbered": _DOUBTS,
    "several_documents": _DOUBTS,
    "mapping_used": _BEYOND,
    "not_conclusions": _BEYOND,
    "recorded_meanwhile": _BEYOND,
    "too_many_to_compare": _BEYOND,
    "secret_mark": "tests/imports/test_secrecy.py",
    "reader_gave_up": "tests/imports/test_isolation.py",
    "may_only_report": "tests/imports/test_held_uploads.py",
    "report_of_another_agency": "tests/imports/test_held_uploads.py",
    "row_of_another_agency": "tests/imports/test_held_uploads.py",
}


def lines() -> list[tuple[str, ...]]:
    return LINE.findall(GUIDE)


@cache
def shown() -> frozenset[tuple[str, str]]:
    """Return the codes of the originals' expected readings, with their severities."""
    readings = [json.loads(expected_of(name).read_text(encoding="utf-8"))["reading"] for name in originals()]
    problems = [problem for reading in readings for problem in reading["problems"]]
    return frozenset((problem["code"], problem["severity"]) for problem in problems if "severity" in problem)


def test_every_code_has_one_line_in_the_guide_and_every_line_a_code() -> None:
    codes = [code for code, *_ in lines()]
    assert sorted(codes) == sorted(set(codes)), "a code has two lines"
    missing, unknown = sorted(SENTENCES.keys() - set(codes)), sorted(set(codes) - SENTENCES.keys())
    assert not missing, f"without a line in docs/huong-dan/nhap-bang-tinh.md: {missing}"
    assert not unknown, f"in docs/huong-dan/nhap-bang-tinh.md without a sentence: {unknown}"


def test_every_code_has_an_original_that_shows_it() -> None:
    missing = sorted(SENTENCES.keys() - {code for code, _ in shown()} - SHOWN_BY.keys())
    assert not missing, f"without an original in tests/goldens/workbooks whose expected file has the code: {missing}"


def test_what_no_original_shows_is_shown_by_the_test_named() -> None:
    for code, test in SHOWN_BY.items():
        assert f'"{code}"' in (ROOT / test).read_text(encoding="utf-8"), f"{test} does not show {code}"
        assert code not in {shown_code for shown_code, _ in shown()}, f"{code} has an original: strike it from the list"


def test_the_guide_says_how_much_each_problem_weighs() -> None:
    said = {code: {LEVELS[level.strip()] for level in levels.split(",")} for code, levels, *_ in lines()}
    wrong = {f"{code}: {severity}" for code, severity in shown() if severity not in said.get(code, ())}
    assert not wrong, f"severities the guide does not say: {sorted(wrong)}"


def test_a_line_says_it_in_both_languages() -> None:
    for code, _levels, vietnamese, english in lines():
        assert vietnamese.strip().endswith("."), code
        assert english.strip().isascii(), code
