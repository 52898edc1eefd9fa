"""What a split agency held is reported on by who took it over, and goes on with that agency."""

from datetime import UTC, date, datetime

from decisions import Succeed, decide
from imports.storing.recording import Recorded
from models import Store, status_of
from models.periods import extend_periods
from rules.status import Status
from tests.imports.workbooks import annex, recorded, report, task, told

SIGNED = [["PHỤ LỤC"], ["(Kèm theo Chỉ thị số 07/CT-TTg ngày 10/01/2025)"]]
GIVEN_AT, LATER = datetime(2025, 2, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
FORMER = "Bộ Thông tin và Truyền thông"


def given(store: Store, *rows: list[object]) -> None:
    recorded(annex(*rows, title=SIGNED), store, now=GIVEN_AT)


def succeeded(store: Store, code: str) -> str:
    action = Succeed(code=code, to="BCA", on=date(2025, 4, 1), document="12/TB-VPCP", reason="an ninh mạng")
    return decide(action, store=store, by="Văn phòng Chính phủ", now=datetime(2025, 4, 2, tzinfo=UTC)).outcome


def reported(store: Store) -> Recorded:
    content = report(told(1, "Hoàn thành", "15/BC-BCA ngày 25/6/2025"), issuer="BỘ CÔNG AN")
    return recorded(content, store, "bao-cao.xlsx", now=datetime(2025, 6, 28, tzinfo=UTC))


def test_the_successor_reports_on_what_it_took_over(store: Store) -> None:
    given(store, task(1, FORMER))
    assert reported(store).outcome == "rejected"
    assert succeeded(store, "07-CT-TTg.1.BTTTT") == "recorded"
    assert reported(store).outcome == "recorded"
    (row,) = status_of(store, as_of=date(2025, 7, 5), known_at=LATER).rows
    assert (row.agency, row.status) == ("BCA", Status.COMPLETED_ON_TIME)


def test_of_a_monthly_duty_all_later_months_are_the_successors(store: Store) -> None:
    given(store, task(1, FORMER, "Hằng tháng"))
    assert succeeded(store, "07-CT-TTg.1.BTTTT.2025-04") == "recorded"
    for today in (date(2025, 12, 20), date(2025, 12, 21), date(2026, 1, 20)):
        extend_periods(store, today=today, now=datetime(today.year, today.month, today.day, tzinfo=UTC))
    rows = status_of(store, as_of=date(2026, 2, 1), known_at=LATER).rows
    held = {row.period: (row.agency, row.code) for row in rows}
    assert len(held) == len(rows) == 14
    assert held["2025-03"] == ("BTTTT", "07-CT-TTg.1.BTTTT.2025-03")
    assert held["2025-12"] == ("BCA", "07-CT-TTg.1.BTTTT.2025-12")
    assert held["2026-02"] == ("BCA", "07-CT-TTg.1.BTTTT.2026-02")


def test_a_succession_that_is_corrected_leaves_each_month_with_one_agency(store: Store) -> None:
    """The months written down in between went on under the first successor beside the second, for good."""
    given(store, task(1, FORMER, "Hằng tháng"))
    for to, today in (("BCA", date(2025, 12, 20)), ("BYT", date(2026, 1, 6))):
        action = Succeed(code="07-CT-TTg.1.BTTTT.2025-09", to=to, on=date(2025, 9, 1), document="12/TB", reason="tách")
        now = datetime(today.year, today.month, today.day, tzinfo=UTC)
        assert decide(action, store=store, by="Văn phòng Chính phủ", now=now).outcome == "recorded"
        extend_periods(store, today=today, now=now)
    rows = status_of(store, as_of=date(2026, 4, 1), known_at=LATER).rows
    held = {row.period: row.agency for row in rows}
    assert len(held) == len(rows)
    assert {held[period] for period in ("2025-09", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")} == {"BYT"}
