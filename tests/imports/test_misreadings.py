"""What was once read silently as something it does not say."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import col

from imports import Check, Severity, record
from imports.meaning.named_periods import named_periods, period_alone
from imports.problem import Problem
from models import Store
from models.assignment_tables import Assignment, Progress
from tests.imports.workbooks import LATER, PROGRESS_HEADINGS, annex, checked, codes, recorded, report, task

DRAFT = "Xây dựng dự thảo Nghị định về định danh điện tử trình Chính phủ"
REVIEW = "Rà soát, tái cấu trúc quy trình các dịch vụ công trực tuyến toàn trình"
TRAIN = "Tổ chức tập huấn kỹ năng số cho cán bộ cấp xã"
MONTHLY = "Báo cáo kết quả thực hiện gửi Bộ Công an tổng hợp"
EVIDENCE = "512/BC-BYT ngày 25/6/2025"
WITH_LEADS = ("TT", "NHIỆM VỤ", "CƠ QUAN CHỦ TRÌ", "TIẾN ĐỘ", "VĂN BẢN KẾT QUẢ")
WITH_DEADLINES = ("TT", "NHIỆM VỤ", "THỜI GIAN HOÀN THÀNH", "TIẾN ĐỘ", "KẾT QUẢ HIỆN NAY", "VĂN BẢN KẾT QUẢ")


@pytest.fixture
def assigned(store: Store) -> Store:
    """Give a store in which Bộ Y tế has four tasks, one of them monthly, and Bộ Tài chính a fifth."""
    rows = [
        task(1, text=DRAFT),
        task(2, text=REVIEW),
        task(3, text=TRAIN),
        task(64, deadline="Hằng tháng", text=MONTHLY),
        task(5, "Bộ Tài chính", text="Bố trí kinh phí thực hiện Đề án"),
    ]
    recorded(annex(*rows), store)
    return store


def reported(store: Store) -> list[str]:
    with store.reading() as session:
        joined = select(col(Assignment.code)).join(Progress, col(Progress.assignment_id) == col(Assignment.id))
        return [code.removeprefix("07-CT-TTg.") for code in session.scalars(joined.order_by(col(Progress.id)))]


def the(check: Check, code: str) -> Problem:
    return next(problem for problem in check.problems if problem.code == code)


def targets(check: Check) -> list[str]:
    return [entry.code.removeprefix("07-CT-TTg.") for entry in check.changes.progress]


def worded(number: int, text: str, status: Any = "Đang thực hiện", evidence: str = "", result: str = "") -> list[Any]:
    return [number, text, status, result, evidence, ""]


# The task's words against its number


def test_rows_numbered_anew_are_counted_by_their_words(assigned: Store) -> None:
    check = checked(report(worded(1, REVIEW), worded(2, TRAIN), worded(3, DRAFT)), assigned)
    assert codes(check) == ["task_number_differs"] * 3
    assert not check.stops
    assert targets(check) == ["2.BYT", "3.BYT", "1.BYT"]
    message = the(check, "task_number_differs").message
    assert "“1”" in message
    assert "nhiệm vụ số 2" in message


def test_a_row_with_nearly_another_s_words_is_counted_by_them(assigned: Store) -> None:
    check = checked(report(worded(1, REVIEW.replace("các dịch vụ", "dịch vụ"))), assigned)
    assert (codes(check), targets(check)) == (["task_number_differs"], ["2.BYT"])


def test_words_alike_but_exactly_another_s_are_that_one_s(store: Store) -> None:
    recorded(
        annex(task(1, text="Báo cáo sơ kết quý I năm 2025"), task(2, text="Báo cáo sơ kết quý II năm 2025")), store
    )
    check = checked(report(worded(1, "Báo cáo sơ kết quý II năm 2025")), store)
    assert (codes(check), targets(check)) == (["task_number_differs"], ["2.BYT"])


@pytest.mark.parametrize("words", ["Trồng một tỷ cây xanh trên cả nước", "Bố trí kinh phí thực hiện Đề án"])
def test_words_of_no_task_of_the_agency_stop_the_report(assigned: Store, words: str) -> None:
    check = checked(report(worded(2, TRAIN), worded(1, words)), assigned)
    problem = the(check, "task_text_differs")
    assert (problem.severity, problem.sheet, problem.row, problem.column) == (Severity.STOPS, "Phụ lục", 5, "B")
    assert words in problem.message
    assert DRAFT in problem.message
    assert targets(check) == []


@pytest.mark.parametrize(
    "words",
    [
        DRAFT.upper(),
        f"  {DRAFT}.\n",
        "Xây dựng dự thảo Nghị định…",
        DRAFT.replace("trình Chính phủ", "định danh số"),
        "",
    ],
)
def test_words_of_the_numbered_task_however_they_are_typed(assigned: Store, words: str) -> None:
    check = checked(report(worded(1, words)), assigned)
    assert (codes(check), targets(check)) == ([], ["1.BYT"])


# What a row says about completion


def test_a_row_with_difficulties_alone_says_nothing_of_completion(assigned: Store) -> None:
    headings = [*PROGRESS_HEADINGS, "KHÓ KHĂN, VƯỚNG MẮC"]
    check = checked(report([*worded(1, DRAFT, ""), "Thiếu kinh phí"], headings=headings), assigned)
    assert [row.declared_done for row in check.progress] == [None]
    record(check, store=assigned, now=LATER)
    with assigned.reading() as session:
        assert session.scalars(select(Progress.declared_done)).all() == [None]  # type: ignore[call-overload]


def test_proof_without_a_status_is_asked_about(assigned: Store) -> None:
    check = checked(report(worded(1, DRAFT, "", EVIDENCE), [2, REVIEW, "", "", "", "25/6/2025"]), assigned)
    assert [row.declared_done for row in check.progress] == [None, None]
    assert codes(check) == ["unknown_status_word"] * 2


def test_half_done_in_parentheses_is_not_done(assigned: Store) -> None:
    check = checked(report(worded(1, DRAFT, "Hoàn thành (50%)", EVIDENCE)), assigned)
    assert [row.declared_done for row in check.progress] == [False]


@pytest.mark.parametrize("cited", ["Thực hiện Chỉ thị số 07/CT-TTg ngày 14/3/2025", "07/CT-TTg", "Chỉ thị 7/CT-TTg"])
def test_the_assigning_document_is_no_evidence(assigned: Store, cited: str) -> None:
    check = checked(report(worded(1, DRAFT, "Hoàn thành", cited)), assigned)
    assert codes(check) == ["declared_without_evidence"]
    assert (check.progress[0].evidence_number, check.progress[0].evidence_on) == (None, None)


def test_evidence_beside_the_assigning_document_counts(assigned: Store) -> None:
    cited = f"{EVIDENCE} (thực hiện Chỉ thị số 07/CT-TTg ngày 14/3/2025)"
    check = checked(report(worded(1, DRAFT, "Hoàn thành", cited)), assigned)
    assert (check.problems, check.progress[0].evidence_number) == ((), "512/BC-BYT")


def test_a_highest_percentage_of_one_may_be_one_or_a_hundred(assigned: Store) -> None:
    headings = ("TT", "NHIỆM VỤ", "TỶ LỆ HOÀN THÀNH", "VĂN BẢN KẾT QUẢ")
    check = checked(report([1, DRAFT, 1, EVIDENCE], [2, REVIEW, 0.5, ""], headings=headings), assigned)
    assert [row.declared_done for row in check.progress] == [False, False]
    assert [(p.code, p.severity, p.row) for p in check.problems] == [("percentage_ambiguous", "to_confirm", 4)]


def test_a_cell_formatted_as_percentage_is_read_as_it_shows(assigned: Store) -> None:
    headings = ("TT", "NHIỆM VỤ", "TỶ LỆ HOÀN THÀNH", "VĂN BẢN KẾT QUẢ")
    content = report([1, DRAFT, 1, EVIDENCE], [2, REVIEW, 0.5, ""], headings=headings)
    check = checked(formatted(content, {"C4": "0%", "C5": "0%"}), assigned)
    assert [(row.declared_done, row.declared_text) for row in check.progress] == [(True, "100%"), (False, "50%")]
    assert check.problems == ()


# On whose behalf


def test_a_report_on_another_agency_is_asked_about(assigned: Store) -> None:
    row = [5, "Bố trí kinh phí thực hiện Đề án", "Bộ Tài chính", "Hoàn thành", EVIDENCE]
    check = checked(report(row, headings=WITH_LEADS), assigned, agency="BYT")
    assert (codes(check), targets(check)) == (["reported_for_others"], ["5.BTC"])
    steering = checked(report(row, headings=WITH_LEADS, issuer="TỔ CÔNG TÁC TRIỂN KHAI ĐỀ ÁN 06"), assigned)
    assert steering.problems == ()


def test_a_report_on_oneself_or_a_merged_part_is_not_asked_about(store: Store) -> None:
    recorded(annex(task(20, "UBND các tỉnh, thành phố")), store)
    rows = [[20, "Nhiệm vụ số 20", lead, "Đang thực hiện", ""] for lead in ("An Giang", "Kiên Giang")]
    content = report(*rows, headings=WITH_LEADS, issuer="UBND TỈNH AN GIANG", day="An Giang, ngày 28 tháng 8 năm 2025")
    assert checked(content, store).problems == ()


# Deadlines taken for progress, months taken for days


def test_deadlines_headed_progress_beside_products_headed_result_assign(store: Store) -> None:
    rows = [[1, DRAFT, "Bộ Y tế", "Nghị định", "Quý II/2025"], [2, REVIEW, "Bộ Y tế", "Báo cáo", "Tháng 9/2025"]]
    for order in ((0, 1, 2, 3, 4), (0, 1, 2, 4, 3)):
        headings = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Kết quả", "Tiến độ")
        content = annex(*([row[at] for at in order] for row in rows), headings=[headings[at] for at in order])
        check = checked(content, store)
        assert (check.kind, check.problems) == ("assignments", ())
        assert [(row.product, row.deadline_text) for row in check.tasks] == [
            ("Nghị định", "Quý II/2025"),
            ("Báo cáo", "Tháng 9/2025"),
        ]


def test_what_was_done_by_when_is_no_deadline(assigned: Store) -> None:
    headings = ("TT", "Nhiệm vụ", "Tiến độ", "Kết quả")
    check = checked(report([1, DRAFT, "Đã hoàn thành tháng 5/2025", "Đã trình"], headings=headings), assigned)
    assert check.kind == "progress"


@pytest.mark.parametrize(
    ("number_format", "written", "due_on"),
    [
        ("mmm-yy", "Tháng 6/2025", date(2025, 6, 30)),
        ("m/yyyy", "Tháng 6/2025", date(2025, 6, 30)),
        ('"Tháng" mm/yyyy', "Tháng 6/2025", date(2025, 6, 30)),
        ("yyyy", "Năm 2025", date(2025, 12, 31)),
        ("dd/mm/yyyy", "01/06/2025", date(2025, 6, 1)),
        ("[$-42A]d mmmm yyyy", "01/06/2025", date(2025, 6, 1)),
    ],
)
def test_a_date_shown_without_its_day_is_the_month(
    store: Store, number_format: str, written: str, due_on: date
) -> None:
    check = checked(formatted(annex(task(1, deadline=date(2025, 6, 1))), {"F4": number_format}), store)
    (row,) = check.tasks
    assert (row.deadline_text, [a.original_due_on for a in row.assignments]) == (written, [due_on])


# Which period of a recurring duty


def test_a_late_report_counts_for_the_month_its_result_names(assigned: Store) -> None:
    late = "77/BC-BYT ngày 03/7/2025"
    rows = [worded(64, MONTHLY, "Hoàn thành", late, "Đã gửi báo cáo tháng 6/2025")]
    check = checked(report(*rows, day="Hà Nội, ngày 04 tháng 7 năm 2025"), assigned)
    assert (check.problems, targets(check)) == ((), ["64.BYT.2025-06"])


@pytest.mark.parametrize("cell", ["Hằng tháng (kỳ 2025-06, hạn 30/06/2025)", "Tháng 6/2025"])
def test_a_report_counts_for_the_month_beside_its_deadline(assigned: Store, cell: str) -> None:
    row = [64, MONTHLY, cell, "Hoàn thành", "", "77/BC-BYT ngày 03/7/2025"]
    content = report(row, headings=WITH_DEADLINES, day="Hà Nội, ngày 04 tháng 7 năm 2025")
    assert targets(checked(content, assigned)) == ["64.BYT.2025-06"]


def test_a_month_yet_to_come_is_a_plan(assigned: Store) -> None:
    row = worded(64, MONTHLY, "Đang thực hiện", "", "Dự kiến xong tháng 9/2025")
    assert targets(checked(report(row), assigned)) == ["64.BYT.2025-06"]


def test_a_report_after_a_month_without_one_is_asked_about(assigned: Store) -> None:
    late = report(worded(64, MONTHLY, "Hoàn thành", "77/BC-BYT ngày 03/7/2025"), day="Hà Nội, ngày 04 tháng 7 năm 2025")
    check = checked(late, assigned)
    assert (codes(check), targets(check)) == (["period_to_confirm"], ["64.BYT.2025-07"])
    message = the(check, "period_to_confirm").message
    assert "2025-06" in message
    assert "2025-07" in message
    recorded(report(worded(64, MONTHLY, "Hoàn thành", EVIDENCE, "Báo cáo tháng 6/2025")), assigned, "thang-6.xlsx")
    assert reported(assigned) == ["64.BYT.2025-06"]
    assert codes(checked(late, assigned)) == []


def test_periods_as_they_are_named() -> None:
    assert named_periods("Báo cáo tháng 6/2025, quý II năm 2025") == {"2025-06", "2025-Q2", "2025"}
    assert named_periods("gửi ngày 03 tháng 7 năm 2025, ngày 3/7/2025") == frozenset()
    assert named_periods("6 tháng đầu năm 2025") == {"2025-H1", "2025"}
    assert period_alone("Hằng quý (kỳ 2025-Q2, hạn 30/06/2025)") == {"2025-Q2"}
    assert period_alone("Hằng tháng, từ tháng 6/2025") == frozenset()


def formatted(content: bytes, formats: dict[str, str]) -> bytes:
    """Give cells a number format, as Excel does."""
    workbook = load_workbook(io.BytesIO(content))
    for address, number_format in formats.items():
        workbook.worksheets[0][address].number_format = number_format
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()
