"""The final report waits for a person: approved it is frozen and sent once to the list, refused it is neither."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.deployments import arun_deployment
from prefect.exceptions import ObjectNotFound
from prefect.flow_runs import aresume_flow_run
from prefect.settings import PREFECT_API_URL
from sqlmodel import select

from flows.final_report import final_report
from flows.monthly_report import monthly_report
from models import Store
from models.edition_tables import Edition, EditionSending
from reports import EditionStateError
from tests.reports.ledger import Ledger

on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
SERVED = "final_report/final-report"
LIST = "phong-hop@dondoc.example, thu-ky@dondoc.example"
MONTH: dict[str, Any] = {"month": "2025-08", "cutoff": date(2025, 8, 25), "meeting": date(2025, 9, 3)}


async def waiting_run() -> FlowRun:
    """Return the run that waits for a person, once there is one."""
    paused = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.PAUSED]))
    async with get_client() as client:
        for _ in range(200):
            found: Sequence[FlowRun] = await client.read_flow_runs(flow_run_filter=FlowRunFilter(state=paused))
            if found:
                return found[0]
            await asyncio.sleep(0.2)
    raise AssertionError("no run waits for approval")


async def finished_with(answer: dict[str, Any]) -> Any:
    """Run the final report, answer when it waits, and return its state."""
    running: asyncio.Future[Any] = asyncio.ensure_future(final_report(return_state=True, **MONTH))
    await aresume_flow_run((await waiting_run()).id, run_input=answer)
    return await running


def editions(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as session:
        return [(e.code, e.state, e.approved_by) for e in session.exec(select(Edition).order_by(Edition.id))]  # type: ignore[arg-type]


@pytest.fixture
def prepared(deployment: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a deployment with a list, some work, and an edition submitted at the cut-off."""
    monkeypatch.setenv("DONDOC_MEETING_LIST", LIST)
    with store.writing() as session:
        Ledger(session).duty("BCA", "BYT", due=date(2025, 6, 30))
    asyncio.run(monthly_report(occasion="cutoff", **MONTH))
    return deployment


@on_sqlite
def test_approved_it_is_frozen_and_sent_once_to_each_address(prepared: Path, store: Store) -> None:
    answer = {"approved": True, "by": "Tổ trưởng", "reason": "Đã xem"}
    state = asyncio.run(finished_with(answer))
    assert state.is_completed(), state.message
    assert editions(store) == [("2025-08/1", "submitted", ""), ("2025-08/2", "final", "Tổ trưởng")]
    with store.reading() as session:
        rows = [(row.address, row.outcome) for row in session.exec(select(EditionSending).order_by(EditionSending.id))]  # type: ignore[arg-type]
    first, second = LIST.split(", ")
    assert rows == [(first, "sending"), (first, "accepted"), (second, "sending"), (second, "accepted")]
    letters = [path for path in (prepared / "mail").rglob("*") if path.is_file()]
    assert len(letters) == 2
    sent = message_from_bytes(letters[0].read_bytes(), policy=default)
    assert sent["Subject"] == "Báo cáo phục vụ phiên họp Chính phủ thường kỳ tháng 8/2025 (bản 2025-08/2)"
    files = {part.get_filename(): part.get_payload(decode=True) for part in sent.iter_attachments()}
    assert files == {
        f"bao-cao-2025-08-2.{kind}": (prepared / "reports" / f"bao-cao-2025-08-2.{kind}").read_bytes()
        for kind in ("docx", "pdf", "xlsx")
    }
    asyncio.run(finished_with(answer))
    assert len([path for path in (prepared / "mail").rglob("*") if path.is_file()]) == 2


@on_sqlite
def test_refused_it_is_neither_frozen_nor_sent(prepared: Path, store: Store) -> None:
    state = asyncio.run(finished_with({"approved": False, "by": "Tổ trưởng", "reason": "Chờ Bộ Y tế"}))
    assert (state.name, "Chờ Bộ Y tế" in state.message) == ("NotApproved", True)
    assert [state for _, state, _ in editions(store)] == ["submitted"]
    assert not (prepared / "mail").exists() or not any(path.is_file() for path in (prepared / "mail").rglob("*"))


@on_sqlite
def test_without_an_edition_somebody_could_have_read_nobody_is_asked(deployment: Path, store: Store) -> None:
    with store.writing() as session:
        Ledger(session).duty("BCA", due=date(2025, 6, 30))
    assert deployment.exists()
    with pytest.raises(EditionStateError, match="submitted"):
        asyncio.run(final_report(**MONTH))
    assert editions(store) == []


async def until_served(name: str) -> None:
    for _ in range(200):
        async with get_client() as client:
            try:
                await client.read_deployment_by_name(name)
            except ObjectNotFound:
                await asyncio.sleep(0.5)
            else:
                return


async def answered_after(seconds: float) -> FlowRun:
    """Ask a served deployment for the final report, answer it so many seconds after it began to wait, see its end."""
    await until_served(SERVED)
    asked = await arun_deployment(
        SERVED,
        timeout=0,
        parameters={name: value if name == "month" else value.isoformat() for name, value in MONTH.items()},
    )
    for _ in range(600):
        async with get_client() as client:
            run = await client.read_flow_run(asked.id)
        if run.state and run.state.is_paused():
            break
        await asyncio.sleep(0.2)
    await asyncio.sleep(seconds)
    await aresume_flow_run(asked.id, run_input={"approved": True, "by": "Tổ trưởng", "reason": "Đã xem"})
    for _ in range(300):
        async with get_client() as client:
            run = await client.read_flow_run(asked.id)
        if run.state and run.state.is_final():
            return run
        await asyncio.sleep(0.2)
    return run


@pytest.mark.skipif("DONDOC_DEEP" not in os.environ, reason="waits for four minutes: make test-deep")
@on_sqlite
def test_served_it_waits_longer_than_a_place_among_limited_runs_is_kept(prepared: Path, store: Store) -> None:
    """Prefect renews such a place after 225 seconds; a run that had lost it by pausing would be cancelled then."""
    environment = {**os.environ, "PREFECT_API_URL": str(PREFECT_API_URL.value()), "PREFECT_RUNNER_POLL_FREQUENCY": "2"}
    with (prepared / "serving.log").open("wb") as log:
        serving = subprocess.Popen([sys.executable, "-m", "cli.serving"], env=environment, stdout=log, stderr=log)
    try:
        run = asyncio.run(answered_after(240))
    finally:
        serving.terminate()
        serving.wait(30)
    assert run.state_name == "Completed", run.state
    assert [state for _, state, _ in editions(store)] == ["submitted", "final"]
