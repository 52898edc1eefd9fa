"""Look after the other runs: tell ops of those that are late, run for too long, or died without a word."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Completed
from pydantic import Field

from config.clock import now
from flows.edge import run_name, settings, show_table
from flows.telling_ops import page_of, tell_ops
from notifications.ops import tell
from texts import both

Late = Annotated[
    int, Field(ge=1, le=1440, description="Muộn bao nhiêu phút / Minutes late; 1–1440; quá thì báo / then told")
]
TooLong = Annotated[int, Field(ge=10, le=10080, description="Chạy quá bao nhiêu phút / Minutes running; 10–10080")]
LooksEvery = Annotated[
    int,
    Field(
        ge=1,
        le=1440,
        description="Phút giữa hai lần xem, như lịch / Minutes between two looks, as scheduled",
    ),
]
_MOST_TOLD = 200
_WORDS = {"late": "flow.ops_late", "too_long": "flow.ops_too_long", "crashed": "flow.ops_crashed"}


@flow(name="watch_runs", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def watch_runs(late_minutes: Late = 15, running_minutes: TooLong = 240, looks_every: LooksEvery = 30) -> Any:
    """Canh các lần chạy / Tell DONDOC_OPS_CHANNEL of each run once: late, too long, or crashed without a word."""
    window = timedelta(minutes=looks_every)
    found = {
        "late": await _started_late(timedelta(minutes=late_minutes), window),
        "too_long": await _running(timedelta(minutes=running_minutes), window),
        "crashed": await _crashed(window),
    }
    lines = [_line(what, run) for what, runs in found.items() for run in runs]
    told = None
    if lines:
        rows = [{"what": what, "run": run.name, "page": page_of(run)} for what, runs in found.items() for run in runs]
        await show_table("runs-to-look-at", rows, both("flow.table_runs"))
        subject = both("flow.ops_runs", count=len(lines))
        told = tell(settings().ops_channel.get_secret_value(), subject, "\n".join(lines), now=now())
    counts = {what: len(runs) for what, runs in found.items()}
    name = "NotTold" if told is False else "Completed"
    return Completed(name=name, message=both("flow.watched", **counts), data={**counts, "told": told})


async def _started_late(late: timedelta, window: timedelta) -> Sequence[FlowRun]:
    """Find the runs whose time came and that nobody has begun, since the last look."""
    before = now() - late
    return await _found(
        [StateType.SCHEDULED, StateType.PENDING],
        expected_start_time=FlowRunFilterExpectedStartTime.model_validate(_between(before - window, before)),
    )


async def _running(long: timedelta, window: timedelta) -> Sequence[FlowRun]:
    before = now() - long
    return await _found(
        [StateType.RUNNING], start_time=FlowRunFilterStartTime.model_validate(_between(before - window, before))
    )


async def _crashed(window: timedelta) -> Sequence[FlowRun]:
    """Find the runs that crashed since the last look: a machine that died could not say so itself."""
    since = now() - window
    crashed = await _found([StateType.CRASHED])
    return [run for run in crashed if run.state and run.state.timestamp >= since]


async def _found(types: list[StateType], **narrowed: Any) -> Sequence[FlowRun]:
    wanted = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=types)), **narrowed)
    async with get_client() as client:
        runs: Sequence[FlowRun] = await client.read_flow_runs(flow_run_filter=wanted, limit=_MOST_TOLD)
    return runs


def _between(first: datetime, last: datetime) -> dict[str, datetime]:
    return {"after_": first, "before_": last}


def _line(what: str, run: FlowRun) -> str:
    return both(_WORDS[what], run=run.name, link=page_of(run))
