"""Missed days, and runs that fail, crash or come late: what is made up for, and what ops hear."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.events.schemas.automations import AutomationCore
from prefect.states import Crashed, Running, Scheduled
from sqlmodel import select

from config.settings import maildir
from flows.assess_status import assess_status
from flows.backfill_days import backfill_days
from flows.escalate_lateness import escalate_lateness
from flows.telling_ops import tell_ops
from flows.watch_runs import watch_runs
from models import Store
from models.outcome_tables import DayTotal, Notice
from notifications.ops import tell

on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
MONDAY, FRIDAY = date(2025, 9, 8), date(2025, 9, 12)
AUTOMATIONS = Path(__file__).parents[2] / "deploy" / "prefect" / "automations.yaml"


@pytest.fixture
def ops(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give ops a channel: a folder."""
    monkeypatch.setenv("DONDOC_OPS_CHANNEL", maildir(deployment / "ops"))
    return deployment / "ops"


def state_of(flow_: Any, **parameters: Any) -> Any:
    return asyncio.run(flow_(**parameters, return_state=True))


def letters(folder: Path) -> list[Path]:
    return sorted((folder / "new").iterdir()) if folder.exists() else []


def heard(folder: Path) -> str:
    told = [message_from_bytes(path.read_bytes(), policy=default) for path in letters(folder)]
    bodies = [letter.get_body(("plain",)) for letter in told]
    return "\n".join(body.get_content() for body in bodies if body)


@on_sqlite
def test_missed_days_get_their_totals_and_nobody_a_letter_of_them(
    deployment: Path,  # noqa: ARG001
    late_duty: None,  # noqa: ARG001
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From Friday over the weekend to Wednesday; on Thursday the round would have run again."""
    for module in ("backfill_days", "escalate_lateness"):
        monkeypatch.setattr(f"flows.{module}.today", lambda: FRIDAY)
    state = state_of(backfill_days, since=date(2025, 9, 5), until=date(2025, 9, 11))
    assert state.is_completed(), state.message
    with store.reading() as session:
        days = {row.as_of for row in session.exec(select(DayTotal))}
        planned = {row.as_of for row in session.exec(select(Notice))}
    assert days == {date(2025, 9, 5), *(MONDAY + timedelta(days=n) for n in range(4))}
    assert planned == {FRIDAY}


@on_sqlite
def test_every_wrong_setting_is_said_by_the_run_and_ops_hear_of_it(ops: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A settings file that a person mended wrongly stops every run: somebody must hear."""
    monkeypatch.setenv("DONDOC_LINK_DAYS", "900")
    monkeypatch.setenv("DONDOC_LINK_KEY", "s3cret")
    state = state_of(assess_status, as_of=MONDAY)
    assert state.is_failed()
    assert all(part in state.message for part in ("DONDOC_LINK_DAYS", "1 đến 366", "DONDOC_LINK_KEY", "from 1 to 366"))
    assert "s3cret" not in state.message
    assert "assess_status" in heard(ops)


@on_sqlite
def test_what_was_planned_for_a_later_day_is_not_followed_by_older_letters(
    deployment: Path,  # noqa: ARG001
    late_duty: None,  # noqa: ARG001
    store: Store,
) -> None:
    state_of(escalate_lateness, as_of=FRIDAY)
    state = state_of(escalate_lateness, as_of=MONDAY)
    assert (state.name, "12/09/2025" in state.message) == ("LaterDayPlanned", True)
    with store.reading() as session:
        assert {row.as_of for row in session.exec(select(Notice))} == {FRIDAY}


@on_sqlite
@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (MONDAY, FRIDAY, "no later than yesterday"),
        (FRIDAY - timedelta(days=1), MONDAY, "Exchange the two"),
        (date(2024, 1, 1), MONDAY, "in parts"),
    ],
)
def test_days_that_cannot_be_made_up_for_are_refused_with_a_way_out(
    deployment: Path,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
    since: date,
    until: date,
    said: str,
) -> None:
    monkeypatch.setattr("flows.backfill_days.today", lambda: FRIDAY)
    state = state_of(backfill_days, since=since, until=until)
    assert (state.name, said in state.message) == ("WrongDays", True)


@on_sqlite
def test_a_run_that_fails_says_so_to_ops_and_not_what_it_held(ops: Path) -> None:
    @flow(name="unlucky", on_failure=[tell_ops])
    async def unlucky() -> None:
        raise ValueError("Nguyễn Văn A, 0912 345 678")

    @flow(name="around_it")
    async def around_it() -> None:
        await unlucky()

    state_of(unlucky)
    told = heard(ops)
    assert "unlucky" in told
    assert "Failed" in told
    assert "Nguyễn" not in told
    state_of(around_it)
    assert heard(ops) == told, "inside another run it leaves the word to that one"


async def _made(state: Any, name: str) -> UUID:
    @flow(name=name)
    async def one() -> None: ...

    async with get_client() as client:
        waits = state if state.is_scheduled() else Scheduled(scheduled_time=datetime.now(UTC))
        run = await client.create_flow_run(one, name=name, state=waits)
        if not state.is_scheduled():
            await client.set_flow_run_state(run.id, state, force=True)
    return run.id


@on_sqlite
def test_each_late_long_or_crashed_run_is_told_to_ops_once(ops: Path) -> None:
    now = datetime.now(UTC)
    asyncio.run(_made(Scheduled(scheduled_time=now - timedelta(minutes=20)), "twenty-late"))
    asyncio.run(_made(Scheduled(scheduled_time=now - timedelta(minutes=10)), "ten-late"))
    asyncio.run(_made(Scheduled(scheduled_time=now - timedelta(minutes=50)), "told-before"))
    asyncio.run(_made(Running(timestamp=now - timedelta(minutes=250)), "four-hours"))
    asyncio.run(_made(Crashed(), "without-a-word"))
    state = state_of(watch_runs)
    assert state.is_completed(), state.message
    told = heard(ops)
    assert {name for name in ("twenty-late", "ten-late", "told-before", "without-a-word") if name in told} == {
        "twenty-late",
        "without-a-word",
    }


@on_sqlite
def test_ops_get_one_letter_an_hour_which_says_how_many_it_stands_for(
    ops: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @flow(name="unlucky_often", on_failure=[tell_ops])
    async def unlucky_often() -> None:
        raise ValueError

    for _ in range(6):
        state_of(unlucky_often)
    assert len(letters(ops)) == 1
    an_hour_later = datetime.now(UTC) + timedelta(minutes=61)
    monkeypatch.setattr("flows.telling_ops.now", lambda: an_hour_later)
    state_of(unlucky_often)
    assert len(letters(ops)) == 2
    assert "5 more" in heard(ops)


@on_sqlite
def test_a_crashed_run_is_told_once_by_its_hook_or_by_the_watch(ops: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hook told of the first; of the second it could not, the channel being away, and the third had none."""

    @flow(name="a_flow_that_crashes")
    async def crashes() -> None: ...

    async def crashed(name: str) -> FlowRun:
        async with get_client() as client:
            return await client.read_flow_run(await _made(Crashed(), name))

    tell_ops(crashes, asyncio.run(crashed("told-by-hook")), Crashed())
    monkeypatch.setenv("DONDOC_OPS_CHANNEL", "json://127.0.0.1:1/")
    tell_ops(crashes, asyncio.run(crashed("channel-away")), Crashed(name="Another"))
    asyncio.run(crashed("no-hook"))
    assert state_of(watch_runs).name == "NotTold"
    monkeypatch.setenv("DONDOC_OPS_CHANNEL", maildir(ops))
    later = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr("flows.watch_runs.now", lambda: later)
    state_of(watch_runs)
    state_of(watch_runs)
    told = heard(ops)
    names = ("told-by-hook", "channel-away", "no-hook")
    # Each word stands in both languages.
    assert {name: told.count(f"“{name}”") for name in names} == dict.fromkeys(names, 2)


@on_sqlite
def test_of_more_crashed_runs_than_fit_a_page_none_is_missed(ops: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.watch_runs._PAGE", 2)
    names = [f"crashed-{n}" for n in range(5)]
    for name in names:
        asyncio.run(_made(Crashed(), name))
    state_of(watch_runs)
    assert [name for name in names if f"“{name}”" not in heard(ops)] == []


def test_a_run_whose_machine_died_is_marked_crashed_by_prefect() -> None:
    """Fewer than three missed signs of life would crash healthy runs."""
    (entry,) = yaml.safe_load(AUTOMATIONS.read_text("utf-8"))["automations"]
    automation = AutomationCore.model_validate(entry)
    assert automation.trigger.model_dump()["within"] >= timedelta(seconds=3 * 180)


def test_a_channel_that_cannot_be_used_is_no_reason_to_fail() -> None:
    now = datetime.now(UTC)
    assert tell("", "x", "y", now=now) is None
    assert tell("json://127.0.0.1:1/", "x", "y", now=now) is False
    assert tell("no-such-thing://x", "x", "y", now=now) is False
