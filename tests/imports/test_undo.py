"""Taking a workbook back: what that reverses, what it keeps, and when it is refused."""

from datetime import date, datetime, timedelta

import pytest

from decisions import Cancel, Confirm, Extend, decide
from imports import Undone, undo
from models import Store, status_of
from models.explain import explain
from rules.status import Flag
from tests.imports.workbooks import LATER, NOW, REASON, TODAY, annex, checked, recorded, report, standing, task, told

DECIDED, AFTER = LATER + timedelta(hours=1), LATER + timedelta(hours=2)
DONE = told(1, "Hoàn thành", "512/BC-BYT ngày 25/6/2025")
OPEN = told(2, "Đang thực hiện")


def batch(content: bytes, store: Store, name: str = "phu-luc.xlsx", *, now: datetime = NOW) -> int:
    """Record a workbook; return its batch."""
    number = recorded(content, store, name, now=now, reason=REASON).batch
    assert number is not None
    return number


def take_back(number: int, store: Store) -> Undone:
    """Take a batch back, after everything else."""
    return undo(number, store=store, now=AFTER)


def cancel(code: str, store: Store) -> None:
    """Have the Government Office cancel an assignment."""
    action = Cancel(code=code, on=TODAY, document="99/QĐ-TTg", reason="Bãi bỏ")
    outcome = decide(action, store=store, by="Văn phòng Chính phủ", now=DECIDED)
    assert outcome.refusal is None, outcome.message


def counts(undone: Undone) -> tuple[int, int, int, int]:
    """Return what was reversed: new, changed, gone, reports."""
    found = undone.reversed
    return found.new, found.changed, found.gone, found.reports


def test_an_undo_counts_what_it_reversed(store: Store) -> None:
    batch(annex(task(1), task(2), task(3), task(4)), store)
    second = batch(annex(task(1), task(2), task(3, deadline="Tháng 8/2025"), task(5)), store, now=LATER)
    undone = take_back(second, store)
    assert (undone.undone, undone.kept, undone.refused_because) == (True, (), ())
    assert counts(undone) == (1, 1, 1, 0)
    assert standing(store, known_at=AFTER) == [f"07-CT-TTg.{number}.BYT" for number in (1, 2, 3, 4)]
    assert "07-CT-TTg.5.BYT" in standing(store, known_at=LATER)


def test_reports_taken_back_are_counted(store: Store) -> None:
    batch(annex(task(1), task(2)), store)
    reported = batch(report(DONE, OPEN), store, "bao-cao.xlsx", now=LATER)
    assert counts(take_back(reported, store)) == (0, 0, 0, 2)


def test_what_a_later_annex_lists_unchanged_is_not_taken_from_under_it(store: Store) -> None:
    first = batch(annex(task(1), task(2)), store)
    second = batch(annex(task(1), task(2), task(3)), store, "ban-moi.xlsx", now=LATER)
    refused = take_back(first, store)
    assert (refused.undone, refused.reason) == (False, "later_batch")
    assert [(later.batch, later.file) for later in refused.refused_because] == [(second, "ban-moi.xlsx")]
    assert len(standing(store, known_at=AFTER)) == 3
    assert take_back(second, store).undone
    assert take_back(first, store).undone
    assert standing(store, known_at=AFTER) == []


def test_what_was_reported_on_is_not_taken_from_under_the_report(store: Store) -> None:
    first = batch(annex(task(1), task(2)), store)
    reported = batch(report(DONE), store, "bao-cao.xlsx", now=LATER)
    assert [later.batch for later in take_back(first, store).refused_because] == [reported]


def test_a_report_sent_again_rests_on_the_one_before_it(store: Store) -> None:
    """The second file of the day changes one row: the other stands in the first alone."""
    batch(annex(task(1), task(2)), store)
    first = batch(report(DONE, OPEN), store, "bao-cao.xlsx", now=LATER)
    again = report(DONE, told(2, "Hoàn thành", "600/BC-BYT ngày 26/6/2025"))
    second = batch(again, store, "bao-cao-sua.xlsx", now=LATER)
    assert [later.batch for later in take_back(first, store).refused_because] == [second]


def test_a_report_of_another_day_rests_on_itself(store: Store) -> None:
    batch(annex(task(1), task(2)), store)
    june = batch(report(OPEN), store, "thang-6.xlsx", now=LATER)
    july = report(told(2, "Hoàn thành", "9/BC-BYT ngày 1/7/2025"), day="Hà Nội, ngày 27 tháng 7 năm 2025")
    batch(july, store, "thang-7.xlsx", now=LATER)
    assert take_back(june, store).undone


def test_another_list_of_the_document_rests_on_itself(store: Store) -> None:
    first = batch(annex(task(1), task(2)), store)
    batch(annex(task(7, "Bộ Công an")), store, "cong-an.xlsx", now=LATER)
    assert take_back(first, store).undone
    assert standing(store, known_at=AFTER) == ["07-CT-TTg.7.BCA"]


def test_what_somebody_decided_about_is_kept_with_its_name(store: Store) -> None:
    first = batch(annex(task(1), task(2), task(3, "Bộ Y tế; Bộ Công an")), store)
    cancel("07-CT-TTg.2.BYT", store)
    extend = Extend(
        code="07-CT-TTg.3.BCA", on=date(2025, 6, 2), until_on=date(2025, 12, 1), document="1/QĐ", reason="x"
    )
    assert decide(extend, store=store, by="Văn phòng Chính phủ", now=DECIDED).refusal is None
    undone = take_back(first, store)
    assert [(one.code, one.actions, one.decided_by) for one in undone.kept] == [
        ("07-CT-TTg.2.BYT", ("cancel",), ("Văn phòng Chính phủ",)),
        ("07-CT-TTg.3.BCA", ("extend",), ("Văn phòng Chính phủ",)),
    ]
    assert counts(undone)[0] == 1
    rows = status_of(store, as_of=TODAY, known_at=AFTER).rows
    assert [(row.code, str(row.status)) for row in rows] == [
        ("07-CT-TTg.2.BYT", "cancelled"),
        ("07-CT-TTg.3.BCA", "in_progress"),
    ]
    assert Flag.EXTENDED in rows[1].flags
    told = explain(store, "07-CT-TTg.2.BYT", as_of=TODAY, known_at=AFTER)
    assert (told.status, "phu-luc.xlsx" in told.steps[0].source) == ("cancelled", True)


def test_what_was_kept_is_the_task_it_was_when_the_workbook_comes_again(store: Store) -> None:
    content = annex(task(1), task(2, "Bộ Y tế; Bộ Công an"))
    first = batch(content, store)
    cancel("07-CT-TTg.2.BYT", store)
    take_back(first, store)
    check = checked(content, store)
    assert (check.new, check.changed, check.unchanged, check.already) == (1, 1, 0, None)
    batch(content, store, now=AFTER)
    codes = ["07-CT-TTg.1.BYT", "07-CT-TTg.2.BCA", "07-CT-TTg.2.BYT"]
    assert sorted(standing(store, known_at=AFTER + timedelta(hours=1))) == codes


def test_a_confirmed_report_is_kept(store: Store) -> None:
    batch(annex(task(1), task(2)), store)
    reported = batch(report(DONE, OPEN), store, "bao-cao.xlsx", now=LATER)
    confirm = Confirm(code="07-CT-TTg.1.BYT", on=TODAY, reason="Đủ hồ sơ")
    assert decide(confirm, store=store, by="Văn phòng Chính phủ", now=DECIDED).refusal is None
    undone = take_back(reported, store)
    assert ([one.code for one in undone.kept], counts(undone)) == (["07-CT-TTg.1.BYT"], (0, 0, 0, 1))
    rows = {row.code: row for row in status_of(store, as_of=TODAY, known_at=AFTER).rows}
    assert str(rows["07-CT-TTg.1.BYT"].status) == "completed_on_time"
    assert rows["07-CT-TTg.2.BYT"].last_heard_on is None


def test_a_batch_all_of_which_was_decided_about_is_not_taken_back(store: Store) -> None:
    first = batch(annex(task(1)), store)
    cancel("07-CT-TTg.1.BYT", store)
    refused = take_back(first, store)
    assert (refused.undone, refused.reason, len(refused.kept)) == (False, "all_kept", 1)
    assert standing(store, known_at=AFTER) == ["07-CT-TTg.1.BYT"]


def test_a_decision_taken_before_the_workbook_keeps_nothing(store: Store) -> None:
    batch(annex(task(1), task(2)), store)
    cancel("07-CT-TTg.1.BYT", store)
    second = batch(annex(task(1, text="Nhiệm vụ số 1 sửa đổi"), task(2)), store, now=DECIDED + timedelta(minutes=1))
    assert take_back(second, store).kept == ()


@pytest.mark.parametrize("reason", ["unknown_batch", "already_undone"])
def test_an_undo_that_cannot_be_says_why(store: Store, reason: str) -> None:
    number = batch(annex(task(1)), store)
    assert take_back(number, store).undone
    assert take_back(number + (99 if reason == "unknown_batch" else 0), store).reason == reason
