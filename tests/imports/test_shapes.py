"""The shapes of sheets: several tables, footers, totals, merged cells, lines that are no rows."""

import pytest

from imports.layout.headings import Field
from imports.reading.cells import Value
from tests.imports.sheets import ONE, TWO, accounts, numbers, said, sheet, written
from tests.imports.workbooks import HEADINGS

PLAIN: list[Value] = [1, "Việc khác", "2025"]
SHORT = ("TT", "Tên nhiệm vụ", "Thời hạn")

# Several tables


def test_a_second_table_with_other_columns_below_the_first() -> None:
    answer = written(sheet(["PHỤ LỤC"], HEADINGS, ONE, TWO, [], ["Bảng 2. Việc bổ sung"], SHORT, PLAIN))
    assert [(row.row, row.texts[Field.DEADLINE]) for row in answer.rows] == [
        (3, "Tháng 6/2025"),
        (4, "Quý III/2025"),
        (8, "2025"),
    ]
    assert accounts(answer) == {"PL": (7, 3, {"header": 2, "title": 2})}


def test_the_lines_right_below_a_row_are_not_the_next_table_s_title() -> None:
    answer = written(sheet(HEADINGS, ONE, ["", "- chi tiết thêm"], SHORT, PLAIN))
    assert answer.rows[0].texts[Field.TASK].endswith("\n- chi tiết thêm")


def test_tables_side_by_side_are_read_from_left_to_right() -> None:
    three: list[Value] = [3, "Việc ba", "2026"]
    answer = written(sheet([*SHORT, "", *SHORT], [*PLAIN, "", *three], [2, "Việc hai", "2025"]))
    assert [(row.row, row.number, row.texts[Field.DEADLINE]) for row in answer.rows] == [
        (2, "1", "2025"),
        (3, "2", "2025"),
        (2, "3", "2026"),
    ]
    assert said(answer) == [("tables_side_by_side", "note", 1)]
    assert accounts(answer) == {"PL": (3, 2, {"header": 1})}


def test_a_heading_that_stands_twice_makes_no_second_table() -> None:
    answer = written(sheet([*HEADINGS, "TT"], [*ONE, 7]))
    assert (numbers(answer), said(answer)) == (["1"], [("column_not_read", "note", 1)])


def test_a_header_repeated_in_other_letters_goes_on_with_its_table() -> None:
    answer = written(sheet(HEADINGS, ["I", "Thể chế"], ONE, [h.upper() for h in HEADINGS], TWO))
    assert [(row.number, row.section) for row in answer.rows] == [("1", "I. Thể chế"), ("2", "I. Thể chế")]
    assert accounts(answer)["PL"][2] == {"group": 1, "header": 1, "repeated_header": 1}


@pytest.mark.parametrize(("row", "severity"), [(["Chỉ là lời nhắn"], "note"), (["A", "B", "C"], "to_confirm")])
def test_a_sheet_without_known_headings_is_named(row: list[Value], severity: str) -> None:
    answer = written(sheet(HEADINGS, ONE), sheet(row, name="Khác"))
    assert said(answer) == [("sheet_without_table", severity, None)]
    assert accounts(answer)["Khác"] == (1, 0, {"no_table": 1})


# What ends a table


@pytest.mark.parametrize(
    "footer",
    [
        ["Nơi nhận:"],
        ["", "", "", "KT. BỘ TRƯỞNG"],
        ["", "", "", "BỘ TRƯỞNG"],
        ["", "", "", "Thủ trưởng đơn vị"],
        ["", "", "", "Hà Nội, ngày 5 tháng 9 năm 2025"],
        ["Người lập biểu", "", "", "Giám đốc"],
        ["Xác nhận của cơ quan"],
        ["", "Tổng cộng: 2 nhiệm vụ"],
        ["Ghi chú: không"],
    ],
)
def test_lines_below_a_footer_join_no_row(footer: list[Value]) -> None:
    answer = written(sheet(HEADINGS, ONE, TWO, footer, ["", "", "", "Nguyễn Văn A"], ["", "- Như trên"]))
    assert (numbers(answer), said(answer)) == (["1", "2"], [])
    assert answer.rows[1].texts[Field.TASK] == "Báo cáo kết quả"
    assert accounts(answer) == {"PL": (6, 2, {"footer": 3, "header": 1})}


def test_work_below_a_footer_is_asked_about() -> None:
    answer = written(sheet(HEADINGS, ONE, ["Nơi nhận:"], TWO))
    assert (numbers(answer), said(answer)) == (["1"], [("row_below_footer", "to_confirm", 4)])


def test_a_total_over_further_groups_ends_nothing() -> None:
    answer = written(sheet(HEADINGS, ["I", "A"], ONE, ["", "Tổng số: 1"], ["II", "B"], TWO, ["", "Tổng cộng: 2"]))
    assert (numbers(answer), said(answer)) == (["1", "2"], [])
    assert accounts(answer)["PL"][2] == {"footer": 1, "group": 2, "header": 1, "total": 1}


@pytest.mark.parametrize("task", ["Tổng số hóa hồ sơ", "Bộ trưởng chỉ đạo rà soát", "Nơi nhận hồ sơ một cửa"])
def test_a_numbered_row_that_begins_like_a_footer_is_work(task: str) -> None:
    assert numbers(written(sheet(HEADINGS, ONE, [2, task, *TWO[2:]], [3, *TWO[1:]]))) == ["1", "2", "3"]


def test_an_unnumbered_row_that_begins_like_a_total_is_work() -> None:
    row: list[Value] = ["Tổng số hóa hồ sơ", *TWO[2:]]
    assert numbers(written(sheet(HEADINGS[1:], ONE[1:], row))) == ["1", "2"]


# Merged cells


def test_a_lead_merged_over_the_coordinating_column_is_both() -> None:
    row: list[Value] = [1, "Việc", "Các bộ, ngành", "", "", "2025"]
    (read,) = written(sheet(HEADINGS, row, merges=[((1, 2), (1, 3))])).rows
    assert (read.texts[Field.LEAD], read.texts[Field.COORDINATING]) == ("Các bộ, ngành", "Các bộ, ngành")
    assert (read.cells["lead"], read.cells["coordinating"]) == ("C2", "C2")


def test_a_lead_merged_downwards_and_across_is_every_row_s() -> None:
    rows: list[list[Value]] = [ONE, [2, "Việc", "", "", "", "2025"], [3, "Việc", "", "", "", "2025"]]
    answer = written(sheet(HEADINGS, *rows, merges=[((1, 2), (3, 3))]))
    leads = [(row.texts[Field.LEAD], row.texts[Field.COORDINATING]) for row in answer.rows]
    assert leads == [("Bộ Y tế", "Bộ Y tế")] * 3


def test_what_a_covered_cell_still_holds_is_not_read() -> None:
    answer = written(sheet(HEADINGS, ONE, [2, "Việc", "Bộ Nội vụ", "", "", "2025"], merges=[((1, 2), (2, 2))]))
    assert [row.texts[Field.LEAD] for row in answer.rows] == ["Bộ Y tế", "Bộ Y tế"]


def test_a_product_merged_over_the_deadline_is_no_deadline() -> None:
    (row,) = written(sheet(HEADINGS, [1, "Việc", "Bộ Y tế", "", "Báo cáo", ""], merges=[((1, 4), (1, 5))])).rows
    assert (row.texts[Field.PRODUCT], row.texts[Field.DEADLINE]) == ("Báo cáo", "")


def test_a_group_merged_from_a_column_without_heading_is_a_section() -> None:
    answer = written(sheet(["", *HEADINGS], ["I. NHÓM MỘT"], ["", *ONE], merges=[((1, 0), (1, 6))]))
    assert ([row.section for row in answer.rows], said(answer)) == (["I. NHÓM MỘT"], [])


@pytest.mark.parametrize("bottom", [3, 10_000, 1_048_575])
def test_a_merge_beyond_the_rows_does_no_harm(bottom: int) -> None:
    answer = written(sheet(HEADINGS, ONE, [2, "Việc", "", "", "", "2025"], merges=[((1, 2), (bottom, 16_383))]))
    assert [row.texts[Field.LEAD] for row in answer.rows] == ["Bộ Y tế", "Bộ Y tế"]


def test_a_second_lead_under_a_merged_number_joins_it() -> None:
    merges = [((1, column), (2, column)) for column in (0, 1, 5)]
    answer = written(sheet(HEADINGS, ONE, ["", "", "Bộ Nội vụ"], merges=merges))
    assert answer.rows[0].texts[Field.LEAD] == "Bộ Y tế\nBộ Nội vụ"
    assert said(answer) == [("row_continues", "to_confirm", 3)]


def test_a_second_lead_with_its_own_deadline_needs_its_own_number() -> None:
    merges = [((1, 0), (2, 0)), ((1, 1), (2, 1))]
    answer = written(sheet(HEADINGS, ONE, ["", "", "Bộ Nội vụ", "", "", "2026"], merges=merges))
    assert said(answer) == [("row_without_number", "stops", 3)]


def test_a_label_merged_along_the_table_makes_the_header_no_deeper() -> None:
    rows: list[list[Value]] = [["Chỉ thị 07", *HEADINGS], ["", *ONE], ["", *TWO]]
    answer = written(sheet(*rows, merges=[((0, 0), (2, 0))]))
    assert numbers(answer) == ["1", "2"]


# Numbers and sections


def test_letters_count_below_the_number_above_whatever_its_form() -> None:
    rows = [["I.2", *ONE[1:]], ["a)", *TWO[1:]], ["b)", *TWO[1:]], ["I.3.1", *ONE[1:]], ["a", *TWO[1:]]]
    assert numbers(written(sheet(HEADINGS, *rows))) == ["I.2", "I.2.a", "I.2.b", "I.3.1", "I.3.1.a"]


def test_the_nearest_numbered_heading_is_the_section() -> None:
    rows: list[list[Value]] = [
        ["1", "Thể chế"],
        ["1.1", "Nghị định"],
        ["1.1.1", *ONE[1:]],
        ["1.1.2", *TWO[1:]],
        ["1.2", *TWO[1:]],
    ]
    answer = written(sheet(HEADINGS, *rows))
    assert [(row.number, row.section) for row in answer.rows] == [
        ("1.1.1", "1.1. Nghị định"),
        ("1.1.2", "1.1. Nghị định"),
        ("1.2", "1. Thể chế"),
    ]
    assert accounts(answer) == {"PL": (6, 3, {"group": 2, "header": 1})}


def test_a_column_of_groups_gives_the_section() -> None:
    headings = ("TT", "Lĩnh vực", *HEADINGS[1:])
    rows = [[1, "Thể chế", *ONE[1:]], [2, "", *TWO[1:]], [3, "Hạ tầng", *TWO[1:]]]
    answer = written(sheet(headings, *rows, merges=[((1, 1), (2, 1))]))
    assert ([row.section for row in answer.rows], said(answer)) == (["Thể chế", "Thể chế", "Hạ tầng"], [])


def test_a_line_that_goes_on_after_an_empty_row_is_asked_about() -> None:
    answer = written(sheet(HEADINGS, ONE, [], ["", "- phần còn lại"], TWO))
    assert said(answer) == [("row_set_aside", "to_confirm", 4)]
    assert [row.section for row in answer.rows] == ["", ""]


def test_a_lead_alone_after_an_empty_row_is_no_section() -> None:
    answer = written(sheet(HEADINGS, ONE, [], ["", "", "Bộ Nội vụ"], TWO))
    assert said(answer) == [("row_set_aside", "to_confirm", 4)]
    assert [row.section for row in answer.rows] == ["", ""]


def test_a_dash_for_a_number_begins_a_line_of_the_text_above() -> None:
    answer = written(sheet(HEADINGS, ONE, ["-", "Phần việc thứ nhất"], ["+", "Phần việc thứ hai"], TWO))
    assert numbers(answer) == ["1", "2"]
    assert answer.rows[0].texts[Field.TASK] == "Xây dựng kế hoạch\n- Phần việc thứ nhất\n+ Phần việc thứ hai"


@pytest.mark.parametrize("written_number", ["TT", "Ghi nhớ", "*", "??"])
def test_work_with_words_for_a_number_is_not_numbered_by_them(written_number: str) -> None:
    answer = written(sheet(HEADINGS, ONE, [written_number, *TWO[1:]]))
    assert (numbers(answer), said(answer)) == (["1"], [("row_without_number", "stops", 3)])


@pytest.mark.parametrize("number", ["NV-01", "12a", "III.1)", "01/2025", "IV"])
def test_numbers_of_any_form_name_a_row(number: str) -> None:
    assert numbers(written(sheet(HEADINGS, ONE, [number, *TWO[1:]]))) == ["1", number.rstrip(")")]


# Columns nobody reads


def test_what_stands_in_a_column_without_heading_is_named() -> None:
    answer = written(sheet(HEADINGS, ONE, [*TWO, "gấp"]))
    (problem,) = answer.problems
    assert (problem.code, problem.row, problem.column, problem.found) == ("column_without_heading", 3, "G", "gấp")


def test_a_row_with_nothing_in_the_columns_read_is_set_aside() -> None:
    answer = written(sheet([*HEADINGS, "Ghi chú"], ONE, ["", "", "", "", "", "", "lời nhắn"], TWO))
    assert (numbers(answer), answer.rows[0].texts.get(Field.NOTE)) == (["1", "2"], None)
    assert accounts(answer) == {"PL": (4, 2, {"header": 1, "other_columns": 1})}
