"""Every heading offices use is known however it is typed, and ambiguous ones are decided by the table they stand in."""

import csv
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from config.table_layouts import load_layouts
from imports.layout.headings import Field, Headings, period_words
from imports.layout.rows import written_rows
from imports.layout.tables import Table, find_tables
from imports.reading.cells import Value
from imports.reading.reader import Sheet
from rules.folding import fold
from rules.layout import TableKind

KNOWN = Headings(load_layouts())
GIVEN = list(csv.DictReader((Path(__file__).parents[1] / "data" / "headers.csv").read_text("utf-8").splitlines()))
# What stands over several columns, or numbers them, has tests of its own.
SEVERAL = {
    "Phân công thực hiện",
    "Cơ quan thực hiện (Chủ trì | Phối hợp)",
    "Quý I | Quý II | Quý III | Quý IV",
    "(1) | (2) | (3)",
}
VARIANTS = [row for row in GIVEN if row["variant"] not in SEVERAL]
BESIDE = {
    TableKind.ASSIGNMENTS: {
        Field.SEQ: "TT",
        Field.TASK: "Tên nhiệm vụ",
        Field.LEAD: "Đơn vị chủ trì",
        Field.DEADLINE: "Thời hạn",
    },
    TableKind.PROGRESS: {Field.SEQ: "TT", Field.TASK: "Tên nhiệm vụ", Field.RESULT_NOW: "Kết quả đến nay"},
    TableKind.INDICATORS: {Field.SEQ: "TT", Field.INDICATOR: "Tên chỉ tiêu", Field.ACTUAL: "Giá trị hiện tại"},
}


def table_of(headings: Sequence[str], *rows: Sequence[Value]) -> Table:
    (table,) = find_tables(sheet(headings, *rows), KNOWN)
    return table


def sheet(*rows: Sequence[Value]) -> Sheet:
    width = max(map(len, rows))
    return Sheet("PL", [[*row, *[""] * (width - len(row))] for row in rows], [])


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("đ", "d")


def with_old_tone_marks(text: str) -> str:
    """Write the tone on the first of two vowels as older keyboards do: hoà for hòa, uỷ for ủy."""
    for new, old in (("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("ủy", "uỷ"), ("úy", "uý"), ("òe", "oè")):
        text = text.replace(new, old)
    return text


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as given": str,
    "capitals": str.upper,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "no accents": without_accents,
    "old tone marks": with_old_tone_marks,
    "broken lines": lambda text: text.replace(" ", "\n"),
    "hard spaces": lambda text: f"  {text.replace(' ', chr(0xA0))} ",
    "a mark of a note": lambda text: f"{text} (*)",
}


def kind_of(field: Field) -> TableKind:
    return next(layout.kind for layout in reversed(KNOWN.layouts) if field in layout.headings)


def test_all_variants_are_tried() -> None:
    assert (len(GIVEN), len(VARIANTS)) == (130, 126)


@pytest.mark.parametrize("row", VARIANTS, ids=lambda row: f"{row['canonical_field']}-{fold(row['variant'])}")
def test_a_heading_is_known_however_it_is_typed(row: dict[str, str]) -> None:
    meant = Field(row["canonical_field"])
    beside = [text for field, text in BESIDE[kind_of(meant)].items() if field is not meant]
    below = [*("x" for _ in beside), "Quý II/2025" if meant is Field.DEADLINE else "Hoàn thành"]
    for spelling, spell in SPELLINGS.items():
        table = table_of([*beside, spell(row["variant"])], below)
        assert (table.columns.get(meant), table.kind) == (len(beside), kind_of(meant)), spelling


UNIT, TARGET, LEAD, PRODUCT = Field.UNIT, Field.TARGET, Field.LEAD, Field.PRODUCT
RESULT, DEADLINE, STATUS, COMPLETED = Field.RESULT_NOW, Field.DEADLINE, Field.STATUS, Field.COMPLETED_DATE


@pytest.mark.parametrize(
    ("headings", "row", "meant"),
    [
        ("Chỉ tiêu|Đơn vị|Kết quả", "Hồ sơ trực tuyến|%|80", {"Đơn vị": UNIT, "Kết quả": TARGET}),
        ("Chỉ tiêu|Mục tiêu|Đơn vị|Kết quả đến nay", "Hồ sơ|80|%|70", {"Đơn vị": UNIT, "Mục tiêu": TARGET}),
        ("Nhiệm vụ|Thời hạn|Đơn vị|Kết quả", "Việc|2025|Bộ Y tế|Báo cáo", {"Đơn vị": LEAD, "Kết quả": PRODUCT}),
        ("Nhiệm vụ|Tiến độ|Đơn vị|Kết quả", "Việc|Xong|Bộ Y tế|Đã trình", {"Đơn vị": LEAD, "Kết quả": RESULT}),
        ("Nhiệm vụ|Tiến độ|Chủ trì|Kết quả", "Việc|Quý II|Bộ Y tế|Đề án", {"Tiến độ": DEADLINE, "Kết quả": PRODUCT}),
        ("Nhiệm vụ|Cơ quan chủ trì|Đơn vị", "Việc|Bộ Y tế|%", {"Đơn vị": UNIT}),
        ("Nhiệm vụ|Chỉ tiêu|Đơn vị|Thời hạn", "Việc|Tỷ lệ|%|2025", {"Đơn vị": UNIT}),
        ("Nhiệm vụ|Sản phẩm|Đơn vị|Kết quả", "Việc|Báo cáo|Bộ Y tế|Đã xong", {"Đơn vị": LEAD, "Kết quả": RESULT}),
        ("Nhiệm vụ|Chủ trì|Tiến độ hoàn thành", "Việc|Bộ Y tế|Quý II/2025", {"Tiến độ hoàn thành": DEADLINE}),
        ("Nhiệm vụ|Chủ trì|Tiến độ hoàn thành", "Việc|Bộ Y tế|80%", {"Tiến độ hoàn thành": STATUS}),
        ("Nhiệm vụ|Thời hạn|Tiến độ hoàn thành", "Việc|2025|Quý II", {"Tiến độ hoàn thành": STATUS}),
        ("Nhiệm vụ|Chủ trì|Ngày hoàn thành", "Việc|Bộ Y tế|30/6/2025", {"Ngày hoàn thành": DEADLINE}),
        ("Nhiệm vụ|Thời hạn|Ngày hoàn thành", "Việc|2025|30/6/2025", {"Ngày hoàn thành": COMPLETED}),
    ],
)
def test_what_a_heading_means_is_decided_by_its_table(headings: str, row: str, meant: dict[str, Field]) -> None:
    names = headings.split("|")
    columns = table_of(["TT", *names], [1, *row.split("|")]).columns
    assert {heading: columns.get(field) for heading, field in meant.items()} == {
        heading: names.index(heading) + 1 for heading in meant
    }


def test_a_status_first_written_far_below_still_counts() -> None:
    rows: list[list[Value]] = [[number, "Việc", "Bộ Y tế", ""] for number in range(1, 60)]
    table = table_of(["TT", "Nhiệm vụ", "Chủ trì", "Tiến độ"], *rows, [60, "Việc", "Bộ Y tế", "Tháng 5/2025"])
    assert Field.DEADLINE in table.columns


@pytest.mark.parametrize("merges", [[((0, 2), (0, 3)), ((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 4), (1, 4))], []])
def test_one_heading_over_lead_and_coordinating(merges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    for over in ("Phân công thực hiện", "Cơ quan thực hiện", "Đơn vị thực hiện"):
        rows: list[list[Value]] = [
            ["TT", "Nhiệm vụ", over, "", "Thời hạn"],
            ["", "", "Chủ trì", "Phối hợp", ""],
            [1, "Việc", "A", "B", "2025"],
        ]
        (table,) = find_tables(Sheet("PL", rows, merges), KNOWN)
        assert (table.columns[Field.LEAD], table.columns[Field.COORDINATING], table.body) == (2, 3, [2])


def test_who_does_it_in_one_column_is_the_lead() -> None:
    assert table_of(["TT", "Nhiệm vụ", "Phân công thực hiện", "Thời hạn"]).columns[Field.LEAD] == 2


def test_a_header_of_three_tiers() -> None:
    rows: list[list[Value]] = [
        ["TT", "Nhiệm vụ", "Tổ chức thực hiện", "", "", "Kết quả thực hiện", ""],
        ["", "", "Cơ quan thực hiện", "", "Thời hạn", "Tiến độ", "Văn bản kết quả"],
        ["", "", "Chủ trì", "Phối hợp", "", "", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        [1, "Việc", "Bộ Y tế", "", "2025", "Hoàn thành", "5/BC-BYT"],
    ]
    merges = [((0, 2), (0, 4)), ((1, 2), (1, 3)), ((0, 5), (0, 6))]
    merges += [((0, column), (2, column)) for column in (0, 1)] + [((1, column), (2, column)) for column in (4, 5, 6)]
    for merged in (merges, []):
        (table,) = find_tables(Sheet("PL", rows, merged), KNOWN)
        meant = [Field.SEQ, Field.TASK, Field.LEAD, Field.COORDINATING, Field.DEADLINE, Field.STATUS, Field.EVIDENCE]
        assert (list(table.columns), table.body) == (meant, [4])


@pytest.mark.parametrize("row", ["(1)|(2)|(3)|(4)", "A|B|1|2", "[1]|[2]|[3]|[4]", "(1)|(2)|(3)|(4)=(2)+(3)"])
def test_a_row_that_numbers_the_columns(row: str) -> None:
    table = table_of(["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"], row.split("|"), [1, "Việc", "Bộ Y tế", "2025"])
    assert table.body == [2]


@pytest.mark.parametrize("row", [[1, "Việc", 3, 4], ["A", "Nhóm việc", "", ""], [1, 3, 2, 4]])
def test_a_row_of_work_numbers_no_columns(row: list[Value]) -> None:
    assert table_of(["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"], row).body == [1]


QUARTERS = ("Quý I", "Quý II", "Quý III", "Quý IV")


@pytest.mark.parametrize(
    ("marks", "expected", "cell"),
    [
        (["", "x", "", ""], "Quý II", "E2"),
        (["", "", "X", ""], "Quý III", "F2"),
        (["x", "", "", "x"], "Quý I; Quý IV", "G2"),
        (["", "dự thảo", "", "x"], "Quý II (dự thảo); Quý IV", "G2"),
        (["", "", "", ""], "", "D2"),
    ],
)
def test_quarters_that_are_only_marked_are_the_deadline(marks: list[str], expected: str, cell: str) -> None:
    table = table_of(["TT", "Nhiệm vụ", "Chủ trì", *QUARTERS], [1, "Việc", "Bộ Y tế", *marks])
    (row,) = written_rows(table).rows
    assert (row.texts[Field.DEADLINE], row.values[Field.DEADLINE], row.cells["deadline"]) == (expected, expected, cell)
    assert table.not_read(set(Field)) == {}


def test_quarters_under_a_heading_with_the_year_are_that_year_s() -> None:
    rows: list[list[Value]] = [
        ["TT", "Nhiệm vụ", "Chủ trì", "Thời gian hoàn thành năm 2025", "", "", ""],
        ["", "", "", *QUARTERS],
        [1, "Việc", "Bộ Y tế", "", "x", "", ""],
    ]
    (table,) = find_tables(Sheet("PL", rows, [((0, 3), (0, 6))]), KNOWN)
    assert written_rows(table).rows[0].texts[Field.DEADLINE] == "Quý II/2025"


def test_quarters_with_figures_are_no_deadline() -> None:
    table = table_of(["TT", "Nhiệm vụ", "Chủ trì", *QUARTERS], [1, "Việc", "Bộ Y tế", 10, 20, 30, 40])
    assert (Field.DEADLINE in table.columns, table.periods) == (False, {})


def test_periods_as_headings_name_them() -> None:
    named = {"Quý II": "Quý II", "QUÝ 2": "Quý 2", "Tháng 06/2025": "Tháng 6/2025", "Quý III năm 2025": "Quý III/2025"}
    assert {heading: period_words(heading) for heading in named} == named
    assert [period_words(heading) for heading in ("Quý", "Quý V", "Tháng 13", "Thời hạn")] == [None] * 4


def test_of_two_columns_with_one_meaning_the_plainer_heading_counts() -> None:
    table = table_of(["TT", "Nhiệm vụ", "Kết quả đến nay theo báo cáo", "Kết quả hiện nay"])
    assert table.columns[Field.RESULT_NOW] == 3
