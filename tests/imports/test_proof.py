"""A law submitted is no law passed: what a report cites is held against the product its task asks for."""

from datetime import UTC, date, datetime

import pytest

from decisions import Confirm, decide
from models import Store, status_of
from models.status_table import StatusRow
from rules.status import CompletionLevel, Flag, Status
from tests.imports.workbooks import NOW, TODAY, annex, checked, codes, recorded, report, told

LATER = datetime(2025, 9, 5, 3, tzinfo=UTC)
SUBMITTED = "Tờ trình số 112/TTr-BYT ngày 20/6/2025"
PASSED = "Nghị định số 165/2025/NĐ-CP ngày 25/6/2025"


def asking_for(product: str) -> list[object]:
    return [1, "Nhiệm vụ số 1", "Bộ Y tế", "", product, "Tháng 6/2025"]


def held(store: Store, level: CompletionLevel = CompletionLevel.EVIDENCED) -> StatusRow:
    (row,) = status_of(store, as_of=TODAY, known_at=LATER, level=level).rows
    return row


def assigned(store: Store, product: str) -> None:
    recorded(annex(asking_for(product)), store)


@pytest.mark.parametrize(
    ("product", "evidence", "status", "completed_on"),
    [
        ("Nghị định của Chính phủ", PASSED, Status.COMPLETED_ON_TIME, date(2025, 6, 25)),
        ("Nghị định của Chính phủ", SUBMITTED, Status.OVERDUE, None),
        ("Nghị định của Chính phủ", "512/BC-BYT ngày 25/6/2025", Status.OVERDUE, None),
        ("Nghị định của Chính phủ", f"{PASSED}; báo cáo 512/BC-BYT ngày 26/6/2025", Status.COMPLETED_ON_TIME,
         date(2025, 6, 25)),
        ("Báo cáo", "512/BC-BYT ngày 25/6/2025", Status.COMPLETED_ON_TIME, date(2025, 6, 25)),
        ("Hệ thống thông tin", SUBMITTED, Status.COMPLETED_ON_TIME, date(2025, 6, 20)),
        ("", SUBMITTED, Status.COMPLETED_ON_TIME, date(2025, 6, 20)),
    ],
    ids=["passed", "submitted", "reported", "passed and reported later", "report", "open product", "no product"],
)  # fmt: skip
def test_only_a_plain_mismatch_counts_against(
    store: Store, product: str, evidence: str, status: Status, completed_on: date | None
) -> None:
    assigned(store, product)
    recorded(report(told(1, "Hoàn thành", evidence)), store, "bao-cao.xlsx")
    row = held(store)
    assert (row.status, row.completed_on) == (status, completed_on)
    assert (Flag.AWAITING_CONFIRMATION in row.flags) is (completed_on is None)


def test_the_agency_is_told_what_was_found_and_what_was_asked_for(store: Store) -> None:
    assigned(store, "Nghị định của Chính phủ")
    check = checked(report(told(1, "Hoàn thành", SUBMITTED)), store, "bao-cao.xlsx")
    (problem,) = [each for each in check.problems if each.code == "evidence_is_not_the_product"]
    assert (problem.severity, problem.row, problem.column, check.stops) == ("note", 4, "E", False)
    assert "112/TTr-BYT" in problem.message
    assert "Nghị định của Chính phủ" in problem.message


@pytest.mark.parametrize("said", ["Đang thực hiện", "Hoàn thành"])
def test_nobody_is_told_who_declares_nothing_done(store: Store, said: str) -> None:
    assigned(store, "Nghị định của Chính phủ")
    found = codes(checked(report(told(1, said, SUBMITTED)), store, "bao-cao.xlsx"))
    assert ("evidence_is_not_the_product" in found) is (said == "Hoàn thành")


def test_what_somebody_confirms_counts_whatever_was_cited(store: Store) -> None:
    assigned(store, "Nghị định của Chính phủ")
    recorded(report(told(1, "Hoàn thành", SUBMITTED)), store, "bao-cao.xlsx")
    assert held(store, CompletionLevel.DECLARED).completed_on == date(2025, 6, 20)
    action = Confirm(code=held(store).code, on=TODAY, reason="Chỉ giao trình")
    assert decide(action, store=store, by="Văn phòng Chính phủ", now=LATER).outcome == "recorded"
    assert held(store).completed_on == date(2025, 6, 20)


def test_the_act_once_passed_proves_what_its_submission_did_not(store: Store) -> None:
    assigned(store, "Nghị định của Chính phủ")
    recorded(report(told(1, "Hoàn thành", SUBMITTED)), store, "bao-cao.xlsx")
    later = report(told(1, "Hoàn thành", PASSED), day="Hà Nội, ngày 27 tháng 7 năm 2025")
    recorded(later, store, "bao-cao-2.xlsx", now=NOW)
    assert (held(store).status, held(store).completed_on) == (Status.COMPLETED_ON_TIME, date(2025, 6, 25))
