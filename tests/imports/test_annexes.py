"""Annexes in, assignments out, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from imports import Check, Outcome, StaleCheckError, record, undo
from models import Store, status_of
from models.assignment_tables import Assignment, AssignmentRevision, Batch, Document, Task, TaskRevision
from rules.status import Nature
from tests.imports.workbooks import DIRECTIVE, HEADINGS, NOW, TODAY, Row, annex, checked, codes, recorded, saved, task

LATER = NOW + timedelta(hours=1)


def standing(store: Store, as_of: date = TODAY, known_at: datetime = LATER) -> list[str]:
    """Return the codes of the assignments that count."""
    return [code for row in status_of(store, as_of=as_of, known_at=known_at).rows for code in row.parts]


def counted(store: Store) -> dict[str, int]:
    tables = (Batch, Document, Task, TaskRevision, Assignment, AssignmentRevision)
    with store.reading() as session:
        return {t.__tablename__: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


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
    check = checked(content, store)
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
    recorded(annex(task(1, deadline="Tháng 8/2025")), store, now=LATER)
    check = checked(old, store)
    assert (check.changed, check.already) == (1, None)


def test_a_lead_taken_out_of_a_cell_no_longer_counts(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế; Bộ Công an")), store, agency="BYT")
    check = checked(annex(task(1, "Bộ Y tế")), store, agency="BYT")
    assert check.changes.changed[0].dropped == ("07-CT-TTg.1.BCA",)
    record(check, store=store, now=LATER)
    assert standing(store) == ["07-CT-TTg.1.BYT"]


def test_a_task_missing_from_the_next_workbook_is_gone(store: Store) -> None:
    recorded(annex(task(1), task(2), task(3, "Ai đó")), store)
    check = checked(annex(task(1)), store, "ban-moi.xlsx")
    assert [task.number for task in check.changes.gone] == ["2", "3"]
    assert record(check, store=store, now=LATER).outcome is Outcome.RECORDED
    assert standing(store) == ["07-CT-TTg.1.BYT"]
    assert status_of(store, as_of=TODAY, known_at=LATER).queue == []
    assert standing(store, known_at=NOW) == ["07-CT-TTg.1.BYT", "07-CT-TTg.2.BYT"]


def test_a_workbook_without_agency_replaces_the_one_of_its_name(store: Store) -> None:
    both = [task(1, "Bộ Y tế; Bộ Công an"), task(2, "Bộ Nội vụ"), task(3, "Ai đó")]
    recorded(annex(*both), store, "chung.xlsx")
    assert checked(annex(*both[:2]), store, "khac.xlsx").gone == 0
    check = checked(annex(*both[:2]), store, "CHUNG.xlsx")
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


def test_undo_brings_back_what_was_replaced(store: Store) -> None:
    content = annex(task(1))
    first = recorded(content, store)
    second = recorded(annex(task(1, deadline="Tháng 8/2025"), task(2)), store, now=LATER)
    assert second.batch is not None
    done = undo(second.batch, store=store, now=LATER + timedelta(hours=1))
    assert (done.undone, done.reason) == (True, None)
    table = status_of(store, as_of=TODAY, known_at=LATER + timedelta(hours=2))
    assert [(row.code, row.due_on) for row in table.rows] == [("07-CT-TTg.1.BYT", date(2025, 6, 30))]
    assert first.batch is not None
    assert checked(content, store).already == first.batch


def test_a_workbook_taken_back_can_be_recorded_again(store: Store) -> None:
    content = annex(task(1), task(2, "Các bộ, ngành"))
    first = recorded(content, store)
    assert first.batch is not None
    undo(first.batch, store=store, now=LATER)
    check = checked(content, store)
    assert (check.new, check.already) == (2, None)
    again = record(check, store=store, now=LATER)
    assert again.outcome is Outcome.RECORDED
    assert again.batch != first.batch
    assert counted(store)["assignment"] == 23


def test_undo_answers_why_not(store: Store) -> None:
    batch = recorded(annex(task(1)), store).batch
    assert batch is not None
    assert undo(batch, store=store, now=LATER).undone
    assert undo(batch, store=store, now=LATER).reason == "already_undone"
    assert undo(batch + 99, store=store, now=LATER).reason == "unknown_batch"


def test_a_check_that_rests_on_an_older_state_is_refused(store: Store) -> None:
    mine, theirs = checked(annex(task(1)), store), checked(annex(task(1, deadline="Tháng 8/2025")), store)
    record(theirs, store=store, now=NOW)
    before = counted(store)
    with pytest.raises(StaleCheckError):
        record(mine, store=store, now=LATER)
    assert counted(store) == before


def test_of_two_who_record_at_once_one_wins_and_the_other_is_told(store: Store) -> None:
    checks = [checked(annex(task(1, deadline=deadline)), store) for deadline in ("Tháng 6/2025", "Tháng 8/2025")]

    def attempt(check: Check) -> str:
        try:
            return record(check, store=store, now=NOW).outcome
        except StaleCheckError:
            return "stale"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, checks)) == ["recorded", "stale"]
    assert counted(store)["batch"] == 1


def test_somebody_else_s_workbook_makes_no_check_stale(store: Store) -> None:
    mine = checked(annex(task(1)), store)
    recorded(annex(task(7, "Bộ Công an")), store, "cong-an.xlsx")
    assert record(mine, store=store, now=LATER).outcome is Outcome.RECORDED


def test_checking_writes_nothing(store: Store) -> None:
    checked(annex(task(1), task(2, "Các bộ, ngành, địa phương")), store)
    assert set(counted(store).values()) == {0}


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
    check = checked(annex(task(2)), store, document="07/CT-TTg", document_date=date(2025, 3, 15))
    assert codes(check) == ["document_date_differs"]
    assert check.tasks[0].document.issued_on == date(2025, 3, 14)


def test_text_that_begins_like_a_formula_is_stored_as_written(store: Store) -> None:
    recorded(annex(task(1, text="-Báo cáo {0}; '); DROP TABLE task; --")), store)
    assert status_of(store, as_of=TODAY, known_at=NOW).rows[0].task == "-Báo cáo {0}; '); DROP TABLE task; --"
