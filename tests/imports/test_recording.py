"""Recording and taking back: one writer at a time, a check that went stale is made anew, an undo restores."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from imports import Check, Outcome, Severity, StaleCheckError, record, take, undo
from imports.check import compared
from imports.storing import recording
from imports.storing.changes import Comparison
from models import Store, status_of
from models.assignment_tables import Document
from tests.imports.workbooks import DIRECTIVE, LATER, NOW, REASON, TODAY, annex, checked, counted, recorded, task
from texts import SaidError


def test_undo_brings_back_what_was_replaced(store: Store) -> None:
    content = annex(task(1))
    first = recorded(content, store)
    second = recorded(annex(task(1, deadline="Tháng 8/2025"), task(2)), store, now=LATER, reason=REASON)
    assert second.batch is not None
    done = undo(second.batch, store=store, now=LATER + timedelta(hours=1))
    assert (done.undone, done.reason) == (True, None)
    table = status_of(store, as_of=TODAY, known_at=LATER + timedelta(hours=2))
    assert [(row.code, row.due_on) for row in table.rows] == [("07-CT-TTg.1.BYT", date(2025, 6, 30))]
    assert first.batch is not None
    assert checked(content, store).already == first.batch


def test_a_workbook_taken_back_can_be_recorded_again(store: Store) -> None:
    content = annex(task(1), task(2, "Các bộ, ngành"))
    first = recorded(content, store)
    assert first.batch is not None
    undo(first.batch, store=store, now=LATER)
    check = checked(content, store)
    assert (check.new, check.already) == (2, None)
    again = record(check, store=store, now=LATER)
    assert again.outcome is Outcome.RECORDED
    assert again.batch != first.batch
    assert counted(store)["assignment"] == 23


def test_undo_answers_why_not(store: Store) -> None:
    batch = recorded(annex(task(1)), store).batch
    assert batch is not None
    assert undo(batch, store=store, now=LATER).undone
    assert undo(batch, store=store, now=LATER).reason == "already_undone"
    assert undo(batch + 99, store=store, now=LATER).reason == "unknown_batch"


def test_a_check_that_rests_on_an_older_state_is_refused(store: Store) -> None:
    mine, theirs = checked(annex(task(1)), store), checked(annex(task(1, deadline="Tháng 8/2025")), store)
    record(theirs, store=store, now=NOW)
    before = counted(store)
    with pytest.raises(StaleCheckError):
        record(mine, store=store, now=LATER)
    assert counted(store) == before


def test_of_two_who_record_at_once_one_wins_and_the_other_is_told(store: Store) -> None:
    checks = [checked(annex(task(1, deadline=deadline)), store) for deadline in ("Tháng 6/2025", "Tháng 8/2025")]

    def attempt(check: Check) -> str:
        try:
            return record(check, store=store, now=NOW).outcome
        except StaleCheckError:
            return "stale"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, checks)) == ["recorded", "stale"]
    assert counted(store)["batch"] == 1


def test_somebody_else_s_workbook_makes_no_check_stale(store: Store) -> None:
    mine = checked(annex(task(1)), store)
    recorded(annex(task(7, "Bộ Công an")), store, "cong-an.xlsx")
    assert record(mine, store=store, now=LATER).outcome is Outcome.RECORDED


def test_what_was_compared_is_compared_again_only_when_its_own_documents_were_touched(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers record a sweep's workbooks in turn: each waits for the other's, and does not do its work again."""
    elsewhere = [["PHỤ LỤC"], ["(Kèm theo Quyết định số 11/QĐ-TTg ngày 05 tháng 3 năm 2025 của Thủ tướng Chính phủ)"]]
    again: list[Check] = []

    def compared_again(session: Session, check: Check) -> Comparison:
        again.append(check)
        return compared(session, check)

    monkeypatch.setattr(recording, "compared", compared_again)
    mine = checked(annex(task(1)), store)
    recorded(annex(task(1), title=elsewhere), store, "quyet-dinh.xlsx")
    assert (record(mine, store=store, now=LATER).outcome, len(again)) == (Outcome.RECORDED, 0)
    theirs = checked(annex(task(2)), store)
    batch = recorded(annex(task(3)), store).batch
    assert (record(theirs, store=store, now=LATER).outcome, len(again)) == (Outcome.RECORDED, 1), "the same document"
    last = checked(annex(task(4)), store)
    assert batch is not None
    assert undo(batch, store=store, now=LATER).undone
    assert (record(last, store=store, now=LATER).outcome, len(again)) == (Outcome.RECORDED, 2), "something was undone"


def test_checking_writes_nothing(store: Store) -> None:
    checked(annex(task(1), task(2, "Các bộ, ngành, địa phương")), store)
    assert set(counted(store).values()) == {0}


def overtaken(store: Store, times: int) -> Callable[[], Check]:
    """Return a check after which, so many times, somebody else records another deadline first."""
    months = iter(range(7, 7 + times))

    def check() -> Check:
        mine = checked(annex(task(1, deadline="Tháng 12/2025")), store, reason=REASON)
        for month in months:
            recorded(annex(task(1, deadline=f"Tháng {month}/2025")), store, reason=REASON)
            break
        return mine

    return check


def test_taking_checks_anew_when_somebody_recorded_in_between(store: Store) -> None:
    check, result = take(overtaken(store, 2), store=store, now=lambda: LATER)
    assert (result.outcome, check.changed) == (Outcome.RECORDED, 1)
    (note,) = [problem for problem in check.problems if problem.code == "recorded_meanwhile"]
    assert (note.severity, note.found, note.values["batch"]) == (Severity.NOTE, "phu-luc.xlsx", 2)
    rows = status_of(store, as_of=TODAY, known_at=LATER).rows
    assert [row.due_on for row in rows] == [date(2025, 12, 31)]


def test_what_stands_beside_a_batch_stands_there_at_the_last_attempt_too(store: Store) -> None:
    noted: list[int] = []
    _, result = take(overtaken(store, 2), store=store, now=lambda: LATER, beside=lambda _, batch: noted.append(batch))
    assert noted == [result.batch]


def test_taking_gives_up_when_it_is_overtaken_every_time(store: Store) -> None:
    with pytest.raises(StaleCheckError) as raised:
        take(overtaken(store, 3), store=store, now=lambda: LATER)
    assert isinstance(raised.value, SaidError)
    assert (raised.value.exit_code, "“phu-luc.xlsx”" in raised.value.message) == (1, True)
    assert counted(store)["batch"] == 3


def test_taking_refuses_what_stops(store: Store) -> None:
    check, result = take(lambda: checked(b"hello", store), store=store, now=lambda: LATER)
    assert (check.stops, result.outcome, result.batch) == (True, Outcome.REJECTED, None)


def test_a_document_taken_back_is_named_by_the_next_workbook(store: Store) -> None:
    """The one exception to "nothing is updated": ADR 0004."""
    first = recorded(annex(task(1), title=[["Chỉ thị số 07/CT-TTg ngày 15/3/2025"]]), store)
    assert first.batch is not None
    undo(first.batch, store=store, now=NOW)
    again = recorded(annex(task(1)), store, now=LATER)
    with store.reading() as session:
        document = session.scalars(select(Document)).one()
    assert (document.title, document.issued_on, document.batch_id) == (DIRECTIVE, date(2025, 3, 14), again.batch)
