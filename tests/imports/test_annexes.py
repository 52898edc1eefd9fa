"""Annexes in, assignments out, on both databases: what a row says becomes what the store holds."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from imports import Outcome, Severity, record
from models import Store, status_of
from models.assignment_tables import Assignment, AssignmentRevision, Document, TaskRevision
from rules.status import Nature
from tests.imports.workbooks import (
    DIRECTIVE,
    HEADINGS,
    NOW,
    TODAY,
    Row,
    annex,
    checked,
    codes,
    recorded,
    saved,
    standing,
    task,
)


def test_a_row_becomes_an_assignment_with_its_cells(store: Store) -> None:
    check = checked(annex([1, "Xây dựng kế hoạch", "Bộ Y tế", "Bộ Công an", "Kế hoạch", "Tháng 6/2025"]), store)
    assert (check.kind, check.agency, check.document, check.rows, check.new) == (
        "assignments",
        "BYT",
        "07/CT-TTg",
        1,
        1,
    )
    assert check.problems == ()
    assert record(check, store=store, now=NOW).outcome is Outcome.RECORDED
    row = status_of(store, as_of=TODAY, known_at=NOW).rows[0]
    assert (row.code, row.task, row.product) == ("07-CT-TTg.1.BYT", "Xây dựng kế hoạch", "Kế hoạch")
    assert (row.original_due_on, row.due_on) == (date(2025, 6, 30), date(2025, 6, 30))
    with store.reading() as session:
        revision = session.scalars(select(TaskRevision)).one()
        assert (revision.sheet, revision.row, revision.cells["lead"]) == ("Phụ lục", 4, "C4")
        assert session.scalars(select(Document)).one().issued_on == date(2025, 3, 14)


def test_a_collective_becomes_one_assignment_per_member(store: Store) -> None:
    content = annex(task(1, "Các bộ, ngành, địa phương"), task(2, "Các bộ, ngành"), task(3, "UBND các tỉnh, thành phố"))
    check = checked(content, store)
    assert (check.rows, check.new, check.assignments, check.agency) == (3, 3, 85 + 22 + 63, None)
    record(check, store=store, now=NOW)
    with store.reading() as session:
        collectives = session.execute(
            select(AssignmentRevision.collective_code, func.count()).group_by(col(AssignmentRevision.collective_code))  # type: ignore[call-overload]
        )
        assert {row[0]: row[1] for row in collectives} == {"everyone": 85, "ministries": 22, "provinces": 63}


def test_several_leads_are_several_assignments(store: Store) -> None:
    recorded(annex(task(1, "Đài Truyền hình Việt Nam; Đài Tiếng nói Việt Nam"), task(2, "Bộ Y tế")), store)
    flagged = {row.code: "several_leads" in row.flags for row in status_of(store, as_of=TODAY, known_at=NOW).rows}
    assert flagged == {"07-CT-TTg.1.VTV": True, "07-CT-TTg.1.VOV": True, "07-CT-TTg.2.BYT": False}


def test_a_lead_nobody_answers_to_waits_in_the_queue(store: Store) -> None:
    check = checked(annex(task(1, "Các đơn vị thuộc bộ, ngành, địa phương")), store)
    assert codes(check) == ["no_accountable_lead"]
    assert not check.stops
    record(check, store=store, now=NOW)
    table = status_of(store, as_of=TODAY, known_at=NOW)
    assert [(task.number, task.queue) for task in table.queue] == [("1", "no_accountable_lead")]
    assert table.rows == []


def test_a_monthly_duty_has_an_assignment_per_month_of_the_document_s_year(store: Store) -> None:
    recorded(annex(task(64, "Bộ Công an", "Định kỳ hằng tháng")), store)
    with store.reading() as session:
        periods = session.execute(
            select(Assignment.period, AssignmentRevision.counts_from, AssignmentRevision.original_due_on)  # type: ignore[call-overload]
            .join(AssignmentRevision, AssignmentRevision.assignment_id == Assignment.id)
            .order_by(Assignment.period)
        ).all()
    assert periods[0] == ("2025-03", date(2025, 3, 14), date(2025, 3, 31))
    assert periods[-1] == ("2025-12", date(2025, 12, 1), date(2025, 12, 31))
    assert len(periods) == 10
    assert standing(store)[-1] == "07-CT-TTg.64.BCA.2025-09"


def test_deadlines(store: Store) -> None:
    cases: list[tuple[object, str | None, Nature]] = [
        ("", "needs_date", Nature.UNDATED),
        ("Sau khi Luật có hiệu lực", "awaiting_event", Nature.UNDATED),
        ("Thường xuyên", None, Nature.ONGOING),
        (date(2025, 6, 30), None, Nature.DATED),
        (2025, None, Nature.DATED),
        (date(2025, 6, 1), "deadline_to_confirm", Nature.DATED),
    ]
    for deadline, problem, nature in cases:
        check = checked(annex(task(1, deadline=deadline)), store)
        assert codes(check) == ([problem] if problem else []), deadline
        assert [assignment.nature for assignment in check.tasks[0].assignments] == [nature], deadline


def test_a_former_agency_passes_to_its_successor_to_be_confirmed(store: Store) -> None:
    check = checked(annex(task(1, "Bộ Kế hoạch và Đầu tư"), task(2, "Bộ Thông tin và Truyền thông")), store)
    assert codes(check) == ["former_agency", "former_agency_split"]
    assert "Bộ Tài chính" in check.problems[0].message
    assert [task.queue for task in check.tasks] == [None, "no_accountable_lead"]
    assert [a.agency for a in check.tasks[0].assignments] == ["BTC"]


def test_several_sheets_are_one_workbook(store: Store) -> None:
    title = [[f"(Kèm theo {DIRECTIVE})"]]
    remark: tuple[str, list[Row], list[str]] = ("Ghi chú", [["Chỉ là lời nhắn"]], [])
    check = checked(saved(("I", [*title, HEADINGS, task(1)], []), remark, ("II", [HEADINGS, task(2)], [])), store)
    assert ([row.sheet for row in check.tasks], codes(check)) == (["I", "II"], ["sheet_without_table"])


def test_numbers_that_begin_again_under_each_group_keep_their_group(store: Store) -> None:
    check = checked(annex(["I", "Thể chế"], task(1), ["II", "Hạ tầng"], task(1, text="Việc khác")), store)
    assert [task.number for task in check.tasks] == ["I.1", "II.1"]


def test_a_row_may_name_its_own_document(store: Store) -> None:
    headings = [*HEADINGS, "Văn bản giao nhiệm vụ", "Ngày văn bản"]
    content = annex([*task(1), "57-NQ/TW", "22/12/2024"], [*task(1), "", ""], headings=headings)
    check = checked(content, store)
    assert [task.key for task in check.tasks] == [("57-NQ/TW", "1"), ("07/CT-TTg", "1")]
    record(check, store=store, now=NOW)
    assert checked(content, store).unchanged == 2


def test_the_caller_s_document_goes_first(store: Store) -> None:
    check = checked(annex(task(1), title=[["PHỤ LỤC"]]), store, document="57-NQ/TW", document_date=date(2024, 12, 22))
    assert check.tasks[0].document.issued_on == date(2024, 12, 22)
    record(check, store=store, now=NOW)
    again = checked(annex(task(1), title=[["PHỤ LỤC"]]), store, document="57-NQ-TW")
    assert (again.document, again.unchanged) == ("57-NQ/TW", 1)


def test_without_a_lead_column_the_caller_says_whose_work_it_is(store: Store) -> None:
    content = annex([1, "Việc", "2025"], headings=["TT", "Nhiệm vụ", "Thời hạn"])
    assert codes(checked(content, store)) == ["no_agency"]
    assert [a.agency for a in checked(content, store, agency="BYT").tasks[0].assignments] == ["BYT"]


def test_a_date_that_differs_from_the_stored_one_is_asked_about(store: Store) -> None:
    recorded(annex(task(1)), store)
    other = annex(task(2, text="Công bố danh mục dữ liệu mở"))
    check = checked(other, store, document="07/CT-TTg", document_date=date(2025, 3, 15))
    assert codes(check) == ["document_date_differs"]
    assert check.tasks[0].document.issued_on == date(2025, 3, 14)


def test_text_that_begins_like_a_formula_is_stored_as_written(store: Store) -> None:
    recorded(annex(task(1, text="-Báo cáo {0}; '); DROP TABLE task; --")), store)
    assert status_of(store, as_of=TODAY, known_at=NOW).rows[0].task == "-Báo cáo {0}; '); DROP TABLE task; --"


@pytest.mark.parametrize("heading", ["Ghi chú", "Hạn mới", "Lãnh đạo phụ trách", "Khó khăn, vướng mắc", "Màu sắc"])
def test_a_column_an_annex_is_not_read_from_is_named(store: Store, heading: str) -> None:
    content = annex([*task(1), "30/9/2025"], headings=[*HEADINGS, heading])
    (problem,) = checked(content, store).problems
    assert (problem.code, problem.severity) == ("column_not_read", Severity.NOTE)
    assert (problem.sheet, problem.row, problem.column, problem.found) == ("Phụ lục", 3, "G", heading)
    assert f"cột “{heading}” không được đọc" in problem.message
    assert f"the column “{heading}” is not read" in problem.message


@pytest.mark.parametrize(
    ("title", "expected"),
    [([f"(Kèm theo {DIRECTIVE})"], DIRECTIVE), (["Số hiệu 07/CT-TTg ngày 14/3/2025"], "")],
    ids=["named in words", "its number alone"],
)
def test_the_document_keeps_the_title_it_is_named_by(store: Store, title: list[str], expected: str) -> None:
    recorded(annex(task(1), title=[["PHỤ LỤC"], title]), store)
    with store.reading() as session:
        assert session.scalars(select(Document.title)).one() == expected  # type: ignore[call-overload]


def test_the_title_of_another_document_is_not_the_caller_s(store: Store) -> None:
    recorded(annex(task(1)), store, document="57-NQ/TW", document_date=date(2024, 12, 22))
    with store.reading() as session:
        document = session.scalars(select(Document)).one()
    assert (document.code, document.title) == ("57-NQ/TW", "")
