"""A duty that comes back goes on beyond its document's year, each period once, for as long as its words say."""

from datetime import UTC, date, datetime, timedelta

import pytest

from decisions import Action, Cancel, Reinstate, decide
from imports import undo
from models import Store, status_of
from models.periods import HORIZON, extend_periods
from models.status_totals import totals_of
from rules.status import Status
from tests.imports.workbooks import annex, recorded, task

LATER = datetime(2026, 6, 1, tzinfo=UTC)


def extended(store: Store, today: date) -> int:
    return extend_periods(store, today=today, now=datetime(today.year, today.month, today.day, tzinfo=UTC))


def periods(store: Store, day: date, *, agency: str = "BYT") -> list[str]:
    return [row.period for row in status_of(store, as_of=day, known_at=LATER, agency=agency).rows]


@pytest.mark.parametrize(
    ("words", "first_of_2026", "on"),
    [
        ("Hằng tháng", "2026-01", date(2026, 1, 1)),
        ("Hằng quý", "2026-Q1", date(2026, 1, 1)),
        ("6 tháng/lần", "2026-H1", date(2026, 1, 1)),
        ("Hằng năm", "2026", date(2026, 1, 1)),
        ("Hằng tuần", "2026-W02", date(2026, 1, 5)),
    ],
)
def test_the_next_year_begins_on_its_day_and_not_before(store: Store, words: str, first_of_2026: str, on: date) -> None:
    recorded(annex(task(1, "Bộ Y tế", words)), store)
    assert extended(store, date(2025, 12, 20)) > 0
    assert periods(store, on)[-1] == first_of_2026
    assert first_of_2026 not in periods(store, on - timedelta(days=1))


def test_no_period_comes_twice_however_often_and_late_they_are_extended(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế", "Hằng tháng")), store)
    added = [extended(store, date(2025, 12, 20) + timedelta(days=days)) for days in (0, 0, 1, 40, 150, 150)]
    assert (added[1], added[5]) == (0, 0)
    found = periods(store, date(2026, 5, 31))
    assert found == [*(f"2025-{month:02d}" for month in range(3, 13)), *(f"2026-{month:02d}" for month in range(1, 6))]


def test_nothing_is_written_down_beyond_the_horizon(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế", "Hằng tháng")), store)
    extended(store, date(2026, 1, 10))
    last = date(2026, 1, 10) + HORIZON
    assert periods(store, date(2027, 1, 1))[-1] == f"{last:%Y-%m}"


@pytest.mark.parametrize("words", ["Hằng tháng đến hết năm 2025", "Hằng tháng năm 2025", "Hằng quý trong năm 2025"])
def test_a_text_that_sets_an_end_is_not_extended_beyond_it(store: Store, words: str) -> None:
    recorded(annex(task(1, "Bộ Y tế", words)), store)
    assert extended(store, date(2026, 3, 1)) == 0


def test_each_period_has_its_own_status_and_totals_add_up(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế", "Hằng quý")), store)
    extended(store, date(2026, 4, 1))
    rows = status_of(store, as_of=date(2026, 4, 1), known_at=LATER).rows
    assert [(row.code, row.status) for row in rows[-2:]] == [
        ("07-CT-TTg.1.BYT.2026-Q1", Status.OVERDUE),
        ("07-CT-TTg.1.BYT.2026-Q2", Status.IN_PROGRESS),
    ]
    assert totals_of(store, as_of=date(2026, 4, 1), known_at=LATER).totals()["total"] == len(rows) == 6


def test_periods_go_with_the_workbook_that_gave_the_words(store: Store) -> None:
    batch = recorded(annex(task(1, "Bộ Y tế", "Hằng tháng")), store).batch
    extended(store, date(2026, 1, 10))
    assert batch is not None
    undo(batch, store=store, now=LATER)
    assert periods(store, date(2026, 3, 1)) == []
    assert extend_periods(store, today=date(2026, 6, 1), now=LATER) == 0


def test_a_workbook_that_words_the_task_anew_keeps_the_periods_of_the_year_after(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế", "Hằng tháng")), store)
    extended(store, date(2026, 2, 10))
    before = periods(store, date(2026, 3, 1))
    other_product = [1, "Nhiệm vụ số 1", "Bộ Y tế", "", "Báo cáo tháng", "Hằng tháng"]
    recorded(annex(other_product), store, now=datetime(2026, 2, 12, tzinfo=UTC))
    assert periods(store, date(2026, 3, 1)) == before
    at = datetime(2026, 2, 13, tzinfo=UTC)
    recorded(annex(task(1, "Bộ Y tế", "Hằng quý")), store, now=at, reason="đổi kỳ báo cáo")
    assert periods(store, date(2026, 3, 1)) == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]


def test_a_document_read_years_later_has_all_its_periods_until_now(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế", "Hằng năm")), store, now=LATER)
    assert periods(store, date(2026, 6, 1)) == ["2025", "2026"]


def test_a_duty_that_begins_only_next_year_begins_with_its_first_period(store: Store) -> None:
    title = [["PHỤ LỤC"], ["(Kèm theo Chỉ thị số 07/CT-TTg ngày 20/12/2025)"]]
    recorded(annex(task(1, "Bộ Y tế", "Ngày 10 hằng tháng"), title=title), store, now=LATER)
    assert periods(store, date(2026, 1, 1))[0] == "2026-01"


CANCEL = Cancel(code="07-CT-TTg.1.BYT.2025-11", on=date(2025, 11, 5), document="9/QĐ", reason="không còn cần")


def decided(store: Store, action: Action, on: date) -> None:
    at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    assert decide(action, store=store, by="Văn phòng Chính phủ", now=at).outcome == "recorded"


def standing(store: Store, day: date) -> list[str]:
    rows = status_of(store, as_of=day, known_at=LATER, agency="BYT").rows
    return [row.period for row in rows if row.status is not Status.CANCELLED]


def test_a_duty_that_is_cancelled_does_not_come_back_every_month(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế", "Hằng tháng")), store)
    decided(store, CANCEL, date(2025, 11, 6))
    extended(store, date(2025, 12, 20))
    extended(store, date(2026, 1, 20))
    assert standing(store, date(2026, 3, 1))[-1] == "2025-10"
    assert periods(store, date(2026, 3, 1))[-1] == "2025-12", "nothing is written down beyond what there was"


def test_a_duty_that_is_reinstated_goes_on_from_that_day(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế", "Hằng tháng")), store)
    decided(store, CANCEL, date(2025, 11, 6))
    extended(store, date(2026, 1, 20))
    again = Reinstate(code="07-CT-TTg.1.BYT.2025-12", on=date(2026, 2, 10), document="10/QĐ", reason="cần lại")
    decided(store, again, date(2026, 2, 10))
    extended(store, date(2026, 2, 11))
    assert standing(store, date(2026, 3, 1))[-4:] == ["2025-10", "2025-12", "2026-02", "2026-03"]


def test_a_cancellation_by_mistake_taken_back_from_its_day_leaves_no_gap(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế", "Hằng tháng")), store)
    decided(store, CANCEL, date(2025, 11, 6))
    extended(store, date(2025, 12, 20))
    mistake = Reinstate(code=CANCEL.code, on=CANCEL.on, document="10/QĐ", reason="bãi bỏ nhầm")
    decided(store, mistake, date(2025, 12, 21))
    extended(store, date(2025, 12, 22))
    found = standing(store, date(2026, 3, 1))
    assert found[-5:] == ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]


def test_what_was_due_before_the_cancellation_stays_due(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế", "Hằng tháng")), store)
    late = Cancel(code="07-CT-TTg.1.BYT.2025-09", on=date(2025, 11, 5), document="9/QĐ", reason="không còn cần")
    decided(store, late, date(2025, 11, 6))
    assert standing(store, date(2025, 12, 31))[-2:] == ["2025-08", "2025-10"]


def test_one_month_alone_is_cancelled_by_reinstating_the_next(store: Store) -> None:
    recorded(annex(task(1, "Bộ Y tế", "Hằng tháng")), store)
    decided(store, CANCEL, date(2025, 11, 6))
    again = Reinstate(code="07-CT-TTg.1.BYT.2025-12", on=CANCEL.on, document="9/QĐ", reason="chỉ bỏ tháng 11")
    decided(store, again, date(2025, 11, 6))
    extended(store, date(2025, 12, 20))
    assert standing(store, date(2026, 2, 1))[-4:] == ["2025-10", "2025-12", "2026-01", "2026-02"]
