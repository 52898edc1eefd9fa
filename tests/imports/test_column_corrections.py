"""A person's correction of columns counts for that agency's next workbook with the same headings, and is said."""

from datetime import timedelta

import pytest
from sqlmodel import select

from imports import Outcome
from imports.columns import ColumnsRefusedError, Said, Understood, correct_columns, understood_columns
from imports.layout.headings import Field
from models import Store
from models.mapping_tables import ColumnMapping
from tests.imports.workbooks import (
    DIRECTIVE,
    HEADINGS,
    LATER,
    NOW,
    TODAY,
    Row,
    annex,
    checked,
    codes,
    recorded,
    saved,
    task,
)

POST = "Chuyên viên tổng hợp"
ODD = ("Mã", "Phần việc", "Ai làm", "Bao giờ xong", "Lưu ý")
FIELDS = {"A": Field.SEQ, "B": Field.TASK, "C": Field.LEAD, "D": Field.DEADLINE}
TITLE: list[Row] = [["BỘ Y TẾ"], [f"(Kèm theo {DIRECTIVE})"]]


def odd(*rows: Row, issuer: str = "BỘ Y TẾ", headings: Row = ODD) -> bytes:
    """Return an annex with headings nobody knows; they stand in row 3."""
    return annex(*rows, title=[[issuer], TITLE[1]], headings=headings)


def work(number: int) -> Row:
    return [number, f"Nhiệm vụ số {number}", "Bộ Y tế", "Tháng 6/2025", "gấp"]


def correct(content: bytes, store: Store, said: Said, *, agency: str | None = None) -> Understood:
    return correct_columns(content, said, name="odd.xlsx", store=store, today=TODAY, now=NOW, agency=agency)


def understood(content: bytes, store: Store, agency: str | None = None) -> Understood:
    return understood_columns(content, name="odd.xlsx", store=store, today=TODAY, agency=agency)


def test_a_table_with_unknown_headings_is_read_once_somebody_said_what_they_mean(store: Store) -> None:
    content = odd(work(1), work(2))
    assert codes(checked(content, store)) == ["no_table"]
    shown = correct(content, store, Said(POST, FIELDS))
    assert [(at.letters, at.field, at.corrected) for at in shown.tables[0].columns] == [
        *((letters, field, True) for letters, field in FIELDS.items()),
        ("E", None, False),
    ]
    check = checked(odd(work(3), work(4), work(5)), store)
    assert ([row.number for row in check.tasks], codes(check)) == (["3", "4", "5"], ["mapping_used", "column_not_read"])
    used = check.problems[0]
    assert (used.sheet, used.row, used.found) == ("Phụ lục", 3, "Mã | Phần việc | Ai làm | Bao giờ xong")
    assert f"như {POST} đã chỉ rõ ngày 05/09/2025" in used.message


def test_it_counts_for_that_agency_alone(store: Store) -> None:
    correct(odd(work(1)), store, Said(POST, FIELDS))
    assert codes(checked(odd(work(1), issuer="BỘ TƯ PHÁP"), store)) == ["no_table"]
    assert codes(checked(odd(work(1), issuer="BỘ TƯ PHÁP"), store, agency="BYT"))[0] == "mapping_used"
    assert codes(checked(odd(work(1)), store, agency="BTP")) == ["no_table"]


def test_it_counts_for_workbooks_that_name_nobody_when_it_was_made_of_one(store: Store) -> None:
    shown = correct(odd(work(1), issuer="PHỤ LỤC"), store, Said(POST, FIELDS))
    assert shown.agency is None
    assert codes(checked(odd(work(1), issuer="PHỤ LỤC"), store))[0] == "mapping_used"
    assert codes(checked(odd(work(1)), store)) == ["no_table"]


@pytest.mark.parametrize("headings", [("Mã", "Phần việc", "Ai làm", "Lưu ý", "Bao giờ xong"), (*ODD, "Thêm"), ODD[:4]])
def test_it_counts_for_the_same_headings_alone(store: Store, headings: Row) -> None:
    correct(odd(work(1)), store, Said(POST, FIELDS))
    assert codes(checked(odd(work(1), headings=headings), store)) == ["no_table"]


@pytest.mark.parametrize(
    "headings",
    [
        [heading.upper() for heading in ODD],
        [f" {heading.replace(' ', chr(10))}:" for heading in ODD],
        ["", "Mã", "Phần việc", "", "Ai làm", "Bao giờ xong", "Lưu ý"],
    ],
    ids=["capitals", "broken lines", "moved to the right"],
)
def test_the_same_headings_however_they_are_typed_and_wherever_they_stand(store: Store, headings: Row) -> None:
    correct(odd(work(1)), store, Said(POST, FIELDS))
    row = list(work(7)) if headings[0] else ["", *work(7)[:2], "", *work(7)[2:]]
    check = checked(odd(row, headings=headings), store)
    assert ([task.number for task in check.tasks], codes(check)[0]) == (["7"], "mapping_used")


def test_a_column_understood_wrongly_is_put_right(store: Store) -> None:
    headings = [*HEADINGS[:4], "Hình thức", HEADINGS[5]]
    content = annex(task(1), title=TITLE, headings=headings)
    assert checked(content, store).tasks[0].product == ""
    correct(content, store, Said(POST, {"E": Field.PRODUCT}))
    check = checked(content, store)
    assert (check.tasks[0].product, codes(check)) == ("Báo cáo", ["mapping_used"])


def test_a_column_may_be_left_out(store: Store) -> None:
    content = annex(task(1), title=TITLE)
    correct(content, store, Said(POST, {"E": None}))
    check = checked(content, store)
    assert (check.tasks[0].product, codes(check)) == ("", ["mapping_used", "column_not_read"])


def test_the_newest_word_counts_and_may_be_taken_back(store: Store) -> None:
    content = annex(task(1), title=TITLE)
    correct(content, store, Said(POST, {"E": None}))
    correct(content, store, Said("Trưởng phòng", {"D": None}))
    assert checked(content, store).tasks[0].coordinating_text == ""
    assert "Trưởng phòng" in checked(content, store).problems[0].message
    shown = correct(content, store, Said(POST, {}, as_shipped=frozenset({"D", "E"})))
    assert (shown.tables[0].by, checked(content, store).problems) == (None, ())
    with store.reading() as session:
        kept = session.exec(select(ColumnMapping).order_by(ColumnMapping.id)).all()  # type: ignore[arg-type]
    assert [(row.decided_by, row.mapping) for row in kept] == [
        (POST, {"san pham": ""}),
        ("Trưởng phòng", {"san pham": "", "co quan phoi hop": ""}),
        (POST, {}),
    ]


def test_columns_of_one_name_are_told_apart(store: Store) -> None:
    content = annex([*task(1), "a", "b"], title=TITLE, headings=[*HEADINGS, "Chi tiết", "Chi tiết"])
    shown = correct(content, store, Said(POST, {"H": Field.GROUP}))
    assert [(at.letters, at.field) for at in shown.tables[0].columns][-2:] == [("G", None), ("H", Field.GROUP)]
    assert checked(content, store).tasks[0].section == "b"


def test_a_header_of_two_tiers_is_found_again(store: Store) -> None:
    merges = ["C3:D3"]
    tiers: list[Row] = [["Mã", "Phần việc", "Ai làm", "", "Bao giờ xong"], ["", "", "Chính", "Cùng làm", ""]]
    rows: list[Row] = [*TITLE, *tiers, [1, "Việc", "Bộ Y tế", "Bộ Công an", "2025"]]
    content = saved(("PL", rows, merges))
    assert codes(checked(content, store)) == ["no_table"]
    fields = {"A": Field.SEQ, "B": Field.TASK, "C": Field.LEAD, "D": Field.COORDINATING, "E": Field.DEADLINE}
    correct(content, store, Said(POST, fields))
    (row,) = checked(content, store).tasks
    assert (row.lead_text, row.coordinating_text, row.row) == ("Bộ Y tế", "Bộ Công an", 5)


def test_a_report_may_be_made_of_a_table_that_assigns(store: Store) -> None:
    recorded(annex(task(1)), store)
    content = annex([1, "Nhiệm vụ số 1", "Đã xong"], title=TITLE, headings=["TT", "Nhiệm vụ", "Thực trạng"])
    assert codes(checked(content, store)) == ["no_table"]
    correct(content, store, Said(POST, {"C": Field.STATUS}))
    assert checked(content, store).kind == "progress"


def test_a_file_recorded_before_is_read_again_after_a_correction(store: Store) -> None:
    content = annex(task(1), title=TITLE)
    assert recorded(content, store).outcome is Outcome.RECORDED
    assert checked(content, store).changes.nothing
    correct(content, store, Said(POST, {"E": None}))
    assert checked(content, store).changed == 1
    assert recorded(content, store, now=LATER + timedelta(hours=1)).outcome is Outcome.RECORDED


# Refused


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(POST, {"Z": Field.TASK}), "no_such_column"),
        (Said(POST, {}, as_shipped=frozenset({"Z"})), "no_such_column"),
        (Said(POST, {"B": Field.TASK}), "no_table_yet"),
        (Said(POST, {"B": Field.NOTE, "C": Field.LEAD}), "no_table_yet"),
        (Said(POST, FIELDS, sheet="Không có"), "which_table"),
        (Said(POST, FIELDS, row=99), "which_table"),
    ],
)
def test_what_makes_no_table_is_refused_and_not_stored(store: Store, said: Said, code: str) -> None:
    with pytest.raises(ColumnsRefusedError) as refused:
        correct(odd(work(1)), store, said)
    assert refused.value.code == code
    assert " / " in refused.value.message
    with store.reading() as session:
        assert session.exec(select(ColumnMapping)).all() == []


def test_of_several_tables_the_one_meant_must_be_named(store: Store) -> None:
    rows = [*TITLE, HEADINGS, task(1)]
    content = saved(("I", rows, []), ("II", [(*HEADINGS[:-1], "Xong khi nào"), task(2)], []))
    with pytest.raises(ColumnsRefusedError, match="I: 3, II: 1"):
        correct(content, store, Said(POST, {"F": Field.DEADLINE}))
    correct(content, store, Said(POST, {"F": Field.DEADLINE}, sheet="II"))
    assert [row.deadline_text for row in checked(content, store).tasks] == ["Tháng 6/2025", "Tháng 6/2025"]


def test_a_header_that_is_not_the_fullest_row_is_named_by_its_row(store: Store) -> None:
    rows: list[Row] = [*TITLE, ODD[:4], [1, "Việc", "Bộ Y tế", "2025", "x", "y", "z"]]
    content = saved(("PL", rows, []))
    correct(content, store, Said(POST, FIELDS, row=3))
    assert [row.number for row in checked(content, store).tasks] == ["1"]


def test_nothing_is_shown_of_a_workbook_with_a_secret_row(store: Store) -> None:
    content = odd(work(1), [2, "Việc kín", "Bộ Y tế", "2025", "MẬT"])
    for shown in (understood(content, store), correct(content, store, Said(POST, FIELDS))):
        assert ([problem.code for problem in shown.problems], shown.tables) == (["secret_row"], ())
    with store.reading() as session:
        assert session.exec(select(ColumnMapping)).all() == []


def test_the_columns_of_a_known_table_are_shown_with_their_meaning(store: Store) -> None:
    (table,) = understood(annex(task(1), title=TITLE), store).tables
    assert (table.sheet, table.row, table.kind, table.by) == ("Phụ lục", 3, "assignments", None)
    assert [str(at.field) for at in table.columns] == ["seq", "task", "lead", "coordinating", "product", "deadline"]
