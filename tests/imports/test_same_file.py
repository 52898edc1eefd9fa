"""The same file again: answered without reading it, while nothing that bears on it has changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from config.reference import load_reference_data
from imports import Check, Outcome, Recorded, record, undo
from imports.reading.reader import read_workbook
from imports.storing import same_file
from models import Store
from models.reference import load_reference
from rules.register import Register
from tests.imports.workbooks import HEADINGS, LATER, REASON, TODAY, annex, checked, recorded, report, saved, task, told

ANNEX = annex(task(1), task(2, "Ai đó"), task(3, deadline="Theo quy định"))
OTHER = annex(task(1), title=[["Kế hoạch số 9/KH-BYT ngày 1 tháng 4 năm 2025"]])


@pytest.fixture(autouse=True)
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each workbook that is really read."""
    names: list[str] = []

    def noting(content: bytes, *, name: str) -> object:
        names.append(name)
        return read_workbook(content, name=name)

    monkeypatch.setattr("imports.check.read_workbook", noting)
    return names


def answer(check: Check) -> tuple[object, ...]:
    """Return everything a check answers."""
    problems = sorted(check.problems, key=lambda problem: (problem.code, problem.row or 0))
    counts = (check.rows, check.new, check.changed, check.unchanged, check.gone, check.assignments, check.raised)
    return (
        check.kind,
        check.agency,
        check.document,
        check.reported_on,
        counts,
        check.already,
        check.accounting,
        problems,
    )


@pytest.mark.parametrize(
    ("before", "content"), [(OTHER, ANNEX), (ANNEX, report(told(1, "Đang thực hiện")))], ids=["annex", "report"]
)
def test_it_is_answered_without_reading_as_if_it_were_read(
    store: Store, reads: list[str], before: bytes, content: bytes
) -> None:
    recorded(before, store, "giao.xlsx")
    first = recorded(content, store, "tep.xlsx", now=LATER)
    reads.clear()
    again = checked(content, store, "tep.xlsx")
    assert reads == []
    as_read = checked(content, store, "tep.xlsx", reason="một lý do khác")
    assert reads == ["tep.xlsx"]
    assert answer(again) == answer(as_read)
    assert record(again, store=store, now=LATER) == Recorded(first.batch, Outcome.UNCHANGED)


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "khac.xlsx"},
        {"agency": "BYT"},
        {"document": "07/CT-TTg"},
        {"document_date": date(2025, 3, 14)},
        {"reason": REASON},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_a_file_sent_otherwise_is_read(store: Store, reads: list[str], asked: dict[str, object]) -> None:
    recorded(ANNEX, store)
    reads.clear()
    sent: dict[str, Any] = {"name": "phu-luc.xlsx", **asked}
    assert checked(ANNEX, store, **sent).unchanged == 3
    assert reads == [sent["name"]]


def recorded_since(store: Store) -> None:
    """Record another list of the same document."""
    recorded(annex(task(9, "Bộ Công an")), store, "cong-an.xlsx", now=LATER)


def taken_back_since(store: Store) -> None:
    """Take back what was recorded of the document before."""
    assert undo(1, store=store, now=LATER).undone


def reference_since(store: Store) -> None:
    """Load a register in which an agency has another name."""
    data = load_reference_data()
    first, *rest = data.register.agencies
    register = Register([replace(first, aliases=(*first.aliases, "TÊN KHÁC")), *rest], data.register.collectives)
    with store.writing() as session:
        load_reference(session, replace(data, register=register))


@pytest.mark.parametrize("happens", [recorded_since, taken_back_since, reference_since])
def test_it_is_read_when_something_that_bears_on_it_happened(
    store: Store, reads: list[str], happens: Callable[[Store], None]
) -> None:
    recorded(annex(task(8, "Bộ Nội vụ")), store, "noi-vu.xlsx")
    recorded(ANNEX, store)
    happens(store)
    reads.clear()
    assert checked(ANNEX, store).unchanged == 3
    assert reads == ["phu-luc.xlsx"]


def test_it_is_read_by_another_version(store: Store, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(ANNEX, store)
    monkeypatch.setattr(same_file, "_engine", lambda: "99.0")
    reads.clear()
    checked(ANNEX, store)
    assert reads == ["phu-luc.xlsx"]


def test_what_happens_to_other_documents_does_not_matter(store: Store, reads: list[str]) -> None:
    recorded(ANNEX, store)
    other = recorded(OTHER, store, "khac.xlsx", now=LATER).batch
    reads.clear()
    assert checked(ANNEX, store).already == 1
    assert other is not None
    undo(other, store=store, now=LATER)
    assert checked(ANNEX, store).already == 1
    assert reads == []


def test_a_file_taken_back_is_read_again(store: Store, reads: list[str]) -> None:
    batch = recorded(ANNEX, store).batch
    assert batch is not None
    undo(batch, store=store, now=LATER)
    reads.clear()
    assert checked(ANNEX, store).new == 3
    assert reads == ["phu-luc.xlsx"]


def test_a_report_that_gives_no_day_is_read_every_day(store: Store, reads: list[str]) -> None:
    """It reports as of the day it is sent: tomorrow it is another report."""
    recorded(ANNEX, store, "giao.xlsx")
    content = report(told(1, "Đang thực hiện"), day="")
    recorded(content, store, "bao-cao.xlsx", now=LATER)
    reads.clear()
    assert checked(content, store, "bao-cao.xlsx", today=TODAY + timedelta(days=1)).new == 1
    assert reads == ["bao-cao.xlsx"]


def test_of_very_many_problems_the_weightiest_are_kept_and_the_others_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(same_file, "_PROBLEMS_KEPT", 2)
    content = annex(task(1, "Ai đó", "Theo quy định"), task(2, "Ai đó", "Theo quy định"))
    said = len(checked(content, store).problems)
    recorded(content, store)
    problems = checked(content, store).problems
    assert (len(problems), problems[-1].code) == (3, "as_answered_before")
    assert f"{said - 2} điểm khác" in problems[-1].message


def test_the_same_rows_saved_anew_are_read_and_unchanged(store: Store, reads: list[str]) -> None:
    recorded(ANNEX, store)
    reads.clear()
    rows: list[list[object]] = [[None], ["PHỤ LỤC"], ["(Kèm theo Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025)"]]
    content = saved(("Khác", [*rows, HEADINGS, task(1), task(2, "Ai đó"), task(3, deadline="Theo quy định")], []))
    check = checked(content, store)
    assert (check.unchanged, check.already, check.changes.nothing, len(reads)) == (3, None, True, 1)
