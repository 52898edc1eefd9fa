"""Where the table is and what its rows are, without a store."""

import unicodedata
from collections.abc import Sequence

import pytest

from config.table_layouts import load_layouts
from imports.layout.headings import Field, Headings
from imports.layout.rows import TableRows, written_rows
from imports.layout.tables import Table, find_tables
from imports.reading.reader import read_workbook
from tests.imports.workbooks import HEADINGS, Row, saved

KNOWN = Headings(load_layouts())


def tables(rows: Sequence[Row], merges: Sequence[str] = ()) -> list[Table]:
    workbook = read_workbook(saved(("PL", rows, merges)))
    assert workbook.problems == []
    return find_tables(workbook.sheets[0], KNOWN)


def read(rows: Sequence[Row], merges: Sequence[str] = ()) -> TableRows:
    found = tables(rows, merges)
    assert len(found) == 1
    return written_rows(found[0])


def numbers(rows: Sequence[Row], merges: Sequence[str] = ()) -> list[str]:
    return [row.number for row in read(rows, merges).rows]


ONE = [1, "Xây dựng kế hoạch", "Bộ Y tế", "Bộ Công an", "Kế hoạch", "Tháng 6/2025"]
TWO = [2, "Báo cáo kết quả", "Bộ Nội vụ", "", "Báo cáo", "Quý III/2025"]


@pytest.mark.parametrize("above", [0, 1, 7, 30])
def test_the_header_is_found_below_any_title_block(above: int) -> None:
    title = [[f"Dòng {number} của phần đầu"] for number in range(above)]
    found = tables([*title, HEADINGS, ONE])
    assert [table.header for table in found] == [above]
    assert numbers([*title, HEADINGS, ONE, TWO]) == ["1", "2"]


@pytest.mark.parametrize(
    "spell",
    [
        str,
        str.upper,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: f"  {text} \n",
        lambda text: f"{text} (*)",
        lambda text: text.replace(" ", "\n"),
    ],
)
def test_headings_are_known_however_they_are_typed(spell: object) -> None:
    headings = [spell(heading) for heading in HEADINGS]  # type: ignore[operator]
    assert list(tables([headings, ONE])[0].columns) == [
        Field.SEQ,
        Field.TASK,
        Field.LEAD,
        Field.COORDINATING,
        Field.PRODUCT,
        Field.DEADLINE,
    ]


def test_headings_without_accents() -> None:
    found = tables([["Stt", "Noi dung nhiem vu", "Co quan chu tri", "Thoi gian hoan thanh"], ONE])
    assert list(found[0].columns) == [Field.SEQ, Field.TASK, Field.LEAD, Field.DEADLINE]


@pytest.mark.parametrize("numbered", [True, False])
def test_a_header_of_two_tiers(numbered: bool) -> None:  # noqa: FBT001
    rows: list[Row] = [
        ["TT", "Tên nhiệm vụ", "Cơ quan thực hiện", None, "Kết quả/Sản phẩm", "Thời gian hoàn thành"],
        [None, None, "Chủ trì", "Phối hợp", None, None],
        *([["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]] if numbered else []),
        ONE,
    ]
    merges = ["A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2"]
    for merged in (merges, []):
        found = tables(rows, merged)
        assert found[0].columns[Field.LEAD] == 2
        assert found[0].columns[Field.COORDINATING] == 3
        assert numbers(rows, merged) == ["1"]


def test_a_row_that_numbers_the_columns_is_no_row() -> None:
    assert numbers([HEADINGS, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"], ONE]) == ["1"]
    assert numbers([HEADINGS, [1, 2, 3, 4, 5, 6], ONE]) == ["1"]


def test_a_header_repeated_after_a_page_break() -> None:
    numbered = ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]
    assert numbers([HEADINGS, numbered, ONE, HEADINGS, numbered, TWO]) == ["1", "2"]


@pytest.mark.parametrize(
    "footer", ["Nơi nhận:", "NƠI NHẬN", "KT. BỘ TRƯỞNG", "Người lập biểu", "Tổng cộng: 1 nhiệm vụ"]
)
def test_a_footer_ends_the_table(footer: str) -> None:
    below: list[Row] = [[], [footer], ["- Như trên;"], [3, "Lưu: VT", "Bộ Y tế", "", "", "2025"]]
    assert numbers([HEADINGS, ONE, *below]) == ["1"]


def test_groups_become_sections() -> None:
    rows = [
        HEADINGS,
        ["A. Nhiệm vụ chung"],
        ONE,
        ["II", "NHIỆM VỤ CỤ THỂ"],
        TWO,
        [None, "NHÓM KHÔNG SỐ"],
        [3, *TWO[1:]],
    ]
    sections = ["A. Nhiệm vụ chung", "II. NHIỆM VỤ CỤ THỂ", "NHÓM KHÔNG SỐ"]
    assert [row.section for row in read(rows, ["A2:F2"]).rows] == sections


def test_a_numbered_heading_over_its_items_is_a_section() -> None:
    rows = [HEADINGS, ["1", "Thể chế"], ["1.1", *ONE[1:]], ["1.2", *TWO[1:]]]
    assert [(row.number, row.section) for row in read(rows).rows] == [("1.1", "1. Thể chế"), ("1.2", "1. Thể chế")]


def test_a_lead_merged_downwards_is_every_row_s() -> None:
    rows = [HEADINGS, ONE, [2, "Việc hai", None, None, "", "2025"], [3, "Việc ba", "Bộ Nội vụ", "", "", "2025"]]
    read_rows = read(rows, ["C2:C3"]).rows
    assert [row.texts[Field.LEAD] for row in read_rows] == ["Bộ Y tế", "Bộ Y tế", "Bộ Nội vụ"]
    assert [row.cells["lead"] for row in read_rows] == ["C2", "C2", "C4"]
    assert read_rows[1].texts[Field.COORDINATING] == ""


def test_a_row_without_number_continues_the_one_above() -> None:
    answer = read([HEADINGS, ONE, [None, "- chi tiết thêm", None, "Bộ Nội vụ"], TWO])
    assert answer.rows[0].texts[Field.TASK] == "Xây dựng kế hoạch\n- chi tiết thêm"
    assert answer.rows[0].texts[Field.COORDINATING] == "Bộ Công an\nBộ Nội vụ"
    assert [(p.code, p.row) for p in answer.problems] == [("row_continues", 3)]


def test_work_of_its_own_needs_a_number() -> None:
    answer = read([HEADINGS, ONE, [None, *TWO[1:]]])
    assert [(p.code, p.severity, p.row) for p in answer.problems] == [("row_without_number", "stops", 3)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [("1.", "1"), ("01", "1"), (1.0, "1"), ("I.2.a)", "I.2.a"), ("1.1", "1.1"), (" 7 ", "7"), (1.1, "1.1")],
)
def test_numbers_however_they_are_written(written: object, expected: str) -> None:
    assert numbers([HEADINGS, [written, *ONE[1:]]]) == [expected]


def test_letters_count_below_their_number() -> None:
    assert numbers([HEADINGS, ONE, ["a)", *TWO[1:]], ["b)", *TWO[1:]]]) == ["1", "1.a", "1.b"]


def test_a_table_without_numbers_is_numbered_by_its_rows() -> None:
    assert numbers([HEADINGS[1:], ONE[1:], TWO[1:]]) == ["1", "2"]
    assert numbers([HEADINGS, [None, *ONE[1:]], [None, *TWO[1:]]]) == ["1", "2"]


@pytest.mark.parametrize(
    ("headings", "row", "expected"),
    [
        (("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Tiến độ"), (1, "Việc", "Bộ Y tế", "Tháng 5/2025"), Field.DEADLINE),
        (("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Tiến độ"), (1, "Việc", "Bộ Y tế", "Hoàn thành"), Field.STATUS),
        (("TT", "Nhiệm vụ", "Thời hạn", "Tiến độ"), (1, "Việc", "2025", "Tháng 5/2025"), Field.STATUS),
        (("TT", "Nhiệm vụ", "Thời hạn", "Kết quả"), (1, "Việc", "2025", "Báo cáo"), Field.PRODUCT),
        (("TT", "Nhiệm vụ", "Tiến độ", "Kết quả"), (1, "Việc", "Hoàn thành", "Đã trình"), Field.RESULT_NOW),
        (("TT", "Nhiệm vụ", "Thời hạn", "Đơn vị"), (1, "Việc", "2025", "Bộ Y tế"), Field.LEAD),
    ],
)
def test_ambiguous_headings_are_decided_by_context(headings: Row, row: Row, expected: Field) -> None:
    columns = tables([headings, row])[0].columns
    assert columns[expected] == 3


def test_an_annex_of_indicators_is_no_table_of_tasks() -> None:
    (found,) = tables([["TT", "Chỉ tiêu, mục tiêu", "Đơn vị", "Kết quả"], [1, "Tỷ lệ hồ sơ", "%", 80]])
    assert found.lists_indicators
    assert list(found.columns) == [Field.SEQ, Field.INDICATOR, Field.UNIT, Field.TARGET]


def test_a_column_nobody_knows_is_not_read() -> None:
    (table,) = tables([[*HEADINGS, "Màu sắc"], [*ONE, "đỏ"]])
    assert table.not_read(set(Field)) == {6: "Màu sắc"}


def test_a_column_its_reader_does_not_use_is_not_read() -> None:
    (table,) = tables([[*HEADINGS, "Ghi chú", "Hạn mới"], [*ONE, "gấp", "30/9/2025"]])
    assert table.not_read(set(Field) - {Field.NOTE, Field.EXTENSION}) == {6: "Ghi chú", 7: "Hạn mới"}
