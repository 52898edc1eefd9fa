"""Open files: what is exported is taken again as the same work; what breaks the schema is said where it stands."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports import Outcome, WorkbookKind, undo
from models import Store, status_of
from models.open_forms import OpenKind, published_schemas, schemas_made
from rules.status import Status
from tests.conftest import SQLITE
from tests.goldens.pages import Row
from tests.imports.meant import ISSUED, TITLE, Assigned, sets_of_tasks, texts, written
from tests.imports.opened import SAID, exported, items, refused
from tests.imports.workbooks import (
    LATER,
    PROGRESS_HEADINGS,
    REASON,
    TODAY,
    annex,
    checked,
    codes,
    recorded,
    report,
    task,
    told,
)

DEEP = bool(os.environ.get("DONDOC_DEEP"))
NewStore = Callable[[str, Path], AbstractContextManager[Store]]
HEADINGS = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Sản phẩm", "Thời gian hoàn thành")
RAISED = (
    *PROGRESS_HEADINGS, "Khó khăn, vướng mắc", "Đề xuất", "Cơ quan giải quyết", "Hạn trả lời", "Đề nghị gia hạn đến",
    "Lý do gia hạn",
)  # fmt: skip
LIKE_A_FORMULA = "@SUM(A1) tính toán, rà soát"


def filled(store: Store) -> None:
    """Give a store work of one and of many, with periods and words that look like formulas, reported on twice."""
    rows = [
        task(1),
        task(2, "Bộ Tài chính; Bộ Y tế", "31/12/2025", LIKE_A_FORMULA),
        task(3, "Các bộ, ngành, địa phương", "Hằng quý", "Báo cáo kết quả\ntheo “quý”, đủ;"),
        task(4, "Bộ Công an", "Thường xuyên", "'Bảo đảm an toàn"),
        task(5, "Cơ quan không có", "Tháng 8/2025"),
    ]
    moved = [rows[0], [7, *rows[1][1:]], *rows[2:]]
    more = ("Thiếu dữ liệu", "-", "Bộ Công an", "15/9/2025", "31/10/2025", "Chờ văn bản")
    in_july = {"day": "Hà Nội, ngày 28 tháng 7 năm 2025"}
    done = [7, LIKE_A_FORMULA, "Hoàn thành", "Đã ban hành", "512/BC-BYT ngày 25/6/2025", "20/6/2025"]
    files: list[tuple[str, bytes, dict[str, Any]]] = [
        ("phu-luc.xlsx", annex(*rows), {}),
        ("phu-luc-2.xlsx", annex(*moved), {"reason": REASON}),
        ("bc-1.xlsx", report([*told(1, "Đang thực hiện", result="@đang làm"), *more], headings=RAISED), {}),
        ("bc-2.xlsx", report(told(1, "80%"), done, **in_july), {}),
    ]
    for name, content, said in files:
        assert recorded(content, store, name, **said).outcome is Outcome.RECORDED, codes(checked(content, store, name))


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_an_export_imported_into_an_empty_store_is_exported_alike(
    store: Store, suffix: str, new_store: NewStore, tmp_path: Path
) -> None:
    filled(store)
    given = exported(store)
    assert {item["status"] for item in items(given, "assignments")} > {"overdue", "completed_on_time", "ongoing"}
    assert {item["first_number"] for item in items(given, "assignments")} == {"", "2"}
    (tmp_path / "other").mkdir()
    with new_store(SQLITE, tmp_path / "other") as other:
        for kind in OpenKind:
            name = f"{kind}.{suffix}"
            assert recorded(given[name], other, name).outcome is Outcome.RECORDED, codes(checked(given[name], other))
        again = exported(other)
    for kind in OpenKind:
        assert items(again, kind) == items(given, kind)


def test_an_export_imported_into_its_own_store_changes_nothing(store: Store) -> None:
    filled(store)
    for name, content in exported(store).items():
        if name == "manifest.json":
            continue
        check = checked(content, store, name)
        assert (check.stops, check.new, check.changed, check.gone) == (False, 0, 0, 0), name
        assert check.rows == check.unchanged > 0
        assert recorded(content, store, name).outcome is Outcome.UNCHANGED
        assert set(codes(check)) <= {"open_not_taken", "done_taken_back", "deadline_to_confirm"}


@settings(max_examples=100 if DEEP else 6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    tasks=sets_of_tasks(),
    said=st.lists(st.tuples(texts(), texts(), st.booleans()), min_size=1, max_size=4),
    data=st.data(),
)
def test_any_work_and_any_report_come_back_as_they_went(
    tasks: list[Assigned],
    said: list[tuple[str, str, bool]],
    data: st.DataObject,
    new_store: NewStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folders = [tmp_path_factory.mktemp("round") for _ in range(2)]
    lines: list[Row] = [*TITLE, HEADINGS, *(_row(each) for each in tasks)]
    with new_store(SQLITE, folders[0]) as one, new_store(SQLITE, folders[1]) as other:
        recorded(written(lines), one)
        work = items(exported(one), "assignments")
        days = st.dates(ISSUED, TODAY)
        reports = [
            {
                "assignment": data.draw(st.sampled_from(work))["code"],
                "reported_on": str(data.draw(days)),
                "result": result,
                "difficulty": difficulty,
                "done": done,
                "percent": 40.5,
            }
            for result, difficulty, done in said
        ]
        unique = {(each["assignment"], each["reported_on"]): each for each in reports}
        assert recorded(refused(*unique.values()), one, "p.json").outcome is Outcome.RECORDED
        given_out = exported(one)
        for name in ("assignments.csv", "progress.csv"):
            assert recorded(given_out[name], other, name).outcome is Outcome.RECORDED
        again = exported(other)
        for kind in OpenKind:
            assert items(again, kind) == items(given_out, kind)


def _row(each: Assigned) -> Row:
    cells = replace(each).cells
    return tuple(cells[name] for name in ("seq", "task", "lead", "coordinating", "product", "deadline"))


def test_the_same_day_and_instant_give_the_same_bytes(store: Store) -> None:
    filled(store)
    assert exported(store) == exported(store)
    assert exported(store)["progress.csv"].startswith(b"\xef\xbb\xbfassignment,reported_on,")
    assert exported(store, byte_order_mark=False)["progress.csv"].startswith(b"assignment,")


def test_no_cell_of_a_csv_is_run_as_a_formula(store: Store) -> None:
    filled(store)
    given = exported(store)
    assert b",\"'@SUM(A1) " in given["assignments.csv"]
    assert b",'@\xc4\x91ang l\xc3\xa0m," in given["progress.csv"]
    assert b",''B\xe1\xba\xa3o" in given["assignments.csv"]


def test_a_system_that_knows_the_codes_reports_progress_alone(store: Store) -> None:
    recorded(annex(task(1), task(2, "Bộ Tài chính")), store)
    said = [
        {"assignment": "07-CT-TTg.1.BYT", "reported_on": "2025-06-27", "done": True, "evidence_number": "512/BC-BYT",
         "evidence_on": "2025-06-25"},
        {"assignment": "07-CT-TTg.2.BTC", "reported_on": "2025-07-02", "percent": 80},
    ]  # fmt: skip
    check = checked(refused(*said), store, "tu-he-thong-57.json")
    assert (check.kind, check.rows, check.new, check.reported_on) == (WorkbookKind.PROGRESS, 2, 2, date(2025, 7, 2))
    batch = recorded(refused(*said), store, "tu-he-thong-57.json").batch
    rows = {row.code: row for row in status_of(store, as_of=TODAY, known_at=LATER).rows}
    assert rows["07-CT-TTg.1.BYT"].status is Status.COMPLETED_ON_TIME
    assert rows["07-CT-TTg.1.BYT"].completed_on == date(2025, 6, 25)
    assert rows["07-CT-TTg.2.BTC"].last_heard_on == date(2025, 7, 2)
    assert batch is not None
    undo(batch, store=store, now=LATER)
    assert items(exported(store), "progress") == []


def test_new_work_named_by_codes_alone_becomes_an_assignment(store: Store) -> None:
    item = {"document": "30/NQ-CP", "document_issued_on": "2025-05-05", "number": "1", "task": "Rà soát", "lead": "BYT"}
    item |= {"original_due_on": "2025-08-29"}
    content = refused(item, {**item, "lead": "BTC"}, kind="assignments")
    assert recorded(content, store, "moi.json").outcome is Outcome.RECORDED
    found = {each["code"]: each["due_on"] for each in items(exported(store), "assignments")}
    assert found == {"30-NQ-CP.1.BYT": "2025-08-29", "30-NQ-CP.1.BTC": "2025-08-29"}


def test_what_an_open_file_leaves_out_is_not_gone(store: Store) -> None:
    filled(store)
    kept = items(exported(store), "assignments")
    check = checked(refused(kept[0], kind="assignments"), store, "mot.json")
    assert (check.gone, check.unchanged, check.stops) == (0, 1, False)


NEW = {"document": "30/NQ-CP", "document_issued_on": "2025-05-05", "number": "1", "task": "Rà soát", "lead": "BYT"}


@pytest.mark.parametrize("store", [SQLITE], indirect=True)
@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        (b'{"format": "dondoc-progress", "version": 1, "progress": [', "open_not_json", "line 1"),
        (b'{"a": 1}', "open_unknown_form", "format: None"),
        (refused(version=2), "open_unknown_form", "version: 2"),
        (refused(more=1), "open_unknown_field", "/more"),
        (refused({"reported_on": "2025-06-27"}), "open_missing_field", "/progress/0/assignment"),
        (refused(SAID, {**SAID, "evidence_numbr": "1"}), "open_unknown_field", "/progress/1/evidence_numbr"),
        (refused({**SAID, "a/b~c": 1}), "open_unknown_field", "/progress/0/a~1b~0c"),
        (refused({**SAID, "reported_on": "27/06/2025"}), "open_wrong_value", "/progress/0/reported_on"),
        (refused({**SAID, "done": "có"}), "open_wrong_value", "true | false | null"),
        (refused({**SAID, "percent": 101}), "open_wrong_value", "/progress/0/percent"),
        (refused({**SAID, "result": "a\x00b"}), "open_wrong_value", "/progress/0/result"),
        (refused({**SAID, "assignment": "X.1.BYT"}), "open_unknown_code", "“X.1.BYT”"),
        (refused({**SAID, "reported_on": "2025-09-06"}), "open_day_to_come", "2025-09-06"),
        (refused({**SAID, "evidence_number": "tấm lòng"}), "open_evidence_not_a_number", "“tấm lòng”"),
        (refused({**NEW, "lead": "BXX"}, kind="assignments"), "open_unknown_agency", "/assignments/0/lead"),
        (refused({**NEW, "code": "30-NQ-CP.2.BYT"}, kind="assignments"), "open_code_differs", "30-NQ-CP.1.BYT"),
        (refused({**NEW, "period": "2025-08"}, kind="assignments"), "open_deadline_without_words", "“2025-08”"),
        (refused(NEW, {**NEW, "task": "Khác"}, kind="assignments"), "open_words_differ", "/assignments/0/task"),
        (b"assignment,reported_on,percent\r\n07-CT-TTg.1.BYT,27/06/2025,5\r\n", "open_wrong_value", "reported_on (B2)"),
        (b"assignment,reported_on\r\n07-CT-TTg.1.BYT,2025-06-27,x\r\n", "csv_row_too_wide", "“x”"),
        (b'assignment,reported_on\r\n"a"b,2025-06-27\r\n', "open_not_csv", "'"),
    ],
)  # fmt: skip
def test_what_breaks_the_schema_is_refused_and_said_where(store: Store, content: bytes, code: str, where: str) -> None:
    recorded(annex(task(1)), store)
    check = checked(content, store, "tep.json" if content.startswith(b"{") else "tep.csv")
    assert check.stops
    (problem,) = [each for each in check.problems if each.code == code]
    assert where in problem.message, problem.message


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({**NEW, "lead_text": "Bộ Tài chính"}, "open_lead_differs"),
        ({**NEW, "deadline_text": "Tháng 8/2025", "original_due_on": "2025-08-30"}, "open_due_day_differs"),
    ],
)
def test_words_that_say_otherwise_than_codes_and_days_are_asked_about(
    store: Store, item: dict[str, str], code: str
) -> None:
    check = checked(refused(item, kind="assignments"), store, "tep.json")
    assert not check.stops
    assert code in codes(check)


def test_many_mistakes_are_said_and_the_rest_counted(store: Store) -> None:
    check = checked(refused(*[{"percent": -1}] * 400), store, "tep.json")
    assert codes(check).count("open_missing_field") >= 300
    assert check.problems[-1].code == "open_more_problems"


@pytest.mark.parametrize("text", ["TỐI MẬT", "Văn bản Mật"])
@pytest.mark.parametrize("name", ["result", "khong_co"])
def test_a_secret_open_file_is_refused_whole_and_nothing_of_it_is_told(store: Store, text: str, name: str) -> None:
    check = checked(refused({**SAID, name: text}), store, "tep.json")
    assert check.is_secret
    assert text not in repr(check.problems).replace("'MẬT'", "")


@pytest.mark.parametrize("store", [SQLITE], indirect=True)
@pytest.mark.parametrize(
    "content",
    [b'{"a":' * 100_000, b'{"a": 1' + b"0" * 5000 + b"}", b'{"a": [' + b"[]," * 1_000_001 + b"[]]}", b'{"a": NaN}'],
    ids=["deep", "long number", "many parts", "no number"],
)
def test_a_hostile_json_is_a_value(store: Store, content: bytes) -> None:
    assert codes(checked(content, store, "tep.json"))[0] in {"open_not_json", "file_too_large"}


def test_an_agency_may_report_its_own_work_alone(store: Store) -> None:
    recorded(annex(task(1), task(2, "Bộ Tài chính")), store)
    check = checked(refused({**SAID, "assignment": "07-CT-TTg.2.BTC"}), store, "tep.json", agency="BYT")
    assert "reported_for_others" in codes(check)


def test_the_published_schemas_are_those_of_the_forms() -> None:
    assert published_schemas() == dict(schemas_made()), "write models/schemas anew: see docs/decisions/0042"
