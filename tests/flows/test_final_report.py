"""The final report waits for a person: approved it is frozen and sent once to the list, refused it is neither."""

import asyncio
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
from prefect.flow_runs import aresume_flow_run
from sqlmodel import select

from flows.monthly_report import monthly_report
from models import Store
from models.edition_tables import Edition, EditionSending
from reports import EditionStateError
from tests.reports.ledger import Ledger

on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
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
    running: asyncio.Future[Any] = asyncio.ensure_future(monthly_report(occasion="final", return_state=True, **MONTH))
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
        asyncio.run(monthly_report(occasion="final", **MONTH))
    assert editions(store) == []
