"""Indicators: defined by an annex, measured by reports, in their unit."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from imports import Check, record, undo
from imports.storing.measures import stored_indicators
from models import Store
from models.raised_tables import Indicator, IndicatorValue
from tests.imports.workbooks import LATER, annex, checked, codes, recorded, report, saved, task

DEFINES = ("TT", "Chỉ tiêu", "Đơn vị tính", "Hiện trạng", "Mục tiêu năm 2025", "Cơ quan chủ trì")
MEASURES = ("TT", "Chỉ tiêu", "Đơn vị tính", "Giá trị hiện tại", "Ngày số liệu")
ABOUT = "(Kèm theo Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025)"
COVERAGE = [1, "Tỷ lệ phủ sóng 5G so với 4G", "%", "12,5", "≥ 50%", "Bộ Công an"]
UTILITIES = [2, "Số tiện ích", "tiện ích", 30, 61, "Bộ Công an, Bộ Y tế"]
DOWNTIME = [3, "Thời gian gián đoạn", "giờ", 40, "10", "Bộ Công an"]
REPORTED_ON = date(2025, 6, 27)


@pytest.fixture
def assigned(store: Store) -> Store:
    """Give a store that knows Directive 07 by one task of Bộ Y tế."""
    recorded(annex(task(1)), store)
    return store


@pytest.fixture
def measured(assigned: Store) -> Store:
    """Give a store with three indicators of Bộ Công an, one of them of Bộ Y tế too."""
    recorded(defining(COVERAGE, UTILITIES, DOWNTIME), assigned, "chi-tieu.xlsx")
    return assigned


def defining(*rows: Sequence[Any], headings: Sequence[str] = DEFINES) -> bytes:
    return saved(("PL I", [["PHỤ LỤC CHỈ TIÊU"], [ABOUT], headings, *rows], ()))


def measuring(*rows: Sequence[Any], issuer: str = "BỘ CÔNG AN", headings: Sequence[str] = MEASURES) -> bytes:
    return report(*rows, issuer=issuer, headings=headings)


def of_report(store: Store, *rows: Sequence[Any]) -> Check:
    return checked(measuring(*rows), store, "gia-tri.xlsx")


def kept(store: Store, table: type[SQLModel]) -> list[dict[str, Any]]:
    with store.reading() as session:
        return [row.model_dump() for row in session.exec(select(table))]


def test_a_workbook_of_indicators_alone_is_imported(assigned: Store) -> None:
    check = checked(defining(COVERAGE, UTILITIES, DOWNTIME), assigned, "chi-tieu.xlsx")
    assert (codes(check), check.rows, check.new, check.raised["indicators"]) == ([], 3, 3, 3)
    record(check, store=assigned, now=LATER)
    found = {(row["name"], row["agency_code"]): row for row in kept(assigned, Indicator)}
    assert len(found) == 4
    coverage = found["Tỷ lệ phủ sóng 5G so với 4G", "BCA"]
    assert {
        "unit": "%",
        "baseline": 12.5,
        "target": 50.0,
        "target_text": "≥ 50%",
        "target_on": date(2025, 12, 31),
        "direction": "up",
        "sheet": "PL I",
        "row": 4,
        "task_id": None,
    }.items() <= coverage.items()
    assert coverage["cells"]["target"] == "E4"
    down = found["Thời gian gián đoạn", "BCA"]
    assert (down["baseline"], down["target"], down["direction"]) == (40.0, 10.0, "down")
    assert {agency for name, agency in found if name == "Số tiện ích"} == {"BCA", "BYT"}


def test_an_indicator_beside_a_task_is_kept_with_it(assigned: Store) -> None:
    headings = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu")
    row = [7, "Phủ sóng 5G", "Bộ Y tế", "Tháng 12/2025", "Tỷ lệ phủ sóng", "%", "95"]
    check = checked(annex(row, [8, "Việc khác", "Bộ Y tế", "2025", "", "", ""], headings=headings), assigned)
    assert (codes(check), len(check.tasks), len(check.indicators)) == ([], 2, 1)
    record(check, store=assigned, now=LATER)
    (indicator,) = kept(assigned, Indicator)
    assert (indicator["agency_code"], indicator["target"], indicator["target_on"]) == ("BYT", 95.0, date(2025, 12, 31))
    assert indicator["code"].startswith("07-CT-TTg.7.CT-")
    assert indicator["task_id"]


def test_groups_of_indicators_are_no_indicators(assigned: Store) -> None:
    check = checked(defining(["I", "Hạ tầng số"], COVERAGE, ["II", "Dịch vụ"], UTILITIES), assigned)
    assert ([row.number for row in check.indicators], codes(check)) == (["1", "2"], [])


def test_the_same_indicators_again_change_nothing_and_a_new_target_replaces(measured: Store) -> None:
    again = checked(defining(COVERAGE, UTILITIES, DOWNTIME), measured, "chi-tieu.xlsx")
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    changed = checked(defining([*COVERAGE[:4], "≥ 60%", COVERAGE[5]], UTILITIES, DOWNTIME), measured, "chi-tieu.xlsx")
    assert (changed.new, changed.changed, changed.unchanged) == (0, 1, 2)
    record(changed, store=measured, now=LATER)
    with measured.reading() as session:
        standing = {i.name: i.target for i, _ in stored_indicators(session, known_at=LATER) if i.agency_code == "BCA"}
    assert standing == {"Tỷ lệ phủ sóng 5G so với 4G": 60.0, "Số tiện ích": 61.0, "Thời gian gián đoạn": 10.0}


def names_standing(store: Store) -> list[str]:
    with store.reading() as session:
        found = stored_indicators(session, known_at=datetime(2027, 1, 1, tzinfo=UTC))
        return sorted({indicator.name for indicator, _ in found})


def test_an_indicator_left_out_of_a_later_workbook_is_withdrawn_and_comes_back_when_it_is_listed_again(
    measured: Store,
) -> None:
    fewer = checked(defining(COVERAGE, UTILITIES), measured, "chi-tieu-2.xlsx")
    assert (codes(fewer), fewer.new, fewer.changed, fewer.unchanged) == (["indicators_withdrawn"], 0, 0, 2)
    batch = record(fewer, store=measured, now=LATER).batch
    assert names_standing(measured) == ["Số tiện ích", "Tỷ lệ phủ sóng 5G so với 4G"]
    assert codes(checked(defining(COVERAGE, UTILITIES), measured, "chi-tieu-3.xlsx")) == []
    assert codes(of_report(measured, [3, "Thời gian gián đoạn", "giờ", 20, "25/6/2025"])) == ["unknown_indicator"]
    again = checked(defining(COVERAGE, UTILITIES, DOWNTIME), measured, "chi-tieu-4.xlsx")
    assert (codes(again), again.new) == ([], 1)
    assert batch is not None
    undo(batch, store=measured, now=LATER)
    assert "Thời gian gián đoạn" in names_standing(measured)


def test_another_list_of_the_same_document_withdraws_nothing(measured: Store) -> None:
    other = [9, "Tỷ lệ hồ sơ trực tuyến", "%", 40, "80", "Bộ Nội vụ"]
    assert codes(checked(defining(other), measured, "chi-tieu-khac.xlsx")) == []


def test_indicators_of_a_document_nobody_assigned_from_are_refused(store: Store) -> None:
    assert codes(checked(defining(COVERAGE), store)) == ["unknown_document"]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ([1, "Tỷ lệ", "%", "", "Đạt chuẩn", "Bộ Công an"], "target_unread", "E"),
        ([1, "Tỷ lệ", "%", "cao", "50", "Bộ Công an"], "number_unread", "D"),
        ([1, "Tỷ lệ", "trạm", "", "50%", "Bộ Công an"], "unit_differs", "E"),
        ([1, "Số trạm", "trạm", "", "1,234", "Bộ Công an"], "number_to_confirm", "E"),
        ([1, "Tỷ lệ", "%", "", "50", "Bộ Vũ trụ"], "indicator_without_agency", "F"),
    ],
)
def test_an_indicator_that_cannot_be_read_is_asked_about(
    assigned: Store, row: list[Any], code: str, column: str
) -> None:
    check = checked(defining(row), assigned)
    assert [(problem.code, problem.row, problem.column) for problem in check.problems] == [(code, 4, column)]
    assert (check.stops, check.new) == (False, 1)


def test_a_deadline_of_the_target_that_names_no_day_is_asked_about(assigned: Store) -> None:
    headings = ("TT", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu", "Cơ quan chủ trì", "Thời hạn")
    check = checked(defining([1, "Tỷ lệ", "%", 50, "Bộ Công an", "sớm nhất"], headings=headings), assigned)
    assert codes(check) == ["target_day_unread"]
    check = checked(defining([1, "Tỷ lệ", "%", 50, "Bộ Công an", "Quý III/2025"], headings=headings), assigned)
    assert [row.target_on for row in check.indicators] == [date(2025, 9, 30)]


def test_one_name_twice_is_kept_once(assigned: Store) -> None:
    other = [9, *COVERAGE[1:4], "≥ 70%", "Bộ Công an"]
    assert codes(checked(defining(COVERAGE, other), assigned)) == ["indicator_twice"]
    check = checked(defining(COVERAGE, other), assigned)
    assert [row.target for row in check.indicators] == [50.0]


def test_values_are_kept_in_the_indicators_unit(measured: Store) -> None:
    rows = [
        [1, COVERAGE[1], "%", "37,25", ""],
        [2, UTILITIES[1], "tiện ích", "40/61", "25/6/2025"],
        [3, DOWNTIME[1], "", "1.234,5 giờ", date(2025, 6, 20)],
    ]
    check = of_report(measured, *rows)
    assert (codes(check), check.kind, check.agency, check.rows, check.new) == ([], "progress", "BCA", 3, 3)
    record(check, store=measured, now=LATER)
    names = {row["id"]: row["name"] for row in kept(measured, Indicator)}
    values = {names[row["indicator_id"]]: row for row in kept(measured, IndicatorValue)}
    assert {name: (row["value"], row["unit"], row["observed_on"]) for name, row in values.items()} == {
        COVERAGE[1]: (37.25, "%", REPORTED_ON),
        UTILITIES[1]: (40.0, "tiện ích", date(2025, 6, 25)),
        DOWNTIME[1]: (1234.5, "giờ", date(2025, 6, 20)),
    }
    assert {row["reported_by"] for row in values.values()} == {"BCA"}
    assert values[COVERAGE[1]]["cells"]["actual"] == "D4"


@pytest.mark.parametrize(("written", "value"), [("80%", 80.0), (80, 80.0), ("Đạt 80%", 80.0), ("40/61", 40 / 61 * 100)])
def test_shares_are_read_as_per_cent(measured: Store, written: object, value: float) -> None:
    check = of_report(measured, [1, COVERAGE[1], "", written, ""])
    assert [entry.value for entry in check.changes.measures.observed] == [value]
    assert codes(check) == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ([9, "Chỉ tiêu lạ", "%", 10, ""], "unknown_indicator"),
        ([1, COVERAGE[1], "trạm", 10, ""], "unit_differs"),
        ([1, COVERAGE[1], "", "10 trạm", ""], "unit_differs"),
    ],
)
def test_a_value_of_nothing_known_or_in_another_unit_is_refused(measured: Store, row: list[Any], code: str) -> None:
    check = of_report(measured, row)
    assert (codes(check), check.stops) == ([code], True)


@pytest.mark.parametrize(
    ("row", "code", "kept_values"),
    [
        ([1, COVERAGE[1], "%", "cao", ""], "number_unread", 0),
        ([2, UTILITIES[1], "", "40/63", ""], "number_unread", 0),
        ([1, COVERAGE[1], "%", "", ""], "no_value_given", 0),
        ([2, UTILITIES[1], "", "1,234", ""], "number_to_confirm", 1),
        ([1, COVERAGE[1], "%", 0.8, ""], "number_to_confirm", 1),
        ([1, COVERAGE[1], "%", 80, "28/6/2025"], "value_day_to_confirm", 1),
        ([1, COVERAGE[1], "%", 80, "hôm qua"], "unknown_day", 1),
    ],
)
def test_a_doubtful_value_is_asked_about(measured: Store, row: list[Any], code: str, kept_values: int) -> None:
    check = of_report(measured, row)
    assert (codes(check), len(check.changes.measures.observed), check.stops) == ([code], kept_values, False)


def test_a_corrected_value_of_the_same_day_replaces(measured: Store) -> None:
    record(of_report(measured, [1, COVERAGE[1], "%", 30, ""]), store=measured, now=LATER)
    assert of_report(measured, [1, COVERAGE[1], "%", "30", ""]).unchanged == 1
    assert of_report(measured, [1, COVERAGE[1], "%", 31, ""]).changed == 1
    assert of_report(measured, [1, COVERAGE[1], "%", 30, "20/6/2025"]).new == 1


def test_two_values_of_one_day_are_asked_about_and_the_later_counts(measured: Store) -> None:
    check = of_report(measured, [1, COVERAGE[1], "%", 30, ""], [2, COVERAGE[1], "%", 31, ""])
    assert codes(check) == ["value_given_twice"]
    assert [entry.value for entry in check.changes.measures.observed] == [31.0]


def test_values_and_progress_of_one_workbook_are_one_batch(measured: Store) -> None:
    title = [["BỘ Y TẾ", "", "Hà Nội, ngày 27 tháng 6 năm 2025"], [ABOUT]]
    work = ("Tiến độ", [*title, ("TT", "NHIỆM VỤ", "TIẾN ĐỘ"), (1, "Nhiệm vụ số 1", "Đang thực hiện")], ())
    figures = ("Chỉ tiêu", [MEASURES, (2, UTILITIES[1], "tiện ích", 45, "")], ())
    check = checked(saved(work, figures), measured, "bao-cao.xlsx")
    assert (codes(check), check.rows, check.new) == ([], 2, 2)
    batch = record(check, store=measured, now=LATER).batch
    assert batch
    assert [row["batch_id"] for row in kept(measured, IndicatorValue)] == [batch]
    undo(batch, store=measured, now=LATER)
    assert checked(saved(work, figures), measured, "bao-cao.xlsx").new == 2


def test_a_value_stays_with_its_indicator_when_the_definition_is_recorded_anew(measured: Store) -> None:
    record(of_report(measured, [1, COVERAGE[1], "%", 30, ""]), store=measured, now=LATER)
    recorded(defining([*COVERAGE[:4], "≥ 60%", COVERAGE[5]]), measured, "chi-tieu.xlsx", now=LATER)
    assert of_report(measured, [1, COVERAGE[1], "%", 30, ""]).unchanged == 1
