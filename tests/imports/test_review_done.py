"""Work declared done and then not, and rows whose task is not plain: they ask, stop, or keep what is stored."""

from typing import Any

import pytest

from models import Store
from tests.imports.workbooks import (
    HEADINGS,
    LATER,
    PROGRESS_HEADINGS,
    Row,
    annex,
    asked,
    checked,
    codes,
    recorded,
    report,
    standing,
    task,
    told,
)

JULY = "Hà Nội, ngày 28 tháng 7 năm 2025"
PROOF = "512/BC-BYT ngày 25/6/2025"
WORDS = "Nâng cấp hệ thống thông tin giải quyết thủ tục hành chính của bộ, kết nối với Cổng Dịch vụ công quốc gia"


@pytest.mark.parametrize(
    ("july", "expected"),
    [("Đang thực hiện", [("done_taken_back", "to_confirm", 4)]), ("Hoàn thành", [])],
)
def test_done_in_june_and_not_in_july(store: Store, july: str, expected: list[Any]) -> None:
    recorded(annex(task(1)), store)
    recorded(report(told(1, "Hoàn thành", PROOF)), store, "6.xlsx")
    same_day = checked(report(told(1, july, PROOF)), store)
    assert asked(same_day, "done_taken_back") == expected, "a correction of the same day too"
    content = report(told(1, july, PROOF), day=JULY)
    assert asked(checked(content, store), "done_taken_back") == expected
    recorded(content, store, "7.xlsx", now=LATER)
    august = checked(report(told(1, july, PROOF), day="Hà Nội, ngày 28 tháng 8 năm 2025"), store)
    assert asked(august, "done_taken_back") == [], "asked once"


def test_a_status_beside_another_percentage(store: Store) -> None:
    cases = [
        ("Hoàn thành", "60%", False, True),
        ("Đang thực hiện", "100%", False, True),
        ("Hoàn thành", "100%", True, False),
        ("Đang thực hiện", "60%", False, False),
        ("Hoàn thành", "", True, False),
        ("Hoàn thành", 60, False, True),
    ]
    recorded(annex(*(task(at) for at in range(len(cases)))), store)
    rows = [[*told(at, status, PROOF), percent] for at, (status, percent, *_) in enumerate(cases)]
    check = checked(report(*rows, headings=(*PROGRESS_HEADINGS, "Tỷ lệ hoàn thành")), store)
    contradicted = [at + 4 for at, (*_, contradicts) in enumerate(cases) if contradicts]
    assert [row for _, _, row in asked(check, "status_contradicts_percentage")] == contradicted
    assert [row.declared_done for row in check.progress] == [done for _, _, done, _ in cases]


def test_a_one_beside_done_is_all_of_it(store: Store) -> None:
    recorded(annex(task(1), task(2)), store)
    rows = [[*told(1, "Hoàn thành", PROOF), 1], [*told(2, "Hoàn thành", PROOF), 0.6]]
    check = checked(report(*rows, headings=(*PROGRESS_HEADINGS, "Tỷ lệ hoàn thành")), store)
    assert asked(check, "status_contradicts_percentage", "percentage_ambiguous") == [
        ("status_contradicts_percentage", "to_confirm", 5)
    ]
    assert [row.declared_done for row in check.progress] == [True, False]


def test_only_the_group_says_done(store: Store) -> None:
    recorded(annex(task(1)), store)
    done, asks = "NHIỆM VỤ ĐÃ HOÀN THÀNH", [("section_says_done", "to_confirm", 5)]
    cases: list[tuple[str, str, list[Any]]] = [
        (done, "", asks),
        (done, "Hoàn thành", []),
        ("NHIỆM VỤ CHƯA HOÀN THÀNH", "", []),
        ("NHIỆM VỤ HOÀN THÀNH TRONG THÁNG 6", "", []),
    ]
    for group, status, expected in cases:
        check = checked(report(["I", group], told(1, status, PROOF)), store)
        assert asked(check, "section_says_done") == expected, (group, status)


# Which task it is


def test_work_split_in_two_stays_at_its_number(store: Store) -> None:
    recorded(annex(task(1, text=WORDS)), store)
    longer = f"{WORDS}, tổ chức triển khai, đào tạo cán bộ tại tất cả các đơn vị trực thuộc và báo cáo kết quả"
    rows = [task(1, text=longer), task(2, text=f"{WORDS} (phần hạ tầng)")]
    check = checked(annex(*rows), store, "moi.xlsx")
    assert [(change.row.number, change.task_id) for change in check.changes.changed] == [("1", 1)]
    assert [row.number for row in check.changes.new] == ["2"]


def test_a_column_left_out_takes_nothing_back(store: Store) -> None:
    recorded(annex(*(task(at) for at in range(1, 6))), store)
    narrow = (*HEADINGS[:4], HEADINGS[5])
    rows = [[*task(at)[:4], "Tháng 6/2025"] for at in range(1, 6)]
    check = checked(annex(*rows, headings=narrow), store, "moi.xlsx")
    assert (check.changed, check.unchanged) == (0, 5)
    assert [(p.code, str(p.severity), p.values["count"]) for p in check.problems] == [("column_left_out", "note", 5)]
    rows[0][1] = "Nhiệm vụ số 1 đã sửa lời"
    (changed,) = checked(annex(*rows, headings=narrow), store, "moi.xlsx").changes.changed
    assert ([change.field for change in changed.fields], changed.row.product) == (["text"], "Báo cáo")
    emptied = [[*task(at)[:4], "", "Tháng 6/2025"] for at in range(1, 6)]
    assert checked(annex(*emptied), store, "moi.xlsx").changed == 5


def test_a_report_on_an_annex_numbered_anew_in_each_group(store: Store) -> None:
    groups: list[Row] = [["I", "Thể chế"], task(1), task(2), ["II", "Dữ liệu"], task(1, text="Làm sạch dữ liệu dân cư")]
    recorded(annex(*groups), store)
    assert standing(store) == ["07-CT-TTg.I.1.BYT", "07-CT-TTg.I.2.BYT", "07-CT-TTg.II.1.BYT"]
    row = told(1, "Đang thực hiện")
    row[1] = "Làm sạch dữ liệu dân cư"
    both = report(["I", "Thể chế"], told(1, "Đang thực hiện"), ["II", "Dữ liệu"], row)
    alone = report(["II", "Dữ liệu"], row)
    for content, expected in ((both, ["07-CT-TTg.I.1.BYT", "07-CT-TTg.II.1.BYT"]), (alone, ["07-CT-TTg.II.1.BYT"])):
        check = checked(content, store)
        assert (codes(check), [entry.code for entry in check.changes.progress]) == ([], expected)


def test_a_template_whose_codes_were_sorted_apart(store: Store) -> None:
    recorded(annex(task(1), task(2, text="Làm sạch dữ liệu dân cư"), task(3, "Bộ Công an", text="Cấp thẻ")), store)
    headings = (*PROGRESS_HEADINGS, "Mã đối chiếu")
    first, second = told(1, "Đang thực hiện"), told(2, "Đang thực hiện")
    second[1] = "Làm sạch dữ liệu dân cư"
    swapped = [[*first, "07-CT-TTg.2.BYT"], [*second, "07-CT-TTg.1.BYT"]]
    check = checked(report(*swapped, headings=headings), store)
    assert asked(check, "reference_of_another_task", "reference_differs") == [
        ("reference_of_another_task", "stops", 4),
        ("reference_of_another_task", "stops", 5),
    ]
    others = [*told(3, "Đang thực hiện"), "07-CT-TTg.1.BYT"]
    others[1] = "Cấp thẻ"
    found = checked(report(others, headings=headings), store)
    assert asked(found, "reference_of_another_task", "reference_differs") == [("reference_differs", "to_confirm", 4)]
