"""Any set of assignments, written as a workbook in any of the layouts and imported, is the same set again."""

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports import WorkbookKind, record
from imports.meaning.progress_rows import ProgressRow
from models.store import Store
from tests.goldens.file_shapes import separated
from tests.goldens.pages import DIRECTIVE, Row
from tests.imports.meant import (
    ISSUED,
    LAYOUTS,
    TITLE,
    WORDS,
    Assigned,
    as_text,
    headings,
    read,
    sets_of_tasks,
    texts,
    written,
)
from tests.imports.workbooks import NOW, checked

DEEP = bool(os.environ.get("DONDOC_DEEP"))


@pytest.fixture(scope="module")
def reading_store(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store that is only read from: examples share it."""
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('round') / 'dondoc.db')}")
    yield store
    store.close()


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=150 if DEEP else 12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tasks=sets_of_tasks(), named=headings(), data=st.data())
def test_assignments_written_in_any_layout_are_read_as_they_were_meant(
    layout: str, reading_store: Store, tasks: list[Assigned], named: dict[str, str], data: st.DataObject
) -> None:
    lay, arrange = LAYOUTS[layout]
    arranged = arrange(tasks)
    content, name = lay(arranged, named, data)
    check = checked(content, reading_store, name)
    assert not check.stops, [problem.message for problem in check.problems]
    assert check.kind is WorkbookKind.ASSIGNMENTS
    assert read(check) == [task.meant for task in arranged]
    assert {problem.code for problem in check.problems} <= {"deadline_to_confirm", "csv_read_as"}


# Reports

GIVEN = [f"{word} nội dung {number} của Đề án 06" for number, word in enumerate(WORDS * 2, start=1)]
SAID = {"Hoàn thành": True, "Đã hoàn thành": True, "Đang thực hiện": False, "Chưa thực hiện": False}
TOLD = ("TT", "NHIỆM VỤ", "TIẾN ĐỘ", "KẾT QUẢ HIỆN NAY", "VĂN BẢN KẾT QUẢ", "NGÀY HOÀN THÀNH", "KHÓ KHĂN, VƯỚNG MẮC")
REPORT_TITLE: tuple[Row, ...] = (
    ("BỘ Y TẾ", "", "Hà Nội, ngày 27 tháng 6 năm 2025"),
    (f"(Thực hiện {DIRECTIVE})",),
)
REPORT_DAY = date(2025, 6, 27)
PAST = st.dates(ISSUED, REPORT_DAY)


@pytest.fixture(scope="module")
def assigned_store(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store in which one ministry has sixteen tasks."""
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('reports') / 'dondoc.db')}")
    headings = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"]
    rows = [[number, text, "Bộ Y tế", "Tháng 12/2025"] for number, text in enumerate(GIVEN, start=1)]
    record(checked(written([*TITLE, headings, *rows]), store), store=store, now=NOW)
    yield store
    store.close()


@st.composite
def reports(draw: st.DrawFn) -> dict[int, tuple[Any, ...]]:
    """Give what is told of some of the tasks: words of completion, result, evidence, day, difficulty."""
    numbers = draw(st.lists(st.integers(1, len(GIVEN)), min_size=1, unique=True))
    told = st.tuples(st.sampled_from(sorted(SAID)), texts(), st.integers(1, 999), PAST, st.none() | PAST, texts())
    return {number: draw(told) for number in numbers}


@settings(max_examples=150 if DEEP else 12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(told=reports(), order=st.permutations(range(1, len(TOLD))), as_csv=st.booleans())
def test_what_is_reported_is_read_as_it_was_meant(
    assigned_store: Store,
    told: dict[int, tuple[Any, ...]],
    order: Sequence[int],
    as_csv: bool,  # noqa: FBT001
) -> None:
    rows = [_report_row(number, told[number]) for number in told]
    lines = [*REPORT_TITLE, *([line[0], *(line[at] for at in order)] for line in (TOLD, *rows))]
    text = separated(";", [tuple(as_text(value) if value else "" for value in line) for line in lines])
    content, name = (text.encode(), "bao-cao.csv") if as_csv else (written(lines), "bao-cao.xlsx")
    check = checked(content, assigned_store, name)
    assert check.problems == ()
    assert (check.kind, check.agency, check.reported_on) == (WorkbookKind.PROGRESS, "BYT", REPORT_DAY)
    assert {entry.code: _reported(entry.row) for entry in check.changes.progress} == {
        f"07-CT-TTg.{number}.BYT": _meant(said) for number, said in told.items()
    }


def _report_row(number: int, said: tuple[Any, ...]) -> list[Any]:
    status, result, evidence, on, completed_on, difficulty = said
    cited = f"{evidence}/BC-BYT ngày {on.day}/{on.month}/{on.year}"
    return [number, GIVEN[number - 1], status, result, cited, completed_on or "", difficulty]


def _meant(said: tuple[Any, ...]) -> tuple[Any, ...]:
    status, result, evidence, on, completed_on, difficulty = said
    return SAID[status], result, f"{evidence}/BC-BYT", on, completed_on, difficulty


def _reported(row: ProgressRow) -> tuple[Any, ...]:
    evidence = (row.evidence_number, row.evidence_on)
    return row.declared_done, row.result_text, *evidence, row.declared_completed_on, row.difficulty
