"""Obstacles and requests for more time: read from a report, kept with their cells, gone with their batch."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from imports import Check, record, undo
from models import Store, status_of
from models.obstacles import obstacles_of
from models.raised_tables import ExtensionRequest, Obstacle
from tests.imports.workbooks import LATER, NOW, PROGRESS_HEADINGS, TODAY, annex, checked, codes, recorded, report, task
from tests.imports.workbooks import told as told_plainly

HEADINGS = (
    *PROGRESS_HEADINGS,
    "KHÓ KHĂN, VƯỚNG MẮC",
    "ĐỀ XUẤT, KIẾN NGHỊ",
    "GỬI CƠ QUAN GIẢI QUYẾT",
    "HẠN CẦN TRẢ LỜI",
    "HẠN MỚI ĐỀ NGHỊ",
    "LÝ DO GIA HẠN",
)
REPORTED_ON = date(2025, 6, 27)


@pytest.fixture
def assigned(store: Store) -> Store:
    """Give a store in which Bộ Y tế has tasks 1 and 2 and Bộ Y tế and Bộ Công an share task 3, due 30 June 2025."""
    recorded(annex(task(1), task(2), task(3, "Bộ Y tế, Bộ Công an")), store)
    return store


def raising(number: Any, *raised: Any, status: str = "Đang thực hiện") -> list[Any]:
    return [*told_plainly(number, status), *raised, *[""] * (6 - len(raised))]


def checked_report(store: Store, *rows: list[Any], **more: Any) -> Check:
    return checked(report(*rows, headings=HEADINGS, **more), store, "bao-cao.xlsx")


def kept(store: Store, table: type[SQLModel]) -> list[dict[str, Any]]:
    with store.reading() as session:
        return [row.model_dump() for row in session.exec(select(table))]


def test_an_obstacle_is_kept_with_who_must_answer_by_when_and_its_cells(assigned: Store) -> None:
    row = raising(1, "Thiếu kinh phí", "Bố trí vốn", "Bộ Tài chính", date(2025, 7, 15))
    check = checked_report(assigned, row)
    assert (codes(check), check.raised) == (
        [],
        {"obstacles": 1, "extension_requests": 0, "indicators": 0, "indicator_values": 0},
    )
    record(check, store=assigned, now=LATER)
    (obstacle,) = kept(assigned, Obstacle)
    assert {
        "raised_by": "BYT",
        "raised_on": REPORTED_ON,
        "text": "Thiếu kinh phí",
        "proposal": "Bố trí vốn",
        "addressed_to": "BTC",
        "needed_by": date(2025, 7, 15),
        "sheet": "Phụ lục",
        "row": 4,
        "cells": {"difficulty": "G4", "proposal": "H4", "addressed_to": "I4", "needed_by": "J4"},
    }.items() <= obstacle.items()


def test_a_request_for_more_time_is_kept_and_moves_no_due_day(assigned: Store) -> None:
    row = raising(1, "", "", "", "", "30/9/2025", "Chờ ý kiến Bộ Tài chính")
    check = checked_report(assigned, row)
    assert (codes(check), check.raised["extension_requests"]) == ([], 1)
    record(check, store=assigned, now=LATER)
    (request,) = kept(assigned, ExtensionRequest)
    assert {
        "asked_by": "BYT",
        "asked_on": REPORTED_ON,
        "new_due_on": date(2025, 9, 30),
        "reason": "Chờ ý kiến Bộ Tài chính",
        "cells": {"extension": "K4", "extension_reason": "L4"},
    }.items() <= request.items()
    rows = {row.code: row.due_on for row in status_of(assigned, as_of=TODAY, known_at=LATER).rows}
    assert rows["07-CT-TTg.1.BYT"] == date(2025, 6, 30)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Quý IV/2025", date(2025, 12, 31)),
        ("Tháng 9/2025", date(2025, 9, 30)),
        (date(2025, 7, 1), date(2025, 7, 1)),
    ],
)
def test_a_new_deadline_may_be_a_period(assigned: Store, written: object, day: date) -> None:
    check = checked_report(assigned, raising(1, "", "", "", "", written, "Lý do"))
    assert [row.extension.new_due_on for row in check.progress if row.extension] == [day]
    assert codes(check) == []


def test_a_row_may_raise_something_and_say_nothing_of_progress(assigned: Store) -> None:
    rows = [raising(1, "Vướng quy định", status=""), raising(2, "", "", "", "", "30/9/2025", "x", status="")]
    check = checked_report(assigned, *rows)
    assert [(row.number, row.declared_done) for row in check.progress] == [("1", None), ("2", None)]
    assert (codes(check), check.new) == ([], 2)


@pytest.mark.parametrize(
    ("raised", "code", "column"),
    [
        (("", "", "Bộ Tài chính"), "addressed_without_obstacle", "I"),
        (("Vướng", "", "Các bộ, ngành"), "unknown_addressee", "I"),
        (("Vướng", "", "Bộ Vũ trụ"), "unknown_addressee", "I"),
        (("Vướng", "", "Bộ Tài chính", "26/6/2025"), "answer_day_past", "J"),
        (("Vướng", "", "Bộ Tài chính", "sớm"), "unknown_day", "J"),
        (("Vướng", "", "Bộ Tài chính", "31/6/2025"), "impossible_date", "J"),
        (("", "", "", "", "Khi có nghị định"), "extension_unread", "K"),
        (("", "", "", "", "30/02/2026"), "impossible_date", "K"),
        (("", "", "", "", "", "Chờ vốn"), "extension_without_day", "L"),
        (("", "", "", "", "30/9/2025"), "extension_without_reason", "K"),
        (("", "", "", "", "30/6/2025", "Chờ vốn"), "extension_not_later", "K"),
    ],
)
def test_what_cannot_stand_is_asked_about_at_its_cell(
    assigned: Store, raised: tuple[Any, ...], code: str, column: str
) -> None:
    check = checked_report(assigned, raising(1, *raised))
    assert [(problem.code, problem.row, problem.column) for problem in check.problems] == [(code, 4, column)]
    assert check.stops is (code == "impossible_date")


@pytest.mark.parametrize(("day", "asked"), [("27/6/2025", False), ("26/6/2025", True)])
def test_an_answer_wanted_on_the_day_of_the_report_is_in_time(assigned: Store, day: str, *, asked: bool) -> None:
    check = checked_report(assigned, raising(1, "Vướng", "", "Bộ Tài chính", day))
    assert codes(check) == (["answer_day_past"] if asked else [])


@pytest.mark.parametrize(("day", "asked"), [("01/7/2025", False), ("30/6/2025", True)])
def test_a_new_deadline_is_later_than_the_old_one(assigned: Store, day: str, *, asked: bool) -> None:
    check = checked_report(assigned, raising(1, "", "", "", "", day, "Chờ vốn"))
    assert codes(check) == (["extension_not_later"] if asked else [])


def test_an_obstacle_whose_addressee_nobody_knows_keeps_the_words(assigned: Store) -> None:
    record(checked_report(assigned, raising(1, "Vướng", "", "Bộ Vũ trụ")), store=assigned, now=LATER)
    (obstacle,) = kept(assigned, Obstacle)
    assert (obstacle["addressed_to"], obstacle["addressed_text"]) == (None, "Bộ Vũ trụ")


def test_a_summary_raises_it_for_each_agency_its_row_names(assigned: Store) -> None:
    headings = (*HEADINGS[:2], "CƠ QUAN CHỦ TRÌ", *HEADINGS[2:])
    row = raising(3, "Thiếu kinh phí")
    content = report(
        [*row[:2], "Bộ Y tế, Bộ Công an", *row[2:]], headings=headings, issuer="TỔ CÔNG TÁC TRIỂN KHAI ĐỀ ÁN 06"
    )
    recorded(content, assigned, "tong-hop.xlsx", now=LATER)
    assert sorted(row["raised_by"] for row in kept(assigned, Obstacle)) == ["BCA", "BYT"]


def test_only_what_differs_is_new(assigned: Store) -> None:
    row = raising(1, "Vướng", "", "Bộ Tài chính", "15/7/2025", "30/9/2025", "Chờ vốn")
    record(checked_report(assigned, row), store=assigned, now=LATER)
    again = checked_report(assigned, row)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    moved = checked_report(assigned, raising(1, "Vướng", "", "Bộ Tài chính", "16/7/2025", "30/9/2025", "Chờ vốn"))
    assert (moved.new, moved.changed) == (0, 1)


def test_an_obstacle_repeated_next_month_is_one_and_an_undo_takes_its_batch_alone(assigned: Store) -> None:
    batches = [
        recorded(
            report(raising(1, "Vướng", "Gỡ"), headings=HEADINGS, day=f"Hà Nội, {day}"), assigned, "b.xlsx", now=now
        )
        for day, now in (("ngày 27 tháng 6 năm 2025", NOW), ("ngày 28 tháng 8 năm 2025", LATER))
    ]
    with assigned.reading() as session:
        known = [obstacles_of(session, as_of=TODAY, known_at=at) for at in (NOW - timedelta(1), NOW, LATER)]
    assert [[row.obstacle.raised_on for row in rows] for rows in known] == [[], [REPORTED_ON], [REPORTED_ON]]
    assert batches[0].batch
    undo(batches[0].batch, store=assigned, now=LATER)
    with assigned.reading() as session:
        rows = obstacles_of(session, as_of=TODAY, known_at=LATER)
    assert [row.obstacle.raised_on for row in rows] == [date(2025, 8, 28)]
