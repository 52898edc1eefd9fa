"""The flow that records a workbook confirmed in the portal, as the portal asks the scheduler for it."""

import io
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from sqlmodel import select

from cli.recording import DEPLOYMENT, recording_runs
from cli.serving import deployments
from flows.record_upload import record_upload
from imports.uploads import Sending, Workplace, check_upload, receive
from models import Store
from models.assignment_tables import Batch
from models.uploads import TO_RECORD, Stage, advance, upload_as_is
from tests.imports.workbooks import NOW, TODAY, annex, task


def confirmed(store: Store, folder: Path) -> int:
    """Send a workbook, check it and press the button; return its number."""
    work = Workplace(store, folder / "uploads", lambda: TODAY, lambda: NOW)
    number = receive(io.BytesIO(annex(task(1))), Sending("phu-luc.xlsx", "Văn phòng"), work)
    assert check_upload(number, work) is Stage.CHECKED
    assert advance(store, number, Stage.RECORDING, after=TO_RECORD, at=NOW, by="Thư ký")
    return number


def test_a_confirmed_upload_is_recorded_once_however_often_the_flow_runs(deployment: Path, store: Store) -> None:
    number = confirmed(store, deployment)
    for _ in range(2):
        assert record_upload(number) == {"upload": number, "stage": "recorded"}
    with store.reading() as session:
        found = upload_as_is(session, number)
        assert found
        assert (found.stage, found.state.by) == (Stage.RECORDED, "Thư ký")
        assert len(session.exec(select(Batch)).all()) == 1


def test_an_upload_that_is_none_fails_the_run(deployment: Path) -> None:  # noqa: ARG001 - its settings
    state: Any = record_upload(7, return_state=True)
    assert state.is_failed()
    assert "7" in state.message


def test_the_portal_asks_for_a_run_only_where_a_server_is_named(
    monkeypatch: pytest.MonkeyPatch,
    prefect_server: None,  # noqa: ARG001
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert recording_runs() is None
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    begin = recording_runs()
    assert begin
    deployed = next(each for each in deployments() if f"{each.flow_name}/{each.name}" == DEPLOYMENT)
    mine = deployed.apply()
    begin(41)
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs()
    assert [run.parameters for run in runs if run.deployment_id == mine] == [{"upload": 41}]
