"""Progress workbooks against the assignments they are about, on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from imports import Outcome, record
from imports.problem import Problem
from models import Store, status_of
from models.assignment_tables import Assignment, Progress
from rules.status import Status
from tests.imports.workbooks import (
    NOW,
    PROGRESS_HEADINGS,
    TODAY,
    annex,
    checked,
    codes,
    recorded,
    report,
    task,
    told,
)

LATER = NOW + timedelta(hours=1)
WITH_LEADS = ("TT", "NHIỆM VỤ", "CƠ QUAN CHỦ TRÌ", "TIẾN ĐỘ", "VĂN BẢN KẾT QUẢ")
EVIDENCE = "512/BC-BYT ngày 25/6/2025"


@pytest.fixture
def assigned(store: Store) -> Store:
    """Give a store in which Bộ Y tế has tasks 1 to 3, everybody task 10, provinces task 20, and a monthly duty 64."""
    rows = [
        *(task(number) for number in (1, 2, 3)),
        task(10, "Các bộ, ngành"),
        task(20, "UBND các tỉnh, thành phố"),
        task(64, "Bộ Y tế; Bộ Công an", "Hằng tháng"),
    ]
    recorded(annex(*rows), store)
    return store


def stored(store: Store) -> list[tuple[str, bool, date | None]]:
    """Return code, declared done and evidence day of every report, in order."""
    with store.reading() as session:
        rows = session.execute(
            select(col(Assignment.code), col(Progress.declared_done), col(Progress.evidence_on))
            .join(Progress, col(Progress.assignment_id) == col(Assignment.id))
            .order_by(col(Progress.id))
        )
        return [tuple(row) for row in rows]


def test_a_report_of_the_issuing_agency(assigned: Store) -> None:
    check = checked(report(told(1, "Hoàn thành", EVIDENCE), told(2, "Đang thực hiện")), assigned, "bao-cao.xlsx")
    assert (check.kind, check.agency, check.reported_on) == ("progress", "BYT", date(2025, 6, 27))
    assert (check.rows, check.new, check.gone, check.problems) == (2, 2, 0, ())
    record(check, store=assigned, now=LATER)
    assert stored(assigned) == [("07-CT-TTg.1.BYT", True, date(2025, 6, 25)), ("07-CT-TTg.2.BYT", False, None)]
    table = {row.code: row for row in status_of(assigned, as_of=TODAY, known_at=LATER).rows}
    assert table["07-CT-TTg.1.BYT"].status is Status.COMPLETED_ON_TIME
    assert table["07-CT-TTg.2.BYT"].status is Status.OVERDUE
    assert table["07-CT-TTg.2.BYT"].last_heard_on == date(2025, 6, 27)


def test_the_evidence_keeps_number_date_and_cell(assigned: Store) -> None:
    recorded(report(told(1, "Hoàn thành", EVIDENCE, "Đã ban hành", "24/6/2025")), assigned, "bao-cao.xlsx")
    with assigned.reading() as session:
        row = session.scalars(select(Progress)).one()
    assert (row.evidence_number, row.evidence_on) == ("512/BC-BYT", date(2025, 6, 25))
    assert (row.declared_completed_on, row.result_text) == (date(2025, 6, 24), "Đã ban hành")
    assert (row.sheet, row.row, row.cells["evidence"]) == ("Phụ lục", 4, "E4")


def test_the_last_document_of_several_is_the_evidence(assigned: Store) -> None:
    recorded(report(told(1, "Hoàn thành", "12/TTr-BYT ngày 01/6/2025; 45/QĐ-TTg ngày 20/6/2025")), assigned, "b.xlsx")
    assert stored(assigned) == [("07-CT-TTg.1.BYT", True, date(2025, 6, 20))]


def test_declared_words(assigned: Store) -> None:
    cases: list[tuple[object, bool, list[str]]] = [
        ("Hoàn thành", True, ["declared_without_evidence"]),
        ("ĐÃ HOÀN THÀNH", True, ["declared_without_evidence"]),
        ("100%", True, ["declared_without_evidence"]),
        (1.0, True, ["declared_without_evidence"]),
        (0.8, False, []),
        ("80%", False, []),
        ("Chưa hoàn thành", False, []),
        ("Đang thực hiện", False, []),
        ("Cơ bản xong", False, ["unknown_status_word"]),
    ]
    for status, done, problems in cases:
        check = checked(report(told(1, status)), assigned)
        assert [row.declared_done for row in check.progress] == [done], status
        assert codes(check) == problems, status
        assert not check.stops, status


def test_a_completion_day_of_its_own_is_no_evidence(assigned: Store) -> None:
    check = checked(report(told(1, "Hoàn thành", "512/BC-BYT", completed=date(2025, 6, 25))), assigned)
    row = check.progress[0]
    assert (row.evidence_number, row.evidence_on, row.declared_completed_on) == ("512/BC-BYT", None, date(2025, 6, 25))
    assert codes(check) == ["declared_without_evidence"]


def test_a_percentage_column_counts_when_no_status_is_given(assigned: Store) -> None:
    headings = ("TT", "NHIỆM VỤ", "TỶ LỆ HOÀN THÀNH", "VĂN BẢN KẾT QUẢ")
    check = checked(
        report([1, "Nhiệm vụ số 1", 100, EVIDENCE], [2, "Nhiệm vụ số 2", 60, ""], headings=headings), assigned
    )
    assert [(row.declared_done, row.declared_text) for row in check.progress] == [(True, "100%"), (False, "60%")]


def test_a_row_reports_on_the_period_of_its_evidence(assigned: Store) -> None:
    rows = [
        told(64, "Hoàn thành", "1/BC-BYT ngày 28/3/2025"),
        told(64, "Hoàn thành", "2/BC-BYT ngày 25/4/2025"),
        told(64, "Hoàn thành", completed="20/5/2025"),
        told(64, "Chưa thực hiện"),
    ]
    recorded(report(*rows), assigned, "bao-cao.xlsx")
    expected = [("2025-03", True), ("2025-04", True), ("2025-05", True), ("2025-06", False)]
    assert [(code[-7:], done) for code, done, _ in stored(assigned)] == expected


def test_a_merged_number_over_several_reports_of_one_task(assigned: Store) -> None:
    rows = [
        told(64, "Hoàn thành", "1/BC-BYT ngày 28/3/2025"),
        [None, None, *told(64, "Hoàn thành", "2/BC-BYT ngày 25/4/2025")[2:]],
    ]
    check = checked(report(*rows, merges=["A4:A5", "B4:B5"]), assigned)
    assert [row.number for row in check.progress] == ["64", "64"]
    assert check.problems == ()


def test_the_same_report_twice_is_unchanged(assigned: Store) -> None:
    content = report(told(1, "Hoàn thành", EVIDENCE), told(64, "Đang thực hiện"))
    batch = recorded(content, assigned, "bao-cao.xlsx").batch
    again = checked(content, assigned, "bao-cao.xlsx")
    assert (again.new, again.unchanged, again.already) == (0, 2, batch)
    assert record(again, store=assigned, now=LATER).outcome is Outcome.UNCHANGED
    assert len(stored(assigned)) == 2


def test_a_corrected_report_of_the_same_day_is_appended(assigned: Store) -> None:
    recorded(report(told(1, "Đang thực hiện"), told(2, "Đang thực hiện")), assigned, "bao-cao.xlsx")
    check = checked(report(told(1, "Hoàn thành", EVIDENCE), told(2, "Đang thực hiện")), assigned, "bao-cao.xlsx")
    assert (check.new, check.changed, check.unchanged) == (0, 1, 1)
    record(check, store=assigned, now=LATER)
    assert [done for _, done, _ in stored(assigned)] == [False, False, True]


def test_the_next_month_s_report_is_new(assigned: Store) -> None:
    recorded(report(told(1, "Đang thực hiện")), assigned, "bao-cao.xlsx")
    check = checked(report(told(1, "Đang thực hiện"), day="Hà Nội, ngày 28 tháng 8 năm 2025"), assigned, "bao-cao.xlsx")
    assert (check.new, check.reported_on) == (1, date(2025, 8, 28))


def test_a_row_about_a_collective_speaks_for_the_reporting_agency_alone(assigned: Store) -> None:
    content = report([10, "Nhiệm vụ số 10", "Các bộ, ngành", "Hoàn thành", EVIDENCE], headings=WITH_LEADS)
    recorded(content, assigned, "bao-cao.xlsx")
    assert [code for code, _, _ in stored(assigned)] == ["07-CT-TTg.10.BYT"]


def test_a_summary_of_the_working_group_speaks_for_all_it_names(assigned: Store) -> None:
    rows = [
        [10, "Nhiệm vụ số 10", "Bộ Y tế, Bộ Công an", "Hoàn thành", EVIDENCE],
        [20, "Nhiệm vụ số 20", "UBND các tỉnh, thành phố", "Đang thực hiện", ""],
    ]
    content = report(*rows, headings=WITH_LEADS, issuer="TỔ CÔNG TÁC TRIỂN KHAI ĐỀ ÁN 06")
    check = checked(content, assigned)
    assert (check.agency, check.rows, len(check.changes.progress)) == ("TCT06", 2, 2 + 63)
    assert check.problems == ()


def test_a_report_on_behalf_of_others_is_asked_about(assigned: Store) -> None:
    content = report([20, "Nhiệm vụ số 20", "UBND các tỉnh, thành phố", "Hoàn thành", EVIDENCE], headings=WITH_LEADS)
    assert codes(checked(content, assigned)) == ["reported_for_others"]


@pytest.mark.parametrize(
    ("evidence", "parts"),
    [
        ("81/BC-UBND ngày 25/7/2025", ["T89", "XKIENGIANG"]),
        ("81/BC-UBND ngày 01/7/2025", ["T89", "XKIENGIANG"]),
        ("81/BC-UBND ngày 30/6/2025", ["T89"]),
    ],
)
def test_a_successor_reports_for_the_parts_it_holds(assigned: Store, evidence: str, parts: list[str]) -> None:
    content = report(
        told(20, "Hoàn thành", evidence),
        issuer="ỦY BAN NHÂN DÂN\nTỈNH AN GIANG",
        day="An Giang, ngày 28 tháng 8 năm 2025",
    )
    recorded(content, assigned, "an-giang.xlsx")
    assert [code.split(".")[-1] for code, _, _ in stored(assigned)] == parts


def test_before_the_merger_each_province_reports_for_itself(assigned: Store) -> None:
    content = report(told(20, "Đang thực hiện"), issuer="UBND TỈNH AN GIANG", day="An Giang, ngày 30 tháng 6 năm 2025")
    recorded(content, assigned, "an-giang.xlsx")
    assert [code for code, _, _ in stored(assigned)] == ["07-CT-TTg.20.T89"]


def test_a_row_that_names_a_former_province_is_about_its_part_alone(assigned: Store) -> None:
    content = report(
        [20, "Nhiệm vụ số 20", "Kiên Giang", "Hoàn thành", "9/BC-TCT ngày 20/8/2025"],
        headings=WITH_LEADS,
        issuer="TỔ CÔNG TÁC TRIỂN KHAI ĐỀ ÁN 06",
        day="Hà Nội, ngày 28 tháng 8 năm 2025",
    )
    recorded(content, assigned, "tong-hop.xlsx")
    assert [code for code, _, _ in stored(assigned)] == ["07-CT-TTg.20.XKIENGIANG"]


@pytest.mark.parametrize("row", [told(99, "Hoàn thành", EVIDENCE), told(20, "Hoàn thành", EVIDENCE)])
def test_a_report_creates_no_task(assigned: Store, row: list[Any]) -> None:
    check = checked(report(told(1, "Đang thực hiện"), row), assigned)
    assert codes(check) == ["unknown_task"]
    assert check.stops
    assert record(check, store=assigned, now=LATER).outcome is Outcome.REJECTED
    assert stored(assigned) == []


def test_the_caller_may_say_whose_report_it_is(assigned: Store) -> None:
    content = report(told(1, "Đang thực hiện"), issuer="PHỤ LỤC TIẾN ĐỘ")
    assert codes(checked(content, assigned)) == ["no_agency"]
    assert checked(content, assigned, agency="BYT").new == 1
    assert codes(checked(report(told(1, "Đang thực hiện"), issuer="BỘ CÔNG AN"), assigned, agency="BYT")) == [
        "agency_differs"
    ]


def test_a_row_without_anything_to_report_keeps_the_last_report(assigned: Store) -> None:
    check = checked(report(told(1, ""), told(2, "Đang thực hiện")), assigned)
    assert (codes(check), check.rows) == (["nothing_reported"], 1)


def test_two_rows_about_one_assignment(assigned: Store) -> None:
    check = checked(report(told(1, "Đang thực hiện"), told(1, "Hoàn thành", EVIDENCE)), assigned)
    assert codes(check) == ["reported_twice"]
    assert [entry.row.declared_done for entry in check.changes.progress] == [True]


def test_rows_told_twice_are_not_compared_with_each_other(assigned: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking through all problems for each one took 12 seconds for 8,000 rows."""
    twice = [told(number, status) for status in ("Đang thực hiện", "Hoàn thành") for number in (1, 2)]
    monkeypatch.setattr(Problem, "__eq__", lambda *_: pytest.fail("a problem was compared with another"))
    assert codes(checked(report(*twice), assigned)).count("reported_twice") == 2


def test_evidence_dated_outside_the_duty_is_asked_about(assigned: Store) -> None:
    rows = [told(1, "Hoàn thành", "1/BC-BYT ngày 25/12/2025"), told(2, "Hoàn thành", "2/BC-BYT ngày 13/3/2025")]
    assert codes(checked(report(*rows), assigned)) == ["evidence_day_to_confirm"] * 2


def test_without_a_day_the_report_counts_from_today(assigned: Store) -> None:
    check = checked(report(told(1, "Đang thực hiện"), day=""), assigned)
    assert (check.reported_on, codes(check)) == (TODAY, ["no_report_day"])


def test_an_annex_in_the_same_file_is_set_aside(assigned: Store) -> None:
    content = report(told(1, "Đang thực hiện"), [], ["TT", "Nhiệm vụ", "Thời hạn"], [1, "Việc khác", "2025"])
    check = checked(content, assigned)
    assert (check.rows, codes(check)) == (1, ["table_set_aside"])


def test_headings_of_a_progress_workbook_are_all_known(assigned: Store) -> None:
    headings = [*PROGRESS_HEADINGS, "KHÓ KHĂN, VƯỚNG MẮC", "ĐỀ XUẤT, KIẾN NGHỊ"]
    check = checked(report([*told(1, "Đang thực hiện"), "Thiếu kinh phí", "Bố trí vốn"], headings=headings), assigned)
    assert check.problems == ()
    assert (check.progress[0].difficulty, check.progress[0].proposal) == ("Thiếu kinh phí", "Bố trí vốn")


def test_a_column_a_report_is_not_read_from_is_named(assigned: Store) -> None:
    headings = [*PROGRESS_HEADINGS, "Độ khẩn", "Ghi chú"]
    check = checked(report([*told(1, "Đang thực hiện"), "Hỏa tốc", "Xin lùi hạn"], headings=headings), assigned)
    assert [(p.code, p.column, p.found) for p in check.problems] == [
        ("column_not_read", "G", "Độ khẩn"),
        ("column_not_read", "H", "Ghi chú"),
    ]
    assert not check.stops


def test_what_the_annex_gave_and_a_report_gives_back_is_not_noted(assigned: Store) -> None:
    headings = [*PROGRESS_HEADINGS, "Thời gian hoàn thành", "Sản phẩm", "Cơ quan phối hợp", "Ngày văn bản"]
    check = checked(
        report([*told(1, "Đang thực hiện"), "Tháng 6/2025", "Báo cáo", "", ""], headings=headings), assigned
    )
    assert check.problems == ()
