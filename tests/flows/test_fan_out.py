"""A sweep of more files than one claim holds: shared with whoever comes, finished even when nobody does."""

import asyncio
import io
import json
import logging
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName
from prefect.client.schemas.objects import FlowRun
from prefect.deployments.runner import RunnerDeployment
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlmodel import select

import samples
from cli.serving import deployments
from config.logs import LOGGER, set_up_logs
from flows import taking
from flows.daily_round import daily_round
from flows.deliver_notices import deliver_notices
from flows.escalate_lateness import escalate_lateness
from flows.import_workbooks import import_workbooks
from flows.inviting import call_off, invite, told_by
from flows.record_workbooks import record_workbooks
from imports.claims import ClaimState, begin, claims_of, give_back, lay_out
from imports.inbox import waiting
from models import Store
from models.assignment_tables import Batch

SAMPLES = Path(samples.__file__ or "").parent / "assignments"
ANNEXES = ("bo-y-te.xlsx", "bo-xay-dung.xlsx", "bo-ngoai-giao.xlsx")
DAY = date(2025, 9, 16)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@pytest.fixture
def inbox(deployment: Path) -> Path:
    """Lay three annexes into the inbox."""
    for annex in ANNEXES:
        shutil.copy(SAMPLES / annex, deployment / "inbox" / "_")
    return deployment / "inbox"


@pytest.fixture
def pool(prefect_server: None) -> Iterator[None]:  # noqa: ARG001
    """Give the server a work pool without a worker, and the deployment that sweeps invite."""
    (invited,) = [each for each in deployments() if each.name == "record-workbooks"]
    asyncio.run(_with_pool(invited))
    yield
    asyncio.run(_without_pool())


async def _with_pool(invited: RunnerDeployment) -> None:
    async with get_client() as client:
        await client.create_work_pool(WorkPoolCreate(name="dondoc", type="process"))
    await invited.apply(work_pool_name="dondoc")  # type: ignore[misc]


async def _without_pool() -> None:
    async with get_client() as client:
        await client.delete_work_pool("dondoc")
        found = await client.read_deployment_by_name("record_workbooks/record-workbooks")
        await client.delete_deployment(found.id)


async def _invited_runs() -> list[FlowRun]:
    wanted = DeploymentFilter(name=DeploymentFilterName(any_=["record-workbooks"]))
    async with get_client() as client:
        return list(await client.read_flow_runs(deployment_filter=wanted))


async def _delete(run_: UUID) -> None:
    async with get_client() as client:
        await client.delete_flow_run(run_)


def recorded(store: Store) -> list[str]:
    with store.reading() as session:
        return sorted(row.file for row in session.exec(select(Batch)))


def run(flow: Any, **parameters: Any) -> Any:
    return asyncio.run(flow(**parameters, return_state=True))


@on_sqlite
def test_a_sweep_that_nobody_comes_to_help_finishes_alone_and_calls_off_the_others(
    inbox: Path,
    pool: None,  # noqa: ARG001
    store: Store,
) -> None:
    state = run(import_workbooks, as_of=DAY, settle_seconds=0, claim_of=1)
    assert state.is_completed(), state.message
    assert recorded(store) == sorted(ANNEXES)
    assert claims_of(inbox) == []
    runs = asyncio.run(_invited_runs())
    assert [(each.state_name, each.parameters["as_of"]) for each in runs] == [("Cancelled", DAY.isoformat())] * 2


@on_sqlite
def test_a_run_that_was_invited_records_the_claims_of_its_sweep_and_of_no_other(inbox: Path, store: Store) -> None:
    found = waiting(inbox, settled_by=LATER)
    lay_out(found[:2], inbox=inbox, sweep="this", size=1)
    lay_out(found[2:], inbox=inbox, sweep="this-other", size=1)
    assert run(record_workbooks, claim="this-0000", as_of=DAY).is_completed()
    assert len(recorded(store)) == 2
    assert run(record_workbooks, claim="this-0001", as_of=DAY).name == "TakenByOthers"
    state = run(import_workbooks, as_of=DAY, settle_seconds=0)
    assert (state.is_completed(), len(recorded(store))) == (True, 2), "another sweep's claim is left to it"


@on_sqlite
def test_the_runs_invited_for_claims_another_run_went_on_to_are_called_off(
    inbox: Path,
    pool: None,  # noqa: ARG001
    store: Store,
) -> None:
    lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="shared", size=1)
    (inbox / "_" / "no-workbook.xlsx").write_bytes(b"hello")
    lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="odd", size=1)
    invited = asyncio.run(invite([f"shared-000{n}" for n in range(1, 3)], DAY))
    went_on, odd = (run(record_workbooks, claim=f"{sweep}-0000", as_of=DAY) for sweep in ("shared", "odd"))
    assert went_on.is_completed(), went_on.message
    assert recorded(store) == sorted(ANNEXES)
    assert [each.state_name for each in asyncio.run(_invited_runs())] == ["Cancelled"] * 2
    runs = [each.state_details.flow_run_id for each in (went_on, odd)]
    assert asyncio.run(told_by([*invited, *runs])) == (4, 1), "files, rejected, by the tables left"


@on_sqlite
def test_a_run_whose_own_claim_is_gone_records_another_of_the_sweep(inbox: Path, store: Store) -> None:
    lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="gone", size=1)
    held = [begin(inbox, f"gone-000{number}") for number in (0, 1)]
    assert all(held)
    assert run(record_workbooks, claim="gone-0000", as_of=DAY).is_completed()
    assert (len(recorded(store)), [each.name for each in claims_of(inbox)]) == (1, ["gone-0000", "gone-0001"])


def test_a_run_that_cannot_be_called_off_keeps_nobody_from_the_claim(prefect_server: None) -> None:  # noqa: ARG001
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:1/api"}):
        asyncio.run(call_off("gone-0000"))


def test_a_run_that_somebody_deleted_is_not_waited_for(pool: None) -> None:  # noqa: ARG001
    (invited,) = asyncio.run(invite(["deleted-0001"], DAY))
    asyncio.run(_delete(invited))
    assert asyncio.run(told_by([invited])) == (0, 0)


@on_sqlite
def test_a_run_that_was_invited_gives_its_place_to_others_after_a_while(
    inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.record_workbooks._GOES_ON_FOR", 0)
    lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="long", size=1)
    assert run(record_workbooks, claim="long-0000", as_of=DAY).is_completed()
    assert (len(recorded(store)), [each.name for each in claims_of(inbox)]) == (1, ["long-0001", "long-0002"])


@on_sqlite
def test_a_claim_whose_holder_was_killed_is_swept_again(inbox: Path, store: Store) -> None:
    (claim,) = lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="killed", size=9)
    held = claim.becomes(ClaimState.BEGUN)
    assert held is not None
    assert give_back(inbox, untouched_since=datetime.now(UTC) - timedelta(seconds=60)) == 0
    os.utime(held.folder, (0, 0))
    run(import_workbooks, as_of=DAY, settle_seconds=0)
    assert recorded(store) == sorted(ANNEXES)


@on_sqlite
def test_a_database_out_of_reach_leaves_the_files_to_the_next_sweep(
    inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run fails and says so; what the log tells of it names no file and no address."""
    monkeypatch.setattr(taking, "record_workbook", taking.record_workbook.with_options(retries=0))
    lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="cut", size=9)
    reached = str(store.url)
    monkeypatch.setenv("DONDOC_DATABASE_URL", "postgresql+psycopg://127.0.0.1:1/none?connect_timeout=1")
    state = run(record_workbooks, claim="cut-0000", as_of=DAY)
    assert (state.is_failed(), "3 files could not be recorded" in state.message) == (True, True)
    assert [each.state for each in claims_of(inbox)] == [ClaimState.LEFT]
    monkeypatch.setenv("DONDOC_DATABASE_URL", reached)
    run(import_workbooks, as_of=DAY, settle_seconds=0)
    assert recorded(store) == sorted(ANNEXES)


@on_sqlite
def test_the_log_tells_runs_batches_and_notices_and_nothing_of_anybody(
    inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    set_up_logs("json", log)
    monkeypatch.setattr("flows.edge.set_up_logs", lambda _form: None)
    monkeypatch.setattr("flows.deliver_notices.today", lambda: DAY)
    (inbox / "_" / "nguyen-van-a.xlsx").write_bytes(b"hello")
    run(import_workbooks, as_of=DAY, settle_seconds=0)
    run(escalate_lateness, as_of=DAY)
    run(deliver_notices)
    logging.getLogger(LOGGER).handlers.clear()
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert all(line["run"] and line["flow"] for line in lines)
    with store.reading() as session:
        batches = {row.id for row in session.exec(select(Batch))}
    assert {line["batch"] for line in lines if line["event"] == "workbook" and line["batch"]} == batches
    assert [line["outcome"] for line in lines if line["event"] == "notice"].count("accepted") == len(
        list((inbox.parent / "mail" / "new").iterdir())
    )
    known = {"at", "level", "event", "run", "flow", "claim", "batch", "outcome", "rows"}
    known |= {"notice", "channel", "code", "day", "new", "suppressed"}
    assert {name for line in lines for name in line} <= known
    for private in ("@", "nguyen", "Nguyễn", "Bộ ", "xlsx", str(inbox.parent)):
        assert private not in log.getvalue()


@on_sqlite
def test_a_workbook_that_cannot_be_recorded_keeps_the_round_from_nothing_but_a_good_end(
    inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder it belongs in cannot be made; the file is set aside, ops hear of it, everybody else is told."""
    monkeypatch.setattr(taking, "record_workbook", taking.record_workbook.with_options(retries=0))
    (inbox / "done").mkdir()
    (inbox / "done" / "BYT").write_text("in the way of the folder")
    (inbox / "BYT").mkdir()
    shutil.move(inbox / "_" / "bo-y-te.xlsx", inbox / "BYT")
    state = run(daily_round, as_of=DAY, settle_seconds=0)
    assert (state.is_failed(), "1 files could not be recorded" in state.message) == (True, True)
    assert len(recorded(store)) == 3, "it was recorded, and could not be put away"
    assert [path.suffix for path in sorted((inbox / "rejected" / "BYT").iterdir())] == [".xlsx", ".json"]
    assert run(import_workbooks, as_of=DAY, settle_seconds=0).is_completed(), "it is told once"
    assert list((inbox.parent / "mail" / "new").iterdir()) != []


@on_sqlite
def test_files_no_system_names_so_keep_none_behind_them_waiting(inbox: Path, store: Store) -> None:
    """Three names too long, three not of this system, three with half a letter; the annexes lie behind them."""
    names = [os.fsencode("ậ" * 78 + f"{n}.xlsx") for n in range(3)] + [b"s\xe1ch-%d.xlsx" % n for n in range(3)]
    for name in (*names, *(b"%d.json" % n for n in range(3))):
        path = inbox / "_" / os.fsdecode(name)
        path.write_bytes(b'{"format": "\\ud800", "version": 1}' if name.endswith(b"json") else b"hello")
        os.utime(path, (1, 1))
    state = run(import_workbooks, as_of=DAY, settle_seconds=0)
    assert state.is_completed(), state.message
    assert recorded(store) == sorted(ANNEXES)
    assert len(list((inbox / "rejected" / "_").glob("*.json.json"))) == 3
    assert (waiting(inbox, settled_by=LATER), claims_of(inbox)) == ([], [])


@on_sqlite
def test_files_that_cannot_even_be_set_aside_keep_none_behind_them_waiting(
    inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "record_workbook", taking.record_workbook.with_options(retries=0))
    (inbox / "BYT").mkdir()
    (inbox / "rejected").mkdir()
    (inbox / "rejected" / "BYT").write_text("in the way of the folder")
    for number in range(3):
        (inbox / "BYT" / f"{number}.xlsx").write_bytes(b"hello")
        os.utime(inbox / "BYT" / f"{number}.xlsx", (1, 1))
    state = run(import_workbooks, as_of=DAY, settle_seconds=0)
    assert (state.is_failed(), "3 files could not be recorded" in state.message) == (True, True)
    assert recorded(store) == sorted(ANNEXES)


@on_sqlite
def test_a_claim_that_cannot_be_given_back_is_said_and_the_sweep_goes_on(inbox: Path, store: Store) -> None:
    (inbox / "BYT").mkdir()
    shutil.move(inbox / "_" / "bo-y-te.xlsx", inbox / "BYT")
    (claim,) = lay_out(waiting(inbox, settled_by=LATER), inbox=inbox, sweep="left", size=9)
    assert claim.becomes(ClaimState.LEFT) is not None
    (inbox / "BYT").rmdir()
    (inbox / "BYT").write_text("in the way of the folder")
    state = run(import_workbooks, as_of=DAY, settle_seconds=0)
    assert (state.is_failed(), "taking/left-0000" in state.message) == (True, True)
    assert len(recorded(store)) == 2
