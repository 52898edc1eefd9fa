"""The next workbook against the one before: unchanged, changed, gone."""

from datetime import date

import pytest

from imports import Outcome, record
from models import Store, status_of
from tests.imports.workbooks import (
    DIRECTIVE,
    HEADINGS,
    LATER,
    NOW,
    REASON,
    TODAY,
    annex,
    checked,
    counted,
    recorded,
    saved,
    standing,
    task,
)


def test_the_same_file_twice_is_unchanged(store: Store) -> None:
    content = annex(task(1), task(2, "Các bộ, ngành"), task(3, "Ai đó"))
    first = recorded(content, store)
    before = counted(store)
    again = checked(content, store)
    assert (again.new, again.changed, again.unchanged, again.gone, again.already) == (0, 0, 3, 0, first.batch)
    result = record(again, store=store, now=LATER)
    assert (result.outcome, result.batch) == (Outcome.UNCHANGED, first.batch)
    assert counted(store) == before


def test_the_same_rows_in_another_file_are_unchanged(store: Store) -> None:
    recorded(annex(task(1), task(2)), store)
    moved = saved(("Khác", [[], ["PHỤ LỤC II"], [f"(Kèm theo {DIRECTIVE})"], [], HEADINGS, task(2), task(1)], []))
    check = checked(moved, store, "khac.xlsx")
    assert (check.unchanged, check.already, check.changes.nothing) == (2, None, True)
    assert record(check, store=store, now=LATER).outcome is Outcome.UNCHANGED


def test_what_changed_is_named_old_and_new(store: Store) -> None:
    recorded(annex(task(1), task(2)), store)
    content = annex(task(1), task(2, deadline="Tháng 8/2025"), task(3))
    check = checked(content, store, reason=REASON)
    assert (check.new, check.changed, check.unchanged, check.gone) == (1, 1, 1, 0)
    change = check.changes.changed[0].fields[0]
    assert (change.field, change.old, change.new) == ("deadline_text", "Tháng 6/2025", "Tháng 8/2025")
    record(check, store=store, now=LATER)
    due = {row.code: row.due_on for row in status_of(store, as_of=TODAY, known_at=LATER).rows}
    assert due["07-CT-TTg.2.BYT"] == date(2025, 8, 31)
    earlier = {row.code: row.due_on for row in status_of(store, as_of=TODAY, known_at=NOW).rows}
    assert earlier == {"07-CT-TTg.1.BYT": date(2025, 6, 30), "07-CT-TTg.2.BYT": date(2025, 6, 30)}


def test_an_older_file_sent_again_after_a_newer_one_is_a_change(store: Store) -> None:
    old = annex(task(1, deadline="Tháng 6/2025"))
    recorded(old, store)
    recorded(annex(task(1, deadline="Tháng 8/2025")), store, now=LATER, reason=REASON)
    check = checked(old, store, reason=REASON)
    assert (check.changed, check.already) == (1, None)


def test_a_lead_taken_out_of_a_cell_no_longer_counts(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế; Bộ Công an")), store, agency="BYT")
    check = checked(annex(task(1, "Bộ Y tế")), store, agency="BYT")
    assert check.changes.changed[0].dropped == ("07-CT-TTg.1.BCA",)
    record(check, store=store, now=LATER)
    assert standing(store) == ["07-CT-TTg.1.BYT"]


@pytest.mark.parametrize(
    ("sent", "lead", "asked"),
    [
        ("a ministry's own list names it alone", "Bộ Y tế", ["leads_left_out"]),
        ("a ministry's own list names both", "Bộ Y tế; Bộ Công an", []),
    ],
)
def test_whom_a_list_of_one_agency_leaves_out_is_asked_about(
    store: Store, sent: str, lead: str, asked: list[str]
) -> None:
    recorded(annex(task(1, "Bộ Y tế; Bộ Công an"), task(2, "Bộ Nội vụ")), store, "chung.xlsx")
    check = checked(annex(task(1, lead)), store, "byt.xlsx", agency="BYT")
    found = [problem for problem in check.problems if problem.code == "leads_left_out"]
    assert [problem.code for problem in found] == asked, sent
    assert all((problem.row, problem.column, problem.values["agencies"]) == (4, "C", "BCA") for problem in found)


def test_a_task_missing_from_the_next_workbook_is_gone(store: Store) -> None:
    recorded(annex(task(1), task(2), task(3, "Ai đó")), store)
    check = checked(annex(task(1)), store, "ban-moi.xlsx")
    assert [task.number for task in check.changes.gone] == ["2", "3"]
    assert record(check, store=store, now=LATER).outcome is Outcome.RECORDED
    assert standing(store) == ["07-CT-TTg.1.BYT"]
    assert status_of(store, as_of=TODAY, known_at=LATER).queue == []
    assert standing(store, known_at=NOW) == ["07-CT-TTg.1.BYT", "07-CT-TTg.2.BYT"]


def test_a_workbook_of_several_agencies_replaces_the_one_before_whatever_its_name(store: Store) -> None:
    both = [task(1, "Bộ Y tế; Bộ Công an"), task(2, "Bộ Nội vụ"), task(3, "Ai đó")]
    recorded(annex(*both), store, "chung.xlsx")
    check = checked(annex(*both[:2]), store, "khac.xlsx")
    assert [task.number for task in check.changes.gone] == ["3"]
    record(check, store=store, now=LATER)
    assert status_of(store, as_of=TODAY, known_at=LATER).queue == []
    assert checked(annex(*both[:2]), store, "chung.xlsx").changes.nothing
    assert checked(annex(*both), store, "chung.xlsx").changed == 1


def test_another_list_of_the_same_agency_makes_nothing_gone(store: Store) -> None:
    recorded(annex(task(1), task(2)), store)
    assert checked(annex(task(8), task(9)), store).gone == 0


def test_another_agency_s_workbook_makes_nothing_gone(store: Store) -> None:
    recorded(annex(task(1), task(2)), store)
    assert checked(annex(task(1, "Bộ Công an")), store).gone == 0
