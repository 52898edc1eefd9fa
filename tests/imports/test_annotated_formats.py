"""The annotated copy of formats that cannot be written back, and of workbooks that are not given back at all."""

import ast
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from imports import Problem, Severity
from imports.problem import asks_for_mending
from imports.reading.cells import Value
from imports.reading.reader import Sheet
from imports.returning.annotated.copying import NOT_GIVEN_BACK, annotated_copy, safe_name
from imports.returning.annotated.plain_workbook import plain_sheets
from tests.imports.originals import (
    LIST,
    SHEET,
    by_libreoffice,
    copied,
    marked,
    needs_libreoffice,
    notes,
    opened,
    original,
    question,
    remark,
    stop,
)

READING = Path(__file__).parents[2] / "imports" / "reading"
CSV = "TT;Nhiệm vụ;Thời hạn\n1;Kết nối dữ liệu;31/2/2025\n2;=HYPERLINK(A1);Tháng 8/2025\n".encode()


def test_a_text_table_becomes_a_workbook_with_the_same_marks() -> None:
    copy = annotated_copy(CSV, name="bao-cao.csv", problems=[stop("C", 2, "CSV"), remark("B", 3, "CSV")])
    assert copy is not None
    assert copy.name == "bao-cao.can-sua.xlsx"
    workbook = opened(copy.content)
    (sheet,) = [name for name in workbook.sheetnames if name != LIST]
    values = [[cell.value for cell in row] for row in workbook[sheet].iter_rows()]
    assert values[0] == ["TT", "Nhiệm vụ", "Thời hạn"]
    assert [str(value) for value in values[2]] == ["2", "=HYPERLINK(A1)", "Tháng 8/2025"]
    assert workbook[sheet]["B3"].data_type == "s"


@needs_libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_an_older_or_other_format_becomes_a_workbook_with_the_same_marks(kind: str, tmp_path: Path) -> None:
    workbook = by_libreoffice(original(), kind, tmp_path)
    copy = annotated_copy(workbook, name=f"phu-luc.{kind}", problems=[stop("E", 8), question("C", 6), stop("B", 20)])
    assert copy is not None
    assert copy.name == "phu-luc.can-sua.xlsx"
    assert opened(copy.content).sheetnames == [LIST, SHEET, "Nga's & <x>", "Ẩn"]
    assert opened(copy.content)["Ẩn"].sheet_state == "hidden"
    sheet = opened(copy.content)[SHEET]
    assert [cell.value for cell in sheet[16]] == [12, "Nhiệm vụ số 12", "Bộ Y tế", "Báo cáo", "Tháng 12/2025", 111]
    assert marked(copy.content) == {"E8": "red", "B20": "red", "C5": "yellow"}
    assert "C5:C7" in [str(area) for area in sheet.merged_cells.ranges]
    assert "Phải sửa" in notes(copy.content)["E8"]
    assert by_libreoffice(copy.content, "pdf", tmp_path / "pdf").startswith(b"%PDF-")


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Nhiệm vụ", "Nhiệm vụ"),
        ("=1+1", "=1+1"),
        (7, 7),
        (0.8, 0.8),
        (True, True),
        (10**20, str(10**20)),
        (float("nan"), "nan"),
        (date(2025, 3, 14), midnight(date(2025, 3, 14))),
        (date(1900, 2, 28), "28/02/1900"),
        (date(1900, 3, 1), midnight(date(1900, 3, 1))),
        (datetime.fromisoformat("2025-03-14T06:30"), datetime.fromisoformat("2025-03-14T06:30")),
        (time(6, 30), time(6, 30)),
        (timedelta(hours=30), timedelta(hours=30)),
    ],
    ids=str,
)
def test_every_kind_of_value_is_written_as_it_was_read(value: Value, shown: object) -> None:
    assert opened(plain_sheets([Sheet("A", [[value]], [])]).content)["A"]["A1"].value == shown


def test_names_merges_and_what_is_hidden_are_what_excel_allows() -> None:
    merges = [((0, 0), (1, 1)), ((1, 1), (2, 2)), ((3, 0), (3, 0)), ((2, 0), (2, 1))]
    hidden = {"hidden_rows": frozenset({2}), "hidden_columns": frozenset({1})}
    made = opened(plain_sheets([Sheet("a/b:c" * 9, [["x", "y", "z"]] * 4, merges, **hidden)]).content)  # type: ignore[arg-type]
    assert made.sheetnames == [("a_b_c" * 9)[:31]]
    found = made.worksheets[0]
    assert sorted(map(str, found.merged_cells.ranges)) == ["A1:B2", "A3:B3"]
    assert (found.row_dimensions[3].hidden, found.column_dimensions["B"].hidden) == (True, True)


def test_problems_follow_a_sheet_that_had_to_be_renamed() -> None:
    made = plain_sheets([Sheet("A/B", [["x"]], []), Sheet("a_b", [["y"]], [])])
    content = copied(made.content, *made.placed([stop("A", 1, "A/B"), question("A", 1, "a_b")]))
    assert opened(content).sheetnames == [LIST, "A_B", "a_b-2"]
    assert (marked(content, "A_B"), marked(content, "a_b-2")) == ({"A1": "red"}, {"A1": "yellow"})


@pytest.mark.parametrize(("rows", "columns", "fits"), [(1, 16_384, True), (1, 16_385, False), (1_048_577, 0, False)])
def test_a_table_larger_than_excels_grid_is_not_written(rows: int, columns: int, fits: bool) -> None:  # noqa: FBT001
    try:
        made = plain_sheets([Sheet("A", [[""] * columns] * rows, [])])
    except ValueError:
        assert not fits
    else:
        assert fits
        assert opened(made.content).sheetnames == ["A"]


@pytest.mark.parametrize("code", sorted(NOT_GIVEN_BACK))
def test_what_is_secret_or_could_not_be_read_is_not_given_back(code: str) -> None:
    assert (
        annotated_copy(original(), name="x.xlsx", problems=[stop("E", 8), Problem(code, Severity.STOPS, SHEET, 8)])
        is None
    )


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\x03\x04", b"%PDF-1.7", original()[:900], b"\xd0\xcf\x11\xe0" * 200]
)
def test_what_is_no_workbook_is_not_given_back(content: bytes) -> None:
    assert annotated_copy(content, name="x.xlsx", problems=[stop("E", 8)]) is None


def test_every_refusal_of_a_package_by_the_reader_is_among_them() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in READING.glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    refusing = [call.args[0] for call in calls if getattr(call.func, "id", "") in {"HostileError", "stops"}]
    said = {str(argument.value) for argument in refusing if isinstance(argument, ast.Constant)}
    of_packages = {code for code in said if not code.startswith(("csv_", "open_"))} - {"not_a_workbook"}
    assert len(of_packages) > 5
    assert of_packages <= NOT_GIVEN_BACK


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Phụ lục số 1.xlsx", "Phụ lục số 1.xlsx"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x\\y.xlsx", "C__x_y.xlsx"),
        ("a\x00b\nc\u202ed.xlsx", "abcd.xlsx"),
        ("  .. ", "_"),
        ("", "_"),
        ("ệ" * 300, "ệ" * 50),
    ],
)
def test_a_files_name_is_only_a_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert len(safe_name(name).encode()) <= 150


def test_a_copy_of_a_copy_is_not_called_so_twice() -> None:
    copy = annotated_copy(original(), name="x/phu-luc.can-sua.xlsx", problems=[stop("E", 8)])
    assert copy is not None
    assert copy.name == "phu-luc.can-sua.xlsx"


@pytest.mark.parametrize(
    ("problems", "asks"),
    [((), False), ((remark("F", 4),), False), ((question("E", 8),), True), ((remark("F", 4), stop("E", 8)), True)],
)
def test_notes_alone_ask_nobody_to_mend_anything(problems: tuple[Problem, ...], asks: bool) -> None:  # noqa: FBT001
    assert asks_for_mending(problems) is asks
