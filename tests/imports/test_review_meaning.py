"""What workbooks say beside the plain row: that nothing hinders, other documents, agencies and days."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from imports.meaning.nothing_said import says_nothing
from models import Store
from models.raised_tables import Obstacle
from tests.imports.workbooks import (
    HEADINGS,
    LATER,
    PROGRESS_HEADINGS,
    REASON,
    Row,
    annex,
    asked,
    checked,
    codes,
    recorded,
    report,
    task,
    told,
)

RAISED = (*PROGRESS_HEADINGS, "KHÓ KHĂN, VƯỚNG MẮC", "ĐỀ XUẤT, KIẾN NGHỊ")
PROOF = "512/BC-BYT ngày 25/6/2025"


# Nothing raised


NONE = (
    "Không",
    "Không có",
    "-",
    "–",
    "Chưa có",
    "0",
    "Không có khó khăn, vướng mắc",
    "KHÔNG.",
    "Kiến nghị: không",
    "N/A",
)


def test_words_that_there_is_no_difficulty_raise_none(store: Store) -> None:
    recorded(annex(*(task(at) for at in range(len(NONE)))), store)
    content = report(*([*told(at, "Đang thực hiện"), words, words] for at, words in enumerate(NONE)), headings=RAISED)
    check = checked(content, store)
    assert (codes(check), check.raised["obstacles"], len(check.progress)) == ([], 0, len(NONE))
    assert {(row.difficulty, row.proposal) for row in check.progress} == {("", "")}
    recorded(content, store, now=LATER)
    with store.reading() as session:
        assert list(session.exec(select(Obstacle))) == []


@pytest.mark.parametrize("words", ["Không có kinh phí", "Chưa có nghị định", "Thiếu vốn", "Khó khăn, vướng mắc"])
def test_a_difficulty_that_begins_with_no_is_one(words: str) -> None:
    assert not says_nothing(words)


def test_a_row_that_says_only_that_there_is_none_reports_nothing(store: Store) -> None:
    recorded(annex(task(1)), store)
    check = checked(report([*told(1, ""), "Không có", "Không"], headings=RAISED), store)
    assert asked(check, "nothing_reported") == [("nothing_reported", "note", 4)]


# Documents


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("07/CT-TTg", "Quyết định số 06/QĐ-TTg ngày 6/1/2022", [("several_documents", "stops", 7)]),
        ("", "Quyết định số 06/QĐ-TTg ngày 6/1/2022", [("documents_named", "to_confirm", 7)]),
        ("07/CT-TTg", "Chỉ thị 07/CT-TTg", []),
    ],
    ids=["groups sorted by document", "a group that carries another out", "one document"],
)
def test_groups_of_different_documents(store: Store, first: str, second: str, expected: list[Any]) -> None:
    heading = f"Nhiệm vụ theo Chỉ thị {first}" if first else "Nhiệm vụ chung"
    groups: list[Row] = [["I", heading], task(1), ["II", f"Nhiệm vụ theo {second}"], task(2)]
    content = annex(*groups)
    assert asked(checked(content, store), "several_documents", "documents_named") == expected
    assert codes(checked(content, store, document="07/CT-TTg", document_date=date(2025, 3, 14))) == []


def test_a_row_that_names_its_document_is_in_no_doubt_under_such_a_group(store: Store) -> None:
    groups: list[Row] = [
        ["I", "Nhiệm vụ theo Chỉ thị 07/CT-TTg"],
        [*task(1), "07/CT-TTg", "14/03/2025"],
        ["II", "Nhiệm vụ theo Quyết định số 06/QĐ-TTg"],
        [*task(2), "06/QĐ-TTg", "06/01/2022"],
    ]
    check = checked(annex(*groups, headings=(*HEADINGS, "Văn bản giao", "Ngày văn bản")), store)
    assert (codes(check), [row.document.code for row in check.tasks]) == ([], ["07/CT-TTg", "06/QĐ-TTg"])


def test_the_day_of_a_row_s_document(store: Store) -> None:
    asks, stops = [("row_document_day_differs", "to_confirm", 4)], [("row_document_day_differs", "stops", 4)]
    another: list[Any] = [("document_of_another_year", "stops", 4)]
    cases: list[tuple[Row, str, list[Any]]] = [
        *((named, "14/3/2025", []) for named in ([], [""], ["07/CT-TTg"])),
        *((named, "15/3/2025", asks) for named in ([], [""], ["07/CT-TTg"])),
        *((named, "6/1/2022", stops) for named in ([], [""])),
        (["07/CT-TTg"], "6/1/2022", another),
    ]
    for named, day, expected in cases:
        headings = (*HEADINGS, *(["Văn bản giao"] if named else []), "Ngày văn bản")
        row = [*task(1, deadline="30 ngày kể từ ngày ký"), *named, day]
        check = checked(annex(row, headings=headings), store)
        assert asked(check, "row_document_day_differs", "document_of_another_year") == expected, (named, day)


# Days


def test_days_of_a_column_that_has_the_month_first(store: Store) -> None:
    days = ("6/30/2025", "12/31/2025", "6/5/2025", "5/5/2025", "trước ngày 6/5/2025")
    check = checked(annex(*(task(at, deadline=day) for at, day in enumerate(days, start=1))), store)
    assert asked(check, "month_may_be_first") == [("month_may_be_first", "to_confirm", 6)]
    assert "06/05/2025" in check.problems[0].message
    assert codes(checked(annex(task(1, deadline="6/5/2025"), task(2, deadline="30/6/2025")), store)) == []


def test_days_of_completion_that_have_the_month_first(store: Store) -> None:
    recorded(annex(task(1), task(2)), store)
    rows = [told(at, "Hoàn thành", PROOF, "", day) for at, day in ((1, "6/20/2025"), (2, "6/5/2025"))]
    assert asked(checked(report(*rows), store), "month_may_be_first") == [("month_may_be_first", "to_confirm", 5)]


FAR_OFF = [("day_far_off", "to_confirm", 4)]


@pytest.mark.parametrize(("deadline", "expected"), [("14/3/2035", []), ("30/6/2052", FAR_OFF)])
def test_a_deadline_more_than_ten_years_away(store: Store, deadline: str, expected: list[Any]) -> None:
    content = annex(task(1, deadline=deadline), task(2, deadline=deadline))
    assert asked(checked(content, store), "day_far_off") == expected


@pytest.mark.parametrize(("until", "expected"), [("27/6/2035", []), ("30/6/2052", FAR_OFF)])
def test_more_time_asked_for_until_more_than_ten_years_away(store: Store, until: str, expected: list[Any]) -> None:
    recorded(annex(task(1)), store)
    row = [*told(1, "Đang thực hiện"), until, "Chờ vốn"]
    check = checked(report(row, headings=(*PROGRESS_HEADINGS, "HẠN MỚI ĐỀ NGHỊ", "LÝ DO GIA HẠN")), store)
    assert asked(check, "day_far_off") == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("14/3/2025", []), ("13/3/2025", [("completed_before_assigned", "to_confirm", 4)])],
)
def test_completed_before_it_was_assigned(store: Store, day: str, expected: list[Any]) -> None:
    recorded(annex(task(1)), store)
    check = checked(report(told(1, "Hoàn thành", PROOF, "", day)), store)
    assert asked(check, "completed_before_assigned") == expected


# Agencies and words


def test_groups_headed_by_an_agency_in_a_list_without_leads(store: Store) -> None:
    headings = ("TT", "Nhiệm vụ", "Sản phẩm", "Thời gian hoàn thành")
    rows: list[Row] = [
        ["I", "BỘ Y TẾ"],
        [1, "Việc một", "", "2025"],
        ["II", "NHIỆM VỤ CỦA BỘ CÔNG AN"],
        [2, "Việc hai", "", "2025"],
    ]
    check = checked(annex(*rows, headings=headings), store, agency="BYT")
    assert [(p.code, p.row, p.found, p.values["count"]) for p in check.problems] == [
        ("section_of_another_agency", 7, "II. NHIỆM VỤ CỦA BỘ CÔNG AN", 1)
    ]
    with_leads = annex(["I", "BỘ CÔNG AN", "", "", "", ""], task(1))
    assert codes(checked(with_leads, store, agency="BYT")) == []


def test_a_number_without_the_words_of_a_task(store: Store) -> None:
    row = [2, "", "Bộ Y tế", "", "BC", "Tháng 6/2025"]
    check = checked(annex(task(1), row), store)
    assert asked(check, "task_without_words") == [("task_without_words", "to_confirm", 5)]


def test_fewer_periods_of_the_same_leads_leave_no_lead_out(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế; Bộ Công an", "Hằng tháng")), store)
    content = annex(task(1, "Bộ Y tế; Bộ Công an", "Hằng quý"))
    check = checked(content, store, "moi.xlsx", reason=REASON, agency="BYT")
    assert check.changes.changed[0].dropped
    assert asked(check, "leads_left_out") == []
