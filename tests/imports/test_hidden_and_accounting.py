"""What Excel hides is read or left by a stated rule and always reported; every row of every sheet is accounted for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.layout.accounting import Aside, SheetAccount, account
from imports.reading.cells import Area, Value
from models import Store
from tests.imports.sheets import ONE, TWO, accounts, numbers, said, sheet, written
from tests.imports.workbooks import HEADINGS, annex, checked, report, task, told

HIDDEN = sheet(HEADINGS, TWO, name="Ẩn", hidden=True)


def test_hidden_rows_are_read_and_counted() -> None:
    answer = written(sheet(HEADINGS, ONE, TWO, [3, *TWO[1:]], hidden_rows=frozenset({2, 3})))
    (problem,) = answer.problems
    assert numbers(answer) == ["1", "2", "3"]
    assert (problem.code, str(problem.severity), problem.row, problem.found) == ("hidden_rows_read", "note", 3, "3, 4")
    assert "2 dòng ẩn" in problem.message


def test_hidden_columns_are_read_and_named() -> None:
    answer = written(sheet(HEADINGS, ONE, hidden_columns=frozenset({2, 5, 9})))
    (problem,) = answer.problems
    assert (problem.code, problem.column, problem.found) == ("hidden_columns_read", "C", "C, F")
    assert answer.rows[0].texts["lead"] == "Bộ Y tế"  # type: ignore[index]


def test_hidden_rows_outside_the_tables_or_empty_are_not_counted() -> None:
    answer = written(sheet(["PHỤ LỤC"], HEADINGS, ONE, [], hidden_rows=frozenset({0, 3})))
    assert said(answer) == []


def test_of_many_hidden_rows_the_first_are_named() -> None:
    rows = [[number, *ONE[1:]] for number in range(1, 31)]
    (problem,) = written(sheet(HEADINGS, *rows, hidden_rows=frozenset(range(1, 31)))).problems
    assert problem.found == "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …"


def test_a_hidden_sheet_is_not_read_and_asked_about_when_it_has_a_table() -> None:
    answer = written(sheet(HEADINGS, ONE), HIDDEN)
    assert (numbers(answer), said(answer)) == (["1"], [("hidden_sheet_with_table", "to_confirm", 1)])
    assert accounts(answer)["Ẩn"] == (2, 0, {"hidden_sheet": 2})


def test_a_hidden_sheet_without_a_table_is_a_note() -> None:
    answer = written(sheet(HEADINGS, ONE), sheet(["danh mục"], name="Ẩn", hidden=True))
    assert said(answer) == [("hidden_sheet", "note", None)]


def test_an_empty_hidden_sheet_is_nothing() -> None:
    answer = written(sheet(HEADINGS, ONE), sheet(name="Ẩn", hidden=True))
    assert (said(answer), accounts(answer)["Ẩn"]) == ([], (0, 0, {}))


def test_a_workbook_with_its_only_table_hidden_has_none() -> None:
    assert [code for code, _, _ in said(written(HIDDEN))] == ["hidden_sheet_with_table", "no_table"]


# Every row


def test_each_row_has_its_reason(store: Store) -> None:
    numbered = ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]
    above = [numbered, ["I", "Thể chế"], task(1), ["", "- thêm"]]
    check = checked(annex(*above, HEADINGS, numbered, task(2), [], ["Nơi nhận:"], ["- VT"]), store)
    (of_sheet,) = check.accounting
    assert (of_sheet.sheet, of_sheet.filled, of_sheet.read) == ("Phụ lục", 12, 3)
    assert of_sheet.aside == {
        Aside.TITLE: 2,
        Aside.HEADER: 1,
        Aside.REPEATED_HEADER: 1,
        Aside.COLUMN_NUMBERS: 2,
        Aside.GROUP: 1,
        Aside.FOOTER: 2,
    }


def test_a_table_without_progress_in_a_report_is_set_aside_row_by_row() -> None:
    progress = sheet(["TT", "Nhiệm vụ", "Kết quả đến nay"], [1, "Việc", "Xong"], name="BC")
    answer = written(sheet(HEADINGS, ONE, TWO), progress)
    assert accounts(answer) == {"PL": (3, 0, {"header": 1, "table_set_aside": 2}), "BC": (2, 1, {"header": 1})}


def test_a_refused_workbook_is_accounted_for_too(store: Store) -> None:
    (of_sheet,) = checked(report(told("", "Hoàn thành"), told(2, "Hoàn thành")), store).accounting
    assert of_sheet.filled == of_sheet.read + sum(of_sheet.aside.values())


def test_an_account_that_does_not_add_up_is_an_error() -> None:
    with pytest.raises(AssertionError):
        account("PL", {0, 1, 2}, {1}, {0: Aside.HEADER})


def test_an_account_comes_back_from_json() -> None:
    kept = SheetAccount("PL", 3, 1, {Aside.HEADER: 1, Aside.GROUP: 1})
    assert SheetAccount.from_dict(kept.as_dict()) == kept


VALUES = st.sampled_from(
    [
        *("", "", "", " ", 0, 1, 2.0, 3, True, False, "1.", "a)", "I", "II.", "1.1", "(1)", "(2)", "(3)", "x"),
        *("Bộ Y tế", "Việc", "NHÓM", "- tiếp theo", "2025", "Tháng 6/2025", "Hoàn thành", "Nơi nhận:", "Tổng cộng"),
        *("KT. BỘ TRƯỞNG", "Hà Nội, ngày 5 tháng 9 năm 2025", "TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"),
        *("Tiến độ", "Chỉ tiêu", "Quý I", "Quý II", "Đơn vị", "Kết quả", "Ghi chú"),
    ]
)
HEADERS: list[list[Value]] = [
    ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn", "Tiến độ"],
    ["TT", "Nhiệm vụ", "Thời hạn", "TT", "Nhiệm vụ", "Thời hạn"],
    ["TT", "Chỉ tiêu", "Đơn vị", "Kết quả", ""],
    ["TT", "Nhiệm vụ", "Quý I", "Quý II", "Kết quả"],
]
WIDTH = 6
ROWS = st.lists(st.one_of(st.lists(VALUES, min_size=WIDTH, max_size=WIDTH), st.sampled_from(HEADERS)), max_size=14)


@st.composite
def areas(draw: st.DrawFn) -> Area:
    top, left = draw(st.integers(0, 12)), draw(st.integers(0, WIDTH))
    return (top, left), (top + draw(st.integers(0, 9)), left + draw(st.integers(0, WIDTH)))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(rows=ROWS, merges=st.lists(areas(), max_size=4), second=ROWS, hidden=st.booleans())
def test_whatever_a_sheet_holds_its_rows_add_up(
    *, rows: list[list[Value]], merges: list[Area], second: list[list[Value]], hidden: bool
) -> None:
    answer = written(sheet(*rows, merges=merges), sheet(*second, name="Hai", hidden=hidden))
    for (filled, read, aside), lines in zip(accounts(answer).values(), (rows, second), strict=True):
        assert filled == read + sum(aside.values())
        assert filled == sum(any(str(value).strip() and value is not False for value in line) for line in lines)
    taken = {(row.sheet, row.row) for row in (*answer.rows, *answer.indicators)}
    assert sum(read for _, read, _ in accounts(answer).values()) >= len(taken)
