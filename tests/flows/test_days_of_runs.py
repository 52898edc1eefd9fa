"""The day a run works for: its own when it starts late, none to come, and one whose clock was wrong is said."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.flow_engine import run_flow
from prefect.states import Scheduled
from sqlmodel import select

from config.clock import HANOI
from config.measured import ASSESSED, PLANNED, keep_day
from flows.assess_status import assess_status
from flows.daily_round import daily_round
from flows.deliver_notices import deliver_notices
from flows.import_workbooks import import_workbooks
from flows.monthly_report import monthly_report
from models import Store
from models.edition_tables import Edition
from models.outcome_tables import DayTotal, Notice
from notifications import plan_notices

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
FRIDAY, SATURDAY, MONDAY = date(2025, 9, 12), date(2025, 9, 13), date(2025, 9, 15)


def state_of(flow_: Any, **parameters: Any) -> Any:
    return asyncio.run(flow_(**parameters, return_state=True))


def scheduled_for(at: datetime, **parameters: Any) -> Any:
    """Run the report that was scheduled for an instant, now."""

    async def started_late() -> Any:
        async with get_client() as client:
            waits: State[Any] = Scheduled(scheduled_time=at)
            run = await client.create_flow_run(monthly_report, parameters=parameters, state=waits)
        return await run_flow(monthly_report, flow_run=run, parameters=parameters, return_type="state")  # type: ignore[misc, arg-type]

    return asyncio.run(started_late())


def editions(store: Store) -> Sequence[tuple[str, str]]:
    with store.reading() as session:
        return [(each.code, each.state) for each in session.exec(select(Edition).order_by(Edition.id))]  # type: ignore[arg-type]


def test_a_report_that_starts_late_is_the_one_of_its_day(deployment: Path, late_duty: None, store: Store) -> None:
    """The machine was off on the evening of the cut-off, and on the morning of the meeting."""
    del deployment, late_duty
    cutoff = scheduled_for(datetime(2025, 9, 25, 18, tzinfo=HANOI), occasion="cutoff")
    assert cutoff.is_completed(), cutoff.message
    meeting = scheduled_for(datetime(2025, 10, 1, 6, tzinfo=HANOI), occasion="meeting")
    assert (meeting.is_completed(), meeting.name) == (True, "Completed")
    assert editions(store) == [("2025-09/1", "submitted"), ("2025-09/2", "updated")]


def test_before_the_cut_off_there_is_no_report_but_a_draft(deployment: Path, late_duty: None, store: Store) -> None:
    del deployment, late_duty
    for asked, refused in ((date(2025, 10, 24), True), (date(2025, 10, 25), False), (date(2125, 10, 26), True)):
        state = state_of(monthly_report, occasion="cutoff", as_of=asked)
        assert (state.name == "CutoffToCome") is refused, asked
    assert editions(store) == [("2025-10/1", "submitted")]
    assert state_of(monthly_report, as_of=date(2025, 11, 3)).is_completed()
    assert editions(store)[1:] == [("2025-11/1", "draft")]


@pytest.mark.parametrize("flow_", [assess_status, import_workbooks], ids=lambda flow_: flow_.name)
def test_a_typing_error_in_a_date_writes_nothing(deployment: Path, late_duty: None, store: Store, flow_: Any) -> None:
    del deployment, late_duty
    state = state_of(flow_, as_of=date(2062, 9, 1))
    assert (state.is_failed(), state.name) == (True, "NotYet")
    with store.reading() as session:
        assert not session.exec(select(DayTotal)).all()


@pytest.fixture
def on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the round run on a Monday."""
    for module in ("assess_status", "daily_round", "deliver_notices", "escalate_lateness", "import_workbooks"):
        monkeypatch.setattr(f"flows.{module}.today", lambda: MONDAY)


def test_a_wrong_clock_does_not_mute_the_country_in_silence(
    deployment: Path, late_duty: None, on_monday: None, store: Store
) -> None:
    """One run with the clock in 2027 planned that day."""
    del deployment, late_duty, on_monday
    at = datetime(2025, 9, 15, tzinfo=HANOI)
    assert plan_notices(store, as_of=date(2027, 3, 1), now=at).new
    state = state_of(daily_round, settle_seconds=0)
    assert state.is_failed()
    assert all(part in state.message for part in ("01/03/2027", "15/09/2025", "đồng hồ", "clocks"))
    with store.reading() as session:
        assert {row.as_of for row in session.exec(select(Notice))} == {date(2027, 3, 1)}


def test_a_second_round_tells_nobody_twice_and_is_not_made_where_the_first_is_done(
    deployment: Path, late_duty: None, on_monday: None, store: Store
) -> None:
    del late_duty, on_monday

    def told() -> tuple[int, int]:
        with store.reading() as session:
            return len(session.exec(select(Notice)).all()), len(list((deployment / "mail" / "new").iterdir()))

    first = state_of(daily_round, settle_seconds=0, unless_done=True)
    assert first.is_completed(), first.message
    after_first = told()
    assert after_first[0] == after_first[1] > 0
    assert state_of(daily_round, settle_seconds=0).name == "Completed"
    assert told() == after_first
    assert state_of(daily_round, settle_seconds=0, unless_done=True).name == "DoneBefore"


@pytest.mark.parametrize(
    ("assessed", "planned", "given"),
    [(FRIDAY, FRIDAY, "given"), (FRIDAY, FRIDAY - timedelta(days=1), "kept back"), (None, FRIDAY, "kept back")],
)
def test_the_heart_beats_on_days_off_unless_the_last_working_day_was_missed(
    deployment: Path, monkeypatch: pytest.MonkeyPatch, assessed: date | None, planned: date, given: str
) -> None:
    monkeypatch.setattr("flows.deliver_notices.today", lambda: SATURDAY)
    monkeypatch.setenv("DONDOC_HEARTBEAT", str(deployment / "heartbeat"))
    if assessed:
        keep_day(deployment, ASSESSED, assessed)
    keep_day(deployment, PLANNED, planned)
    assert state_of(deliver_notices, only_on_working_days=True).name == "DayOff"
    assert (deployment / "heartbeat").exists() is (given == "given")
